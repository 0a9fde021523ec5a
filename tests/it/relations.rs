//! Which document contains which? Compared with brute force, and at the right positions.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use reprint::Deduper;
use reprint::normalize::Normalizer;
use reprint::report::{RelatedPair, Report};
use reprint::shingle::Shingler;
use reprint::verify::Relation;

use crate::support::{Numbers, run_keeping};

/// The first of the ideographs in unrelated texts. With 400 ideographs, two texts seldom have five in a row in common.
const FIRST: u32 = 0x4E10;

fn text(numbers: &mut Numbers, characters: usize) -> String {
    let ideograph = |_| char::from_u32(FIRST + numbers.below(400) as u32).unwrap();
    (0..characters).map(ideograph).collect()
}

/// The same text as another page prints it: with punctuation and hard wraps, and with every `typo`th character replaced.
fn damaged(original: &str, typo: usize, numbers: &mut Numbers) -> String {
    let mut out = String::new();
    for (i, c) in original.chars().enumerate() {
        let other = char::from_u32(FIRST + 1000 + numbers.below(400) as u32).unwrap();
        out.push(if i % typo == typo - 1 { other } else { c });
        match numbers.below(30) {
            0 => out.push('，'),
            1 => out.push_str("\n　"),
            2 => out.push_str("”“"),
            _ => {}
        }
    }
    out
}

fn windows(text: &str) -> BTreeSet<String> {
    let folded = Normalizer::new().fold(text);
    let windows = Shingler::default().windows(&folded).into_iter();
    windows.map(str::to_owned).collect()
}

fn characters(text: &str, range: &std::ops::Range<usize>) -> String {
    text.chars().skip(range.start).take(range.len()).collect()
}

/// Checks that everything that a pair reports is true for the two texts.
fn assert_true(pair: &RelatedPair, documents: &[(String, String)], damaged: bool) {
    let [a, b] = [&pair.a, &pair.b].map(|document| documents[document.position].1.as_str());
    let (left, right) = (windows(a), windows(b));
    let shared = left.intersection(&right).count();
    let share = |part: usize, of: usize| part as f64 / of as f64;
    assert_eq!(pair.overlap.left_in_right(), share(shared, left.len()));
    assert_eq!(pair.overlap.right_in_left(), share(shared, right.len()));
    let mut before = 0;
    for passage in &pair.passages {
        let (l, r) = (passage.left.of(a), passage.right.of(b));
        assert!(!l.is_empty() && passage.left.bytes.start >= before);
        before = passage.left.bytes.end;
        assert_eq!(l, characters(a, &passage.left.characters));
        assert_eq!(r, characters(b, &passage.right.characters));
        let [l, r] = [l, r].map(|side| Normalizer::new().fold(side));
        let shorter = l.chars().count().min(r.chars().count());
        assert!(passage.common <= shorter);
        if !damaged {
            assert_eq!(l, r);
            assert_eq!(passage.common, l.chars().count());
        }
    }
}

/// Characters that affect their neighbours in different ways: marks, letters, digits, ideographs, ligatures, wide forms.
const AWKWARD: &str = "([一二三四五六七八九十年月日甲乙,。a-c0-2 \n]|か|\u{3099}|é|e\u{301}|ﬁ|𠀀|ᅡ|한|資訊|公車|２|Ａ|\u{200D}){0,60}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn an_article_in_a_compilation_is_found_with_true_shares_and_places(
        seed in any::<u64>(),
        length in 150_usize..500,
        others in 5_usize..12,
        at in 0_usize..5,
        typo in prop::sample::select(vec![34_usize, 60, usize::MAX]),
    ) {
        let mut numbers = Numbers(seed);
        let article = text(&mut numbers, length);
        let mut parts: Vec<String> = (0..others).map(|_| text(&mut numbers, 300)).collect();
        parts.insert(at, damaged(&article, typo, &mut numbers));
        let documents = vec![("compilation".to_owned(), parts.join("\n\n")), ("article".to_owned(), article)];
        let report = Deduper::default().run(&documents).unwrap();
        prop_assert_eq!(report.relations.len(), 1);
        let pair = &report.relations[0];
        prop_assert_eq!(pair.relation, Relation::Contains);
        prop_assert_eq!(pair.a.id.as_str(), "compilation");
        assert_true(pair, &documents, typo != usize::MAX);
        prop_assert!(report.kept() == [true, true]);
    }

    #[test]
    fn the_evidence_for_any_two_texts_stands_in_them(
        left in AWKWARD,
        right in AWKWARD,
        windows in prop::sample::select(vec![(5, 3), (5, 2), (2, 5), (32, 1), (1, 32), (1, 1)]),
    ) {
        let documents = [("a", left.as_str()), ("b", right.as_str())];
        let shingler = Shingler::builder().character_window(windows.0).word_window(windows.1).build().unwrap();
        let deduper = Deduper::builder().passage(5).shingler(shingler).build().unwrap();
        let evidence = deduper.evidence(&documents, 0, 1).unwrap();
        for difference in &evidence.differences {
            prop_assert_eq!(difference.left.of(&left), characters(&left, &difference.left.characters));
            prop_assert_eq!(difference.right.of(&right), characters(&right, &difference.right.characters));
            prop_assert_ne!(difference.left.of(&left), difference.right.of(&right));
        }
        for passage in &evidence.passages {
            let [l, r] = [passage.left.of(&left), passage.right.of(&right)].map(|side| Normalizer::new().fold(side));
            prop_assert!(passage.common <= l.chars().count().min(r.chars().count()));
        }
        let backwards = deduper.evidence(&documents, 1, 0).unwrap();
        deduper.run(&documents).unwrap();
        prop_assert_eq!(backwards.comparison.swapped(), evidence.comparison);
    }
}

#[test]
fn a_text_that_is_a_common_phrase_in_many_works_is_inside_none_of_them() {
    let mut numbers = Numbers(7);
    let template = text(&mut numbers, 300);
    let form = |i: usize| {
        let (before, after) = (text(&mut numbers, 250), text(&mut numbers, 200));
        (format!("d{i:02}"), format!("{before}{template}{after}"))
    };
    let mut documents: Vec<(String, String)> = (0..40).map(form).collect();
    documents.push(("blank".into(), template));
    let report = Deduper::default().run(&documents).unwrap();
    assert_eq!(report.relations.len(), 0);
    assert_eq!(report.passages[0].documents, 41);
    // A longer document contains one of them, including the template.
    let outer = format!(
        "{}{}{}",
        text(&mut numbers, 300),
        documents[7].1,
        text(&mut numbers, 300)
    );
    documents.push(("outer".into(), outer));
    let report = Deduper::default().run(&documents).unwrap();
    assert_eq!(ids(&report), [("outer", "contains", "d07")]);
}

#[test]
fn the_form_of_a_short_text_with_another_content_is_not_the_text() {
    let form = |what: &str, task: &str| {
        format!(
            "Look at the drawing of {what} with care. Write down in one sentence each what the first, the second and the third wheel do when the handle is turned, and say how the last one turns: {task}"
        )
    };
    let questions = [
        form(
            "the mill and its sluice",
            "nine teeth meet twelve, one is broken",
        ),
        form(
            "our clock with one hand",
            "sixty teeth drive eight under a spring",
        ),
    ];
    let others = [
        form(
            "two ships in the fog",
            "forty spokes of iron catch three cords",
        ),
        form(
            "cranes that load barley",
            "thirty links run over ten bent ones",
        ),
        form("some loom for silk", "five pedals lift five shafts at once"),
        // Control: one of the questions with one word replaced.
        questions[0].replace("sentence", "line"),
    ];
    let mut numbers = Numbers(18);
    let pages = others.map(|other| {
        let (before, after) = (text(&mut numbers, 300), text(&mut numbers, 200));
        format!("{before}\n\n{other}\n\n{after}")
    });
    let names = ["q0", "q1", "page 0", "page 1", "page 2", "leak"];
    let documents: Vec<(&str, &String)> = names
        .into_iter()
        .zip(questions.iter().chain(&pages))
        .collect();
    let report = Deduper::default().run(&documents).unwrap();
    assert_eq!(ids(&report), [("leak", "contains", "q0")]);
}

fn ids(report: &Report) -> Vec<(&str, &str, &str)> {
    let pairs = report.relations.iter();
    pairs
        .map(|pair| {
            (
                pair.a.id.as_str(),
                pair.relation.as_str(),
                pair.b.id.as_str(),
            )
        })
        .collect()
}

#[test]
fn what_is_inside_goes_only_where_the_policy_says_so() {
    let mut numbers = Numbers(3);
    let [inner, middle, outer] = [100, 300, 900].map(|length| text(&mut numbers, length));
    let documents = [
        ("inner", inner.clone()),
        ("middle", format!("{middle}{inner}")),
        ("outer", format!("{outer}{middle}{inner}")),
        ("stranger", text(&mut numbers, 500)),
    ];
    let report = run_keeping("intact", &documents);
    let expected = [
        ("middle", "contains", "inner"),
        ("outer", "contains", "inner"),
        ("outer", "contains", "middle"),
    ];
    assert_eq!(ids(&report), expected);
    assert_eq!(report.kept(), [true; 4]);
    let report = run_keeping("intact;container", &documents);
    assert_eq!(report.kept(), [false, false, true, true]);
    let containers: Vec<&str> = report
        .contained
        .iter()
        .map(|gone| gone.container.id.as_str())
        .collect();
    assert_eq!(containers, ["outer", "outer"]);
}

#[test]
fn a_canonical_copy_goes_for_its_container_only_with_all_that_went_for_it() {
    let mut numbers = Numbers(5);
    let [x, y, z, rest] = [200, 105, 90, 900].map(|length| text(&mut numbers, length));
    let documents = [
        ("canonical", format!("{x}{y}")),
        ("member", format!("{x}{z}{y}")),
        ("outer", format!("{rest}{x}{y}{rest}")),
    ];
    let report = run_keeping("shortest;container", &documents);
    assert_eq!(report.clusters.len(), 1);
    // The text that only the member has would be lost.
    assert_eq!(report.kept(), [true, false, true]);
}

#[test]
fn of_thousands_of_equal_texts_the_elected_one_is_listed() {
    let mut numbers = Numbers(9);
    let inner = text(&mut numbers, 300);
    let outer = format!(
        "{}{inner}{}",
        text(&mut numbers, 500),
        text(&mut numbers, 500)
    );
    let copy = |i: usize| {
        (
            format!("d{i:04}"),
            format!("{inner}{}", if i == 500 { "。" } else { "" }),
        )
    };
    let mut documents: Vec<(String, String)> = (0..1500).map(copy).collect();
    documents.push(("outer".into(), outer));
    let report = run_keeping("intact;container", &documents);
    assert_eq!(report.clusters[0].canonical.id, "d0500");
    assert_eq!(ids(&report), [("outer", "contains", "d0500")]);
    assert_eq!(report.kept().iter().filter(|kept| **kept).count(), 1);
}

#[test]
fn a_text_that_repeats_itself_is_found_inside_another() {
    let mut numbers = Numbers(13);
    let line = text(&mut numbers, 40);
    let refrain = vec![line; 10].join("\n");
    let documents = [
        ("song", refrain.clone()),
        (
            "book",
            format!(
                "{}\n{refrain}\n{}",
                text(&mut numbers, 900),
                text(&mut numbers, 900)
            ),
        ),
    ];
    let report = Deduper::default().run(&documents).unwrap();
    assert_eq!(ids(&report), [("book", "contains", "song")]);
}

#[test]
fn a_copy_that_lost_its_first_or_last_paragraph_does_not_win() {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles/volunteers.txt");
    let whole = std::fs::read_to_string(articles).unwrap();
    let paragraphs: Vec<&str> = whole.split("\n\n").collect();
    assert!(paragraphs.len() > 3);
    for lost in [2..paragraphs.len(), 0..paragraphs.len() - 1] {
        let cut = paragraphs[lost].join("\n\n");
        let report = Deduper::default()
            .run(&[("cut", cut.as_str()), ("whole", &whole)])
            .unwrap();
        assert_eq!(
            report.clusters[0].canonical.id, "whole",
            "{}",
            report.clusters[0].reason
        );
    }
}
