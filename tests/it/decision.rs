//! Which two documents are copies, and which facts are objections? The cases of each ground, in made-up texts.

use reprint::Deduper;
use reprint::verify::{Ground, Objection, Relation};

use std::collections::BTreeSet;

use crate::support::{Numbers, cluster_ids, corpus};

/// `n` words of a language that nobody speaks.
fn words(numbers: &mut Numbers, n: usize) -> Vec<String> {
    let mut word = || -> String {
        let letters = 3 + numbers.below(7);
        (0..letters)
            .map(|_| char::from(b'a' + numbers.below(26) as u8))
            .collect()
    };
    (0..n).map(|_| word()).collect()
}

/// The decision about two texts in a corpus of unrelated texts.
fn decided(left: &str, right: &str) -> (Relation, Option<Ground>, Option<Objection>) {
    let mut documents = corpus(23, 40);
    documents.push(("left".into(), left.into()));
    documents.push(("right".into(), right.into()));
    let (a, b) = (documents.len() - 2, documents.len() - 1);
    let deduper = Deduper::default();
    let evidence = deduper.evidence(&documents, a, b).unwrap().comparison;
    let report = deduper.run(&documents).unwrap();
    let together = report.clusters.iter().any(|cluster| {
        let has = |id: &str| cluster.documents().any(|document| document.id == id);
        has("left") && has("right")
    });
    assert_eq!(
        together,
        evidence.relation.is_copy(),
        "the run and the evidence disagree"
    );
    (
        evidence.relation,
        evidence.figures.ground,
        evidence.figures.objection,
    )
}

/// Replaces every `nth` letter.
fn misread(text: &str, nth: usize) -> String {
    let letters = text.chars().enumerate();
    letters
        .map(|(i, c)| {
            if i % nth == nth / 2 && c != ' ' {
                'e'
            } else {
                c
            }
        })
        .collect()
}

#[test]
fn a_scan_with_every_fifth_letter_wrong_is_a_reprint_letter_by_letter() {
    let text = words(&mut Numbers(1), 300).join(" ");
    let found = decided(&text, &misread(&text, 5));
    assert_eq!(found, (Relation::Reprint, Some(Ground::Letters), None));
}

#[test]
fn versions_that_share_half_of_their_grams_are_reprints() {
    let mut numbers = Numbers(2);
    let kept = words(&mut numbers, 360);
    let version = |numbers: &mut Numbers| {
        let paragraphs = kept
            .chunks(30)
            .map(|paragraph| [paragraph, &words(numbers, 9)].concat().join(" "));
        paragraphs.collect::<Vec<_>>().join(" ")
    };
    let (old, new) = (version(&mut numbers), version(&mut numbers));
    let found = decided(&old, &new);
    assert_eq!(found, (Relation::Reprint, Some(Ground::Grams), None));
}

#[test]
fn two_reports_of_one_form_with_other_numbers_are_no_reprints() {
    let report = |tonnes: u32, week: u32, price: &str| {
        format!(
            "The port handled {tonnes} tonnes of grain in week {week} according to the harbour office. There were no \
             shipments of barley and the price at the quay was {price} a sack as before the office said in its report. \
             Ships waited for a berth no longer than they did a year ago, and the dredger works at the outer mole until \
             the autumn gales begin"
        )
    };
    let found = decided(&report(4812, 31, "12.40"), &report(3977, 36, "11.95"));
    assert_eq!(
        (found.0.is_copy(), found.2),
        (false, Some(Objection::Numbers))
    );
    // The same report with one misread letter and a hard wrap is a copy.
    let again = report(4812, 31, "12.40")
        .replace("harbour", "harbonr")
        .replace(" quay", "\nquay");
    assert!(decided(&report(4812, 31, "12.40"), &again).0.is_copy());
}

#[test]
fn two_pages_of_one_form_about_other_things_are_no_reprints() {
    let page = |tool: &str| {
        format!(
            "{tool} unpacks and packs files from the command line. See the manual of {tool} at the project's site. To list \
             what a file holds run {tool} with the letter l and the name of the file. To take everything out of it run \
             {tool} with the letter x and the name. To add what stands in a folder run {tool} with the letter a"
        )
    };
    let found = decided(&page("gunzel"), &page("tarmok"));
    assert_eq!(
        (found.0.is_copy(), found.2),
        (false, Some(Objection::Subject))
    );
}

#[test]
fn short_lines_are_compared_letter_by_letter() {
    let found = decided(
        "committee appear on the list of speakers",
        "comrnittee appear on tho list of speakers",
    );
    assert_eq!(found, (Relation::Reprint, Some(Ground::Letters), None));
    assert!(
        !decided(
            "committee appear on the list of speakers",
            "committees vote on the seat of honour"
        )
        .0
        .is_copy()
    );
}

#[test]
fn clusters_follow_a_text_through_its_versions_unless_told_not_to() {
    // Each version rewrites a sixth of the previous one. The first and the last version share a third.
    let mut numbers = Numbers(4);
    let mut text: Vec<Vec<String>> = (0..30).map(|_| words(&mut numbers, 20)).collect();
    let mut documents = corpus(29, 40);
    for version in 0..5 {
        documents.push((format!("version {version}"), text.concat().join(" ")));
        for part in 0..5 {
            text[version * 5 + part] = words(&mut numbers, 20);
        }
    }
    let largest = |drift: bool| {
        let report = Deduper::builder()
            .drift(drift)
            .build()
            .unwrap()
            .run(&documents)
            .unwrap();
        let versions = report.clusters.iter().map(|cluster| {
            cluster
                .documents()
                .filter(|document| document.id.starts_with("version"))
                .count()
        });
        versions.max().unwrap_or(0)
    };
    assert!(
        largest(true) > largest(false),
        "{} {}",
        largest(true),
        largest(false)
    );
}

#[test]
fn what_many_share_makes_no_copies_of_those_that_say_something_else() {
    // By hand: a form of 80 words with 14 different words in the middle. 76 of 108 windows agree.
    let mut numbers = Numbers(29);
    let form = words(&mut numbers, 80);
    let (head, foot) = (form[..40].join(" "), form[40..].join(" "));
    let mut documents: Vec<(String, String)> = (0..20)
        .map(|i| {
            let own = words(&mut numbers, 14).join(" ");
            (format!("item {i:02}"), format!("{head} {own} {foot}"))
        })
        .collect();
    let report = Deduper::default().run(&documents).unwrap();
    assert!(report.clusters.is_empty(), "{:?}", report.clusters);
    // Twenty prints of one note, each with a different masthead, are copies.
    let note = words(&mut numbers, 90).join(" ");
    documents.extend((0..20).map(|i| {
        let masthead = words(&mut numbers, 14).join(" ");
        (format!("note {i:02}"), format!("{masthead} {note}"))
    }));
    let report = Deduper::default().run(&documents).unwrap();
    let sizes = report
        .clusters
        .iter()
        .map(|cluster| cluster.documents().count());
    assert_eq!(sizes.collect::<Vec<_>>(), [20]);
}

#[test]
fn a_notice_with_a_phrase_changed_in_each_of_its_editions_stays_together() {
    // The phrase is 4 of 100 words. From 17 editions on, the text that they share is common.
    for editions in [10, 16, 17, 18, 25, 40] {
        let mut numbers = Numbers(editions as u64);
        let notice = words(&mut numbers, 100);
        let edition = |i: usize| {
            let mut edition = notice.clone();
            let at = 4 + numbers.below(88);
            edition.splice(at..at + 4, words(&mut numbers, 4));
            (format!("edition {i:02}"), edition.join(" "))
        };
        let documents: Vec<(String, String)> = (0..editions).map(edition).collect();
        let report = Deduper::default().run(&documents).unwrap();
        let sizes = report
            .clusters
            .iter()
            .map(|cluster| cluster.documents().count());
        assert_eq!(sizes.collect::<Vec<_>>(), [editions]);
    }
}

/// An article of a hundred words about a town.
fn about(town: &str) -> String {
    format!(
        "The ferry to {town} was late again on Friday. The mayor of {town} waited with a brass band that had learned one march, and \
         the people of {town} had learned it too by the time the ferry came. It carried two nuns, a piano and the new doctor, who was \
         asked to play. She said that she would rather look at the knee of the drummer. In {town} they still tell how she mended it \
         on the quay with a spoon and the string of a kite."
    )
}

#[test]
fn a_town_in_another_transcription_is_the_same_and_another_town_is_not() {
    let copy = (Relation::Reprint, None);
    for (left, right) in [("Kharkov", "Kharkiv"), ("Bombay", "Mumbai")] {
        let (relation, _, objection) = decided(&about(left), &about(right));
        assert_eq!((relation, objection), copy, "{left}, {right}");
    }
    for (left, right) in [("Bombay", "Madras"), ("Guinea", "Guyana"), ("Tver", "Perm")] {
        let (relation, _, objection) = decided(&about(left), &about(right));
        assert_eq!(
            (relation, objection),
            (Relation::Shares, Some(Objection::Subject)),
            "{left}, {right}"
        );
    }
}

#[test]
fn two_certificates_of_people_with_similar_names_are_two() {
    let certificate = |number: &str, name: &str, day: &str| {
        format!(
            "Certificate {number}. The school of navigation confirms that {name} has passed the examination in knots, tides and \
             lamps. {name} may steer a vessel of up to twelve metres on inland waters. Signed on {day} May 2019 in the presence of \
             {name}."
        )
    };
    for (left, right, numbers) in [
        ("Anderson", "Andersen", ["4711", "4711"]),
        ("Anderson", "Andersen", ["4711", "4712"]),
        ("Meyer", "Meier", ["4711", "4712"]),
    ] {
        let right_text = certificate(numbers[1], right, "3");
        let (relation, ..) = decided(&certificate(numbers[0], left, "3"), &right_text);
        assert!(!relation.is_copy(), "{left}, {right}");
    }
}

#[test]
fn a_short_text_with_spaces_lost_is_the_same_also_within_a_head_and_a_foot() {
    let text = about("Holm");
    let mut numbers = Numbers(9);
    let lost: String = text
        .chars()
        .filter(|&c| c != ' ' || numbers.below(3) > 0)
        .collect();
    assert!(decided(&text, &lost).0.is_copy());
    let page = format!("Start | News | Sport\n\n{lost}\n\nContact | Imprint");
    assert!(decided(&text, &page).0.is_copy());
}

#[test]
fn accents_lost_throughout_are_a_spelling_also_within_a_head_and_a_foot() {
    let text = "Die Fähre nach Überlingen hatte am Sonntag Verspätung. Der Bürgermeister wartete mit Bläsern, die nur ein Stück \
                geübt hatten, und die Zuhörer konnten es schließlich auch. An Bord waren zwei Nonnen, ein Flügel und die neue \
                Ärztin, die für die Gäste spielen sollte. Sie würde lieber das Knie des größeren Trommlers prüfen, erklärte sie.";
    let umlauts = [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("Ä", "Ae"),
        ("Ü", "Ue"),
    ];
    let plain = umlauts
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let page = format!("Start | Nachrichten | Sport\n\n{plain}\n\nKontakt | Impressum");
    assert!(decided(text, &page).0.is_copy());
}

#[test]
fn short_items_of_a_series_stay_apart_and_one_item_in_two_spellings_does_not() {
    for (left, right) in [
        (
            "The Eel Fisher's Diaries Vol. I",
            "The Eel Fisher's Diaries Vol. II",
        ),
        ("Plan B for the fish market", "Plan C for the fish market"),
        (
            "红帆队决赛点球战胜蓝锚队捧杯",
            "蓝锚队决赛点球战胜红帆队捧杯",
        ),
    ] {
        assert!(!decided(left, right).0.is_copy(), "{left}, {right}");
    }
    for (left, right) in [
        (
            "The colour of eels in winter",
            "The color of eels in winter",
        ),
        (
            "Holm Eels Ltd opens its shop",
            "Holm Eels Limited opens its shop",
        ),
    ] {
        assert!(decided(left, right).0.is_copy(), "{left}, {right}");
    }
}

/// `n` characters of a script without spaces.
fn characters(numbers: &mut Numbers, n: usize) -> Vec<String> {
    let mut character = || char::from_u32(0x4E00 + numbers.below(2000) as u32 * 10).unwrap_or('一');
    (0..n).map(|_| character().to_string()).collect()
}

/// Items of one form. In each of them, every `nth` unit is different.
fn items(
    numbers: &mut Numbers,
    units: fn(&mut Numbers, usize) -> Vec<String>,
    joined_by: &str,
    (length, nth, items): (usize, usize, usize),
) -> Vec<String> {
    let form = units(numbers, length);
    let item = |_| {
        let own = units(numbers, length);
        let filled = form.iter().zip(&own).enumerate();
        let filled = filled.map(|(at, (form, own))| if at % nth == nth - 1 { own } else { form });
        filled.cloned().collect::<Vec<_>>().join(joined_by)
    };
    (0..items).map(item).collect()
}

#[test]
fn items_of_a_form_with_names_of_a_few_characters_are_no_copies() {
    let mut numbers = Numbers(31);
    let names =
        |numbers: &mut Numbers, n: usize| (0..n).map(|_| characters(numbers, 2).concat()).collect();
    let documents: Vec<(String, String)> = items(&mut numbers, names, "", (110, 20, 10))
        .into_iter()
        .enumerate()
        .map(|(i, text)| (format!("item {i}"), text))
        .collect();
    let report = Deduper::default().run(&documents).unwrap();
    assert!(report.clusters.is_empty(), "{:?}", report.clusters);
}

#[test]
fn an_item_of_a_form_is_compared_with_few_other_items() {
    let items = items(&mut Numbers(36), words, " ", (150, 6, 200));
    let documents: Vec<(String, String)> = (0..)
        .zip(items)
        .map(|(i, text): (usize, _)| (format!("item {i}"), text))
        .collect();
    let report = Deduper::default().run(&documents).unwrap();
    assert!(report.clusters.is_empty(), "{:?}", report.clusters);
    let counts = report.counts;
    assert!(counts.candidate_pairs > 2000, "{counts:?}");
    assert!(counts.verified_pairs <= 5 * documents.len(), "{counts:?}");
}

#[test]
fn a_page_that_begins_with_the_words_that_another_page_ends_with_is_another_page() {
    let mut numbers = Numbers(37);
    let (head, foot) = (words(&mut numbers, 96), words(&mut numbers, 72));
    let body = words(&mut numbers, 100);
    // The two bodies are parts of `body` that overlap in three words.
    let page = |body: &[String]| [&head, body, &foot].map(|part| part.join(" ")).join("\n\n");
    let mut documents = vec![
        ("first".to_owned(), page(&body[..45])),
        ("second".to_owned(), page(&body[42..87])),
    ];
    for i in 0..6 {
        let other = words(&mut numbers, 45);
        documents.push((format!("other {i}"), page(&other)));
    }
    let report = Deduper::default().run(&documents).unwrap();
    assert!(report.clusters.is_empty(), "{:?}", report.clusters);
}

#[test]
fn noisy_copies_of_one_text_in_a_script_without_spaces_are_together() {
    let mut numbers = Numbers(38);
    let text = characters(&mut numbers, 400);
    // About one character in twelve is misread, at different places in each copy.
    let copies = (0..24).map(|copy| {
        let read = text.iter().map(|character| match numbers.below(12) {
            0 => characters(&mut numbers, 1).concat(),
            _ => character.clone(),
        });
        (format!("copy {copy}"), read.collect::<String>())
    });
    let documents: Vec<(String, String)> = copies.collect();
    let report = Deduper::default().run(&documents).unwrap();
    let together: usize = cluster_ids(&report)
        .iter()
        .map(|cluster| cluster.len() * (cluster.len() - 1) / 2)
        .sum();
    assert!(together * 100 >= 95 * 276, "{together} of 276 pairs");
}

#[test]
fn noisy_copies_of_the_items_of_a_form_are_together_by_item() {
    let mut numbers = Numbers(32);
    let items = items(&mut numbers, words, " ", (120, 5, 6));
    let mut documents: Vec<(String, String)> = Vec::new();
    for (i, item) in items.iter().enumerate() {
        for copy in 0..5 {
            let noisy = item.chars().map(|letter| match numbers.below(50) {
                0 if letter != ' ' => char::from(b'a' + numbers.below(26) as u8),
                _ => letter,
            });
            documents.push((format!("{i} {copy}"), noisy.collect()));
        }
    }
    let report = Deduper::default().run(&documents).unwrap();
    let clusters = cluster_ids(&report);
    let item = |id: &String| id.split(' ').next().map(str::to_owned);
    for cluster in &clusters {
        let items: BTreeSet<_> = cluster.iter().map(item).collect();
        assert_eq!(items.len(), 1, "{cluster:?}");
    }
    let pairs = clusters
        .iter()
        .map(|cluster| cluster.len() * (cluster.len() - 1) / 2);
    assert!(pairs.sum::<usize>() >= 48, "of 60 pairs: {clusters:?}");
}

#[test]
fn a_mixture_of_two_works_joins_neither_to_the_other() {
    let mut numbers = Numbers(33);
    let paragraphs = |numbers: &mut Numbers| -> Vec<String> {
        (0..12).map(|_| words(numbers, 25).join(" ")).collect()
    };
    let works = [paragraphs(&mut numbers), paragraphs(&mut numbers)];
    let mut documents = vec![
        ("first".to_owned(), works[0].join("\n\n")),
        ("second".to_owned(), works[1].join("\n\n")),
    ];
    for (i, from_first) in [9, 6, 3].into_iter().enumerate() {
        let mixture = [&works[0][..from_first], &works[1][from_first..]].concat();
        documents.push((format!("mixture {i}"), mixture.join("\n\n")));
    }
    let report = Deduper::default().run(&documents).unwrap();
    for cluster in cluster_ids(&report) {
        let both = cluster.contains("first") && cluster.contains("second");
        assert!(!both, "{cluster:?}");
    }
}

/// A page of a handbook. The name occurs throughout the text that all pages have, and before the text that only this page has.
fn page(name: &str, common: &[String], own: &[String]) -> String {
    let mut text = vec![name.to_owned()];
    for part in common.chunks(25) {
        text.extend(part.iter().cloned());
        text.push(name.to_owned());
    }
    [text, own.to_vec()].concat().join(" ")
}

#[test]
fn pages_on_two_subjects_of_one_handbook_stay_apart_and_two_prints_of_one_page_do_not() {
    let mut numbers = Numbers(34);
    let common = words(&mut numbers, 200);
    let explanations = words(&mut numbers, 60);
    let mut documents: Vec<(String, String)> = words(&mut numbers, 8)
        .iter()
        .map(|name| {
            let own = words(&mut numbers, 60);
            (format!("page {name}"), page(name, &common, &own))
        })
        .collect();
    for name in ["eelchart", "tidebook"] {
        documents.push((name.to_owned(), page(name, &common, &explanations)));
    }
    let report = Deduper::default().run(&documents).unwrap();
    assert!(report.clusters.is_empty(), "{:?}", cluster_ids(&report));
    let reprint = page("tidebook", &common, &explanations[..55]);
    documents.push(("tidebook again".to_owned(), reprint));
    let clusters = cluster_ids(&Deduper::default().run(&documents).unwrap());
    let tidebooks = BTreeSet::from(["tidebook".to_owned(), "tidebook again".to_owned()]);
    assert_eq!(clusters, BTreeSet::from([tidebooks]));
}

/// The description of a package, in the same words for all packages. The name occurs `times` times in it.
fn package(name: &str, times: usize, form: &[String]) -> String {
    let part = |part: &[String]| {
        let (before, behind) = part.split_at(part.len() / 2);
        format!("{} {name} {}", before.join(" "), behind.join(" "))
    };
    let parts: Vec<String> = form.chunks(form.len() / times).map(part).collect();
    parts.join(" ")
}

/// The clusters of these two packages and of twelve others.
fn clusters_of_packages(names: [&str; 2], times: usize, seed: u64) -> BTreeSet<BTreeSet<String>> {
    let mut numbers = Numbers(seed);
    let form = words(&mut numbers, 90);
    let others = words(&mut numbers, 24).into_iter();
    let others = others.filter(|name| name.len() > 4).take(12);
    let names = names.into_iter().map(str::to_owned).chain(others);
    let documents: Vec<(String, String)> = names
        .map(|name| (name.clone(), package(&name, times, &form)))
        .collect();
    cluster_ids(&Deduper::default().run(&documents).unwrap())
}

#[test]
fn names_that_are_alike_in_a_slot_of_a_form_are_two() {
    // Names that are alike agree in two thirds of their letters, as misread words do.
    for (names, times) in [
        (["coremotion", "coremidi"], 1),
        (["contacts", "contactsui"], 1),
        (["authentication", "vision"], 1),
        (["pts", "pds"], 3),
        (["appstream", "timestream"], 9),
        (["serverless", "server"], 9),
    ] {
        for seed in 50..54 {
            let clusters = clusters_of_packages(names, times, seed);
            assert!(clusters.is_empty(), "{clusters:?}");
        }
    }
}

#[test]
fn one_wrong_letter_in_a_slot_of_a_form_is_misread() {
    for seed in 50..54 {
        let names = ["harbourmaster", "harbourmasfer"];
        let copies = BTreeSet::from(names.map(str::to_owned));
        let clusters = clusters_of_packages(names, 1, seed);
        assert_eq!(clusters, BTreeSet::from([copies]));
    }
}
