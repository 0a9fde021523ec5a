//! What would an exact search find?
//!
//! If there are no labels for the input, some documents are compared with all others by the Jaccard of their windows,
//! without signatures and bands. The time is proportional to the sample times the input, so the sample is small.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::Result;
use reprint_peers::{Settings, Windows, documents};

use crate::labels::{Pair, pair};

/// The documents that were compared with all others, and the pairs whose Jaccard reaches the threshold.
#[derive(Debug)]
pub struct Sample {
    pub documents: Vec<usize>,
    pub copies: HashSet<Pair>,
}

impl Sample {
    /// Compares `size` documents, spread evenly over the input, or all documents if there are fewer.
    pub fn compare(settings: &Settings, size: usize) -> Result<Self> {
        let sets = sets(&settings.input, settings.windows)?;
        let size = size.clamp(1, sets.len().max(1));
        let spread: Vec<usize> = (0..size).map(|it| it * sets.len() / size).collect();
        let mut copies = HashSet::new();
        for &a in &spread {
            let alike = |&b: &usize| b != a && agree(&sets[a], &sets[b], settings.threshold);
            copies.extend((0..sets.len()).filter(alike).map(|b| pair(a, b)));
        }
        Ok(Self {
            documents: spread,
            copies,
        })
    }
}

/// The hashes of the windows of each document, sorted and without repetition.
fn sets(input: &Path, windows: Windows) -> Result<Vec<Vec<u64>>> {
    let set = |text: &str| {
        let mut set = Vec::new();
        windows.each(text, |window| {
            let mut hasher = DefaultHasher::new();
            window.hash(&mut hasher);
            set.push(hasher.finish());
        });
        set.sort_unstable();
        set.dedup();
        set.shrink_to_fit();
        set
    };
    documents(input)?
        .map(|document| Ok(set(&document?.text)))
        .collect()
}

/// Whether the Jaccard of two sets is at least `threshold`.
fn agree(a: &[u64], b: &[u64], threshold: f64) -> bool {
    let (small, large) = (a.len().min(b.len()), a.len().max(b.len()));
    // Even if the large set has all elements of the small one, their Jaccard is below the threshold.
    if (small as f64) < threshold * large as f64 {
        return false;
    }
    let shared = shared(a, b);
    shared as f64 >= threshold * (a.len() + b.len() - shared) as f64
}

/// The number of elements that two sorted sets have in common.
fn shared(mut a: &[u64], mut b: &[u64]) -> usize {
    let mut shared = 0;
    while let ([x, rest_of_a @ ..], [y, rest_of_b @ ..]) = (a, b) {
        match x.cmp(y) {
            Ordering::Less => a = rest_of_a,
            Ordering::Greater => b = rest_of_b,
            Ordering::Equal => {
                shared += 1;
                (a, b) = (rest_of_a, rest_of_b);
            }
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_agree_from_the_threshold() {
        // Three of five, by hand.
        let (a, b) = ([1, 2, 3, 4], [2, 3, 4, 5]);
        assert_eq!(shared(&a, &b), 3);
        assert!(agree(&a, &b, 0.6));
        assert!(!agree(&a, &b, 0.61));
    }
}
