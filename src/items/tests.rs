//! The fast algorithms against slow ones, and properties of every extension.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::extend::{Extension, SharedSeed};
use super::index::best_window;
use super::*;
use crate::items::seeds::seed_length;

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|&c| c != ' ').collect()
}

/// Every seed of a text, cut one by one from its letters.
fn slow_seeds(text: &str) -> Vec<(usize, Vec<char>)> {
    let letters = letters(text);
    let seed = |at: usize| {
        let end = at + seed_length(letters[at]);
        Some((at, letters.get(at..end)?.to_vec()))
    };
    (0..letters.len()).filter_map(seed).collect()
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let words = prop::sample::select(vec![
        "ferry",
        "carries",
        "forty",
        "crates",
        "一条渡轮",
        "每天开",
        "六班",
        "a",
        "of 38",
    ]);
    prop::collection::vec(
        prop::collection::vec(words, 0..14).prop_map(|words| words.join(" ")),
        1..6,
    )
}

proptest! {
    #[test]
    fn hits_and_counts_are_those_of_every_seed_compared_with_every_other(items in texts(), texts in texts()) {
        let counts = ItemCounts::new(&items);
        let seeds: Vec<_> = texts.iter().map(|text| counts.count(text)).collect();
        let index = counts.build();
        let of_items: Vec<_> = items.iter().map(|item| slow_seeds(item)).collect();
        let of_texts: Vec<_> = texts.iter().map(|text| slow_seeds(text)).collect();
        let having = |all: &[Vec<(usize, Vec<char>)>], seed: &Vec<char>| {
            all.iter().filter(|seeds| seeds.iter().any(|(_, other)| other == seed)).count() as u64
        };
        let weigh = |seed: &Vec<char>| {
            let share = |others: u64| 1.0 / (1 + others) as f64;
            let [items, texts] = [&of_items, &of_texts].map(|all| having(all, seed).saturating_sub(1));
            share(items) * share(texts).max(0.25)
        };
        let mut sums = ItemSums::default();
        for (seeds, of_text) in seeds.iter().zip(&of_texts) {
            let mut expected = BTreeSet::new();
            for (text_at, seed) in of_text {
                for (item, of_item) in of_items.iter().enumerate() {
                    for (at, _) in of_item.iter().filter(|(_, other)| other == seed) {
                        expected.insert((item as u32, *text_at as u32, *at as u32));
                    }
                }
            }
            // Items are not compared if less than a tenth of their weight is in the text.
            let met = |item: usize| {
                let hits = expected.iter().filter(|(of, _, _)| *of as usize == item);
                let seed = |at: u32| &of_items[item].iter().find(|(other, _)| *other == at as usize).unwrap().1;
                let all: f64 = of_items[item].iter().map(|(_, seed)| weigh(seed)).sum();
                hits.map(|(_, _, at)| weigh(seed(*at))).sum::<f64>() / all
            };
            let shares: Vec<f64> = (0..items.len()).map(met).collect();
            // Sums of rounded weights may be on either side of a tenth.
            let is_sure = |item: u32| (shares[item as usize] - 0.1).abs() > 1e-6;
            expected.retain(|(item, _, _)| is_sure(*item) && shares[*item as usize] > 0.1);
            let mut hits = index.hits(seeds, &mut sums);
            hits.retain(|hit| is_sure(hit.item));
            // A seed that an item has in several places is one hit.
            let places = |hit: &index::Hit| {
                let (item, text) = (hit.item, hit.text);
                index.starts_of(hit).into_iter().map(move |at| (item, text, at))
            };
            let found: BTreeSet<_> = hits.iter().flat_map(places).collect();
            let distinct: BTreeSet<_> = hits.iter().map(|hit| (hit.item, hit.text)).collect();
            prop_assert_eq!(hits.len(), distinct.len());
            // Items of at most 127 letters are searched by every seed.
            prop_assert_eq!(&found, &expected);
            for hit in hits {
                let seed = &of_items[hit.item as usize].iter().find(|(at, _)| *at == hit.at as usize).unwrap().1;
                let weight = index.starts_of(&hit).len() as f64 * weigh(seed);
                prop_assert!((f64::from(hit.weight) - weight).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn the_window_is_the_heaviest_of_all(places in prop::collection::vec((0_u32..60, 0_u32..12), 1..30), length in 1_usize..30) {
        let mut hits: Vec<_> = places.into_iter().map(|(text, at)| index::Hit { item: 0, text, at, weight: 1.0 + (at % 3) as f32 }).collect();
        hits.sort_by_key(|hit| (hit.text, hit.at));
        let of = |from: usize, to: usize| {
            let seeds: BTreeSet<u32> = hits[from..=to].iter().map(|hit| hit.at).collect();
            seeds.into_iter().map(|at| f64::from(1.0 + (at % 3) as f32)).sum::<f64>()
        };
        let mut heaviest = 0.0_f64;
        for from in 0..hits.len() {
            for to in from..hits.len() {
                if (hits[to].text - hits[from].text) as usize <= length {
                    heaviest = heaviest.max(of(from, to));
                }
            }
        }
        let (window, weight) = best_window(&hits, length);
        prop_assert_eq!(weight, heaviest);
        prop_assert_eq!(of(window.start, window.end - 1), heaviest);
    }

    #[test]
    fn runs_are_equal_letters_that_no_other_run_has(item in "[a-c一-三]{8,40}", text in "[a-c一-三]{8,80}", starts in prop::collection::vec((0_usize..40, 0_usize..80), 1..6)) {
        let (item, text) = (letters(&item), letters(&text));
        let weights = vec![1.0; item.len()];
        let mut extension = Extension::new(&item, &text, &weights);
        let seeds = starts.into_iter().filter(|&(at, place)| at < item.len() && place < text.len() && item[at] == text[place]);
        extension.extend(seeds.map(|(item, text)| SharedSeed { item, text }));
        let (mut of_item, mut of_text) = (BTreeSet::new(), BTreeSet::new());
        for run in extension.runs() {
            prop_assert_eq!(&item[run.0..run.0 + run.2], &text[run.1..run.1 + run.2]);
            for at in 0..run.2 {
                prop_assert!(of_item.insert(run.0 + at) && of_text.insert(run.1 + at));
            }
        }
        prop_assert_eq!(extension.letters(), of_item.len());
        prop_assert_eq!(extension.weight(), of_item.len() as f64);
        let common: usize = extension.passages().iter().map(|passage| passage.common).sum();
        prop_assert_eq!(common, of_item.len());
    }

    #[test]
    fn an_item_that_stands_in_a_text_as_it_is_is_found_whole(words in prop::collection::vec("[a-z]{2,8}", 12..40), before in "[a-z ]{0,80}", behind in "[a-z ]{0,80}") {
        let item = words.join(" ");
        let text = format!("{before} {item} {behind}");
        let counts = ItemCounts::new(&[&item]);
        let seeds = counts.count(&text);
        let found = counts.build().find(&text, &seeds);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!((found[0].share, found[0].letters), (1.0, 1.0));
    }
}

#[test]
fn where_item_and_text_repeat_themselves_each_letter_of_the_text_has_one_hit() {
    let [item, text] = [300, 5_000].map(|times| "ha ".repeat(times));
    let counts = ItemCounts::new(&[&item]);
    let seeds = counts.count(&text);
    let index = counts.build();
    let hits = index.hits(&seeds, &mut ItemSums::default());
    assert!(
        (1..=letters(&text).len()).contains(&hits.len()),
        "{}",
        hits.len()
    );
    let found = index.find(&text, &seeds);
    assert_eq!((found.len(), found[0].letters), (1, 1.0));
}

#[test]
fn a_refrain_is_found_where_the_text_has_lost_it_in_its_first_place() {
    let refrain = "and the old ferry carries forty crates across the bay on a calm day";
    let lost = "x".repeat(letters(refrain).len());
    let song = |[first, second, third]: [&str; 3]| {
        format!(
            "the tide was low at noon {first} the tide was high at night {second} the tide was gone by spring {third}"
        )
    };
    let counts = ItemCounts::new(&[song([refrain; 3])]);
    let text = song([lost.as_str(), refrain, refrain]);
    let seeds = counts.count(&text);
    let found = counts.build().find(&text, &seeds);
    assert_eq!(found.len(), 1);
    let kept = 1.0 - lost.len() as f64 / letters(&song([refrain; 3])).len() as f64;
    assert!(found[0].letters >= kept - 0.02, "{:?}", found[0]);
}
