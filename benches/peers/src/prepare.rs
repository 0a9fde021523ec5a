//! What must be built or installed before an engine can run?
//!
//! This is not timed. An engine that cannot be prepared is a row of the table with the reason.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use reprint_peers::Settings;
use serde::Deserialize;

use crate::engine::{Engine, Origin};

/// An engine that can be started.
#[derive(Debug)]
pub struct Ready {
    pub program: PathBuf,
    pub args: Vec<OsString>,
    pub answer: Answer,
}

/// Where an engine writes its clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One line per document on standard output: the protocol of this package.
    Lines,
    /// In `clusters.jsonl` of the folder after `--output`: the program of this repository, which does not know this package.
    Folder,
}

/// Builds or installs `engine`.
pub fn prepare(engine: &Engine, settings: &Settings) -> Result<Ready> {
    match engine.origin {
        Origin::Reprint { options } => reprint(options, settings),
        Origin::Crate { feature, native } => library(feature, native, settings),
        Origin::Python { script, packages } => python(script, packages, settings),
    }
}

fn reprint(options: &[&str], settings: &Settings) -> Result<Ready> {
    let mut args: Vec<OsString> = ["--threads", "1", "--quiet", "--format", "json"]
        .iter()
        .chain(options)
        .map(OsString::from)
        .collect();
    args.push(settings.input.clone().into());
    let mut cargo = cargo(&package().join("../../Cargo.toml"));
    cargo.args(["--example", "dedup"]);
    Ok(Ready {
        program: built(cargo, "dedup")?,
        args,
        answer: Answer::Folder,
    })
}

fn library(feature: &str, native: bool, settings: &Settings) -> Result<Ready> {
    let name = format!("peer-{feature}");
    let mut cargo = cargo(&package().join("Cargo.toml"));
    cargo.args(["--features", feature, "--bin", &name]);
    if native {
        // A separate folder, because builds with different flags replace each other in a common one.
        cargo.arg("--target-dir").arg(target()?.join("native"));
        cargo.env("RUSTFLAGS", "-C target-cpu=native");
    }
    Ok(Ready {
        program: built(cargo, &name)?,
        args: settings.to_args().into_iter().map(OsString::from).collect(),
        answer: Answer::Lines,
    })
}

fn python(script: &str, packages: &[&str], settings: &Settings) -> Result<Ready> {
    let script = package().join("python").join(script);
    let mut args = vec![script.into_os_string()];
    args.extend(settings.to_args().into_iter().map(OsString::from));
    Ok(Ready {
        program: environment(packages)?,
        args,
        answer: Answer::Lines,
    })
}

/// The folder of this package.
fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The target folder of this program: its path is `target/release/reprint-peers` in it.
fn target() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().nth(2);
    Ok(target
        .context("this program is in no target folder")?
        .into())
}

/// `cargo build` with a fixed set of flags.
fn cargo(manifest: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--release", "--quiet"]);
    cargo.args(["--message-format", "json-render-diagnostics"]);
    cargo.arg("--manifest-path").arg(manifest);
    cargo.env_remove("RUSTFLAGS");
    cargo
}

/// A message of cargo about something that it built.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Runs a build and returns the path of the program `name` that it made.
fn built(mut cargo: Command, name: &str) -> Result<PathBuf> {
    let output = cargo.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let first = errors.lines().find(|line| line.starts_with("error"));
        bail!("can't be built: {}", first.unwrap_or("no reason given"));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.target.as_ref().is_some_and(|it| it.name == name))
        .find_map(|message| message.executable)
        .with_context(|| format!("the build left no program {name}"))
}

/// The Python interpreter of an environment with `packages`. The environment is named after the first package.
fn environment(packages: &[&str]) -> Result<PathBuf> {
    let folder = target()?.join("python").join(packages[0]);
    let python = folder.join("bin/python");
    // This file is written last, so that an interrupted installation is repeated.
    let complete = folder.join("complete");
    if !complete.exists() {
        quietly(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        let mut pip = Command::new(&python);
        quietly(pip.args(["-m", "pip", "install", "--quiet"]).args(packages))?;
        fs::write(&complete, "")?;
    }
    Ok(python)
}

/// Runs a step of an installation. If it fails, the last line of its output is the reason.
fn quietly(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .context("can't be installed")?;
    if !output.status.success() {
        bail!("can't be installed: {}", last_line(&output.stderr));
    }
    Ok(())
}

/// The last line of a process's output, without the `Error: ` that programs put before it.
pub fn last_line(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.lines().rfind(|line| !line.trim().is_empty());
    let line = line.unwrap_or("it gave no reason").trim();
    line.strip_prefix("Error: ").unwrap_or(line).to_owned()
}
