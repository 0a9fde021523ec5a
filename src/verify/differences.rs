//! What does one edition have that the other lacks?
//!
//! Both are aligned ([`align`](super::align)). Text between the aligned stretches is a difference in the words. Inside the
//! stretches, where the folded forms are equal, the originals may still differ in punctuation or script.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::document::{Span, spans};
use crate::normalize::{Folded, Normalizer};
use crate::shingle::{Shingler, Shingles, units, weight};
use crate::verify::align::align;
use crate::verify::numbers::{Conflict, Numbers, conflicts, same_numbers};
use crate::verify::stretches::{Gap, gaps};
use crate::verify::{MAX_FURNITURE, Stretch, is_prose, rare_anchors, stretches};

/// Minimum weight of an aligned stretch that begins or ends the body. A headline alone is no body.
const FIRM: usize = 30;

/// Maximum units on either side of a change near the head or foot that counts as a change of words, not as furniture.
const REWORDED: usize = 4;

/// The kind of a difference.
///
/// ```
/// assert_eq!(reprint::verify::DifferenceKind::Number.to_string(), "number");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Conflicting numbers, with what they count.
    Number,
    /// Conflicting dates.
    Date,
    /// Text inside the body.
    Body,
    /// Text at the head: what a site or a publisher puts before the body.
    Head,
    /// Text at the foot.
    Foot,
    /// Punctuation only.
    Punctuation,
    /// Script or regional wording only: both sides have the same words.
    Script,
    /// Width, case and compatibility forms; reported by [`side_by_side`](crate::verify::side_by_side) only.
    Form,
    /// White space, line ends and invisible characters; reported by [`side_by_side`](crate::verify::side_by_side) only.
    Layout,
}

impl DifferenceKind {
    /// All kinds, the most important first.
    pub const ALL: [Self; 9] = [
        Self::Number,
        Self::Date,
        Self::Body,
        Self::Head,
        Self::Foot,
        Self::Punctuation,
        Self::Script,
        Self::Form,
        Self::Layout,
    ];

    /// Is it a conflict of numbers or dates?
    pub fn is_conflict(self) -> bool {
        matches!(self, Self::Number | Self::Date)
    }

    /// Its name in files: `number`, `date`, `body`, `head`, `foot`, `punctuation`, `script`, `form`, `layout`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Body => "body",
            Self::Head => "head",
            Self::Foot => "foot",
            Self::Punctuation => "punctuation",
            Self::Script => "script",
            Self::Form => "form",
            Self::Layout => "layout",
        }
    }
}

impl std::fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place where two editions differ. One of the two spans may be empty; then only the other edition has text there.
///
/// ```
/// use reprint::{Span, verify::{Difference, DifferenceKind}};
///
/// let difference = Difference {
///     kind: DifferenceKind::Body,
///     left: Span { bytes: 0..3, characters: 0..1 },
///     right: Span::default(),
/// };
/// assert_eq!(difference.swapped().right.characters, 0..1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind of the difference.
    pub kind: DifferenceKind,
    /// The text of the left edition.
    pub left: Span,
    /// The text of the right edition in its place.
    pub right: Span,
}

impl Difference {
    /// The same difference seen from the other side.
    pub fn swapped(self) -> Self {
        let Self { kind, left, right } = self;
        Self {
            kind,
            left: right,
            right: left,
        }
    }
}

/// One edition, prepared for comparison with others.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, verify::{DifferenceKind, Edition, differences}};
///
/// let edition = |text| Edition::new(text, &Normalizer::new(), &Shingler::default());
/// let (print, web) = (edition("7 月 20 日南京禄口机场发生疫情以来"), edition("720日南京禄口机场发生疫情以来"));
/// let found = differences(&print, &web);
/// assert_eq!(found[0].kind, DifferenceKind::Number);
/// assert_eq!(found[0].right.of("720日南京禄口机场发生疫情以来"), "720日");
/// ```
#[derive(Clone, Debug)]
pub struct Edition<'t> {
    original: &'t str,
    folded: Folded,
    shingles: Shingles,
}

impl<'t> Edition<'t> {
    /// Folds `original` and cuts its shingles. All offsets are kept: about 50 bytes of memory a character.
    pub fn new(original: &'t str, normalizer: &Normalizer, shingler: &Shingler) -> Self {
        let folded = normalizer.fold_with_offsets(original);
        let mut shingles = Shingles::default();
        shingler.cut_into(&folded.text, &mut shingles);
        Self {
            original,
            folded,
            shingles,
        }
    }

    /// The original text.
    pub fn original(&self) -> &'t str {
        self.original
    }

    /// The folded text.
    pub fn folded(&self) -> &str {
        &self.folded.text
    }

    /// The shingles of the folded text, in text order.
    pub fn hashes(&self) -> &[u64] {
        &self.shingles.hashes
    }

    /// The spans of the original that folded ranges came from.
    pub fn spans(&self, folded: &[Range<usize>]) -> Vec<Span> {
        let originals = folded.iter().map(|range| self.place(range));
        spans(self.original, &originals.collect::<Vec<_>>())
    }

    /// The bytes of a folded range in the original, with the marks and spaces after it, up to the end of the line.
    fn around(&self, folded: &Range<usize>) -> Range<usize> {
        let place = self.place(folded);
        let behind = self.original[place.end..]
            .chars()
            .take_while(|c| !c.is_alphanumeric() && *c != '\n');
        let behind: usize = behind.map(char::len_utf8).sum();
        place.start..place.end + behind
    }

    /// The bytes of a folded range in the original. For an empty range, the place after the character before it.
    fn place(&self, folded: &Range<usize>) -> Range<usize> {
        if !folded.is_empty() {
            return self.folded.offsets.original(folded.clone());
        }
        let before = self.folded.text[..folded.start]
            .chars()
            .next_back()
            .map_or(0, char::len_utf8);
        let end = self
            .folded
            .offsets
            .original(folded.start - before..folded.start)
            .end;
        end..end
    }
}

/// The differences of two editions, ordered by their place in the left one.
///
/// Text before the first long common stretch is the head, and text after the last one the foot, if it is no prose and no longer
/// than the text that sites add there ([`MAX_FURNITURE`]). Differing text is searched for conflicting numbers. A change that is a
/// conflict and nothing else is listed only as a conflict. Case, width, layout and compatibility forms are not listed.
pub fn differences(left: &Edition<'_>, right: &Edition<'_>) -> Vec<Difference> {
    differences_along(left, right, &common_stretches(left, right))
}

/// All stretches that two editions have in common.
pub(crate) fn common_stretches(left: &Edition<'_>, right: &Edition<'_>) -> Vec<Stretch> {
    let anchors = rare_anchors(&left.shingles, &right.shingles);
    stretches(left.folded(), right.folded(), anchors)
}

/// As [`differences`], where the common stretches are known.
pub(crate) fn differences_along(
    left: &Edition<'_>,
    right: &Edition<'_>,
    common: &[Stretch],
) -> Vec<Difference> {
    spelled_out(left, right, &found(left, right, common, false))
}

/// A difference as bytes of the originals.
pub(super) type Raw = (DifferenceKind, Range<usize>, Range<usize>);

/// All differences, ordered by their place in the left text. With `forms`, differences in the form of letters are included.
pub(super) fn found(
    left: &Edition<'_>,
    right: &Edition<'_>,
    common: &[Stretch],
    forms: bool,
) -> Vec<Raw> {
    let aligned = align(left.folded(), right.folded(), common);
    let mut found = Found {
        raw: Vec::new(),
        forms,
    };
    found.changes(left, right, &aligned);
    for stretch in &aligned {
        found.inside(left, right, stretch);
    }
    found
        .raw
        .sort_by_key(|(kind, left, right)| (left.start, right.start, *kind));
    found.raw.dedup();
    found.raw
}

struct Found {
    raw: Vec<Raw>,
    /// Are differences in the form of letters included?
    forms: bool,
}

impl Found {
    /// Adds the differences between the stretches.
    fn changes(&mut self, left: &Edition<'_>, right: &Edition<'_>, aligned: &[Stretch]) {
        let (left_units, right_units) = (units(left.folded()), units(right.folded()));
        let numbers = (numbers(left, &left_units), numbers(right, &right_units));
        let body = body(left.folded(), right.folded(), aligned);
        let ends = (left.folded().len(), right.folded().len());
        for (i, gap) in gaps(ends, aligned).into_iter().enumerate() {
            let gap = (
                visible(left.folded(), gap.0),
                visible(right.folded(), gap.1),
            );
            if gap.0.is_empty() && gap.1.is_empty() {
                continue;
            }
            if same_numbers(&numbers.0, &numbers.1, &gap) {
                self.push(rewritten(left, right, &gap), left, right, &gap);
                continue;
            }
            let replaced = (count(&left_units, &gap.0), count(&right_units, &gap.1));
            let reworded = replaced.0.min(replaced.1) > 0 && replaced.0.max(replaced.1) <= REWORDED;
            let kind = match i {
                _ if reworded || aligned.is_empty() || holds_prose(left, right, &gap) => {
                    DifferenceKind::Body
                }
                _ if i <= body.start => DifferenceKind::Head,
                _ if i > body.end => DifferenceKind::Foot,
                _ => DifferenceKind::Body,
            };
            // At the head and foot, one place may have numbers of different things. There, two numbers conflict only if they count the
            // same thing.
            let counted = kind != DifferenceKind::Body;
            let conflicts = conflicts(&numbers.0, &numbers.1, &gap, counted);
            let covered = conflicts
                .iter()
                .any(|conflict| covers(&conflict.left, &gap.0) && covers(&conflict.right, &gap.1));
            for Conflict {
                left: on_left,
                right: on_right,
                is_date,
            } in conflicts
            {
                let kind = if is_date {
                    DifferenceKind::Date
                } else {
                    DifferenceKind::Number
                };
                self.push(kind, left, right, &(on_left, on_right));
            }
            if !covered {
                self.push(kind, left, right, &gap);
            }
        }
    }

    fn push(&mut self, kind: DifferenceKind, left: &Edition<'_>, right: &Edition<'_>, gap: &Gap) {
        self.raw
            .push((kind, left.place(&gap.0), right.place(&gap.1)));
    }

    /// Adds the differences of the originals in a stretch, where the folded texts are equal.
    fn inside(&mut self, left: &Edition<'_>, right: &Edition<'_>, stretch: &Stretch) {
        let on_left = left
            .folded
            .offsets
            .characters(stretch.left..stretch.left_end());
        let on_right = right
            .folded
            .offsets
            .characters(stretch.right..stretch.right_end());
        let text = left.folded.text.as_bytes();
        let mut group: Option<(Range<usize>, Range<usize>)> = None;
        for ((at, l), (_, r)) in on_left.zip(on_right) {
            if let Some((l_before, r_before)) = &mut group {
                // A ligature or a regional word folds to several characters, which all come from one place.
                if l.start < l_before.end || r.start < r_before.end {
                    l_before.end = l_before.end.max(l.end);
                    r_before.end = r_before.end.max(r.end);
                    continue;
                }
                let gap = (l_before.end..l.start, r_before.end..r.start);
                self.script(left.original, right.original, group.take());
                self.punctuation(left.original, right.original, gap);
            }
            if text[at] == b' ' {
                self.punctuation(left.original, right.original, (l, r));
            } else {
                group = Some((l, r));
            }
        }
        self.script(left.original, right.original, group);
    }

    fn punctuation(&mut self, left: &str, right: &str, gap: (Range<usize>, Range<usize>)) {
        if marks(&left[gap.0.clone()]) != marks(&right[gap.1.clone()]) {
            let kind = DifferenceKind::Punctuation;
            self.raw
                .push((kind, visible(left, gap.0), visible(right, gap.1)));
        }
    }

    /// Adds a difference in script. Differences without a gap between them are joined.
    fn script(&mut self, left: &str, right: &str, place: Option<(Range<usize>, Range<usize>)>) {
        let Some((l, r)) = place.filter(|(l, r)| left[l.clone()] != right[r.clone()]) else {
            return;
        };
        let kind = match plain(&left[l.clone()]) == plain(&right[r.clone()]) {
            false => DifferenceKind::Script,
            true if self.forms => DifferenceKind::Form,
            true => return,
        };
        match self.raw.last_mut() {
            Some((last, left, right))
                if *last == kind && left.end == l.start && right.end == r.start =>
            {
                (left.end, right.end) = (l.end, r.end);
            }
            _ => self.raw.push((kind, l, r)),
        }
    }
}

fn spelled_out(left: &Edition<'_>, right: &Edition<'_>, raw: &[Raw]) -> Vec<Difference> {
    let ranges =
        |side: fn(&Raw) -> &Range<usize>| raw.iter().map(side).cloned().collect::<Vec<_>>();
    let lefts = spans(left.original, &ranges(|raw| &raw.1));
    let rights = spans(right.original, &ranges(|raw| &raw.2));
    let sides = lefts.into_iter().zip(rights);
    let differences = raw.iter().zip(sides);
    differences
        .map(|(&(kind, ..), (left, right))| Difference { kind, left, right })
        .collect()
}

fn numbers<'e>(
    edition: &'e Edition<'_>,
    units: &'e [Range<usize>],
) -> Numbers<'e, impl Fn(usize) -> &'e str> {
    Numbers {
        folded: edition.folded(),
        units,
        separator: |at: usize| &edition.original[edition.folded.offsets.original(at..at + 1)],
    }
}

/// Number of units in a gap.
fn count(units: &[Range<usize>], gap: &Range<usize>) -> usize {
    let from = units.partition_point(|unit| unit.end <= gap.start);
    units[from..]
        .iter()
        .take_while(|unit| unit.start < gap.end)
        .count()
}

fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The kind of a change where both sides write the same number in different ways.
fn rewritten(left: &Edition<'_>, right: &Edition<'_>, gap: &Gap) -> DifferenceKind {
    let only_digits = |side: &str| {
        side.bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_digit())
    };
    if only_digits(&left.folded()[gap.0.clone()]) && only_digits(&right.folded()[gap.1.clone()]) {
        DifferenceKind::Punctuation
    } else {
        DifferenceKind::Script
    }
}

/// Is either side of a gap prose? Then the other edition lost it, and it is no furniture.
fn holds_prose(left: &Edition<'_>, right: &Edition<'_>, gap: &Gap) -> bool {
    is_prose(&left.original[left.around(&gap.0)]) || is_prose(&right.original[right.around(&gap.1)])
}

/// The indices of the first and the last stretch of the body; both belong to it.
fn body(left: &str, right: &str, aligned: &[Stretch]) -> Range<usize> {
    let longest = aligned
        .iter()
        .map(|stretch| stretch.bytes)
        .max()
        .unwrap_or(0);
    let firm = |stretch: &&Stretch| {
        stretch.bytes == longest || weight(&left[stretch.left..stretch.left_end()]) >= FIRM
    };
    let first = aligned
        .iter()
        .position(|stretch| firm(&stretch))
        .unwrap_or(0);
    let last = aligned
        .iter()
        .rposition(|stretch| firm(&stretch))
        .unwrap_or(0);
    let ends = aligned
        .get(first)
        .zip(aligned.get(last))
        .map(|(first, last)| {
            let head = weight(&left[..first.left]).max(weight(&right[..first.right]));
            let foot = weight(&left[last.left_end()..]).max(weight(&right[last.right_end()..]));
            (head, foot)
        });
    let (head, foot) = ends.unwrap_or_default();
    // Text that is too long for furniture is text that one of the two lacks. Then only its outer end is head or foot.
    let start = if head <= MAX_FURNITURE { first } else { 0 };
    let end = if foot <= MAX_FURNITURE {
        last
    } else {
        aligned.len().saturating_sub(1)
    };
    start..end
}

/// A text folded by case, width, compatibility and Unicode form, but not by script.
fn plain(original: &str) -> String {
    original.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

/// The kind of a difference between two gaps: punctuation if their marks differ, layout if no visible character differs, else form.
pub(super) fn unseen(left: &str, right: &str) -> DifferenceKind {
    if marks(left) != marks(right) {
        DifferenceKind::Punctuation
    } else if shown(left).eq(shown(right)) {
        DifferenceKind::Layout
    } else {
        DifferenceKind::Form
    }
}

/// The marks of a gap in one form. A repeated mark counts once. A hyphen at a line end does not count.
fn marks(gap: &str) -> String {
    let mut marks: Vec<char> = shown(gap).nfkc().filter(|c| !c.is_whitespace()).collect();
    marks.dedup();
    marks.into_iter().collect()
}

/// The visible characters of a gap.
fn shown(gap: &str) -> impl Iterator<Item = char> + '_ {
    let wraps = gap.contains('\n');
    let hyphen = |c: char| matches!(c, '-' | '\u{2010}' | '\u{AD}');
    gap.chars().filter(move |&c| {
        !(c.is_whitespace() || c.is_control() || is_invisible(c) || (wraps && hyphen(c)))
    })
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// A range without the white space at its ends.
pub(super) fn visible(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    let length = slice.trim().len();
    if length == 0 {
        range.start..range.start
    } else {
        start..start + length
    }
}
