//! How is a text folded in one pass? With table look-ups for everything that a single character decides, look-ahead for the layout, and a
//! normaliser for the few sequences that combine.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::alphabets::{self, Alphabet};
use super::ascii::{AsciiClass, Batch, is_no_tail};
use super::edits::{Edit, Shift, apply, compose, shifts};
use super::entry::{Entry, Kind};
use super::han::Run;
use super::letters::{
    CHILLU_TAIL, CHILLUS, ZWNJ, is_arabic, is_hangul_final, is_open_syllable, without_absorbed,
};
use super::offsets::OffsetSink;
use super::phrases::PhraseTable;
use super::table::{expansion, lookup};
use super::{hanja, lookalikes, respell, three_bytes};
use crate::kernels;

/// The class of the last kept character. A separator stays only between two characters of one class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Nothing,
    Letter,
    Digit,
    Unspaced,
}

/// Means "no ideograph". It is a plain character, so that a pair can be looked up without a branch.
const NO_HAN: char = '\0';

impl Class {
    fn ascii(self) -> Option<AsciiClass> {
        match self {
            Self::Letter => Some(AsciiClass::Letter),
            Self::Digit => Some(AsciiClass::Digit),
            Self::Nothing | Self::Unspaced => None,
        }
    }

    fn from_ascii(class: AsciiClass) -> Self {
        match class {
            AsciiClass::Letter => Self::Letter,
            AsciiClass::Digit => Self::Digit,
        }
    }
}

/// The state of one pass. `S` records the origin of each folded character, or nothing.
pub(super) struct Fold<'a, S> {
    text: &'a str,
    strip_accents: bool,
    phrases: &'static PhraseTable,
    out: &'a mut String,
    spans: S,
    last: Class,
    /// The last kept character if it is an ideograph, otherwise [`NO_HAN`].
    last_han: char,
    /// The separators since the last kept character, as a range of the text.
    gap: Option<Range<usize>>,
    batch: Batch,
    run: Run,
    /// Up to here, characters are folded one by one and not in batches, because some of their places are wanted.
    single_to: usize,
    /// Up to here, the tails of all characters are known to be in order.
    tails_clear_to: usize,
    /// Up to here, circles are zeros.
    zeros_to: usize,
    /// Places in `out` where a phrase may start.
    phrase_starts: Vec<usize>,
    /// Places in `out` where a syllable with two spellings may start.
    respellings: Vec<usize>,
    has_han: bool,
    /// Are there Greek or Cyrillic letters?
    has_greek_or_cyrillic: bool,
    /// The language of the Cyrillic letters; `None` until it is determined.
    alphabet: Option<Option<&'static Alphabet>>,
    /// Length of `out` when a letter left no trace. Marks on such a letter leave no trace either.
    silent_at: usize,
    /// Edits that changed the length of the text.
    shifts: Vec<Shift>,
}

impl<'a, S: OffsetSink> Fold<'a, S> {
    /// A fold of `text` into `out`, which is cleared first.
    pub(super) fn new(text: &'a str, out: &'a mut String, spans: S, strip_accents: bool) -> Self {
        out.clear();
        out.reserve(text.len());
        Self {
            text,
            strip_accents,
            phrases: PhraseTable::get(),
            out,
            spans,
            last: Class::Nothing,
            last_han: NO_HAN,
            gap: None,
            batch: Batch::new(),
            run: Run::default(),
            single_to: 0,
            tails_clear_to: 0,
            zeros_to: 0,
            phrase_starts: Vec::new(),
            respellings: Vec::new(),
            has_han: false,
            has_greek_or_cyrillic: false,
            alphabet: None,
            silent_at: usize::MAX,
            shifts: Vec::new(),
        }
    }

    /// Folds the whole text and returns the recorded spans.
    pub(super) fn run(mut self) -> S {
        self.run_to_edits();
        self.make_edits();
        self.spans
    }

    /// Folds the whole text and returns the edits that changed its length.
    pub(super) fn run_noting_shifts(mut self) -> Vec<Shift> {
        self.run_to_edits();
        self.make_edits();
        self.shifts
    }

    /// Folds the text without its edits, until all wanted spans are recorded, and returns the spans.
    pub(super) fn run_without_edits(mut self) -> S {
        self.run_to_edits();
        self.spans
    }

    fn run_to_edits(&mut self) {
        let mut at = 0;
        while at < self.text.len() && !self.spans.are_complete() {
            at = self.plain_ascii(at);
            at = self.plain_wide(at);
            at = self.step(at);
        }
    }

    /// Folds plain ASCII from `at` on in batches, where no spans are wanted. Returns where the fold continues. A character to which others
    /// may belong, and a hyphen that may end a line, are left to [`step`](Self::step).
    #[inline]
    fn plain_ascii(&mut self, mut at: usize) -> usize {
        // For fewer bytes, a batch does not pay.
        while let Some(&few) = self.text.as_bytes()[at..].first_chunk::<4>()
            && few.is_ascii()
            && !S::EVERY
            && at >= self.single_to
        {
            let read = self.ascii_batch(at);
            if read == 0 {
                break;
            }
            at += read;
        }
        at
    }

    /// Folds one batch. Returns the number of bytes read.
    fn ascii_batch(&mut self, at: usize) -> usize {
        let batch = &mut self.batch;
        batch.fold(
            &self.text.as_bytes()[at..],
            self.last.ascii(),
            self.gap.is_some(),
        );
        if batch.read == 0 {
            return 0;
        }
        let kept = batch.kept();
        if self
            .spans
            .wants(self.out.len(), self.out.len() + kept.len())
        {
            self.single_to = at + batch.read;
            return 0;
        }
        if !kept.is_empty() {
            self.out.push_str(kept);
            self.last_han = NO_HAN;
        }
        self.last = batch.last.map_or(self.last, Class::from_ascii);
        self.gap = batch.gap.then_some(at..at + batch.read);
        batch.read
    }

    /// Folds a run of plain ideographs from `at` on. Returns its end.
    #[inline]
    fn plain_han(&mut self, mut at: usize) -> usize {
        loop {
            let folded = self.run.read(&self.text.as_bytes()[at..]);
            if folded.is_empty() {
                return at;
            }
            let mut place = self.out.len();
            let mut before = self.last_han;
            for &c in folded {
                let c = char::from_u32(u32::from(c)).unwrap_or(NO_HAN);
                if self.phrases.may_start(before, c) && before != NO_HAN {
                    self.phrase_starts.push(place - before.len_utf8());
                }
                self.spans.push(place, at..at + 3);
                (before, at, place) = (c, at + 3, place + 3);
            }
            (self.last_han, self.gap, self.last) = (before, None, Class::Unspaced);
            self.has_han = true;
            kernels::push_wide(folded, self.out);
            if !self.run.is_full() {
                return at;
            }
        }
    }

    /// Folds a run of ideographs, kana and full-width punctuation from `at` on. Returns its end.
    #[inline]
    fn plain_wide(&mut self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        loop {
            at = self.plain_han(at);
            let Some((c, entry)) = plain_wide_at(&bytes[at..]) else {
                return at;
            };
            let source = at..at + 3;
            match entry.kind() {
                Kind::Han => self.han(entry.character(c), source),
                Kind::Unspaced => self.keep(Class::Unspaced, entry.character(c), source),
                Kind::Separator | Kind::Blank => self.separate(source),
                _ => return at,
            }
            at += 3;
        }
    }

    /// Folds the character at `at`, if there is one, and returns where the fold continues.
    #[inline]
    fn step(&mut self, at: usize) -> usize {
        let mut chars = self.text[at..].chars();
        let Some(c) = chars.next() else {
            return at;
        };
        let source = at..at + c.len_utf8();
        let end = source.end;
        let entry = lookup(c);
        let tail_follows = chars.next().is_some_and(|next| lookup(next).is_tail());
        if (entry.combines() || tail_follows)
            && at >= self.tails_clear_to
            && let Some(end) = self.unordered_end(at)
        {
            self.normalize_sequence(at..end);
            return end;
        }
        match entry.kind() {
            Kind::Hyphen => self.hyphen(source),
            Kind::SoftHyphen if self.breaks_at(end) => self.hyphen(source),
            Kind::Circle => self.circle(source),
            Kind::Drop if c == ZWNJ && self.separates_arabic(end) => {
                self.separate(source);
                end
            }
            _ => {
                self.emit(entry, c, source);
                end
            }
        }
    }

    #[inline]
    fn emit(&mut self, entry: Entry, c: char, source: Range<usize>) {
        match entry.kind() {
            Kind::Letter => self.letter(entry.character(c), source),
            Kind::Han => self.han(entry.character(c), source),
            Kind::GreekOrCyrillic => self.greek_or_cyrillic(entry, c, source),
            Kind::Toned => {
                self.letter(entry.character(c), source);
                self.note_respelling(entry.character(c));
            }
            Kind::Unspaced => {
                let c = entry.character(c);
                self.keep(Class::Unspaced, c, source);
                if c == respell::SARA_E {
                    self.note_respelling(c);
                }
            }
            Kind::Digit => self.keep(Class::Digit, entry.character(c), source),
            Kind::Mark => self.mark(c, source),
            Kind::Drop | Kind::SoftHyphen => {}
            Kind::Separator | Kind::Blank | Kind::Break | Kind::Hyphen | Kind::Circle => {
                self.separate(source);
            }
            Kind::Expand => {
                for (atom, d) in expansion(entry) {
                    self.emit(atom, d, source.clone());
                }
            }
        }
    }

    #[inline(always)]
    fn letter(&mut self, c: char, source: Range<usize>) {
        if !self.strip_accents || c.is_ascii() {
            self.keep(Class::Letter, c, source);
        } else {
            self.bare_letter(c, source);
        }
    }

    #[cold]
    fn bare_letter(&mut self, c: char, source: Range<usize>) {
        let bare = std::iter::once(c)
            .nfd()
            .filter(|&d| lookup(d).kind() != Kind::Mark);
        for d in bare {
            self.keep(Class::Letter, d, source.clone());
        }
    }

    /// Notes that a syllable with two spellings may start with the character that was just kept.
    fn note_respelling(&mut self, c: char) {
        // If accents are stripped, another letter was kept.
        if self.out.ends_with(c) {
            self.respellings.push(self.out.len() - c.len_utf8());
        }
    }

    #[inline]
    fn greek_or_cyrillic(&mut self, entry: Entry, c: char, source: Range<usize>) {
        self.has_greek_or_cyrillic = true;
        match self.alphabet() {
            None => self.letter(entry.character(c), source),
            Some(alphabet) => self.in_latin(alphabet, entry, c, source),
        }
    }

    /// Keeps a Cyrillic letter as letters of its language's Latin alphabet.
    #[cold]
    fn in_latin(&mut self, alphabet: &Alphabet, entry: Entry, c: char, source: Range<usize>) {
        let Some(latin) = latin(alphabet, entry, c, self.before_in_word()) else {
            return self.letter(entry.character(c), source);
        };
        if latin.is_empty() {
            self.silent_at = self.out.len();
        }
        for d in latin.chars() {
            self.emit(lookup(d), d, source.clone());
        }
    }

    /// The language of the Cyrillic letters. It is determined at the first of them.
    #[inline]
    fn alphabet(&mut self) -> Option<&'static Alphabet> {
        let text = self.text;
        *self.alphabet.get_or_insert_with(|| alphabet_of(text))
    }

    /// The last kept letter, if no separator follows it.
    fn before_in_word(&self) -> Option<char> {
        let within = self.last == Class::Letter && self.gap.is_none();
        within.then(|| self.out.chars().next_back()).flatten()
    }

    /// Is a zero-width non-joiner between two Arabic letters? It is then between two words or parts of a word, where other editions have a
    /// space. The letter before it is already kept, the letter after it starts at `end`.
    fn separates_arabic(&self, end: usize) -> bool {
        arabic_starts(&self.text[end..]) && self.before_in_word().is_some_and(is_arabic)
    }

    #[inline]
    fn han(&mut self, c: char, source: Range<usize>) {
        let (before, at) = (self.last_han, self.out.len());
        self.keep(Class::Unspaced, c, source);
        self.last_han = c;
        self.has_han = true;
        // The look-up is done for every pair, even if no ideograph is before `c`. So there is one branch, which is seldom taken.
        if self.phrases.may_start(before, c) && before != NO_HAN {
            self.phrase_starts.push(at - before.len_utf8());
        }
    }

    /// A mark belongs to the character before it. Without such a character, it is dropped.
    fn mark(&mut self, c: char, source: Range<usize>) {
        let orphan =
            self.gap.is_some() || self.last == Class::Nothing || self.out.len() == self.silent_at;
        let accent = self.strip_accents && self.last == Class::Letter;
        if !(orphan || accent) {
            self.keep(self.last, c, source);
            if respell::is_thai_sign(c) {
                self.note_respelling(c);
            }
        }
    }

    #[inline]
    fn keep(&mut self, class: Class, c: char, source: Range<usize>) {
        self.before(class);
        self.spans.push(self.out.len(), source);
        self.out.push(c);
        self.last_han = NO_HAN;
    }

    /// Prepares for a character of this class: a gap between two characters of one class becomes a space.
    #[inline]
    fn before(&mut self, class: Class) {
        if let Some(gap) = self.gap.take()
            && class == self.last
            && class != Class::Unspaced
        {
            self.spans.push(self.out.len(), gap);
            self.out.push(' ');
        }
        self.last = class;
    }

    fn separate(&mut self, source: Range<usize>) {
        match &mut self.gap {
            Some(gap) => gap.end = source.end,
            None => self.gap = Some(source),
        }
    }

    /// A hyphen after a letter, and before a line break and a lower-case letter, only divided a word at the line's end. The word continues.
    fn hyphen(&mut self, source: Range<usize>) -> usize {
        let end = source.end;
        if self.last == Class::Letter
            && self.gap.is_none()
            && let Some(resume) = self.word_resumes(end)
        {
            return resume;
        }
        self.separate(source);
        end
    }

    /// The start of the second half of a word, if there are blanks with exactly one line break from `at` on, and then a lower-case letter.
    fn word_resumes(&self, at: usize) -> Option<usize> {
        let mut breaks = 0;
        let mut after_return = false;
        for (i, c) in self.text[at..].char_indices() {
            let entry = lookup(c);
            match entry.kind() {
                Kind::Break if c == '\n' && after_return => {}
                Kind::Break => breaks += 1,
                Kind::Blank => {}
                Kind::Drop if !entry.combines() => {}
                Kind::SoftHyphen if !self.breaks_at(at + i + c.len_utf8()) => {}
                _ => return (breaks == 1 && entry.lower()).then_some(at + i),
            }
            if breaks > 1 {
                return None;
            }
            after_return = c == '\r';
        }
        None
    }

    fn breaks_at(&self, at: usize) -> bool {
        let next = self.text[at..].chars().next();
        next.is_some_and(|c| lookup(c).kind() == Kind::Break)
    }

    /// A circle ○ directly between ideographs is the zero 〇.
    fn circle(&mut self, source: Range<usize>) -> usize {
        let end = source.end;
        if source.start >= self.zeros_to
            && self.last_han != NO_HAN
            && self.gap.is_none()
            && let Some(ideograph) = self.ideograph_after(end)
        {
            self.zeros_to = ideograph;
        }
        if source.start < self.zeros_to {
            self.emit(lookup('〇'), '〇', source);
        } else {
            self.separate(source);
        }
        end
    }

    /// The place of the next ideograph, if there are only circles and dropped characters between `at` and it.
    fn ideograph_after(&self, at: usize) -> Option<usize> {
        let mut rest = self.text[at..].char_indices();
        let (i, c) = rest.find(|&(i, c)| match lookup(c).kind() {
            Kind::Circle | Kind::Drop => false,
            Kind::SoftHyphen => self.breaks_at(at + i + c.len_utf8()),
            Kind::Expand => expansion(lookup(c)).any(|(atom, _)| atom.kind() != Kind::Drop),
            _ => true,
        })?;
        is_ideograph(lookup(c)).then_some(at + i)
    }

    /// The end of the sequence that starts at `start`, if only a normaliser can fold it. Then the character and the marks after it include
    /// one that may combine, or marks out of canonical order (UAX #15, quick check).
    #[cold]
    fn unordered_end(&mut self, start: usize) -> Option<usize> {
        let mut chars = self.text[start..].char_indices();
        let first = lookup(chars.next()?.1);
        let mut unordered = first.combines() || chillu_at(&self.text[start..]).is_some();
        let mut class = last_combining_class(first);
        let mut end = self.text.len();
        for (i, c) in chars {
            let at = start + i;
            let entry = lookup(c);
            let hyphen = entry.kind() == Kind::SoftHyphen && self.breaks_at(at + c.len_utf8());
            let separates = c == ZWNJ && arabic_starts(&self.text[at + c.len_utf8()..]);
            if hyphen || separates || !entry.is_tail() {
                end = at;
                break;
            }
            if entry.combines() {
                unordered = true;
            } else if entry.kind() == Kind::Mark {
                unordered |= entry.target() != 0 && entry.target() < class;
                class = entry.target();
            }
        }
        self.tails_clear_to = end;
        unordered.then_some(end)
    }

    /// The slow path: normalises a combining sequence as a whole.
    #[cold]
    fn normalize_sequence(&mut self, source: Range<usize>) {
        let text = &self.text[source.clone()];
        let (chillu, rest) =
            chillu_at(text).map_or((None, text), |(chillu, rest)| (Some(chillu), rest));
        let visible = chillu.into_iter().chain(rest.chars()).filter(|&c| {
            let entry = lookup(c);
            entry.combines() || !matches!(entry.kind(), Kind::Drop | Kind::SoftHyphen)
        });
        // A dropped character may have kept a mark from its base.
        let kept = visible.nfkc().filter(|&c| lookup(c).kind() != Kind::Drop);
        let composed: String = without_absorbed(kept.nfkc()).collect();
        let mut cased = String::with_capacity(composed.len());
        for c in composed.chars() {
            self.push_case_folded(c, &mut cased);
        }
        if cased.is_empty() && self.out.len() == self.silent_at {
            return;
        }
        if cased.chars().all(|c| lookup(c).kind() == Kind::Circle) {
            // Anything else in the sequence was dropped.
            self.circle(source);
            return;
        }
        for c in cased.nfkc() {
            if !self.is_stray_final(c) && !self.completes_syllable(c) {
                self.emit(lookup(c), c, source.clone());
            }
        }
    }

    /// Is `c` a final consonant of hangul after a separator that vanishes? It is dropped like a mark without a base. Otherwise it would
    /// join the syllable before it.
    fn is_stray_final(&self, c: char) -> bool {
        self.gap.is_some()
            && is_hangul_final(c)
            && self.out.chars().next_back().is_some_and(is_open_syllable)
    }

    /// Composes `c` with the hangul before it if only a silent letter was between the two. The result has as many bytes as what it
    /// replaces, so recorded places stay valid.
    fn completes_syllable(&mut self, c: char) -> bool {
        let is_next = self.out.len() == self.silent_at && self.gap.is_none();
        let before = self.out.chars().next_back().filter(|_| is_next);
        let whole = before.and_then(|before| unicode_normalization::char::compose(before, c));
        let Some(syllable) = whole.filter(|&whole| ('가'..='힣').contains(&whole)) else {
            return false;
        };
        self.out.pop();
        self.out.push(syllable);
        true
    }

    /// As [`push_case_folded`], but a Cyrillic letter becomes Latin here, so that its marks compose.
    fn push_case_folded(&mut self, c: char, out: &mut String) {
        let entry = lookup(c);
        let is_cyrillic = entry.kind() == Kind::GreekOrCyrillic;
        let before = out.chars().next_back().or(self.before_in_word());
        let alphabet = if is_cyrillic { self.alphabet() } else { None };
        match alphabet.and_then(|alphabet| latin(alphabet, entry, c, before)) {
            Some("") => self.silent_at = self.out.len(),
            Some(latin) => out.push_str(latin),
            None => push_case_folded(c, out),
        }
    }

    fn make_edits(&mut self) {
        let edits = self.edits();
        if edits.is_empty() {
            return;
        }
        self.spans.replace(self.out, &edits);
        self.shifts = shifts(&edits, self.out);
        *self.out = apply(self.out, &edits);
    }

    /// The edits that can be made only when the whole text is folded, ascending.
    fn edits(&self) -> Vec<Edit> {
        let mut edits = self.edits_of_words();
        let ideographs = self.edits_of_ideographs();
        if edits.is_empty() {
            return ideographs;
        }
        edits.extend(ideographs);
        edits.sort_unstable_by_key(|edit| edit.start);
        edits
    }

    fn edits_of_words(&self) -> Vec<Edit> {
        let edits = if self.has_greek_or_cyrillic {
            lookalikes::edits(self.out)
        } else {
            Vec::new()
        };
        if edits.is_empty() {
            return respell::edits(self.out, &self.respellings);
        }
        let between = apply(self.out, &edits);
        let then = respell::edits(&between, &respell::places(&between));
        compose(&edits, &then, &between)
    }

    fn edits_of_ideographs(&self) -> Vec<Edit> {
        let edits = match &self.phrase_starts[..] {
            [] => Vec::new(),
            starts => self.phrases.edits(self.out, starts),
        };
        if self.has_han
            && hanja::may_have_hangul(self.out.as_bytes())
            && hanja::is_korean(self.out, &edits)
        {
            return hanja::edits(self.out);
        }
        edits
    }
}

/// The letters of the language's Latin alphabet for a Cyrillic letter. The table has already folded ё to е, so ё is tried first.
fn latin(alphabet: &Alphabet, entry: Entry, c: char, before: Option<char>) -> Option<&'static str> {
    let yo = matches!(c, 'ё' | 'Ё').then(|| alphabet.latin('ё', before));
    yo.flatten()
        .or_else(|| alphabet.latin(entry.character(c), before))
}

/// The language of the Cyrillic letters of a text.
#[cold]
fn alphabet_of(text: &str) -> Option<&'static Alphabet> {
    if !alphabets::may_tell(text.as_bytes()) {
        return None;
    }
    // Decomposed letters must give the same language as composed ones.
    if alphabets::may_be_decomposed(text.as_bytes()) {
        let kept = text.chars().filter(|&c| {
            let entry = lookup(c);
            entry.combines() || !matches!(entry.kind(), Kind::Drop | Kind::SoftHyphen)
        });
        // As in a sequence: a dropped character may have kept a mark from its base.
        let kept = kept.nfkc().filter(|&c| lookup(c).kind() != Kind::Drop);
        return Alphabet::of_letters(kept.nfkc().map(folded_cyrillic));
    }
    Alphabet::of_letters(text.chars().map(folded_cyrillic))
}

/// The small letter if `c` is Cyrillic; any other character if not.
fn folded_cyrillic(c: char) -> char {
    // Cyrillic letters, and characters that NFKC may make Cyrillic.
    if !matches!(c, '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1DFF}' | '\u{1E030}'..='\u{1E08F}') {
        return '\0';
    }
    let entry = lookup(c);
    match entry.kind() {
        Kind::GreekOrCyrillic => entry.character(c),
        _ => '\0',
    }
}

fn arabic_starts(text: &str) -> bool {
    text.chars().next().is_some_and(is_arabic)
}

/// The chillu at the start of a text in its older spelling, and the text after it.
fn chillu_at(text: &str) -> Option<(char, &str)> {
    let first = text.chars().next()?;
    let &(_, chillu) = CHILLUS.iter().find(|&&(consonant, _)| consonant == first)?;
    let rest = text[first.len_utf8()..].strip_prefix(CHILLU_TAIL)?;
    Some((chillu, rest))
}

/// The first character of `bytes` and its entry, if it has three bytes and is U+3000 or higher, and the next character can't belong to it.
#[inline]
fn plain_wide_at(bytes: &[u8]) -> Option<(char, Entry)> {
    let (&[a @ (0xE3..=0xED | 0xEF), b, c], rest) = bytes.split_first_chunk()? else {
        return None;
    };
    if !is_no_tail(rest) {
        return None;
    }
    let c = char::from_u32(three_bytes([a, b, c]))?;
    let entry = lookup(c);
    (!entry.combines()).then_some((c, entry))
}

/// The table's case folding of `c`, which must already be a compatibility form. The classes of ideographs and digits are not applied,
/// because they would prevent composition. Dropped characters are left out for the same reason.
fn push_case_folded(c: char, out: &mut String) {
    let entry = lookup(c);
    match entry.kind() {
        Kind::Letter | Kind::GreekOrCyrillic | Kind::Toned => out.push(entry.character(c)),
        Kind::Drop => {}
        Kind::Expand => out.extend(expansion(entry).map(|(_, d)| d)),
        _ => out.push(c),
    }
}

fn is_ideograph(entry: Entry) -> bool {
    match entry.kind() {
        Kind::Han => !entry.combines(),
        Kind::Expand => expansion(entry)
            .next()
            .is_some_and(|(atom, _)| atom.kind() == Kind::Han),
        _ => false,
    }
}

/// The canonical combining class of the last character of the folded form.
fn last_combining_class(entry: Entry) -> u32 {
    match entry.kind() {
        Kind::Mark => entry.target(),
        Kind::Expand => expansion(entry)
            .next_back()
            .filter(|(atom, _)| atom.kind() == Kind::Mark)
            .map_or(0, |(_, d)| lookup(d).target()),
        _ => 0,
    }
}
