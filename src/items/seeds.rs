//! Which short runs of letters are looked up, and with which keys?

use crate::normalize::is_unspaced;

/// Length in letters of a seed that starts with a character of a script without spaces. Where one character in twelve is replaced,
/// seven in ten seeds of four are whole.
pub const UNSPACED_SEED: usize = 4;

/// Length in letters of every other seed. Where one word in six is replaced, three in five seeds of eight are whole.
pub const SPACED_SEED: usize = 8;

/// Base of the polynomial hash of a seed: an odd number with its bits spread (the golden ratio of 2⁶⁴).
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// `BASE` to the power of the letters of a seed.
const fn power(letters: usize) -> u64 {
    let (mut power, mut n) = (1_u64, 0);
    while n < letters {
        power = power.wrapping_mul(BASE);
        n += 1;
    }
    power
}

/// Length of the seed that starts with this letter.
#[inline]
pub(super) fn seed_length(first: char) -> usize {
    if is_unspaced(first) {
        UNSPACED_SEED
    } else {
        SPACED_SEED
    }
}

/// Calls `seed` with the start and the key of every seed of these letters, in order. `sums` is a buffer to reuse. Cost: one
/// multiplication a letter for the running hash, and one to take a seed out of it. The first bits of a key depend on all letters.
pub(super) fn for_each_seed(
    letters: &[char],
    sums: &mut Vec<u64>,
    mut seed: impl FnMut(usize, u64),
) {
    sums.clear();
    sums.resize(letters.len() + 1, 0);
    let mut sum = 0_u64;
    for (after, &letter) in sums[1..].iter_mut().zip(letters) {
        sum = sum.wrapping_add(u64::from(letter) + 1).wrapping_mul(BASE);
        *after = sum;
    }
    const UNSPACED: u64 = power(UNSPACED_SEED);
    const SPACED: u64 = power(SPACED_SEED);
    for (start, &letter) in letters.iter().enumerate() {
        let (length, power) = if is_unspaced(letter) {
            (UNSPACED_SEED, UNSPACED)
        } else {
            (SPACED_SEED, SPACED)
        };
        if let Some(&end) = sums.get(start + length) {
            seed(start, end.wrapping_sub(sums[start].wrapping_mul(power)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seeds(text: &str) -> Vec<(usize, u64)> {
        let letters: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        for_each_seed(&letters, &mut Vec::new(), |start, key| {
            found.push((start, key))
        });
        found
    }

    proptest! {
        #[test]
        fn a_seed_has_one_key_wherever_it_stands(before in "[a-c一-三]{0,9}", text in "[a-z一-十]{0,30}") {
            let shift = before.chars().count();
            let behind = seeds(&format!("{before}{text}"));
            let behind: Vec<(usize, u64)> = behind.into_iter().filter(|&(start, _)| start >= shift).collect();
            let alone: Vec<(usize, u64)> = seeds(&text).into_iter().map(|(start, key)| (start + shift, key)).collect();
            prop_assert_eq!(behind, alone);
        }
    }

    #[test]
    fn every_letter_with_enough_behind_it_starts_a_seed() {
        // By hand: of 用java8编写入门 the first is 用jav; java8编写入 has eight letters; 编写入门 is the last.
        let starts: Vec<usize> = seeds("用java8编写入门")
            .into_iter()
            .map(|(start, _)| start)
            .collect();
        assert_eq!(starts, [0, 1, 2, 6]);
        assert!(seeds("unfold").is_empty());
    }
}
