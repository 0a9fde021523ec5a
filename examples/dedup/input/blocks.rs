//! How is a file of rows read that is larger than memory? A block of whole lines at a time.

use std::io::{self, Read};

use super::encoding::Recoded;

/// Bytes read at once; a longer line is a block of its own.
const BLOCK: usize = 4 << 20;

/// Whole lines from a reader.
pub struct Blocks<R> {
    from: Recoded<R>,
    /// What was read and not given out yet, behind `given` bytes that were.
    bytes: Vec<u8>,
    given: usize,
    /// Where `bytes` start in all that was read.
    offset: u64,
    ended: bool,
    failed: Option<io::Error>,
}

/// Whole lines, and where they start in all that was read.
pub struct Block<'b> {
    pub bytes: &'b [u8],
    pub offset: u64,
}

impl<R: Read> Blocks<R> {
    pub fn of(from: Recoded<R>) -> Self {
        Self {
            from,
            bytes: Vec::new(),
            given: 0,
            offset: 0,
            ended: false,
            failed: None,
        }
    }

    /// The next lines; none at the end. Where reading fails, the whole lines before come first, then the error.
    pub fn next(&mut self) -> Result<Option<Block<'_>>, io::Error> {
        self.bytes.drain(..self.given);
        self.offset += self.given as u64;
        self.fill();
        self.given = if self.ended && self.failed.is_none() {
            self.bytes.len()
        } else {
            last_end(&self.bytes)
        };
        if self.given == 0 {
            return self.failed.take().map_or(Ok(None), Err);
        }
        Ok(Some(Block {
            bytes: &self.bytes[..self.given],
            offset: self.offset,
        }))
    }

    /// Reads on until a block is full and holds a whole line.
    fn fill(&mut self) {
        while !self.ended && (self.bytes.len() < BLOCK || last_end(&self.bytes) == 0) {
            let room = BLOCK
                .saturating_sub(self.bytes.len())
                .max(self.bytes.len() / 2);
            match self.from.read_on(room, &mut self.bytes) {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) => (self.ended, self.failed) = (true, Some(error)),
            }
        }
    }
}

/// Behind the last line end.
fn last_end(bytes: &[u8]) -> usize {
    let end = bytes.iter().rposition(|&byte| byte == b'\n');
    end.map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::encoding::Said;

    fn read(from: impl Read) -> (Vec<(u64, Vec<u8>)>, bool) {
        let mut blocks = Blocks::of(Recoded::of(from, Said::Nothing));
        let mut all = Vec::new();
        loop {
            match blocks.next() {
                Ok(Some(block)) => all.push((block.offset, block.bytes.to_vec())),
                Ok(None) => return (all, false),
                Err(_) => return (all, true),
            }
        }
    }

    #[test]
    fn blocks_end_with_lines_and_are_all_that_was_read() {
        let line = |length: usize| [vec![b'x'; length], vec![b'\n']].concat();
        let text = [
            line(BLOCK / 2),
            line(BLOCK),
            line(3 * BLOCK),
            line(9),
            b"end".to_vec(),
        ]
        .concat();
        let (blocks, failed) = read(text.as_slice());
        assert!(!failed && blocks.len() > 2);
        let mut at = 0;
        for (offset, bytes) in &blocks {
            assert_eq!(*offset as usize, at);
            assert_eq!(bytes, &text[at..at + bytes.len()]);
            at += bytes.len();
            assert!(at == text.len() || bytes.ends_with(b"\n"));
        }
        assert_eq!(at, text.len());
    }

    /// Fails once what it holds was read.
    struct Cut<'t>(&'t [u8]);

    impl Read for Cut<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.0.read(to)
        }
    }

    #[test]
    fn before_an_error_the_whole_lines_come() {
        assert_eq!(
            read(Cut(b"one\ntwo\nthr")),
            (vec![(0, b"one\ntwo\n".to_vec())], true)
        );
    }
}
