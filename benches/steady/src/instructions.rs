//! How many instructions does a stage execute?
//!
//! Callgrind counts the instructions of a whole process with all its threads. So the stage is done once in one process and
//! twice in another. The difference is the cost of one more time, without the start of the program, the preparation of its
//! input and the loading of tables. Counting between two marks instead (`--toggle-collect`) would miss the work of the
//! worker threads.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use reprint_steady::work::{Language, Stage};

/// The name of the program that is counted.
const PROGRAM: &str = "steady-stage";

/// A counter that is ready for use.
#[derive(Debug)]
pub struct Counter {
    /// The path of `valgrind` or of a similar program.
    valgrind: PathBuf,
    program: PathBuf,
}

impl Counter {
    /// Builds the program that is counted.
    ///
    /// # Errors
    ///
    /// If valgrind is missing, or if the build fails.
    pub fn new(valgrind: &Path) -> Result<Self> {
        let mut version = Command::new(valgrind);
        said(version.arg("--version")).with_context(|| valgrind.display().to_string())?;
        Ok(Self {
            valgrind: valgrind.into(),
            program: program()?,
        })
    }

    /// The name and version of the counting program.
    pub fn version(&self) -> Result<String> {
        let said = said(Command::new(&self.valgrind).arg("--version"))?;
        Ok(said.trim().to_owned())
    }

    /// The instructions of one more time.
    pub fn count(&self, language: Language, stage: Stage) -> Result<u64> {
        let once = self.process(language, stage, "1")?;
        let twice = self.process(language, stage, "2")?;
        twice.checked_sub(once).context("twice cost less than once")
    }

    /// The instructions of a process that does the stage `times` times.
    fn process(&self, language: Language, stage: Stage, times: &str) -> Result<u64> {
        let scratch = tempfile::tempdir()?;
        let profile = scratch.path().join("profile");
        let mut option = OsStr::new("--callgrind-out-file=").to_owned();
        option.push(&profile);
        let mut valgrind = Command::new(&self.valgrind);
        valgrind.arg("--tool=callgrind").arg(option);
        valgrind.arg(&self.program);
        said(valgrind.args([language.name(), stage.name(), times]))?;
        total(&fs::read_to_string(profile)?)
    }
}

/// The total at the end of a profile.
fn total(profile: &str) -> Result<u64> {
    let line = profile.lines().find_map(|it| it.strip_prefix("totals:"));
    let line = line.context("the profile has no total")?;
    Ok(line.trim().parse()?)
}

/// Builds [`PROGRAM`] in the folder of this program; it has another allocator.
fn program() -> Result<PathBuf> {
    let this = env::current_exe()?;
    let target = this.ancestors().nth(2);
    let target = target.context("this program is in no target folder")?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--release", "--quiet", "--bin", PROGRAM]);
    cargo.args([
        "--manifest-path",
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    ]);
    // Only instructions that any processor has: otherwise the counts would depend on this machine.
    said(
        cargo
            .arg("--target-dir")
            .arg(target)
            .env_remove("RUSTFLAGS"),
    )?;
    Ok(target.join("release").join(PROGRAM))
}

/// The output of a process. If it fails, the last line of its error output is the reason.
fn said(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    let complaints = String::from_utf8_lossy(&output.stderr);
    let last = complaints.lines().last().unwrap_or("it gave no reason");
    ensure!(output.status.success(), "{last}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_a_profile() {
        // Written by hand, according to the format in callgrind's manual.
        let profile = "version: 1\nevents: Ir\n\nfn=(1) main\n3 40\n5 2\n\ntotals: 42\n";
        assert_eq!(total(profile).unwrap(), 42);
        assert!(total("events: Ir\n").is_err());
    }

    #[test]
    fn no_valgrind_is_an_error_that_names_it() {
        let error = Counter::new(Path::new("/nowhere/valgrind")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/valgrind"));
    }
}
