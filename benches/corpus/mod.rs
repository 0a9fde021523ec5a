//! On which text do the benchmarks run? On generated text that is the same on every machine. It has words made of syllables,
//! characters with a skewed distribution, punctuation and line wraps. There are also editions of a text, as a reprint would
//! have it.

mod alphabet;
mod random;

use std::time::Duration;

use criterion::Criterion;

use alphabet::{Alphabet, CYRILLIC, ENGLISH, LATIN, SIMPLIFIED, THAI, TRADITIONAL};
pub use random::Random;

/// Number of bytes of text in the benchmark of a stage.
pub const MEGABYTE: usize = 1_000_000;

/// Number of sentences in a paragraph.
const PARAGRAPH: usize = 6;

/// Width of a line in columns; an East Asian character takes two.
const LINE: usize = 72;

/// Punctuation that a reprint may lose without becoming another text. The hyphen is not included.
const PUNCTUATION: &str = ",.;:!?()“”，。、；：！？《》（）";

/// The settings of each benchmark. They are short, so that all benchmarks together take minutes.
pub fn criterion(samples: usize) -> Criterion {
    Criterion::default()
        .sample_size(samples)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

/// The script of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Words of ASCII letters. Some are hyphenated at the end of a line.
    English,
    /// Simplified characters with full-width punctuation.
    Simplified,
    /// Traditional characters with the words of Taiwan. With the same seed, the text is the same as that of
    /// [`Simplified`](Self::Simplified), except for the last sentence.
    Traditional,
    /// Latin with accents (precomposed and combining), Cyrillic, Thai, Chinese and English, one for each sentence.
    Mixed,
}

impl Script {
    /// All scripts.
    pub const ALL: [Self; 4] = [
        Self::English,
        Self::Simplified,
        Self::Traditional,
        Self::Mixed,
    ];

    /// The name of the script in the results.
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

/// A text of at least `bytes`, at most a sentence longer, generated from a seed.
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

/// `count` texts of at least `bytes` each, generated from the seeds 0, 1, 2 and so on.
pub fn texts(script: Script, count: usize, bytes: usize) -> Vec<String> {
    let seeds = 0..count as u64;
    seeds.map(|seed| text(script, seed, bytes)).collect()
}

/// The same text in another layout: lines are joined, punctuation is removed, and lines are wrapped again.
pub fn layout(text: &str) -> String {
    let joined = text.replace("-\n", "").replace('\n', " ");
    let bare: String = joined
        .chars()
        .filter(|&c| !PUNCTUATION.contains(c))
        .collect();
    wrap(&bare, LINE / 2)
}

/// A reprint of a text: another layout, with a head and a foot of `furniture` ideographs each. They share no shingle with
/// any text.
pub fn edition(original: &str, seed: u64, furniture: usize) -> String {
    let mut random = Random::new(!seed);
    let mut strange = || -> String { (0..furniture).map(|_| random.ideograph()).collect() };
    let (head, foot) = (strange(), strange());
    format!("{head}\n\n{}\n\n{foot}", layout(original))
}

/// Breaks lines that have reached the width, at a space or before an ideograph or kana. Lines are never broken before
/// full-width punctuation or inside a number.
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
