//! How do two editions look side by side? They are split into pieces that follow each other on both sides and make up both texts.
//!
//! Cost: that of the differences, and a pass over both texts.

use std::ops::Range;

use crate::verify::differences::{Raw, found, unseen, visible};
use crate::verify::{DifferenceKind, Edition, common_stretches};

/// A part of two editions that are shown side by side.
///
/// ```
/// use reprint::{normalize::Normalizer, shingle::Shingler, verify::{DifferenceKind, Edition, side_by_side}};
///
/// let (print, web) = ("７ 月 20 日南京禄口机场，疫情", "7月20日南京祿口機場,疫情");
/// let edition = |text| Edition::new(text, &Normalizer::new(), &Shingler::default());
/// let pieces = side_by_side(&edition(print), &edition(web));
/// let script = pieces.iter().find(|piece| piece.kind == Some(DifferenceKind::Script)).unwrap();
/// assert_eq!((&print[script.left.clone()], &web[script.right.clone()]), ("禄", "祿"));
/// assert_eq!(pieces.iter().map(|piece| &web[piece.right.clone()]).collect::<String>(), web);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The kind of difference; none where both sides are equal, character for character.
    pub kind: Option<DifferenceKind>,
    /// Bytes of the left original.
    pub left: Range<usize>,
    /// Bytes of the right original.
    pub right: Range<usize>,
    /// Conflicting numbers and dates in the piece, as bytes of both originals. If the piece is only a number or date, it is the piece
    /// itself.
    pub numbers: Vec<(Range<usize>, Range<usize>)>,
}

impl Piece {
    fn from_raw((kind, left, right): Raw) -> Self {
        let numbers = kind.is_conflict().then(|| (left.clone(), right.clone()));
        Self {
            kind: Some(kind),
            left,
            right,
            numbers: Vec::from_iter(numbers),
        }
    }

    fn equal(left: Range<usize>, right: Range<usize>) -> Self {
        Self {
            kind: None,
            left,
            right,
            numbers: Vec::new(),
        }
    }

    /// The same piece seen from the other side.
    pub fn swapped(self) -> Self {
        let numbers = self.numbers.into_iter();
        Self {
            kind: self.kind,
            left: self.right,
            right: self.left,
            numbers: numbers.map(|(left, right)| (right, left)).collect(),
        }
    }

    /// Does the next piece begin before this one ends?
    fn overlaps(&self, next: &Self) -> bool {
        next.left.start < self.left.end || next.right.start < self.right.end
    }

    /// Joins two pieces into one. If one of them is more than a number, it gives the kind, and the number is inside the piece.
    fn joined(mut self, next: Self) -> Self {
        let weight = |kind: Option<DifferenceKind>| {
            let words = [
                DifferenceKind::Body,
                DifferenceKind::Head,
                DifferenceKind::Foot,
            ];
            kind.map(|kind| (!words.contains(&kind), kind))
        };
        self.numbers.extend(next.numbers);
        Self {
            kind: [self.kind, next.kind]
                .into_iter()
                .min_by_key(|&kind| weight(kind))
                .flatten(),
            left: hull(&self.left, &next.left),
            right: hull(&self.right, &next.right),
            numbers: self.numbers,
        }
    }
}

/// Two editions as pieces, in the order of both texts. The pieces are complete: text without a difference is in an equal piece.
///
/// The result is finer than [`differences`](crate::verify::differences): form and layout are pieces as well. A number or date that
/// overlaps a change of the text around it forms one piece with it.
pub fn side_by_side(left: &Edition<'_>, right: &Edition<'_>) -> Vec<Piece> {
    let common = common_stretches(left, right);
    let mut differing: Vec<Piece> = Vec::new();
    for raw in found(left, right, &common, true) {
        let mut piece = Piece::from_raw(trimmed(raw, left.original(), right.original()));
        while let Some(last) = differing.pop_if(|last| last.overlaps(&piece)) {
            piece = last.joined(piece);
        }
        differing.push(piece);
    }
    let mut pieces = Vec::new();
    let (mut on_left, mut on_right) = (0, 0);
    for piece in differing {
        let hole = (on_left..piece.left.start, on_right..piece.right.start);
        push_equal(&mut pieces, left.original(), right.original(), hole);
        (on_left, on_right) = (piece.left.end, piece.right.end);
        pieces.push(piece);
    }
    let hole = (
        on_left..left.original().len(),
        on_right..right.original().len(),
    );
    push_equal(&mut pieces, left.original(), right.original(), hole);
    pieces
}

/// A difference of punctuation without the marks and white space that both sides begin or end with.
fn trimmed((kind, l, r): Raw, left: &str, right: &str) -> Raw {
    if kind != DifferenceKind::Punctuation {
        return (kind, l, r);
    }
    let start = common_start(&left[l.clone()], &right[r.clone()]);
    let (l, r) = (l.start + start..l.end, r.start + start..r.end);
    let end = common_end(&left[l.clone()], &right[r.clone()]);
    let (l, r) = (l.start..l.end - end, r.start..r.end - end);
    (kind, visible(left, l), visible(right, r))
}

/// Adds the text between two differences: the same letters, between which white space and marks may differ.
fn push_equal(
    pieces: &mut Vec<Piece>,
    left: &str,
    right: &str,
    hole: (Range<usize>, Range<usize>),
) {
    let (mut l, mut r) = hole;
    loop {
        let start = common_start(&left[l.clone()], &right[r.clone()]);
        let ends = (l.start + start, r.start + start);
        if start > 0 {
            pieces.push(Piece::equal(l.start..ends.0, r.start..ends.1));
        }
        (l.start, r.start) = ends;
        if l.is_empty() && r.is_empty() {
            return;
        }
        let (on_left, on_right) = (&left[l.clone()], &right[r.clone()]);
        let gap = match (marks_before(on_left), marks_before(on_right)) {
            // Differing letters are reported elsewhere. If there are any, they still become a piece, so that no text is lost.
            (0, 0) => (on_left.len(), on_right.len()),
            gap => gap,
        };
        let end = common_end(&on_left[..gap.0], &on_right[..gap.1]);
        let ends = (l.start + gap.0 - end, r.start + gap.1 - end);
        unseen_in(pieces, left, right, (l.start..ends.0, r.start..ends.1));
        (l.start, r.start) = ends;
    }
}

/// Adds a differing gap between letters: the marks as one piece, and the white space around them as others.
fn unseen_in(pieces: &mut Vec<Piece>, left: &str, right: &str, gap: (Range<usize>, Range<usize>)) {
    let (l, r) = gap;
    let kind = unseen(&left[l.clone()], &right[r.clone()]);
    let marks = match kind {
        DifferenceKind::Layout => (l.clone(), r.clone()),
        _ => (visible(left, l.clone()), visible(right, r.clone())),
    };
    let before = (l.start..marks.0.start, r.start..marks.1.start);
    let behind = (marks.0.end..l.end, marks.1.end..r.end);
    let space = DifferenceKind::Layout;
    for (kind, l, r) in [
        (space, before.0, before.1),
        (kind, marks.0, marks.1),
        (space, behind.0, behind.1),
    ] {
        if left[l.clone()] != right[r.clone()] {
            pieces.push(Piece::from_raw((kind, l, r)));
        } else if !l.is_empty() {
            pieces.push(Piece::equal(l, r));
        }
    }
}

/// Number of bytes before the first letter or digit.
fn marks_before(text: &str) -> usize {
    text.find(char::is_alphanumeric).unwrap_or(text.len())
}

/// Number of bytes of the characters that both begin with.
fn common_start(left: &str, right: &str) -> usize {
    let pairs = left.chars().zip(right.chars());
    let equal = pairs.take_while(|(l, r)| l == r);
    equal.map(|(l, _)| l.len_utf8()).sum()
}

/// Number of bytes of the characters that both end with.
fn common_end(left: &str, right: &str) -> usize {
    let pairs = left.chars().rev().zip(right.chars().rev());
    let equal = pairs.take_while(|(l, r)| l == r);
    equal.map(|(l, _)| l.len_utf8()).sum()
}

fn hull(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;
    use crate::shingle::Shingler;
    use proptest::prelude::*;

    fn set(left: &str, right: &str) -> Vec<Piece> {
        let edition = |text| Edition::new(text, &Normalizer::new(), &Shingler::default());
        side_by_side(&edition(left), &edition(right))
    }

    /// The differences as kind, left and right.
    fn told<'t>(left: &'t str, right: &'t str) -> Vec<(&'static str, &'t str, &'t str)> {
        let pieces = set(left, right).into_iter();
        let differing = pieces.filter_map(|piece| {
            let kind = piece.kind?.as_str();
            Some((kind, &left[piece.left], &right[piece.right]))
        });
        differing.collect()
    }

    #[test]
    fn every_kind_is_told_where_it_stands() {
        let print = "老石匠在那块石刻水尺上\n添了一道新痕，7月12日的信息Ａ系统，谁也没有忘记那一天夜里的雨声。";
        let web =
            "老石匠在那塊石刻水尺上添了一道新痕,712日的資訊A系统。谁也没有忘记那一天清早的雨声。\n";
        let kinds = [
            ("script", "块", "塊"),
            ("layout", "\n", ""),
            ("form", "，", ","),
            ("number", "7月12日", "712日"),
            ("script", "信息", "資訊"),
            ("form", "Ａ", "A"),
            ("punctuation", "，", "。"),
            ("body", "夜里", "清早"),
            ("layout", "", "\n"),
        ];
        assert_eq!(told(print, web), kinds);
    }

    #[test]
    fn space_at_both_ends_of_a_line_leaves_the_line_equal() {
        let (print, web) = ("灯亮之处有人守\n\n第七队", " 灯亮之处有人守第七队");
        let space = [("layout", "", " "), ("layout", "\n\n", "")];
        assert_eq!(told(print, web), space);
        let (print, web) = ("作者：谢某\n堤是人守的", "作者 \n\n谢某堤是人守的");
        let marks = [
            ("punctuation", "：", ""),
            ("layout", "", " \n\n"),
            ("layout", "\n", ""),
        ];
        assert_eq!(told(print, web), marks);
    }

    #[test]
    fn of_marks_between_two_words_only_those_that_differ_are_told() {
        let (print, web) = (
            "by the river. “Look,\n\nhe said",
            "by the river. \"Look,\nhe said",
        );
        assert_eq!(
            told(print, web),
            [("punctuation", "“", "\""), ("layout", "\n", "")]
        );
        let (print, web) = ("by the river，\nhe said", "by the river, he said");
        assert_eq!(
            told(print, web),
            [("form", "，", ","), ("layout", "\n", " ")]
        );
    }

    #[test]
    fn equal_texts_are_one_piece_and_unlike_ones_another() {
        assert_eq!(set("一样的话", "一样的话"), [Piece::equal(0..12, 0..12)]);
        assert_eq!(told("geese", "horns"), [("body", "geese", "horns")]);
        assert_eq!(set("", ""), []);
    }

    /// Texts that differ in the ways that editions do.
    fn texts() -> impl Strategy<Value = (String, String)> {
        const WORDS: [&str; 23] = [
            "7月12日",
            "712日",
            "信息软件",
            "資訊軟體",
            "，",
            ",",
            "\n",
            " ",
            "\u{200b}",
            "堤是人守的",
            "Ａ",
            "a",
            "ﬁ",
            "fi",
            "The river rose ",
            "the river rose",
            "e\u{301}",
            "é",
            "-\n",
            "\"",
            "“",
            "！！",
            "灯亮之处有人守一个人也不能落下",
        ];
        let text = || prop::collection::vec(prop::sample::select(&WORDS[..]), 0..24);
        (text(), text(), 0_usize..24).prop_map(|(left, mut right, shared)| {
            right.splice(..0, left.iter().take(shared).copied());
            (left.concat(), right.concat())
        })
    }

    proptest! {
        #[test]
        fn the_pieces_make_up_both_texts((left, right) in texts()) {
            let pieces = set(&left, &right);
            let joined = |text: &str, side: fn(&Piece) -> &Range<usize>| {
                pieces.iter().map(|piece| &text[side(piece).clone()]).collect::<String>()
            };
            prop_assert_eq!(&joined(&left, |piece| &piece.left), &left);
            prop_assert_eq!(&joined(&right, |piece| &piece.right), &right);
            for piece in &pieces {
                let (l, r) = (&left[piece.left.clone()], &right[piece.right.clone()]);
                prop_assert_eq!(piece.kind.is_none(), l == r);
                for (on_left, on_right) in &piece.numbers {
                    prop_assert!(piece.left.start <= on_left.start && on_left.end <= piece.left.end);
                    prop_assert!(piece.right.start <= on_right.start && on_right.end <= piece.right.end);
                }
            }
        }
    }
}
