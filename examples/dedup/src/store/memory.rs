//! How much memory does the process use, and how much is there? Known on Linux only.

use std::fs;
use std::path::{Path, PathBuf};

use crate::read::limits::LEAST;

/// Half of the memory of the machine, or of what the control groups of this process allow if that is less, in bytes.
pub fn half_of_machine() -> Option<u64> {
    let machine = kib(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")?;
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = limit_files(&groups).into_iter().filter_map(|file| {
        let limit = fs::read_to_string(file).ok()?;
        // The word `max` is no limit.
        limit.trim().parse::<u64>().ok()
    });
    let most = limits.fold(machine, u64::min);
    Some((most / 2).max(LEAST))
}

/// The files with the limits of these control groups and of those around them. Each line of `groups` has a number, the names of
/// controllers and a path; in version 2 there are no names.
fn limit_files(groups: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else {
            continue;
        };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let group = Path::new(root).join(path.trim_start_matches('/'));
        let around = group
            .ancestors()
            .take_while(|group| group.starts_with(root));
        files.extend(around.map(|group| group.join(name)));
    }
    files
}

/// The memory that this process uses now, in bytes.
pub fn held() -> Option<u64> {
    status("VmRSS:")
}

/// The maximum that it has used, in bytes.
pub fn peak() -> Option<u64> {
    status("VmHWM:")
}

fn status(field: &str) -> Option<u64> {
    kib(&fs::read_to_string("/proc/self/status").ok()?, field)
}

/// The bytes of a field that is given in KiB.
fn kib(fields: &str, field: &str) -> Option<u64> {
    let line = fields.lines().find(|line| line.starts_with(field))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_the_groups_and_of_the_groups_around_them() {
        let files = |groups: &str| {
            let files = limit_files(groups).into_iter();
            let files = files.map(|file| file.to_string_lossy().into_owned());
            files.collect::<Vec<_>>()
        };
        assert_eq!(
            files("0::/user/a\n"),
            [
                "/sys/fs/cgroup/user/a/memory.max",
                "/sys/fs/cgroup/user/memory.max",
                "/sys/fs/cgroup/memory.max"
            ]
        );
        assert_eq!(
            files("5:cpu,cpuacct:/x\n4:hugetlb,memory:/\nodd\n"),
            ["/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        );
    }

    #[test]
    fn a_field_in_kib_is_found_by_its_name() {
        let fields = "MemFree:  10 kB\nMemTotal:   2048 kB\n";
        assert_eq!(kib(fields, "MemTotal:"), Some(2 << 20));
        assert_eq!(kib(fields, "Swap:"), None);
    }
}
