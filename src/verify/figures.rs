//! Which figures tell copies from strangers, and by which of them was it decided?

use crate::verify::{Collation, Overlap};

/// Which figure made two texts copies.
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
    /// The same without the head and foot of the longer one.
    Body,
    /// The Jaccard of their grams, and of those that are their own.
    Grams,
    /// The same, though less: other versions lie between the two.
    Drift,
    /// Their agreement letter by letter.
    Letters,
}

impl Ground {
    /// Its name in files: `shingles`, `body`, `grams`, `drift`, `letters`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shingles => "shingles",
            Self::Body => "body",
            Self::Grams => "grams",
            Self::Drift => "drift",
            Self::Letters => "letters",
        }
    }
}

impl std::fmt::Display for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why two texts that are much alike are no copies.
///
/// ```
/// assert_eq!(reprint::verify::Objection::Numbers.to_string(), "numbers");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Objection {
    /// Their numbers and dates conflict: two items of one form.
    Numbers,
    /// What the head is about is called something else throughout: two items of one form.
    Subject,
    /// What they have in common is common to many documents: a form, a footer, a licence.
    Common,
}

impl Objection {
    /// Its name in files: `numbers`, `subject`, `common`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Subject => "subject",
            Self::Common => "common",
        }
    }
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was looked at beside the shingles, as far as the decision needed it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Figures {
    /// What made them copies, if something did.
    pub ground: Option<Ground>,
    /// What speaks against it.
    pub objection: Option<Objection>,
    /// Shingles without the head and foot of the longer text ([`body_overlap`](crate::verify::body_overlap)).
    pub body: Option<Overlap>,
    /// Distinct grams of both.
    pub grams: Option<Overlap>,
    /// Of a sample of their grams, those that at most [`COMMON`](crate::lsh::COMMON) documents of the collection have.
    pub own: Option<Overlap>,
    /// How they run beside each other.
    pub collation: Option<Collation>,
}

impl Figures {
    /// The figure that decided; the Jaccard of all shingles where none did.
    pub(super) fn deciding(&self, overlap: Overlap) -> f64 {
        let decided = match self.ground {
            Some(Ground::Body) => self.body.map(|body| body.jaccard()),
            Some(Ground::Grams | Ground::Drift) => self.grams.map(|grams| grams.jaccard()),
            Some(Ground::Letters) => self.collation.map(|collation| collation.agreement()),
            Some(Ground::Shingles) | None => None,
        };
        decided.unwrap_or_else(|| overlap.jaccard())
    }

    pub(super) fn swapped(self) -> Self {
        Self {
            body: self.body.map(Overlap::swapped),
            grams: self.grams.map(Overlap::swapped),
            own: self.own.map(Overlap::swapped),
            collation: self.collation.map(Collation::swapped),
            ..self
        }
    }
}
