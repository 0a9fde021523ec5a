//! Two texts that are no copies of each other: is one inside the other, or do they quote one source?

use crate::error::Error;
use crate::verify::{FoldedPassage, Overlap, Relation};

/// Minimum share of the contained text that must be in passages. Scattered shingles do not count: a long book has many shingles of
/// any short text. Of 40,857 unrelated documents, 107 pairs have 0.55 of one text in scattered shingles.
const MIN_SHARE_IN_PASSAGES: f64 = 0.5;

/// Minimum length of the container, as a multiple of the contained text. Two forms with different contents share as much, and
/// neither is inside the other.
pub(crate) const MIN_CONTAINER_RATIO: f64 = 1.15;

/// Minimum share of the shorter of two copies that must be in the longer one for it to be inside as well. Also the minimum share of
/// any document that must be in another one for it to be removed for that.
pub const WHOLE: f64 = 0.9;

/// The limits from which two texts that are not copies are related.
///
/// ```
/// let limits = reprint::verify::Limits::default();
/// assert_eq!((limits.containment, limits.passage), (0.6, 30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Share of one text's shingles that must be in the other for it to be `within`. A text in which every tenth character was
    /// damaged keeps 0.59 of its shingles of five characters.
    pub containment: f64,
    /// Weight of the shortest passage that makes two texts share something
    /// ([`UnitKind::weight`](crate::shingle::UnitKind::weight)): 30 is 30 characters of a script without spaces, or 15 words.
    /// A shorter text is never `within` another.
    pub passage: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            containment: 0.6,
            passage: crate::signature::GUARANTEED,
        }
    }
}

impl Limits {
    /// Are they in range?
    pub(crate) fn check(self) -> Result<(), Error> {
        if !(self.containment > 0.0 && self.containment <= 1.0) {
            return Err(Error::setting(
                "containment",
                self.containment,
                "it must be over 0 and at most 1",
            ));
        }
        if self.passage == 0 {
            return Err(Error::setting(
                "passage",
                self.passage,
                "it must be at least 1",
            ));
        }
        Ok(())
    }

    /// `Contains` or `Within`, if these counts allow it: the demanded share of the shorter text must be in the other text, which must
    /// be longer by at least 15 %. For copies, the share is at least nine tenths.
    pub(crate) fn containment(self, overlap: Overlap, copies: bool) -> Option<Relation> {
        let (relation, share) = if overlap.left >= overlap.right {
            (Relation::Contains, overlap.right_in_left())
        } else {
            (Relation::Within, overlap.left_in_right())
        };
        let demanded = if copies {
            self.containment.max(WHOLE)
        } else {
            self.containment
        };
        let (shorter, longer) = (
            overlap.left.min(overlap.right),
            overlap.left.max(overlap.right),
        );
        (share >= demanded && longer as f64 >= MIN_CONTAINER_RATIO * shorter as f64)
            .then_some(relation)
    }

    fn long(self, passages: &[FoldedPassage]) -> impl Iterator<Item = &FoldedPassage> {
        let long = move |passage: &&FoldedPassage| passage.weight >= self.passage;
        passages.iter().filter(long)
    }

    /// Is one of these passages long enough, and not a common phrase?
    pub(crate) fn tells(self, passages: &[FoldedPassage]) -> bool {
        self.long(passages)
            .any(|passage| !passage.is_common_phrase())
    }

    /// Is enough of the shorter of two texts in passages for it to be inside the other? `weights` are those of the two texts.
    pub(crate) fn stands(self, passages: &[FoldedPassage], weights: (usize, usize)) -> bool {
        let standing: usize = self.long(passages).map(|passage| passage.weight).sum();
        let shorter = weights.0.min(weights.1);
        shorter >= self.passage && standing as f64 >= MIN_SHARE_IN_PASSAGES * shorter as f64
    }
}

/// The relation of two texts that are not copies, by the counts of their shingles, the weights of their folded forms
/// ([`weight`](crate::shingle::weight)) and their passages.
///
/// One text is inside the other if three conditions hold. The demanded share of the shorter text is in the longer one. The longer
/// one is longer by at least 15 %. At least half of the shorter text is in passages. Otherwise two texts share something if
/// one of their passages is long enough and not a common phrase. With `copies`, the result is never `Shares`, but one text may be
/// inside the other.
pub fn relate(
    limits: Limits,
    copies: bool,
    overlap: Overlap,
    weights: (usize, usize),
    passages: &[FoldedPassage],
) -> Option<Relation> {
    if limits.stands(passages, weights)
        && let Some(relation) = limits.containment(overlap, copies)
    {
        return Some(relation);
    }
    (!copies && limits.tells(passages)).then_some(Relation::Shares)
}
