//! What did one run cost?
//!
//! Processor time and peak memory come from `wait4`, that is, from the kernel's account of this one process. Linux starts
//! this account with the peak of the parent process, so nothing large may be read here before the last run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use wait4::{ResUse, Wait4};

use crate::prepare::{Answer, Ready, last_line};

/// One thread, no access to the network, the same order of Python's sets in each run, and no files left in the folder of the
/// scripts.
const ENVIRONMENT: [(&str, &str); 13] = [
    ("RAYON_NUM_THREADS", "1"),
    ("OMP_NUM_THREADS", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("MKL_NUM_THREADS", "1"),
    ("NUMEXPR_NUM_THREADS", "1"),
    ("TOKENIZERS_PARALLELISM", "false"),
    ("PYTHONHASHSEED", "0"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("HF_HUB_OFFLINE", "1"),
    ("HF_DATASETS_OFFLINE", "1"),
    ("DAFT_PROGRESS_BAR", "0"),
    ("DAFT_ANALYTICS_ENABLED", "0"),
    // Makes the last line of a failure its reason, not the end of a trace.
    ("RUST_BACKTRACE", "0"),
];

/// The cost of one run.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// User and system time of all threads.
    pub cpu_seconds: f64,
    pub wall_seconds: f64,
    pub peak_bytes: u64,
}

/// Keeps this process and all processes that it starts from now on on one core. So an engine that starts threads
/// nevertheless has no advantage.
pub fn stay_on_one_core() -> Result<()> {
    let allowed = sched_getaffinity(None)?;
    let last = (0..CpuSet::MAX_CPU).rfind(|&core| allowed.is_set(core));
    let mut one = CpuSet::new();
    one.set(last.unwrap_or(0));
    Ok(sched_setaffinity(None, &one)?)
}

/// Runs an engine once and writes its clusters to the file `answer`.
pub fn measure(engine: &Ready, scratch: &Path, answer: &Path) -> Result<Cost> {
    let folder = scratch.join("result");
    let errors = scratch.join("errors");
    let mut command = Command::new(&engine.program);
    command.args(&engine.args).envs(ENVIRONMENT);
    command.stdin(Stdio::null()).stderr(File::create(&errors)?);
    // For caches and temporary files of Python engines; they are removed with the folder.
    command.env("HF_HOME", scratch).env("TMPDIR", scratch);
    match engine.answer {
        Answer::Lines => command.stdout(File::create(answer)?),
        Answer::Folder => command.arg("--output").arg(&folder).stdout(Stdio::null()),
    };
    let (cost, used) = timed(command)?;
    if !used.status.success() {
        bail!("{}", last_line(&fs::read(&errors)?));
    }
    if engine.answer == Answer::Folder {
        fs::rename(folder.join("clusters.jsonl"), answer)?;
        fs::remove_dir_all(&folder)?;
    }
    Ok(cost)
}

fn timed(mut command: Command) -> Result<(Cost, ResUse)> {
    let started = Instant::now();
    let used = command.spawn()?.wait4()?;
    let cost = Cost {
        wall_seconds: started.elapsed().as_secs_f64(),
        cpu_seconds: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak_bytes: used.rusage.maxrss,
    };
    Ok((cost, used))
}

/// The file for the answer of one run of an engine.
pub fn answer_file(scratch: &Path, engine: &str, run: u32) -> PathBuf {
    scratch.join(format!("{engine}.{run}.answer"))
}
