//! Han numerals in their folded form.

/// The effect of a numeral on the number before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Numeral {
    Digit(u8),
    /// Multiplies the digit before it.
    Tens(f64),
    /// Adds this value by itself: `廿` is twenty.
    Added(f64),
    /// Multiplies the whole number before it by a power of ten, given as the number of zeros.
    Myriads(u16),
}

/// All numerals, the digits first.
const NUMERALS: [char; 20] = [
    '〇', '零', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '廿',
    '卅', '卌', '万', '亿',
];

/// The numeral of a unit.
pub(super) fn numeral(unit: &str) -> Option<Numeral> {
    let mut chars = unit.chars();
    let (c, None) = (chars.next()?, chars.next()) else {
        return None;
    };
    Some(match c {
        '〇' | '零' => Numeral::Digit(0),
        '一' => Numeral::Digit(1),
        '二' | '两' => Numeral::Digit(2),
        '三' => Numeral::Digit(3),
        '四' => Numeral::Digit(4),
        '五' => Numeral::Digit(5),
        '六' => Numeral::Digit(6),
        '七' => Numeral::Digit(7),
        '八' => Numeral::Digit(8),
        '九' => Numeral::Digit(9),
        '十' => Numeral::Tens(1e1),
        '百' => Numeral::Tens(1e2),
        '千' => Numeral::Tens(1e3),
        '廿' => Numeral::Added(20.0),
        '卅' => Numeral::Added(30.0),
        '卌' => Numeral::Added(40.0),
        '万' => Numeral::Myriads(4),
        '亿' => Numeral::Myriads(8),
        _ => return None,
    })
}

/// Numerals of accounts, folded, with the plain ones. Most are also parts of words (`大陆`), so they count only next to another
/// numeral.
const OF_ACCOUNTS: [(&str, &str); 12] = [
    ("壹", "一"),
    ("弐", "二"),
    ("叁", "三"),
    ("肆", "四"),
    ("伍", "五"),
    ("陆", "六"),
    ("柒", "七"),
    ("捌", "八"),
    ("玖", "九"),
    ("拾", "十"),
    ("佰", "百"),
    ("仟", "千"),
];

/// The numeral of a unit that is a numeral of accounts.
pub(super) fn numeral_of_accounts(unit: &str) -> Option<Numeral> {
    let mut of_accounts = OF_ACCOUNTS.iter();
    of_accounts
        .find(|(written, _)| *written == unit)
        .and_then(|(_, plain)| numeral(plain))
}

/// Is a folded character a numeral?
#[inline]
pub(crate) fn is_han_number(c: char) -> bool {
    let (word, bit) = low_byte(c);
    LOW_BYTES[word] & bit != 0 && is_listed(c)
}

#[inline(never)]
fn is_listed(c: char) -> bool {
    NUMERALS.contains(&c)
}

/// A bit for the lower eight bits of each numeral. One in thirteen of all characters has its bit set.
const LOW_BYTES: [u64; 4] = {
    let mut bits = [0; 4];
    let mut at = 0;
    while at < NUMERALS.len() {
        let (word, bit) = low_byte(NUMERALS[at]);
        bits[word] |= bit;
        at += 1;
    }
    bits
};

const fn low_byte(c: char) -> (usize, u64) {
    let byte = c as usize % 256;
    (byte / 64, 1 << (byte % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_has_a_value() {
        for c in '〇'..='龥' {
            assert_eq!(is_han_number(c), numeral(&c.to_string()).is_some(), "{c}");
        }
        assert!(NUMERALS.into_iter().all(is_han_number));
    }

    #[test]
    fn numerals_are_in_their_folded_form() {
        let normalizer = crate::normalize::Normalizer::new();
        for numeral in NUMERALS {
            assert_eq!(normalizer.fold(&numeral.to_string()), numeral.to_string());
        }
        let of_accounts: String = OF_ACCOUNTS.iter().map(|(written, _)| *written).collect();
        assert_eq!(normalizer.fold("壹贰叁肆伍陆柒捌玖拾佰仟"), of_accounts);
    }
}
