//! What does valgrind run? One stage, a number of times, with the system's allocator and without other counters.
//!
//! `steady-stage LANGUAGE STAGE TIMES`

use std::env;

use anyhow::{Context, Result};
use reprint_steady::work::{Language, Stage, Work};

fn main() -> Result<()> {
    let mut args = env::args().skip(1);
    let mut next = || args.next().context("LANGUAGE STAGE TIMES");
    let (language, stage, times) = (next()?, next()?, next()?.parse()?);
    let language = Language::ALL.into_iter().find(|it| it.name() == language);
    let stage = Stage::ALL.into_iter().find(|it| it.name() == stage);
    let work = Work::new(
        language.context("no such language")?,
        stage.context("no such stage")?,
    );
    for _ in 0..times {
        work.perform();
    }
    Ok(())
}
