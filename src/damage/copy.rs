//! How does one copy differ from the pivot?

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::damage::extra::{Blocks, Class, Classed};
use crate::damage::reading::{Reading, gap};
use crate::damage::signs::{Sign, signs};
use crate::damage::variant::{Place, Variant, is_plain, is_regional};
use crate::damage::walk::{Run, gaps, hash, walk, with_insertions};
use crate::damage::words::{Agreed, lookalikes};
use crate::damage::{Damage, Figure};

/// Minimum number of letters of a difference that is searched for in other places of the other copy.
const LONG_READING: usize = 100;

/// Maximum weight by which a reading leans to the better copy.
const LEAN: f64 = 0.5;

/// Minimum number of accents that only one copy has, for the other copy to have lost them.
const ACCENTS: usize = 5;

/// Minimum number of accents that a scan cannot have put there by mistake.
const MANY_ACCENTS: usize = 20;

/// The added plausibility of a letter with its accent, if the other copy lost its accents.
const ACCENT: f64 = 0.2;

/// The evidence of a missing mark or a stray sign against a copy, compared with the plausibility of a letter.
const SIGN: f64 = 0.15;

/// Number of readings and signs at which the lean to one copy reaches its full weight.
const FEW: f64 = 5.0;

/// Minimum number of times that one letter replaces another, for this to be a rule of spelling.
const RESPELLED: usize = 4;

/// Minimum ratio of these times to the number of times that both copies have the rarer of the two letters.
const KEPT: usize = 10;

/// Maximum number of letters in a word that a scan reads from spots.
const LONGEST_SPOT: usize = 3;

/// The added plausibility of an s, compared with an f that a scan reads for it.
const LONG_S: f64 = 0.2;

/// Minimum lean to one copy at which the other is certainly the worse reader.
const SURE_LEAN: f64 = 0.5;

/// Number of letters in a gram, which votes as a unit.
const VOTE: usize = 6;

/// A copy, described by its differences from the pivot.
#[derive(Default)]
pub(super) struct Copy {
    pub damage: Damage,
    pub letters: usize,
    pub quoted: usize,
    pub stray: u64,
    pub commas: u64,
    /// The runs in which it agrees with the pivot.
    pub runs: Vec<Run>,
    /// The parts of the pivot that it lacks.
    pub missing: Vec<(Range<usize>, Class)>,
    pub extras: Vec<Extra>,
    pub variants: Vec<Variant>,
    pub signs: Vec<Sign>,
}

/// A part that a copy has and the pivot lacks.
pub(super) struct Extra {
    pub class: Class,
    pub letters: usize,
    /// Hashes of its grams, or of the whole number; empty if the part is not text of the work.
    pub grams: Vec<u64>,
}

impl Copy {
    /// The pivot itself, which has no differences.
    pub fn pivot(pivot: &Reading<'_>) -> Self {
        Self {
            runs: vec![Run {
                left: 0,
                right: 0,
                length: pivot.len(),
            }],
            ..Self::of(pivot)
        }
    }

    fn of(reading: &Reading<'_>) -> Self {
        let mut damage = reading.damage;
        damage.add(Figure::Forms, lookalikes(reading));
        let commas = reading
            .gaps
            .iter()
            .filter(|&&bits| bits & gap::PAUSE != 0)
            .count();
        Self {
            damage,
            letters: reading.len(),
            quoted: reading.quoted,
            stray: reading.stray,
            commas: commas as u64,
            ..Self::default()
        }
    }

    /// Aligns a copy with the pivot.
    pub fn beside(pivot: &Reading<'_>, text: &str) -> Self {
        let reading = Reading::new(text);
        let mut copy = Self::of(&reading);
        copy.runs = with_insertions(
            walk(&pivot.letters, &reading.letters),
            &pivot.letters,
            &reading.letters,
        );
        let agreed = copy.differences(pivot, &reading);
        copy.signs = signs(pivot, &reading, &copy.runs, agreed);
        copy.respellings(pivot, &reading);
        copy.long_s(pivot, &reading);
        copy.lean_readings(pivot);
        copy
    }

    /// Classifies the letters that do not agree: other readings, missing text, extra text. Returns the counts of the letters
    /// that agree, if they were made.
    fn differences(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) -> Option<Agreed> {
        let mut agreed: Option<Agreed> = None;
        let blocks = Blocks::new(pivot, reading);
        let parts = self.readings(pivot, reading, &blocks, &mut agreed);
        let (missing, extra): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let some = |parts: Vec<Range<usize>>| parts.into_iter().filter(|part| !part.is_empty());
        let (missing, extra): (Vec<_>, Vec<_>) = (some(missing).collect(), some(extra).collect());
        self.missing = blocks.classify(&missing);
        let mut added = blocks.swapped().classify(&extra);
        for (text, parts) in [(pivot, &mut self.missing), (reading, &mut added)] {
            for (part, class) in parts.iter_mut().filter(|(_, class)| *class == Class::Own) {
                let agreed = agreed.get_or_insert_with(|| Agreed::new(pivot, &self.runs));
                if agreed.is_dirt(text, part) {
                    *class = Class::Dirt;
                }
            }
        }
        let extras = added.into_iter().map(|part| extra_of(reading, part));
        self.extras = extras.collect();
        agreed
    }

    /// Finds the differences that are other readings of a few letters. Returns all other differences, with both sides.
    fn readings(
        &mut self,
        pivot: &Reading<'_>,
        reading: &Reading<'_>,
        blocks: &Blocks<'_, '_>,
        agreed: &mut Option<Agreed>,
    ) -> Vec<(Range<usize>, Range<usize>)> {
        let mut parts = gaps(&self.runs, pivot.len(), reading.len());
        let is_regional = is_regional(pivot, reading, &self.runs);
        parts.retain(|(left, right)| {
            let elsewhere = left.len() >= LONG_READING && blocks.is_moved(left);
            let place = Place {
                pivot,
                left: left.clone(),
                reading,
                right: right.clone(),
                is_regional,
            };
            if elsewhere || !place.is_reading() {
                return true;
            }
            if place.is_one_word() {
                return false;
            }
            let agreed = agreed.get_or_insert_with(|| Agreed::new(pivot, &self.runs));
            let is_other_text = place.is_other_text(agreed);
            if !is_other_text {
                self.variants.push(place.variant(agreed));
            }
            is_other_text
        });
        parts
    }

    /// A scan reads f for the long s of older print, and never s for f. So a copy that repeatedly has f where the other has s is
    /// the one that misreads, whatever the surrounding words suggest: it misread those words in the same way.
    fn long_s(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) {
        let side = |variant: &Variant| {
            let changes = changes_of(variant, pivot, reading);
            changes.fold((0, 0), |(left, right), change| match change {
                LONG_S_ON_LEFT => (left + 1, right),
                LONG_S_ON_RIGHT => (left, right + 1),
                _ => (left, right),
            })
        };
        let (on_left, on_right) = self
            .variants
            .iter()
            .map(side)
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if on_left.max(on_right) < RESPELLED || 5 * on_left.min(on_right) > on_left.max(on_right) {
            return;
        }
        let told = if on_left > on_right { -LONG_S } else { LONG_S };
        for variant in &mut self.variants {
            let (left, right) = side(variant);
            if left + right > 0 {
                variant.score = told;
            }
        }
    }

    /// If one letter repeatedly replaces another that the same copy hardly has, it is another spelling and no misreading: w and v
    /// in old Czech, j and i in Latin.
    fn respellings(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) {
        let changes_of = |variant: &Variant| changes_of(variant, pivot, reading);
        let mut changes: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for change in self.variants.iter().flat_map(changes_of) {
            *changes.entry(change).or_default() += 1;
        }
        // Letters of older print and accents have separate rules.
        changes.retain(|&(left, right), times| {
            *times >= RESPELLED && is_plain(left) && is_plain(right)
        });
        if changes.is_empty() {
            return;
        }
        let kept = self.kept(pivot);
        let kept = |letter: u32| kept.get(&letter).copied().unwrap_or(0);
        changes.retain(|&(left, right), times| KEPT * kept(left).min(kept(right)) <= *times);
        for variant in &mut self.variants {
            let mut of_it = changes_of(variant).peekable();
            if of_it.peek().is_some() && of_it.all(|change| changes.contains_key(&change)) {
                variant.score = 0.0;
                variant.is_wording = true;
            }
        }
    }

    /// How often each letter occurs where both copies agree.
    fn kept(&self, pivot: &Reading<'_>) -> HashMap<u32, usize> {
        let mut kept = HashMap::new();
        for run in &self.runs {
            for &letter in &pivot.letters[run.left..run.left + run.length] {
                *kept.entry(letter).or_default() += 1;
            }
        }
        kept
    }

    /// A word or number of a few letters that only the worse reader has was read from spots.
    fn spots(&mut self, lean: f64) {
        let is_spot = |class: Class, letters: usize| match class {
            Class::Own => letters <= LONGEST_SPOT,
            Class::Number => letters == 1,
            _ => false,
        };
        if lean < -SURE_LEAN {
            for (part, class) in &mut self.missing {
                if is_spot(*class, part.len()) {
                    *class = Class::Dirt;
                }
            }
        }
        if lean > SURE_LEAN {
            for extra in &mut self.extras {
                if is_spot(extra.class, extra.letters) {
                    extra.class = Class::Dirt;
                }
            }
        }
    }

    /// If a copy lacks nearly all accents that the other has, it lost them.
    fn accents(&mut self, lean: f64) {
        let more_on = |side: i32| {
            let accents = self
                .variants
                .iter()
                .map(move |variant| (side * variant.accents).max(0));
            accents.sum::<i32>() as usize
        };
        let (on_left, on_right) = (more_on(1), more_on(-1));
        let (less, more) = (on_left.min(on_right), on_left.max(on_right));
        if more < ACCENTS || 5 * less > more {
            return;
        }
        let told = if on_left > on_right { ACCENT } else { -ACCENT };
        // A scan puts accents on letters that it cannot read.
        if told * lean < 0.0 && (more < MANY_ACCENTS || 10 * less > more) {
            return;
        }
        for variant in self
            .variants
            .iter_mut()
            .filter(|variant| variant.accents != 0)
        {
            variant.score = told;
        }
    }

    /// A copy that misreads words, loses marks and reads dirt as signs also misreads other words: so each reading leans to the better copy.
    fn lean_readings(&mut self, pivot: &Reading<'_>) {
        let lean = self.lean(pivot, false);
        self.accents(lean);
        let lean = self.lean(pivot, true);
        self.spots(lean);
        let lean = LEAN * lean;
        let readings = self.variants.iter_mut();
        readings
            .filter(|variant| !variant.is_wording)
            .for_each(|variant| variant.score += lean);
    }

    /// Which copy has the better readings and signs? 1 if all the better ones are the pivot's, -1 if all are this copy's.
    fn lean(&self, pivot: &Reading<'_>, with_accents: bool) -> f64 {
        let readings = self
            .variants
            .iter()
            .filter(|variant| with_accents || variant.accents == 0);
        let readings = readings.map(|variant| variant.score * variant.letters as f64);
        let marks = self
            .signs
            .iter()
            .filter(|sign| matches!(sign.figure, Figure::Marks | Figure::Quotes));
        let marks = marks.map(|sign| if sign.is_mine { SIGN } else { -SIGN });
        let stray = SIGN * (self.stray as f64 - pivot.stray as f64);
        let (mut sum, mut all, mut count) = (0.0, 0.0, 0.0);
        for score in readings.chain(marks).chain([stray]) {
            sum += score;
            all += f64::abs(score);
            count += 1.0;
        }
        if all == 0.0 {
            0.0
        } else {
            (count / FEW).min(1.0) * sum / all
        }
    }
}

/// An f for an s: in the pivot, and in the other copy.
const LONG_S_ON_LEFT: (u32, u32) = ('f' as u32, 's' as u32);
const LONG_S_ON_RIGHT: (u32, u32) = ('s' as u32, 'f' as u32);

/// The pairs of letters that differ, if both sides have the same number of letters.
fn changes_of<'a>(
    variant: &Variant,
    pivot: &'a Reading<'_>,
    reading: &'a Reading<'_>,
) -> impl Iterator<Item = (u32, u32)> + use<'a> {
    let left = &pivot.letters[variant.range.clone()];
    let right = &reading.letters[variant.right.clone()];
    let changes = left.iter().copied().zip(right.iter().copied());
    let as_long = left.len() == right.len();
    changes.filter(move |(left, right)| as_long && left != right)
}

/// A part that the pivot lacks, with the hashes of its grams if it is text.
fn extra_of(reading: &Reading<'_>, (part, class): Classed) -> Extra {
    let letters = &reading.letters[part];
    let grams = match class {
        Class::Own => letters.windows(VOTE).map(hash).collect(),
        Class::Number => vec![hash(letters)],
        _ => Vec::new(),
    };
    Extra {
        class,
        letters: letters.len(),
        grams,
    }
}
