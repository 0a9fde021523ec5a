//! Which texts are worth comparing with a text?
//!
//! As in a batch run, a key that few texts have leads to all of them. A key that many texts have leads to two of them: the neighbours in
//! the ring of the key. So the cost depends on the keys of the text, and hardly on the number of documents.

use std::collections::HashMap;

use crate::error::Error;
use crate::index::keys::KeyKind;
use crate::index::ledger::{TextRow, ring};
use crate::index::run::{Position, Run};
use crate::lsh::MAX_RARE_DOCUMENTS;

/// Maximum number of texts whose facts are compared because they may be copies or near, those with the most common grams and bands. A batch
/// run compares a text with its 32 nearest at most, and has up to 12 other works near it as voters.
const MAX_NEAR: usize = 48;

/// Maximum number of texts that are considered because of common passages, those with the most common seeds.
const MAX_SHARING: usize = 32;

/// Minimum number of shared sampled grams, as in a batch run.
const MIN_GRAMS: u32 = 2;

/// Maximum number of texts of a key that are all considered. The queried text does not count.
const FEW: usize = MAX_RARE_DOCUMENTS - 1;

/// What a text has in common with the queried text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Common {
    bands: u32,
    grams: u32,
    /// Only seeds that few texts have.
    pub(super) seeds: u32,
}

impl Common {
    fn count(&mut self, kind: KeyKind) {
        match kind {
            KeyKind::Band => self.bands += 1,
            KeyKind::Gram => self.grams += 1,
            KeyKind::Seed => self.seeds += 1,
        }
    }

    fn may_be_copies(self) -> bool {
        self.bands > 0 || self.grams >= MIN_GRAMS
    }
}

/// The texts that the keys lead to.
pub(super) struct Found {
    /// Texts, with what they have in common with the queried text.
    pub(super) texts: Vec<(u32, Common)>,
    /// For each of its seeds that other texts have, the number of these texts. If there are many, only a number that is higher than `FEW`.
    pub(super) frequencies: HashMap<u64, u32>,
}

/// Looks up keys in the runs.
pub(super) struct Lookup<'i, V> {
    pub(super) runs: &'i [Run],
    pub(super) texts: &'i [TextRow],
    /// Does a text count?
    pub(super) is_visible: V,
}

impl<V: Fn(u32) -> bool> Lookup<'_, V> {
    /// The texts worth comparing, by the keys of a text with this digest. The keys must ascend. The result does not depend on the order in
    /// which texts were added.
    pub(super) fn candidates(&self, digest: u128, keys: &[u64]) -> Result<Found, Error> {
        let mut common: HashMap<u32, Common> = HashMap::new();
        let mut frequencies = HashMap::new();
        let mut met = Vec::new();
        let mut fences = vec![0; self.runs.len()];
        for &key in keys {
            met.clear();
            let count = self.meet(key, ring(digest, key), &mut fences, &mut met)?;
            if KeyKind::of(key) == KeyKind::Seed && count > 0 {
                frequencies.insert(key, count as u32);
            }
            let kind = KeyKind::of(key);
            // A passage that many texts have is no evidence about two of them.
            if kind == KeyKind::Seed && count > FEW {
                continue;
            }
            for &text in &met {
                common.entry(text).or_default().count(kind);
            }
        }
        let mut all: Vec<(u32, Common)> = common.into_iter().collect();
        let rank = |text: u32| self.texts[text as usize].folded;
        let mut nearest = |first: &dyn Fn(Common) -> u32, most: usize| {
            all.sort_by(|x, y| first(y.1).cmp(&first(x.1)).then(rank(x.0).cmp(&rank(y.0))));
            let counted = all.iter().take_while(|(_, common)| first(*common) > 0);
            counted.take(most).copied().collect::<Vec<_>>()
        };
        let near = |common: Common| match common.may_be_copies() {
            true => 1 + common.grams + common.bands,
            false => 0,
        };
        let mut chosen = nearest(&near, MAX_NEAR);
        chosen.extend(nearest(&|common| common.seeds, MAX_SHARING));
        chosen.sort_unstable_by_key(|&(text, _)| text);
        chosen.dedup_by_key(|&mut (text, _)| text);
        Ok(Found {
            texts: chosen,
            frequencies,
        })
    }

    /// The number of texts that have a key. If there are many, only a number that is higher than `FEW`.
    pub(super) fn frequency(&self, key: u64) -> Result<u32, Error> {
        let mut fences = vec![0; self.runs.len()];
        Ok(self.meet(key, 0, &mut fences, &mut Vec::new())? as u32)
    }

    /// Appends to `met` the texts that a key leads to: all texts with the key if they are few, or else the next one and the previous one in
    /// the ring. Returns the number of texts with the key; if there are many, only a number that is higher than `FEW`. `fences` has, for
    /// each run, the fence from which the key is looked for.
    fn meet(
        &self,
        key: u64,
        ring: u64,
        fences: &mut [usize],
        met: &mut Vec<u32>,
    ) -> Result<usize, Error> {
        let mut is_hot = false;
        for (run, fence) in self.runs.iter().zip(fences) {
            is_hot |= run.may_have(key)? && !run.few(key, fence, met)?;
        }
        met.retain(|&text| self.is_visible(text));
        if is_hot || met.len() > FEW {
            met.clear();
            return self.neighbours(key, ring, met);
        }
        Ok(met.len())
    }

    /// The next and the previous text in the ring of a key if more than a few texts have it, or else all texts.
    fn neighbours(&self, key: u64, ring: u64, met: &mut Vec<u32>) -> Result<usize, Error> {
        let (mut next, mut before): (Nearest, Nearest) = Default::default();
        let mut is_hot = false;
        for run in self.runs {
            let from = run.find(self.texts, key, ring)?;
            let first = met.len();
            is_hot |= !self.all_of(run, key, from, met)?;
            let of_run = &met[first..];
            if let Some(&text) = of_run.first() {
                next.offer(text, self.ring_of(text, key).wrapping_sub(ring));
            }
            let last = match is_hot {
                true => self.last_before(run, key, from)?,
                false => of_run.last().copied(),
            };
            if let Some(text) = last {
                before.offer(text, ring.wrapping_sub(self.ring_of(text, key)));
            }
        }
        let count = met.len();
        if is_hot || count > FEW {
            met.clear();
            met.extend(next.0.map(|(_, text)| text));
            met.extend(before.0.map(|(_, text)| text));
            met.dedup();
        }
        Ok(count + usize::from(is_hot))
    }

    fn ring_of(&self, text: u32, key: u64) -> u64 {
        self.texts[text as usize].ring(key)
    }

    /// Appends the visible texts of a key in a run, in the order of the ring from a position on. Returns false if there are more than a
    /// few.
    fn all_of(
        &self,
        run: &Run,
        key: u64,
        from: Position,
        met: &mut Vec<u32>,
    ) -> Result<bool, Error> {
        let most = met.len() + FEW;
        let mut at = from;
        let mut has_turned = false;
        loop {
            match run.entry(at)? {
                Some((other, text)) if other == key => {
                    if self.is_visible(text) {
                        if met.len() == most {
                            return Ok(false);
                        }
                        met.push(text);
                    }
                    at = run.next(at)?;
                }
                _ if has_turned => return Ok(true),
                // After its last entry, the ring continues with its first.
                _ => {
                    has_turned = true;
                    at = run.find(self.texts, key, 0)?;
                }
            }
            if has_turned && at == from {
                return Ok(true);
            }
        }
    }

    /// The last visible text before a position in the ring of a key.
    fn last_before(&self, run: &Run, key: u64, from: Position) -> Result<Option<u32>, Error> {
        let mut at = from;
        let mut has_turned = false;
        loop {
            let entry = match run.previous(at)? {
                Some(previous) => run.entry(previous)?.map(|entry| (previous, entry)),
                None => None,
            };
            match entry {
                Some((previous, (other, text))) if other == key => {
                    if self.is_visible(text) {
                        return Ok(Some(text));
                    }
                    at = previous;
                }
                _ if has_turned => return Ok(None),
                // Before its first entry, the ring continues with its last.
                _ => {
                    has_turned = true;
                    at = run.find(self.texts, key + 1, 0)?;
                }
            }
            if has_turned && at == from {
                return Ok(None);
            }
        }
    }

    fn is_visible(&self, text: u32) -> bool {
        (text as usize) < self.texts.len() && (self.is_visible)(text)
    }
}

/// The text at the smallest distance in the ring, with this distance.
#[derive(Default)]
struct Nearest(Option<(u64, u32)>);

impl Nearest {
    fn offer(&mut self, text: u32, steps: u64) {
        if self.0.is_none_or(|(nearest, _)| steps < nearest) {
            self.0 = Some((steps, text));
        }
    }
}
