//! Which passages do documents share, in the texts that a reader sees?

use crate::document::Span;
use crate::lsh::MAX_RARE_DOCUMENTS;

/// A passage that two documents share: equal when folded, or interrupted by short changes.
///
/// ```
/// use reprint::{Span, report::Passage};
///
/// let span = Span { bytes: 0..6, characters: 0..2 };
/// let passage = Passage { left: span.clone(), right: span, common: 2, documents: 2 };
/// assert!(!passage.is_common_phrase());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Passage {
    /// Its place in the left document.
    pub left: Span,
    /// Its place in the right document.
    pub right: Span,
    /// Number of equal folded characters, including spaces between words.
    pub common: usize,
    /// Number of different documents with the passage; copies count once. It is the number for its rarest seed, or 2 if nothing was
    /// counted.
    pub documents: usize,
}

impl Passage {
    /// Is it in too many documents to show that two of them are related? ([`MAX_RARE_DOCUMENTS`])
    pub fn is_common_phrase(&self) -> bool {
        self.documents > MAX_RARE_DOCUMENTS
    }

    /// The same passage seen from the other side.
    pub(crate) fn swapped(self) -> Self {
        let Self { left, right, .. } = self;
        Self {
            left: right,
            right: left,
            ..self
        }
    }
}

/// A passage that several documents share, listed once with all its places. All places are equal when folded.
///
/// ```
/// let notice = "水来之前人先动，灯亮之处有人守，一个人也不能落下。郑水英说，收稻子也是这个理。";
/// let [a, b] = ["糖厂改建的图书馆昨天开门。", "夜里十点，第一阵雨点打在油布上。"].map(|text| format!("{text}{notice}"));
/// let documents = [("a", a.as_str()), ("b", b.as_str())];
/// let report = reprint::Deduper::default().run(&documents)?;
/// let passage = &report.passages[0];
/// assert_eq!((passage.documents, passage.places.len()), (2, 2));
/// assert_eq!(passage.places[1].span.of(&b), notice.trim_end_matches('。'));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CommonPassage {
    /// Number of folded characters, including spaces between words.
    pub chars: usize,
    /// Number of different documents with the passage, among those that stay.
    pub documents: usize,
    /// Its places, by id, then by place in the text: the first 1,000 places.
    pub places: Vec<PassagePlace>,
}

impl CommonPassage {
    /// Is it in too many documents to show that two of them are related? ([`MAX_RARE_DOCUMENTS`])
    ///
    /// ```
    /// use reprint::report::CommonPassage;
    ///
    /// assert!(CommonPassage { chars: 300, documents: 10_000, places: Vec::new() }.is_common_phrase());
    /// ```
    pub fn is_common_phrase(&self) -> bool {
        self.documents > MAX_RARE_DOCUMENTS
    }
}

/// A place of a passage.
///
/// ```
/// use reprint::{Span, report::PassagePlace};
///
/// let place = PassagePlace { position: 0, span: Span { bytes: 3..6, characters: 1..2 } };
/// assert_eq!(place.span.of("铜墙铁壁"), "墙");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PassagePlace {
    /// The document's place in the input.
    pub position: usize,
    /// The passage in its text.
    pub span: Span,
}
