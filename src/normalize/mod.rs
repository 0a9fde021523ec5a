//! When are two strings the same text?
//!
//! When they fold to the same key. The [`Normalizer`] folds away everything that an edition may change without changing
//! the text: line breaks, hyphens at line ends, width, compatibility forms, case, invisible characters, punctuation and
//! spacing, Chinese script (simplified, traditional, Taiwan, Hong Kong, Japanese forms) and regional words (資訊/信息), the
//! alphabet of a language that has two, and letters that one language writes for one another.
//! The folded form is for comparison only, never for output: it merges, so it can't be converted back. An [`OffsetMap`]
//! leads from it to the original.
//!
//! One pass over the text with one table row a character, generated at build time from Unicode's properties and OpenCC's
//! dictionaries; combining sequences are cut out and normalised as a whole. Cost: linear in the text, apart from the
//! sorting of marks on one base. A slow chain of `unicode-normalization` and plain loops stands beside it as the test's
//! reference.
//!
//! A text that was encoded twice (`é` became `Ã©`) is folded as what it was.
//!
//! In order: line breaks to LF; hyphenated line ends joined; default-ignorables, controls, unassigned and private-use
//! characters, tatweel, Arabic and Hebrew points, lines through and under letters dropped; NFKC; CJK radicals and ○ to ideographs; full case folding and
//! NFKC again; decimal digits to ASCII; everything but letters, marks and numbers to a separator. A separator stays (as
//! one space) only where it separates: between two words or two numbers. It vanishes beside scripts without spaces and
//! between a word and a number, so that `7 月 20 日` is `7月20日`. Then script classes.
//!
//! Last come edits of the folded text, for what hangs on more than a character: lookalikes in a word of another script,
//! spellings of one syllable (Vietnamese tones, Thai signs), and phrase classes or, in a Korean text, the readings of
//! ideographs. Two questions are asked of a whole text, and answered by the letters in it: is its Cyrillic that of a language
//! which is printed in Latin as well, and is it Korean?
//!
//! Folding a folded text changes nothing, so every rule's result is a form that no rule changes.
//!
//! Sources: UAX #15 (normalisation forms and the quick check), UAX #44 (properties), UTS #39 (confusables), Unihan (Korean
//! readings), EquivalentUnifiedIdeograph.txt, OpenCC's dictionaries (Apache-2.0, see NOTICE); orthographies where their rows are.

mod alphabets;
mod ascii;
mod edits;
mod entry;
mod fold;
mod han;
mod hanja;
mod letters;
mod lookalikes;
mod offsets;
mod phrases;
mod ranges;
#[cfg(test)]
mod reference;
mod respell;
mod table;
#[cfg(test)]
mod tests;
mod twice;

pub use offsets::OffsetMap;

use std::ops::Range;

pub(crate) use edits::Shift;
use entry::Kind;
use fold::Fold;
use offsets::RangeLocator;
use ranges::within;
pub(crate) use table::FOLD_VERSION;

/// The code point that three bytes of UTF-8 stand for.
#[inline(always)]
pub(crate) fn three_bytes([a, b, c]: [u8; 3]) -> u32 {
    u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F)
}

/// Is this folded character one of a script without spaces, a unit of its own?
#[inline]
pub(crate) fn is_unspaced(c: char) -> bool {
    let cp = c as usize;
    match BASIC_UNSPACED.get(cp / 64) {
        Some(bits) => bits >> (cp % 64) & 1 != 0,
        None => within(ranges::HAN, c) || within(ranges::UNSPACED, c),
    }
}

/// The answers for the basic plane, a bit each.
static BASIC_UNSPACED: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut table = 0;
    while table < 2 {
        let ranges = [ranges::HAN, ranges::UNSPACED][table];
        let mut range = 0;
        while range < ranges.len() {
            let (mut cp, last) = ranges[range];
            while cp <= last && cp < 1 << 16 {
                bits[cp as usize / 64] |= 1 << (cp % 64);
                cp += 1;
            }
            range += 1;
        }
        table += 1;
    }
    bits
};

/// What one character is, whatever stands around it.
pub(crate) enum Sign {
    /// A letter or digit, as it is folded.
    Letter(char),
    /// A form for several letters.
    Several(Vec<char>),
    /// A mark on the letter before it.
    Combining(char),
    /// Punctuation or a symbol.
    Mark,
    /// White space within a line.
    Space,
    /// A line break.
    Break,
    /// Nothing that is seen or says anything.
    Nothing,
}

/// The folded form of an ideograph from U+4000 to U+9FFF, of three bytes that begin with `0xE4` to `0xE9`; none if it is another
/// thing. Cost: a look-up.
#[inline]
pub(crate) fn ideograph(bytes: [u8; 3]) -> Option<u16> {
    let folded = han::folded(&bytes);
    (folded != 0).then_some(folded)
}

/// May a regional word begin with these two folded characters? Cost: a look-up; a few of a hundred that begin none may.
#[inline]
pub(crate) fn may_begin_phrase(first: u32, second: u32) -> bool {
    let both = char::from_u32(first).zip(char::from_u32(second));
    both.is_some_and(|(first, second)| phrases::PhraseTable::get().may_start(first, second))
}

/// What one character is by itself. Cost: a look-up.
#[inline]
pub(crate) fn sign(c: char) -> Sign {
    let entry = table::lookup(c);
    match entry.kind() {
        Kind::Letter
        | Kind::Digit
        | Kind::Unspaced
        | Kind::Han
        | Kind::GreekOrCyrillic
        | Kind::Toned => Sign::Letter(entry.character(c)),
        Kind::Mark => Sign::Combining(c),
        Kind::Separator | Kind::Hyphen | Kind::Circle => Sign::Mark,
        Kind::Blank => Sign::Space,
        Kind::Break => Sign::Break,
        Kind::Drop | Kind::SoftHyphen => Sign::Nothing,
        Kind::Expand => {
            let atoms = table::expansion(entry).filter(|(atom, _)| {
                !matches!(
                    atom.kind(),
                    Kind::Separator | Kind::Blank | Kind::Drop | Kind::Mark
                )
            });
            Sign::Several(atoms.map(|(_, letter)| letter).collect())
        }
    }
}

/// Folds texts to the key form in which editions of one text are equal.
///
/// ```
/// use reprint::normalize::Normalizer;
///
/// let normalizer = Normalizer::new();
/// let print = normalizer.fold("資訊「科\n技」，２０２１年");
/// let web = normalizer.fold("信息\"科技\", 2021 年");
/// assert_eq!(print, web);
/// assert_eq!(normalizer.fold("The FIRST docu-\nment"), "the first document");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Normalizer {
    strip_accents: bool,
}

/// A folded text with the way back.
///
/// ```
/// let folded = reprint::normalize::Normalizer::new().fold_with_offsets("É!");
/// assert_eq!(folded.text, "é");
/// assert_eq!(folded.offsets.original(0..folded.text.len()), 0..2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The key form.
    pub text: String,
    /// Where each of its characters came from.
    pub offsets: OffsetMap,
}

impl Normalizer {
    /// The default folding: accents stay.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also drops accents from letters (`é` to `e`). Off by default: in Vietnamese, accents tell words apart.
    pub fn strip_accents(self, strip_accents: bool) -> Self {
        Self { strip_accents }
    }

    /// Folds `text`. Never fails: every string has a folded form, possibly the empty one.
    pub fn fold(&self, text: &str) -> String {
        let mut out = String::new();
        self.fold_into(text, &mut out);
        out
    }

    /// As [`fold`](Self::fold), into a buffer that the caller uses again; what it held is lost.
    pub fn fold_into(&self, text: &str, out: &mut String) {
        match twice::restored(text) {
            Some(restored) => self.fold_into(&restored.text, out),
            None => Fold::new(text, out, (), self.strip_accents).run(),
        }
    }

    /// Folds `text` and records where every folded character came from (24 bytes a character).
    pub fn fold_with_offsets(&self, text: &str) -> Folded {
        if let Some(restored) = twice::restored(text) {
            let folded = self.fold_with_offsets(&restored.text);
            let offsets = folded.offsets.moved(|place| restored.original(place));
            return Folded { offsets, ..folded };
        }
        let mut out = String::new();
        let offsets = Fold::new(text, &mut out, OffsetMap::default(), self.strip_accents).run();
        Folded { text: out, offsets }
    }

    /// Where in `text` the given byte ranges of its folded form came from, as [`OffsetMap::original`] would have it; without
    /// the map, so for a few ranges of a long text at the price of folding it twice.
    ///
    /// ```
    /// let found = reprint::normalize::Normalizer::new().locate("７ 月\n20日。", &[0..1, 1..6]);
    /// assert_eq!(found, [0..3, 4..10]);
    /// ```
    pub fn locate(&self, text: &str, folded: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut out = String::new();
        let shifts = self.fold_noting_shifts(text, &mut out);
        let within = |range: &Range<usize>| range.start.min(out.len())..range.end.min(out.len());
        let folded: Vec<Range<usize>> = folded.iter().map(within).collect();
        self.locate_shifted(text, &folded, &shifts)
    }

    /// As [`fold_into`](Self::fold_into); returns the edits by which the length of the text changed.
    pub(crate) fn fold_noting_shifts(&self, text: &str, out: &mut String) -> Vec<Shift> {
        match twice::restored(text) {
            Some(restored) => self.fold_noting_shifts(&restored.text, out),
            None => Fold::new(text, out, (), self.strip_accents).run_noting_shifts(),
        }
    }

    /// As [`locate`](Self::locate), where `shifts` were noted when the text was folded, and the ranges lie within its folded
    /// form: it is folded once, to the last of them.
    pub(crate) fn locate_shifted(
        &self,
        text: &str,
        folded: &[Range<usize>],
        shifts: &[Shift],
    ) -> Vec<Range<usize>> {
        if let Some(restored) = twice::restored(text) {
            let found = self.locate_shifted(&restored.text, folded, shifts);
            return found.iter().map(|place| restored.original(place)).collect();
        }
        let mut out = String::new();
        let wanted = RangeLocator::new(folded, shifts);
        let fold = Fold::new(text, &mut out, wanted, self.strip_accents);
        fold.run_without_edits().finish()
    }

    /// What decides a fold, for the scheme: the version of the tables, and the options.
    pub(crate) fn version(&self) -> (u64, bool) {
        (FOLD_VERSION, self.strip_accents)
    }
}
