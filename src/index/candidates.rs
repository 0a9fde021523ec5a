//! Which texts are worth comparing with a text?
//!
//! As in a batch run, a key that few texts have leads to all of them, and one that many have to its two neighbours in the ring of the
//! key. So the cost depends on the keys of the text, hardly on how many documents there are.

use std::collections::HashMap;

use crate::error::Error;
use crate::index::keys::KeyKind;
use crate::index::ledger::{TextRow, ring};
use crate::index::run::{Position, Run};
use crate::lsh::MAX_RARE_DOCUMENTS;

/// Texts whose facts are looked at as those of copies or of neighbours, the ones with the most common grams. A batch run compares a
/// text with the 32 nearest at most, and asks 12 others about them.
const MAX_NEAR: usize = 48;

/// Texts that are looked at because of common passages, the ones with the most.
const MAX_SHARING: usize = 32;

/// Sampled grams that two texts must share, as in a batch run.
const MIN_GRAMS: u32 = 2;

/// Texts of a key, the one that is asked about not counted, that are all looked at.
const FEW: usize = MAX_RARE_DOCUMENTS - 1;

/// What a text has in common with the one that is asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Common {
    bands: u32,
    grams: u32,
    /// Only those that few texts have.
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

/// What keys lead to.
pub(super) struct Found {
    /// Texts, with what they have in common with the one that is asked about.
    pub(super) texts: Vec<(u32, Common)>,
    /// How many texts have each of its seeds, where any has it; of many, only that there are more than a few.
    pub(super) frequencies: HashMap<u64, u32>,
}

/// What looks keys up.
pub(super) struct Lookup<'i, V> {
    pub(super) runs: &'i [Run],
    pub(super) texts: &'i [TextRow],
    /// Does a text count?
    pub(super) is_visible: V,
}

impl<V: Fn(u32) -> bool> Lookup<'_, V> {
    /// The texts that are worth a look by the keys of a text of this digest, which ascend. They do not depend on the order in which texts were added.
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
            // A passage that many texts have says nothing about two of them.
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

    /// How many texts have a key; of many, only that there are more than a few.
    pub(super) fn frequency(&self, key: u64) -> Result<u32, Error> {
        let mut fences = vec![0; self.runs.len()];
        Ok(self.meet(key, 0, &mut fences, &mut Vec::new())? as u32)
    }

    /// The texts that a text meets by a key: all that have it where they are few, or else the next and the one before in the ring. How
    /// many have it; of many, only that there are more than a few. `fences` has for each run where the key is looked for first.
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

    /// The next and the one before in the ring of a key, where it has more than a few texts; or else all.
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

    /// The visible texts of a key in a run, in the order of the ring from a place on; false where there are more than a few.
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
                // The ring goes on with the first.
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

    /// The last visible text before a place of a key's ring.
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
                // The ring goes on with the last.
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

/// The text that is the fewest steps away.
#[derive(Default)]
struct Nearest(Option<(u64, u32)>);

impl Nearest {
    fn offer(&mut self, text: u32, steps: u64) {
        if self.0.is_none_or(|(nearest, _)| steps < nearest) {
            self.0 = Some((steps, text));
        }
    }
}
