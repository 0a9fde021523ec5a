//! Which options does an index keep, and which may be given in each call?

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, CommandFactory, FromArgMatches, Parser};

use crate::cli::options::Options;
use crate::cli::settings_file;
use crate::run::failure::Failure;
use reprint::Index;

/// The options that decide what a document is and what counts as its copy. They are kept in the folder. The names are those
/// of the fields of [`Options`].
const KEPT: [&str; 19] = [
    "text_field",
    "html_field",
    "id_field",
    "date_field",
    "source_field",
    "other",
    "encoding",
    "whole_page",
    "threshold",
    "level",
    "recall",
    "containment",
    "passage",
    "no_relations",
    "apart",
    "no_drift",
    "keep",
    "date_order",
    "min_sources",
];

/// The options of a single call.
const OF_A_CALL: [&str; 7] = [
    "inputs", "include", "exclude", "threads", "memory", "quiet", "color",
];

/// The folder of an index, and the other arguments.
pub struct Given {
    pub folder: PathBuf,
    /// The options that are kept, as they are typed: `--threshold=0.7`.
    kept: Vec<String>,
    of_a_call: Vec<OsString>,
    inputs: Vec<OsString>,
}

impl Given {
    /// Parses the arguments that follow `add` or `query`. `name` is the command in their usage.
    pub fn parse(name: &str, arguments: &[OsString]) -> Result<Self, Failure> {
        let arguments = std::iter::once(name.into()).chain(arguments.iter().cloned());
        let arguments = settings_file::expanded(arguments.collect())?;
        let command = Options::command().display_name(name);
        let command = command.override_usage(usage(name));
        let matches = command.clone().get_matches_from(arguments);
        let mut given = Self::of_folder(Path::new(""));
        for option in command.get_arguments() {
            given.take(option, &matches)?;
        }
        let mut inputs = given.inputs.drain(..);
        let folder = inputs.next().unwrap_or_default();
        let inputs = inputs.collect();
        let given = Self {
            folder: folder.into(),
            inputs,
            ..given
        };
        match given.inputs.is_empty() {
            true => Err(Failure::Index {
                folder: given.folder,
                why:
                    "no input was given; name files or folders behind the folder of the index, or -"
                        .to_owned(),
            }),
            false => Ok(given),
        }
    }

    /// The options that an index keeps, from the arguments of a run.
    pub fn of_run(folder: &Path, arguments: &[OsString]) -> Self {
        let command = Options::command();
        let matches = command.clone().get_matches_from(arguments);
        let options = command.get_arguments();
        let options = options.filter(|option| KEPT.contains(&option.get_id().as_str()));
        let options = options.filter(|option| is_given(option, &matches));
        let kept = options.flat_map(|option| written(option, &matches));
        let kept = kept.map(|word| word.to_string_lossy().into_owned());
        Self {
            kept: kept.collect(),
            ..Self::of_folder(folder)
        }
    }

    /// The options of a run with these arguments. The options that an index keeps are taken from the folder.
    pub fn options_of_run(&self, arguments: Vec<OsString>) -> Result<Options, Failure> {
        let kept = self.agreed(None)?.into_iter().map(OsString::from);
        let mut arguments = arguments.into_iter();
        let program = arguments.next();
        let words = program.into_iter().chain(kept).chain(arguments);
        Ok(Options::parse_from(words))
    }

    /// Only the folder, without options.
    pub fn of_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            kept: Vec::new(),
            of_a_call: Vec::new(),
            inputs: vec![OsString::from("-")],
        }
    }

    fn take(&mut self, option: &Arg, matches: &ArgMatches) -> Result<(), Failure> {
        let id = option.get_id().as_str();
        if !is_given(option, matches) || id == "settings" {
            return Ok(());
        }
        if id == "inputs" {
            self.inputs = values(option, matches);
            return Ok(());
        }
        let written = written(option, matches);
        if KEPT.contains(&id) {
            let words = written
                .iter()
                .map(|word| word.to_string_lossy().into_owned());
            self.kept.extend(words);
        } else if OF_A_CALL.contains(&id) {
            self.of_a_call.extend(written);
        } else {
            return Err(Failure::NoOptionOfIndex(name(option)));
        }
        Ok(())
    }

    /// The options that the folder keeps, one per line.
    pub fn note(&self) -> String {
        self.kept.join("\n")
    }

    /// The options for reading and comparing documents. An existing index gives them; otherwise they are the given ones.
    pub fn options(&self, note: Option<&str>) -> Result<Options, Failure> {
        let kept = self.agreed(note)?;
        let words = std::iter::once(OsString::from("dedup"))
            .chain(kept.into_iter().map(OsString::from))
            .chain(self.of_a_call.iter().cloned())
            .chain(["--".into()])
            .chain(self.inputs.iter().cloned());
        let matches = Options::command().get_matches_from(words);
        Options::from_arg_matches(&matches).map_err(|error| Failure::Index {
            folder: self.folder.clone(),
            why: error.to_string(),
        })
    }

    /// The options of the existing index, or else the given ones. Fails if given options differ from those of the index.
    fn agreed(&self, note: Option<&str>) -> Result<Vec<String>, Failure> {
        let of_folder = match note {
            Some(note) => Some(note.to_owned()),
            None if Index::exists(&self.folder) => Some(Index::note(&self.folder)?),
            None => None,
        };
        let kept: Vec<String> = match &of_folder {
            Some(note) => note.lines().map(str::to_owned).collect(),
            None => self.kept.clone(),
        };
        if let Some(other) = self.kept.iter().find(|option| !kept.contains(option)) {
            return Err(Failure::OtherOption {
                folder: self.folder.clone(),
                given: other.clone(),
                made: kept.join(" "),
            });
        }
        Ok(kept)
    }
}

/// The usage of a command that takes documents and the options of a run.
pub fn usage(name: &str) -> String {
    format!("{name} [OPTIONS] <DIR> <INPUT>...")
}

/// Whether an option was given on the command line.
fn is_given(option: &Arg, matches: &ArgMatches) -> bool {
    let source = matches.value_source(option.get_id().as_str());
    source == Some(ValueSource::CommandLine)
}

fn values(option: &Arg, matches: &ArgMatches) -> Vec<OsString> {
    let values = matches.get_raw(option.get_id().as_str());
    values.into_iter().flatten().map(OsString::from).collect()
}

fn name(option: &Arg) -> String {
    let name = option.get_long().unwrap_or(option.get_id().as_str());
    format!("--{name}")
}

/// An option as it is typed, with its values.
fn written(option: &Arg, matches: &ArgMatches) -> Vec<OsString> {
    let (name, values) = (name(option), values(option, matches));
    match option.get_action() {
        ArgAction::SetTrue => vec![name.into()],
        _ if option.get_value_delimiter().is_some() => {
            vec![assigned(&name, &values.join(",".as_ref()))]
        }
        _ => values.iter().map(|value| assigned(&name, value)).collect(),
    }
}

fn assigned(name: &str, value: &OsString) -> OsString {
    let mut word = OsString::from(name);
    word.push("=");
    word.push(value);
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Given, Failure> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Given::parse("dedup index add", &words)
    }

    #[test]
    fn all_options_that_are_sorted_are_options() {
        let command = Options::command();
        for id in KEPT.iter().chain(&OF_A_CALL) {
            let known = command.get_arguments().any(|option| option.get_id() == id);
            assert!(known, "{id}");
        }
    }

    #[test]
    fn settings_are_kept_wherever_they_stand() {
        let given =
            parse("--threshold 0.7 --quiet no/such/dir --text-field title,body --no-drift in -");
        let given = given.ok().unwrap();
        assert_eq!(given.folder, Path::new("no/such/dir"));
        assert_eq!(
            given.note(),
            "--text-field=title,body\n--threshold=0.7\n--no-drift"
        );
        assert_eq!(given.inputs, ["in", "-"]);
        let options = given.options(Some("--threshold=0.7\n--text-field=title,body\n--no-drift"));
        let options = options.ok().unwrap();
        assert_eq!((options.threshold, options.quiet), (Some(0.7), true));
        assert_eq!(options.text_field, ["title", "body"]);
        assert!(given.options(Some("--threshold=0.8")).is_err());
    }

    #[test]
    fn what_means_nothing_to_an_index_is_refused() {
        assert!(parse("dir in --output out").is_err());
        assert!(parse("dir").is_err());
    }
}
