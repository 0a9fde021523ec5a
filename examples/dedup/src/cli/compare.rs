//! `dedup compare RESULT RESULT`: which clusters changed from one run to the next, and why?

use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, ValueHint};

use super::layout::count;
use super::options::Format;
use super::screen::{HELP, print, print_data};
use crate::result::compared::{Changed, Compared, Earlier};
use crate::run::failure::Failure;

/// Maximum number of items of each kind that are printed as text.
const SHOWN: usize = 20;

/// Maximum number of documents of an item that are printed as text.
const NAMED: usize = 5;

/// Compare two results: which clusters changed
#[derive(Debug, Parser)]
#[command(styles = HELP, max_term_width = 80)]
#[command(
    after_help = "Exit status: 0 no cluster changed; 4 some did; 1 a folder holds no result; 2 wrong usage."
)]
struct Compare {
    /// Result folder of the earlier run
    #[arg(value_name = "BEFORE", value_hint = ValueHint::DirPath)]
    before: PathBuf,

    /// Result folder of the later run
    #[arg(value_name = "NOW", value_hint = ValueHint::DirPath)]
    now: PathBuf,

    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The exit status if clusters changed.
const CHANGED: u8 = 4;

/// Runs the comparison. `program` is the name by which the program was started; `arguments` start with `compare`.
pub fn run(program: &str, arguments: &[OsString]) -> Result<u8, Failure> {
    let command = Compare::command().bin_name(format!("{program} compare"));
    let mut matches = command.get_matches_from(arguments);
    let compare = Compare::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit());
    let [before, now] = [&compare.before, &compare.now].map(|folder| Earlier::read(folder));
    let compared = Compared::new(&before?, &now?);
    match compare.format {
        Format::Text => print(&text(&compared))?,
        Format::Json => {
            let json = serde_json::to_string_pretty(&compared).unwrap_or_default();
            print_data(&(json + "\n"))?;
        }
    }
    Ok(match compared.is_equal() {
        true => 0,
        false => CHANGED,
    })
}

fn text(compared: &Compared) -> String {
    let mut out = String::new();
    let differing = compared.changed.len() + compared.others_stay.len() + compared.gone.len();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} changed, {} the same",
        count(differing, "cluster"),
        compared.same
    );
    for (name, before, now) in &compared.settings {
        let _ = writeln!(out, "setting {name}: {before} before, {now} now");
    }
    for changed in compared.changed.iter().take(SHOWN) {
        out += &one(changed);
    }
    more(&mut out, compared.changed.len());
    for (before, now) in compared.others_stay.iter().take(SHOWN) {
        let _ = writeln!(out, "\n{now} stays, before {before} of the same cluster");
    }
    more(&mut out, compared.others_stay.len());
    for (canonical, ids) in compared.gone.iter().take(SHOWN) {
        let _ = writeln!(
            out,
            "\n{canonical}: no cluster any more, before {}",
            named(ids)
        );
    }
    more(&mut out, compared.gone.len());
    out
}

fn one(changed: &Changed) -> String {
    let mut out = format!("\n{}\n", changed.canonical);
    for came in changed.came.iter().take(NAMED) {
        let similarity = came.similarity.map(|similarity| format!(" {similarity}"));
        let was = match &came.was_with {
            Some(canonical) => format!("before in the cluster of {canonical}"),
            None => "before without copies".to_owned(),
        };
        let similarity = similarity.unwrap_or_default();
        let _ = writeln!(
            out,
            "  + {} ({}{similarity}), {was}",
            came.id, came.relation
        );
    }
    if changed.came.len() > NAMED {
        let _ = writeln!(out, "  + {} more", changed.came.len() - NAMED);
    }
    if !changed.left.is_empty() {
        let _ = writeln!(out, "  - {}", named(&changed.left));
    }
    out
}

fn named(ids: &[String]) -> String {
    let first = ids[..ids.len().min(NAMED)].join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

fn more(out: &mut String, all: usize) {
    if all > SHOWN {
        let _ = writeln!(
            out,
            "\n... and {} more; --format json has all of them",
            all - SHOWN
        );
    }
}
