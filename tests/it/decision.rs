//! What makes two documents copies, and what speaks against it: the cases of each ground, in texts of our own.

use reprint::Deduper;
use reprint::verify::{Ground, Objection, Relation};

use crate::support::{Numbers, corpus};

/// Words of a language that nobody speaks, `n` of them.
fn words(numbers: &mut Numbers, n: usize) -> Vec<String> {
    let mut word = || -> String {
        let letters = 3 + numbers.below(7);
        (0..letters)
            .map(|_| char::from(b'a' + numbers.below(26) as u8))
            .collect()
    };
    (0..n).map(|_| word()).collect()
}

/// The decision on two texts among strangers.
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

/// Every `nth` letter is another one.
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
    // The same report with one letter misread and a hard wrap is one.
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
    // Each version rewrites a sixth of the one before; the first and the last share a third.
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
    // By hand: 80 words of a form, and 14 of one's own in the middle: 76 of 108 windows agree.
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
    // Twenty that print one note, each with a masthead of its own, are copies.
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
    // The phrase is 4 of 100 words; from 17 editions on, what they share is common.
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
