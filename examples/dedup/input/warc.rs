//! x
use super::Reader;
use std::fs::File;
use std::io;
impl Reader<'_> {
    pub(super) fn archive(&mut self, _: String, _: File) -> io::Result<()> {
        Ok(())
    }
}
