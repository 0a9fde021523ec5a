//! Which work is counted, and on which texts?
//!
//! Each stage does what a run does for all documents, and reuses buffers where a run does. Its input is prepared beforehand.
//! A stage checks its result, so that broken code is not counted.

use reprint::normalize::Normalizer;
use reprint::report::Cluster;
use reprint::shingle::{Shingler, Shingles};
use reprint::signature::MinHasher;
use reprint::{Deduper, Document};

use corpus::{Random, Script};

/// Number of documents that are not copies.
const ORIGINALS: usize = 270;

/// One in this many documents has a copy.
const COPIED: usize = 9;

/// Number of copies, and therefore of clusters.
const PLANTED: usize = ORIGINALS / COPIED;

/// Length in characters of a copy's head or foot.
const FURNITURE: usize = 30;

/// Number of slots of a signature, as in a run.
const SLOTS: usize = 128;

/// The language of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Simplified characters; the copies are in traditional characters.
    Chinese,
    /// ASCII words.
    English,
}

impl Language {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The name in the table and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chinese => "chinese",
            Self::English => "english",
        }
    }

    fn scripts(self) -> (Script, Script) {
        match self {
            Self::Chinese => (Script::Simplified, Script::Traditional),
            Self::English => (Script::English, Script::English),
        }
    }
}

/// The stages that are counted separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Folding the texts.
    Normalize,
    /// Cutting the folded texts into hashed windows.
    Shingle,
    /// Signing the hashes.
    Sign,
    /// A whole run, up to the clusters.
    Run,
    /// A whole run, with containment and common passages.
    RunWithRelations,
}

impl Stage {
    /// All stages, in the order of the table.
    pub const ALL: [Self; 5] = [
        Self::Normalize,
        Self::Shingle,
        Self::Sign,
        Self::Run,
        Self::RunWithRelations,
    ];

    /// The name in the table and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normalize => "normalize",
            Self::Shingle => "shingle",
            Self::Sign => "sign",
            Self::Run => "run",
            Self::RunWithRelations => "run-with-relations",
        }
    }
}

/// A stage with its input.
#[derive(Debug)]
pub struct Work {
    documents: Vec<Document>,
    task: Task,
}

#[derive(Debug)]
enum Task {
    Normalize,
    Shingle(Vec<String>),
    Sign(Vec<Vec<u64>>),
    Run(Box<Deduper>),
}

impl Work {
    /// Prepares the input of `stage`.
    ///
    /// # Panics
    ///
    /// If the library no longer accepts the settings.
    pub fn new(language: Language, stage: Stage) -> Self {
        let documents = documents(language);
        let task = match stage {
            Stage::Normalize => Task::Normalize,
            Stage::Shingle => Task::Shingle(folded(&documents)),
            Stage::Sign => Task::Sign(hashes(&documents)),
            Stage::Run => Task::Run(Box::new(deduper(false))),
            Stage::RunWithRelations => Task::Run(Box::new(deduper(true))),
        };
        Self { documents, task }
    }

    /// The number of documents.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Length in bytes of the original texts.
    pub fn text_bytes(&self) -> usize {
        let texts = self.documents.iter().map(|document| document.text.len());
        texts.sum()
    }

    /// Does the work once.
    ///
    /// # Panics
    ///
    /// If the result is wrong.
    pub fn perform(&self) {
        match &self.task {
            Task::Normalize => normalize(&self.documents),
            Task::Shingle(folded) => shingle(folded),
            Task::Sign(hashes) => sign(hashes),
            Task::Run(deduper) => run(deduper, &self.documents),
        }
    }
}

/// The documents. The id of a copy is that of its original and a `+`.
fn documents(language: Language) -> Vec<Document> {
    let (script, copied) = language.scripts();
    let mut random = Random::new(1);
    let mut documents = Vec::new();
    for i in 0..ORIGINALS {
        let (id, seed) = (format!("{i:04}"), random.bits());
        let bytes = 1_000 + random.below(3_000);
        documents.push(Document::new(&id, corpus::text(script, seed, bytes)));
        if i % COPIED == 0 {
            let text = corpus::text(copied, seed, bytes);
            let copy = corpus::edition(&text, seed, FURNITURE);
            documents.push(Document::new(id + "+", copy));
        }
    }
    documents
}

fn folded(documents: &[Document]) -> Vec<String> {
    let fold = |document: &Document| Normalizer::new().fold(&document.text);
    documents.iter().map(fold).collect()
}

fn hashes(documents: &[Document]) -> Vec<Vec<u64>> {
    let cut = |folded: &String| Shingler::default().hashes(folded);
    folded(documents).iter().map(cut).collect()
}

/// With one thread, because two threads share the work differently in each run.
fn deduper(relations: bool) -> Deduper {
    let builder = Deduper::builder().relations(relations).threads(1);
    builder.build().expect("the settings are in range")
}

fn normalize(documents: &[Document]) {
    let mut folded = String::new();
    for document in documents {
        Normalizer::new().fold_into(&document.text, &mut folded);
        assert!(!folded.is_empty());
    }
}

fn shingle(folded: &[String]) {
    let shingler = Shingler::default();
    let mut shingles = Shingles::default();
    for text in folded {
        shingler.cut_into(text, &mut shingles);
        assert!(!shingles.hashes.is_empty());
    }
}

fn sign(hashes: &[Vec<u64>]) {
    let scheme = Shingler::default().scheme(&Normalizer::new());
    let hasher = MinHasher::new(scheme, SLOTS).expect("the slots are in range");
    for hashes in hashes {
        let signature = hasher.sign(hashes);
        assert_eq!(signature.slots().len(), SLOTS);
    }
}

fn run(deduper: &Deduper, documents: &[Document]) {
    let report = deduper.run(documents).expect("ids are unique");
    assert_eq!(report.clusters.len(), PLANTED);
    assert!(report.clusters.iter().all(is_planted));
}

/// Whether a cluster consists of an original and its copy, in any order.
fn is_planted(cluster: &Cluster) -> bool {
    let [member] = cluster.members.as_slice() else {
        return false;
    };
    let (one, other) = (&cluster.canonical.id, &member.document.id);
    one.strip_suffix('+') == Some(other) || other.strip_suffix('+') == Some(one)
}
