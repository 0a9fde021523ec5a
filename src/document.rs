//! Where do the documents come from, and how is a place in a document named?

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::ops::Range;

use crate::error::Error;
use crate::facts::Facts;

/// A document for the library: an id that no other document has, and a text.
///
/// ```
/// use reprint::{Document, Documents};
///
/// let documents = [Document::new("print", "铜墙铁壁"), Document::new("web", "銅牆鐵壁")];
/// assert_eq!(documents.as_slice().id(1), "web");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Document {
    /// The unique id. Results are ordered by it.
    pub id: String,
    /// The decoded text.
    pub text: String,
    /// Further facts about the document.
    pub metadata: Metadata,
}

/// Facts about a document in addition to its text. They influence which copy is kept. They influence which documents are copies only if
/// [`apart`](crate::DeduperBuilder::apart) is set.
///
/// ```
/// use reprint::{Document, Metadata};
///
/// let metadata = Metadata { date: Some("2021-10-09".into()), ..Metadata::default() };
/// let document = Document::new("web", "铜墙铁壁").with_metadata(metadata);
/// assert_eq!(document.metadata.date.as_deref(), Some("2021-10-09"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Metadata {
    /// The date of publication, in any form that [`DateReader`](crate::cluster::DateReader) reads.
    pub date: Option<String>,
    /// The source: a name, a host, an address.
    pub source: Option<String>,
    /// Any other fields, by name; they are merged in the report. Fields with the names `date` and `source` are shown there instead of the
    /// two fields above.
    pub other: Vec<(String, String)>,
}

impl Metadata {
    /// All values of a field by its name, in their order. For `date` and `source`, these are the values in [`other`](Self::other), or, if
    /// there are none, the fields above.
    ///
    /// ```
    /// use reprint::Metadata;
    ///
    /// let other = [("tag", "a"), ("lang", "fr"), ("tag", "b")];
    /// let other = other.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    /// let metadata = Metadata { source: Some("wire".into()), other, ..Metadata::default() };
    /// assert_eq!(metadata.values("tag").collect::<Vec<_>>(), ["a", "b"]);
    /// assert_eq!(metadata.values("source").collect::<Vec<_>>(), ["wire"]);
    /// ```
    pub fn values<'m>(&'m self, name: &str) -> impl Iterator<Item = &'m str> + use<'m> {
        let others = self.other.iter().filter(|(other, _)| other == name);
        let others: Vec<&str> = others.map(|(_, value)| value.as_str()).collect();
        let own = match name {
            "date" => self.date.as_deref(),
            "source" => self.source.as_deref(),
            _ => None,
        };
        let own = own.filter(|_| others.is_empty());
        others.into_iter().chain(own)
    }

    /// The first [value](Self::values) of a field.
    pub fn first_value(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }
}

impl Document {
    /// A document with this id and text, without metadata.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            metadata: Metadata::default(),
        }
    }

    /// The same document with this metadata.
    pub fn with_metadata(self, metadata: Metadata) -> Self {
        Self { metadata, ..self }
    }
}

/// A collection of documents. Any document can be read, more than once and from several threads.
///
/// Slices of [`Document`] and of `(id, text)` implement it. Implement it yourself to keep texts where they are (packed, escaped, in a
/// file). A text is read once to sign it, and again if it has copies or shares passages. A document that can't be read ends the run with an
/// [error](crate::Error::is_unreadable) that names the document. If the [`io::Error`] contains an [`Error`](crate::Error), the run ends
/// with that error.
///
/// ```
/// use std::{borrow::Cow, io};
/// use reprint::{Deduper, Documents};
///
/// /// Numbered lines of one string.
/// struct Lines<'s>(Vec<(String, &'s str)>);
///
/// impl Documents for Lines<'_> {
///     fn len(&self) -> usize {
///         self.0.len()
///     }
///     fn id(&self, position: usize) -> &str {
///         &self.0[position].0
///     }
///     fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
///         Ok(self.0[position].1.into())
///     }
/// }
///
/// let lines = "One and the same.\nOne — and the same!\nAnother".lines().enumerate();
/// let lines = Lines(lines.map(|(number, line)| (number.to_string(), line)).collect());
/// let report = Deduper::default().run(&lines)?;
/// assert_eq!(report.clusters.len(), 1);
/// # Ok::<(), reprint::Error>(())
/// ```
pub trait Documents: Sync {
    /// Number of documents.
    fn len(&self) -> usize;

    /// The id of the document at `position`, which is under [`len`](Self::len).
    fn id(&self, position: usize) -> &str;

    /// The text of the document. It must be the same at every call.
    ///
    /// # Errors
    ///
    /// Where it can't be read, or has changed.
    fn text(&self, position: usize) -> io::Result<Cow<'_, str>>;

    /// The metadata of the document. It is read if the document has copies. It is read for every document if documents are kept
    /// [apart](crate::DeduperBuilder::apart), if [sources](crate::DeduperBuilder::min_sources) are counted, or if only other dates can show
    /// how a date is to be read. By default, it is empty.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text).
    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        let _ = position;
        Ok(Metadata::default())
    }

    /// Facts about the text from [signing it earlier](crate::Deduper::facts). A run then does not sign the text again. Facts of another
    /// scheme are refused. `None` by default.
    fn facts(&self, position: usize) -> Option<&Facts> {
        let _ = position;
        None
    }

    /// The position of the whole document if this one is a part ([`Split`](crate::Split)). A part is not compared with its parent, does not
    /// cause the removal of other documents, and does not count as a document of the input. `None` by default.
    fn parent(&self, position: usize) -> Option<usize> {
        let _ = position;
        None
    }

    /// Is the collection empty?
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Documents for [Document] {
    fn len(&self) -> usize {
        self.len()
    }

    fn id(&self, position: usize) -> &str {
        &self[position].id
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        Ok(self[position].text.as_str().into())
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        Ok(self[position].metadata.clone())
    }
}

impl<I: AsRef<str> + Sync, T: AsRef<str> + Sync> Documents for [(I, T)] {
    fn len(&self) -> usize {
        self.len()
    }

    fn id(&self, position: usize) -> &str {
        self[position].0.as_ref()
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        Ok(self[position].1.as_ref().into())
    }
}

impl<D: Documents + ?Sized> Documents for &D {
    fn len(&self) -> usize {
        (**self).len()
    }

    fn id(&self, position: usize) -> &str {
        (**self).id(position)
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        (**self).text(position)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        (**self).metadata(position)
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        (**self).facts(position)
    }

    fn parent(&self, position: usize) -> Option<usize> {
        (**self).parent(position)
    }
}

impl<T: Sync> Documents for Vec<T>
where
    [T]: Documents,
{
    fn len(&self) -> usize {
        self.len()
    }

    fn id(&self, position: usize) -> &str {
        self.as_slice().id(position)
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.as_slice().text(position)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.as_slice().metadata(position)
    }
}

impl<T: Sync, const N: usize> Documents for [T; N]
where
    [T]: Documents,
{
    fn len(&self) -> usize {
        N
    }

    fn id(&self, position: usize) -> &str {
        self.as_slice().id(position)
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.as_slice().text(position)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.as_slice().metadata(position)
    }
}

/// The text of a document. An error names the document.
pub(crate) fn text_of<D: Documents + ?Sized>(
    documents: &D,
    position: usize,
) -> Result<Cow<'_, str>, Error> {
    let unreadable = |problem| Error::unreadable(documents.id(position), problem);
    documents.text(position).map_err(unreadable)
}

/// The metadata of a document. An error names the document.
pub(crate) fn metadata_of<D: Documents + ?Sized>(
    documents: &D,
    position: usize,
) -> Result<Metadata, Error> {
    let unreadable = |problem| Error::unreadable(documents.id(position), problem);
    documents.metadata(position).map_err(unreadable)
}

/// A document of the input, or a part of one.
///
/// ```
/// let named = reprint::report::DocumentRef { position: 0, id: "a".into(), is_part: false };
/// assert_eq!(named.to_string(), "a");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DocumentRef {
    /// Its position in the input, from 0.
    pub position: usize,
    /// Its id.
    pub id: String,
    /// Whether it is a part of another document ([`Split`](crate::Split)).
    pub is_part: bool,
}

impl DocumentRef {
    pub(crate) fn new<D: Documents + ?Sized>(documents: &D, position: usize) -> Self {
        Self {
            position,
            id: documents.id(position).to_owned(),
            is_part: documents.parent(position).is_some(),
        }
    }
}

impl fmt::Display for DocumentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.id.chars() {
            // Characters that would break the line or change its direction.
            let hidden = c.is_control()
                || matches!(c, '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            if hidden {
                write!(f, "{}", c.escape_default())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}

/// A range of a document's text, end exclusive, in bytes and in characters.
///
/// ```
/// use reprint::Span;
///
/// let span = Span { bytes: 3..6, characters: 1..2 };
/// assert_eq!(span.of("铜墙铁壁"), "墙");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// Bytes in UTF-8; both ends are character boundaries.
    pub bytes: Range<usize>,
    /// Unicode characters.
    pub characters: Range<usize>,
}

impl Span {
    /// The text of the range. `original` must be the text in which it was found.
    pub fn of<'t>(&self, original: &'t str) -> &'t str {
        original.get(self.bytes.clone()).unwrap_or_default()
    }
}

/// Converts byte ranges of a text to spans. Cost: one pass over the text.
pub(crate) fn spans(text: &str, ranges: &[Range<usize>]) -> Vec<Span> {
    let mut ends: Vec<usize> = ranges
        .iter()
        .flat_map(|range| [range.start, range.end])
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let (mut from, mut count) = (0, 0);
    let counts = ends.iter().map(|&end| {
        let end = end.min(text.len());
        count += starts(&text.as_bytes()[from..end]);
        from = end;
        count
    });
    let counts: Vec<usize> = counts.collect();
    let count = |end: usize| ends.binary_search(&end).map_or(0, |at| counts[at]);
    let spans = ranges.iter().map(|range| Span {
        bytes: range.clone(),
        characters: count(range.start)..count(range.end),
    });
    spans.collect()
}

/// Number of characters that start in these bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}
