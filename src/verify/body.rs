//! How alike are two texts without the head and foot that a site puts around one of them?
//!
//! A web copy of a short article may be half menu, date line and "read also". Text that the longer text adds before the first and
//! after the last common shingle is *furniture*, up to [`MAX_FURNITURE`] shingles at each end. The rest is its *body*. The shorter
//! text counts as a whole: if both texts had ends that differ, they would be two items of one form.

use std::cmp::Ordering;

use crate::normalize::is_unspaced;
use crate::shingle::ShingleSet;
use crate::verify::Overlap;

/// Maximum shingles at either end that count as furniture, about as many characters or words.
pub const MAX_FURNITURE: usize = 150;

/// Minimum Jaccard of whole texts, as a share of the threshold, for their bodies to be compared. A search must find pairs down to
/// this Jaccard.
pub const FURNITURE_FLOOR: f64 = 0.75;

/// Minimum Jaccard of the body of the longer text and the shorter text. It is higher than for whole texts: three eighths of the way
/// from the threshold to 1 (0.75 for a threshold of 0.6).
pub fn body_threshold(threshold: f64) -> f64 {
    threshold + (1.0 - threshold) * 0.375
}

/// The overlap of the shorter text with the body of the longer one.
///
/// `left` and `right` are all shingle hashes of the texts in text order ([`Shingler::hashes`]), `whole` is their overlap. Cost: a sort
/// of each text, and a look-up for each shingle of the ends.
///
/// ```
/// use reprint::verify::{Overlap, body_overlap};
///
/// let article: Vec<u64> = (0..100).collect();
/// let page: Vec<u64> = (900..980).chain(0..100).chain(980..1000).collect();
/// let whole = Overlap { shared: 100, left: 100, right: 200 };
/// assert_eq!(body_overlap(&article, &page, whole), Overlap { shared: 100, left: 100, right: 100 });
/// ```
///
/// [`Shingler::hashes`]: crate::shingle::Shingler::hashes
pub fn body_overlap(left: &[u64], right: &[u64], whole: Overlap) -> Overlap {
    let of_right = || body_of_longer(left, right, whole);
    let of_left = || body_of_longer(right, left, whole.swapped()).swapped();
    match whole.left.cmp(&whole.right) {
        Ordering::Less => of_right(),
        Ordering::Greater => of_left(),
        // The texts are equally long, so either may be the one with furniture.
        Ordering::Equal => {
            let (left, right) = (of_left(), of_right());
            if left.jaccard() > right.jaccard() {
                left
            } else {
                right
            }
        }
    }
}

/// Minimum weight of a sentence in a head or foot: "All rights reserved." is shorter.
const MIN_SENTENCE_WEIGHT: usize = 16;

/// Weight under which a line may be an entry of a menu. Then a sentence does not continue after its end.
const MIN_LINE_WEIGHT: usize = 20;

/// Is this head or foot (of an original) prose, with most of its letters in sentences? Then it is text that the other edition lost,
/// and no furniture.
pub(crate) fn is_prose(end: &str) -> bool {
    let (mut letters, mut in_sentences) = (0, 0);
    // Letters and weight of the current sentence, and weight of the current line.
    let (mut open, mut sentence, mut line) = (0, 0, 0);
    let mut last = ' ';
    let mut chars = end.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() {
            let starts = !last.is_alphanumeric();
            let weight = if is_unspaced(c) {
                1
            } else {
                2 * usize::from(starts)
            };
            (letters, open, sentence, line) =
                (letters + 1, open + 1, sentence + weight, line + weight);
        } else if ends_sentence(c, last, chars.peek()) {
            in_sentences += if sentence >= MIN_SENTENCE_WEIGHT {
                open
            } else {
                0
            };
            (open, sentence, line) = (0, 0, MIN_LINE_WEIGHT);
        } else if c == '\n' {
            if line < MIN_LINE_WEIGHT {
                (open, sentence) = (0, 0);
            }
            line = 0;
        }
        last = c;
    }
    in_sentences > 0 && 2 * in_sentences >= letters
}

fn ends_sentence(c: char, before: char, after: Option<&char>) -> bool {
    match c {
        '.' => before.is_alphanumeric() && after.is_none_or(|after| !after.is_alphanumeric()),
        _ => matches!(
            c,
            '。' | '！' | '？' | '｡' | '!' | '?' | '…' | '؟' | '۔' | '।'
        ),
    }
}

/// The overlap of `left` with the body of `right`, which is at least as long.
fn body_of_longer(left: &[u64], right: &[u64], whole: Overlap) -> Overlap {
    let shorter = ShingleSet::from_hashes(left);
    let alien = |hash: &&u64| shorter.as_slice().binary_search(hash).is_err();
    let head = right.iter().take(MAX_FURNITURE).take_while(alien).count();
    let body = &right[head..];
    let foot = body
        .iter()
        .rev()
        .take(MAX_FURNITURE)
        .take_while(alien)
        .count();
    let body = ShingleSet::from_hashes(&body[..body.len() - foot]);
    Overlap {
        right: body.len(),
        ..whole
    }
}

/// Upper bound of [`body_overlap`] for texts of this overlap: two ends of full length are set aside.
pub(super) fn best_body(whole: Overlap) -> Overlap {
    let longer = whole.left.max(whole.right);
    let body = longer.saturating_sub(2 * MAX_FURNITURE).max(whole.shared);
    Overlap {
        shared: whole.shared,
        left: whole.left.min(whole.right),
        right: body,
    }
}

#[cfg(test)]
mod tests {
    use super::is_prose;

    #[test]
    fn sentences_are_told_from_menus() {
        let prose = [
            "最后一块田在傍晚收完，那是独居的曾爷爷的八分地。夜里十点，第一阵雨点打在晒谷场的油布上。",
            "The last field was cut by evening. At ten that night the first drops\nfell on the tarpaulins of the yard.",
            "第九条 经营者应当向消费者出具购货凭证，不得拒绝。",
        ];
        let furniture = [
            "",
            "首页 > 新闻 > 正文\n发布时间:2021-10-09\n来源:晚报",
            "Home | News | Sport | Letters",
            "Copyright The Aske Valley Courier. All rights reserved.",
            "责任编辑:某人\n【加入收藏】【打印此文】\n分享到:\n版权所有 未经许可不得转载。",
        ];
        assert!(prose.into_iter().all(is_prose));
        assert!(!furniture.into_iter().any(is_prose));
    }
}
