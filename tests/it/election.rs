//! Which copy of a cluster stays? The least damaged one, whatever its id and the order of the input.

use reprint::damage::Figure;
use reprint::report::Report;
use reprint::{Deduper, Document, Metadata};

const TEXT: &str = "The chapel on the hill lost its bell in the war. Nobody knew where it had been taken until a farmer found it \
    in a barn forty miles away, full of seed corn. \"It kept the mice out,\" he told the vicar, who paid him for the corn and \
    took the bell home on a hay cart. It has a crack now and sounds like a pan. The children of the village say that they would \
    not change it for a new one, and the ringers have learned to be gentle with it.";

const OTHER: &str = "Der Fluss war im Januar zugefroren, und die Schule am anderen Ufer hatte drei Wochen lang keine Schüler.";

fn run(texts: &[(&str, &str)]) -> Report {
    Deduper::default().run(texts).unwrap()
}

/// The clean copy is kept, whichever id is smaller and whichever copy comes first.
fn assert_clean_stays(clean: &str, damaged: &str) {
    for (first, second) in [("a", "b"), ("b", "a")] {
        for texts in [
            [(first, clean), (second, damaged), ("z", OTHER)],
            [("z", OTHER), (second, damaged), (first, clean)],
        ] {
            let report = run(&texts);
            let canonical = &report.clusters[0].canonical.id;
            assert_eq!(canonical, first, "{}", report.clusters[0].reason);
        }
    }
}

#[test]
fn the_clean_copy_stays_before_one_that_was_added_to() {
    assert_clean_stays(TEXT, &format!("{TEXT}\n\n{TEXT}"));
    assert_clean_stays(TEXT, &TEXT.replace(". ", ".</p>\n<p>"));
    let mut number = 0;
    let numbered: Vec<String> = TEXT
        .split(". ")
        .map(|sentence| {
            number += 1;
            format!("{number} {sentence}")
        })
        .collect();
    assert_clean_stays(TEXT, &numbered.join(". "));
    let page = format!(
        "Home | News | Sport\n{TEXT}\nRead more\nCopyright 2021 The Hill Post. All rights reserved."
    );
    assert_clean_stays(TEXT, &page);
}

#[test]
fn the_clean_copy_stays_before_one_that_lost_something() {
    assert_clean_stays(TEXT, &TEXT.replace('"', ""));
    assert_clean_stays(
        TEXT,
        &TEXT.replace(" It has a crack now and sounds like a pan.", ""),
    );
    assert_clean_stays(TEXT, &TEXT.replacen("the ", "tlie ", 2));
    assert_clean_stays(TEXT, &TEXT.replace("bell", "b\u{FFFD}ll"));
}

#[test]
fn the_print_edition_stays_in_every_order_and_the_earliest_copy_where_that_is_asked_for() {
    let web = TEXT.replace('"', "").replace(" It has a crack now", "");
    let dated = |id: &str, text: &str, date: &str| {
        let date = Some(date.to_owned());
        Document::new(id, text).with_metadata(Metadata {
            date,
            ..Metadata::default()
        })
    };
    let documents = [
        dated("000", TEXT, "2020-03-05"),
        dated("001", &web, "1 Mar 2020"),
        dated("002", OTHER, "2019-12-31"),
    ];
    let earliest = Deduper::builder()
        .keep("earliest".parse().unwrap())
        .build()
        .unwrap();
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let documents = order.map(|at| documents[at].clone());
        let stays = |deduper: &Deduper| {
            let report = deduper.run(&documents).unwrap();
            assert_eq!(report.clusters.len(), 1);
            report.clusters[0].canonical.id.clone()
        };
        assert_eq!(stays(&Deduper::default()), "000");
        assert_eq!(stays(&earliest), "001");
    }
}

#[test]
fn a_document_elsewhere_changes_no_election() {
    let misread = TEXT.replace("the bell", "tbe bell").replace("they", "tbey");
    let mut documents = vec![
        Document::new("a", misread.as_str()),
        Document::new("b", TEXT),
    ];
    let alone = Deduper::default().run(&documents).unwrap();
    // Many documents use tbe as a word.
    for i in 0..8 {
        let text = format!("tbe {i} tbey tbe row {i} of tbe list that tbey made for tbe {i} tbe");
        documents.push(Document::new(format!("c{i}"), text));
    }
    let among = Deduper::default().run(&documents).unwrap();
    let canonical = |report: &Report| {
        let of_text = report.clusters.iter();
        let mut of_text = of_text.filter(|cluster| cluster.documents().any(|d| d.id == "b"));
        let cluster = of_text.next().unwrap();
        (cluster.canonical.id.clone(), cluster.damage)
    };
    assert_eq!(canonical(&alone), canonical(&among));
    assert_eq!(canonical(&alone).0, "b");
}

#[test]
fn of_three_copies_two_tell_what_the_text_is() {
    let forged = TEXT.replace(
        "a hay cart.",
        "a hay cart, which he had bought at the fair of Easter Monday for the purpose.",
    );
    let report = run(&[
        ("a", &forged),
        ("b", TEXT),
        ("c", &TEXT.replace("gentle", "Gentle")),
    ]);
    assert_eq!(report.clusters[0].canonical.id, "b");
    let alone = report.clusters[0].members[0].damage.get(Figure::Alone);
    assert!(alone > 30, "{alone}");
}

#[test]
fn reasons_say_in_words_what_the_next_copy_lacks_or_has() {
    let reason = |damaged: &str| {
        run(&[("a", damaged), ("b", TEXT)]).clusters[0]
            .reason
            .clone()
    };
    assert_eq!(
        reason(&TEXT.replace('"', "")),
        "most complete text: a lacks 2 quotation marks"
    );
    assert_eq!(
        reason(&TEXT.replace(" It has a crack now and sounds like a pan.", "")),
        "most complete text: a lacks 31 letters"
    );
    assert_eq!(
        reason(&TEXT.replace("the bell", "<b>the bell</b>")),
        "least damaged text: a has 2 pieces of markup"
    );
    assert_eq!(reason(&TEXT.replace(' ', "  ")), "tied with b; kept by id");
}

#[test]
fn members_have_their_damage_in_the_rows() {
    let report = run(&[("a", TEXT), ("b", &TEXT.replace('"', ""))]);
    let cluster = &report.clusters[0];
    assert_eq!(cluster.damage.weight(), 0);
    assert_eq!(cluster.members[0].damage.get(Figure::Quotes), 2);
    let row = serde_json::to_value(reprint::report::records::cluster(cluster)).unwrap();
    assert_eq!(row["members"][0]["damage"], serde_json::json!({}));
    assert_eq!(
        row["members"][1]["damage"],
        serde_json::json!({"quotation_marks_lost": 2})
    );
}

#[test]
fn dates_between_points_are_read_as_the_other_dates_of_their_field() {
    let dated = |id: &str, text: &str, date: &str| {
        let metadata = Metadata {
            date: Some(date.into()),
            ..Metadata::default()
        };
        Document::new(id, text.to_owned()).with_metadata(metadata)
    };
    let earliest = Deduper::builder().keep("earliest".parse().unwrap());
    let earliest = earliest.build().unwrap();
    // If the day comes first, 3 April is before 2 May. If the month comes first, 4 March is before 5 February.
    for (elsewhere, stays) in [("28.12.2023", "a"), ("12.28.2023", "b")] {
        let documents = [
            dated("a", TEXT, "03.04.2024"),
            dated("b", &TEXT.replace('"', ""), "02.05.2024"),
            dated("c", OTHER, elsewhere),
        ];
        let report = earliest.run(&documents).unwrap();
        assert_eq!(report.clusters[0].canonical.id, stays, "{elsewhere}");
    }
}
