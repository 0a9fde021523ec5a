//! What do the copies of a text agree on, and what of that does each lack?
//!
//! Each copy votes on every place of the pivot. What a copy lacks is lost if at least half of the others have it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_128;

use crate::damage::extra::{Blocks, Class, is_note};
use crate::damage::reading::{LetterKind, Reading, gap, kind};
use crate::damage::walk::{Run, gaps, hash, walk, with_insertions};
use crate::damage::words::{Agreed, has_old_letters, lookalikes, widened};
use crate::damage::{Damage, Figure, Measured};
use crate::normalize::Normalizer;

/// Letters over which a difference with both sides is told as text lost and text added, if one side is this many times the other.
const TIMES: usize = 3;

/// Letters of a difference that is looked at as a reading, not as text.
const READING: usize = 6;

/// Letters from which two heads or feet that differ are two, and no readings of one.
const OTHER_ENDS: usize = 30;

/// Letters of a difference from which it is looked for in other places of the other copy.
const LONG_READING: usize = 100;

/// How much more plausible a reading must be to be the right one.
const TOLD: f64 = 0.04;

/// A reading that the words themselves tell has the voices of two copies and a half.
const SURE: f64 = 2.0;

/// Plausibility, as the logarithm of voices.
const SCALE: f64 = 6.0;

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

/// Commas that one copy has more are an editor's choice up to this share of all, and up to two.
const COMMAS: u64 = 16;

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

/// A copy, as far as it differs from the pivot.
#[derive(Default)]
struct Copy {
    damage: Damage,
    letters: usize,
    quoted: usize,
    stray: u64,
    commas: u64,
    /// Where it agrees with the pivot.
    runs: Vec<Run>,
    /// What it lacks of the pivot.
    missing: Vec<(Range<usize>, Class)>,
    extras: Vec<Extra>,
    variants: Vec<Variant>,
    signs: Vec<Sign>,
}

/// What a copy has and the pivot lacks.
struct Extra {
    class: Class,
    letters: usize,
    /// Hashes of its letters, where it is text.
    grams: Vec<u64>,
}

/// Another reading of some letters of the pivot.
struct Variant {
    range: Range<usize>,
    hash: u64,
    /// Over 0 where the pivot's reading is the more plausible one.
    score: f64,
    letters: u64,
    /// Has this side no letters there?
    is_empty: bool,
    /// Are both readings words?
    is_wording: bool,
    /// Where the readings differ in accents only: over 0 where the pivot has more, under 0 where this copy has.
    accents: i32,
}

/// A sign between two letters that one of two copies lacks, or has wrong.
#[derive(Clone, Copy)]
struct Sign {
    /// The letter of the pivot that it stands before.
    at: usize,
    figure: Figure,
    is_comma: bool,
    /// Is it this copy that is wrong, not the pivot?
    is_mine: bool,
}

impl Copy {
    fn pivot(pivot: &Reading<'_>) -> Self {
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
    fn beside(pivot: &Reading<'_>, text: &str) -> Self {
        let reading = Reading::new(text);
        let mut copy = Self::of(&reading);
        copy.runs = with_insertions(
            walk(&pivot.letters, &reading.letters),
            &pivot.letters,
            &reading.letters,
        );
        copy.differences(pivot, &reading);
        copy.signs(pivot, &reading);
        copy.lean_readings(pivot);
        copy
    }

    fn differences(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) {
        let (mut missing, mut extra) = (Vec::new(), Vec::new());
        let mut agreed: Option<Agreed> = None;
        let mut blocks = Blocks::new(pivot, reading);
        for (left, right) in gaps(&self.runs, pivot.len(), reading.len()) {
            let elsewhere = left.len() >= LONG_READING && blocks.is_moved(&left);
            if !elsewhere && is_reading(pivot, &left, reading, &right) {
                if are_one_word(pivot, &left, reading, &right) {
                    continue;
                }
                let agreed = agreed.get_or_insert_with(|| Agreed::new(pivot, &self.runs));
                self.variants
                    .push(variant(agreed, pivot, left, reading, right));
                continue;
            }
            if !left.is_empty() {
                missing.push(left);
            }
            if !right.is_empty() {
                extra.push(right);
            }
        }
        if !missing.is_empty() {
            self.missing = blocks.classify(&missing);
        }
        if extra.is_empty() {
            return;
        }
        for (part, class) in Blocks::new(reading, pivot).classify(&extra) {
            let grams = match class {
                Class::Own => reading.letters[part.clone()]
                    .windows(VOTE)
                    .map(hash)
                    .collect(),
                Class::Number => vec![hash(&reading.letters[part.clone()])],
                _ => Vec::new(),
            };
            self.extras.push(Extra {
                class,
                letters: part.len(),
                grams,
            });
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

    /// What differs between letters that agree.
    fn signs(&mut self, pivot: &Reading<'_>, reading: &Reading<'_>) {
        let runs = std::mem::take(&mut self.runs);
        let mut agreed: Option<Agreed> = None;
        for run in &runs {
            let left = &pivot.gaps[run.left..run.left + run.length];
            let right = &reading.gaps[run.right..run.right + run.length];
            for from in (0..run.length).step_by(BLOCK) {
                let to = (from + BLOCK).min(run.length);
                if left[from..to] == right[from..to] {
                    continue;
                }
                for i in from..to {
                    if left[i] != right[i] && (i > 0 || run.left == 0 && run.right == 0) {
                        self.sign(
                            pivot,
                            run.left + i,
                            reading,
                            run.right + i,
                            &runs,
                            &mut agreed,
                        );
                    }
                }
            }
            let (l, r) = (run.left + run.length, run.right + run.length);
            if l == pivot.len() && r == reading.len() && pivot.gaps[l] != reading.gaps[r] {
                self.sign(pivot, l, reading, r, &runs, &mut agreed);
            }
        }
        self.runs = runs;
    }

    fn sign(
        &mut self,
        pivot: &Reading<'_>,
        l: usize,
        reading: &Reading<'_>,
        r: usize,
        runs: &[Run],
        agreed: &mut Option<Agreed>,
    ) {
        let (left, right) = (pivot.gaps[l], reading.gaps[r]);
        let mut push = |figure, is_comma, is_mine| {
            self.signs.push(Sign {
                at: l,
                figure,
                is_comma,
                is_mine,
            })
        };
        for (one, other, is_mine) in [(left, right, true), (right, left, false)] {
            // `one` has what `other` may lack.
            if other & gap::QUESTION != 0
                && one & gap::QUESTION == 0
                && one & (gap::QUOTE | gap::APOSTROPHE | gap::OTHER | gap::PAUSE) != 0
            {
                push(Figure::Unread, false, is_mine);
                continue;
            }
            if one & gap::QUESTION != 0
                && other & (gap::QUOTE | gap::APOSTROPHE | gap::OTHER | gap::PAUSE) != 0
            {
                continue;
            }
            if other & gap::UNREAD != 0 {
                continue;
            }
            if one & gap::SYMBOL != 0 && other & gap::SYMBOL == 0 {
                push(Figure::Marks, false, is_mine);
            }
            let quotes = gap::QUOTE | gap::APOSTROPHE;
            if one & gap::QUOTE != 0 && other & quotes == 0 {
                push(Figure::Quotes, false, is_mine);
            }
            if one & gap::BRACKET != 0 && other & (gap::BRACKET | gap::QUOTE | gap::SYMBOL) == 0 {
                push(Figure::Marks, false, is_mine);
            }
            // A word divided by a line's end, without the sign of it.
            if one & gap::HYPHEN != 0 && other & gap::PARTS == gap::SPACE {
                push(Figure::Marks, false, is_mine);
            }
            let ends = gap::STOP | gap::PAUSE | gap::OTHER;
            if one & ends != 0 && other & (ends | gap::HYPHEN) == 0 {
                push(Figure::Marks, one & ends == gap::PAUSE, is_mine);
            }
        }
        self.capital(pivot, l, reading, r);
        if (left | right) & !gap::CAPITAL != 0 {
            self.widths_and_spaces(pivot, l, reading, r, runs, agreed);
        }
    }

    /// A capital that one side has. Capitals in a row are set so; one alone begins a name or a sentence.
    fn capital(&mut self, pivot: &Reading<'_>, l: usize, reading: &Reading<'_>, r: usize) {
        if (pivot.gaps[l] ^ reading.gaps[r]) & gap::CAPITAL == 0 {
            return;
        }
        let on_left = pivot.gaps[l] & gap::CAPITAL != 0;
        let (gaps, at) = if on_left {
            (&pivot.gaps, l)
        } else {
            (&reading.gaps, r)
        };
        let within = |at: usize| {
            at > 0
                && gaps
                    .get(at)
                    .is_some_and(|bits| bits & gap::CAPITAL != 0 && bits & gap::PARTS == 0)
        };
        let is_shouted = within(at) || within(at + 1);
        self.signs.push(Sign {
            at: l,
            figure: Figure::Capitals,
            is_comma: false,
            is_mine: on_left != is_shouted,
        });
    }

    fn widths_and_spaces(
        &mut self,
        pivot: &Reading<'_>,
        l: usize,
        reading: &Reading<'_>,
        r: usize,
        runs: &[Run],
        agreed: &mut Option<Agreed>,
    ) {
        let (left, right) = (pivot.gaps[l], reading.gaps[r]);
        let mut push = |figure, is_mine| {
            self.signs.push(Sign {
                at: l,
                figure,
                is_comma: false,
                is_mine,
            })
        };
        let before = l
            .checked_sub(1)
            .and_then(|before| pivot.letters.get(before))
            .map(|&letter| kind(letter));
        let behind = pivot.letters.get(l).map(|&letter| kind(letter));
        let unspaced = before == Some(LetterKind::Unspaced);
        if unspaced && left & right & gap::MARKS != 0 && (left ^ right) & gap::PLAIN != 0 {
            push(Figure::Plain, right & gap::PLAIN != 0);
        }
        for (one, other, is_mine) in [(left, right, true), (right, left, false)] {
            if one & gap::PARAGRAPH != 0 && other & gap::BREAK == 0 {
                push(Figure::Paragraphs, is_mine);
            }
        }
        let (Some(before), Some(behind)) = (before, behind) else {
            return;
        };
        let held = |bits: u16| bits & gap::BREAK != 0 && bits & gap::MARKS == 0;
        let joined = |bits: u16| bits & gap::PARTS == 0;
        if before == LetterKind::Unspaced && behind == LetterKind::Unspaced
            || joined(left) && right & gap::HYPHEN != 0
            || joined(right) && left & gap::HYPHEN != 0
        {
            for (one, other, is_mine) in [(left, right, false), (right, left, true)] {
                if held(one) && joined(other) {
                    push(Figure::Breaks, is_mine);
                }
            }
            return;
        }
        let parted = |bits: u16| bits & (gap::SPACE | gap::BREAK) != 0;
        if before != behind
            || before == LetterKind::Unspaced
            || parted(left) == parted(right)
            || (left | right) & (gap::MARKS | gap::HYPHEN) != 0
        {
            return;
        }
        let agreed = agreed.get_or_insert_with(|| Agreed::new(pivot, runs));
        let space = if parted(left) {
            agreed.space(pivot, l)
        } else {
            agreed.space(reading, r)
        };
        if space != 0.0 {
            push(Figure::Spaces, parted(right) == (space < 0.0));
        }
    }
}

/// Gaps that are compared at once.
const BLOCK: usize = 64;

/// Letters that vote together.
const VOTE: usize = 6;

/// Is a difference another reading of a few letters, not text that one side lacks?
fn is_reading(
    pivot: &Reading<'_>,
    left: &Range<usize>,
    reading: &Reading<'_>,
    right: &Range<usize>,
) -> bool {
    let (less, more) = (left.len().min(right.len()), left.len().max(right.len()));
    let at_end = left.start == 0 && right.start == 0
        || left.end == pivot.len() && right.end == reading.len();
    let unspaced = left.end > left.start && kind(pivot.letters[left.start]) == LetterKind::Unspaced;
    if less > 0 && at_end && more > OTHER_ENDS && unspaced {
        return false;
    }
    if less > 0 {
        return more <= TIMES * less + READING;
    }
    let (text, range) = if left.is_empty() {
        (reading, right)
    } else {
        (pivot, left)
    };
    if kind(text.letters[range.start]) == LetterKind::Unspaced {
        return more <= 2 && !is_note(text, range);
    }
    // A sign that the other side has there was read as letters: 8c for &.
    let (other, place) = if left.is_empty() {
        (pivot, left.start)
    } else {
        (reading, right.start)
    };
    let signs = |reading: &Reading<'_>, at: usize| {
        reading
            .gaps
            .get(at)
            .is_some_and(|bits| bits & gap::SYMBOL != 0)
    };
    if more <= 3 && signs(other, place) && !signs(text, range.start) && !signs(text, range.end) {
        return true;
    }
    // Whole words are text.
    more <= READING && !(text.is_edge(range.start) && text.is_edge(range.end))
}

/// Do both sides say the same in the words of two regions (資訊 and 信息)?
fn are_one_word(
    pivot: &Reading<'_>,
    left: &Range<usize>,
    reading: &Reading<'_>,
    right: &Range<usize>,
) -> bool {
    let has_han = |reading: &Reading<'_>, range: &Range<usize>| {
        reading.letters[range.clone()]
            .iter()
            .any(|&letter| letter >= 0x2E80)
    };
    if !has_han(pivot, left) || !has_han(reading, right) {
        return false;
    }
    // A word may have letters in common with the other, on either side.
    let folded = |reading: &Reading<'_>, range: &Range<usize>| {
        let wide = range.start.saturating_sub(CONTEXT)..(range.end + CONTEXT).min(reading.len());
        Normalizer::new().fold(reading.slice(wide))
    };
    folded(pivot, left) == folded(reading, right)
}

/// Letters around a difference in which a word of a region is looked for.
const CONTEXT: usize = 4;

fn variant(
    agreed: &Agreed,
    pivot: &Reading<'_>,
    left: Range<usize>,
    reading: &Reading<'_>,
    right: Range<usize>,
) -> Variant {
    let [on_left, on_right] = [
        agreed.plausibility(pivot, &left),
        agreed.plausibility(reading, &right),
    ];
    let unread = |reading: &Reading<'_>, range: &Range<usize>| {
        let wide = widened(reading, range);
        let gaps = reading.gaps.get(wide.start..=wide.end).unwrap_or_default();
        gaps.iter()
            .any(|bits| bits & (gap::UNREAD | gap::QUESTION) != 0)
    };
    // Another word of the same language is no misreading.
    let (less, more) = (on_left.min(on_right), on_left.max(on_right));
    let words = left.len().min(right.len()) > 1 && (less >= WORDING / 2.0 || more < WORDING);
    let is_wording = is_unspaced(pivot, &left, reading, &right) && (less >= WORDING || words);
    let mut score = if is_wording { 0.0 } else { on_left - on_right };
    match (unread(pivot, &left), unread(reading, &right)) {
        (true, false) => score -= 1.0,
        (false, true) => score += 1.0,
        _ => {}
    }
    // What older letters stand for, a scan gives by others.
    let old =
        |reading: &Reading<'_>, range: &Range<usize>| has_old_letters(reading.slice(range.clone()));
    match (old(pivot, &left), old(reading, &right)) {
        (true, false) => score += 0.5,
        (false, true) => score -= 0.5,
        _ => {}
    }
    // A letter in the place of a mark.
    let marks = |reading: &Reading<'_>, range: &Range<usize>| {
        let gaps = reading
            .gaps
            .get(range.start..=range.end)
            .unwrap_or_default();
        gaps.iter()
            .any(|bits| bits & (gap::MARKS | gap::SYMBOL) != 0)
    };
    if left.is_empty() && marks(pivot, &left) && !marks(reading, &right) {
        score += 0.5;
    }
    if right.is_empty() && marks(reading, &right) && !marks(pivot, &left) {
        score -= 0.5;
    }
    Variant {
        hash: hash(&reading.letters[right.clone()]),
        score,
        letters: left.len().min(right.len()).max(1) as u64,
        is_empty: right.is_empty(),
        is_wording,
        accents: accents(
            &pivot.letters[left.clone()],
            &reading.letters[right.clone()],
        ),
        range: left,
    }
}

/// Are both sides ideographs and the like?
fn is_unspaced(
    pivot: &Reading<'_>,
    left: &Range<usize>,
    reading: &Reading<'_>,
    right: &Range<usize>,
) -> bool {
    let unspaced = |letters: &[u32]| {
        letters
            .iter()
            .any(|&letter| kind(letter) == LetterKind::Unspaced)
    };
    unspaced(&pivot.letters[left.clone()]) && unspaced(&reading.letters[right.clone()])
}

/// Plausibility of ideographs from which they are words: some of their pairs stand in words.
const WORDING: f64 = 0.3;

/// By how many accents the left letters differ from the right ones, if by nothing else.
fn accents(left: &[u32], right: &[u32]) -> i32 {
    let bare = |letter: u32| {
        let mut base = letter;
        if let Some(c) = char::from_u32(letter).filter(|c| !c.is_ascii() && *c < '\u{2000}') {
            unicode_normalization::char::decompose_canonical(c, |part| {
                if !unicode_normalization::char::is_combining_mark(part) {
                    base = u32::from(part);
                }
            });
        }
        base
    };
    if left.len() != right.len() || left.iter().zip(right).any(|(&l, &r)| bare(l) != bare(r)) {
        return 0;
    }
    let count = |letters: &[u32]| {
        letters
            .iter()
            .filter(|&&letter| bare(letter) != letter)
            .count() as i32
    };
    count(left) - count(right)
}

/// All copies beside each other.
struct Consensus<'c> {
    pivot: &'c Reading<'c>,
    copies: &'c [Copy],
    /// Copies that must have what another lacks: at least half of the others, and two where there are two others.
    asked: usize,
    /// For each letter of the pivot, the copies that have it or another reading of it.
    cover: Vec<u32>,
    measured: Vec<Tally>,
}

#[derive(Clone, Default)]
struct Tally {
    damage: Damage,
    commas: u64,
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
            commas: 0,
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
        let measured = copies.map(|(copy, tally)| {
            let mut damage = tally.damage;
            if tally.commas > (copy.commas / COMMAS).max(2) {
                damage.add(Figure::Marks, tally.commas);
            }
            let added = [
                Figure::Repeated,
                Figure::Furniture,
                Figure::Notes,
                Figure::Alone,
            ]
            .iter()
            .map(|&figure| damage.get(figure))
            .sum::<u64>();
            Measured {
                damage,
                letters: (copy.letters as u64).saturating_sub(added),
            }
        });
        measured.collect()
    }

    fn is_pair(&self) -> bool {
        self.copies.len() == 2
    }

    /// What copies lack of the pivot.
    fn missing(&mut self) {
        let mut added: Vec<Option<Figure>> = vec![None; self.pivot.len()];
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for (range, class) in &copy.missing {
                let had = self.cover[range.clone()]
                    .iter()
                    .filter(|&&cover| cover as usize >= self.asked)
                    .count() as u64;
                let figure = match class {
                    Class::Own => {
                        tally.damage.add(Figure::Lost, had);
                        None
                    }
                    Class::Number => {
                        tally.damage.add(Figure::Numbers, u64::from(had > 0));
                        None
                    }
                    Class::Moved => None,
                    class => class.figure(),
                };
                match figure {
                    Some(Figure::Woven) => added[range.start] = figure,
                    Some(_) => added[range.clone()].fill(figure),
                    None => {}
                }
            }
        }
        if !self.is_pair() {
            for (at, figure) in added.iter_mut().enumerate() {
                if self.cover[at] == 1 && figure.is_none() {
                    *figure = Some(Figure::Alone);
                }
            }
        }
        if added.iter().all(Option::is_none) {
            return;
        }
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for run in &copy.runs {
                for figure in added[run.left..run.left + run.length].iter().flatten() {
                    tally.damage.add(*figure, 1);
                }
            }
        }
    }

    /// What copies have and the pivot lacks.
    fn extras(&mut self) {
        let mut votes: HashMap<u64, u32> = HashMap::new();
        if !self.is_pair() {
            for copy in self.copies {
                let grams: HashSet<u64> = copy
                    .extras
                    .iter()
                    .flat_map(|extra| extra.grams.iter().copied())
                    .collect();
                grams
                    .into_iter()
                    .for_each(|gram| *votes.entry(gram).or_default() += 1);
            }
            votes.retain(|_, voices| *voices as usize >= self.asked);
        }
        let (mut lost_by_pivot, mut numbers_lost) = (0, 0);
        for number in 1..self.copies.len() {
            let copy = &self.copies[number];
            let damage = &mut self.measured[number].damage;
            let mut has: HashSet<u64> = HashSet::new();
            for extra in &copy.extras {
                match (extra.class, extra.class.figure()) {
                    (Class::Own, _) if self.copies.len() == 2 => {
                        lost_by_pivot += extra.letters as u64
                    }
                    (Class::Number, _) if self.copies.len() == 2 => numbers_lost += 1,
                    (Class::Own, _) => {
                        let shared: Vec<u64> = extra
                            .grams
                            .iter()
                            .copied()
                            .filter(|gram| votes.contains_key(gram))
                            .collect();
                        if 2 * shared.len() <= extra.grams.len() {
                            damage.add(Figure::Alone, extra.letters as u64);
                        }
                        has.extend(shared);
                    }
                    (Class::Number | Class::Moved, _) => {}
                    (_, Some(Figure::Woven)) => damage.add(Figure::Woven, 1),
                    (_, Some(figure)) => damage.add(figure, extra.letters as u64),
                    (_, None) => {}
                }
            }
            if !votes.is_empty() {
                damage.add(Figure::Lost, (votes.len() - has.len()) as u64);
            }
        }
        let damage = &mut self.measured[0].damage;
        damage.add(Figure::Numbers, numbers_lost);
        damage.add(Figure::Lost, lost_by_pivot + votes.len() as u64);
    }

    /// Which reading of each place is the right one?
    fn variants(&mut self) {
        let mut by_place: BTreeMap<(usize, usize), Vec<(usize, &Variant)>> = BTreeMap::new();
        for (number, copy) in self.copies.iter().enumerate() {
            for variant in &copy.variants {
                by_place
                    .entry((variant.range.start, variant.range.end))
                    .or_default()
                    .push((number, variant));
            }
        }
        let mut faults: Vec<(usize, usize, Figure, u64)> = Vec::new();
        for ((start, end), variants) in by_place {
            let of_pivot = (self.copies.len() - variants.len()) as f64;
            let mut wrong = 0;
            for &(number, variant) in &variants {
                let voices = variants
                    .iter()
                    .filter(|(_, other)| other.hash == variant.hash)
                    .count() as f64;
                let sure = (SCALE * variant.score).clamp(-SURE, SURE);
                let total = sure + (of_pivot / voices).ln();
                let pivot_is_empty = start == end;
                let damage = &mut self.measured[number].damage;
                if total > SCALE * TOLD {
                    let figure = if variant.is_empty {
                        Figure::Lost
                    } else {
                        Figure::Misread
                    };
                    damage.add(figure, variant.letters);
                } else if total < -SCALE * TOLD {
                    wrong = wrong.max(variant.letters);
                } else if self.copies.len() == 2 && variant.is_empty {
                    damage.add(Figure::Lost, (end - start) as u64);
                } else if self.copies.len() == 2 && pivot_is_empty {
                    faults.push((start, end, Figure::Lost, variant.letters));
                }
            }
            if wrong > 0 {
                let figure = if start == end {
                    Figure::Lost
                } else {
                    Figure::Misread
                };
                faults.push((start, end, figure, wrong));
            }
        }
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            let mut runs = copy.runs.iter().peekable();
            for &(start, end, figure, weight) in &faults {
                while runs
                    .next_if(|run| run.left + run.length < end.max(start + 1))
                    .is_some()
                {}
                let agrees = runs.peek().is_some_and(|run| {
                    run.left <= start
                        && end <= run.left + run.length
                        && (start < end || run.left < start || start == 0)
                });
                if agrees {
                    tally.damage.add(figure, weight);
                }
            }
        }
    }

    /// Marks and spaces between letters that agree.
    fn signs(&mut self) {
        let mut voices: BTreeMap<(usize, Figure, bool), u32> = BTreeMap::new();
        for sign in self.copies.iter().flat_map(|copy| &copy.signs) {
            *voices
                .entry((sign.at, sign.figure, sign.is_mine))
                .or_default() += 1;
        }
        let count = |tally: &mut Tally, sign: &Sign| {
            if sign.is_comma {
                tally.commas += 1;
            } else {
                tally.damage.add(sign.figure, 1);
            }
        };
        let mut faults: BTreeMap<(usize, Figure), Sign> = BTreeMap::new();
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            for sign in &copy.signs {
                let same = voices
                    .get(&(sign.at, sign.figure, sign.is_mine))
                    .copied()
                    .unwrap_or(0) as usize;
                let cover = self
                    .cover
                    .get(sign.at.min(self.cover.len().saturating_sub(1)))
                    .copied()
                    .unwrap_or(1) as usize;
                if sign.is_mine && cover.saturating_sub(same) >= self.asked {
                    count(tally, sign);
                } else if !sign.is_mine && same >= self.asked {
                    faults.insert((sign.at, sign.figure), *sign);
                }
            }
        }
        if faults.is_empty() {
            return;
        }
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            let right: HashSet<(usize, Figure)> = copy
                .signs
                .iter()
                .filter(|sign| !sign.is_mine)
                .map(|sign| (sign.at, sign.figure))
                .collect();
            let mut runs = copy.runs.iter().peekable();
            for (key, sign) in &faults {
                while runs
                    .next_if(|run| run.left + run.length < sign.at)
                    .is_some()
                {}
                let agrees = runs
                    .peek()
                    .is_some_and(|run| run.left < sign.at || sign.at == 0 && run.left == 0);
                if agrees && !right.contains(key) {
                    count(tally, sign);
                }
            }
        }
    }

    /// Signs that no writer puts between words, over the copy that has fewest: in a program all have them.
    fn strays(&mut self) {
        let fewest = self.copies.iter().map(|copy| copy.stray).min().unwrap_or(0);
        for (copy, tally) in self.copies.iter().zip(&mut self.measured) {
            tally.damage.add(Figure::Stray, copy.stray - fewest);
        }
    }

    /// Letters in quoted lines, where most of a copy is quoted and another copy says the same without.
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

impl Class {
    /// The figure that a copy has of it; none for text.
    fn figure(self) -> Option<Figure> {
        match self {
            Self::Own | Self::Number | Self::Moved => None,
            Self::Repeated => Some(Figure::Repeated),
            Self::Furniture => Some(Figure::Furniture),
            Self::Notes => Some(Figure::Notes),
            Self::Woven => Some(Figure::Woven),
        }
    }
}

/// For each letter of the pivot, the copies that have it or another reading of it.
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
