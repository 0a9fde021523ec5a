//! What pages does a web archive hold? Answers of servers, and what crawlers made of them, a record each.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};

use encoding_rs::Encoding;
use rayon::prelude::*;

use super::Reader;
use super::encoding::{Said, decode};
use super::html::{self, Extent};
use super::http;
use super::page::{About, Page};
use super::records::{Fault, Record, Records};
use super::unpack::Unpack;

/// Bytes of records that are held at once.
const TOGETHER: usize = 64 << 20;

/// How a page is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Text,
}

/// A page of a record, and how it was read.
struct Found {
    page: Page,
    encoding: &'static Encoding,
    guessed: bool,
}

impl Reader<'_> {
    pub(super) fn archive(&mut self, name: String, from: File) -> io::Result<()> {
        match Unpack::of(from, self.limits.look_back()) {
            Ok(from) => self.records(name, from),
            Err(error) => {
                self.reject(name, format!("could not be read: {error}"));
                Ok(())
            }
        }
    }

    fn records(&mut self, name: String, from: impl Read) -> io::Result<()> {
        let file = self.store.name(name);
        let mut records = Records::of(from);
        let (mut some, mut bytes, mut left_out) = (Vec::new(), 0, 0);
        while let Some(record) = records.next() {
            match record {
                Ok(record) => {
                    bytes += record.content.len();
                    some.push(record);
                }
                Err(Fault { number, error }) => self.reject_row(file, number - 1, error),
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
                "{name}: left out {left_out} {records} without a page of HTML or text: of other kinds, or with a status other than 200"
            );
            self.store.notes.push(note);
        }
        Ok(())
    }

    /// Keeps the pages of some records; gives the number of those without.
    fn take_pages(&mut self, file: u32, records: Vec<Record>) -> io::Result<usize> {
        let mut left_out = 0;
        // What a server has packed may be much more than its record.
        for some in records.chunks(2 * rayon::current_num_threads()) {
            left_out += self.take_some(file, some)?;
            self.check_memory()?;
        }
        Ok(left_out)
    }

    fn take_some(&mut self, file: u32, records: &[Record]) -> io::Result<usize> {
        let (said, extent) = (self.said(), self.extent());
        let records = records.par_iter().filter(|record| is_content(record));
        let made = records.map(|record| (record, page(record, said, extent)));
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
                Err(error) => {
                    let uri = uri(record).unwrap_or("the record");
                    self.reject_row(file, record.number - 1, format!("{uri}: {error}"));
                }
            }
        }
        Ok(left_out)
    }

    /// The address of the page; of one that was archived before, with its time, so that both stay.
    fn id(&mut self, file: u32, record: &Record) -> String {
        let place = || format!("{}:{}", self.store.files[file as usize], record.number);
        let first = uri(record).map_or_else(place, str::to_owned);
        let time = record.fields.get("warc-date").unwrap_or_default();
        let timed = format!("{first}#{time}");
        let numbered = (2..).map(|number| format!("{timed}#{number}"));
        let mut names = [first, timed.clone()].into_iter().chain(numbered);
        names
            .find(|name| self.addresses.insert(name.clone()))
            .unwrap_or_default()
    }
}

fn uri(record: &Record) -> Option<&str> {
    let uri = record.fields.get("warc-target-uri")?;
    Some(uri.trim_matches(['<', '>'])).filter(|uri| !uri.is_empty())
}

/// Requests, descriptions of the crawl, and notes that nothing has changed are no documents.
fn is_content(record: &Record) -> bool {
    let kind = record.fields.get("warc-type").unwrap_or_default();
    matches!(kind, "response" | "resource" | "conversion")
}

/// The page of a record; none where it holds something else.
fn page(record: &Record, said: Said, extent: Extent) -> Result<Option<Found>, String> {
    let Some(Content { kind, bytes }) = content(record)? else {
        return Ok(None);
    };
    let Some(form) = Form::of(&kind) else {
        return Ok(None);
    };
    let said = match said {
        Said::Nothing => page_said(&kind, &bytes, form),
        said => said,
    };
    let decoded = decode(&bytes, said)?;
    let mut page = match form {
        Form::Html => html::read(&decoded.text, extent)?,
        Form::Text => plain(&decoded.text)?,
    };
    let time = || record.fields.get("warc-date").map(str::to_owned);
    page.about.date = page.about.date.or_else(time);
    page.about.source = uri(record).and_then(host).map(str::to_owned);
    Ok(Some(Found {
        page,
        encoding: decoded.encoding,
        guessed: decoded.guessed,
    }))
}

/// What is in a record.
struct Content<'r> {
    /// Its type in small letters, as `text/html; charset=gbk`.
    kind: String,
    bytes: Cow<'r, [u8]>,
}

/// None where the server had nothing to answer with.
fn content(record: &Record) -> Result<Option<Content<'_>>, String> {
    let kind = record
        .fields
        .get("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    if record.fields.get("warc-type") != Some("response") {
        let bytes = Cow::Borrowed(record.content.as_slice());
        return Ok(Some(Content { kind, bytes }));
    }
    if !(kind.is_empty() || kind.starts_with("application/http")) {
        return Ok(None);
    }
    let answer = http::answer(&record.content)?;
    Ok(answer.map(|answer| {
        let kind = answer.fields.get("content-type").unwrap_or_default();
        Content {
            kind: kind.to_ascii_lowercase(),
            bytes: Cow::Owned(answer.body),
        }
    }))
}

impl Form {
    fn of(kind: &str) -> Option<Self> {
        match kind.split(';').next()?.trim() {
            "text/html" | "application/xhtml+xml" => Some(Self::Html),
            "text/plain" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The encoding by the server's account, or else by the page's.
fn page_said(kind: &str, body: &[u8], form: Form) -> Said {
    let by_page = || html::charset(body).filter(|_| form == Form::Html);
    let encoding = html::label(kind, "charset").or_else(by_page);
    encoding.map_or(Said::Nothing, Said::ByPage)
}

fn plain(text: &str) -> Result<Page, String> {
    if text.trim().is_empty() {
        return Err("it is empty; leave it out".into());
    }
    Ok(Page {
        text: text.to_owned(),
        about: About::default(),
        all_of_it: false,
    })
}

/// The host of an address.
fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    Some(host).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_cut_out_of_an_address() {
        let cases = [
            ("https://news.example/a?b", Some("news.example")),
            ("http://me:secret@news.example:8080", Some("news.example")),
            ("urn:uuid:1", None),
            ("http://", None),
        ];
        for (uri, expected) in cases {
            assert_eq!(host(uri), expected, "{uri}");
        }
    }
}
