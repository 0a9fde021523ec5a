//! In which encoding are these bytes, and what is their text? The byte order mark decides first, then valid UTF-8, then a
//! declared encoding, then a guess. Bytes that are damaged, or that cannot be decoded without doubt, are refused.

mod counts;
mod guess;
mod references;
mod stream;
#[cfg(test)]
mod tests;
mod utf16;

use std::borrow::Cow;
use std::fmt::Write;

use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

pub use counts::Counts;
use guess::{Guess, HEAD, MULTIBYTE, guess};
use references::restored;
pub use stream::{Found, Recoded};

/// What is known about the encoding before the bytes are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub enum Said {
    #[default]
    Nothing,
    /// Declared by the page or by its server. Such declarations are sometimes wrong.
    ByPage(&'static Encoding),
    /// Given with `--encoding`.
    ByUser(&'static Encoding),
}

/// A text, and how it was decoded.
#[derive(Debug)]
pub struct Decoded<'b> {
    pub text: Cow<'b, str>,
    pub encoding: &'static Encoding,
    /// Whether the encoding was guessed from the bytes only.
    pub guessed: bool,
}

/// The encoding for a usual name.
pub fn named(label: &str) -> Result<&'static Encoding, String> {
    let encoding = match label.to_ascii_lowercase().as_str() {
        "utf-16" | "utf16" | "utf16le" => Some(UTF_16LE),
        "utf16be" => Some(UTF_16BE),
        other => Encoding::for_label_no_replacement(other.as_bytes()),
    };
    encoding.map(widest).ok_or_else(|| {
        "no encoding of this name; use one such as utf-8, utf-16le, gb18030, big5, shift_jis, euc-jp, euc-kr, windows-1252, koi8-r"
            .to_owned()
    })
}

/// The usual name of an encoding.
pub fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 {
        "GB18030"
    } else {
        encoding.name()
    }
}

/// GB18030 for GBK, because it decodes everything that GBK decodes.
fn widest(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// The text of a complete file or part, or why it is not decoded.
pub fn decode(bytes: &[u8], said: Said) -> Result<Decoded<'_>, String> {
    if let Some((encoding, length)) = mark(bytes)? {
        let text = strictly(&bytes[length..], encoding).map_err(|at| {
            format!(
                "its mark says {}, but {}",
                name(encoding),
                damage(encoding, at + length)
            )
        })?;
        return Ok(unmarked(text, encoding, false));
    }
    if let Said::ByUser(encoding) = said {
        let text = strictly(bytes, encoding).map_err(|at| damage(encoding, at))?;
        return Ok(unmarked(text, encoding, false));
    }
    if let Some((text, encoding)) = as_said(bytes, said) {
        return Ok(unmarked(text, encoding, false));
    }
    match guess(&bytes[..bytes.len().min(HEAD)], bytes.len() <= HEAD) {
        Guess::Is(encoding) => {
            let text = strictly(bytes, encoding).map_err(|at| damaged(bytes, encoding, at))?;
            Ok(unmarked(text, encoding, encoding != UTF_8))
        }
        Guess::Damaged(encoding) => {
            let at = strictly(bytes, encoding).err().unwrap_or_default();
            Err(damaged(bytes, encoding, at))
        }
        Guess::Binary(at) => Err(format!(
            "not text: there are control characters, the first at byte {at}; leave the file out, or name its encoding with --encoding"
        )),
        Guess::Unclear(likest) => Err(unclear(bytes, likest)),
    }
}

/// The text in the encoding that a page declares, if all bytes are valid in it and the result reads like text. None if the
/// bytes are valid UTF-8: that is hardly ever a coincidence, and pages that were converted may still have the old
/// declaration.
fn as_said(bytes: &[u8], said: Said) -> Option<(Cow<'_, str>, &'static Encoding)> {
    let Said::ByPage(encoding) = said else {
        return None;
    };
    let encoding = match widest(encoding) {
        // A page whose declaration could be read without decoding is not in UTF-16.
        utf16 if utf16 == UTF_16LE || utf16 == UTF_16BE => UTF_8,
        other => other,
    };
    if encoding != ISO_2022_JP && simdutf8::basic::from_utf8(bytes).is_ok() {
        return None;
    }
    let text = strictly(bytes, encoding).ok()?;
    guess::reads_well(&text, encoding).then_some((text, encoding))
}

/// The text without a byte order mark.
fn unmarked<'b>(text: Cow<'b, str>, encoding: &'static Encoding, guessed: bool) -> Decoded<'b> {
    let text = match text {
        Cow::Borrowed(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).into(),
        Cow::Owned(text) => match text.strip_prefix('\u{FEFF}') {
            Some(rest) => rest.to_owned().into(),
            None => text.into(),
        },
    };
    Decoded {
        text: restored(text, encoding),
        encoding,
        guessed,
    }
}

/// The encoding of the byte order mark, and the length of the mark.
fn mark(bytes: &[u8]) -> Result<Option<(&'static Encoding, usize)>, String> {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err("UTF-32, by its mark, which is not read; convert it to UTF-8 first".into());
    }
    Ok(Encoding::for_bom(bytes))
}

/// The text, if all bytes are valid in this encoding; else the position of the first invalid byte.
fn strictly<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Result<Cow<'b, str>, usize> {
    if encoding == UTF_8 {
        let text = simdutf8::compat::from_utf8(bytes).map_err(|error| error.valid_up_to())?;
        return Ok(text.into());
    }
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| faults(bytes, encoding, true).first.unwrap_or(bytes.len()))
}

/// The invalid places of bytes in an encoding.
#[derive(Default)]
struct Faults {
    count: usize,
    first: Option<usize>,
    /// Length in bytes of `text` before the first fault.
    good: usize,
    /// The text of the valid bytes.
    text: String,
}

/// Finds all places that are invalid in this encoding. A character that is cut off at the end counts if the bytes are the
/// `whole`.
fn faults(bytes: &[u8], encoding: &'static Encoding, whole: bool) -> Faults {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut faults = Faults::default();
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        let room = decoder.max_utf8_buffer_length_without_replacement(rest.len());
        faults.text.reserve(room.unwrap_or(4 * rest.len() + 16));
        let (result, read) =
            decoder.decode_to_string_without_replacement(rest, &mut faults.text, whole);
        at += read;
        match result {
            DecoderResult::InputEmpty => return faults,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let start = at.saturating_sub(usize::from(length) + usize::from(after));
                if faults.first.is_none() {
                    (faults.first, faults.good) = (Some(start), faults.text.len());
                }
                faults.count += 1;
            }
        }
    }
}

const REMEDY: &str = "repair it there, or name its encoding with --encoding";

fn damage(encoding: &'static Encoding, at: usize) -> String {
    format!("it is not {} at byte {at}; {REMEDY}", name(encoding))
}

/// The message for bytes that are mostly valid in this encoding.
fn damaged(bytes: &[u8], encoding: &'static Encoding, at: usize) -> String {
    let places = match faults(bytes, encoding, true).count {
        0 | 1 => "there".to_owned(),
        more => format!("there and in {} more places", more - 1),
    };
    let mut message = format!("damaged {}: byte {at} can't be read", name(encoding));
    if encoding != UTF_8 {
        let _ = write!(message, ", and UTF-8 fails at byte {}", utf8_end(bytes));
    }
    let _ = write!(
        message,
        "; repair it {places}, or name its encoding with --encoding"
    );
    message
}

fn utf8_end(bytes: &[u8]) -> usize {
    strictly(bytes, UTF_8).err().unwrap_or(bytes.len())
}

/// The message for bytes that read like text in no encoding.
fn unclear(bytes: &[u8], likest: &'static Encoding) -> String {
    let mut message = format!(
        "in no encoding that is known: UTF-8 fails at byte {}",
        utf8_end(bytes)
    );
    for (encoding, _) in MULTIBYTE {
        match strictly(bytes, encoding) {
            Ok(_) => _ = write!(message, ", as {} it reads badly", name(encoding)),
            Err(at) => _ = write!(message, ", {} at {at}", name(encoding)),
        }
    }
    if !MULTIBYTE.iter().any(|(tried, _)| *tried == likest) {
        let _ = write!(message, ", as {} it reads badly", name(likest));
    }
    message + "; name its encoding with --encoding, or convert it to UTF-8"
}
