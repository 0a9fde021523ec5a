//! How does one copy differ from the pivot?

use std::ops::Range;

use crate::damage::extra::{Blocks, Class};
use crate::damage::reading::{Reading, gap};
use crate::damage::signs::{Sign, signs};
use crate::damage::variant::{Place, Variant};
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
        copy.differences(pivot, &reading);
        copy.signs = signs(pivot, &reading, &copy.runs);
        copy.lean_readings(pivot);
        copy
    }

    /// Tells what each letter is that does not agree: a reading, text that is missing, or more than the pivot has.
    fn differences(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) {
        let (mut missing, mut extra) = (Vec::new(), Vec::new());
        let mut agreed: Option<Agreed> = None;
        let mut blocks = Blocks::new(pivot, reading);
        for (left, right) in gaps(&self.runs, pivot.len(), reading.len()) {
            let elsewhere = left.len() >= LONG_READING && blocks.is_moved(&left);
            let place = Place {
                pivot,
                left: left.clone(),
                reading,
                right: right.clone(),
            };
            if !elsewhere && place.is_reading() {
                if !place.is_one_word() {
                    let agreed = agreed.get_or_insert_with(|| Agreed::new(pivot, &self.runs));
                    self.variants.push(place.variant(agreed));
                }
                continue;
            }
            missing.push(left);
            extra.push(right);
        }
        missing.retain(|part| !part.is_empty());
        extra.retain(|part| !part.is_empty());
        if !missing.is_empty() {
            self.missing = blocks.classify(&missing);
        }
        if !extra.is_empty() {
            self.extras = extras(pivot, reading, &extra);
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
        let lean = LEAN * self.lean(pivot, true);
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

/// What a copy has more than the pivot, with the hashes of what is text.
fn extras(pivot: &Reading<'_>, reading: &Reading<'_>, parts: &[Range<usize>]) -> Vec<Extra> {
    let classed = Blocks::new(reading, pivot).classify(parts);
    let extras = classed.into_iter().map(|(part, class)| {
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
    });
    extras.collect()
}
