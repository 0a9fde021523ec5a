//! What is the terminal like, and how does the program speak to it?

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

/// Those of `--help` and of what the options' parser says.
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

/// Columns where there is no terminal: what most of them have, so that a page that was kept reads well later.
const COLUMNS: usize = 80;

/// Fewer can't hold a row of a table.
const FEWEST: usize = 40;

/// Between the name of a file and its folder.
const FOLDER_GAP: &str = "  ";

/// Columns of a folder's name that are worth showing.
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
    /// What the arguments ask for, before they are parsed: messages of the parser have colours too.
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

    /// From here on, for all that is printed.
    pub fn set(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Where text for people goes.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    pub columns: usize,
    /// How ids are set that don't fit: cut and broken on a terminal only; a file or another program gets them whole.
    pub long: Long,
}

impl Screen {
    /// That of standard output.
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

    /// An id at this column. On a terminal, the name of a file stands before its folder, as far as there is room for the folder.
    pub fn id(&self, id: &str, after: usize) -> String {
        let id = visible(id);
        if self.long == Long::Whole {
            return id.into_owned();
        }
        let columns = self.columns.saturating_sub(after);
        let (folder, name) = id.rsplit_once('/').unwrap_or(("", &id));
        // An address of a page is read from its start.
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

    /// A text as lines that all start at this column.
    pub fn wrapped(&self, text: &str, after: usize) -> Vec<String> {
        let columns = self.columns.saturating_sub(after);
        wrap(&visible(text), columns, self.long)
    }
}

/// A text in a style; what is wanted of it is decided where it is printed.
pub fn paint(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// To standard output, with the colours that are wanted there; a reader that has gone away is no failure, a full disk is.
pub fn print(text: &str) -> Result<(), Failure> {
    write(AutoStream::auto(io::stdout().lock()), text)
}

/// To standard output as it is: data.
pub fn print_data(data: &str) -> Result<(), Failure> {
    write(io::stdout().lock(), data)
}

fn write(mut out: impl Write, text: &str) -> Result<(), Failure> {
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// The outcome of writing to standard output. A reader that has closed it (`| head`) is no failure.
pub fn unless_closed(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output {
            place: "standard output".into(),
            error,
        }),
        _ => Ok(()),
    }
}

/// What kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Error,
    Rejected,
    Note,
}

/// To standard error, a line.
pub fn warn(label: Label, message: impl fmt::Display) {
    let label = match label {
        Label::Error => paint(ERROR, "error:"),
        Label::Rejected => paint(WARNING, "rejected:"),
        Label::Note => paint(BOLD, "note:"),
    };
    let message = message.to_string();
    let mut out = AutoStream::auto(io::stderr().lock());
    // There is nobody left to report this to.
    let _ = writeln!(out, "{label} {}", visible(&message));
}

/// Notes to standard error, a line each.
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
