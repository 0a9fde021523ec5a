//! What pages does a web archive hold? Answers of servers, and texts that crawlers extracted from them; one per record.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::encoding::{Said, decode};
use super::html::{self, PageOptions};
use super::http;
use super::page::{About, Page};
use super::reason::{Reason, ReasonKind};
use super::records::Record;

/// The format of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Text,
}

/// A page of a record, and how it was read.
pub struct Found {
    pub page: Page,
    pub encoding: &'static Encoding,
    pub guessed: bool,
}

/// The address of the page of a record.
pub fn uri(record: &Record) -> Option<&str> {
    let uri = record.fields.get("warc-target-uri")?;
    Some(uri.trim_matches(['<', '>'])).filter(|uri| !uri.is_empty())
}

/// Whether a record may hold a document. Requests, metadata of the crawl, and notes that nothing has changed are not
/// documents.
pub fn is_content(record: &Record) -> bool {
    let kind = record.fields.get("warc-type").unwrap_or_default();
    matches!(kind, "response" | "resource" | "conversion")
}

/// The page of a record; none if the record holds something else.
pub fn page(record: &Record, said: Said, pages: PageOptions) -> Result<Option<Found>, Reason> {
    let Some(Content { kind, bytes }) = content(record)? else {
        return Ok(None);
    };
    let Some(form) = Form::from_media_type(&kind) else {
        return Ok(None);
    };
    let said = match said {
        Said::Nothing => page_said(&kind, &bytes, form),
        said => said,
    };
    let decoded = decode(&bytes, said).map_err(|text| ReasonKind::Encoding.because(text))?;
    let mut page = match form {
        Form::Html => html::read(&decoded.text, pages)?,
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

/// The content of a record.
struct Content<'r> {
    /// Its media type in lower case, such as `text/html; charset=gbk`.
    kind: String,
    bytes: Cow<'r, [u8]>,
}

/// None if the record holds no answer with content.
fn content(record: &Record) -> Result<Option<Content<'_>>, Reason> {
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
    let answer = http::answer(&record.content);
    let answer = answer.map_err(|text| ReasonKind::Damaged.because(text))?;
    Ok(answer.map(|answer| {
        let kind = answer.fields.get("content-type").unwrap_or_default();
        Content {
            kind: kind.to_ascii_lowercase(),
            bytes: Cow::Owned(answer.body),
        }
    }))
}

impl Form {
    fn from_media_type(kind: &str) -> Option<Self> {
        match kind.split(';').next()?.trim() {
            "text/html" | "application/xhtml+xml" => Some(Self::Html),
            "text/plain" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The encoding that the server declares, or else the one that the page declares.
fn page_said(kind: &str, body: &[u8], form: Form) -> Said {
    let by_page = || html::charset(body).filter(|_| form == Form::Html);
    let encoding = html::label(kind, "charset").or_else(by_page);
    encoding.map_or(Said::Nothing, Said::ByPage)
}

fn plain(text: &str) -> Result<Page, Reason> {
    if text.trim().is_empty() {
        return Err(ReasonKind::Empty.because("it is empty; leave it out"));
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
