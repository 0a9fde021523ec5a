//! What is the relation of these two documents?
//!
//! The decision rests on counts of both texts, not on estimates. Only what many documents have in common is estimated, from a
//! sample. [`compare`] is a pure function of two [`Text`]s and a threshold. Cost: a sort of both shingle lists.

mod align;
mod body;
mod bounds;
mod changes;
mod collation;
mod differences;
mod distance;
mod evidence;
mod figures;
mod gram_index;
mod inspect;
mod judge;
mod layout;
mod letters;
mod measures;
mod negation;
mod numbers;
mod passages;
mod prepared;
mod relate;
mod rules;
mod series;
mod side_by_side;
mod spelling;
mod stretches;
mod substitutions;
mod tally;

use std::fmt;

pub(crate) use body::is_prose;
pub use body::{FURNITURE_FLOOR, MAX_FURNITURE, body_overlap, body_threshold};
pub use side_by_side::{Piece, side_by_side};

pub use bounds::{Bounds, SHORT_TEXT_WEIGHT};
pub use collation::{Collation, MAX_CHANGE, collate};
pub use differences::{Difference, DifferenceKind, Edition, differences};
pub(crate) use differences::{common_stretches, differences_along};
pub use evidence::Evidence;
pub(crate) use evidence::{Alignment, Places, Voter};
pub use figures::{Figures, Ground, Objection};
pub use judge::judge;
pub(crate) use layout::quotes;
pub use letters::Letters;
pub(crate) use letters::letters;
pub use measures::Measures;
pub(crate) use numbers::{DateWord, date_word, is_han_number, number};
pub use passages::{FoldedPassage, passages};
pub use prepared::PreparedText;
pub(crate) use relate::MIN_CONTAINER_RATIO;
pub use relate::{Limits, WHOLE, relate};
pub(crate) use rules::{Grounds, Hints};
pub use stretches::{Stretch, rare_anchors, seed_anchors, stretches};

use crate::kernels::merged;
use crate::shingle::ShingleSet;
use crate::signature::Shared;

/// Exact counts of distinct shingles; ratios are derived from them.
///
/// ```
/// use reprint::{shingle::ShingleSet, verify::Overlap};
///
/// let article = ShingleSet::from_hashes(&Vec::from_iter(0..40));
/// let compilation = ShingleSet::from_hashes(&Vec::from_iter(1..140));
/// let overlap = Overlap::new(&article, &compilation);
/// assert_eq!(overlap, Overlap { shared: 39, left: 40, right: 139 });
/// assert_eq!(overlap.left_in_right(), 0.975);
/// assert!(overlap.jaccard() < 0.29);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Overlap {
    /// Shingles that both have.
    pub shared: usize,
    /// Shingles of the left document.
    pub left: usize,
    /// Shingles of the right document.
    pub right: usize,
}

impl Overlap {
    /// Counts shared shingles by a merge of the two ascending lists.
    pub fn new(left: &ShingleSet, right: &ShingleSet) -> Self {
        Self {
            shared: shared(left.as_slice(), right.as_slice()),
            left: left.len(),
            right: right.len(),
        }
    }

    /// Shared shingles over all distinct shingles of both, from 0 to 1; 0 where both are empty.
    pub fn jaccard(&self) -> f64 {
        let all = (self.left + self.right).saturating_sub(self.shared);
        ratio(self.shared, all)
    }

    /// Share of the left document's shingles that the right one has.
    pub fn left_in_right(&self) -> f64 {
        ratio(self.shared, self.left)
    }

    /// Share of the right document's shingles that the left one has.
    pub fn right_in_left(&self) -> f64 {
        ratio(self.shared, self.right)
    }

    /// The same counts seen from the other side.
    pub fn swapped(self) -> Self {
        Self {
            shared: self.shared,
            left: self.right,
            right: self.left,
        }
    }
}

impl From<Shared> for Overlap {
    fn from(shared: Shared) -> Self {
        Self {
            shared: shared.keys,
            left: shared.left,
            right: shared.right,
        }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Number of parts into which the range of hashes is split. The parts are merged in one loop, because each step of a merge has to
/// wait for the step before.
const LANES: usize = 4;

/// Number of hashes that two ascending lists share. Hashes are spread evenly, so the parts are about equally long.
fn shared(left: &[u64], right: &[u64]) -> usize {
    let (left, right) = (lanes(left), lanes(right));
    let (mut on_left, mut on_right) = ([0; LANES], [0; LANES]);
    let mut shared = 0;
    loop {
        let rest = |lane: usize| {
            (left[lane].len() - on_left[lane]).min(right[lane].len() - on_right[lane])
        };
        // No list ends within this number of steps.
        let steps = (0..LANES).map(rest).min().unwrap_or(0);
        if steps == 0 {
            break;
        }
        for _ in 0..steps {
            for lane in 0..LANES {
                let (a, b) = (left[lane][on_left[lane]], right[lane][on_right[lane]]);
                shared += usize::from(a == b);
                on_left[lane] += usize::from(a <= b);
                on_right[lane] += usize::from(b <= a);
            }
        }
    }
    let rest = |lane: usize| merged(&left[lane][on_left[lane]..], &right[lane][on_right[lane]..]);
    shared + (0..LANES).map(rest).sum::<usize>()
}

/// The parts of an ascending list, split by the upper bits of the hashes.
fn lanes(hashes: &[u64]) -> [&[u64]; LANES] {
    let mut rest = hashes;
    std::array::from_fn(|lane| {
        let within = |hash: &u64| (hash >> (u64::BITS - LANES.ilog2())) as usize <= lane;
        let (part, behind) = rest.split_at(rest.partition_point(within));
        rest = behind;
        part
    })
}

/// The relation of two documents.
///
/// ```
/// use reprint::verify::Relation;
///
/// assert_eq!(Relation::SameText.to_string(), "same-text");
/// assert!(Relation::Reprint.is_copy() && !Relation::Distinct.is_copy());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Relation {
    /// The same characters.
    Exact,
    /// Equal after folding: only layout, width, punctuation or script differ.
    SameText,
    /// An edition, by one of the figures that [`Ground`] names; most often by a Jaccard at or over the threshold.
    Reprint,
    /// The right text is inside the left one, nearly whole.
    Contains,
    /// The left text is inside the right one, nearly whole.
    Within,
    /// They share a long passage, and none of the relations above holds.
    Shares,
    /// None of the relations above holds.
    #[default]
    Distinct,
}

impl Relation {
    /// The relations of copies, the closest first.
    pub const COPIES: [Self; 3] = [Self::Exact, Self::SameText, Self::Reprint];

    /// The name used in files: `exact`, `same-text`, `reprint`, `contains`, `within`, `shares`, `distinct`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::SameText => "same-text",
            Self::Reprint => "reprint",
            Self::Contains => "contains",
            Self::Within => "within",
            Self::Shares => "shares",
            Self::Distinct => "distinct",
        }
    }

    /// Are two documents of this relation copies, which belong to one cluster?
    pub fn is_copy(self) -> bool {
        matches!(self, Self::Exact | Self::SameText | Self::Reprint)
    }

    /// The same relation seen from the other side.
    pub fn swapped(self) -> Self {
        match self {
            Self::Contains => Self::Within,
            Self::Within => Self::Contains,
            symmetric => symmetric,
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One side of a comparison.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, verify::Text};
///
/// let original = "二○○八年";
/// let folded = Normalizer::new().fold(original);
/// let shingles = Shingler::default().hashes(&folded);
/// let text = Text { original, folded: &folded, shingles: &shingles };
/// assert_eq!(text.shingles.len(), 1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The original characters.
    pub original: &'t str,
    /// Its folded form.
    pub folded: &'t str,
    /// The shingles of the folded form, in text order.
    pub shingles: &'t [u64],
}

/// A verdict with the figures on which it rests.
///
/// ```
/// use reprint::verify::{Comparison, Relation};
///
/// let equal = Comparison { relation: Relation::Exact, ..Comparison::default() };
/// assert_eq!(equal.jaccard(), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Comparison {
    /// The relation of the two documents.
    pub relation: Relation,
    /// Counts of their distinct shingles.
    pub overlap: Overlap,
    /// The other figures that were computed, and the ground that decided.
    pub figures: Figures,
}

impl Comparison {
    /// The verdict on two equal folded texts.
    pub(crate) fn equal(relation: Relation) -> Self {
        Self {
            relation,
            ..Self::default()
        }
    }

    /// The Jaccard of shingles; 1 for equal texts, also where they have no shingles.
    pub fn jaccard(&self) -> f64 {
        self.unless_equal(self.overlap.jaccard())
    }

    /// Similarity of the two by the ground that decided, from 0 to 1. For copies it is never under the threshold. It is the Jaccard of
    /// shingles where no ground made a reprint.
    pub fn similarity(&self) -> f64 {
        let decided = self.figures.ground.map(|_| self.figures.similarity);
        self.unless_equal(decided.unwrap_or_else(|| self.overlap.jaccard()))
    }

    /// Share of the left document in the right one, heads and feet included; 1 for equal texts.
    pub fn left_in_right(&self) -> f64 {
        self.unless_equal(self.overlap.left_in_right())
    }

    /// Share of the right document in the left one, heads and feet included; 1 for equal texts.
    pub fn right_in_left(&self) -> f64 {
        self.unless_equal(self.overlap.right_in_left())
    }

    /// The same verdict seen from the other side.
    pub fn swapped(self) -> Self {
        Self {
            relation: self.relation.swapped(),
            overlap: self.overlap.swapped(),
            figures: self.figures.swapped(),
        }
    }

    fn unless_equal(&self, share: f64) -> f64 {
        match self.relation {
            Relation::Exact | Relation::SameText => 1.0,
            _ => share,
        }
    }
}

/// Decides the relation of two texts. A text that folds to nothing (`"!!!"`) is a copy only of texts that are exactly equal.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, verify::{Relation, Text, compare}};
///
/// let relation = |left: &str, right: &str| {
///     let folded = [left, right].map(|text| Normalizer::new().fold(text));
///     let shingles = [0, 1].map(|side: usize| Shingler::default().hashes(&folded[side]));
///     let text = |original, side: usize| Text { original, folded: &folded[side], shingles: &shingles[side] };
///     compare(text(left, 0), text(right, 1), 0.6).relation
/// };
/// assert_eq!(relation("铜墙铁壁", "铜墙铁壁"), Relation::Exact);
/// assert_eq!(relation("铜墙铁壁", "銅牆 鐵壁！"), Relation::SameText);
/// assert_eq!(relation("?", "!"), Relation::Distinct);
/// ```
pub fn compare(left: Text<'_>, right: Text<'_>, threshold: f64) -> Comparison {
    if left.original == right.original {
        Comparison::equal(Relation::Exact)
    } else if left.folded == right.folded && !left.folded.is_empty() {
        Comparison::equal(Relation::SameText)
    } else {
        let [left, right] = [left, right]
            .map(|text| PreparedText::from_shingles(text.folded, text.shingles.to_vec()));
        judge(
            &Measures::new(&left, &right),
            None,
            &Bounds::from_threshold(threshold),
            false,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn side_by_side_counts_as_one_after_another(
            left in prop::collection::vec(0_u64..300, 0..200),
            right in prop::collection::vec(0_u64..300, 0..200),
        ) {
            let set = |hashes: &[u64]| {
                let spread: Vec<u64> = hashes.iter().map(|&hash| crate::shingle::mix(hash)).collect();
                ShingleSet::from_hashes(&spread)
            };
            let (left, right) = (set(&left), set(&right));
            prop_assert_eq!(shared(left.as_slice(), right.as_slice()), merged(left.as_slice(), right.as_slice()));
        }

        #[test]
        fn counts_are_those_of_sets(
            left in prop::collection::vec(0_u64..60, 0..80),
            right in prop::collection::vec(0_u64..60, 0..80),
        ) {
            let sets = [&left, &right].map(|hashes| hashes.iter().collect::<BTreeSet<_>>());
            let overlap = Overlap::new(&ShingleSet::from_hashes(&left), &ShingleSet::from_hashes(&right));
            let shared = sets[0].intersection(&sets[1]).count();
            let union = sets[0].union(&sets[1]).count();
            prop_assert_eq!(overlap, Overlap { shared, left: sets[0].len(), right: sets[1].len() });
            prop_assert_eq!(overlap.jaccard(), if union == 0 { 0.0 } else { shared as f64 / union as f64 });
        }

        #[test]
        fn both_directions_agree(
            left in prop::collection::vec(any::<u64>(), 0..40),
            right in prop::collection::vec(any::<u64>(), 0..40),
        ) {
            let (left, right) = (ShingleSet::from_hashes(&left), ShingleSet::from_hashes(&right));
            prop_assert_eq!(Overlap::new(&left, &right), Overlap::new(&right, &left).swapped());
            let itself = Overlap::new(&left, &left).jaccard();
            prop_assert_eq!(itself, if left.is_empty() { 0.0 } else { 1.0 });
        }
    }
}
