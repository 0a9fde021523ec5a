//! How are the pages of a web archive kept? Each record that is a page becomes a document.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::Read;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::{Gather, Stop, unreadable};
use crate::read::reason::ReasonKind;
use crate::read::records::{Fault, Record, Records};
use crate::read::unpack::Unpack;
use crate::read::warc::{Found, is_content, page, uri};

/// Bytes of records that are held at once.
const TOGETHER: usize = 64 << 20;

impl Gather<'_> {
    pub(super) fn archive(&mut self, name: String, from: File) -> Result<(), Stop> {
        match Unpack::new(from, self.limits.look_back()) {
            Ok(from) => self.records(name, from),
            Err(error) => {
                self.reject(name, unreadable(&error));
                Ok(())
            }
        }
    }

    fn records(&mut self, name: String, from: impl Read) -> Result<(), Stop> {
        let file = self.store.name(name);
        let mut records = Records::new(from);
        let (mut some, mut bytes, mut left_out) = (Vec::new(), 0, 0);
        while let Some(record) = records.next() {
            match record {
                Ok(record) => {
                    bytes += record.held();
                    some.push(record);
                }
                Err(Fault { number, error }) => {
                    self.reject_row(file, number - 1, ReasonKind::Damaged.because(error));
                }
            }
            if bytes > TOGETHER {
                left_out += self.take_pages(file, std::mem::take(&mut some))?;
                bytes = 0;
            }
        }
        left_out += self.take_pages(file, some)?;
        if left_out > 0 {
            let records = if left_out == 1 { "record" } else { "records" };
            let name = &self.store.files[file as usize];
            let note = format!(
                "{name}: skipped {left_out} {records} that are not HTML or text, or have a status other than 200"
            );
            self.store.notes.push(note);
        }
        Ok(())
    }

    /// Keeps the pages of some records, and returns the number of records that are not pages.
    fn take_pages(&mut self, file: u32, records: Vec<Record>) -> Result<usize, Stop> {
        let mut left_out = 0;
        // Unpacked, the body of a record may be much longer than the record.
        for some in records.chunks(2 * rayon::current_num_threads()) {
            left_out += self.take_some(file, some)?;
            self.check_memory()?;
        }
        Ok(left_out)
    }

    fn take_some(&mut self, file: u32, records: &[Record]) -> Result<usize, Stop> {
        let (said, pages) = (self.said(), self.page_options());
        let records = records.par_iter().filter(|record| is_content(record));
        let made = records.map(|record| (record, page(record, said, pages)));
        let mut left_out = 0;
        for (record, made) in made.collect::<Vec<_>>() {
            let too_long = |found: &Found| self.limits.too_long(found.page.text.len() as u64);
            let made = made.and_then(|found| {
                let error = found.as_ref().and_then(too_long);
                error.map_or(Ok(found), Err)
            });
            match made {
                Ok(None) => left_out += 1,
                Ok(Some(found)) => {
                    self.encodings.add(found.encoding, found.guessed);
                    let id = self.id(file, record);
                    self.keep_page(file, Some(record.number as u32), id, &found.page)?;
                }
                Err(reason) => {
                    let uri = uri(record).unwrap_or("the record");
                    self.reject_row(file, record.number - 1, reason.in_part(uri));
                }
            }
        }
        Ok(left_out)
    }

    /// The address of the page. If an archive has the address already, the time is added, so that both pages are kept.
    fn id(&mut self, file: u32, record: &Record) -> String {
        let place = || format!("{}:{}", self.store.files[file as usize], record.number);
        let first = uri(record).map_or_else(place, str::to_owned);
        if self.addresses.add(&first) {
            return first;
        }
        let time = record.fields.get("warc-date").unwrap_or_default();
        let timed = format!("{first}#{time}");
        if self.addresses.add(&timed) {
            return timed;
        }
        loop {
            let number = self.addresses.next(&timed);
            let numbered = format!("{timed}#{number}");
            if self.addresses.add(&numbered) {
                return numbered;
            }
        }
    }
}

/// The ids of the archived pages, as hashes, each with the last number that was added to it.
#[derive(Default)]
pub struct Addresses(HashMap<u128, u32>);

impl Addresses {
    /// Adds an id; false if it is there already.
    fn add(&mut self, id: &str) -> bool {
        let place = self.0.entry(xxh3_128(id.as_bytes()));
        let is_new = matches!(place, Entry::Vacant(_));
        place.or_insert(1);
        is_new
    }

    /// The next number for an id, from 2 on.
    fn next(&mut self, id: &str) -> u32 {
        let last = self.0.entry(xxh3_128(id.as_bytes())).or_insert(1);
        *last += 1;
        *last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_is_added_once_and_numbers_go_on() {
        let mut addresses = Addresses::default();
        assert!(addresses.add("a") && addresses.add("b"));
        assert!(!addresses.add("a"));
        assert_eq!([(); 3].map(|()| addresses.next("a")), [2, 3, 4]);
        assert_eq!(addresses.next("b"), 2);
    }
}
