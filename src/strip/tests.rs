use proptest::prelude::*;

use super::*;

/// A passage that every text has, long enough to be cut. Counted by hand: 22 words.
const NOTICE: &str = "All rights reserved. No part of this page may be copied without a written permission of the editors of the paper of record.";

fn stripped(texts: &[String], from: usize) -> Vec<Vec<Cut>> {
    let documents: Vec<(String, &String)> =
        (0..).map(|i: usize| format!("{i:04}")).zip(texts).collect();
    let options = StripOptions {
        from,
        ..StripOptions::default()
    };
    strip(&documents, &vec![true; texts.len()], &options).unwrap()
}

fn undone(text: &str, cuts: &[Cut]) -> String {
    let taken = cuts
        .iter()
        .map(|cut| (cut.span.characters.start, cut.span.of(text)));
    undo(&apply(text, cuts), taken)
}

#[test]
fn several_line_ends_end_one_sentence() {
    let text = "   ®a\n\n\n";
    assert_eq!(sentence_ends(text), [text.len()]);
}

/// If each sign or line took a pass over the rest, these lengths would take hours.
#[test]
fn rows_of_closing_signs_and_of_empty_lines_cost_their_length() {
    let many = 1 << 19;
    let points = ".".repeat(many) + "x";
    assert_eq!(sentence_ends(&points), [points.len()]);
    let stops = "。".repeat(many) + "a";
    assert_eq!(sentence_ends(&stops), [stops.len()]);
    let lines = "\n".repeat(many) + "Hello.";
    assert_eq!(sentence_ends(&lines), [many, lines.len()]);
}

proptest! {
    #[test]
    fn every_cut_undone_gives_the_text_byte_for_byte(
        texts in prop::collection::vec("([A-Z][a-z]{1,4} [a-zé]{1,6}[.!] |甲乙丙丁戊。|\\n|\\n\\n|<b>|e\u{301}\\. |🏽|[ \\t]){0,24}", 1..6),
        notice_at in prop::collection::vec(any::<bool>(), 6),
        from in 2_usize..4,
    ) {
        let texts: Vec<String> = texts.iter().zip(notice_at).map(|(text, with)| match with {
            true => format!("{text}\n\n{NOTICE}\n\n{text}"),
            false => text.clone(),
        }).collect();
        let cuts = stripped(&texts, from);
        for (text, cuts) in texts.iter().zip(&cuts) {
            prop_assert_eq!(&undone(text, cuts), text);
            let ends = sentence_ends(text);
            for cut in cuts {
                prop_assert!(cut.span.bytes.start == 0 || ends.contains(&cut.span.bytes.start));
                prop_assert!(ends.contains(&cut.span.bytes.end));
            }
        }
    }

    #[test]
    fn sentences_make_up_the_text_and_end_at_no_joined_character(text in "(\\PC|[.!?。 \\n<>\u{301}\u{200D}🏽]){0,40}") {
        let ends = sentence_ends(&text);
        prop_assert!(ends.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(ends.last().copied().unwrap_or(0), text.len());
        for end in ends {
            prop_assert!(text.is_char_boundary(end));
            let joined = text[end..].starts_with(['\u{301}', '\u{200D}', '🏽']);
            prop_assert!(!joined);
        }
    }

    #[test]
    fn what_is_cut_stays_somewhere(picks in prop::collection::vec(prop::collection::vec(0_usize..6, 0..8), 1..6)) {
        let sentences: Vec<String> = (0..6)
            .map(|i| format!("Sentence number {i} has its own words {} and goes on for quite a while after that. ", "abc ".repeat(i + 1)))
            .collect();
        let texts: Vec<String> = picks.iter().map(|picks| picks.iter().map(|&pick| sentences[pick].as_str()).collect()).collect();
        let cuts = stripped(&texts, 2);
        let left: String = texts.iter().zip(&cuts).map(|(text, cuts)| apply(text, cuts)).collect();
        for sentence in &sentences {
            let was = texts.iter().any(|text| text.contains(sentence.as_str()));
            prop_assert_eq!(was, left.contains(sentence.as_str()));
        }
    }
}

#[test]
fn a_passage_is_cut_from_so_many_documents_on_and_stays_in_the_first() {
    let texts = ["One.", "Two.", "Three."].map(|own| format!("{own}\n\n{NOTICE}\n"));
    let of = |from| {
        stripped(&texts, from)
            .iter()
            .map(Vec::len)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(2), [0, 1, 1]);
    assert_eq!(of(3), [0, 1, 1]);
    assert_eq!(of(4), [0, 0, 0]);
}

#[test]
fn short_lines_and_sentences_that_differ_are_not_cut() {
    let texts = ["Nine crates were lost.", "Ten crates were lost."].map(|own| {
        format!("{own} Read more.\n\nThe port office counted {own} crates on the quay before the ferry left for the island of Holm again.\n")
    });
    assert!(stripped(&texts, 2).iter().all(Vec::is_empty));
}

#[test]
fn numbers_alone_are_no_passage_and_other_numbers_are_no_part_of_one() {
    let numbers = |from: usize| {
        (from..from + 90)
            .map(|n| format!("{n}\n"))
            .collect::<String>()
    };
    let texts = ["use std::fs;\n", "use std::io;\n"].map(|own| format!("{}{own}", numbers(1)));
    assert!(stripped(&texts, 2).iter().all(Vec::is_empty));
    // Equal words around different numbers: the numbers stay.
    let texts = [1, 500].map(|from| format!("{NOTICE}\n{}\n{NOTICE}\n", numbers(from)));
    let cuts = stripped(&texts, 2);
    assert!(apply(&texts[1], &cuts[1]).contains(&numbers(500)));
}

#[test]
fn a_passage_that_differs_in_layout_is_cut_and_one_from_mid_sentence_on_is_not() {
    let wrapped = NOTICE.replacen("be copied ", "be copied\n", 1);
    let cuts = stripped(
        &[format!("One.\n\n{NOTICE}"), format!("Two.\n\n{wrapped}")],
        2,
    );
    assert_eq!(cuts[1].len(), 1);
    let cuts = stripped(
        &[
            NOTICE.to_owned(),
            NOTICE.replacen("All rights reserved. No", "Yes, no", 1),
        ],
        2,
    );
    assert!(cuts.iter().all(Vec::is_empty));
}

#[test]
fn sentences_end_where_a_reader_would_say_so() {
    let ends = |text: &str| -> Vec<String> {
        let mut start = 0;
        let ends = sentence_ends(text)
            .into_iter()
            .map(|end| text[std::mem::replace(&mut start, end)..end].to_owned());
        ends.collect()
    };
    assert_eq!(
        ends("He paid 3.50 in all. She left."),
        ["He paid 3.50 in all. ", "She left."]
    );
    assert_eq!(
        ends("See e.g. the list. Done"),
        ["See e.g. the list. ", "Done"]
    );
    assert_eq!(
        ends("“No!” he said. “Yes.” Then"),
        ["“No!” he said. ", "“Yes.” ", "Then"]
    );
    // A sentence continues after a full line and ends after a short one: a heading above its text.
    assert_eq!(
        ends("News\nThe weir gave way on the night\nof the sixteenth, a little\nafter two"),
        [
            "News\n",
            "The weir gave way on the night\nof the sixteenth, a little\nafter two"
        ]
    );
    assert_eq!(
        ends("The examina-\ntion was long"),
        ["The examina-\ntion was long"]
    );
    assert_eq!(
        ends("<p title=\"One. Two.\">A</p>\n\n<p>B</p>"),
        ["<p title=\"One. Two.\">A</p>\n\n", "<p>B</p>"]
    );
    assert_eq!(
        ends("One.\n\n<a\n\nhref=\"x\">Two</a>"),
        ["One.\n\n", "<a\n\nhref=\"x\">Two</a>"]
    );
}
