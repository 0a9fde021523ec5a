//! The figures of a pair of texts.
//!
//! [`Measures`] depends on the two texts alone, not on other documents. Each figure is computed on first use, since the first one
//! decides most pairs.

use std::cell::OnceCell;
use std::ops::Range;

use crate::verify::changes::all_changes;
use crate::verify::collation::{MinCollation, agreement_may_reach, collate_if, conflicts_where};
use crate::verify::layout::LineKind;
use crate::verify::{Collation, Comparison, Figures, Overlap, PreparedText, body_overlap, collate};

/// The figures of two texts, left and right, computed on first use.
///
/// ```
/// use reprint::{shingle::Shingler, verify::{Measures, PreparedText}};
///
/// let shingler = Shingler::default();
/// let prepare = |folded: &'static str| PreparedText::new(folded, &shingler);
/// let (print, scan) = (prepare("in the harbour at noon"), prepare("in tho harbonr at noon"));
/// let measures = Measures::new(&print, &scan);
/// assert_eq!(measures.overlap().shared, 0);
/// assert!(measures.collation().is_some_and(|collation| collation.agreement() > 0.8));
/// ```
pub struct Measures<'m, 't> {
    left: &'m PreparedText<'t>,
    right: &'m PreparedText<'t>,
    overlap: OnceCell<Overlap>,
    body: OnceCell<Overlap>,
    grams: OnceCell<Overlap>,
    collation: OnceCell<Option<Collation>>,
}

impl<'m, 't> Measures<'m, 't> {
    /// Measures of two texts; computes nothing yet.
    pub fn new(left: &'m PreparedText<'t>, right: &'m PreparedText<'t>) -> Self {
        Self {
            left,
            right,
            overlap: OnceCell::new(),
            body: OnceCell::new(),
            grams: OnceCell::new(),
            collation: OnceCell::new(),
        }
    }

    /// Measures of two texts that were compared before. Figures that were computed then are reused.
    pub(crate) fn compared(
        left: &'m PreparedText<'t>,
        right: &'m PreparedText<'t>,
        comparison: &Comparison,
    ) -> Self {
        let figures = &comparison.figures;
        Self {
            left,
            right,
            overlap: OnceCell::from(comparison.overlap),
            body: figures.body.map_or_else(OnceCell::new, OnceCell::from),
            grams: figures.grams.map_or_else(OnceCell::new, OnceCell::from),
            collation: figures
                .collation
                .map_or_else(OnceCell::new, |known| OnceCell::from(Some(known))),
        }
    }

    /// A comparison of the two texts with all figures that were computed so far.
    pub(crate) fn noted_in(&self, comparison: Comparison) -> Comparison {
        let figures = Figures {
            body: self.body.get().copied(),
            grams: self.grams.get().copied(),
            collation: self.collation.get().copied().flatten(),
            ..comparison.figures
        };
        Comparison {
            figures,
            ..comparison
        }
    }

    /// Counts of distinct shingles. Cost: a sort of each text, once, and a merge.
    pub fn overlap(&self) -> Overlap {
        *self
            .overlap
            .get_or_init(|| Overlap::new(self.left.set(), self.right.set()))
    }

    /// Counts of distinct shingles without the head and foot of the longer text ([`body_overlap`]). Cost: a sort of each text.
    pub fn body(&self) -> Overlap {
        let (left, right) = (self.left.shingles(), self.right.shingles());
        *self
            .body
            .get_or_init(|| body_overlap(left, right, self.overlap()))
    }

    /// Counts of distinct grams. Cost: a sort of each text, once, and a merge.
    pub fn grams(&self) -> Overlap {
        *self
            .grams
            .get_or_init(|| self.left.letters().grams(self.right.letters()))
    }

    /// The collation of the two texts; `None` if they have no common order. Cost: see [`collate`].
    pub fn collation(&self) -> Option<Collation> {
        let collate = || collate(self.left.letters(), self.right.letters());
        *self.collation.get_or_init(collate)
    }

    /// Can the agreement of the two texts reach `least`? Only the letters are compared. Cost: the distance of brief texts.
    pub(super) fn agreement_may_reach(&self, least: f64) -> bool {
        match self.collation.get() {
            Some(known) => known.is_some_and(|known| known.agreement() >= least),
            None => agreement_may_reach(self.left.letters(), self.right.letters(), least),
        }
    }

    /// The collation, if it reaches `least`. Most collations that fail are rejected early, before all changes are inspected.
    pub(super) fn collation_reaching(&self, least: MinCollation) -> Option<Collation> {
        if let Some(known) = self.collation.get() {
            return known.filter(|known| least.is_reached_by(known));
        }
        let found = collate_if(self.left.letters(), self.right.letters(), least);
        if found.is_some() {
            self.collation.get_or_init(|| found);
        }
        found
    }

    /// Conflicts of numbers in prose, without those in labels of both texts, such as counters. Cost: both originals are folded
    /// again.
    pub fn conflicts_in_prose(&self) -> usize {
        let (left, right) = (self.left.layout(), self.right.layout());
        conflicts_where(self.left.letters(), self.right.letters(), |change| {
            left.kind(change.0.start) != LineKind::Label
                || right.kind(change.1.start) != LineKind::Label
        })
    }

    /// Share of the shorter text's letters that are prose.
    pub fn prose_share(&self) -> f64 {
        let text = self.shorter();
        1.0 - text.layout().letters(LineKind::Label) as f64 / text.len().max(1) as f64
    }

    /// Letters of prose that only one text has, if it quotes most of the common text; the larger figure of the two texts. 0 if neither
    /// quotes.
    pub fn answered(&self) -> usize {
        if !self.left.quotes() && !self.right.quotes() {
            return 0;
        }
        let changes = all_changes(self.left.letters(), self.right.letters());
        let of_left = answered(self.left, changes.iter().map(|change| &change.0));
        let of_right = answered(self.right, changes.iter().map(|change| &change.1));
        of_left.max(of_right)
    }

    /// Number of letters of each text.
    pub fn letters(&self) -> [usize; 2] {
        [self.left.len(), self.right.len()]
    }

    /// Maximum number of new grams on each side of a place where text was cut or moved: one per letter of a gram.
    pub(super) fn most_at_a_seam(&self) -> usize {
        self.shorter().letters().usual_gram()
    }

    fn shorter(&self) -> &'m PreparedText<'t> {
        if self.left.len() <= self.right.len() {
            self.left
        } else {
            self.right
        }
    }

    /// Weight of the longer text ([`UnitKind::weight`](crate::shingle::UnitKind::weight)).
    pub fn weight(&self) -> usize {
        let (left, right) = (self.left.tally(), self.right.tally());
        left.weight().max(right.weight())
    }

    /// Estimated maximum of conflicting numbers: the numbers that only one text has, counted in the text with fewer numbers.
    pub fn most_conflicts(&self) -> usize {
        self.left.tally().conflicts_at_most(self.right.tally())
    }
}

/// Letters of prose in the changes of a text; 0 if it does not quote most of its common text.
fn answered<'c>(text: &PreparedText<'_>, changes: impl Iterator<Item = &'c Range<usize>>) -> usize {
    if !text.quotes() {
        return 0;
    }
    let layout = text.layout();
    let (mut changed, mut quoted, mut prose) = (0, 0, 0);
    for change in changes {
        changed += change.len();
        quoted += layout.letters_in(change, LineKind::Quoted);
        prose += layout.letters_in(change, LineKind::Prose);
    }
    let common = text.len() - changed;
    let quoted = layout.letters(LineKind::Quoted) - quoted;
    if 2 * quoted >= common { prose } else { 0 }
}
