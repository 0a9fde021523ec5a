//! Signatures do not change. The expected values come from `golden.py`, which shares no code with the library.

use reprint::normalize::Normalizer;
use reprint::shingle::Shingler;
use reprint::signature::{MinHash, MinHasher, SimHash, SimHashWidth, SimHasher};

/// SplitMix64's finaliser of 1, 2, 3, …
fn shingles(n: u64) -> Vec<u64> {
    let mix = |x: u64| {
        let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    };
    (1..=n).map(mix).collect()
}

fn sign(n: u64) -> MinHash {
    let scheme = Shingler::default().scheme(&Normalizer::new());
    MinHasher::new(scheme, 8).unwrap().sign(&shingles(n))
}

fn sim(width: SimHashWidth) -> SimHash {
    let scheme = Shingler::default().scheme(&Normalizer::new());
    SimHasher::new(scheme, width).sign(&shingles(100))
}

#[test]
fn minhash_of_three_and_of_a_hundred_shingles() {
    let few = [
        0xe31428f0, 0x81d3b87e, 0x100b05e5, 0x1459c5fc, 0xbc09cc49, 0x863b0e9d, 0x3a2b148a,
        0x3820f6ef,
    ];
    let many = [
        0x34ea1539, 0x1fdb3325, 0xdbc51080, 0xc262c8df, 0x7fdd5ad7, 0x5b9f3af4, 0x881f3523,
        0x01408015,
    ];
    assert_eq!(sign(3).slots(), few);
    assert_eq!(sign(100).slots(), many);
}

#[test]
fn simhash_of_a_hundred_shingles() {
    assert_eq!(sim(SimHashWidth::Bits64).bits(), 0xc79f7f29b7321a3d);
    assert_eq!(
        sim(SimHashWidth::Bits128).bits(),
        0x33c29dbde01c2222c79f7f29b7321a3d
    );
}

#[test]
fn the_byte_form_is_header_digest_values() {
    // By hand, from the layout in the documentation of `to_bytes`.
    let minhash = sign(3);
    let bytes = minhash.to_bytes();
    assert_eq!(
        bytes[..12],
        [b'R', b'P', b'S', b'G', 1, 2, 0, 0, 8, 0, 0, 0]
    );
    assert_eq!(bytes[12..20], minhash.scheme().digest().to_le_bytes());
    assert_eq!(
        bytes[20..28],
        [0xf0, 0x28, 0x14, 0xe3, 0x7e, 0xb8, 0xd3, 0x81]
    );
    assert_eq!(bytes.len(), 20 + 8 * 4);
    let bytes = sim(SimHashWidth::Bits64).to_bytes();
    assert_eq!(
        bytes[..12],
        [b'R', b'P', b'S', b'G', 1, 3, 0, 0, 64, 0, 0, 0]
    );
    assert_eq!(bytes[20..], 0xc79f7f29b7321a3d_u64.to_le_bytes());
}

#[test]
fn the_simhash_crate_agrees_on_equal_features() {
    // The crate hashes `&str` features with FNV-1a, including the end marker 0xFF of `str`.
    let fnv = |word: &str| {
        let bytes = word.bytes().chain([0xFF]);
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
    };
    let text = "the old stone bridge over the river was opened again on a monday in may after years of repairs";
    let mut words: Vec<&str> = text.split(' ').collect();
    words.sort_unstable();
    words.dedup();
    let scheme = Shingler::default().scheme(&Normalizer::new());
    for n in 1..words.len() {
        let hashes: Vec<u64> = words[..n].iter().map(|word| fnv(word)).collect();
        let ours = SimHasher::new(scheme, SimHashWidth::Bits64).sign(&hashes);
        let theirs = simhash::simhash_stream(words[..n].iter().copied());
        assert_eq!(ours.bits(), u128::from(theirs), "{n} words");
    }
}
