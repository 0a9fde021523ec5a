//! How is a file of rows read that is larger than memory? It is read in blocks of whole lines. A line that is too long to be
//! held in memory is skipped.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

/// Size of a block in bytes; a longer line is a block by itself.
const BLOCK: usize = 4 << 20;

/// Maximum bytes of one read: a reader that unpacks gives no more at once.
const READ: usize = 1 << 18;

/// Splits the bytes of a reader into blocks of whole lines.
pub struct Blocks<R> {
    from: R,
    /// Length in bytes of the longest line that is held.
    longest: usize,
    /// The bytes that were read. The first `given` of them were returned already.
    bytes: Vec<u8>,
    given: usize,
    /// Position after the last line end in `bytes`.
    line_end: usize,
    /// Offset of `bytes` in everything that was read.
    offset: u64,
    ended: bool,
    broken: Option<io::Error>,
}

/// The next piece of the input.
pub enum Piece<'b> {
    /// Whole lines, and their offset in everything that was read.
    Lines { bytes: &'b [u8], offset: u64 },
    /// A line that was not held, and its length in bytes.
    TooLong(u64),
    /// A read failed. If a line had `begun`, its bytes are lost; the bytes after the break are another line.
    Broken { error: io::Error, begun: bool },
}

impl<R: Read> Blocks<R> {
    /// After an error, `from` is read again, so in the end it must return no more bytes.
    pub fn new(from: R, longest: u64) -> Self {
        Self {
            from,
            longest: usize::try_from(longest).unwrap_or(usize::MAX),
            bytes: Vec::new(),
            given: 0,
            line_end: 0,
            offset: 0,
            ended: false,
            broken: None,
        }
    }

    /// The next piece, or none at the end. The whole lines before a break come first.
    pub fn next(&mut self) -> Option<Piece<'_>> {
        self.bytes.drain(..self.given);
        self.offset += self.given as u64;
        self.line_end -= self.given;
        self.given = 0;
        while self.wants_more() {
            self.fill();
        }
        self.given = if self.ended && self.broken.is_none() {
            self.line_end = self.bytes.len();
            self.bytes.len()
        } else {
            self.line_end
        };
        if self.given > 0 {
            return Some(Piece::Lines {
                bytes: &self.bytes[..self.given],
                offset: self.offset,
            });
        }
        if let Some(error) = self.broken.take() {
            let begun = !self.bytes.is_empty();
            self.drop_line();
            return Some(Piece::Broken { error, begun });
        }
        (!self.ended).then(|| self.pass())
    }

    /// Whether more bytes are needed: until the block is full and holds a whole line, or its line is too long.
    fn wants_more(&self) -> bool {
        let short = self.bytes.len() < BLOCK;
        let unfinished = self.line_end == 0 && self.bytes.len() <= self.longest;
        !self.ended && self.broken.is_none() && (short || unfinished)
    }

    fn fill(&mut self) {
        let held = self.bytes.len();
        self.bytes.resize(held + READ, 0);
        let read = self.from.read(&mut self.bytes[held..]);
        self.bytes.truncate(held + read.as_ref().unwrap_or(&0));
        if let Some(end) = memrchr(b'\n', &self.bytes[held..]) {
            self.line_end = held + end + 1;
        }
        match read {
            Ok(0) => self.ended = true,
            Ok(_) => {}
            Err(error) => self.broken = Some(error),
        }
    }

    fn drop_line(&mut self) {
        self.offset += self.bytes.len() as u64;
        self.bytes.clear();
        self.line_end = 0;
    }

    /// Skips the line that was begun.
    fn pass(&mut self) -> Piece<'_> {
        let mut length = self.bytes.len() as u64;
        self.drop_line();
        loop {
            self.fill();
            let end = memchr(b'\n', &self.bytes);
            let passed = end.unwrap_or(self.bytes.len());
            length += passed as u64;
            if end.is_some() {
                // Its line end counts as returned, too.
                self.given = passed + 1;
                return Piece::TooLong(length);
            }
            self.drop_line();
            if let Some(error) = self.broken.take() {
                return Piece::Broken { error, begun: true };
            }
            if self.ended {
                return Piece::TooLong(length);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A piece as the tests compare it: lines with their offset, the length of a skipped line, or a break.
    #[derive(Debug, PartialEq)]
    enum Came {
        Lines(u64, Vec<u8>),
        TooLong(u64),
        Broken(bool),
    }

    fn read(from: impl Read, longest: u64) -> Vec<Came> {
        let mut blocks = Blocks::new(from, longest);
        let mut all = Vec::new();
        while let Some(piece) = blocks.next() {
            all.push(match piece {
                Piece::Lines { bytes, offset } => Came::Lines(offset, bytes.to_vec()),
                Piece::TooLong(length) => Came::TooLong(length),
                Piece::Broken { begun, .. } => Came::Broken(begun),
            });
        }
        all
    }

    fn line(length: usize) -> Vec<u8> {
        [vec![b'x'; length], vec![b'\n']].concat()
    }

    #[test]
    fn blocks_end_with_lines_and_are_all_that_was_read() {
        let text = [
            line(BLOCK / 2),
            line(BLOCK),
            line(3 * BLOCK),
            line(9),
            b"end".to_vec(),
        ]
        .concat();
        let blocks = read(text.as_slice(), u64::MAX);
        assert!(blocks.len() > 2);
        let mut at = 0;
        for came in &blocks {
            let Came::Lines(offset, bytes) = came else {
                panic!("{} of {}", at, text.len());
            };
            assert_eq!(*offset as usize, at);
            assert_eq!(bytes, &text[at..at + bytes.len()]);
            at += bytes.len();
            assert!(at == text.len() || bytes.ends_with(b"\n"));
        }
        assert_eq!(at, text.len());
    }

    #[test]
    fn a_line_too_long_is_measured_and_not_held() {
        let long = BLOCK * 5;
        let text = [
            line(3),
            line(long),
            line(4),
            line(long),
            line(long),
            b"x".repeat(long),
        ]
        .concat();
        let mut blocks = Blocks::new(text.as_slice(), BLOCK as u64);
        let mut held = 0;
        while blocks.next().is_some() {
            held = held.max(blocks.bytes.capacity());
        }
        assert!(held < 4 * BLOCK, "{held}");
        let long = long as u64;
        let expected = [
            Came::Lines(0, line(3)),
            Came::TooLong(long),
            Came::Lines(5 + long, line(4)),
            Came::TooLong(long),
            Came::TooLong(long),
            Came::TooLong(long),
        ];
        let came = read(text.as_slice(), BLOCK as u64);
        assert!(came == expected, "{} pieces", came.len());
    }

    /// Fails after each piece.
    struct Breaks(Vec<&'static [u8]>);

    impl Read for Breaks {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            match self.0.first_mut() {
                None => Ok(0),
                Some([]) => {
                    self.0.remove(0);
                    Err(io::ErrorKind::InvalidData.into())
                }
                Some(piece) => piece.read(to),
            }
        }
    }

    #[test]
    fn before_a_break_the_whole_lines_come_and_behind_it_another_line_starts() {
        let pieces = vec![&b"one\ntwo\nthr"[..], b"four\n", b"", b"five"];
        let lines = |offset, text: &[u8]| Came::Lines(offset, text.to_vec());
        let expected = [
            lines(0, b"one\ntwo\n"),
            Came::Broken(true),
            lines(11, b"four\n"),
            Came::Broken(false),
            Came::Broken(false),
            Came::Broken(true),
        ];
        assert_eq!(read(Breaks(pieces.clone()), u64::MAX), expected);
    }
}
