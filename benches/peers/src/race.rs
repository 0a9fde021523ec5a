//! In which order do the engines run?
//!
//! In rounds: each engine runs once, then all run again. So other load on the machine affects all engines alike.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::engine::Engine;
use crate::judge::Judge;
use crate::measure::{Cost, answer_file, measure};
use crate::prepare::Ready;
use crate::table::Row;

/// An engine and its runs.
#[derive(Debug)]
pub struct Runner {
    pub engine: Engine,
    /// The prepared engine, or why it cannot run.
    pub ready: Result<Ready>,
    costs: Vec<Cost>,
    steady: bool,
}

impl Runner {
    /// An engine before its first run.
    pub fn new(engine: Engine, ready: Result<Ready>) -> Self {
        Self {
            engine,
            ready,
            costs: Vec::new(),
            steady: true,
        }
    }

    /// Runs the engine once. After a failure it does not run again.
    fn run(&mut self, number: u32, scratch: &Path) -> Result<()> {
        let Ok(ready) = &self.ready else {
            return Ok(());
        };
        let name = self.engine.name;
        let answer = answer_file(scratch, name, number);
        match measure(ready, scratch, &answer) {
            Ok(cost) => {
                eprintln!("run {number}: {name}: {:.2} CPU s", cost.cpu_seconds);
                self.costs.push(cost);
                self.steady &= fs::read(answer)? == fs::read(answer_file(scratch, name, 1))?;
            }
            Err(failure) => {
                eprintln!("run {number}: {name}: {failure:#}");
                self.ready = Err(failure.context("does not run"));
            }
        }
        Ok(())
    }

    /// The row of the engine in the table.
    pub fn row(&self, judge: &Judge, scratch: &Path) -> Result<Row> {
        let mut row = Row {
            name: self.engine.name,
            costs: self.costs.clone(),
            score: None,
            note: String::new(),
        };
        match &self.ready {
            Err(reason) => row.note = format!("{reason:#}"),
            Ok(ready) => {
                let answer = answer_file(scratch, row.name, 1);
                row.score = Some(judge.score(&judge.read(&answer, ready.answer)?));
            }
        }
        if !self.steady {
            row.note += "its answer differs between runs; judged by the first";
        }
        Ok(row)
    }
}

/// Runs all engines `rounds` times.
pub fn run(runners: &mut [Runner], rounds: u32, scratch: &Path) -> Result<()> {
    for round in 1..=rounds {
        for runner in runners.iter_mut() {
            runner.run(round, scratch)?;
        }
    }
    Ok(())
}
