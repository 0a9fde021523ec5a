//! What is done while we count, and on which texts?
//!
//! Each stage does what a run does for all documents, with buffers used again where it uses them again. Its input is made
//! beforehand. A stage checks its answer, so that nothing is counted that doesn't work.

use reprint::normalize::Normalizer;
use reprint::report::Cluster;
use reprint::shingle::{Shingler, Shingles};
use reprint::signature::MinHasher;
use reprint::{Deduper, Document};

use corpus::{Random, Script};

/// Documents that are no copies.
const ORIGINALS: usize = 270;

/// Every so many documents, one has a copy.
const COPIED: usize = 9;

/// Copies, and so clusters.
const PLANTED: usize = ORIGINALS / COPIED;

/// Characters of a copy's head or foot.
const FURNITURE: usize = 30;

/// Values in a signature, as in a run.
const SLOTS: usize = 128;

/// What the documents are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Simplified; the copies in traditional characters.
    Chinese,
    /// ASCII words.
    English,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// Its name in the table, and on the command line.
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

/// What is counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Folding.
    Normalize,
    /// Cutting folded texts into hashed windows.
    Shingle,
    /// Signing the hashes.
    Sign,
    /// All of it, up to the clusters.
    Run,
    /// The same, with containment and common passages.
    RunWithRelations,
}

impl Stage {
    /// All, in the order of the table.
    pub const ALL: [Self; 5] = [
        Self::Normalize,
        Self::Shingle,
        Self::Sign,
        Self::Run,
        Self::RunWithRelations,
    ];

    /// Its name in the table, and on the command line.
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
    /// Makes what `stage` needs.
    ///
    /// # Panics
    ///
    /// Where the library no longer takes the settings.
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

    /// How many documents it goes through.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Bytes of their texts, before anything is done to them.
    pub fn text_bytes(&self) -> usize {
        let texts = self.documents.iter().map(|document| document.text.len());
        texts.sum()
    }

    /// Does it once.
    ///
    /// # Panics
    ///
    /// Where the answer is wrong.
    pub fn perform(&self) {
        match &self.task {
            Task::Normalize => normalize(&self.documents),
            Task::Shingle(folded) => shingle(folded),
            Task::Sign(hashes) => sign(hashes),
            Task::Run(deduper) => run(deduper, &self.documents),
        }
    }
}

/// A copy has the id of its original with a `+`.
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

/// One thread, as how two share the work differs from run to run.
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

/// Is this an original with its copy, whichever of them stays, and with nothing else?
fn is_planted(cluster: &Cluster) -> bool {
    let [member] = cluster.members.as_slice() else {
        return false;
    };
    let (one, other) = (&cluster.canonical.id, &member.document.id);
    one.strip_suffix('+') == Some(other) || other.strip_suffix('+') == Some(one)
}
