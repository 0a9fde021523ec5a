//! How are rows read that are not UTF-8? The encoding is decided once, from their start, and all rows are converted while
//! they are read.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use memchr::memchr2;

use super::guess::{Guess, HEAD, guess};
use super::{Said, mark};

/// Number of bytes that are converted at once.
const STEP: usize = 1 << 16;

/// Replaces bytes that are invalid in the encoding. This byte is never valid in UTF-8, so the row with it is rejected, and
/// only that row.
const FAULT: u8 = 0xFF;

/// The bytes of a reader, converted to UTF-8.
pub struct Recoded<R> {
    from: R,
    said: Said,
    state: State,
    /// The bytes that were read or converted. The first `given` of them were returned already.
    ready: Vec<u8>,
    given: usize,
    failed: Option<io::Error>,
    found: Found,
}

/// The encoding of the rows, as soon as it is known. It stays empty for UTF-8, whose bytes are returned unchanged.
#[derive(Clone, Default)]
pub struct Found(Rc<Cell<Option<Converted>>>);

/// The encoding, and whether it was guessed from the bytes only.
type Converted = (&'static Encoding, bool);

impl Found {
    pub fn encoding(&self) -> Option<&'static Encoding> {
        self.0.get().map(|(encoding, _)| encoding)
    }

    pub fn guessed(&self) -> bool {
        self.0.get().is_some_and(|(_, guessed)| guessed)
    }
}

enum State {
    /// All bytes so far are ASCII, which most encodings have in common.
    Undecided,
    AsIs,
    Converted(Box<Decoder>),
    Ended,
}

impl<R: Read> Recoded<R> {
    pub fn new(from: R, said: Said) -> Self {
        Self {
            from,
            said,
            state: State::Undecided,
            ready: Vec::new(),
            given: 0,
            failed: None,
            found: Found::default(),
        }
    }

    /// The encoding; it can be queried while the rows are read.
    pub fn found(&self) -> Found {
        self.found.clone()
    }

    /// Reads bytes that are the same in most encodings. None if there are other bytes; then the encoding has been decided.
    fn undecided(&mut self, to: &mut [u8]) -> io::Result<Option<usize>> {
        let read = self.from.read(to)?;
        let new = &to[..read];
        if read == 0 || (new.is_ascii() && memchr2(0, 0x1B, new).is_none() && !self.forced()) {
            return Ok(Some(read));
        }
        self.ready.extend_from_slice(new);
        self.decide();
        Ok(None)
    }

    fn forced(&self) -> bool {
        matches!(self.said, Said::ByUser(_))
    }

    /// Reads as many bytes as the decision takes, and decides on the encoding.
    fn decide(&mut self) {
        let room = HEAD.saturating_sub(self.ready.len()) as u64;
        let read = (&mut self.from).take(room).read_to_end(&mut self.ready);
        self.failed = read.err();
        let whole = self.failed.is_none() && self.ready.len() < HEAD;
        match self.encoding(whole) {
            Some((encoding, guessed)) => {
                self.found.0.set(Some((encoding, guessed)));
                let mut decoder = Box::new(encoding.new_decoder_with_bom_removal());
                let head = std::mem::take(&mut self.ready);
                convert(&mut decoder, &head, false, &mut self.ready);
                self.state = State::Converted(decoder);
            }
            None => self.state = State::AsIs,
        }
    }

    /// None for UTF-8, and if the encoding is unclear: then rows that are not UTF-8 are rejected.
    fn encoding(&self, whole: bool) -> Option<Converted> {
        let found = match (mark(&self.ready), self.said) {
            (Ok(Some((encoding, _))), _) | (_, Said::ByUser(encoding)) => (encoding, false),
            _ => match guess(&self.ready, whole) {
                Guess::Is(encoding) | Guess::Damaged(encoding) => (encoding, true),
                Guess::Binary(_) | Guess::Unclear(_) => return None,
            },
        };
        Some(found).filter(|(encoding, _)| *encoding != UTF_8)
    }

    fn give(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = (&self.ready[self.given..]).read(to)?;
        self.given += read;
        if self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
        }
        Ok(read)
    }

    /// Converts the next bytes.
    fn step(&mut self) -> io::Result<()> {
        let mut raw = Vec::with_capacity(STEP);
        (&mut self.from)
            .take(STEP as u64)
            .read_to_end(&mut raw)
            .or_else(|error| {
                // The bytes that were read before the error are used.
                self.failed = Some(error);
                Ok::<_, io::Error>(0)
            })?;
        let last = raw.is_empty() && self.failed.is_none();
        if let State::Converted(decoder) = &mut self.state {
            convert(decoder, &raw, last, &mut self.ready);
        }
        if last {
            self.state = State::Ended;
        }
        Ok(())
    }
}

impl<R: Read> Read for Recoded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.given < self.ready.len() {
                return self.give(to);
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            match self.state {
                _ if to.is_empty() => return Ok(0),
                State::Undecided => {
                    if let Some(read) = self.undecided(to)? {
                        return Ok(read);
                    }
                }
                State::AsIs => return self.from.read(to),
                State::Converted(_) => self.step()?,
                State::Ended => return Ok(0),
            }
        }
    }
}

/// Appends the bytes, converted to UTF-8.
fn convert(decoder: &mut Decoder, mut from: &[u8], last: bool, to: &mut Vec<u8>) {
    loop {
        let start = to.len();
        let room = decoder.max_utf8_buffer_length_without_replacement(from.len());
        to.resize(start + room.unwrap_or(4 * from.len() + 16), 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(from, &mut to[start..], last);
        to.truncate(start + written);
        from = &from[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => to.push(FAULT),
        }
    }
}
