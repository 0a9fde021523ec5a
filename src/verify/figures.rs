//! The figures of a comparison, and the ground that decided it.

use crate::verify::{Collation, Evidence, Overlap};

/// The figure that made two texts copies.
///
/// ```
/// assert_eq!(reprint::verify::Ground::Grams.to_string(), "grams");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Ground {
    /// The Jaccard of their shingles.
    Shingles,
    /// The Jaccard of their shingles without the head and foot of the longer text.
    Body,
    /// The Jaccard of their grams.
    Grams,
    /// A lower Jaccard of grams, for versions with other versions between them.
    Drift,
    /// The share of letters that agree.
    Letters,
    /// One text is completely inside the other, with notes between its lines.
    Notes,
}

impl Ground {
    /// Its name in files: `shingles`, `body`, `grams`, `drift`, `letters`, `notes`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shingles => "shingles",
            Self::Body => "body",
            Self::Grams => "grams",
            Self::Drift => "drift",
            Self::Letters => "letters",
            Self::Notes => "notes",
        }
    }
}

impl std::fmt::Display for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The reason why two similar texts are not copies.
///
/// ```
/// assert_eq!(reprint::verify::Objection::Numbers.to_string(), "numbers");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Objection {
    /// Their numbers and dates conflict: they are two items of one form.
    Numbers,
    /// A name in the head is replaced throughout: they are two items of one form.
    Subject,
    /// They differ in the slots of a form, which other works fill in with other text.
    Form,
    /// Other works have the common text too: the furniture of a site, a footer, a licence.
    Furniture,
    /// One says the opposite of the other.
    Opposite,
    /// They are lines that differ in a word.
    Word,
    /// They are two messages: one quotes the other, or both quote a third one.
    Message,
}

impl Objection {
    /// Its name in files: `numbers`, `subject`, `form`, `furniture`, `opposite`, `word`, `message`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Subject => "subject",
            Self::Form => "form",
            Self::Furniture => "furniture",
            Self::Opposite => "opposite",
            Self::Word => "word",
            Self::Message => "message",
        }
    }
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The figures other than shingles; a figure that the decision did not need is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Figures {
    /// The figure that made them copies, if any.
    pub ground: Option<Ground>,
    /// Their similarity by that ground, from 0 to 1 on the scale of the threshold
    /// ([`Bounds::similarity`](crate::verify::Bounds::similarity)).
    pub similarity: f64,
    /// The objection to them being copies, if any.
    pub objection: Option<Objection>,
    /// Shingles without the head and foot of the longer text ([`body_overlap`](crate::verify::body_overlap)).
    pub body: Option<Overlap>,
    /// Distinct grams of both.
    pub grams: Option<Overlap>,
    /// Counts of the changes between them.
    pub collation: Option<Collation>,
    /// Votes of other works, if there were any.
    pub evidence: Option<Evidence>,
}

impl Figures {
    pub(super) fn swapped(self) -> Self {
        Self {
            body: self.body.map(Overlap::swapped),
            grams: self.grams.map(Overlap::swapped),
            collation: self.collation.map(Collation::swapped),
            ..self
        }
    }
}
