//! How much memory does the process use? Known on Linux only.

/// The memory that this process uses now, in bytes.
pub fn held() -> Option<u64> {
    status("VmRSS:")
}

/// The maximum that it has used, in bytes.
pub fn peak() -> Option<u64> {
    status("VmHWM:")
}

fn status(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
