//! How is a packed file read? By a reader that knows its position and can go back over the last bytes.

use std::io::{self, ErrorKind, Read};

use memchr::memmem;

/// Maximum bytes of one read.
const READ: usize = 1 << 18;

/// Number of bytes that the reader can go back. A damage is noticed some blocks after its place, and these blocks are
/// smaller.
const BACK: usize = 1 << 20;

/// A reader that knows its position and can go back.
pub struct Window<R> {
    from: R,
    bytes: Vec<u8>,
    /// Index in `bytes` of the next byte.
    at: usize,
    /// Offset of `bytes` in the file.
    offset: u64,
    ended: bool,
}

impl<R: Read> Window<R> {
    pub fn new(from: R) -> Self {
        Self {
            from,
            bytes: Vec::new(),
            at: 0,
            offset: 0,
            ended: false,
        }
    }

    /// Offset of the next byte in the file.
    pub fn place(&self) -> u64 {
        self.offset + self.at as u64
    }

    /// The bytes that were read and not yet taken: at least `least` bytes, unless the file ends before.
    pub fn ahead(&mut self, least: usize) -> io::Result<&[u8]> {
        while self.bytes.len() - self.at < least && !self.ended {
            self.fill()?;
        }
        Ok(&self.bytes[self.at..])
    }

    pub fn take(&mut self, count: usize) {
        self.at += count.min(self.bytes.len() - self.at);
    }

    /// The number of bytes back to a place, or to the earliest place that is held.
    pub fn after(&self, place: u64) -> u64 {
        self.place().saturating_sub(place.max(self.offset))
    }

    /// Goes back to a place, or to the earliest place that is held.
    pub fn back_to(&mut self, place: u64) {
        let at = place.saturating_sub(self.offset);
        self.at = self.at.min(at as usize);
    }

    /// Moves to the next occurrence of these bytes; false if there is none.
    pub fn seek(&mut self, wanted: &[u8]) -> io::Result<bool> {
        loop {
            let ahead = self.ahead(wanted.len())?;
            if ahead.len() < wanted.len() {
                self.take(wanted.len());
                return Ok(false);
            }
            if let Some(found) = memmem::find(ahead, wanted) {
                self.take(found);
                return Ok(true);
            }
            // The first bytes of the next occurrence may have been read already.
            let passed = ahead.len() + 1 - wanted.len();
            self.take(passed);
        }
    }

    /// Reads the rest of the file, first the bytes that were read ahead.
    pub fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let ahead = &self.bytes[self.at..];
        if ahead.is_empty() {
            return uninterrupted(&mut self.from, to);
        }
        let some = ahead.len().min(to.len());
        to[..some].copy_from_slice(&ahead[..some]);
        self.at += some;
        Ok(some)
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.at > 2 * BACK {
            let gone = self.at - BACK;
            self.bytes.drain(..gone);
            self.offset += gone as u64;
            self.at = BACK;
        }
        let held = self.bytes.len();
        self.bytes.resize(held + READ, 0);
        let read = uninterrupted(&mut self.from, &mut self.bytes[held..]);
        let count = *read.as_ref().unwrap_or(&0);
        self.bytes.truncate(held + count);
        self.ended = count == 0;
        read.map(|_| ())
    }
}

fn uninterrupted(from: &mut impl Read, to: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(to) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives only a few bytes at once.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let some = to.len().min(7);
            self.0.read(&mut to[..some])
        }
    }

    #[test]
    fn bytes_are_found_over_the_ends_of_reads_and_gone_back_to() {
        let mut bytes = vec![b'.'; 3 * BACK];
        let places = [4, 13, BACK - 1, 3 * BACK - 3];
        for place in places {
            bytes[place..place + 3].copy_from_slice(b"abc");
        }
        let mut window = Window::new(Slow(&bytes));
        for place in places {
            assert!(window.seek(b"abc").unwrap());
            assert_eq!(window.place(), place as u64);
            assert_eq!(&window.ahead(3).unwrap()[..3], b"abc");
            window.take(1);
        }
        assert!(!window.seek(b"abc").unwrap());
        assert_eq!(window.place(), bytes.len() as u64);
        window.back_to(0);
        assert!((1..=2 * BACK as u64).contains(&(bytes.len() as u64 - window.place())));
        assert!(window.seek(b"abc").unwrap());
        assert_eq!(window.place(), places[3] as u64);
    }
}
