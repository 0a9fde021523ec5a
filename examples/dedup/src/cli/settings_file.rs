//! Which options does a settings file give? One option per line. Options on the command line have priority.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::run::failure::Failure;

/// The option that names a settings file.
const OPTION: &str = "--settings";

/// A settings file that cannot be used.
#[derive(Debug)]
pub struct Fault {
    pub file: PathBuf,
    pub kind: FaultKind,
}

#[derive(Debug)]
pub enum FaultKind {
    Unreadable(io::Error),
    /// The number of a line, from 1, that is not an option.
    NoOption(usize),
}

impl From<Fault> for Failure {
    fn from(Fault { file, kind }: Fault) -> Self {
        let why = match kind {
            FaultKind::Unreadable(error) => format!("{error}; name a file of options"),
            FaultKind::NoOption(line) => {
                format!("line {line} names no option; write one such as `threshold 0.7`")
            }
        };
        Self::Settings { file, why }
    }
}

/// The arguments. If they name a settings file, its options are put before all others.
pub fn expanded(arguments: Vec<OsString>) -> Result<Vec<OsString>, Fault> {
    let Some(file) = named(&arguments) else {
        return Ok(arguments);
    };
    let fault = |kind| Fault {
        file: file.clone(),
        kind,
    };
    let text = fs::read_to_string(&file).map_err(|error| fault(FaultKind::Unreadable(error)))?;
    let more = options(&text).map_err(|line| fault(FaultKind::NoOption(line)))?;
    let mut arguments = arguments.into_iter();
    let program = arguments.next();
    let more = more.into_iter().map(OsString::from);
    Ok(program.into_iter().chain(more).chain(arguments).collect())
}

fn named(arguments: &[OsString]) -> Option<PathBuf> {
    let mut arguments = arguments.iter().take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == OPTION {
            return arguments.next().map(PathBuf::from);
        }
        let text = argument.to_string_lossy();
        if let Some(file) = text
            .strip_prefix(OPTION)
            .and_then(|rest| rest.strip_prefix('='))
        {
            return Some(file.into());
        }
    }
    None
}

/// The arguments of a file's lines, or the number of the first line that is not an option.
fn options(text: &str) -> Result<Vec<String>, usize> {
    let mut options = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let bare = line.trim_start_matches("--");
        let end = bare.find(|c: char| c.is_whitespace() || c == '=');
        let (name, value) = bare.split_at(end.unwrap_or(bare.len()));
        let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(number);
        }
        let value = value.trim_start_matches(['=', ' ', '\t']).trim();
        options.push(match value.is_empty() {
            true => format!("--{name}"),
            false => format!("--{name}={value}"),
        });
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_options_with_or_without_dashes_and_comments_are_none() {
        let text = "# bounds\nthreshold = 0.7\n--text-field title,body\n\nno-relations\nkeep source=a,b;intact\n";
        let expected = [
            "--threshold=0.7",
            "--text-field=title,body",
            "--no-relations",
            "--keep=source=a,b;intact",
        ];
        assert_eq!(options(text).unwrap(), expected);
        assert_eq!(options("threshold 1\n[section]"), Err(2));
    }

    #[test]
    fn the_file_comes_before_what_is_typed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "quiet\n").unwrap();
        let path = file.path().to_str().unwrap();
        let arguments = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let typed = arguments(&["dedup", "--settings", path, "in"]);
        let expected = arguments(&["dedup", "--quiet", "--settings", path, "in"]);
        assert_eq!(expanded(typed).unwrap(), expected);
        let none = arguments(&["dedup", "--", "--settings", "x"]);
        assert_eq!(expanded(none.clone()).unwrap(), none);
        assert!(expanded(arguments(&["dedup", "--settings=/no/such/file"])).is_err());
    }
}
