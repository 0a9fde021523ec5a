//! How is the program documented? By completions for a shell, a man page, and the option part of `MANUAL.md`. All are made
//! from the table of options.

use std::io;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::options::Options;
use super::screen::BOLD;

/// The default name of the program.
pub const PROGRAM: &str = "dedup";

/// Examples: a purpose, and the command for it.
const EXAMPLES: [(&str, &str); 12] = [
    ("Find duplicates in a folder:", "dedup examples/articles"),
    (
        "Write the kept rows, the removed ones, and the reasons, as files:",
        "dedup --output result news.jsonl.gz archive/",
    ),
    (
        "Filter rows between two programs:",
        "dedup --filter < rows.jsonl > kept.jsonl",
    ),
    (
        "Read texts from two fields, one of them HTML:",
        "dedup --text-field title,body --html-field body rows.csv",
    ),
    (
        "Read rows with other field names from another program:",
        "zcat rows.jsonl.gz | dedup --text-field body --id-field url -",
    ),
    (
        "Keep the copy from this site, or else the least damaged one:",
        "dedup --keep 'source=people.com.cn;intact' rows.jsonl",
    ),
    (
        "Add the number of copies and sources to each row:",
        "dedup --annotate --output weights rows.jsonl",
    ),
    (
        "Keep only texts that two or more sources have:",
        "dedup --min-sources 2 --output attested rows.jsonl",
    ),
    (
        "Keep one copy of each text for each source:",
        "dedup --keep 'intact;one-per:source' --output sites rows.jsonl",
    ),
    (
        "Explain why a document is kept or removed:",
        "dedup --explain archive/a.txt archive/",
    ),
    (
        "Show which clusters changed from one result to the next:",
        "dedup compare before now",
    ),
    (
        "Compare two documents:",
        "dedup --explain archive/a.txt --explain archive/b.txt archive/",
    ),
];

const STATUSES: [(&str, &str); 4] = [
    ("0", "all input was read"),
    ("1", "nothing could be done"),
    ("2", "wrong usage"),
    (
        "3",
        "some input was rejected; the result is complete for the rest",
    ),
];

/// The files of the result folder.
const FILES: [(&str, &str); 10] = [
    (
        "clusters.jsonl",
        "one cluster a row: the canonical copy, why it is kept, and the other copies with their relation to it",
    ),
    (
        "relations.jsonl",
        "one pair of documents a row: one contains the other",
    ),
    (
        "passages.jsonl",
        "one passage a row that several kept documents have, with all its places",
    ),
    (
        "kept.jsonl",
        "the kept input rows, unchanged; a file becomes a row with its id and text; with --annotate, all rows with one more field",
    ),
    (
        "removed.jsonl",
        "the removed rows, each with its canonical copy; a document that is a whole file has its path as file",
    ),
    (
        "refused.jsonl",
        "pairs of similar documents that are kept apart, if there are any",
    ),
    (
        "parts.jsonl",
        "with --split, each part with its document, place and heading",
    ),
    (
        "rejected.jsonl",
        "input that could not be read, with its place, a kind and the reason, if there is any",
    ),
    (
        "report.html",
        "with --report, a page for people, to be opened in a browser; the data of a large report is in the folder report",
    ),
    ("summary.json", "counts, settings, and seconds by stage"),
];

const COLOURS: [(&str, &str); 2] = [
    ("NO_COLOR", "no colour, unless --color asks for it"),
    (
        "CLICOLOR_FORCE",
        "colour in pipes and files as well, if the value is not 0",
    ),
];

/// The text after the options in `--help`.
pub fn below_help() -> String {
    let examples = EXAMPLES.map(|(what, command)| format!("  {what}\n    {command}\n"));
    let statuses = STATUSES.map(|(status, means)| format!("  {status}  {means}\n"));
    format!(
        "{BOLD}Examples:{BOLD:#}\n{}\n{BOLD}Exit status:{BOLD:#}\n{}",
        examples.concat(),
        statuses.concat().trim_end()
    )
}

/// The command with the name by which it was started, in its usage and its examples.
pub fn called(command: Command, program: &str) -> Command {
    let below = command.get_after_long_help().map(|below| {
        let below = below.ansi().to_string();
        below.replace(&format!("{PROGRAM} "), &format!("{program} "))
    });
    command
        .display_name(program)
        .override_usage(format!("{program} [OPTIONS] <INPUT>..."))
        .after_long_help(below.unwrap_or_default())
}

/// The completion script for this shell.
pub fn completions(shell: Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Options::command(), PROGRAM, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The man page.
pub fn page() -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_page(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn write_page(out: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(Options::command()).manual("User commands");
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    let mut options = Vec::new();
    man.render_options_section(&mut options)?;
    out.extend(with_subsections(&options).bytes());
    let mut roff = Roff::new();
    roff.control("SH", ["FILES"]);
    roff.text([roman("With --output, the result folder holds:")]);
    listed(&mut roff, &FILES);
    roff.control("SH", ["EXIT STATUS"]);
    listed(&mut roff, &STATUSES);
    roff.control("SH", ["ENVIRONMENT"]);
    listed(&mut roff, &COLOURS);
    roff.control("SH", ["EXAMPLES"]);
    for (what, command) in EXAMPLES {
        roff.control("PP", []);
        roff.text([roman(what)]);
        roff.control("PP", []);
        roff.control("RS", ["4"]);
        roff.text([bold(command)]);
        roff.control("RE", []);
    }
    roff.to_writer(out)?;
    man.render_version_section(out)?;
    Ok(())
}

/// Turns the groups of options into subsections of the section of options.
fn with_subsections(options: &[u8]) -> String {
    let options = String::from_utf8_lossy(options);
    let subsections = options.replace("\n.SH ", "\n.SS ");
    subsections.replacen("\n.SS OPTIONS", "\n.SH OPTIONS", 1)
}

/// A list of words, each with its meaning.
fn listed(roff: &mut Roff, words: &[(&str, &str)]) {
    for &(word, means) in words {
        roff.control("TP", []);
        roff.text([bold(word)]);
        roff.text([roman(means)]);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::fs;
    use std::path::Path;

    use clap::{Arg, Command};

    use super::*;
    use crate::result::folder;

    /// The lines of `MANUAL.md` between which the text is made from the table of options.
    const START: &str =
        "<!-- options: made from the table of options, see tests of src/cli/manual.rs -->\n";
    const END: &str = "<!-- end of options -->\n";

    /// All options of a command, by their groups.
    fn options(command: &Command) -> String {
        let mut out = String::new();
        let mut group = "";
        for argument in command.get_arguments() {
            let heading = argument.get_help_heading().unwrap_or("Arguments");
            if heading != group {
                let _ = write!(out, "\n### {heading}\n\n");
                group = heading;
            }
            option(argument, &mut out);
        }
        out + "\n"
    }

    fn option(argument: &Arg, out: &mut String) {
        let names = argument.get_value_names().unwrap_or_default();
        let values: Vec<String> = match argument.get_action().takes_values() {
            true => names.iter().map(|name| format!(" {name}")).collect(),
            false => Vec::new(),
        };
        let name = match argument.get_long() {
            Some(long) => format!("--{long}{}", values.concat()),
            None => names.concat(),
        };
        let short = argument.get_short();
        let short = short.map_or_else(String::new, |short| format!("`-{short}`, "));
        let help = argument.get_help().map(ToString::to_string);
        let _ = write!(out, "- {short}`{name}`: {}", help.unwrap_or_default());
        if let Some(long) = argument.get_long_help() {
            let long = long.to_string();
            let more = long.split_once("\n\n").map_or("", |(_, more)| more);
            if !more.is_empty() {
                let _ = write!(out, ". {}", more.replace('\n', " ").replace('<', "\\<"));
            }
        }
        let possible = argument.get_possible_values();
        if !possible.is_empty() && argument.get_action().takes_values() {
            let names: Vec<String> = possible
                .iter()
                .map(|value| format!("`{}`", value.get_name()))
                .collect();
            let _ = write!(out, " Values: {}.", names.join(", "));
        }
        let default = argument.get_default_values();
        if let (Some(default), false) = (default.first(), argument.is_hide_default_value_set()) {
            let _ = write!(out, " Default: `{}`.", default.to_string_lossy());
        }
        out.push('\n');
    }

    /// `UPDATE_MANUAL=1 cargo test -p dedup --lib manual` writes the options into the manual.
    #[test]
    fn help_has_the_name_by_which_the_program_was_started() {
        let help = called(Options::command(), "reprints").render_long_help();
        let help = help.to_string();
        assert!(help.contains("Usage: reprints [OPTIONS] <INPUT>..."));
        assert!(help.contains("    reprints --output result news.jsonl.gz archive/"));
        assert!(help.contains("| reprints --text-field body"));
    }

    #[test]
    fn the_manual_has_the_options_as_the_program_has_them() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("MANUAL.md");
        let manual = fs::read_to_string(&file).unwrap();
        let (before, rest) = manual.split_once(START).unwrap();
        let (options_there, after) = rest.split_once(END).unwrap();
        let made = options(&Options::command());
        if std::env::var_os("UPDATE_MANUAL").is_some() {
            fs::write(&file, [before, START, &made, END, after].concat()).unwrap();
            return;
        }
        assert_eq!(
            options_there, made,
            "run: UPDATE_MANUAL=1 cargo test -p dedup --lib manual"
        );
    }

    #[test]
    fn the_manual_names_every_result_file_exit_status_and_criterion() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("MANUAL.md");
        let manual = fs::read_to_string(file).unwrap();
        for file in folder::FILES {
            assert!(manual.contains(&format!("`{file}`")), "{file}");
        }
        for (status, _) in STATUSES {
            assert!(manual.contains(&format!("| {status} |")), "{status}");
        }
    }

    #[test]
    fn the_man_page_names_every_option_and_every_result_file() {
        let page = page().replace('\\', "");
        for option in Options::command().get_opts() {
            let long = option.get_long().unwrap();
            assert!(page.contains(&format!("--{long}")), "{long}");
        }
        for file in folder::FILES {
            assert!(page.contains(file), "{file}");
        }
    }
}
