//! Which bands and rows for which threshold, and what do they find? Prints the probability curve.
//!
//! `cargo run --example choose_parameters`
#![allow(clippy::print_stdout)] // a program for people

use reprint::Error;
use reprint::lsh::Banding;

const SLOTS: usize = 128;
const THRESHOLDS: [f64; 4] = [0.3, 0.45, 0.6, 0.8];
const RECALL: f64 = 0.95;

fn main() -> Result<(), Error> {
    println!("A pair of documents of Jaccard s is proposed with probability 1-(1-s^rows)^bands.\n");
    let mut bandings = Vec::new();
    for threshold in THRESHOLDS {
        let banding = Banding::for_threshold(SLOTS, threshold, RECALL)?;
        let (bands, rows) = (banding.bands(), banding.rows());
        println!("threshold {threshold:.2}, recall {RECALL}: {bands} bands of {rows} rows");
        bandings.push(banding);
    }
    print!("\n   s ");
    THRESHOLDS
        .iter()
        .for_each(|threshold| print!("  t={threshold:.2}"));
    println!();
    for tenth in 0..=10 {
        let jaccard = f64::from(tenth) / 10.0;
        print!(" {jaccard:.1} ");
        for banding in &bandings {
            print!(" {:7.4}", banding.probability(jaccard));
        }
        println!("  {}", bar(bandings[2].probability(jaccard)));
    }
    println!(
        "\nThe bar is the curve for t=0.60. More bands find more pairs, and propose more strangers to"
    );
    println!(
        "count; more rows find fewer. Verification counts every proposed pair, so strangers cost time only."
    );
    Ok(())
}

fn bar(probability: f64) -> String {
    "#".repeat((40.0 * probability).round() as usize)
}
