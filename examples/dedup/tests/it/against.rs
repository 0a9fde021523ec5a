//! New against old: which documents are removed because of a reference and why, saved references, and passages that are cut.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{code, errors, rows, run};

const FERRY: &str = "The ferry to Holm stops on the first of November, the port office said on Tuesday. Over the last two winters it carried \
    fewer than forty people a day, and the boat needs a new shaft. The islanders have asked the county to pay for a smaller one. \
    Sigrid Solheim, who keeps the only shop, means to fetch her goods over the causeway by tractor at low tide, as her grandmother did.";

const WEIR: &str = "The weir at Long Barton gave way on the night of the sixteenth, a little after two, and nobody was hurt by it.";

const MILL: &str = "It was built in 1821 to feed a silk mill that closed before its owner had paid the masons, and served the swans ever since.";

const CLOCK: &str = "The post office clock stood still for three days before anybody noticed, for all were used to being late in Brandvik.";

const QUESTION: &str = "A lighthouse keeper fills nine lamps every evening and each lamp burns half a litre of oil until dawn. How many litres \
    does she buy for the whole of April?";

const HOMEWORK: &str = "Homework of the week, for those who like lamps better than sums. The regatta was moved to the lower pond this year, \
    because the reeds above the bridge had not been cut since May, and nobody minded except the swans. Two brothers who mended clocks on \
    the same square for forty years did not speak, and nobody could remember why. Whoever sends in the best answer gets a jar of honey.";

const NOTICE: &str = "All rights reserved. No part of this page may be copied or stored without a written permission of the editors of the paper.";

fn document(id: &str, source: &str, text: &str) -> Value {
    json!({"id": id, "source": source, "text": text})
}

/// Reference documents of every kind that the new documents have text in common with.
fn archive() -> Vec<Value> {
    vec![
        document("1", "archive", FERRY),
        document("2", "archive", QUESTION),
        document("3", "archive", &format!("{WEIR}\n\n{MILL}\n\n{CLOCK}")),
    ]
}

/// A new document of each relation to a document of the archive, and one without any relation. Ids may be the same as in the archive.
fn news() -> Vec<Value> {
    let sames = FERRY.replace(". ", ".\n").replace(',', ";");
    let reprint = FERRY
        .replace("Tuesday", "Tuesdav")
        .replace("smaller", "smaIler")
        .replace("causeway", "causewav");
    let page =
        format!("{HOMEWORK}\n\n{QUESTION}\n\nAnswers on a postcard, please, as in every year.");
    vec![
        document("1", "wire", FERRY),
        document("b", "wire", &sames),
        document("c", "scans", &reprint),
        document("d", "forum", &page),
        document("e", "forum", MILL),
        document(
            "f",
            "forum",
            "A trawler brought up a brass bell from the bank, with the name of a ship that is in no register.",
        ),
    ]
}

fn write(folder: &Path, name: &str, rows: &[Value]) {
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    fs::write(folder.join(name), lines).unwrap();
}

fn news_and_archive() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "new.jsonl", &news());
    write(folder.path(), "old.jsonl", &archive());
    folder
}

/// Runs the program with a result in the folder `out`, and returns its messages.
fn result(folder: &Path, arguments: &[&str]) -> String {
    let output = run(
        folder,
        &[&["--force", "--output", "out"], arguments].concat(),
    );
    assert_eq!(code(&output), 0, "{}", errors(&output));
    errors(&output)
}

fn ids(folder: &Path, file: &str) -> Vec<String> {
    let rows = rows(folder.join("out").join(file));
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// All files of the result except the summary, which contains times.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder.join("out")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let read = files.map(|file| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(file).unwrap())
    });
    read.filter(|(name, _)| name != "summary.json").collect()
}

fn summary(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("out/summary.json")).unwrap()).unwrap()
}

#[test]
fn every_relation_to_a_reference_is_told_and_the_copies_go() {
    let folder = news_and_archive();
    let folder = folder.path();
    result(folder, &["new.jsonl", "--against", "old.jsonl"]);
    let told: Vec<[Value; 4]> = rows(folder.join("out/against.jsonl"))
        .iter()
        .map(|row| ["id", "against", "relation", "dropped"].map(|field| row[field].clone()))
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["1", "1", "exact", true],
            ["b", "1", "same-text", true],
            ["c", "1", "reprint", true],
            ["d", "2", "contains", false],
            ["e", "3", "within", false],
        ])
    );
    assert_eq!(ids(folder, "kept.jsonl"), ["d", "e", "f"]);
    let removed = rows(folder.join("out/removed.jsonl"));
    assert!(
        removed
            .iter()
            .all(|row| row["against"] == true && row["canonical"] == "1")
    );
    assert_eq!(ids(folder, "removed.jsonl"), ["1", "b", "c"]);
    // The reported text of a passage is the text at the reported place.
    for row in rows(folder.join("out/against.jsonl")).iter().skip(3) {
        let text = news()
            .into_iter()
            .find(|new| new["id"] == row["id"])
            .unwrap();
        let text: Vec<char> = text["text"].as_str().unwrap().chars().collect();
        for passage in row["passages"].as_array().unwrap() {
            let [start, end] = [0, 1].map(|end| passage["a"][end].as_u64().unwrap() as usize);
            assert_eq!(
                json!(text[start..end].iter().collect::<String>()),
                passage["text"]
            );
        }
    }
}

#[test]
fn drop_names_the_relations_for_which_documents_go() {
    let folder = news_and_archive();
    let folder = folder.path();
    // By hand, from the relations above.
    for (relations, kept) in [
        ("exact", "b d e f"),
        ("same-text", "1 d e f"),
        ("reprint", "1 d e f"),
        ("contains", "1 e f"),
        ("within", "1 d f"),
        ("exact,same-text,reprint,contains,within", "f"),
        ("exact,contains", "b e f"),
    ] {
        result(
            folder,
            &["new.jsonl", "--against", "old.jsonl", "--drop", relations],
        );
        let kept: Vec<&str> = kept.split(' ').collect();
        let mut found = ids(folder, "kept.jsonl");
        // Kept copies of each other form a cluster. Any of them may be the canonical one.
        let copies = ["1", "b", "c"];
        found
            .iter_mut()
            .filter(|id| copies.contains(&id.as_str()))
            .for_each(|id| *id = "copy".into());
        let kept: Vec<&str> = kept
            .into_iter()
            .map(|id| if copies.contains(&id) { "copy" } else { id })
            .collect();
        assert_eq!(found, kept, "{relations}");
    }
    let output = run(
        folder,
        &["new.jsonl", "--against", "old.jsonl", "--drop", "shares"],
    );
    assert_eq!(code(&output), 2, "{}", errors(&output));
    let output = run(folder, &["new.jsonl", "--drop", "exact"]);
    assert_eq!(
        code(&output),
        2,
        "nothing to be dropped for: {}",
        errors(&output)
    );
}

#[test]
fn the_summary_counts_by_source_and_relation() {
    let folder = news_and_archive();
    let folder = folder.path();
    result(folder, &["new.jsonl", "--against", "old.jsonl"]);
    let against = &summary(folder)["against"];
    assert_eq!(
        [
            &against["documents"],
            &against["found"],
            &against["reference_documents"],
            &against["dropped"]
        ],
        [6, 5, 3, 3]
    );
    let bytes = news()
        .iter()
        .map(|new| new["text"].as_str().unwrap().len())
        .sum::<usize>();
    assert_eq!(
        summary(folder)["bytes"],
        bytes,
        "of all, those that go as well"
    );
    // Both documents of the wire are copies; of the three documents of the forum, two are.
    let wire = &against["sources"]["wire"];
    assert_eq!([&wire["documents"], &wire["found"]], [2, 2]);
    assert_eq!(
        [
            &wire["relations"]["exact"],
            &wire["relations"]["same-text"],
            &wire["relations"]["contains"]
        ],
        [1, 1, 0]
    );
    let forum = &against["sources"]["forum"];
    assert_eq!([&forum["documents"], &forum["found"]], [3, 2]);
    assert_eq!(
        [
            &forum["relations"]["contains"],
            &forum["relations"]["within"]
        ],
        [1, 1]
    );
}

/// Compares the news with a reference and saves the reference.
fn save_reference(folder: &Path, of: &str, name: &str) {
    let reference = ["--against", of, "--save-reference", name];
    result(folder, &[&["new.jsonl"], &reference[..]].concat());
}

#[test]
fn a_saved_reference_gives_the_same_files_as_the_one_that_it_was_made_of() {
    let folder = news_and_archive();
    let folder = folder.path();
    result(folder, &["new.jsonl", "--against", "old.jsonl"]);
    let plain = files(folder);
    save_reference(folder, "old.jsonl", "saved");
    assert_eq!(files(folder), plain, "while it is saved");
    // The files of the reference are not needed from here on.
    fs::rename(folder.join("old.jsonl"), folder.join("moved")).unwrap();
    result(folder, &["new.jsonl", "--against", "saved"]);
    assert_eq!(files(folder), plain);
    // Two references: one is saved, the other is not.
    let (first, rest) = (&archive()[..1], &archive()[1..]);
    write(folder, "first.jsonl", first);
    write(folder, "rest.jsonl", rest);
    save_reference(folder, "first.jsonl", "one");
    result(
        folder,
        &["new.jsonl", "--against", "rest.jsonl", "--against", "one"],
    );
    assert_eq!(
        files(folder),
        plain,
        "the order of references changes nothing"
    );
}

#[test]
fn a_saved_reference_that_is_damaged_is_refused_with_its_folder() {
    let folder = news_and_archive();
    let folder = folder.path();
    save_reference(folder, "old.jsonl", "saved");
    let refused = || {
        let output = run(folder, &["new.jsonl", "--against", "saved"]);
        assert_eq!(code(&output), 1, "{}", errors(&output));
        assert!(errors(&output).contains("saved"), "{}", errors(&output));
        errors(&output)
    };
    let file = folder.join("saved/reference.facts");
    let whole = fs::read(&file).unwrap();
    for at in (0..whole.len())
        .step_by(97)
        .chain(whole.len() - 9..whole.len())
    {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x20;
        fs::write(&file, damaged).unwrap();
        refused();
    }
    for length in (0..whole.len()).step_by(501).chain([whole.len() - 1]) {
        fs::write(&file, &whole[..length]).unwrap();
        let message = refused();
        assert!(message.contains("damaged or not whole"), "{message}");
    }
}

#[test]
fn the_same_collection_on_both_sides_drops_all() {
    let folder = news_and_archive();
    let folder = folder.path();
    result(folder, &["new.jsonl", "--against", "new.jsonl"]);
    assert_eq!(ids(folder, "kept.jsonl").len(), 0);
    assert_eq!(ids(folder, "removed.jsonl").len(), news().len());
    result(
        folder,
        &["new.jsonl", "--against", "new.jsonl", "--annotate"],
    );
    assert_eq!(
        ids(folder, "kept.jsonl").len(),
        news().len(),
        "--annotate removes nothing"
    );
}

#[test]
fn files_threads_and_memory_change_nothing() {
    let folder = news_and_archive();
    let folder = folder.path();
    let options = [
        "--against",
        "old.jsonl",
        "--drop",
        "exact,contains",
        "--strip",
    ];
    result(folder, &[&["new.jsonl"], options.as_slice()].concat());
    let expected = files(folder);
    for more in [
        &["--threads", "1"],
        &["--threads", "3"],
        &["--memory", "200MB"],
    ] {
        result(folder, &[&["new.jsonl"], options.as_slice(), more].concat());
        assert_eq!(files(folder), expected, "{more:?}");
    }
    // The same documents in two files, the last ones first. Only rows that follow the order of the input change their order.
    let sorted = |files: BTreeMap<String, String>| {
        let sort = |(name, text): (String, String)| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if ["kept.jsonl", "removed.jsonl"].contains(&name.as_str()) {
                lines.sort();
            }
            (name, lines)
        };
        files.into_iter().map(sort).collect::<BTreeMap<_, _>>()
    };
    let news = news();
    write(folder, "z.jsonl", &news[..3]);
    write(folder, "y.jsonl", &news[3..]);
    let mut archive = archive();
    archive.reverse();
    write(folder, "old.jsonl", &archive);
    result(
        folder,
        &[&["y.jsonl", "z.jsonl"], options.as_slice()].concat(),
    );
    assert_eq!(sorted(files(folder)), sorted(expected));
}

/// The original texts, restored from `kept.jsonl` and `stripped.jsonl` alone as the manual describes: each cut is inserted at its place, in
/// the order of places.
fn undone(folder: &Path) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, Vec<char>> = BTreeMap::new();
    for row in rows(folder.join("out/kept.jsonl")) {
        texts.insert(
            row["id"].as_str().unwrap().into(),
            row["text"].as_str().unwrap().chars().collect(),
        );
    }
    for cut in rows(folder.join("out/stripped.jsonl")) {
        let text = texts.get_mut(cut["id"].as_str().unwrap()).unwrap();
        let [start, end] = [0, 1].map(|end| cut["span"][end].as_u64().unwrap() as usize);
        let taken: Vec<char> = cut["text"].as_str().unwrap().chars().collect();
        assert_eq!(taken.len(), end - start);
        text.splice(start..start, taken);
    }
    texts
        .into_iter()
        .map(|(id, text)| (id, text.into_iter().collect()))
        .collect()
}

/// Pages of a site: each has separate text around the text that all have.
fn pages() -> Vec<Value> {
    let own = [WEIR, MILL, CLOCK];
    let own = ["a", "b", "c"].into_iter().zip(own);
    own.map(|(id, own)| document(id, "site", &format!("{own}\n\n{NOTICE}\n\nPage {id}.")))
        .collect()
}

#[test]
fn a_passage_stays_in_the_smallest_id_and_is_cut_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut pages = pages();
    write(folder, "pages.jsonl", &pages);
    result(folder, &["pages.jsonl", "--strip"]);
    let cuts = rows(folder.join("out/stripped.jsonl"));
    let told: Vec<[&Value; 2]> = cuts.iter().map(|cut| [&cut["id"], &cut["first"]]).collect();
    assert_eq!(json!(told), json!([["b", "a"], ["c", "a"]]));
    let kept = rows(folder.join("out/kept.jsonl"));
    assert_eq!(kept[0], pages[0]);
    assert_eq!(kept[1]["text"], json!(format!("{MILL}\n\nPage b.")));
    for page in &pages {
        assert_eq!(undone(folder)[page["id"].as_str().unwrap()], page["text"]);
    }
    // Three pages have the passage. Removed documents do not count.
    for (from, cut) in [("3", 2), ("4", 0)] {
        result(folder, &["pages.jsonl", "--strip-from", from]);
        assert_eq!(ids(folder, "stripped.jsonl").len(), cut, "from {from}");
    }
    pages.push(document("d", "site", pages[2]["text"].as_str().unwrap()));
    write(folder, "pages.jsonl", &pages);
    result(folder, &["pages.jsonl", "--strip-from", "4"]);
    assert_eq!(ids(folder, "stripped.jsonl").len(), 0, "d is a copy of c");
    let output = run(folder, &["pages.jsonl", "--strip-from", "1"]);
    assert_eq!(code(&output), 2, "{}", errors(&output));
}

#[test]
fn what_strip_cuts_is_as_long_as_asked_for_and_csv_rows_keep_their_other_columns() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows_of = |note: &str| {
        format!("id,text,note\na,\"{WEIR} {NOTICE}\",first\nb,\"{MILL} {NOTICE}\",{note}\n")
    };
    fs::write(folder.join("pages.csv"), rows_of("second")).unwrap();
    result(folder, &["pages.csv", "--strip", "--passage", "60"]);
    assert_eq!(
        ids(folder, "stripped.jsonl").len(),
        0,
        "the notice has 22 words, of weight 2 each"
    );
    result(folder, &["pages.csv", "--strip"]);
    assert_eq!(ids(folder, "stripped.jsonl"), ["b"]);
    let kept = rows(folder.join("out/kept.jsonl"));
    assert_eq!(kept[1]["note"], "second");
    assert_eq!(kept[1]["text"], json!(format!("{MILL} ")));
    let output = run(
        folder,
        &["pages.csv", "--strip", "--kept-csv", "--output", "other"],
    );
    assert_eq!(code(&output), 2, "rows of CSV are written as they were");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_cut_undone_gives_the_rows_as_they_were(
        picks in prop::collection::vec(prop::collection::vec((0_usize..6, prop::sample::select(vec![" ", "\n", "\n\n", "\r\n", "\u{2028}", "<br>"])), 0..7), 2..6),
    ) {
        let parts = [WEIR, MILL, CLOCK, NOTICE, "e\u{301}\u{301} 👩‍👩‍👧 👍🏽.", "郵局的鐘停了三天，沒有人發覺，因為鎮上的人早就習慣了遲到。修錶的師傅說零件要從外地寄來，寄來的時候又少了一顆螺絲。"];
        let texts = picks.iter().map(|picks| picks.iter().flat_map(|&(part, end)| [parts[part], end]).collect::<String>());
        let rows: Vec<Value> = (0..).zip(texts).map(|(i, text): (usize, String)| document(&format!("{i:02}"), "s", &text)).collect();
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "in.jsonl", &rows);
        result(folder.path(), &["in.jsonl", "--strip"]);
        let undone = undone(folder.path());
        let kept = ids(folder.path(), "kept.jsonl");
        for row in rows.iter().filter(|row| kept.iter().any(|id| row["id"] == *id)) {
            prop_assert_eq!(&undone[row["id"].as_str().unwrap()], row["text"].as_str().unwrap());
        }
    }
}
