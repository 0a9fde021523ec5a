//! Which text do the benchmarks run on? Generated text, the same on every machine: words of syllables, characters of a
//! skewed distribution, punctuation and line wraps, and editions of such a text as a reprint would have it.

mod alphabet;
mod random;

use std::time::Duration;

use criterion::Criterion;

use alphabet::{Alphabet, CYRILLIC, ENGLISH, LATIN, SIMPLIFIED, THAI, TRADITIONAL};
pub use random::Random;

/// Bytes of text in the benchmark of a stage.
pub const MEGABYTE: usize = 1_000_000;

/// Sentences in a paragraph.
const PARAGRAPH: usize = 6;

/// Columns of a line; a character of East Asia takes two.
const LINE: usize = 72;

/// Punctuation that a reprint may lose without becoming another text; the hyphen is not among it.
const PUNCTUATION: &str = ",.;:!?()“”，。、；：！？《》（）";

/// How every benchmark is run: short, so that all of them together take minutes.
pub fn criterion(samples: usize) -> Criterion {
    Criterion::default()
        .sample_size(samples)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Words of ASCII letters, some with a hyphen at the line's end.
    English,
    /// Simplified characters with full-width punctuation.
    Simplified,
    /// Traditional characters with the words of Taiwan: but for the last sentence, what [`Simplified`](Self::Simplified)
    /// says for the same seed.
    Traditional,
    /// Latin with accents (precomposed and combining), Cyrillic, Thai, Chinese and English, sentence by sentence.
    Mixed,
}

impl Script {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::English,
        Self::Simplified,
        Self::Traditional,
        Self::Mixed,
    ];

    /// Its name in the results.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "english",
            Self::Simplified => "simplified",
            Self::Traditional => "traditional",
            Self::Mixed => "mixed",
        }
    }

    fn alphabets(self) -> Vec<&'static Alphabet> {
        match self {
            Self::English => vec![&ENGLISH],
            Self::Simplified => vec![&SIMPLIFIED],
            Self::Traditional => vec![&TRADITIONAL],
            Self::Mixed => vec![&LATIN, &CYRILLIC, &THAI, &SIMPLIFIED, &ENGLISH],
        }
    }
}

/// A text of `bytes` or a sentence more, by a seed of its own.
pub fn text(script: Script, seed: u64, bytes: usize) -> String {
    let mut random = Random::new(seed);
    let alphabets = script.alphabets();
    let mut text = String::with_capacity(bytes + 1000);
    for sentence in 1.. {
        random.pick(&alphabets).sentence(&mut random, &mut text);
        if text.len() >= bytes {
            break;
        }
        if sentence % PARAGRAPH == 0 {
            text.push_str("\n\n");
        }
    }
    wrap(&text, LINE)
}

/// `count` texts of `bytes` each, by the seeds from 0 on.
pub fn texts(script: Script, count: usize, bytes: usize) -> Vec<String> {
    let seeds = 0..count as u64;
    seeds.map(|seed| text(script, seed, bytes)).collect()
}

/// The same text in another layout: joined lines, punctuation lost, wrapped anew.
pub fn layout(text: &str) -> String {
    let joined = text.replace("-\n", "").replace('\n', " ");
    let bare: String = joined
        .chars()
        .filter(|&c| !PUNCTUATION.contains(c))
        .collect();
    wrap(&bare, LINE / 2)
}

/// A reprint of a text: another layout, with a head and a foot of this many ideographs each, which share no shingle with
/// any text.
pub fn edition(original: &str, seed: u64, furniture: usize) -> String {
    let mut random = Random::new(!seed);
    let mut strange = || -> String { (0..furniture).map(|_| random.ideograph()).collect() };
    let (head, foot) = (strange(), strange());
    format!("{head}\n\n{}\n\n{foot}", layout(original))
}

/// Breaks lines where the width is reached: at a space, or before an ideograph or kana, but never before full-width
/// punctuation or within a number.
fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len() + text.len() / width);
    let mut column = 0;
    for c in text.chars() {
        if column >= width && matches!(c, ' ' | '\u{2E80}'..'\u{FF00}') {
            wrapped.push('\n');
            column = 0;
        }
        if column > 0 || c != ' ' {
            wrapped.push(c);
            column += 1 + usize::from(c >= '\u{2E80}');
        }
        if c == '\n' {
            column = 0;
        }
    }
    wrapped
}
