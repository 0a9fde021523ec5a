//! Which data of a text does each comparison with another text need?

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::normalize::Normalizer;
use crate::shingle::{ShingleSet, Shingler};
use crate::verify::layout::Layout;
use crate::verify::tally::Tally;
use crate::verify::{Letters, letters};

/// A folded text, ready to be compared with others. Its data are computed on first use, once for all pairs.
///
/// ```
/// use reprint::{shingle::Shingler, verify::{Measures, PreparedText}};
///
/// let shingler = Shingler::default();
/// let prepare = |folded: &'static str| PreparedText::new(folded, &shingler);
/// let (left, right) = (prepare("before the water comes"), prepare("before the water came"));
/// assert!(Measures::new(&left, &right).overlap().jaccard() > 0.0);
/// ```
pub struct PreparedText<'t> {
    folded: Cow<'t, str>,
    /// Cuts the shingles; none if they are given.
    shingler: Option<&'t Shingler>,
    shingles: OnceCell<Vec<u64>>,
    set: OnceCell<ShingleSet>,
    letters: OnceCell<Letters>,
    tally: OnceCell<Tally>,
    original: Option<Original<'t>>,
    quotes: bool,
    layout: OnceCell<Layout>,
}

/// A function that reads the original of a text, and the normalizer that folds it again.
type Original<'t> = (Box<dyn Fn() -> Cow<'t, str> + 't>, Normalizer);

impl<'t> PreparedText<'t> {
    /// A folded text, and the shingler that cuts it.
    pub fn new(folded: impl Into<Cow<'t, str>>, shingler: &'t Shingler) -> Self {
        Self::with(folded.into(), Some(shingler), OnceCell::new())
    }

    /// A folded text with its shingles: all of them, in text order.
    pub(super) fn from_shingles(folded: impl Into<Cow<'t, str>>, shingles: Vec<u64>) -> Self {
        Self::with(folded.into(), None, OnceCell::from(shingles))
    }

    fn with(
        folded: Cow<'t, str>,
        shingler: Option<&'t Shingler>,
        shingles: OnceCell<Vec<u64>>,
    ) -> Self {
        Self {
            folded,
            shingler,
            shingles,
            set: OnceCell::new(),
            letters: OnceCell::new(),
            tally: OnceCell::new(),
            original: None,
            quotes: false,
            layout: OnceCell::new(),
        }
    }

    /// Adds a function that reads the original. The lines of the original show which text is quoted and which is a label. It is read
    /// where two texts are alike and differ in such lines.
    pub fn with_original(
        self,
        normalizer: Normalizer,
        quotes: bool,
        original: impl Fn() -> Cow<'t, str> + 't,
    ) -> Self {
        Self {
            original: Some((Box::new(original), normalizer)),
            quotes,
            ..self
        }
    }

    /// Does the original have quoted lines?
    pub(super) fn quotes(&self) -> bool {
        self.quotes
    }

    /// The lines of the original. Without an original, all text is prose.
    pub(super) fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| match &self.original {
            Some((original, normalizer)) => Layout::new(&original(), normalizer),
            None => Layout::default(),
        })
    }

    pub(super) fn shingles(&self) -> &[u64] {
        let cut = |shingler: &Shingler| shingler.hashes(&self.folded);
        self.shingles
            .get_or_init(|| self.shingler.map(cut).unwrap_or_default())
    }

    pub(super) fn set(&self) -> &ShingleSet {
        self.set
            .get_or_init(|| ShingleSet::from_hashes(self.shingles()))
    }

    /// Number of letters.
    pub(super) fn len(&self) -> usize {
        let taken = self.letters.get();
        taken.map_or_else(|| letters(&self.folded), Letters::len)
    }

    /// Its weight and numbers; taken from its letters, if these are computed.
    pub(super) fn tally(&self) -> &Tally {
        match self.letters.get() {
            Some(letters) => letters.tally(),
            None => self.tally.get_or_init(|| Tally::new(&self.folded)),
        }
    }

    /// Its letters with units and grams.
    pub(crate) fn letters(&self) -> &Letters {
        self.letters.get_or_init(|| Letters::new(&self.folded))
    }
}
