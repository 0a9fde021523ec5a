//! What is the content of a file that is one document?

use std::fs::File;
use std::io;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

#[cfg(feature = "office")]
use super::caught::caught;
use super::encoding::{Said, decode};
use super::html::{self, PageOptions};
#[cfg(feature = "office")]
use super::kind::Office;
use super::kind::{Format, Kind};
use super::limits::Limits;
#[cfg(feature = "office")]
use super::office;
use super::packing::Packing;
use super::page::Page;
use super::reason::{Reason, ReasonKind};
use super::unpack::Unpack;
use super::{mail, roff};

/// A document that was read.
pub struct Document {
    pub content: Content,
    pub encoding: &'static Encoding,
    pub guessed: bool,
    /// How the file is packed according to its first bytes, if its name says something else.
    pub packed: Option<&'static str>,
}

pub enum Content {
    Text(String),
    Page(Page),
}

/// How a document is read.
#[derive(Clone, Copy)]
pub struct Options {
    /// What is known about the encoding.
    pub said: Said,
    pub pages: PageOptions,
    pub limits: Limits,
}

/// Reads a file as one document of this kind, or returns why it is rejected.
pub fn read(path: &Path, kind: Kind, options: Options) -> Result<Document, Reason> {
    let file = File::open(path).map_err(unreadable)?;
    #[cfg(feature = "office")]
    if let Format::Office(office) = kind.format {
        return Ok(Document::page(office_page(file, office, options)?));
    }
    let (bytes, packing) = whole(file, options.limits)?;
    let mut document = document(&bytes, kind.format, options)?;
    if packing != kind.packing {
        document.packed = Some(packing.map_or("not packed", Packing::name));
    }
    Ok(document)
}

impl Document {
    /// A document of a format that declares its own encoding.
    fn page(page: Page) -> Self {
        Self {
            content: Content::Page(page),
            encoding: UTF_8,
            guessed: false,
            packed: None,
        }
    }
}

/// A panic of the parser rejects only this file.
#[cfg(feature = "office")]
fn office_page(file: File, office: Office, options: Options) -> Result<Page, Reason> {
    let read = caught(|| office::read(file, office, options.pages, options.limits));
    read.unwrap_or_else(|panic| {
        let error = format!("it can't be taken apart ({panic}); take the text out of it first");
        Err(ReasonKind::Malformed.because(error))
    })
}

fn unreadable(error: io::Error) -> Reason {
    ReasonKind::Unreadable.because(format!("could not be read: {error}"))
}

/// The bytes of a file. Its first bytes, not its name, decide how it is unpacked.
fn whole(file: File, limits: Limits) -> Result<(Vec<u8>, Option<Packing>), Reason> {
    let length = file.metadata().map_or(0, |file| file.len());
    let from = Unpack::new(file, limits.look_back());
    let mut from = from.map_err(unreadable)?;
    let packing = from.packing();
    if packing.is_none()
        && let Some(error) = limits.too_long(length)
    {
        return Err(error);
    }
    Ok((limits.whole(&mut from)?, packing))
}

fn document(bytes: &[u8], format: Format, options: Options) -> Result<Document, Reason> {
    if format == Format::Mail {
        return Ok(Document::page(mail::read(bytes, options.pages)?));
    }
    let said = match (format, options.said) {
        (Format::Page, Said::Nothing) => html::charset(bytes).map_or(options.said, Said::ByPage),
        _ => options.said,
    };
    let decoded = decode(bytes, said).map_err(|text| ReasonKind::Encoding.because(text))?;
    let (encoding, guessed) = (decoded.encoding, decoded.guessed);
    let content = match format {
        Format::Page => Content::Page(html::read(&decoded.text, options.pages)?),
        Format::Manual => Content::Text(roff::plain(&decoded.text)),
        _ => Content::Text(decoded.text.into_owned()),
    };
    Ok(Document {
        content,
        encoding,
        guessed,
        packed: None,
    })
}
