//! How many instructions does a stage execute?
//!
//! Callgrind counts those of a whole process, of all its threads. So the stage is done once in one process and twice in another:
//! the difference is what a further time costs, with neither the start of the program, nor the making of its input, nor the
//! loading of tables in it. To count between two marks instead (`--toggle-collect`) would miss what the worker threads do.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use reprint_steady::work::{Language, Stage};

/// The program that is counted.
const PROGRAM: &str = "steady-stage";

/// A counter that can be used.
#[derive(Debug)]
pub struct Counter {
    /// `valgrind` or one like it.
    valgrind: PathBuf,
    program: PathBuf,
}

impl Counter {
    /// Builds what is counted.
    ///
    /// # Errors
    ///
    /// Where there is no valgrind, or the build fails.
    pub fn new(valgrind: &Path) -> Result<Self> {
        let mut version = Command::new(valgrind);
        said(version.arg("--version")).with_context(|| valgrind.display().to_string())?;
        Ok(Self {
            valgrind: valgrind.into(),
            program: program()?,
        })
    }

    /// The name and version of what counts.
    pub fn version(&self) -> Result<String> {
        let said = said(Command::new(&self.valgrind).arg("--version"))?;
        Ok(said.trim().to_owned())
    }

    /// Instructions of a further time.
    pub fn count(&self, language: Language, stage: Stage) -> Result<u64> {
        let once = self.process(language, stage, "1")?;
        let twice = self.process(language, stage, "2")?;
        twice.checked_sub(once).context("twice cost less than once")
    }

    /// Instructions of a process that does it so many times.
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

/// The sum at the end of a profile.
fn total(profile: &str) -> Result<u64> {
    let line = profile.lines().find_map(|it| it.strip_prefix("totals:"));
    let line = line.context("the profile has no total")?;
    Ok(line.trim().parse()?)
}

/// Builds [`PROGRAM`] beside this one, which has another allocator.
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
    // Instructions for any processor: else the figures would be those of this machine.
    said(
        cargo
            .arg("--target-dir")
            .arg(target)
            .env_remove("RUSTFLAGS"),
    )?;
    Ok(target.join("release").join(PROGRAM))
}

/// What a process wrote; where it fails, the last thing that it complained of is the reason.
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
        // By hand, after the format that callgrind's manual describes.
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
