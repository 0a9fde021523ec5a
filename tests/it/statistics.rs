//! Are the estimators unbiased, with the variance from theory? The seeds are fixed, so the result never changes.

use reprint::normalize::Normalizer;
use reprint::shingle::Shingler;
use reprint::signature::{MinHasher, SimHashWidth, SimHasher};

use crate::support::Numbers;

const TRIALS: usize = 600;

/// Two random sets of `size` elements each; `shared` elements are common.
fn sets(numbers: &mut Numbers, size: usize, shared: usize) -> (Vec<u64>, Vec<u64>) {
    let common: Vec<u64> = (0..shared).map(|_| numbers.next()).collect();
    let mut with_own = || {
        let own = (shared..size).map(|_| numbers.next());
        common.iter().copied().chain(own).collect()
    };
    (with_own(), with_own())
}

/// Mean and variance of an estimate over many pairs of sets.
fn moments(estimates: &[f64]) -> (f64, f64) {
    let n = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / n;
    (
        mean,
        estimates.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0),
    )
}

/// Standard deviation of a sample variance, as a share of the variance, for a normal sample.
fn variance_error() -> f64 {
    (2.0 / (TRIALS as f64 - 1.0)).sqrt()
}

#[test]
fn minhash_is_unbiased_with_at_most_the_variance_of_independent_slots() {
    let scheme = Shingler::default().scheme(&Normalizer::new());
    let hasher = MinHasher::new(scheme, 128).unwrap();
    let mut numbers = Numbers(1);
    for (size, shared) in [
        (10, 5),
        (40, 10),
        (40, 36),
        (300, 100),
        (300, 280),
        (3000, 750),
        (3000, 2700),
    ] {
        let jaccard = shared as f64 / (2 * size - shared) as f64;
        let estimates: Vec<f64> = (0..TRIALS)
            .map(|_| {
                let (left, right) = sets(&mut numbers, size, shared);
                hasher.sign(&left).jaccard(&hasher.sign(&right)).unwrap()
            })
            .collect();
        let (mean, variance) = moments(&estimates);
        let expected = jaccard * (1.0 - jaccard) / 128.0;
        let bias = (mean - jaccard) / (expected / TRIALS as f64).sqrt();
        assert!(
            bias.abs() < 4.0,
            "{size}/{shared}: mean {mean}, true {jaccard}, {bias} standard errors"
        );
        let ratio = variance / expected;
        assert!(
            ratio < 1.0 + 4.0 * variance_error(),
            "{size}/{shared}: variance {ratio} of theory's"
        );
        if size == 3000 {
            assert!(
                ratio > 1.0 - 4.0 * variance_error(),
                "{size}/{shared}: variance {ratio} of theory's"
            );
        }
    }
}

#[test]
fn simhash_distance_is_binomial_in_the_angle() {
    let scheme = Shingler::default().scheme(&Normalizer::new());
    let mut numbers = Numbers(2);
    for width in [SimHashWidth::Bits64, SimHashWidth::Bits128] {
        let hasher = SimHasher::new(scheme, width);
        for shared in [250, 500, 900] {
            let distances: Vec<f64> = (0..TRIALS)
                .map(|_| {
                    let (left, right) = sets(&mut numbers, 1001, shared);
                    f64::from(hasher.sign(&left).distance(&hasher.sign(&right)).unwrap())
                })
                .collect();
            let (mean, variance) = moments(&distances);
            let bits = f64::from(width.bits());
            let p = (shared as f64 / 1001.0).acos() / std::f64::consts::PI;
            let expected = bits * p * (1.0 - p);
            let bias = (mean - bits * p) / (expected / TRIALS as f64).sqrt();
            assert!(
                bias.abs() < 4.0,
                "{bits} bits, {shared}: mean {mean}, expected {}",
                bits * p
            );
            let ratio = variance / expected;
            assert!(
                (ratio - 1.0).abs() < 4.0 * variance_error(),
                "{bits} bits, {shared}: {ratio}"
            );
        }
    }
}
