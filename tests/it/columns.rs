//! Steps over columns against whole runs: the same pairs, the same verdicts, the same clusters.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use reprint::cluster::UnionFind;
use reprint::columns::{self, Component, SharedSeeds, Sketches};
use reprint::report::{Cluster, CopyPair, Member, digest};
use reprint::verify::{Comparison, Ground, Objection, Relation};
use reprint::{Deduper, Document, Documents, Facts};

use crate::support::{Numbers, corpus};

/// Some documents with their facts.
struct Together<'d> {
    documents: Vec<&'d Document>,
    facts: Vec<&'d Facts>,
}

impl Documents for Together<'_> {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.documents[position].id
    }

    fn text(&self, position: usize) -> std::io::Result<Cow<'_, str>> {
        Ok(self.documents[position].text.as_str().into())
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        Some(self.facts[position])
    }
}

type Pairs = BTreeSet<(u32, u32)>;

/// For each row, the first row with the same text.
fn firsts(sketches: &Sketches) -> Vec<u32> {
    let mut first = BTreeMap::new();
    let texts = (0..).zip(&sketches.facts);
    let firsts =
        texts.map(|(row, facts)| *first.entry((facts.digest(), facts.length())).or_insert(row));
    firsts.collect()
}

/// The keys with the rows that have them. Only the first row of each text counts.
fn by_key<K: Ord + Copy>(lists: &columns::Lists<K>, firsts: &[u32]) -> Vec<(K, u32)> {
    let rows = (0..)
        .zip(lists.iter())
        .filter(|&(row, _)| firsts[row as usize] == row);
    let mut rows: Vec<(K, u32)> = rows
        .flat_map(|(row, keys)| keys.iter().map(move |&key| (key, row)))
        .collect();
    rows.sort_unstable();
    rows
}

/// The candidate pairs: rows with a common bucket, or with enough common grams.
fn met(deduper: &Deduper, sketches: &Sketches, firsts: &[u32]) -> Pairs {
    let bands = by_key(&sketches.bands, firsts);
    let keys: Vec<u64> = bands.iter().map(|row| row.0).collect();
    let facts: Vec<&Facts> = bands
        .iter()
        .map(|row| &sketches.facts[row.1 as usize])
        .collect();
    let by_bands = columns::bucket_pairs(deduper, &keys, &facts).unwrap();
    let grams = by_key(&sketches.grams, firsts);
    let keys: Vec<u32> = grams.iter().map(|row| row.0).collect();
    let digests: Vec<u128> = grams
        .iter()
        .map(|row| sketches.facts[row.1 as usize].digest())
        .collect();
    let mut often: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (a, b) in columns::gram_pairs(&keys, &digests).unwrap() {
        *often
            .entry(ordered(grams[a as usize].1, grams[b as usize].1))
            .or_default() += 1;
    }
    let by_grams = often.into_iter().filter(|met| met.1 >= columns::MIN_GRAMS);
    let by_bands = by_bands
        .into_iter()
        .map(|(a, b)| ordered(bands[a as usize].1, bands[b as usize].1));
    by_bands.chain(by_grams.map(|met| met.0)).collect()
}

fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

/// A run in single steps: the largest component, and the clusters of all components.
fn composed(deduper: &Deduper, documents: &[Document]) -> (usize, Component) {
    let texts: Vec<&str> = documents
        .iter()
        .map(|document| document.text.as_str())
        .collect();
    let sketches = columns::sketch(deduper, &texts).unwrap();
    let firsts = firsts(&sketches);
    let met: Vec<(u32, u32)> = met(deduper, &sketches, &firsts).into_iter().collect();
    let relevance = columns::may_be_copies(deduper, &sketches.facts, &met).unwrap();
    let worth = met.into_iter().zip(relevance);
    let worth = worth.filter(|(_, relevance)| relevance.may_be_copies() || relevance.is_near());
    let worth: Vec<(u32, u32)> = worth.map(|(pair, _)| pair).collect();
    let mut sets = UnionFind::new(documents.len());
    (0..)
        .zip(&firsts)
        .for_each(|(row, &first)| sets.join(row, first));
    worth.iter().for_each(|&(a, b)| sets.join(a, b));
    let mut rows_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    (0..documents.len() as u32)
        .for_each(|row| rows_of.entry(sets.find(row)).or_default().push(row));
    let mut all = Component::default();
    for rows in rows_of.values() {
        let at = |row: u32| rows.binary_search(&row).map(|at| at as u32);
        let pairs = worth
            .iter()
            .filter_map(|&(a, b)| Some((at(a).ok()?, at(b).ok()?)));
        let together = Together {
            documents: rows.iter().map(|&row| &documents[row as usize]).collect(),
            facts: rows
                .iter()
                .map(|&row| &sketches.facts[row as usize])
                .collect(),
        };
        let found = columns::component(deduper, &together, &pairs.collect::<Vec<_>>()).unwrap();
        all.clusters.extend(found.clusters);
        all.accepted.extend(found.accepted);
        all.refused.extend(found.refused);
    }
    all.clusters
        .sort_by(|a, b| a.canonical.id.cmp(&b.canonical.id));
    (rows_of.values().map(Vec::len).max().unwrap_or(0), all)
}

/// The content of a cluster, without the positions of its documents.
fn said(cluster: &Cluster) -> (Vec<&str>, &str, Vec<Comparison>) {
    let ids = cluster.documents().map(|document| document.id.as_str());
    let verdicts = cluster.members.iter().map(|member| member.comparison);
    (ids.collect(), &cluster.reason, verdicts.collect())
}

/// Editions of some stories, items of some forms, and documents without copies.
fn documents(seed: u64) -> Vec<Document> {
    let mut numbers = Numbers(seed);
    // Each part has different words, so that the parts have nothing in common.
    let part = |tag: u64| {
        let own = move |text: &str| text.replace(' ', &format!("{tag} "));
        let stories = corpus(seed + tag, 40).into_iter();
        stories.map(move |(id, text)| Document::new(format!("{id}-{tag}"), own(&text)))
    };
    let mut all: Vec<Document> = (1..4).flat_map(part).collect();
    let names = [
        "Ada Norling",
        "Bo Quist",
        "Cyrus Wendt",
        "Dora Lamm",
        "Eli Strand",
        "Frida Holm",
        "Gus Arnell",
        "Hedda Berg",
    ];
    for (at, name) in names.iter().enumerate() {
        let (day, room) = (1 + numbers.below(28), 100 + numbers.below(900));
        let text = format!(
            "Membership card of the rowing club at Holm harbour. Name of the member: {name}, room {room}. Valid until the {day}th of May, at all gates and at the boat house. Please show it when you are asked to, and keep it dry."
        );
        all.push(Document::new(format!("card{at}"), text.clone()));
        if at % 3 == 0 {
            all.push(Document::new(format!("copy{at}"), text.to_uppercase()));
        }
    }
    numbers.shuffle(&mut all);
    all
}

#[test]
fn steps_over_columns_make_the_clusters_of_a_run() {
    for seed in [3, 4] {
        let documents = documents(seed);
        let deduper = Deduper::builder().threads(1).build().unwrap();
        let report = deduper.run(&documents).unwrap();
        let (largest, found) = composed(&deduper, &documents);
        assert!((3..documents.len() - 20).contains(&largest), "{largest}");
        let (expected, clusters): (Vec<_>, Vec<_>) = (
            report.clusters.iter().map(said).collect(),
            found.clusters.iter().map(said).collect(),
        );
        assert!(expected.len() > 20 && clusters == expected);
        assert_eq!(digest(&found.clusters), report.digest());
        let shares = |found: &[CopyPair]| {
            let mut shares: Vec<f64> = found.iter().map(|pair| pair.jaccard).collect();
            shares.sort_by(f64::total_cmp);
            shares
        };
        assert_eq!(shares(&found.accepted), shares(&report.accepted));
        assert_eq!(found.refused.len(), report.refused.len());
    }
}

#[test]
fn a_text_may_have_many_documents_and_stands_once() {
    let mut documents = documents(5);
    for copy in 0..60 {
        let text = documents[copy % 3].text.replace(' ', "\n");
        documents.push(Document::new(format!("more{copy}"), text));
    }
    let deduper = Deduper::default();
    let (_, found) = composed(&deduper, &documents);
    assert_eq!(
        digest(&found.clusters),
        deduper.run(&documents).unwrap().digest()
    );
}

#[test]
fn pairs_by_themselves_are_judged_as_in_a_run() {
    let documents = documents(6);
    let deduper = Deduper::default();
    let report = deduper.run(&documents).unwrap();
    let texts: Vec<&str> = documents
        .iter()
        .map(|document| document.text.as_str())
        .collect();
    let facts = columns::sketch(&deduper, &texts).unwrap().facts;
    // The first document of a pair is the one with the smaller id.
    let of_cluster = |cluster: &Cluster| {
        let canonical = cluster.canonical.clone();
        let alike = |member: &Member| {
            let ground = member.comparison.figures.ground;
            member.comparison.relation == Relation::Reprint && ground != Some(Ground::Drift)
        };
        let members: Vec<Member> = cluster
            .members
            .iter()
            .filter(|member| alike(member))
            .cloned()
            .collect();
        members.into_iter().map(move |member| {
            let [a, b] = [&canonical, &member.document];
            let [a, b] = if a.id < b.id { [a, b] } else { [b, a] };
            ((a.position as u32, b.position as u32), member.comparison)
        })
    };
    let judged: Vec<_> = report.clusters.iter().flat_map(of_cluster).collect();
    let (pairs, verdicts): (Vec<(u32, u32)>, Vec<Comparison>) = judged.into_iter().unzip();
    assert!(pairs.len() > 20);
    let measured = columns::measure(&deduper, &texts, &facts, &pairs).unwrap();
    for (measured, verdict) in measured.iter().zip(&verdicts) {
        assert_eq!(measured.comparison.jaccard(), verdict.jaccard());
        assert_eq!(measured.comparison.figures.ground, verdict.figures.ground);
    }
    let evidence: Vec<_> = verdicts
        .iter()
        .map(|verdict| verdict.figures.evidence)
        .collect();
    let judged = columns::judge(&deduper, &texts, &facts, &pairs, &evidence).unwrap();
    for (judged, verdict) in judged.iter().zip(&verdicts) {
        assert_eq!(
            (judged.relation, judged.similarity()),
            (verdict.relation, verdict.similarity())
        );
    }
}

#[test]
fn other_works_part_the_items_of_a_form() {
    let texts = [
        ("Ada Norling", "gull"),
        ("Bo Quist", "heron"),
        ("Cyrus Wendt", "curlew"),
        ("Dora Lamm", "plover"),
        ("Eli Strand", "bittern"),
        ("Frida Holm", "wigeon"),
        ("Gus Arnell", "smew"),
        ("Hedda Berg", "avocet"),
        ("Ivo Kranz", "redshank"),
    ];
    let texts = texts.map(|(name, boat)| {
        format!("Membership card of the rowing club at Holm harbour. Name of the member: {name}. The boat of the member is called {boat}. Valid for a year at all gates and at the boat house. Please show it when you are asked to.")
    });
    let deduper = Deduper::default();
    let facts = columns::sketch(&deduper, &texts).unwrap().facts;
    let all: Vec<(u32, u32)> = (0..9)
        .flat_map(|a| (a + 1..9).map(move |b| (a, b)))
        .collect();
    let alone = columns::judge(&deduper, &texts, &facts, &all, &[None; 36]).unwrap();
    let works = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    let evidence = columns::own(&deduper, &texts, &facts, &all, &works, &all).unwrap();
    let together = columns::judge(&deduper, &texts, &facts, &all, &evidence).unwrap();
    assert!(evidence.iter().all(|of| of.is_some_and(|of| of.works > 2)));
    // The pairs are copies without evidence. The evidence of the other texts, at the places where the two differ, separates them.
    let is_parted = |(alone, together): &(&Comparison, &Comparison)| {
        let objection = together.figures.objection;
        alone.relation.is_copy() && objection == Some(Objection::Form)
    };
    let parted = alone.iter().zip(&together).filter(is_parted).count();
    assert!(parted > 20, "{parted}");
    // If all other texts belong to one work, there is no evidence.
    let works = [0, 1, 2, 2, 2, 2, 2, 2, 2];
    let evidence = columns::own(&deduper, &texts, &facts, &all, &works, &[(0, 1)]).unwrap();
    assert_eq!(evidence, [None]);
}

/// The stories of a corpus, and a document that contains some of them.
fn compilation() -> Vec<Document> {
    let stories: Vec<(String, String)> = corpus(9, 60);
    let mut all: Vec<Document> = stories
        .iter()
        .map(|(id, text)| Document::new(id, text))
        .collect();
    let parts: Vec<&str> = stories
        .iter()
        .take(8)
        .map(|(_, text)| text.as_str())
        .collect();
    all.push(Document::new("whole", parts.join("\n\n")));
    all
}

#[test]
fn what_is_inside_what_is_told_as_in_a_run() {
    let documents = compilation();
    let deduper = Deduper::default();
    let report = deduper.run(&documents).unwrap();
    assert!(report.relations.len() > 5);
    let texts: Vec<&str> = documents
        .iter()
        .map(|document| document.text.as_str())
        .collect();
    let sketches = columns::sketch(&deduper, &texts).unwrap();
    // One text of each cluster is kept.
    let mut stays = vec![true; texts.len()];
    let members = report.clusters.iter().flat_map(|cluster| &cluster.members);
    members.for_each(|member| stays[member.document.position] = false);
    let seeds = CountedSeeds::new(&sketches, &stays);
    let whole = texts.len() as u32 - 1;
    let pairs: Vec<(u32, u32)> = (0..whole).map(|row| (whole, row)).collect();
    let found = columns::contained(
        &deduper,
        &texts,
        &sketches.facts,
        &stays,
        seeds.shared(),
        &pairs,
        false,
    );
    let expected: BTreeMap<usize, _> = report
        .relations
        .iter()
        .map(|pair| (pair.b.position, pair))
        .collect();
    for (row, found) in found.unwrap().iter().enumerate() {
        let told = expected
            .get(&row)
            .map(|pair| (pair.relation, pair.overlap, pair.passages.as_slice()));
        let found = found
            .as_ref()
            .map(|found| (found.relation, found.overlap, found.passages.as_slice()));
        assert_eq!(found, told, "{row}");
    }
}

/// The seeds of at least two texts, with the numbers of kept texts and of short kept texts that have each seed.
#[derive(Default)]
struct CountedSeeds {
    keys: Vec<u64>,
    texts: Vec<u32>,
    short_texts: Vec<u32>,
}

impl CountedSeeds {
    fn new(sketches: &Sketches, stays: &[bool]) -> Self {
        let mut counts: BTreeMap<u64, [u32; 3]> = BTreeMap::new();
        for (row, seeds) in sketches.seeds.iter().enumerate() {
            let is_short = sketches.short[row];
            for &seed in seeds {
                let [all, texts, short] = counts.entry(seed).or_default();
                *all += 1;
                *texts += u32::from(stays[row]);
                *short += u32::from(stays[row] && is_short);
            }
        }
        counts.retain(|_, [all, ..]| *all > 1);
        let mut counted = Self::default();
        for (key, [_, texts, short]) in counts {
            counted.keys.push(key);
            counted.texts.push(texts);
            counted.short_texts.push(short);
        }
        counted
    }

    fn shared(&self) -> SharedSeeds<'_> {
        SharedSeeds {
            keys: &self.keys,
            texts: &self.texts,
            short_texts: &self.short_texts,
        }
    }
}

#[test]
fn passages_of_a_pair_are_those_of_its_evidence() {
    let documents = compilation();
    let deduper = Deduper::default();
    let texts: Vec<&str> = documents
        .iter()
        .map(|document| document.text.as_str())
        .collect();
    let whole = texts.len() - 1;
    for row in [0, 3, 20] {
        let found = columns::passages(&deduper, &texts, &[(row as u32, whole as u32)]).unwrap();
        let expected = deduper.evidence(&documents, row, whole).unwrap().passages;
        assert_eq!(found, [expected]);
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let deduper = Deduper::default();
    let texts = ["One text.", "Another."];
    let facts = columns::sketch(&deduper, &texts).unwrap().facts;
    let refused = |error: reprint::Error, said: &str| {
        assert!(error.to_string().contains(said), "{error}");
    };
    refused(
        columns::may_be_copies(&deduper, &facts, &[(0, 2)]).unwrap_err(),
        "row is 2",
    );
    refused(
        columns::measure(&deduper, &texts, &facts, &[(2, 0)]).unwrap_err(),
        "row is 2",
    );
    refused(
        columns::measure(&deduper, &texts, &facts[..1], &[]).unwrap_err(),
        "facts is 1",
    );
    refused(
        columns::component(&deduper, &[("a", "x")], &[(0, 1)]).unwrap_err(),
        "row is 1",
    );
    refused(
        columns::passages(&deduper, &texts, &[(0, 9)]).unwrap_err(),
        "row is 9",
    );
    refused(
        columns::bucket_pairs(&deduper, &[1], &facts).unwrap_err(),
        "facts is 2",
    );
    let slots = Deduper::builder().slots(64).threshold(0.8).build().unwrap();
    refused(
        columns::measure(&slots, &texts, &facts, &[(0, 1)]).unwrap_err(),
        "can't be compared",
    );
}
