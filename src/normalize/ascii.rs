//! How is plain ASCII folded fast? A batch at a time into a buffer on the stack, with one branch a byte.

/// Bytes read at most in one batch.
const BATCH: usize = 256;

/// What a kept ASCII character is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum AsciiClass {
    Letter = 2,
    Digit = 3,
}

/// Bytes that the table must see: controls, DEL, all that is not ASCII.
const STRANGE: u8 = 0;
const SEPARATOR: u8 = 1;
const LETTER: u8 = AsciiClass::Letter as u8;
const DIGIT: u8 = AsciiClass::Digit as u8;

const CLASSES: [u8; 256] = {
    let mut classes = [STRANGE; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        classes[byte] = match c {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'\t'..=b'\r' | b' '..=b'~' => SEPARATOR,
            _ => STRANGE,
        };
        byte += 1;
    }
    classes
};

/// A batch in the making, reused from one to the next.
pub(super) struct Batch {
    /// Room for as many spaces as bytes, and for the last chunk.
    buffer: [u8; 2 * BATCH + CHUNK],
    len: usize,
    /// Bytes that were read.
    pub(super) read: usize,
    /// The class of the last kept character, if any was kept or known.
    pub(super) last: Option<AsciiClass>,
    /// Separators stand after it.
    pub(super) gap: bool,
}

/// Bytes copied at once.
const CHUNK: usize = 16;

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            buffer: [0; 2 * BATCH + CHUNK],
            len: 0,
            read: 0,
            last: None,
            gap: false,
        }
    }

    /// The folded characters.
    pub(super) fn kept(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.len]).unwrap_or_default()
    }

    /// Folds the plain bytes that `bytes` start with, after a kept character of class `last` and, with `gap`, separators.
    /// The byte before a strange one is not read: what is strange may belong to it.
    pub(super) fn fold(&mut self, bytes: &[u8], last: Option<AsciiClass>, gap: bool) {
        (self.len, self.read, self.last, self.gap) = (0, 0, last, gap);
        let batch = &bytes[..bytes.len().min(BATCH)];
        while let Some(&byte) = batch.get(self.read) {
            let next = bytes.get(self.read + 1);
            let more = match CLASSES[usize::from(byte)] {
                LETTER => self.run(AsciiClass::Letter, batch, bytes),
                DIGIT => self.run(AsciiClass::Digit, batch, bytes),
                SEPARATOR => !next.is_some_and(|&next| ends_plain(byte, next)),
                _ => false,
            };
            if !more {
                return;
            }
            if CLASSES[usize::from(byte)] == SEPARATOR {
                self.read += 1;
                self.gap = true;
            }
        }
    }

    /// Keeps a run of one class; false where it is the last that can be read.
    #[inline]
    fn run(&mut self, class: AsciiClass, batch: &[u8], bytes: &[u8]) -> bool {
        let start = self.read;
        let same = |byte: &&u8| CLASSES[usize::from(**byte)] == class as u8;
        let mut end = start + batch[start..].iter().take_while(same).count();
        let strange = bytes
            .get(end)
            .is_some_and(|&next| CLASSES[usize::from(next)] == STRANGE);
        end -= usize::from(strange);
        if end > start {
            if self.gap && self.last == Some(class) {
                self.buffer[self.len] = b' ';
                self.len += 1;
            }
            self.keep(&bytes[start..], end - start);
            (self.read, self.last, self.gap) = (end, Some(class), false);
        }
        !strange
    }

    /// Copies the first `len` of `bytes`, letters or digits, in lower case; by whole chunks where there is so much.
    #[inline]
    fn keep(&mut self, bytes: &[u8], len: usize) {
        let to = &mut self.buffer[self.len..];
        match (bytes.first_chunk::<CHUNK>(), to.first_chunk_mut::<CHUNK>()) {
            (Some(from), Some(to)) if len <= CHUNK => {
                *to = from.map(|byte| byte.to_ascii_lowercase())
            }
            _ => {
                let to = &mut to[..len];
                to.copy_from_slice(&bytes[..len]);
                to.make_ascii_lowercase();
            }
        }
        self.len += len;
    }
}

/// Must the table see this separator, because of what follows it?
#[inline]
fn ends_plain(separator: u8, next: u8) -> bool {
    CLASSES[usize::from(next)] == STRANGE || (separator == b'-' && !next.is_ascii_graphic())
}
