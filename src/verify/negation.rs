//! Does one text deny what the other says?

use std::ops::Range;

use crate::normalize::is_unspaced;
use crate::verify::Letters;
use crate::verify::changes::Change;

/// Does one side of a change deny what the other says? In scripts without spaces, a negation in the place of another character is
/// more often a variant reading than an opposite.
pub(super) fn is_opposite(left: &Letters, right: &Letters, change: &Change) -> bool {
    let sides = [(left, &change.0), (right, &change.1)];
    let [on_left, on_right] = sides.map(|(text, range)| negations(text, range));
    if on_left % 2 == on_right % 2 {
        return false;
    }
    let (without, denying) = if on_left > on_right {
        (sides[1], sides[0])
    } else {
        (sides[0], sides[1])
    };
    let units = without.0.units(without.1);
    if units.is_empty() {
        return true;
    }
    let longer = denying.0.units(denying.1).len() > units.len();
    let spaced = !without.0.letters()[without.1.clone()]
        .iter()
        .copied()
        .any(is_unspaced);
    let word = |unit: usize| {
        without.0.letters()[without.0.unit(unit)]
            .iter()
            .collect::<String>()
    };
    longer
        || (spaced
            && units
                .into_iter()
                .any(|unit| MISTAKEN.contains(&word(unit).as_str())))
}

fn negations(text: &Letters, range: &Range<usize>) -> usize {
    let units = text.units(range);
    units.filter(|&unit| denies(text, unit)).count()
}

/// Is it a negation, in its place? `No. 5`, `№ 5` and `nº 5` fold to `no` before a number. `Didn't` and `can't` fold to two units, and
/// the second is a `t`.
fn denies(text: &Letters, unit: usize) -> bool {
    let word = |unit: usize| &text.letters()[text.unit(unit)];
    match word(unit) {
        ['t'] => unit > 0 && word(unit - 1).ends_with(&['n']),
        ['n', 'o'] => !text.is_number(unit + 1),
        other => is_negation(other),
    }
}

/// English words that differ from a negation in one letter (now, not), or that are its opposite (always, never).
const MISTAKEN: [&str; 10] = [
    "always", "any", "hot", "know", "new", "nor", "note", "now", "so", "ever",
];

/// Words, and characters of scripts without spaces, that negate the words next to them.
const NEGATIONS: [&str; 57] = [
    "aldrig",
    "aldri",
    "ani",
    "aucun",
    "aucune",
    "cannot",
    "ei",
    "eikä",
    "ikke",
    "inga",
    "ingen",
    "inte",
    "jamais",
    "keine",
    "kein",
    "keinen",
    "keiner",
    "keines",
    "mai",
    "nahi",
    "ne",
    "nein",
    "neither",
    "never",
    "nicht",
    "nie",
    "niemals",
    "nigdy",
    "nikdy",
    "non",
    "none",
    "nor",
    "not",
    "nunca",
    "não",
    "nu",
    "niet",
    "nooit",
    "geen",
    "pas",
    "without",
    "sin",
    "ohne",
    "sans",
    "sem",
    "senza",
    "ни",
    "не",
    "нет",
    "никогда",
    "未",
    "不",
    "没",
    "别",
    "勿",
    "非",
    "无",
];

fn is_negation(unit: &[char]) -> bool {
    NEGATIONS
        .iter()
        .any(|word| word.chars().eq(unit.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;

    #[test]
    fn contractions_deny() {
        let count = |text: &str| {
            let folded = Normalizer::default().fold(text);
            let text = Letters::new(&folded);
            negations(&text, &(0..text.len()))
        };
        for text in [
            "they didn't go",
            "they won’t go",
            "don't go",
            "not here",
            "no way",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
        for text in ["Don Quixote rode", "room No. 5", "a T junction"] {
            assert_eq!(count(text), 0, "{text}");
        }
    }

    /// What is compared is folded: another form would never be found.
    #[test]
    fn all_negations_are_folded() {
        let normalizer = Normalizer::default();
        for word in NEGATIONS.iter().chain(&MISTAKEN) {
            assert_eq!(normalizer.fold(word), *word);
        }
    }
}
