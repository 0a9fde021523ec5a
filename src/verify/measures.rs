//! What do two texts say of each other?
//!
//! [`Measures`] depends on the two texts alone, whatever else there is, so that it never goes stale. Each figure is counted when
//! it is first asked for: most pairs are decided by the first one.

use std::cell::OnceCell;
use std::ops::Range;

use crate::verify::changes::all_changes;
use crate::verify::collation::{MinCollation, agreement_may_reach, collate_if, conflicts_where};
use crate::verify::layout::LineKind;
use crate::verify::{Collation, Overlap, PreparedText, body_overlap, collate};

/// The measures of two texts, left and right.
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
    /// Nothing is counted yet.
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

    /// Distinct shingles. Cost: a sort of either text, once, and a merge.
    pub fn overlap(&self) -> Overlap {
        *self
            .overlap
            .get_or_init(|| Overlap::new(self.left.set(), self.right.set()))
    }

    /// Distinct shingles without the head and foot of the longer text ([`body_overlap`]). Cost: a sort of either text.
    pub fn body(&self) -> Overlap {
        let (left, right) = (self.left.shingles(), self.right.shingles());
        *self
            .body
            .get_or_init(|| body_overlap(left, right, self.overlap()))
    }

    /// The body, if it was asked for.
    pub(super) fn known_body(&self) -> Option<Overlap> {
        self.body.get().copied()
    }

    /// Distinct grams. Cost: a sort of either text, once, and a merge.
    pub fn grams(&self) -> Overlap {
        *self
            .grams
            .get_or_init(|| self.left.letters().grams(self.right.letters()))
    }

    /// The grams, if they were asked for.
    pub(super) fn known_grams(&self) -> Option<Overlap> {
        self.grams.get().copied()
    }

    /// The two texts side by side; none where they don't run side by side at all. Cost: see [`collate`].
    pub fn collation(&self) -> Option<Collation> {
        let collate = || collate(self.left.letters(), self.right.letters());
        *self.collation.get_or_init(collate)
    }

    /// The collation, if it was asked for.
    pub(super) fn known_collation(&self) -> Option<Collation> {
        self.collation.get().copied().flatten()
    }

    /// The same, where it reaches `least`. Most that do not are found out early.
    pub(super) fn collation_reaching(&self, least: MinCollation) -> Option<Collation> {
        if let Some(known) = self.collation.get() {
            return known.filter(|known| least.is_reached_by(known));
        }
        let (left, right) = (self.left.letters(), self.right.letters());
        if !agreement_may_reach(left, right, least.agreement) {
            return None;
        }
        let found = collate_if(left, right, least);
        if found.is_some() {
            self.collation.get_or_init(|| found);
        }
        found
    }

    /// Conflicts of numbers in prose: those in labels of both texts, such as counters, are left out. Cost: both originals are
    /// folded again.
    pub fn conflicts_in_prose(&self) -> usize {
        let (left, right) = (self.left.layout(), self.right.layout());
        conflicts_where(self.left.letters(), self.right.letters(), |change| {
            left.kind(change.0.start) != LineKind::Label
                || right.kind(change.1.start) != LineKind::Label
        })
    }

    /// Share of the shorter text's letters that are prose.
    pub fn prose_share(&self) -> f64 {
        let text = if self.left.len() <= self.right.len() {
            self.left
        } else {
            self.right
        };
        1.0 - text.layout().letters(LineKind::Label) as f64 / text.len().max(1) as f64
    }

    /// Letters of prose that a text says itself where most of what it has in common with the other is quoted, the more of the
    /// two; 0 where neither quotes.
    pub fn answered(&self) -> usize {
        if !self.left.quotes() && !self.right.quotes() {
            return 0;
        }
        let changes = all_changes(self.left.letters(), self.right.letters());
        let of_left = answered(self.left, changes.iter().map(|change| &change.0));
        let of_right = answered(self.right, changes.iter().map(|change| &change.1));
        of_left.max(of_right)
    }

    /// Letters of either.
    pub fn letters(&self) -> [usize; 2] {
        [self.left.len(), self.right.len()]
    }

    /// Grams that are new on either side where text was cut or moved, at most: as many as a gram has letters.
    pub(super) fn most_at_a_seam(&self) -> usize {
        let shorter = if self.left.len() <= self.right.len() {
            self.left
        } else {
            self.right
        };
        shorter.letters().usual_gram()
    }

    /// Weight of the longer text ([`UnitKind::weight`](crate::shingle::UnitKind::weight)).
    pub fn weight(&self) -> usize {
        let (left, right) = (self.left.tally(), self.right.tally());
        left.weight().max(right.weight())
    }

    /// Numbers that each has and the other lacks, of the one that has fewer: about as many can conflict.
    pub fn most_conflicts(&self) -> usize {
        self.left.tally().conflicts_at_most(self.right.tally())
    }
}

/// Letters of prose in the changes of a text that quotes most of the rest.
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
