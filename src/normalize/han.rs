//! How are plain ideographs folded fast? With a separate table and without a look at their kinds; many are written at once.

use super::ascii::is_no_tail;
use super::entry::Entry;
use super::table::raw;

/// The first character of the table. The last is U+9FFF.
const FIRST: u32 = 0x4000;

/// The folded form of each ideograph; 0 for other characters, and for those that depend on the next character.
static FOLDED: [u16; 0x6000] = {
    let mut folded = [0; 0x6000];
    let mut at = 0;
    while at < folded.len() {
        let cp = FIRST + at as u32;
        folded[at] = Entry(raw(cp as usize)).plain_han(cp);
        at += 1;
    }
    folded
};

/// Number of ideographs that are folded at once.
const BATCH: usize = 32;

/// A run of folded ideographs.
#[derive(Default)]
pub(super) struct Run {
    folded: [u16; BATCH],
    len: usize,
}

impl Run {
    /// Takes the plain ideographs at the start of the bytes of a text, at most a batch. The last one is left out if the next character may
    /// belong to it.
    #[inline]
    pub(super) fn read(&mut self, bytes: &[u8]) -> &[u16] {
        self.len = 0;
        for (utf8, to) in bytes.chunks_exact(3).zip(&mut self.folded) {
            *to = folded(utf8);
            if *to == 0 {
                break;
            }
            self.len += 1;
        }
        if self.len > 0 && !is_no_tail(&bytes[3 * self.len..]) {
            self.len -= 1;
        }
        &self.folded[..self.len.min(BATCH)]
    }

    /// Is the batch full?
    pub(super) fn is_full(&self) -> bool {
        self.len == BATCH
    }
}

/// The folded form of the character with these three bytes if it is a plain ideograph, otherwise 0.
#[inline]
pub(super) fn folded(utf8: &[u8]) -> u16 {
    let &[a, b, c] = utf8 else {
        return 0;
    };
    let at = u32::from(a).wrapping_sub(0xE4) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
    FOLDED.get(at as usize).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::Normalizer;

    #[test]
    fn the_table_of_ideographs_says_what_the_other_says() {
        let mut plain = 0;
        for c in '\u{4000}'..='\u{9FFF}' {
            let folded = char::from_u32(u32::from(folded(c.to_string().as_bytes())));
            let expected = Normalizer::new().fold(&format!("{c}\u{301}"));
            if let Some(folded) = folded.filter(|&c| c != '\0') {
                assert_eq!(expected, format!("{folded}\u{301}"), "{c}");
                plain += 1;
            }
        }
        assert!(plain > 24_000, "{plain}");
    }

    #[test]
    fn only_what_is_followed_by_no_tail_is_plain() {
        let count = |text: &str| Run::default().read(text.as_bytes()).len();
        for text in ["", "字", "字\u{301}", "。字字", "a字字", "か字字"] {
            assert_eq!(count(text), 0, "{text:?}");
        }
        assert_eq!(
            ["字字", "字a", "國。。", "字字\n", "字字か"].map(count),
            [1, 1, 1, 2, 1]
        );
        let long = "字".repeat(2 * BATCH);
        assert_eq!(count(&long), BATCH);
        assert_eq!(count(&long[..3 * BATCH]), BATCH - 1);
    }
}
