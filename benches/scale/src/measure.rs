//! What did one run cost?
//!
//! Processor time comes from `wait4`, that is, from the kernel's account of this one process.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};
use rustix::io::Errno;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use wait4::Wait4;

use crate::input::Input;

/// Share of the limit from which a killed process counts as stopped for its time. The kernel checks the limit with a coarser
/// clock than the one of its account.
const NEARLY: f64 = 0.95;

/// The cost of one run.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// User and system time of all threads.
    pub cpu_seconds: f64,
    pub wall_seconds: f64,
}

/// The limits of one run.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub threads: usize,
    /// Processor time of all threads, because wall time says little on a busy machine.
    pub cpu_seconds: u64,
}

#[derive(Debug)]
pub enum Outcome {
    Ended(Cost),
    /// It took too long, or was killed by a signal; with the reason.
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
    let child = command.spawn()?;
    limit(&child, bounds.cpu_seconds)?;
    let used = child.wait4()?;
    let cost = Cost {
        wall_seconds: started.elapsed().as_secs_f64(),
        cpu_seconds: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
    };
    if used.status.success() {
        return Ok(Outcome::Ended(cost));
    }
    if used.status.code().is_some() {
        bail!("{}", fs::read_to_string(&errors)?.trim_end());
    }
    let Bounds {
        threads,
        cpu_seconds,
    } = bounds;
    let reason = if cost.cpu_seconds >= NEARLY * cpu_seconds as f64 {
        format!("over {cpu_seconds} CPU s with --threads {threads}")
    } else {
        format!("died with --threads {threads}: {}", used.status)
    };
    Ok(Outcome::Stopped(reason))
}

/// Makes the kernel kill a process that uses more. There is no lower soft limit, so that no core is dumped.
fn limit(child: &Child, cpu_seconds: u64) -> Result<()> {
    let most = Rlimit {
        current: Some(cpu_seconds),
        maximum: Some(cpu_seconds),
    };
    match prlimit(Some(Pid::from_child(child)), Resource::Cpu, most) {
        // The process has ended already.
        Ok(_) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
