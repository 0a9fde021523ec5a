//! How do the stages fit together without the front door? A pipeline of one's own, stage by stage.
//!
//! `cargo run --example custom_pipeline`
#![allow(clippy::print_stdout)] // a program for people

use reprint::Error;
use reprint::cluster::{AcceptedPair, anchored};
use reprint::lsh::{Banding, BucketEntry, CandidatePair, bucket_pairs, merge_pairs};
use reprint::normalize::Normalizer;
use reprint::shingle::Shingler;
use reprint::signature::{MinHash, MinHasher};
use reprint::verify::{Comparison, Text, compare};

const THRESHOLD: f64 = 0.5;

const TEXTS: [&str; 4] = [
    "The old stone bridge over the Arle reopened on Monday after three years of repairs.",
    "The old stone bridge over the Arle re-\nopened on Monday after three years of repairs",
    "On Monday the old stone bridge over the Arle reopened on Monday after two years of repairs.",
    "A new library opened its doors in the valley, and every chair was taken by noon.",
];

struct Prepared {
    folded: String,
    shingles: Vec<u64>,
    signature: MinHash,
}

fn main() -> Result<(), Error> {
    let normalizer = Normalizer::new();
    let shingler = Shingler::builder().word_window(2).build()?;
    let hasher = MinHasher::new(shingler.scheme(&normalizer), 64)?;
    let prepare = |text| {
        let folded = normalizer.fold(text);
        let shingles = shingler.hashes(&folded);
        let signature = hasher.sign(&shingles);
        Prepared {
            folded,
            shingles,
            signature,
        }
    };
    let prepared = TEXTS.map(prepare);
    for (i, text) in prepared.iter().enumerate() {
        println!(
            "{i}: {} shingles of \"{}\"",
            text.shingles.len(),
            text.folded
        );
    }

    let banding = Banding::for_threshold(64, THRESHOLD, 0.95)?;
    let candidates = candidates(&prepared, banding);
    println!(
        "\n{} bands of {} rows propose {candidates:?}",
        banding.bands(),
        banding.rows()
    );

    let verdict = |a: u32, b: u32| verdict(&prepared, a, b);
    let verdicts = candidates.iter().map(|&(a, b)| AcceptedPair {
        a,
        b,
        comparison: verdict(a, b),
    });
    let accepted: Vec<AcceptedPair> = verdicts
        .filter(|pair| pair.comparison.relation.is_copy())
        .collect();
    for AcceptedPair { a, b, comparison } in &accepted {
        println!(
            "{a} and {b}: {}, {:.0} % alike",
            comparison.relation,
            100.0 * comparison.jaccard()
        );
    }

    let lengths = prepared.each_ref().map(|text| text.folded.chars().count());
    let clustering = anchored(&lengths, &accepted, &[], |canonical, other| {
        Some(verdict(canonical, other)).filter(|comparison| comparison.relation.is_copy())
    });
    for cluster in &clustering.clusters {
        let copies: Vec<u32> = cluster.copies.iter().map(|&(copy, _)| copy).collect();
        println!("\n{} stays, {copies:?} are its copies", cluster.canonical);
    }
    Ok(())
}

fn candidates(prepared: &[Prepared], banding: Banding) -> Vec<CandidatePair> {
    let pairs = (0..banding.bands()).flat_map(|band| {
        let entries = (0..).zip(prepared).filter_map(|(position, text)| {
            let key = banding.key(text.signature.slots(), band)?;
            Some(BucketEntry { key, position })
        });
        bucket_pairs(entries.collect(), u64::from, |_, _| true)
    });
    merge_pairs(pairs.collect())
}

fn verdict(prepared: &[Prepared], a: u32, b: u32) -> Comparison {
    let text = |position: u32| {
        let Prepared {
            folded, shingles, ..
        } = &prepared[position as usize];
        Text {
            original: TEXTS[position as usize],
            folded,
            shingles,
        }
    };
    compare(text(a), text(b), THRESHOLD)
}
