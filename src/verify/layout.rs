//! What do the lines of an original show that the folded text does not: which are quoted, which are labels, which are prose?

use std::ops::Range;

use crate::normalize::{Normalizer, is_unspaced};
use crate::shingle::weight;

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Sentences.
    Prose,
    /// An entry of a menu, a caption, a counter: short, and not a sentence.
    Label,
    /// Words of another author: a line of mail that starts with `>`.
    Quoted,
}

/// Does an original have quoted lines?
pub(crate) fn quotes(original: &str) -> bool {
    original.starts_with('>') || original.contains("\n>")
}

/// Weight under which a line that does not end a sentence is a label.
const MIN_LINE_WEIGHT: usize = 20;

/// The kind of line of each letter of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// The end of each run of lines of one kind, in letters.
    runs: Vec<(usize, LineKind)>,
}

impl Layout {
    /// Classifies the lines of an original. Cost: the text is folded once more, with all offsets.
    pub(super) fn new(original: &str, normalizer: &Normalizer) -> Self {
        let folded = normalizer.fold_with_offsets(original);
        let mut lines = Lines::new(original);
        let mut layout = Self::default();
        let mut letters = 0;
        for (at, place) in folded.offsets.characters(0..folded.text.len()) {
            if folded.text.as_bytes()[at] == b' ' {
                continue;
            }
            letters += 1;
            let kind = lines.kind_at(place.start);
            match layout.runs.last_mut() {
                Some(last) if last.1 == kind => last.0 = letters,
                _ => layout.runs.push((letters, kind)),
            }
        }
        layout
    }

    /// The kind of the line that contains a letter.
    pub(super) fn kind(&self, letter: usize) -> LineKind {
        let run = self.runs.partition_point(|run| run.0 <= letter);
        self.runs.get(run).map_or(LineKind::Prose, |run| run.1)
    }

    /// Letters in lines of a kind.
    pub(super) fn letters(&self, kind: LineKind) -> usize {
        let starts = [0].into_iter().chain(self.runs.iter().map(|run| run.0));
        let runs = self.runs.iter().zip(starts);
        runs.filter(|(run, _)| run.1 == kind)
            .map(|(run, start)| run.0 - start)
            .sum()
    }

    /// Letters of a range that are in lines of a kind.
    pub(super) fn letters_in(&self, range: &Range<usize>, kind: LineKind) -> usize {
        range
            .clone()
            .filter(|&letter| self.kind(letter) == kind)
            .count()
    }
}

/// The lines of an original, with the line queried last. Places are queried in ascending order.
struct Lines<'t> {
    original: &'t str,
    line: Range<usize>,
    kind: LineKind,
}

impl<'t> Lines<'t> {
    fn new(original: &'t str) -> Self {
        Self {
            original,
            line: 0..0,
            kind: LineKind::Prose,
        }
    }

    fn kind_at(&mut self, place: usize) -> LineKind {
        if !self.line.contains(&place) {
            let before = &self.original[..place];
            let start = before.rfind(SEPARATORS).map_or(0, |at| at + 1);
            let start = (start..=place)
                .find(|&at| before.is_char_boundary(at))
                .unwrap_or(place);
            let length = self.original[place..].find(SEPARATORS);
            let end = length.map_or(self.original.len(), |length| place + length);
            let line = before.rfind('\n').map_or(0, |at| at + 1);
            self.kind = kind_of(&self.original[line..end], &self.original[start..end]);
            self.line = start..end + 1;
        }
        self.kind
    }
}

/// Characters that end a line, or a cell of a line.
const SEPARATORS: [char; 6] = ['\n', '|', '·', '•', '»', '\t'];

/// The kind of a cell of a line.
fn kind_of(line: &str, cell: &str) -> LineKind {
    if line.starts_with('>') {
        return LineKind::Quoted;
    }
    let line = cell.trim();
    if !line.contains(char::is_alphabetic) {
        return LineKind::Prose;
    }
    let ends = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends_sentence =
        line[ends.len()..].contains(['.', '。', '！', '？', '!', '?', '؟', '۔', '।', '…']);
    if !ends_sentence && weight_under(line, MIN_LINE_WEIGHT) {
        LineKind::Label
    } else {
        LineKind::Prose
    }
}

/// Is the weight of a line less than `most`? Adjacent digits and letters count as one word, as in the folded text.
fn weight_under(line: &str, most: usize) -> bool {
    let unspaced = line.chars().filter(|&c| is_unspaced(c)).count();
    unspaced < most && weight(&line.to_lowercase()) < most
}
