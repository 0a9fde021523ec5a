//! MinHash by fast similarity sketching.
//!
//! Dahlgaard, Knudsen, Thorup, "Fast Similarity Sketching", FOCS 2017. In the first round, every shingle falls into one slot, and the
//! smallest hash of a slot wins, as in one-permutation hashing: one comparison for each shingle. If a document has too few shingles to fill
//! all slots, further rounds with fresh hashes fill only the slots that are still empty. After as many rounds as slots, every empty slot
//! takes its minimum over all shingles. Unlike in one-permutation hashing with densification, the slots of a short text stay independent.
//! The estimator is unbiased, and for texts of any length its variance is at most that of classic MinHash, j(1-j)/slots.

use crate::error::Error;
use crate::scheme::{Scheme, SchemeKind};
use crate::signature::mix;

/// Maximum slots of a signature.
pub const MAX_SLOTS: usize = 4096;

/// Signs sets of shingles with MinHash.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, signature::MinHasher};
///
/// let (normalizer, shingler) = (Normalizer::new(), Shingler::default());
/// let hasher = MinHasher::new(shingler.scheme(&normalizer), 128)?;
/// let sign = |text| hasher.sign(shingler.set(&normalizer.fold(text)).as_slice());
/// let print = sign("抗击疫情的战场，是检验党员干部\n成色的试金石。");
/// let web = sign("抗擊疫情的戰場,是檢驗黨員幹部成色的試金石");
/// assert_eq!(print.jaccard(&web)?, 1.0);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinHasher {
    scheme: Scheme,
    slots: usize,
}

/// The MinHash signature of one document: `slots` 32-bit values, or none for an empty text.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, signature::{MinHash, MinHasher}};
///
/// let scheme = Shingler::default().scheme(&Normalizer::new());
/// let signature = MinHasher::new(scheme, 64)?.sign(&[1, 2, 3]);
/// assert_eq!(MinHash::from_bytes(&signature.to_bytes())?, signature);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MinHash {
    pub(super) scheme: Scheme,
    pub(super) slots: Box<[u32]>,
}

impl MinHasher {
    /// Signs shingles made under the scheme `shingles` with this many slots (128 is usual).
    ///
    /// # Errors
    ///
    /// Where `slots` is 0 or over [`MAX_SLOTS`].
    pub fn new(shingles: Scheme, slots: usize) -> Result<Self, Error> {
        check_slots(slots)?;
        Ok(Self::unchecked(shingles, slots))
    }

    /// As [`new`](Self::new), for a number of slots that is known to be in range.
    pub(crate) fn unchecked(shingles: Scheme, slots: usize) -> Self {
        Self {
            scheme: shingles.signature(SchemeKind::MinHash, slots as u32),
            slots,
        }
    }

    /// Number of values in a signature.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// The scheme of the signatures.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Signs a set of shingle hashes. Order and repetition don't matter. Cost: one pass of about 1 ns for each shingle. If there are fewer
    /// shingles than `slots * ln(slots)`, about that many more hashes (`slots²` for a few shingles).
    pub fn sign(&self, shingles: &[u64]) -> MinHash {
        let mut slots = vec![0; self.slots];
        let signed = self.sign_into(shingles, &mut slots);
        MinHash {
            scheme: self.scheme,
            slots: if signed { slots.into() } else { Box::default() },
        }
    }

    /// As [`sign`](Self::sign), into a row of a plain table. For an empty set, the row is filled with zeros and the result is `false`.
    pub(crate) fn sign_into(&self, shingles: &[u64], row: &mut [u32]) -> bool {
        row.fill(0);
        if shingles.is_empty() {
            return false;
        }
        let mut winners = vec![EMPTY; row.len()];
        for &hash in shingles {
            propose(&mut winners, slot_of(hash, row.len()), hash);
        }
        fill_empty_slots(shingles, &mut winners);
        for (value, winner) in row.iter_mut().zip(winners) {
            // The low half is kept because the high bits of minima are alike.
            *value = winner as u32;
        }
        true
    }
}

/// Checks that a signature has from 1 to [`MAX_SLOTS`] slots.
pub(crate) fn check_slots(slots: usize) -> Result<(), Error> {
    if (1..=MAX_SLOTS).contains(&slots) {
        return Ok(());
    }
    let limit = format!("it must be from 1 to {MAX_SLOTS}");
    Err(Error::setting("slots", slots, limit))
}

/// A slot that no hash has won. A hash with this value never wins; the only cost is a later round.
const EMPTY: u64 = u64::MAX;

#[inline]
fn propose(winners: &mut [u64], slot: usize, hash: u64) {
    winners[slot] = winners[slot].min(hash);
}

/// The later rounds: fresh hashes of all shingles compete for the slots that are still empty. In the first of these rounds, the slots are
/// random; at last, each slot has one round.
#[cold]
fn fill_empty_slots(shingles: &[u64], winners: &mut [u64]) {
    let slots = winners.len();
    let mut empty = winners.iter().filter(|&&winner| winner == EMPTY).count();
    let mut fresh = vec![EMPTY; slots];
    let mut hit = Vec::new();
    for round in 1..2 * slots {
        if empty == 0 {
            return;
        }
        for &shingle in shingles {
            let hash = mix(shingle ^ mix(round as u64));
            let slot = if round < slots {
                slot_of(hash, slots)
            } else {
                round - slots
            };
            if winners[slot] == EMPTY {
                propose(&mut fresh, slot, hash);
                hit.push(slot);
            }
        }
        for slot in hit.drain(..) {
            empty -= usize::from(winners[slot] == EMPTY);
            winners[slot] = fresh[slot];
        }
    }
}

/// The slot of a hash, by its high bits. The slots are ascending ranges of hashes, so hashes within a slot keep their order.
#[inline]
fn slot_of(hash: u64, slots: usize) -> usize {
    ((u128::from(hash) * slots as u128) >> 64) as usize
}

impl MinHash {
    /// The scheme that it was made under.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The slots; none for an empty text.
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Estimated Jaccard of the two sets, from 0 to 1; 0 where either is empty.
    ///
    /// # Errors
    ///
    /// Where the schemes differ; the message names both.
    pub fn jaccard(&self, other: &Self) -> Result<f64, Error> {
        if self.scheme != other.scheme {
            return Err(Error::schemes(self.scheme, other.scheme));
        }
        Ok(estimate(&self.slots, &other.slots))
    }

    /// Standard error of [`jaccard`](Self::jaccard) where the true value is `jaccard`: `sqrt(j(1-j)/slots)`.
    pub fn standard_error(&self, jaccard: f64) -> f64 {
        (jaccard * (1.0 - jaccard) / f64::from(self.scheme.size())).sqrt()
    }
}

/// Share of equal slots; 0 where either signature has no slots.
pub(crate) fn estimate(left: &[u32], right: &[u32]) -> f64 {
    equal_slots(left, right) as f64 / left.len().min(right.len()).max(1) as f64
}

/// Number of equal slots.
pub(crate) fn equal_slots(left: &[u32], right: &[u32]) -> usize {
    let equal = left.iter().zip(right).map(|(a, b)| u32::from(a == b));
    equal.sum::<u32>() as usize
}
