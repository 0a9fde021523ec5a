//! Which parts does a zip archive have, and what is the content of a part?

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;

use encoding_rs::UTF_8;
use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, FileReader, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder,
    ZipFileHeaderRecord,
};

use crate::read::encoding::{Said, decode};
use crate::read::html::charset;
use crate::read::limits::Limits;
use crate::read::reason::{Reason, ReasonKind};

/// Number of bytes at the end of a file in which the end of the directory is searched: 22 bytes and a comment of at most 64
/// KiB.
const DIRECTORY_END: u64 = 22 + (1 << 16);

/// Memory in bytes that a part takes in addition to its name.
const PART: u64 = 100;

/// First bytes of files of older Microsoft programs, and of newer files with a password.
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";

const REMEDY: &str = "open it in the program that made it and save it again";

/// An archive of named parts.
pub struct Archive {
    zip: ZipArchive<FileReader>,
    parts: HashMap<String, Part>,
    /// Number of bytes that may still be unpacked. All parts together are one document.
    left: u64,
    limits: Limits,
}

/// The place of a part and how it is packed.
#[derive(Clone, Copy)]
struct Part {
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    is_encrypted: bool,
}

impl Archive {
    pub fn open(mut file: File, limits: Limits) -> Result<Self, Reason> {
        let mut start = Vec::new();
        let read = (&mut file).take(4).read_to_end(&mut start);
        read.map_err(|error| {
            ReasonKind::Unreadable.because(format!("could not be read: {error}"))
        })?;
        if start.is_empty() {
            return Err(ReasonKind::Empty.because("the file is empty; leave it out"));
        }
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let zip =
            ZipArchive::with_max_search_space(DIRECTORY_END).locate_in_file(file, &mut buffer);
        let zip = zip.map_err(|(_, error)| no_archive(&start, &error))?;
        let parts = parts(&zip, &mut buffer, limits)?;
        Ok(Self {
            zip,
            parts,
            left: limits.longest,
            limits,
        })
    }

    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    /// The text of a part, or why it cannot be read.
    pub fn text(&mut self, name: &str) -> Result<String, Reason> {
        let bytes = self.bytes(name).map_err(|reason| reason.in_part(name))?;
        let said = charset(&bytes).unwrap_or(UTF_8);
        let text = decode(&bytes, Said::ByPage(said)).map_err(|error| {
            let error = format!("{name}: {error}; {REMEDY}");
            ReasonKind::Encoding.because(error)
        })?;
        Ok(text.text.into_owned())
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Reason> {
        let missing = || ReasonKind::Damaged.because(format!("it is not there; {REMEDY}"));
        let part = *self.parts.get(name).ok_or_else(missing)?;
        if part.is_encrypted {
            return Err(encrypted());
        }
        let damaged = |error: &dyn std::fmt::Display| {
            ReasonKind::Damaged.because(format!("it is damaged ({error}); {REMEDY}"))
        };
        let entry = self.zip.get_entry(part.place);
        let entry = entry.map_err(|error| damaged(&error))?;
        let packed = entry.reader();
        let bytes = match part.method {
            CompressionMethod::STORE => self.whole(entry.verifying_reader(packed)),
            CompressionMethod::DEFLATE => {
                self.whole(entry.verifying_reader(DeflateDecoder::new(packed)))
            }
            other => {
                let error = format!(
                    "it is packed by method {}, which is not read; {REMEDY}",
                    other.as_u16()
                );
                return Err(ReasonKind::Malformed.because(error));
            }
        };
        let bytes = bytes.map_err(|error| damaged(&error))?;
        let unpacked = self.limits.longest - self.left + bytes.len() as u64;
        if let Some(reason) = self.limits.too_long(unpacked) {
            return Err(reason);
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }

    /// All bytes of a part, but at most one more than may be unpacked.
    fn whole(&self, from: impl Read) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        from.take(self.left + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

pub fn encrypted() -> Reason {
    ReasonKind::Unreadable.because("it is encrypted; save it without a password")
}

/// Why a file that is not a zip archive is rejected.
fn no_archive(start: &[u8], error: &rawzip::Error) -> Reason {
    if start.starts_with(COMPOUND_FILE) {
        let error =
            "it is encrypted, or in the older format .doc; save it without a password as .docx";
        return ReasonKind::Malformed.because(error);
    }
    if start.starts_with(b"PK") {
        let error = format!("it is cut off or damaged ({error}); {REMEDY}");
        return ReasonKind::Damaged.because(error);
    }
    ReasonKind::Malformed
        .because("it is no zip archive, as files of this kind are; check what it is")
}

/// All parts by their names.
fn parts(
    zip: &ZipArchive<FileReader>,
    buffer: &mut [u8],
    limits: Limits,
) -> Result<HashMap<String, Part>, Reason> {
    let mut parts = HashMap::new();
    let mut held = 0;
    let mut entries = zip.entries(buffer);
    loop {
        let entry = entries.next_entry().map_err(|error| {
            let error = format!("its list of parts is damaged ({error}); {REMEDY}");
            ReasonKind::Damaged.because(error)
        })?;
        let Some(entry) = entry else {
            return Ok(parts);
        };
        let (name, part) = named(&entry);
        held += name.len() as u64 + PART;
        if let Some(reason) = limits.too_long(held) {
            return Err(reason.in_part("its list of parts"));
        }
        // If two parts have the same name, other programs show the first.
        parts.entry(name).or_insert(part);
    }
}

fn named(entry: &ZipFileHeaderRecord<'_>) -> (String, Part) {
    let name = entry.file_path();
    let name = String::from_utf8_lossy(name.as_bytes()).replace('\\', "/");
    let part = Part {
        place: entry.wayfinder(),
        method: entry.compression_method(),
        is_encrypted: entry.flags().is_encrypted(),
    };
    (name, part)
}
