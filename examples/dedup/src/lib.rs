//! Finds which documents are the same one printed again, and keeps one canonical copy of each.
//!
//! `cargo run --release --example dedup -- examples/articles`

mod allocator;
mod annotate;
mod caught;
mod collection;
mod columns;
mod failure;
mod folded;
mod input;
mod lenient;
mod metadata;
mod options;
mod output;
mod page;
mod run;
mod source;
mod store;
mod summary;
mod terminal;
mod work;

use std::process::ExitCode;

use clap::Parser;

pub use collection::Collection;
use failure::Failure;
use options::Options;
use terminal::manual;
use terminal::screen::{Colour, Label, print_data, warn};

/// Runs the program with the arguments of the process; gives its exit status.
pub fn main() -> ExitCode {
    allocator::give_back();
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    Colour::asked(arguments).set();
    let options = Options::parse();
    let done = match beside(&options) {
        Some(done) => done,
        None => run::run(&options),
    };
    done.unwrap_or_else(|failure| {
        warn(Label::Error, &failure);
        failure.exit_code()
    })
}

/// What is printed without any input: completions, the man page.
fn beside(options: &Options) -> Option<Result<ExitCode, Failure>> {
    let page = match options.completions {
        Some(shell) => manual::completions(shell),
        None if options.man => manual::page(),
        None => return None,
    };
    Some(print_data(&page).map(|()| ExitCode::SUCCESS))
}
