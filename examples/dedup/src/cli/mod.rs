//! What does the command line ask for, and what is printed?

mod allocator;
mod asked;
pub mod collection;
mod compare;
mod explain;
mod index;
mod layout;
mod manual;
mod nearest;
mod options;
mod overview;
mod program;
mod progress;
mod rejections;
mod screen;
pub mod served;
mod settings_file;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::run::failure::Failure;
use options::Options;
use screen::{Colour, Label, print_data, warn};

/// Runs the program with the arguments of the process, and returns its exit status.
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os().collect()))
}

/// Runs the program with other arguments, for a process that continues afterwards. The first argument is the name of the
/// program. Wrong usage and `--help` end the process.
pub fn run(arguments: Vec<OsString>) -> u8 {
    allocator::give_back();
    let words = arguments.iter();
    Colour::asked(words.map(|word| word.to_string_lossy().into_owned())).set();
    let program = program_name(&arguments);
    let done = match arguments.get(1) {
        Some(command) if command == "compare" => compare::run(&program, &arguments[1..]),
        Some(command) if command == "index" => index::run(&program, &arguments[1..]),
        _ => settings_file::expanded(arguments)
            .map_err(Failure::from)
            .and_then(documents),
    };
    done.unwrap_or_else(|failure| {
        warn(Label::Error, &failure);
        failure.exit_status()
    })
}

/// The name by which the program was started.
fn program_name(arguments: &[OsString]) -> String {
    let name = arguments.first().map(Path::new).and_then(Path::file_stem);
    let name = name.map_or(manual::PROGRAM.into(), |name| name.to_string_lossy());
    name.into_owned()
}

/// Parses the options. Their help has the name by which the program was started.
fn parsed(arguments: &[OsString]) -> Options {
    let command = manual::called(Options::command(), &program_name(arguments));
    let mut matches = command.get_matches_from(arguments);
    Options::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit())
}

/// Runs the program on documents.
fn documents(arguments: Vec<OsString>) -> Result<u8, Failure> {
    let options = parsed(&arguments);
    if let Some(done) = without_input(&options) {
        return done;
    }
    let Some(folder) = &options.index else {
        return program::run(&options, None);
    };
    let given = index::Given::of_run(folder, &arguments);
    program::run(&given.options_of_run(arguments)?, Some(&given))
}

/// Prints what needs no input: completions or the man page.
fn without_input(options: &Options) -> Option<Result<u8, Failure>> {
    let page = match options.completions {
        Some(shell) => manual::completions(shell),
        None if options.man => manual::page(),
        None => return None,
    };
    Some(print_data(&page).map(|()| 0))
}
