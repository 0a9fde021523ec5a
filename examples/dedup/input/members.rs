//! How is a packed file read whose members are packed each on its own? A damaged one costs itself only.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;

/// How a member of a gzip file starts.
const MAGIC: &[u8] = b"\x1F\x8B\x08";

/// The bytes of all members; behind an error, those of the next that starts as it should.
pub struct Members {
    /// None where the file has ended.
    member: Option<GzDecoder<BufReader<File>>>,
    /// Where it starts.
    start: u64,
    /// What members start with.
    first: &'static [u8],
    /// What was read of it to see that.
    ready: Vec<u8>,
}

impl Members {
    pub fn of(file: File, first: &'static [u8]) -> Self {
        Self {
            member: Some(GzDecoder::new(BufReader::new(file))),
            start: 0,
            first,
            ready: Vec::new(),
        }
    }

    /// Goes on behind a whole member; padding may follow it.
    fn next(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let mut file = member.into_inner();
        let start = file.stream_position()?;
        if file.fill_buf()?.is_empty() {
            return Ok(());
        }
        self.start = start;
        self.member = Some(GzDecoder::new(file));
        Ok(())
    }

    /// Goes on at the next place behind the start of this member where another one starts as it should.
    fn seek_next(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let mut file = member.into_inner();
        let mut from = self.start + 1;
        while let Some(start) = find(&mut file, from, MAGIC)? {
            file.seek(SeekFrom::Start(start))?;
            let mut member = GzDecoder::new(file);
            let mut ready = vec![0; self.first.len()];
            if member.read_exact(&mut ready).is_ok() && ready == self.first {
                (self.member, self.start, self.ready) = (Some(member), start, ready);
                return Ok(());
            }
            file = member.into_inner();
            from = start + 1;
        }
        Ok(())
    }
}

impl Read for Members {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.ready.is_empty() {
                let read = self.ready.as_slice().read(to)?;
                self.ready.drain(..read);
                return Ok(read);
            }
            let Some(member) = &mut self.member else {
                return Ok(0);
            };
            match member.read(to) {
                Ok(0) if !to.is_empty() => self.next()?,
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.seek_next()?;
                    return Err(error);
                }
            }
        }
    }
}

/// Where some bytes come next in a file.
fn find(file: &mut BufReader<File>, from: u64, wanted: &[u8]) -> io::Result<Option<u64>> {
    const STEP: usize = 1 << 16;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::with_capacity(2 * STEP);
    let mut start = from;
    loop {
        let read = file.take(STEP as u64).read_to_end(&mut bytes)?;
        if let Some(at) = memchr::memmem::find(&bytes, wanted) {
            return Ok(Some(start + at as u64));
        }
        if read == 0 {
            return Ok(None);
        }
        // The bytes may lie across the end.
        let gone = bytes.len().saturating_sub(wanted.len() - 1);
        bytes.drain(..gone);
        start += gone as u64;
    }
}
