//! How long may a document be, and how much memory may the run take?

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use super::reason::{Reason, ReasonKind};

/// Length in bytes of the longest row or text that is read, however much memory there is.
const LONGEST: u64 = 256 << 20;

/// Memory in bytes that a run takes without any document.
pub const LEAST: u64 = 64 << 20;

/// Maximum length of an id in bytes. An id is held and printed many times.
pub const LONGEST_ID: usize = 1 << 16;

/// Maximum number of tags of a page, however much memory there is.
const MOST_TAGS: usize = 1_000_000;

/// Maximum number of rejected rows of one file that are listed; the others are only counted.
pub const MAX_LISTED: usize = 100_000;

/// Default maximum window of zstd, as a logarithm: 128 MB, as in the program `zstd`.
const LOOK_BACK: u32 = 27;

/// The memory that a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    pub bytes: u64,
    /// Whether the user gave it. If not, the run may end because of it, but no result depends on it.
    pub is_given: bool,
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = match self.is_given {
            true => "",
            false => " (by default, half of the machine's)",
        };
        write!(f, "{} MB of --memory{default}", self.bytes / 1_000_000)
    }
}

/// Limits of the length of a document. They depend on the memory only if the user gave a limit of it.
#[derive(Clone, Copy)]
pub struct Limits {
    memory: Option<u64>,
    /// Length in bytes of the longest row or text that is read.
    pub longest: u64,
}

impl Limits {
    pub fn new(memory: Option<u64>) -> Self {
        // A run holds about 15 times the text of one document.
        let longest = memory.map_or(LONGEST, |memory| (memory / 16).min(LONGEST));
        Self { memory, longest }
    }

    /// Maximum window of zstd, as a logarithm: that many bytes are held.
    pub fn look_back(self) -> u32 {
        let fits = self
            .memory
            .map_or(LOOK_BACK, |memory| (memory / 4).max(1).ilog2());
        fits.clamp(20, LOOK_BACK)
    }

    /// Maximum number of tags of an HTML page. A parsed tag takes 400 bytes, and each thread holds a page.
    pub fn most_tags(self) -> usize {
        let fits = self.memory.map(|memory| (memory / 8 / 400) as usize);
        fits.map_or(MOST_TAGS, |fits| fits.min(MOST_TAGS))
    }

    /// Why a row or text of this length is rejected; none if it is not.
    pub fn too_long(self, length: u64) -> Option<Reason> {
        let longest = self.longest;
        let remedy = match self.memory {
            Some(_) if longest < LONGEST => ", a sixteenth of --memory; split it or allow more",
            _ => "; split it",
        };
        let text = format!("{length} bytes long, at most {longest} are read{remedy}");
        (length > longest).then(|| ReasonKind::TooLarge.because(text))
    }

    /// Reads all bytes of a reader that gives one document; or why the document is rejected.
    pub fn whole(self, from: impl Read) -> Result<Vec<u8>, Reason> {
        let mut bytes = Vec::new();
        from.take(self.longest + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| ReasonKind::Damaged.because(format!("could not be read: {error}")))?;
        self.too_long(bytes.len() as u64).map_or(Ok(bytes), Err)
    }
}

/// The start of a value that a message quotes.
pub fn brief(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &value[..end]).into(),
        None => value.into(),
    }
}

/// Parses the memory that a run may take. It is at least what any run takes.
pub fn memory(given: &str) -> Result<u64, String> {
    match size(given)? {
        bytes if bytes < LEAST => Err("any run takes 68MB; write 4GB for four gigabytes".into()),
        bytes => Ok(bytes),
    }
}

/// Parses a size such as `500MB`, `2GiB`, `4G`, or a number of bytes.
pub fn size(given: &str) -> Result<u64, String> {
    let digits = given.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let (number, unit) = given.split_at(digits.unwrap_or(given.len()));
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1.0),
        "k" | "kb" => Some(1e3),
        "m" | "mb" => Some(1e6),
        "g" | "gb" => Some(1e9),
        "t" | "tb" => Some(1e12),
        "kib" => Some(1024.0),
        "mib" => Some(1024.0 * 1024.0),
        "gib" => Some(1024.0 * 1024.0 * 1024.0),
        _ => None,
    };
    let number: Option<f64> = number.parse().ok();
    number
        .zip(factor)
        .map(|(number, factor)| (number * factor) as u64)
        .ok_or_else(|| "not a size; write it like 512MB, 4GB or 2GiB".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let sizes = [
            ("512MB", 512_000_000),
            ("1.5 GB", 1_500_000_000),
            ("2GiB", 2 << 30),
            ("64k", 64_000),
            ("100", 100),
        ];
        for (given, bytes) in sizes {
            assert_eq!(size(given), Ok(bytes), "{given}");
        }
        for wrong in ["", "MB", "-1GB", "1 GBs", "1.2.3", "∞"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rows_are_bound_by_the_memory() {
        assert_eq!(Limits::new(None).longest, LONGEST);
        assert_eq!(Limits::new(Some(160 << 20)).longest, 10 << 20);
        let told = Limits::new(Some(160 << 20)).too_long(11 << 20);
        assert!(told.is_some_and(|told| told.text.contains("--memory")));
        assert_eq!(Limits::new(Some(64 << 30)).too_long(LONGEST), None);
        assert_eq!(Limits::new(Some(4 << 30)).look_back(), LOOK_BACK);
        assert_eq!(Limits::new(Some(64 << 20)).look_back(), 24);
    }
}
