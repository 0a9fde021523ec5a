//! An index gives the same result as a batch run over its documents, whatever was added and removed before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use reprint::index::{Answer, Outcome, verify};
use reprint::verify::Relation;
use reprint::{Deduper, Document, Index, Metadata};

use crate::support::{Numbers, corpus};
use crate::unreadable::{Failing, is_told};

/// A folder that is removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "reprint-index-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn create(&self) -> Index {
        Index::create(&self.0, Deduper::default(), "").unwrap()
    }

    fn open(&self) -> Index {
        Index::open(&self.0, Deduper::default()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Documents with copies, equal texts, and dates.
fn documents(seed: u64, n: usize) -> Vec<Document> {
    let mut numbers = Numbers(seed);
    let texts = corpus(seed, n);
    let documents = texts.iter().enumerate().map(|(i, (id, text))| {
        let text = match numbers.below(6) {
            0 if i > 0 => texts[numbers.below(i)].1.clone(),
            1 if i > 0 => format!("{}!", texts[numbers.below(i)].1.to_uppercase()),
            _ => text.clone(),
        };
        let date = Some(format!("2024-01-{:02}", 1 + numbers.below(28)));
        Document::new(id.clone(), text).with_metadata(Metadata {
            date,
            ..Metadata::default()
        })
    });
    documents.collect()
}

/// One step in the life of an index.
#[derive(Clone, Debug)]
enum Step {
    /// Adds a number of documents, starting at a position. Some may be in the index already.
    Add(usize, usize),
    /// Gives a number of documents, starting at a position, another ending. Some may not be in the index.
    Replace(usize, usize, u8),
    /// Merges an index that has a number of documents, starting at a position. Every third of them was removed.
    Merge(usize, usize),
    /// Removes every nth document of the index.
    Remove(usize),
    Settle,
    Reopen,
    Compact,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_usize..60, 1_usize..20).prop_map(|(from, n)| Step::Add(from, n)),
        2 => (0_usize..60, 1_usize..12, 0_u8..3).prop_map(|(from, n, ending)| Step::Replace(from, n, ending)),
        1 => (0_usize..60, 1_usize..20).prop_map(|(from, n)| Step::Merge(from, n)),
        2 => (2_usize..6).prop_map(Step::Remove),
        2 => Just(Step::Settle),
        1 => Just(Step::Reopen),
        1 => Just(Step::Compact),
    ]
}

/// A document with another ending: the same text, a nearly equal text, or only another date.
fn ended(document: &Document, ending: u8) -> Document {
    let mut document = document.clone();
    match ending {
        0 => {}
        1 => document.text.push_str(" More tomorrow."),
        _ => document.metadata.date = Some("2023-05-01".to_owned()),
    }
    document
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_batches_replacements_mergers_and_removals_then_settle_is_one_run_over_what_is_there(
        seed in 0_u64..1000,
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let all = documents(seed, 60);
        let folder = Folder::new();
        let mut index = folder.create();
        // The documents of the index, in the order in which they were added.
        let mut there: Vec<Document> = Vec::new();
        for step in steps.into_iter().chain([Step::Settle]) {
            match step {
                Step::Add(from, n) => {
                    let some = &all[from..all.len().min(from + n)];
                    let answers = index.add(some).unwrap();
                    for (document, answer) in some.iter().zip(answers) {
                        let expected = match there.iter().find(|other| other.id == document.id) {
                            Some(other) if other.text == document.text => Outcome::Known,
                            Some(_) => Outcome::Conflict,
                            None => Outcome::New,
                        };
                        prop_assert_eq!(answer.outcome, expected);
                        if expected == Outcome::New {
                            there.push(document.clone());
                        }
                    }
                }
                Step::Replace(from, n, ending) => {
                    let some = &all[from..all.len().min(from + n)];
                    let ended = some.iter().map(|document| ended(document, ending));
                    let some: Vec<Document> = ended.collect();
                    let answers = index.replace(some.as_slice()).unwrap();
                    for (document, answer) in some.iter().zip(answers) {
                        let expected = match there.iter().find(|other| other.id == document.id) {
                            Some(other) if other == document => Outcome::Known,
                            Some(_) => Outcome::Replaced,
                            None => Outcome::New,
                        };
                        prop_assert_eq!(answer.outcome, expected);
                        prop_assert!(answer.relations.iter().all(|other| other.id != document.id));
                        if expected != Outcome::Known {
                            there.retain(|other| other.id != document.id);
                            there.push(document.clone());
                        }
                    }
                }
                Step::Merge(from, n) => {
                    let some = &all[from..all.len().min(from + n)];
                    let folder = Folder::new();
                    let mut other = folder.create();
                    some.chunks(6).for_each(|some| { other.add(some).unwrap(); });
                    let gone: Vec<&str> = some.iter().step_by(3).map(|document| document.id.as_str()).collect();
                    other.remove(&gone).unwrap();
                    let merged = index.merge(&other).unwrap();
                    let some = some.iter().filter(|document| !gone.contains(&document.id.as_str()));
                    let is_known = |document: &Document| there.iter().any(|other| other.id == document.id);
                    let (known, new): (Vec<&Document>, Vec<&Document>) = some.partition(|&document| is_known(document));
                    prop_assert_eq!((merged.added, merged.known + merged.conflicts.len()), (new.len(), known.len()));
                    let new: Vec<Document> = new.into_iter().cloned().collect();
                    there.extend(new);
                }
                Step::Remove(nth) => {
                    let gone: Vec<String> = there.iter().step_by(nth).map(|document| document.id.clone()).collect();
                    prop_assert!(index.remove(&gone).unwrap().into_iter().all(|was| was));
                    there.retain(|document| !gone.contains(&document.id));
                }
                Step::Settle => {
                    index.settle(&()).unwrap();
                    let report = Deduper::default().run(&there).unwrap();
                    prop_assert_eq!(index.clusters().unwrap(), report.clusters);
                    prop_assert_eq!(index.contained(&()).unwrap(), report.relations);
                    prop_assert_eq!(index.passages(&()).unwrap(), report.passages);
                }
                Step::Reopen => {
                    drop(index);
                    index = folder.open();
                }
                Step::Compact => index.compact().unwrap(),
            }
            let ids: Vec<&str> = there.iter().map(|document| document.id.as_str()).collect();
            prop_assert_eq!(index.ids().collect::<Vec<_>>(), ids);
            prop_assert_eq!(index.len(), there.len());
        }
        let verified = verify(&folder.0).unwrap();
        prop_assert_eq!((verified.documents, verified.faults), (there.len(), Vec::new()));
    }

    #[test]
    fn answers_depend_on_what_is_there_and_not_on_how_it_came(seed in 0_u64..1000) {
        let mut all = documents(seed, 60);
        let asked = all.split_off(50);
        let (one, other) = (Folder::new(), Folder::new());
        let (mut one, mut other) = (one.create(), other.create());
        one.add(&all[..40]).unwrap();
        // The same documents in another order, in many batches, with some others that were added and removed.
        let mut numbers = Numbers(seed);
        let mut shuffled = all.clone();
        numbers.shuffle(&mut shuffled);
        shuffled.chunks(7).for_each(|some| { other.add(some).unwrap(); });
        let gone: Vec<&str> = all[40..].iter().map(|document| document.id.as_str()).collect();
        other.remove(&gone).unwrap();
        prop_assert_eq!(one.query(&asked).unwrap(), other.query(&asked).unwrap());
        one.settle(&()).unwrap();
        other.settle(&()).unwrap();
        prop_assert_eq!(one.query(&asked).unwrap(), other.query(&asked).unwrap());
    }
}

#[test]
fn what_was_replaced_is_compared_with_what_is_there_and_not_with_its_old_text() {
    let folder = Folder::new();
    let mut index = folder.create();
    let text = "The ferry to Holm stops on the first of November, the port office said.";
    index.add(&[("a", text), ("b", "Another text.")]).unwrap();
    index.settle(&()).unwrap();
    let answers = index
        .replace(&[("b", text), ("a", "ONE TEXT."), ("c", "One text")])
        .unwrap();
    let told: Vec<(&str, usize)> = answers
        .iter()
        .map(|answer| (answer.outcome.as_str(), answer.relations.len()))
        .collect();
    assert_eq!(told, [("replaced", 0), ("replaced", 0), ("new", 1)]);
    assert_eq!(answers[2].relations[0].id, "a");
    assert_eq!(index.text("b").unwrap().as_deref(), Some(text));
    assert_eq!(index.ids().collect::<Vec<_>>(), ["b", "a", "c"]);
    assert!(!index.is_settled());
}

#[test]
fn an_index_that_takes_another_over_answers_as_one_to_which_all_was_added() {
    let mut all = documents(7, 120);
    let asked = all.split_off(100);
    let [one, two, whole] = [Folder::new(), Folder::new(), Folder::new()];
    let (mut one, mut two, mut whole) = (one.create(), two.create(), whole.create());
    one.add(&all[..30]).unwrap();
    all[20..].chunks(9).for_each(|some| {
        two.add(some).unwrap();
    });
    whole.add(all.as_slice()).unwrap();
    let merged = one.merge(&two).unwrap();
    assert_eq!((merged.added, merged.known), (70, 10));
    assert_eq!(one.query(&asked).unwrap(), whole.query(&asked).unwrap());
    assert_eq!(one.merge(&two).unwrap().added, 0, "all of it is there");
}

#[test]
fn an_index_takes_nothing_of_a_batch_that_it_could_not_read() {
    let folder = Folder::new();
    let mut index = folder.create();
    let documents = corpus(23, 10);
    let error = index.add(&Failing::after(4, &documents)).unwrap_err();
    assert!(is_told(&error, &documents), "{error}");
    assert_eq!(index.ids().count(), 0);
    let error = index.query(&Failing::after(4, &documents)).unwrap_err();
    assert!(is_told(&error, &documents), "{error}");
    assert_eq!(index.add(&documents).unwrap().len(), 10);
}

#[test]
fn two_documents_of_one_id_are_refused_by_every_question_and_change() {
    let folder = Folder::new();
    let mut index = folder.create();
    let twice = [("a", "One text."), ("b", "Another one."), ("a", "A third.")];
    for answers in [
        index.query(&twice),
        index.add(&twice),
        index.replace(&twice),
    ] {
        assert_eq!(answers.unwrap_err().duplicates(), Some([0, 2]));
    }
    assert!(index.is_empty());
}

#[test]
fn an_index_of_other_settings_is_not_taken_over() {
    let [one, two] = [Folder::new(), Folder::new()];
    let mut index = one.create();
    let deduper = Deduper::builder().threshold(0.7).build().unwrap();
    let mut other = Index::create(&two.0, deduper, "").unwrap();
    other.add(&[("a", "One text.")]).unwrap();
    let error = index.merge(&other).unwrap_err();
    assert!(error.is_scheme_mismatch());
    let message = error.to_string();
    let folder = two.0.display().to_string();
    for part in [
        &folder,
        "threshold 0.6",
        "threshold 0.7",
        "from their files",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert!(index.is_empty());
}

/// The relations in answers, by the ids of the two documents.
fn relations(answers: &[Answer]) -> BTreeMap<(&str, &str), Relation> {
    let pairs = answers.iter().flat_map(|answer| {
        let others = answer.relations.iter();
        others.map(|other| {
            let ids = (answer.id.as_str(), other.id.as_str());
            (ids, other.comparison.relation)
        })
    });
    pairs.collect()
}

#[test]
fn an_answer_has_the_copies_that_a_comparison_with_all_documents_finds() {
    let mut all = documents(5, 400);
    let asked = all.split_off(300);
    let folder = Folder::new();
    let mut index = folder.create();
    index.add(&all).unwrap();
    let against = Deduper::default().against(&asked, &all).unwrap();
    let pairs = against.pairs.iter();
    let copies = pairs.filter(|pair| pair.comparison.relation.is_copy());
    let expected: BTreeMap<(&str, &str), Relation> = copies
        .map(|pair| {
            let ids = (pair.document.id.as_str(), pair.reference.id.as_str());
            (ids, pair.comparison.relation)
        })
        .collect();
    let answers = index.query(&asked).unwrap();
    assert!(expected.len() > 40);
    assert_eq!(relations(&answers), expected);
}

#[test]
fn of_many_copies_those_of_the_same_characters_come_first_and_then_the_smallest_ids() {
    // The ids are in descending order. Every tenth document has different characters.
    let document = |i: usize| {
        let text = match i % 10 {
            0 => "ONE TEXT",
            _ => "One text.",
        };
        Document::new(format!("{:03}", 999 - i), text)
    };
    let all: Vec<Document> = (0..200).map(document).collect();
    let expected = |text: &str, before: &[&Document]| {
        let mut listed = before.to_vec();
        listed.sort_by_key(|other| (other.text != text, other.id.clone()));
        listed.truncate(16);
        let mut ids: Vec<String> = listed.iter().map(|other| other.id.clone()).collect();
        ids.sort();
        ids
    };
    let ids = |answer: &Answer| {
        let relations = answer.relations.iter();
        relations
            .map(|other| other.id.clone())
            .collect::<Vec<String>>()
    };
    let folder = Folder::new();
    let mut index = folder.create();
    let answers = index.add(&all).unwrap();
    let mut there: Vec<&Document> = Vec::new();
    for (document, answer) in all.iter().zip(&answers) {
        assert_eq!(ids(answer), expected(&document.text, &there));
        there.push(document);
    }
    let gone: Vec<&str> = all.iter().step_by(3).map(|gone| gone.id.as_str()).collect();
    index.remove(&gone).unwrap();
    there.retain(|document| !gone.contains(&document.id.as_str()));
    for _ in 0..2 {
        for text in ["ONE TEXT", "One text.", "one text"] {
            let answers = index.query(&[("asked", text)]).unwrap();
            assert_eq!(ids(&answers[0]), expected(text, &there));
        }
        drop(index);
        index = folder.open();
    }
}

#[test]
fn an_answer_has_what_contains_the_document_and_what_it_contains() {
    let stories = corpus(9, 8);
    let digest = |from: usize| {
        let texts: Vec<&str> = stories[from..from + 4]
            .iter()
            .map(|(_, text)| text.as_str())
            .collect();
        texts.join("\n\n")
    };
    let folder = Folder::new();
    let mut index = folder.create();
    let (morning, evening) = (digest(0), digest(4));
    index
        .add(&[("morning", morning.as_str()), ("story", &stories[5].1)])
        .unwrap();
    let asked = [("one", stories[2].1.as_str()), ("evening", &evening)];
    let expected = [
        (("evening", "story"), Relation::Contains),
        (("one", "morning"), Relation::Within),
    ];
    assert_eq!(
        relations(&index.query(&asked).unwrap()),
        BTreeMap::from(expected)
    );
}

#[test]
fn a_known_id_with_the_same_text_changes_nothing_and_with_another_is_not_added() {
    let folder = Folder::new();
    let mut index = folder.create();
    index.add(&[("a", "One text."), ("b", "One text")]).unwrap();
    let bytes = contents(&folder.0);
    let answers = index.add(&[("a", "One text."), ("b", "Another.")]).unwrap();
    let outcomes: Vec<Outcome> = answers.iter().map(|answer| answer.outcome).collect();
    assert_eq!(outcomes, [Outcome::Known, Outcome::Conflict]);
    let copies: Vec<&str> = answers[0]
        .relations
        .iter()
        .map(|other| other.id.as_str())
        .collect();
    assert_eq!(copies, ["b"], "of itself it is no copy");
    assert_eq!(contents(&folder.0), bytes);
    assert!(
        index
            .add(&[("c", "x"), ("c", "y")])
            .unwrap_err()
            .is_duplicate_id()
    );
    assert_eq!(index.len(), 2);
}

#[test]
fn answers_name_the_clusters_of_the_last_generation() {
    let folder = Folder::new();
    let mut index = folder.create();
    index.add(&[("a", "One text."), ("b", "One text")]).unwrap();
    let asked = [("c", "ONE TEXT")];
    let before = &index.query(&asked).unwrap()[0];
    assert_eq!((before.generation, before.clusters.len()), (0, 0));
    index.settle(&()).unwrap();
    assert!(index.is_settled());
    let after = &index.query(&asked).unwrap()[0];
    assert_eq!(
        (after.generation, after.clusters.as_slice()),
        (1, &["a".to_owned()][..])
    );
    // Another document with the id of a former member is in no cluster.
    index.remove(&["a", "b"]).unwrap();
    index.add(&[("b", "one text")]).unwrap();
    assert!(!index.is_settled());
    assert!(index.query(&asked).unwrap()[0].clusters.is_empty());
}

#[test]
fn one_process_writes_and_others_read_what_was_there_when_they_opened() {
    let folder = Folder::new();
    let mut index = folder.create();
    index.add(&[("a", "One text.")]).unwrap();
    let refused = Index::open(&folder.0, Deduper::default());
    let refused = refused.err().unwrap();
    assert!(refused.is_locked());
    let holder = format!("process {}", std::process::id());
    assert!(refused.to_string().contains(&holder), "{refused}");
    let reader = Index::open_read_only(&folder.0, Deduper::default()).unwrap();
    index.add(&[("b", "One text")]).unwrap();
    index.remove(&["a"]).unwrap();
    index.compact().unwrap();
    assert_eq!(reader.ids().collect::<Vec<_>>(), ["a"]);
    let answer = &reader.query(&[("c", "One text.")]).unwrap()[0];
    assert_eq!(answer.relations[0].id, "a");
    drop(index);
    let mut reader = reader;
    assert!(reader.remove(&["a"]).is_err());
}

#[test]
fn a_reader_keeps_its_clusters_when_the_next_generation_is_made() {
    let folder = Folder::new();
    let mut index = folder.create();
    index.add(&[("a", "One text."), ("b", "One text")]).unwrap();
    index.settle(&()).unwrap();
    let reader = Index::open_read_only(&folder.0, Deduper::default()).unwrap();
    let clusters = index.clusters().unwrap();
    index.add(&[("c", "ONE TEXT")]).unwrap();
    index.settle(&()).unwrap();
    assert_eq!(reader.clusters().unwrap(), clusters);
    assert_eq!(index.clusters().unwrap()[0].members.len(), 2);
}

#[test]
fn files_of_other_people_in_the_folder_stay() {
    let folder = Folder::new();
    drop(folder.create());
    let theirs = ["texts-notes.md", "ledger-000000.bak", "facts-1"].map(|name| folder.0.join(name));
    theirs
        .iter()
        .for_each(|path| fs::write(path, "mine").unwrap());
    fs::write(folder.0.join("texts-000099"), "left behind").unwrap();
    let mut index = Index::open(&folder.0, Deduper::default()).unwrap();
    index.add(&[("a", "One text.")]).unwrap();
    assert!(theirs.iter().all(|path| path.exists()));
    assert!(!folder.0.join("texts-000099").exists());
}

#[test]
fn a_folder_without_an_index_gets_no_file_when_it_is_refused() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    fs::write(folder.0.join("notes"), "mine").unwrap();
    assert!(Index::open(&folder.0, Deduper::default()).is_err());
    let refused = Index::create(&folder.0, Deduper::default(), "");
    assert!(refused.err().unwrap().to_string().contains("notes"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
}

#[test]
fn other_settings_are_refused_with_both_named() {
    let folder = Folder::new();
    drop(folder.create());
    let other = Deduper::builder().threshold(0.7).build().unwrap();
    let error = Index::open(&folder.0, other).err().unwrap();
    assert!(error.is_scheme_mismatch());
    let message = error.to_string();
    assert!(
        message.contains("threshold 0.6") && message.contains("threshold 0.7"),
        "{message}"
    );
}

#[test]
fn what_a_killed_process_left_behind_is_cut_off() {
    let folder = Folder::new();
    let mut index = folder.create();
    index.add(&[("a", "One text.")]).unwrap();
    drop(index);
    for entry in fs::read_dir(&folder.0).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if ["ledger", "texts", "facts"]
            .iter()
            .any(|kind| name.starts_with(kind))
        {
            let torn = [fs::read(&path).unwrap(), vec![7; 100]].concat();
            fs::write(&path, torn).unwrap();
        }
    }
    fs::write(folder.0.join("keys-000099"), "torn").unwrap();
    assert!(verify(&folder.0).unwrap().faults.is_empty());
    let mut index = folder.open();
    assert!(!folder.0.join("keys-000099").exists());
    let answer = &index.add(&[("b", "One text")]).unwrap()[0];
    assert_eq!(answer.relations[0].id, "a");
    drop(index);
    assert!(verify(&folder.0).unwrap().faults.is_empty());
    assert_eq!(folder.open().len(), 2);
}

/// The files of a folder, except the lock.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read(path).unwrap())
    });
    files.filter(|(name, _)| name != "lock").collect()
}

/// The answers of a reader, or the error for damaged bytes.
fn answers(folder: &Path, asked: &[Document]) -> Result<String, reprint::Error> {
    let index = Index::open_read_only(folder, Deduper::default())?;
    let answers = index.query(asked)?;
    Ok(format!(
        "{answers:?}{:?}{:?}",
        index.clusters()?,
        index.ids().collect::<Vec<_>>()
    ))
}

#[test]
fn a_flipped_bit_is_found_and_never_answered_from() {
    let folder = Folder::new();
    let all = documents(3, 60);
    let mut index = folder.create();
    index.add(&all[..40]).unwrap();
    index.settle(&()).unwrap();
    index.add(&all[40..]).unwrap();
    index.remove(&[&all[1].id]).unwrap();
    drop(index);
    let whole = answers(&folder.0, &all[..10]).unwrap();
    let mut numbers = Numbers(8);
    for (name, bytes) in contents(&folder.0) {
        let path = folder.0.join(&name);
        for _ in 0..25 {
            let mut flipped = bytes.clone();
            flipped[numbers.below(bytes.len())] ^= 1 << numbers.below(8);
            fs::write(&path, &flipped).unwrap();
            let found = verify(&folder.0).map(|verified| verified.faults);
            assert!(
                found.is_err() || found.is_ok_and(|faults| !faults.is_empty()),
                "{name}"
            );
            // The damaged bytes may be bytes that these answers do not need.
            if let Ok(answered) = answers(&folder.0, &all[..10]) {
                assert_eq!(answered, whole, "{name}");
            }
        }
        fs::write(&path, &bytes).unwrap();
    }
    assert!(verify(&folder.0).unwrap().faults.is_empty());
}

#[test]
fn two_documents_that_are_there_are_explained() {
    let folder = Folder::new();
    let mut index = folder.create();
    let text = "The ferry to Holm stops on the first of November, the port office said on Tuesday. The last boat leaves at six.";
    let other = text.replace("six", "seven");
    index.add(&[("a", text), ("b", &other)]).unwrap();
    let evidence = index.explain("a", "b").unwrap();
    assert_eq!(evidence.differences[0].left.of(text), "six");
    assert!(
        index
            .explain("a", "z")
            .unwrap_err()
            .to_string()
            .contains("\"z\"")
    );
}

/// The program wrote the folder when the form was made, from four documents; one of them was removed. A folder of each form that was ever
/// released is kept here.
#[test]
fn a_folder_of_form_1_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/index-form-1");
    let verified = verify(&folder).unwrap();
    assert_eq!((verified.documents, verified.faults), (3, Vec::new()));
    let index = match Index::open_read_only(&folder, Deduper::default()) {
        Ok(index) => index,
        // Facts belong to a scheme, which changes with the fold tables or the windows. Then the error names the scheme.
        Err(error) => {
            assert!(error.is_scheme_mismatch(), "{error}");
            return;
        }
    };
    assert_eq!(
        index.ids().collect::<Vec<_>>(),
        ["monday-1", "monday-2", "tuesday-1"]
    );
    let clusters = index.clusters().unwrap();
    assert_eq!(clusters[0].canonical.id, "monday-1");
    assert_eq!(clusters[0].members[0].document.id, "tuesday-1");
    assert_eq!(clusters[0].metadata["source"], ["harbour", "valley"]);
}
