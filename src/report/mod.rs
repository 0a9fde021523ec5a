//! What was done, and why?
//!
//! Plain data: clusters with their reasons, the pairs that were refused, what each stage counted, and the settings behind
//! it. With the feature `serde`, [`records`] has the same as rows of the result files.

mod explain;
mod passage;
#[cfg(feature = "serde")]
pub mod records;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

pub use crate::document::DocumentRef;
pub use explain::{CopyPair, Evidence, Explanation};
pub use passage::Passage;

use crate::cluster::Policy;
use crate::damage::Damage;
use crate::scheme::Scheme;
use crate::verify::{Comparison, Limits, Overlap, Relation};

/// The result of a run.
///
/// ```
/// use reprint::{Deduper, Document};
///
/// let documents = [Document::new("a", "铜墙铁壁"), Document::new("b", "銅牆鐵壁"), Document::new("c", "别的")];
/// let report = Deduper::default().run(&documents)?;
/// assert_eq!(report.clusters[0].canonical.id, "a");
/// assert_eq!(report.kept(), [true, false, true]);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Clusters of two or more, by canonical id.
    pub clusters: Vec<Cluster>,
    /// The pairs of different texts that verification accepted as copies, by their ids.
    pub accepted: Vec<CopyPair>,
    /// Pairs of copies that ended in different clusters, because one of the two is no copy of the other's canonical copy;
    /// by their ids.
    pub refused: Vec<RefusedPair>,
    /// Documents of different clusters that contain one another or share a passage; by their ids.
    pub relations: Vec<RelatedPair>,
    /// Documents that go because they are within one that stays, by id; none unless the policy asks for it.
    pub contained: Vec<Contained>,
    /// What the stages counted.
    pub counts: Counts,
    /// What decided the result.
    pub settings: Settings,
    /// How long each stage took, in order.
    pub timings: Vec<(Stage, Duration)>,
}

impl Report {
    /// For each document, in input order: does it stay (canonical or alone, and not gone for being within another)?
    pub fn kept(&self) -> Vec<bool> {
        let mut kept = vec![true; self.counts.documents];
        for member in self.clusters.iter().flat_map(Cluster::removed) {
            kept[member.document.position] = false;
        }
        for contained in &self.contained {
            kept[contained.document.position] = false;
        }
        kept
    }

    /// How many members of clusters have this relation to their canonical copy.
    pub fn members_of(&self, relation: Relation) -> usize {
        let members = self.clusters.iter().flat_map(|cluster| &cluster.members);
        members
            .filter(|member| member.comparison.relation == relation)
            .count()
    }

    /// How many pairs of documents of different clusters are related so: `Contains` or `Shares`.
    pub fn pairs_of(&self, relation: Relation) -> usize {
        let pairs = self.relations.iter();
        pairs.filter(|pair| pair.relation == relation).count()
    }
}

/// One text and its copies.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("b", "One text."), ("a", "One text")])?;
/// assert_eq!(report.clusters[0].reason, "most complete text: a lacks 1 punctuation mark");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The copy that stays.
    pub canonical: DocumentRef,
    /// Why it is the one.
    pub reason: String,
    /// What is wrong with it, measured against the other copies.
    pub damage: Damage,
    /// What is known of its documents beside the text, merged: the values of each name, those of the canonical copy first.
    pub metadata: BTreeMap<String, Vec<String>>,
    /// The other copies, by id.
    pub members: Vec<Member>,
}

impl Cluster {
    /// All its documents, the canonical copy first.
    pub fn documents(&self) -> impl Iterator<Item = &DocumentRef> {
        let members = self.members.iter().map(|member| &member.document);
        std::iter::once(&self.canonical).chain(members)
    }

    /// The members that go: all copies that are whole documents, if the canonical one is.
    pub fn removed(&self) -> impl Iterator<Item = &Member> {
        let whole = !self.canonical.is_part;
        self.members
            .iter()
            .filter(move |member| whole && !member.document.is_part)
    }
}

/// A copy, with its relation to the canonical copy.
///
/// ```
/// use reprint::verify::Relation;
///
/// let report = reprint::Deduper::default().run(&[("a", "One text."), ("b", "One text.")])?;
/// assert_eq!(report.clusters[0].members[0].comparison.relation, Relation::Exact);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Which document.
    pub document: DocumentRef,
    /// The verdict; `left` is the canonical copy, `right` this one.
    pub comparison: Comparison,
    /// What is wrong with it, measured against the other copies.
    pub damage: Damage,
}

/// Two copies of each other that stay in different clusters.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("a", "One text."), ("b", "Another.")])?;
/// assert!(report.refused.is_empty());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RefusedPair {
    /// The one with the smaller id.
    pub a: DocumentRef,
    /// The other.
    pub b: DocumentRef,
    /// The verdict; `a` is its left side.
    pub comparison: Comparison,
}

/// Two documents that are no copies: one contains the other, or they share a passage.
///
/// ```
/// let news = "水来之前人先动，灯亮之处有人守，一个人也不能落下。郑水英说，收稻子也是这个理。夜里十点，第一阵雨点打在晒谷场的油布上。";
/// let digest = format!("本期选文如下。{news}糖厂改建的图书馆昨天开门，第一天来了两百多人，最小的读者只有四岁，是跟着外婆来的，祖孙俩看了一下午的画册，傍晚才依依不舍地回家吃饭去。");
/// let report = reprint::Deduper::default().run(&[("digest", digest.as_str()), ("news", news)])?;
/// let pair = &report.relations[0];
/// assert_eq!((pair.a.id.as_str(), pair.relation.as_str()), ("digest", "contains"));
/// assert_eq!(pair.passages[0].left.of(&digest), news.trim_end_matches('。'));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RelatedPair {
    /// The one that contains the other; of two that share something, the one with the smaller id.
    pub a: DocumentRef,
    /// The other.
    pub b: DocumentRef,
    /// What `a` is to `b`: `Contains` or `Shares`.
    pub relation: Relation,
    /// Their distinct shingles; `a` is the left side.
    pub overlap: Overlap,
    /// What they have in common, by the place in `a`, which is the left side.
    pub passages: Vec<Passage>,
}

/// A document that goes because it is within one that stays.
///
/// ```
/// use reprint::{Deduper, cluster::Policy};
///
/// let news = "水来之前人先动，灯亮之处有人守，一个人也不能落下。郑水英说，收稻子也是这个理。夜里十点，第一阵雨点打在晒谷场的油布上。";
/// let digest = format!("本期选文如下。{news}糖厂改建的图书馆昨天开门，第一天来了两百多人，最小的读者只有四岁，是跟着外婆来的，祖孙俩看了一下午的画册，傍晚才依依不舍地回家吃饭去。");
/// let documents = [("digest", digest.as_str()), ("news", news)];
/// let keep: Policy = "intact;container".parse()?;
/// let report = Deduper::builder().keep(keep).build()?.run(&documents)?;
/// assert_eq!(report.contained[0].container.id, "digest");
/// assert_eq!(report.kept(), [true, false]);
/// assert_eq!(Deduper::default().run(&documents)?.kept(), [true, true]);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Contained {
    /// The one that goes.
    pub document: DocumentRef,
    /// The one that it is within.
    pub container: DocumentRef,
    /// Their distinct shingles; the container is the left side.
    pub overlap: Overlap,
}

impl RelatedPair {
    /// The same pair seen from the other side.
    pub(crate) fn swapped(self) -> Self {
        let mut passages: Vec<Passage> = self.passages.into_iter().map(Passage::swapped).collect();
        passages.sort_by_key(|passage| passage.left.bytes.start);
        Self {
            a: self.b,
            b: self.a,
            relation: self.relation.swapped(),
            overlap: self.overlap.swapped(),
            passages,
        }
    }
}

/// What the stages counted.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("a", "One text."), ("b", "Another.")])?;
/// assert_eq!((report.counts.documents, report.counts.bytes), (2, 17));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents read, parts included.
    pub documents: usize,
    /// Bytes of the documents' texts in UTF-8; of parts, none.
    pub bytes: usize,
    /// Different folded texts that are not empty.
    pub distinct_texts: usize,
    /// Pairs of different folded texts that the search proposed.
    pub candidate_pairs: usize,
    /// Pairs counted exactly: the candidates, and those asked for while clustering.
    pub verified_pairs: usize,
}

/// What decided the result; the number of threads does not.
///
/// ```
/// let settings = reprint::Deduper::default().settings();
/// assert!(settings.scheme.to_string().starts_with("minhash-128:"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Jaccard from which two documents are reprints.
    pub threshold: f64,
    /// From when on others are related; none where relations were not asked for.
    pub limits: Option<Limits>,
    /// Which copy stays.
    pub keep: Policy,
    /// How candidates are found.
    pub search: Search,
    /// Units of a window that starts with a character of a script without spaces.
    pub character_window: usize,
    /// Units of a window that starts with a word.
    pub word_window: usize,
    /// The scheme of the signatures.
    pub scheme: Scheme,
}

/// How candidate pairs are found.
///
/// ```
/// use reprint::{Deduper, report::Search};
///
/// let Search::MinHash { slots, bands, rows, .. } = Deduper::default().settings().search else { unreachable!() };
/// assert!(bands * rows <= slots);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Search {
    /// Bands of a MinHash signature.
    MinHash {
        /// Values in a signature.
        slots: usize,
        /// The share of pairs at the threshold that must be proposed.
        recall: f64,
        /// Bands, from slots, threshold and recall.
        bands: usize,
        /// Rows of a band.
        rows: usize,
    },
    /// SimHash values within a distance.
    SimHash {
        /// Bits in a signature: 64 or 128.
        bits: u32,
        /// Largest distance in bits.
        distance: u32,
    },
}

/// The stages of a run that take time.
///
/// ```
/// assert_eq!(reprint::report::Stage::Sign.to_string(), "sign");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stage {
    /// Normalise, shingle, sign: per document.
    Sign,
    /// Find candidate pairs: per band.
    Search,
    /// Count candidate pairs exactly: per pair.
    Verify,
    /// Cluster and elect: per document.
    Cluster,
    /// Find what contains or shares: per pair.
    Relate,
}

impl Stage {
    /// Its name in files: `sign`, `search`, `verify`, `cluster`, `relate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Search => "search",
            Self::Verify => "verify",
            Self::Cluster => "cluster",
            Self::Relate => "relate",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Is told how far a run is. Every method may be called from several threads.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use reprint::{Deduper, report::{Progress, Stage}};
///
/// #[derive(Default)]
/// struct Signed(AtomicUsize);
///
/// impl Progress for Signed {
///     fn advance(&self, stage: Stage, by: usize) {
///         if stage == Stage::Sign {
///             self.0.fetch_add(by, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let signed = Signed::default();
/// Deduper::default().run_with_progress(&[("a", "One text."), ("b", "Another.")], &signed)?;
/// assert_eq!(signed.0.into_inner(), 2);
/// # Ok::<(), reprint::Error>(())
/// ```
pub trait Progress: Sync {
    /// A stage begins, with this many steps.
    fn begin(&self, stage: Stage, steps: usize) {
        let _ = (stage, steps);
    }

    /// Some steps of a stage are done.
    fn advance(&self, stage: Stage, by: usize) {
        let _ = (stage, by);
    }
}

/// Nobody is told.
impl Progress for () {}
