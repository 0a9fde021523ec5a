//! What did one run cost?
//!
//! Processor time and peak memory come from `wait4`, that is, from the kernel's account of this one process. Linux starts the
//! account of a process with the peak of the one that started it, so nothing large may be held here.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use wait4::Wait4;

use crate::input::Input;

/// How long it is slept between two looks at the clock; wall times are no finer.
const LOOK: Duration = Duration::from_millis(5);

/// What one run cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// User and system time, of all threads.
    pub cpu_seconds: f64,
    pub wall_seconds: f64,
    pub peak_bytes: u64,
}

/// What one run may use.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub threads: usize,
    pub seconds: u64,
}

#[derive(Debug)]
pub enum Outcome {
    Ended(Cost),
    /// It took too long, or died of what it was given; why.
    Stopped(String),
}

/// Runs the program once, with its results in `folder`.
pub fn measure(program: &Path, input: &Input, folder: &Path, bounds: Bounds) -> Result<Outcome> {
    let errors = folder.with_extension("errors");
    let mut command = Command::new(program);
    command.args(["--quiet", "--format", "json", "--threads"]);
    command.arg(bounds.threads.to_string());
    command.arg("--output").arg(folder).arg(&input.path);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(File::create(&errors)?);
    let started = Instant::now();
    let mut child = command.spawn()?;
    if !ends_before(&child, started + Duration::from_secs(bounds.seconds))? {
        child.kill()?;
        child.wait()?;
        let Bounds { threads, seconds } = bounds;
        return Ok(Outcome::Stopped(format!("over {seconds} s on {threads}")));
    }
    let wall_seconds = started.elapsed().as_secs_f64();
    let used = child.wait4()?;
    if used.status.code().is_none() {
        return Ok(Outcome::Stopped(format!("died: {}", used.status)));
    }
    if !used.status.success() {
        bail!("{}", fs::read_to_string(&errors)?.trim_end());
    }
    Ok(Outcome::Ended(Cost {
        wall_seconds,
        cpu_seconds: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak_bytes: used.rusage.maxrss,
    }))
}

/// Waits for a process, and leaves its account with the kernel.
fn ends_before(child: &Child, end: Instant) -> Result<bool> {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    loop {
        if waitid(WaitId::Pid(Pid::from_child(child)), look)?.is_some() {
            return Ok(true);
        }
        if Instant::now() >= end {
            return Ok(false);
        }
        thread::sleep(LOOK);
    }
}
