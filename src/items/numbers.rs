//! Which numbers of an item are replaced by others in a text?

use std::ops::Range;

use crate::verify::{is_han_number, number};

/// Is it a digit or a Han numeral?
fn is_of_number(letter: char) -> bool {
    letter.is_ascii_digit() || is_han_number(letter)
}

/// Extends a range to the ends of the numbers that it cuts.
fn with_whole_numbers(letters: &[char], range: Range<usize>) -> Range<usize> {
    let before = letters[..range.start].iter().rev();
    let behind = letters[range.end..].iter();
    let start = range.start - before.take_while(|&&letter| is_of_number(letter)).count();
    let end = range.end + behind.take_while(|&&letter| is_of_number(letter)).count();
    start..end
}

/// The values of the numbers in these letters, in order.
pub(super) fn values(letters: &[char]) -> Vec<f64> {
    let numbers = letters.chunk_by(|a, b| {
        (a.is_ascii_digit() && b.is_ascii_digit()) || (is_han_number(*a) && is_han_number(*b))
    });
    let numbers = numbers.filter(|number| is_of_number(number[0]));
    numbers
        .filter_map(|letters| number(&letters.iter().collect::<String>()))
        .collect()
}

/// How many numbers in a range of the item are replaced by other numbers in the corresponding range of the text?
pub(super) fn conflicts(item: (&[char], Range<usize>), text: (&[char], Range<usize>)) -> usize {
    let [mut own, mut other] = [item, text].map(|(letters, range)| {
        let range = with_whole_numbers(letters, range);
        values(&letters[range])
    });
    other.retain(|value| match own.iter().position(|known| known == value) {
        Some(same) => {
            own.swap_remove(same);
            false
        }
        None => true,
    });
    own.len().min(other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(item: &str, item_range: Range<usize>, text: &str, text_range: Range<usize>) -> usize {
        let [item, text] = [item, text].map(|text| text.chars().collect::<Vec<_>>());
        conflicts((&item, item_range), (&text, text_range))
    }

    #[test]
    fn another_number_in_the_same_place_is_a_conflict_and_a_misread_one_is_not() {
        // Ranges by hand: the letters that differ.
        assert_eq!(
            of("7月12日", 3..4, "7月14日", 3..4),
            1,
            "part of a number differs"
        );
        assert_eq!(of("第5期", 1..1, "第15期", 1..2), 1, "a digit more");
        assert_eq!(of("第一次会", 1..2, "第十四次会", 1..3), 1);
        assert_eq!(
            of("12日", 1..2, "1了日", 1..2),
            1,
            "half a number is another one"
        );
        assert_eq!(of("carries38people", 7..9, "carriesmanypeople", 7..11), 0);
        assert_eq!(
            of("3and4", 0..5, "4and3", 0..5),
            0,
            "the same numbers in another order"
        );
    }
}
