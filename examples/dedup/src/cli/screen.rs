//! What are the properties of the terminal, and how does the program print to it?

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use clap::builder::Styles;

use super::layout::{Long, cut_middle, visible, width, wrap};
use crate::run::failure::Failure;

pub const PLAIN: Style = Style::new();
pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const KEPT: Style = AnsiColor::Green.on_default();
pub const REMOVED: Style = AnsiColor::Red.on_default();

/// The styles of `--help` and of the messages of the options' parser.
pub const HELP: Styles = Styles::styled()
    .header(BOLD)
    .usage(BOLD)
    .literal(AnsiColor::Green.on_default())
    .placeholder(DIM)
    .error(ERROR)
    .valid(AnsiColor::Green.on_default())
    .invalid(WARNING);

const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const WARNING: Style = AnsiColor::Yellow.on_default();

/// Number of columns if there is no terminal. Most terminals have this width, so that saved output reads well later.
const COLUMNS: usize = 80;

/// Minimum number of columns: a row of a table needs them.
const FEWEST: usize = 40;

/// The gap between the name of a file and its folder.
const FOLDER_GAP: &str = "  ";

/// Minimum number of columns in which a folder's name is shown.
const MIN_FOLDER: usize = 8;

/// When there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Also into pipes and files
    Always,
    /// Never
    Never,
}

impl Colour {
    /// The choice in the arguments before they are parsed, because messages of the parser have colours, too.
    pub fn asked(arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = Self::Auto;
        let mut arguments = arguments.take_while(|argument| argument != "--");
        while let Some(argument) = arguments.next() {
            let word = match argument.strip_prefix("--color") {
                Some("") => arguments.next(),
                Some(word) => word.strip_prefix('=').map(str::to_owned),
                None => None,
            };
            let colour = word.and_then(|word| Self::from_str(&word, false).ok());
            asked = colour.unwrap_or(asked);
        }
        asked
    }

    /// Sets the choice for everything that is printed from now on.
    pub fn set(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// The screen for which text is set.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    pub columns: usize,
    /// How ids are set that do not fit. They are cut and broken only on a terminal; files and other programs get whole ids.
    pub long: Long,
}

impl Screen {
    /// The screen of standard output.
    pub fn of_stdout() -> Self {
        let size = terminal_size::terminal_size_of(io::stdout());
        match size {
            Some((columns, _)) if io::stdout().is_terminal() && columns.0 > 0 => Self {
                columns: usize::from(columns.0).max(FEWEST),
                long: Long::Broken,
            },
            _ => Self {
                columns: COLUMNS,
                long: Long::Whole,
            },
        }
    }

    /// An id after `after` columns. On a terminal, the name of a file is printed before its folder; the folder is shown as
    /// far as it fits.
    pub fn id(&self, id: &str, after: usize) -> String {
        let id = visible(id);
        if self.long == Long::Whole {
            return id.into_owned();
        }
        let columns = self.columns.saturating_sub(after);
        let (folder, name) = id.rsplit_once('/').unwrap_or(("", &id));
        // The start of a web address matters most, so it is not split.
        if name.is_empty() || folder.is_empty() || id.contains("://") {
            return cut_middle(&id, columns).into_owned();
        }
        let name = cut_middle(name, columns);
        let left = columns.saturating_sub(width(&name) + FOLDER_GAP.len() + 1);
        match left {
            0..MIN_FOLDER => name.into_owned(),
            _ => format!("{name}{FOLDER_GAP}{}/", cut_middle(folder, left)),
        }
    }

    /// The lines of a text that is printed after `after` columns.
    pub fn wrapped(&self, text: &str, after: usize) -> Vec<String> {
        let columns = self.columns.saturating_sub(after);
        wrap(&visible(text), columns, self.long)
    }
}

/// A text in a style. Whether colours are printed is decided when the text is printed.
pub fn paint(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints to standard output, with colours if they are wanted. A reader that has closed the pipe is not a failure; a full
/// disk is.
pub fn print(text: &str) -> Result<(), Failure> {
    write(AutoStream::auto(io::stdout().lock()), text)
}

/// Prints data to standard output, unchanged.
pub fn print_data(data: &str) -> Result<(), Failure> {
    write(io::stdout().lock(), data)
}

fn write(mut out: impl Write, text: &str) -> Result<(), Failure> {
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// The outcome of writing to standard output. A reader that has closed it (`| head`) is not a failure.
pub fn unless_closed(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output {
            place: "standard output".into(),
            error,
        }),
        _ => Ok(()),
    }
}

/// The kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Error,
    Rejected,
    Note,
}

/// Prints a message to standard error, on one line.
pub fn warn(label: Label, message: impl fmt::Display) {
    let label = match label {
        Label::Error => paint(ERROR, "error:"),
        Label::Rejected => paint(WARNING, "rejected:"),
        Label::Note => paint(BOLD, "note:"),
    };
    let message = message.to_string();
    let mut out = AutoStream::auto(io::stderr().lock());
    // An error is ignored, because there is no other place to report it.
    let _ = writeln!(out, "{label} {}", visible(&message));
}

/// Prints notes to standard error, one per line.
pub fn note(notes: impl IntoIterator<Item = impl fmt::Display>) {
    for note in notes {
        warn(Label::Note, note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Colour {
        Colour::asked(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn colour_is_known_before_the_options_are_parsed() {
        assert_eq!(asked("dedup --color never in"), Colour::Never);
        assert_eq!(asked("dedup --color=always in"), Colour::Always);
        assert_eq!(asked("dedup --colour always in"), Colour::Auto);
        assert_eq!(asked("dedup in -- --color never"), Colour::Auto);
        assert_eq!(asked("dedup --color pink in"), Colour::Auto);
    }

    #[test]
    fn ids_are_cut_on_a_terminal_only() {
        let id = "archive/2021/10/09/a-long-name-of-an-article.txt";
        let (columns, after) = (40, 15);
        let page = Screen {
            columns,
            long: Long::Whole,
        };
        assert_eq!(page.id(id, after), id);
        let terminal = Screen {
            columns,
            long: Long::Broken,
        };
        assert_eq!(terminal.id(id, after), "a-long-n…f-an-article.txt");
        let wide = Screen {
            columns: 70,
            ..terminal
        };
        assert_eq!(
            wide.id(id, 0),
            "a-long-name-of-an-article.txt  archive/2021/10/09/"
        );
        assert_eq!(wide.id("https://a.example/b", 0), "https://a.example/b");
    }
}
