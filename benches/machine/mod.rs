//! On which machine was this measured? The packages next to this folder share this module.

use std::fs;

/// The name of the processor, as Linux reports it.
pub fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = all.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':'));
    name.map_or("unknown processor", |(_, name)| name.trim())
        .into()
}
