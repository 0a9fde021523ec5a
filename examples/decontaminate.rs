//! Which training documents have a question of a test in them, and which only look so?
//!
//! `cargo run --example decontaminate`
#![allow(clippy::print_stdout)] // a program for people

use reprint::verify::Relation;
use reprint::{Deduper, Error, Remaining};

/// The test: questions that a model must not have seen.
const TEST: [(&str, &str); 3] = [
    (
        "sacks",
        "A mill grinds 46 sacks on each of five days and 18 sacks on the sixth. How many sacks are ground in seven weeks of such days?",
    ),
    (
        "lamps",
        "A lighthouse keeper fills nine lamps every evening and each burns half a litre of oil until dawn. How many litres does she buy for April?",
    ),
    (
        "伞",
        "一位修伞的师傅每天修好十四把伞，星期日只修六把，问四个星期他一共修好多少把伞？",
    ),
];

/// What a model would be trained on.
const TRAINING: [(&str, &str); 5] = [
    (
        "forum",
        "Homework again, can anybody help? a lighthouse keeper fills nine lamps every night and each burns half a litre of oil until morning. \
         How many litres does she buy for April? I got 135 but my brother says 270.",
    ),
    (
        "blog",
        "修傘攤的故事。有人出了一道題：一位修傘的師傅每天修好十四把傘，星期日只修六把，問四個星期他一共修好多少把傘？葉師傅笑了笑，說自己從來不數。夜市一到六點就開張，賣烤魷魚的、賣剉冰的、套圈圈的，一攤挨著一攤。早年他挑著擔子走街，後來腿不好，就租了半個攤位，\
         二十年沒有漲過價。客人把傘撐開，他看一眼就知道斷在哪裡，修不好不要錢。",
    ),
    (
        "another mill",
        "For the younger ones: A mill grinds 31 sacks on each of four days and 22 sacks on the sixth. How many sacks are ground in nine weeks of \
         such days? Answers on a postcard, please.",
    ),
    (
        "news",
        "The keeper of the lighthouse at Holm retires in April. She has filled its nine lamps every evening for forty years.",
    ),
    (
        "sheet",
        "A mill grinds 46 sacks on each of five days and 18 sacks on the sixth. How many sacks are ground in seven weeks of such days?",
    ),
];

fn main() -> Result<(), Error> {
    let deduper = Deduper::default();
    let against = deduper.against(&TRAINING, &TEST)?;
    for pair in &against.pairs {
        println!(
            "{} {} {}",
            pair.document, pair.comparison.relation, pair.reference
        );
        for passage in &pair.passages {
            println!("  {}", passage.left.of(TRAINING[pair.document.position].1));
        }
    }
    // Copies of questions, and documents that contain one, leave; the others are deduplicated as usual.
    let leave = [Relation::COPIES.as_slice(), &[Relation::Contains]].concat();
    let rest = Remaining::new(&TRAINING, &against.dropped(&leave));
    let report = deduper.run(&rest)?;
    println!(
        "{} of {} documents stay",
        report.kept().len(),
        TRAINING.len()
    );
    Ok(())
}
