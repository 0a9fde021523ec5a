//! What is installed beside the program? Completions for a shell, and a man page, made of the options.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::options::Options;
use super::screen::BOLD;

/// What each is for, and the command.
const EXAMPLES: [(&str, &str); 12] = [
    (
        "What is printed twice in a folder:",
        "dedup examples/articles",
    ),
    (
        "The rows that stay, those that go and why, as files:",
        "dedup --output result news.jsonl.gz archive/",
    ),
    (
        "Between two programs, the rows that stay:",
        "dedup --filter < rows.jsonl > kept.jsonl",
    ),
    (
        "Texts in two fields, one of which holds HTML:",
        "dedup --text-field title,body --html-field body rows.csv",
    ),
    (
        "Rows with other fields, from another program:",
        "zcat rows.jsonl.gz | dedup --text-field body --id-field url -",
    ),
    (
        "Of copies, the one from this site, else the one that lost least:",
        "dedup --keep 'source=people.com.cn;intact' rows.jsonl",
    ),
    (
        "All rows, each with the number of its copies and sources:",
        "dedup --annotate --output weights rows.jsonl",
    ),
    (
        "Only texts that two sources or more have:",
        "dedup --min-sources 2 --output attested rows.jsonl",
    ),
    (
        "Of each text, one copy for each source:",
        "dedup --keep 'intact;one-per:source' --output sites rows.jsonl",
    ),
    (
        "Why a document is where it is:",
        "dedup --explain archive/a.txt archive/",
    ),
    (
        "Which clusters changed from one result to the next:",
        "dedup compare before now",
    ),
    (
        "What is between two:",
        "dedup --explain archive/a.txt --explain archive/b.txt archive/",
    ),
];

const STATUSES: [(&str, &str); 4] = [
    ("0", "all was read"),
    ("1", "nothing could be done"),
    ("2", "wrong usage"),
    (
        "3",
        "some input was rejected, the results are complete for the rest",
    ),
];

/// Of the result folder.
const FILES: [(&str, &str); 9] = [
    (
        "clusters.jsonl",
        "a cluster a row: the canonical copy, why it stays, and the other copies with what they are to it",
    ),
    (
        "relations.jsonl",
        "a pair of documents a row of which one contains the other, or that share a passage",
    ),
    (
        "kept.jsonl",
        "the input rows that stay, as they were; a file becomes a row with its id and text; with --annotate, all rows with one field more",
    ),
    (
        "removed.jsonl",
        "the others, each with its canonical copy; those that are whole files have their path as file",
    ),
    (
        "refused.jsonl",
        "copies of each other that are in different clusters, if there are any",
    ),
    (
        "parts.jsonl",
        "with --split, each part with its document, place and heading",
    ),
    (
        "rejected.jsonl",
        "what could not be read, with its place, a kind and the reason, if there is any",
    ),
    (
        "report.html",
        "with --report, a page for people, to be opened in a browser; what is large stands in the folder report beside it",
    ),
    ("summary.json", "counts, settings, seconds by stage"),
];

const COLOURS: [(&str, &str); 2] = [
    ("NO_COLOR", "no colour, unless --color asks for it"),
    (
        "CLICOLOR_FORCE",
        "colour into pipes and files as well, if it is not 0",
    ),
];

/// What stands below the options in `--help`.
pub fn below_help() -> String {
    let examples = EXAMPLES.map(|(what, command)| format!("  {what}\n    {command}\n"));
    let statuses = STATUSES.map(|(status, means)| format!("  {status}  {means}\n"));
    format!(
        "{BOLD}Examples:{BOLD:#}\n{}\n{BOLD}Exit status:{BOLD:#}\n{}",
        examples.concat(),
        statuses.concat().trim_end()
    )
}

/// The script that completes `dedup` in this shell.
pub fn completions(shell: Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Options::command(), "dedup", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The page for `man`.
pub fn page() -> String {
    let mut out = Vec::new();
    // Writing to memory can't fail.
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

/// The groups of options as subsections of the first.
fn with_subsections(options: &[u8]) -> String {
    let options = String::from_utf8_lossy(options);
    let subsections = options.replace("\n.SH ", "\n.SS ");
    subsections.replacen("\n.SS OPTIONS", "\n.SH OPTIONS", 1)
}

/// Words, each with what it means.
fn listed(roff: &mut Roff, words: &[(&str, &str)]) {
    for &(word, means) in words {
        roff.control("TP", []);
        roff.text([bold(word)]);
        roff.text([roman(means)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::folder;

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
