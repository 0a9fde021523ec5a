//! Which program is measured?

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

/// The named program, or else the one of this repository after building it.
pub fn ready(named: Option<&Path>) -> Result<PathBuf> {
    named.map_or_else(built, |path| Ok(path.into()))
}

fn built() -> Result<PathBuf> {
    let outer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or(outer.join("target"), PathBuf::from);
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--example", "dedup"]);
    build.arg("--manifest-path").arg(outer.join("Cargo.toml"));
    build.arg("--target-dir").arg(&target);
    ensure!(build.status()?.success(), "the program can't be built");
    Ok(target.join("release/examples/dedup"))
}
