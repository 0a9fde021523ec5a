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

/// Letters of a difference from which it is looked for in other places of the other copy.
const LONG_READING: usize = 100;

/// How far a reading leans to the copy that has the better ones, at most.
const LEAN: f64 = 0.5;

/// Accents that only one copy has from which the other lost them.
const ACCENTS: usize = 5;

/// Accents that are none that a scan put there.
const MANY_ACCENTS: usize = 20;

/// How much more plausible the letter with its accent is then.
const ACCENT: f64 = 0.2;

/// What a mark that one copy lacks, or a stray sign, says of it, as the plausibility of a letter.
const SIGN: f64 = 0.15;

/// Readings from which a copy is known by them.
const FEW: f64 = 5.0;

/// Times that one letter stands for another, from which it is so by rule.
const RESPELLED: usize = 4;

/// Times that it stands for it for each time that both copies have it.
const KEPT: usize = 10;

/// Letters of the longest word that a scan reads in spots.
const LONGEST_SPOT: usize = 3;

/// How much more plausible an s is than the f that a scan reads for it.
const LONG_S: f64 = 0.2;

/// How far a pair leans to one copy, from which the other is known to be the worse reader.
const SURE_LEAN: f64 = 0.5;

/// Letters that vote together.
const VOTE: usize = 6;

/// A copy, as far as it differs from the pivot.
#[derive(Default)]
pub(super) struct Copy {
    pub damage: Damage,
    pub letters: usize,
    pub quoted: usize,
    pub stray: u64,
    pub commas: u64,
    /// Where it agrees with the pivot.
    pub runs: Vec<Run>,
    /// What it lacks of the pivot.
    pub missing: Vec<(Range<usize>, Class)>,
    pub extras: Vec<Extra>,
    pub variants: Vec<Variant>,
    pub signs: Vec<Sign>,
}

/// What a copy has and the pivot lacks.
pub(super) struct Extra {
    pub class: Class,
    pub letters: usize,
    /// Hashes of its letters, where it is text.
    pub grams: Vec<u64>,
}

impl Copy {
    /// The pivot itself, which differs in nothing.
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

    /// Tells what each letter is that does not agree: a reading, text that is missing, or more than the pivot has. What was
    /// counted of the letters that agree is handed on.
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

    /// Finds the other readings of a few letters; what is none of them is left, on either side.
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

    /// A scan reads f for the long s of older print, and never s for f: so a copy that has f where the other has s, again and again,
    /// is the one that misreads, whatever the words around say, in which it misread all others.
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

    /// A letter that only one copy has, in the place of another again and again, is another spelling and no misreading: w and v
    /// in old Czech, j and i in Latin.
    fn respellings(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) {
        let changes_of = |variant: &Variant| changes_of(variant, pivot, reading);
        let mut changes: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for change in self.variants.iter().flat_map(changes_of) {
            *changes.entry(change).or_default() += 1;
        }
        // Letters of older print and accents have rules of their own.
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

    /// How often each letter stands where both copies agree.
    fn kept(&self, pivot: &Reading<'_>) -> HashMap<u32, usize> {
        let mut kept = HashMap::new();
        for run in &self.runs {
            for &letter in &pivot.letters[run.left..run.left + run.length] {
                *kept.entry(letter).or_default() += 1;
            }
        }
        kept
    }

    /// A word or number of a few letters that only the worse reader has is what it read in spots.
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

    /// A copy that lacks the accents of nearly all letters that have one in the other lost them.
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
        // A scan puts accents where it can't read.
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

    /// Who misreads words, loses marks and reads dirt as signs misreads others: each reading leans to the better copy.
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

    /// Which copy has the better readings and signs: 1 where all are the pivot's, -1 where all are this copy's.
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

/// An f for an s in the pivot, and in the other copy.
const LONG_S_ON_LEFT: (u32, u32) = ('f' as u32, 's' as u32);
const LONG_S_ON_RIGHT: (u32, u32) = ('s' as u32, 'f' as u32);

/// Letters that stand for others, where both sides have as many.
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

/// What a copy has more than the pivot, with the hashes of what is text.
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
