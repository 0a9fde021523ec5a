//! How many letters must be inserted, removed or replaced to turn one text into the other?
//!
//! Computes Levenshtein's distance, 64 letters at a time (Myers, "A fast bit-vector algorithm for approximate string matching based
//! on dynamic programming", 1999; Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003). Rows
//! of 64 letters are computed one after another, so that the state of a row stays in registers.

/// Number of letters of a row.
const ROW: usize = 64;

/// Number of edits between two texts. Cost: the product of their lengths, without the parts that agree at their ends, divided by
/// 64.
pub(super) fn distance(left: &[char], right: &[char]) -> usize {
    let (left, right) = differing(left, right);
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    if short.is_empty() {
        return long.len();
    }
    let mut numbers = Numbers::of(short);
    let numbered: Vec<u32> = long
        .iter()
        .map(|&letter| numbers.of_letter(letter))
        .collect();
    // The changes of the distance from column to column that the row before gives. Above the first row, each is one.
    let mut steps: Vec<Step> = vec![Step { up: 1, down: 0 }; long.len()];
    for row in short.chunks(ROW) {
        let places = numbers.places(row);
        advance(places, row.len(), &numbered, &mut steps);
    }
    let up: u64 = steps.iter().map(|step| step.up).sum();
    let down: u64 = steps.iter().map(|step| step.down).sum();
    short.len() + up as usize - down as usize
}

/// Two texts without the letters that agree at their starts and ends.
fn differing<'t>(left: &'t [char], right: &'t [char]) -> (&'t [char], &'t [char]) {
    let (head, foot) = alike_ends(left, right);
    (
        &left[head..left.len() - foot],
        &right[head..right.len() - foot],
    )
}

/// Number of letters that agree at the starts of two texts, and of the other letters that agree at their ends.
pub(super) fn alike_ends(left: &[char], right: &[char]) -> (usize, usize) {
    let head = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let behind = left[head..].iter().rev().zip(right[head..].iter().rev());
    (head, behind.take_while(|(a, b)| a == b).count())
}

/// Number of classes of letters; the letters of a class are counted together.
const CLASSES: usize = 1024;

/// Lower bound of [`distance`], as an edit adds, takes or replaces one letter. For each text, counts the letters of each class that it
/// has more often than the other; the larger of the two counts is the bound. Cost: two passes.
pub(super) fn fewest_edits(left: &[char], right: &[char]) -> usize {
    if left.len() + right.len() < FEW {
        return left.len().abs_diff(right.len());
    }
    let class = |letter: char| letter as usize % CLASSES;
    let mut more = [0_i32; CLASSES];
    left.iter().for_each(|&letter| more[class(letter)] += 1);
    right.iter().for_each(|&letter| more[class(letter)] -= 1);
    let on_left: i32 = more.iter().map(|&more| more.max(0)).sum();
    let on_right: i32 = more.iter().map(|&more| (-more).max(0)).sum();
    on_left.max(on_right) as usize
}

/// Number of letters, of both texts, under which only the lengths are compared.
const FEW: usize = 100;

/// The change of the distance from one column to the next: one of the two is 1, or neither is.
#[derive(Clone, Copy)]
struct Step {
    up: u64,
    down: u64,
}

/// Advances one row of up to 64 letters over all columns. `places` has the places in the row of each letter, by the letter's
/// number.
fn advance(places: &[u64], length: usize, columns: &[u32], steps: &mut [Step]) {
    let last = length - 1;
    // The places in the column where the distance rises by one, and where it falls by one, from row to row.
    let (mut rises, mut falls) = (u64::MAX, 0_u64);
    for (&number, step) in columns.iter().zip(steps) {
        let equal = places[number as usize];
        let vertical = equal | falls;
        let equal = equal | step.down;
        let horizontal = ((equal & rises).wrapping_add(rises) ^ rises) | equal;
        let up = falls | !(horizontal | rises);
        let down = rises & horizontal;
        let (next_up, next_down) = (up << 1 | step.up, down << 1 | step.down);
        step.up = up >> last & 1;
        step.down = down >> last & 1;
        rises = next_down | !(vertical | next_up);
        falls = next_up & vertical;
    }
}

/// The letters of a text with a number each; letters that the text lacks have number 0.
struct Numbers {
    /// Hash table of letters and their numbers. A letter is at its own place or at the next free one. The size is a power of two, and
    /// at least half of it is free.
    table: Vec<(u32, u32)>,
    /// The places of each number in the current row.
    places: Vec<u64>,
}

impl Numbers {
    fn of(letters: &[char]) -> Self {
        let room = (2 * letters.len()).next_power_of_two().max(ROW);
        let mut numbers = Self {
            table: vec![(FREE, 0); room],
            places: vec![0],
        };
        for &letter in letters {
            let at = numbers.find(letter);
            if numbers.table[at].0 == FREE {
                numbers.table[at] = (letter.into(), numbers.places.len() as u32);
                numbers.places.push(0);
            }
        }
        numbers
    }

    /// The index of a letter in the table, or the free index where it would be.
    #[inline]
    fn find(&self, letter: char) -> usize {
        let last = self.table.len() - 1;
        let mut at = letter as usize & last;
        while ![u32::from(letter), FREE].contains(&self.table[at].0) {
            at = (at + 1) & last;
        }
        at
    }

    #[inline]
    fn of_letter(&self, letter: char) -> u32 {
        self.table[self.find(letter)].1
    }

    fn places(&mut self, row: &[char]) -> &[u64] {
        self.places.fill(0);
        for (at, &letter) in row.iter().enumerate() {
            let number = self.of_letter(letter);
            self.places[number as usize] |= 1 << at;
        }
        &self.places
    }
}

/// Marks a free entry of the table.
const FREE: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The distance by the recurrence, one cell at a time.
    fn by_cells(left: &[char], right: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=right.len()).collect();
        for (i, a) in left.iter().enumerate() {
            let mut before = std::mem::replace(&mut row[0], i + 1);
            for (j, b) in right.iter().enumerate() {
                let replaced = before + usize::from(a != b);
                before = row[j + 1];
                row[j + 1] = replaced.min(before + 1).min(row[j] + 1);
            }
        }
        row[right.len()]
    }

    fn letters() -> impl Strategy<Value = Vec<char>> {
        let letter = prop::sample::select(vec!['a', 'b', 'c', 'é', '国', '\u{2000b}']);
        prop::collection::vec(letter, 0..200)
    }

    proptest! {
        #[test]
        fn a_row_at_a_time_counts_as_a_cell_at_a_time(left in letters(), right in letters()) {
            prop_assert_eq!(distance(&left, &right), by_cells(&left, &right));
            prop_assert!(fewest_edits(&left, &right) <= distance(&left, &right));
        }

        #[test]
        fn few_changes_in_long_texts_are_counted(
            text in prop::collection::vec(prop::char::range('一', '丘'), 0..400),
            wrong in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..3), 0..9),
        ) {
            let mut other = text.clone();
            for (at, kind) in wrong {
                let at = at.index(other.len() + 1);
                match kind {
                    0 => other.insert(at, '木'),
                    _ if at == other.len() => {}
                    1 => other[at] = '木',
                    _ => { other.remove(at); }
                }
            }
            prop_assert_eq!(distance(&text, &other), by_cells(&text, &other));
        }
    }

    #[test]
    fn texts_that_one_of_is_empty_or_that_are_equal() {
        let some: Vec<char> = "kitten".chars().collect();
        let other: Vec<char> = "sitting".chars().collect();
        assert_eq!(distance(&some, &[]), 6);
        assert_eq!(distance(&[], &[]), 0);
        assert_eq!(distance(&some, &some), 0);
        assert_eq!(distance(&some, &other), 3);
    }
}
