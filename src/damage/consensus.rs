//! What do the copies of a text agree on, and what does each copy lack of it?
//!
//! Each copy votes on every place of the pivot. Text that a copy lacks is lost if at least half of the other copies have it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_128;

use crate::damage::copy::{Copy, Extra};
use crate::damage::counts::Hashed;
use crate::damage::extra::Class;
use crate::damage::reading::Reading;
use crate::damage::signs::{Sign, Slight};
use crate::damage::variant::Variant;
use crate::damage::{Damage, Figure, Measured};

/// Minimum difference in plausibility that decides which reading is right.
const TOLD: f64 = 0.04;

/// Maximum weight of the plausibility of a reading, as the natural logarithm of a ratio of votes.
const SURE: f64 = 2.0;

/// Factor from plausibility to the natural logarithm of a ratio of votes.
const SCALE: f64 = 6.0;

/// Text that at least three of four copies have is text of the work, even if it looks like the furniture of a site: a copy was cut.
const MOST: (usize, usize) = (3, 4);

/// Missing commas are an editor's choice, up to one in this many commas of the copy and up to two.
const COMMAS: u64 = 16;

/// A copy lost its case if more than one letter in this many is a capital where other copies have a small one. Fewer are no damage:
/// headings and the first words of a chapter are set in capitals, and a copy that keeps them is as good.
const SHOUTED: u64 = 4;

pub(super) fn measure<'t>(mut texts: impl Iterator<Item = Cow<'t, str>>) -> Vec<Measured> {
    let Some(first) = texts.next() else {
        return Vec::new();
    };
    let pivot = Reading::new(&first);
    let mut number_of = HashMap::from([(xxh3_128(first.as_bytes()), 0)]);
    let mut numbers = vec![0];
    let mut copies = vec![Copy::pivot(&pivot)];
    for text in texts {
        let next = copies.len();
        let number = *number_of.entry(xxh3_128(text.as_bytes())).or_insert(next);
        if number == next {
            copies.push(Copy::beside(&pivot, &text));
        }
        numbers.push(number);
    }
    let measured = Consensus::new(&pivot, &copies).measured();
    numbers
        .into_iter()
        .filter_map(|number| measured.get(number).copied())
        .collect()
}

/// All copies aligned with the pivot.
struct Consensus<'c> {
    pivot: &'c Reading<'c>,
    copies: &'c [Copy],
    /// Number of other copies that must have what a copy lacks: at least half of them, and both if there are two.
    asked: usize,
    /// For each letter of the pivot, the number of copies that have it or another reading of it.
    cover: Vec<u32>,
    measured: Vec<Tally>,
}

#[derive(Clone, Default)]
struct Tally {
    damage: Damage,
    commas: u64,
    /// Letters in rows of capitals where other copies have small letters.
    shouted: u64,
}

impl Tally {
    fn add(&mut self, sign: &Sign) {
        match sign.slight {
            Some(Slight::Comma) => self.commas += 1,
            Some(Slight::Shouted) => self.shouted += 1,
            None => self.damage.add(sign.figure, 1),
        }
    }

    fn measured(&self, copy: &Copy) -> Measured {
        let mut damage = self.damage;
        if self.commas > (copy.commas / COMMAS).max(2) {
            damage.add(Figure::Marks, self.commas);
        }
        if self.shouted > copy.letters as u64 / SHOUTED {
            damage.add(Figure::Capitals, self.shouted);
        }
        let added = [
            Figure::Repeated,
            Figure::Furniture,
            Figure::Notes,
            Figure::Alone,
        ];
        let added: u64 = added.iter().map(|&figure| damage.get(figure)).sum();
        Measured {
            damage,
            letters: (copy.letters as u64).saturating_sub(added),
        }
    }
}

/// A fault of the pivot that is shared by each copy that agrees with it there.
struct Fault {
    start: usize,
    end: usize,
    figure: Figure,
    count: u64,
}

impl<'c> Consensus<'c> {
    fn new(pivot: &'c Reading<'c>, copies: &'c [Copy]) -> Self {
        let others = copies.len() - 1;
        let asked = if others <= 1 {
            1
        } else {
            others.div_ceil(2).max(2)
        };
        let tally = |copy: &Copy| Tally {
            damage: copy.damage,
            ..Tally::default()
        };
        Self {
            pivot,
            copies,
            asked,
            cover: cover(pivot.len(), copies),
            measured: copies.iter().map(tally).collect(),
        }
    }

    fn measured(mut self) -> Vec<Measured> {
        if self.copies.len() > 1 {
            self.missing();
            self.extras();
            self.variants();
            self.signs();
            self.quotations();
            self.strays();
        }
        let copies = self.copies.iter().zip(&self.measured);
        copies.map(|(copy, tally)| tally.measured(copy)).collect()
    }

    fn is_pair(&self) -> bool {
        self.copies.len() == 2
    }

    /// Counts the parts of the pivot that copies lack.
    fn missing(&mut self) {
        let mut added: Vec<Option<Figure>> = vec![None; self.pivot.len()];
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for (range, class) in &copy.missing {
                let cover = &self.cover[range.clone()];
                let had = cover.iter().filter(|&&cover| cover as usize >= self.asked);
                let had = had.count() as u64;
                let most_have_it = cover
                    .first()
                    .is_some_and(|&cover| MOST.0 * self.copies.len() <= MOST.1 * cover as usize);
                match (class, class.figure()) {
                    (Class::Furniture, _) if most_have_it => tally.damage.add(Figure::Lost, had),
                    (Class::Own, _) => tally.damage.add(Figure::Lost, had),
                    (Class::Number, _) => tally.damage.add(Figure::Numbers, u64::from(had > 0)),
                    (_, Some(Figure::Woven)) => added[range.start] = Some(Figure::Woven),
                    (_, Some(figure)) => added[range.clone()].fill(Some(figure)),
                    (_, None) => {}
                }
            }
        }
        if !self.is_pair() {
            for (figure, _) in added
                .iter_mut()
                .zip(&self.cover)
                .filter(|(_, cover)| **cover == 1)
            {
                figure.get_or_insert(Figure::Alone);
            }
        }
        if added.iter().any(Option::is_some) {
            self.added(&added);
        }
    }

    /// Counts text that was added to the pivot, in each copy that has it.
    fn added(&mut self, added: &[Option<Figure>]) {
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for run in &copy.runs {
                let added = &added[run.left..run.left + run.length];
                for same in added.chunk_by(|one, next| one == next) {
                    if let Some(Some(figure)) = same.first() {
                        tally.damage.add(*figure, same.len() as u64);
                    }
                }
            }
        }
    }

    /// Counts the parts that copies have and the pivot lacks.
    fn extras(&mut self) {
        let copies = self.copies;
        let of_text = |extra: &Extra| {
            if extra.class == Class::Own {
                (extra.letters as u64, 0)
            } else {
                (0, u64::from(extra.class == Class::Number))
            }
        };
        let votes = self.votes();
        for (copy, tally) in copies.iter().zip(&mut self.measured).skip(1) {
            let mut has: HashSet<u64, Hashed> = HashSet::default();
            for extra in &copy.extras {
                match extra.class.figure() {
                    Some(Figure::Woven) => tally.damage.add(Figure::Woven, 1),
                    Some(figure) => tally.damage.add(figure, extra.letters as u64),
                    None if copies.len() > 2 && extra.class == Class::Own => {
                        let shared = extra.grams.iter().filter(|gram| votes.contains(gram));
                        if 2 * shared.clone().count() <= extra.grams.len() {
                            tally.damage.add(Figure::Alone, extra.letters as u64);
                        }
                        has.extend(shared);
                    }
                    None => {}
                }
            }
            tally
                .damage
                .add(Figure::Lost, (votes.len() - has.len()) as u64);
        }
        let pivot = &mut self.measured[0].damage;
        pivot.add(Figure::Lost, votes.len() as u64);
        if copies.len() == 2 {
            for (letters, numbers) in copies[1].extras.iter().map(of_text) {
                pivot.add(Figure::Lost, letters);
                pivot.add(Figure::Numbers, numbers);
            }
        }
    }

    /// The grams of the extra text of the copies that enough copies have. Empty for two copies, as they cannot outvote each other.
    fn votes(&self) -> HashSet<u64, Hashed> {
        let mut votes: HashMap<u64, u32, Hashed> = HashMap::default();
        if self.is_pair() {
            return HashSet::default();
        }
        for copy in self.copies {
            let grams = copy.extras.iter().flat_map(|extra| &extra.grams);
            let grams: HashSet<u64, Hashed> = grams.copied().collect();
            for gram in grams {
                *votes.entry(gram).or_default() += 1;
            }
        }
        let enough = votes
            .into_iter()
            .filter(|&(_, voices)| voices as usize >= self.asked);
        enough.map(|(gram, _)| gram).collect()
    }

    /// Decides which reading of each place is the right one.
    fn variants(&mut self) {
        let copies = self.copies.iter().enumerate();
        let all = copies.flat_map(|(number, copy)| {
            let variants = copy.variants.iter();
            variants.map(move |variant| (number, variant))
        });
        let mut all: Vec<(usize, &Variant)> = all.collect();
        let place = |&(_, variant): &(usize, &Variant)| (variant.range.start, variant.range.end);
        all.sort_by_key(place);
        let mut faults: Vec<Fault> = Vec::new();
        for variants in all.chunk_by(|one, next| place(one) == place(next)) {
            self.readings(variants, &mut faults);
        }
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for fault in &faults {
                let before = copy.runs.partition_point(|run| run.left <= fault.start);
                let agrees = copy.runs[..before].last().is_some_and(|run| {
                    fault.end.max(fault.start + 1) <= run.left + run.length
                        && (fault.start < fault.end || run.left < fault.start || fault.start == 0)
                });
                if agrees {
                    tally.damage.add(fault.figure, fault.count);
                }
            }
        }
    }

    /// Decides which reading of one place is the right one.
    fn readings(&mut self, variants: &[(usize, &Variant)], faults: &mut Vec<Fault>) {
        let Some((_, first)) = variants.first() else {
            return;
        };
        let (start, end) = (first.range.start, first.range.end);
        let of_pivot = self.readers(start..end, variants);
        let mut push = |figure, count| {
            faults.push(Fault {
                start,
                end,
                figure,
                count,
            })
        };
        let mut voices: Vec<u64> = variants.iter().map(|(_, variant)| variant.hash).collect();
        voices.sort_unstable();
        let mut wrong = 0;
        for &(number, variant) in variants {
            let same = count_of(&voices, &variant.hash);
            let sure = (SCALE * variant.score).clamp(-SURE, SURE);
            let total = sure + (of_pivot / same as f64).ln();
            let damage = &mut self.measured[number].damage;
            if total > SCALE * TOLD {
                damage.add(lost_or_misread(variant.is_empty), variant.letters);
            } else if total < -SCALE * TOLD {
                wrong = wrong.max(variant.letters);
            } else if self.copies.len() == 2 && variant.is_empty {
                damage.add(Figure::Lost, (end - start) as u64);
            } else if self.copies.len() == 2 && start == end {
                push(Figure::Lost, variant.letters);
            }
        }
        if wrong > 0 {
            push(lost_or_misread(start == end), wrong);
        }
    }

    /// The number of copies that read a place as the pivot does. A copy that lacks the passage has no vote.
    fn readers(&self, range: Range<usize>, variants: &[(usize, &Variant)]) -> f64 {
        let around = range.start.saturating_sub(usize::from(range.is_empty()))
            ..range.end.max(range.start + 1);
        let cover = self
            .cover
            .get(around.start..around.end.min(self.cover.len()));
        let there = cover.and_then(|cover| cover.iter().min());
        let there = there.map_or(self.copies.len(), |&there| there as usize);
        let others = match range.is_empty() {
            true => variants.len(),
            false => variants
                .iter()
                .filter(|(_, variant)| !variant.is_empty)
                .count(),
        };
        there.saturating_sub(others).max(1) as f64
    }

    /// Counts wrong marks and spaces between letters that agree.
    fn signs(&mut self) {
        let signs = self.copies.iter().flat_map(|copy| &copy.signs);
        let key = |sign: &Sign| (sign.at, sign.figure, sign.is_mine);
        let mut voices: Vec<(usize, Figure, bool)> = signs.map(key).collect();
        voices.sort_unstable();
        let last = self.cover.len().saturating_sub(1);
        let mut faults: BTreeMap<(usize, Figure), Sign> = BTreeMap::new();
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for sign in &copy.signs {
                let same = count_of(&voices, &key(sign));
                let cover = self.cover.get(sign.at.min(last)).copied().unwrap_or(1) as usize;
                if sign.is_mine && cover.saturating_sub(same) >= self.asked {
                    tally.add(sign);
                } else if !sign.is_mine && same >= self.asked {
                    faults.insert((sign.at, sign.figure), *sign);
                }
            }
        }
        if faults.is_empty() {
            return;
        }
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            wrong_signs(copy, tally, &faults, self.cover.len());
        }
    }

    /// Counts signs that no writer puts between words, in excess of the copy with the fewest: in a program, all copies have such signs.
    fn strays(&mut self) {
        let fewest = self.copies.iter().map(|copy| copy.stray).min().unwrap_or(0);
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            tally.damage.add(Figure::Stray, copy.stray - fewest);
        }
    }

    /// Counts the letters in quoted lines of copies that are mostly quoted, if another copy has the text without quoting.
    fn quotations(&mut self) {
        let is_quoted = |copy: &Copy| 2 * copy.quoted >= copy.letters && copy.quoted > 0;
        if self.copies.iter().all(is_quoted) {
            return;
        }
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            let quoted = if is_quoted(copy) { copy.quoted } else { 0 };
            tally.damage.add(Figure::Quoted, quoted as u64);
        }
    }
}

/// The number of times that a key occurs in a sorted list.
fn count_of<K: Ord>(sorted: &[K], key: &K) -> usize {
    let from = sorted.partition_point(|other| other < key);
    sorted[from..].partition_point(|other| other == key)
}

fn lost_or_misread(is_lost: bool) -> Figure {
    if is_lost {
        Figure::Lost
    } else {
        Figure::Misread
    }
}

/// Counts the faulty signs of the pivot, which has this many letters, in a copy that agrees with the pivot there. What is before a letter was
/// compared only within a run of equal letters, and at the end of the texts.
fn wrong_signs(
    copy: &Copy,
    tally: &mut Tally,
    faults: &BTreeMap<(usize, Figure), Sign>,
    letters: usize,
) {
    let right = copy.signs.iter().filter(|sign| !sign.is_mine);
    let right: HashSet<(usize, Figure)> = right.map(|sign| (sign.at, sign.figure)).collect();
    let mut runs = copy.runs.iter().peekable();
    for (key, sign) in faults {
        while runs
            .next_if(|run| {
                let end = run.left + run.length;
                end < sign.at || end == sign.at && sign.at < letters
            })
            .is_some()
        {}
        let agrees = runs
            .peek()
            .is_some_and(|run| run.left < sign.at || sign.at == 0 && run.left == 0);
        if agrees && !right.contains(key) {
            tally.add(sign);
        }
    }
}

/// For each letter of the pivot, the number of copies that have it or another reading of it.
fn cover(letters: usize, copies: &[Copy]) -> Vec<u32> {
    let mut steps = vec![0_i32; letters + 1];
    for copy in copies {
        let runs = copy.runs.iter().map(|run| run.left..run.left + run.length);
        let read = copy
            .variants
            .iter()
            .filter(|variant| !variant.is_empty)
            .map(|variant| variant.range.clone());
        for range in runs.chain(read) {
            steps[range.start] += 1;
            steps[range.end] -= 1;
        }
    }
    let mut now = 0;
    steps.truncate(letters);
    steps
        .into_iter()
        .map(|step| {
            now += step;
            now as u32
        })
        .collect()
}
