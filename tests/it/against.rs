//! New against old: which documents of a new collection have text in common with a reference, and which only seem to?

use proptest::prelude::*;
use reprint::verify::Relation;
use reprint::{Deduper, Document, Documents, Facts, Metadata, Remaining};

/// Questions of a test set, made up for this file.
const QUESTIONS: [(&str, &str); 6] = [
    (
        "q0",
        "A lighthouse keeper fills nine lamps every evening and each lamp burns half a litre of oil until dawn. How many litres does she buy for the whole of April?",
    ),
    (
        "q1",
        "Two sisters share a field of barley in the ratio of three to four, and the elder sells a third of her part to the miller. What fraction of the field does the miller own?",
    ),
    (
        "q2",
        "Which of these best explains why the tower clock of Brandvik lost eleven minutes during the winter of the great frost? A the oil in its bearings thickened B the sexton forgot to wind it C the pendulum grew longer D the bell rope was caught in the wheels",
    ),
    (
        "q3",
        "一位修伞的师傅每天修好十四把伞，星期日只修六把，下雨的日子多修五把，问四个星期里下了九天雨他一共修好多少把伞？",
    ),
    (
        "q4",
        "糖厂改建的图书馆有三层书架，每层的书比下面一层少四十本，最上面一层有二百六十本，问三层一共有多少本书？",
    ),
    (
        "q5",
        "In what year did the parish of Long Barton sell its bells to pay for the new sluice above the silk mill?",
    ),
];

/// An item with other text around it. No question has any of that text.
fn page(item: &str) -> String {
    format!(
        "The regatta was moved to the lower pond this year, because the reeds above the bridge had not been cut since May. Nobody \
         minded except the swans.\n\n{item}\n\n港务局星期二说，开往霍姆岛的渡轮十一月一日起停航，岛上居民请县里出钱买一条小一点的船。\
         The landlord promised to repaint his skittle alley before the first frost, as he had promised in each of the last six years."
    )
}

fn relation(against: &reprint::report::Against, id: &str, reference: &str) -> Option<Relation> {
    let mut pairs = against.pairs.iter();
    let pair = pairs.find(|pair| pair.document.id == id && pair.reference.id == reference);
    pair.map(|pair| pair.comparison.relation)
}

/// Replaces every nth word.
fn replaced(text: &str, nth: usize) -> String {
    let words = text.split(' ').enumerate();
    let words = words.map(|(at, word)| if at % nth == nth / 2 { "pebble" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Replaces every nth character.
fn respelt(text: &str, nth: usize) -> String {
    let characters = text.chars().enumerate();
    characters
        .map(|(at, c)| if at % nth == nth / 2 { '的' } else { c })
        .collect()
}

fn wrapped(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    words
        .chunks(7)
        .map(|line| line.join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn short_items_are_found_in_pages_under_light_edits() {
    let latin = QUESTIONS
        .iter()
        .filter(|(id, _)| !["q3", "q4"].contains(id));
    let mut cases: Vec<(String, &str, String)> = Vec::new();
    for &(id, text) in latin {
        let edits: [(&str, String); 6] = [
            ("as it is", text.to_owned()),
            ("capitals, wrapped", wrapped(&text.to_uppercase())),
            ("1 in 12", replaced(text, 12)),
            ("1 in 6", replaced(text, 6)),
            ("spaces lost", text.replace(' ', "")),
            ("curly", text.replace('?', " ?”")),
        ];
        cases.extend(edits.map(|(name, edited)| (format!("{id} {name}"), id, page(&edited))));
    }
    for (id, text) in [QUESTIONS[3], QUESTIONS[4]] {
        let taiwan = text
            .replace('个', "個")
            .replace('伞', "傘")
            .replace('书', "書")
            .replace('层', "層");
        let edits = [
            ("as it is", text.to_owned()),
            ("1 in 12", respelt(text, 12)),
            ("Taiwan", taiwan),
        ];
        cases.extend(edits.map(|(name, edited)| (format!("{id} {name}"), id, page(&edited))));
    }
    let options = "Which of these best explains why the tower clock of Brandvik lost eleven minutes during the winter of the great frost? \
        A the bell rope was caught in the wheels B the pendulum grew longer C the sexton forgot to wind it D the oil in its bearings thickened";
    cases.push((
        "q2 options in another order".to_owned(),
        "q2",
        page(options),
    ));
    let documents: Vec<(&str, &str)> = cases
        .iter()
        .map(|(name, _, text)| (name.as_str(), text.as_str()))
        .collect();
    let against = Deduper::default().against(&documents, &QUESTIONS).unwrap();
    for (name, item, _) in &cases {
        assert_eq!(
            relation(&against, name, item),
            Some(Relation::Contains),
            "{name}"
        );
    }
    for pair in &against.pairs {
        let (_, item, text) = cases
            .iter()
            .find(|case| case.0 == pair.document.id)
            .unwrap();
        assert_eq!(
            &pair.reference.id, item,
            "nothing else is in {}",
            pair.document
        );
        assert!(!pair.passages.is_empty());
        for passage in &pair.passages {
            assert!(!passage.left.of(text).is_empty());
        }
    }
}

#[test]
fn a_template_a_licence_head_a_formula_and_other_numbers_are_no_leak() {
    let template = |what: &str, formula: &str| {
        format!(
            "Read the sentence about {what} with care. Write down the converse and the contrapositive of the following implication, then say which of the two must be true whenever the implication is, and why: {formula}"
        )
    };
    let licence = "Permission to copy, to change and to pass on this document for any purpose is granted without a fee, provided that this notice stands in all copies.";
    let formula = "By the rule of the falling weight, s(t) = (g t^2) / 2 + v t + h, the path of a stone is known at any time.";
    let references = [
        ("t0", template("geese and thunder", "if the geese fly low then thunder follows")),
        ("t1", template("bread and rain", "if the bread is stale then it rained on Monday")),
        ("t2", template("mills and owls", "if the mill turns then the owl has left its beam")),
        ("l0", format!("{licence} The names of the authors of the tide tables of Holm may not be used to recommend what was made of them. Which of these is allowed?")),
        ("f0", format!("{formula} A mason drops his plumb from a scaffold thirty feet above the quay while the lift carries him upwards at a foot in a second. When does it strike the ground?")),
        ("n0", "A mill grinds 46 sacks on each of 5 days and 18 sacks on the sixth. How many sacks of flour are ground in 7 weeks of such days?".to_owned()),
    ];
    let documents = [
        (
            "template",
            page(&template(
                "ferries and swans",
                "if the ferry is late then the swans are hungry",
            )),
        ),
        ("licence", page(licence)),
        (
            "another licence",
            page(&format!("{licence} Map of the fords, second printing.")),
        ),
        ("formula", page(formula)),
        (
            "numbers",
            page(
                "A mill grinds 31 sacks on each of 4 days and 22 sacks on the sixth. How many sacks of flour are ground in 9 weeks of such days?",
            ),
        ),
    ];
    let against = Deduper::default().against(&documents, &references).unwrap();
    assert_eq!(against.pairs, [], "nothing of the test is in them");
    // Control: pages with the questions themselves are found.
    let leaks: Vec<(String, String)> = references
        .iter()
        .map(|(id, text)| (format!("leak {id}"), page(text)))
        .collect();
    let against = Deduper::default().against(&leaks, &references).unwrap();
    for (id, _) in &references {
        assert_eq!(
            relation(&against, &format!("leak {id}"), id),
            Some(Relation::Contains),
            "{id}"
        );
    }
}

/// Small documents; some are equal or nearly equal.
fn documents() -> impl Strategy<Value = Vec<(String, String)>> {
    let sentence = prop::sample::select(vec![
        "The ferry to Holm stops on the first of November.",
        "The weir gave way on the night of the sixteenth.",
        "Nobody was hurt, and the swans moved to the lower pond.",
        "港务局星期二说，渡轮停航。",
        "",
        "!!!",
    ]);
    let text = prop::collection::vec(sentence, 0..6).prop_map(|sentences| sentences.join(" "));
    prop::collection::vec(text, 1..12).prop_map(|texts| {
        (0..)
            .zip(texts)
            .map(|(i, text): (usize, String)| (format!("d{i:02}"), text))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_collection_on_both_sides_drops_all(documents in documents()) {
        let against = Deduper::default().against(&documents, &documents).unwrap();
        let dropped = against.dropped(&Relation::COPIES);
        prop_assert!(dropped.iter().all(|&dropped| dropped));
        prop_assert_eq!(Remaining::new(&documents, &dropped).len(), 0);
    }

    #[test]
    fn order_and_threads_change_nothing(new in documents(), reference in documents()) {
        let one = Deduper::builder().threads(1).build().unwrap().against(&new, &reference).unwrap();
        let turned = |documents: &[(String, String)]| documents.iter().rev().cloned().collect::<Vec<_>>();
        let other = Deduper::builder().threads(3).build().unwrap().against(&turned(&new), &turned(&reference)).unwrap();
        let told = |against: &reprint::report::Against| {
            let pairs = against.pairs.iter();
            let pairs = pairs.map(|pair| (pair.document.id.clone(), pair.reference.id.clone(), pair.comparison, pair.passages.clone()));
            pairs.collect::<Vec<_>>()
        };
        prop_assert_eq!(told(&one), told(&other));
    }

    #[test]
    fn what_stays_is_clustered_as_if_nothing_else_had_been_there(new in documents(), reference in documents()) {
        let deduper = Deduper::default();
        let dropped = deduper.against(&new, &reference).unwrap().dropped(&Relation::COPIES);
        let rest: Vec<_> = new.iter().zip(&dropped).filter(|(_, dropped)| !**dropped).map(|(document, _)| document.clone()).collect();
        let (left, alone) = (deduper.run(&Remaining::new(&new, &dropped)).unwrap(), deduper.run(&rest).unwrap());
        prop_assert_eq!(left.clusters, alone.clusters);
        prop_assert_eq!(left.relations, alone.relations);
    }
}

/// The same documents with sources: every third document is from "wire", the others are from "paper".
fn with_sources(documents: Vec<(String, String)>) -> Vec<Document> {
    let documents = (0..).zip(documents);
    let documents = documents.map(|(i, (id, text)): (usize, _)| {
        let source = Some(if i % 3 == 0 { "wire" } else { "paper" }.to_owned());
        let metadata = Metadata {
            source,
            ..Metadata::default()
        };
        Document::new(id, text).with_metadata(metadata)
    });
    documents.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_signed_before_changes_no_result(new in documents(), reference in documents()) {
        let new = with_sources(new);
        let dedupers = [
            Deduper::default(),
            Deduper::default().with_memory(0, std::env::temp_dir()),
            Deduper::builder().level(Relation::Exact).build().unwrap(),
            Deduper::builder().apart("source").build().unwrap(),
        ];
        for deduper in dedupers {
            for drop in [Relation::COPIES.as_slice(), &[Relation::Exact], &[]] {
                let (against, signed) = deduper.against_and_sign(&new, &reference, &()).unwrap();
                let rest = Remaining::new(&new, &against.dropped(drop));
                let known = deduper.run_signed(&rest, signed, &()).unwrap();
                let anew = deduper.run(&rest).unwrap();
                prop_assert_eq!(known.clusters, anew.clusters);
                prop_assert_eq!(known.relations, anew.relations);
                prop_assert_eq!(known.passages, anew.passages);
                prop_assert_eq!(known.counts, anew.counts);
            }
        }
    }
}

/// Documents that were signed before.
struct Signed<'s>(&'s [(&'s str, &'s str)], Vec<Facts>);

impl Documents for Signed<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn id(&self, position: usize) -> &str {
        self.0[position].0
    }

    fn text(&self, position: usize) -> std::io::Result<std::borrow::Cow<'_, str>> {
        Ok(self.0[position].1.into())
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        self.1.get(position)
    }
}

#[test]
fn an_index_of_items_that_the_memory_has_no_room_for_is_refused_with_the_figures() {
    // By hand: 400 items of 400 words of seven letters, at 64 bytes a letter, take 72 MB. 64 MiB are always allowed.
    let item = |i: usize| {
        let words = (0..400).map(|j| format!("w{i:03}{j:03}"));
        words.collect::<Vec<_>>().join(" ")
    };
    let items: Vec<(String, String)> = (0..400).map(|i| (format!("q{i}"), item(i))).collect();
    let texts: Vec<&str> = items.iter().map(|(_, text)| text.as_str()).collect();
    let new = [("book", texts.join(" "))];
    let few = Deduper::default().with_memory(0, std::env::temp_dir());
    let error = few.against(&new, &items).unwrap_err();
    assert!(
        error.is_setting() && error.to_string().contains("memory"),
        "{error}"
    );
    // Half of the items fit.
    let half = few.against(&new, &items[..200].to_vec()).unwrap();
    assert_eq!(half.pairs.len(), 200);
}

#[test]
fn other_settings_and_other_documents_are_signed_anew() {
    let new = QUESTIONS.map(|(id, text)| (id.to_owned(), page(text)));
    let deduper = Deduper::default();
    let other = Deduper::builder().slots(64).recall(0.8).build().unwrap();
    let signed = |documents: &[(String, String)]| {
        let (_, signed) = deduper
            .against_and_sign(documents, &QUESTIONS, &())
            .unwrap();
        signed
    };
    let report = other.run_signed(new.as_slice(), signed(&new), &()).unwrap();
    assert_eq!(report.counts, other.run(new.as_slice()).unwrap().counts);
    // Only the first two documents were signed before.
    let report = deduper
        .run_signed(new.as_slice(), signed(&new[..2]), &())
        .unwrap();
    assert_eq!(
        report.clusters,
        deduper.run(new.as_slice()).unwrap().clusters
    );
    assert_eq!(
        report.passages,
        deduper.run(new.as_slice()).unwrap().passages
    );
}

#[test]
fn facts_give_the_same_result_and_foreign_ones_are_refused_by_name() {
    let new: Vec<(String, String)> = QUESTIONS
        .iter()
        .map(|(id, text)| (format!("page {id}"), page(text)))
        .collect();
    let deduper = Deduper::default();
    let of = |deduper: &Deduper| {
        QUESTIONS
            .iter()
            .map(|(_, text)| deduper.facts(text))
            .collect::<Vec<_>>()
    };
    let plain = deduper.against(&new, &QUESTIONS).unwrap();
    let signed = deduper
        .against(&new, &Signed(&QUESTIONS, of(&deduper)))
        .unwrap();
    assert_eq!(plain.pairs, signed.pairs);
    // Facts of another text are not used for this one.
    let mut turned = of(&deduper);
    turned.reverse();
    assert_eq!(
        plain.pairs,
        deduper
            .against(&new, &Signed(&QUESTIONS, turned))
            .unwrap()
            .pairs
    );
    let other = Deduper::builder().slots(64).recall(0.8).build().unwrap();
    let error = deduper
        .against(&new, &Signed(&QUESTIONS, of(&other)))
        .unwrap_err();
    assert!(error.is_scheme_mismatch());
    for scheme in [deduper.settings().scheme, other.settings().scheme] {
        assert!(error.to_string().contains(&scheme.to_string()), "{error}");
    }
}

#[test]
fn equal_texts_that_a_value_keeps_apart_have_their_passages_when_they_were_signed_before() {
    let text = "Nobody was hurt, and the swans moved to the lower pond. The keeper came at dawn with a lantern and two boys.";
    let documents = ["a", "b"].map(|id| (id.to_owned(), text.to_owned()));
    let new = with_sources(documents.to_vec());
    let reference = [("x", "Another text.")];
    let deduper = Deduper::builder().apart("source").build().unwrap();
    let (_, signed) = deduper.against_and_sign(&new, &reference, &()).unwrap();
    let known = deduper.run_signed(&new, signed, &()).unwrap();
    assert_eq!(known.passages.len(), 1);
    assert_eq!(known.passages, deduper.run(&new).unwrap().passages);
}
