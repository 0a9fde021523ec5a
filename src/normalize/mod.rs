//! When are two strings the same text?
//!
//! When they fold to the same key. The [`Normalizer`] folds everything that an edition may change without changing the text: line breaks,
//! hyphens at line ends, width, compatibility forms, case, invisible characters, punctuation and spacing, Chinese script (simplified,
//! traditional, Taiwan, Hong Kong, Japanese forms) and regional words (資訊/信息), the alphabet of languages that have two, and letters of one
//! language that are written for one another. The folded form is only for comparison, never for output: it merges texts, so it can't be
//! converted back. An [`OffsetMap`] gives the place in the original.
//!
//! The fold is one pass over the text, with one table row for each character. The rows are generated at build time from Unicode's
//! properties and OpenCC's dictionaries. Combining sequences are cut out and normalised as a whole. Cost: linear in the text, except for
//! the sorting of marks on one base. The tests compare the fold with a slow reference of `unicode-normalization` and plain loops.
//!
//! A text that was encoded twice (`é` became `Ã©`) is decoded first.
//!
//! The steps, in this order: line breaks become LF; hyphenated line ends are joined; default-ignorables, controls, unassigned and
//! private-use characters, tatweel, Arabic and Hebrew points, and lines through and under letters are dropped; NFKC; CJK radicals and ○
//! become ideographs; full case folding, and NFKC again; decimal digits become ASCII; everything except letters, marks and numbers becomes
//! a separator. A separator stays (as one space) only between two words or two numbers. It vanishes next to scripts without spaces, and
//! between a word and a number, so that `7 月 20 日` becomes `7月20日`. Then script classes are applied.
//!
//! Last, the folded text is edited where more than one character decides: lookalikes in a word of another script, two spellings of one
//! syllable (Vietnamese tones, Thai signs), and phrase classes or, in a Korean text, the readings of ideographs. Two decisions depend on
//! the letters of the whole text: whether its Cyrillic is that of a language which is also printed in Latin, and whether the text is
//! Korean.
//!
//! Folding a folded text changes nothing, so no rule may change the result of another rule.
//!
//! Sources: UAX #15 (normalisation forms and the quick check), UAX #44 (properties), UTS #39 (confusables), Unihan (Korean readings),
//! EquivalentUnifiedIdeograph.txt, OpenCC's dictionaries (Apache-2.0, see NOTICE). The sources of orthographies are given at their rows.

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

/// The code point that three bytes of UTF-8 encode.
#[inline(always)]
pub(crate) fn three_bytes([a, b, c]: [u8; 3]) -> u32 {
    u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F)
}

/// Is this folded character one of a script without spaces? Then it is a unit by itself.
#[inline]
pub(crate) fn is_unspaced(c: char) -> bool {
    let cp = c as usize;
    match BASIC_UNSPACED.get(cp / 64) {
        Some(bits) => bits >> (cp % 64) & 1 != 0,
        None => within(ranges::HAN, c) || within(ranges::UNSPACED, c),
    }
}

/// The answers of [`is_unspaced`] for the basic plane, one bit each.
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

/// The class of a single character, independent of its neighbours.
pub(crate) enum Sign {
    /// A letter or digit, as it is folded.
    Letter(char),
    /// A character that folds to several letters.
    Several(Vec<char>),
    /// A mark on the letter before it.
    Combining(char),
    /// Punctuation or a symbol.
    Mark,
    /// White space within a line.
    Space,
    /// A line break.
    Break,
    /// A character that is dropped, because it is neither visible nor part of the text.
    Nothing,
}

/// The folded form of an ideograph from U+4000 to U+9FFF, whose three bytes begin with `0xE4` to `0xE9`. `None` for any other character.
/// Cost: a look-up.
#[inline]
pub(crate) fn ideograph(bytes: [u8; 3]) -> Option<u16> {
    let folded = han::folded(&bytes);
    (folded != 0).then_some(folded)
}

/// May a regional word begin with these two folded characters? For a few in a hundred pairs that begin no word, the answer is yes as well.
/// Cost: a look-up.
#[inline]
pub(crate) fn may_begin_phrase(first: u32, second: u32) -> bool {
    let both = char::from_u32(first).zip(char::from_u32(second));
    both.is_some_and(|(first, second)| phrases::PhraseTable::get().may_start(first, second))
}

/// The class of a single character. Cost: a look-up.
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

/// Folds texts to the key form, which is equal for editions of one text.
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

/// A folded text with the map to its original.
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
    /// The place of each of its characters in the original.
    pub offsets: OffsetMap,
}

impl Normalizer {
    /// The default folding: accents stay.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also drops accents from letters (`é` to `e`). Off by default, because accents distinguish words in Vietnamese.
    pub fn strip_accents(self, strip_accents: bool) -> Self {
        Self { strip_accents }
    }

    /// Folds `text`. It never fails: every string has a folded form, which may be empty.
    pub fn fold(&self, text: &str) -> String {
        let mut out = String::new();
        self.fold_into(text, &mut out);
        out
    }

    /// As [`fold`](Self::fold), into a buffer that can be used again. Its earlier content is lost.
    pub fn fold_into(&self, text: &str, out: &mut String) {
        match twice::restored(text) {
            Some(restored) => self.fold_into(&restored.text, out),
            None => Fold::new(text, out, (), self.strip_accents).run(),
        }
    }

    /// Folds `text` and records the origin of every folded character (24 bytes for each character).
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

    /// The places in `text` from which these byte ranges of its folded form came, as [`OffsetMap::original`] gives them. No map is kept;
    /// instead the text is folded twice. This is useful for a few ranges of a long text.
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

    /// As [`fold_into`](Self::fold_into). Returns the edits that changed the length of the text.
    pub(crate) fn fold_noting_shifts(&self, text: &str, out: &mut String) -> Vec<Shift> {
        match twice::restored(text) {
            Some(restored) => self.fold_noting_shifts(&restored.text, out),
            None => Fold::new(text, out, (), self.strip_accents).run_noting_shifts(),
        }
    }

    /// As [`locate`](Self::locate), if `shifts` were noted when the text was folded and the ranges lie within its folded form. The text is
    /// folded once, up to the end of the last range.
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

    /// Version for the scheme: the version of the tables, and the options.
    pub(crate) fn version(&self) -> (u64, bool) {
        (FOLD_VERSION, self.strip_accents)
    }
}
