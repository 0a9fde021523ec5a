//! Which ideographs are neighbours in a word? There is one bit for each pair in OpenCC's list of 49,000 simplified phrases and in its
//! regional words.

use crate::han::{Classes, PHRASE_TABLES, pairs as rows};
use crate::pair_bits::{PAIR_BITS, pair_bit};

/// The table as source code.
pub fn source(classes: &Classes) -> String {
    let mut bits = vec![0_u64; PAIR_BITS / 64];
    let simplified = rows("STPhrases").map(|(phrase, _)| phrase);
    let regional = PHRASE_TABLES.into_iter().flat_map(rows);
    for phrase in simplified.chain(regional.flat_map(|(one, other)| [one, other])) {
        let folded: Vec<u32> = classes.fold(phrase).chars().map(u32::from).collect();
        for pair in folded.windows(2) {
            let bit = pair_bit(pair[0], pair[1]);
            bits[bit / 64] |= 1 << (bit % 64);
        }
    }
    format!(
        "pub(crate) static HAN_PAIRS: [u64; {}] = {bits:?};\n",
        bits.len()
    )
}
