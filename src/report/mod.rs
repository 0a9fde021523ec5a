//! What did a run do, and why?
//!
//! The report is plain data: clusters with their reasons, refused pairs, the counts of each stage, and the settings of the run.
//! With the feature `serde`, [`records`] has the same data as rows of the result files.

mod against;
mod explain;
mod passage;
#[cfg(feature = "serde")]
pub mod records;

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::time::Duration;

pub use crate::document::DocumentRef;
pub use against::{Against, AgainstPair, AgainstShare};
pub use explain::{CopyPair, Evidence, Explanation};
pub use passage::{CommonPassage, Passage, PassagePlace};

use xxhash_rust::xxh3::Xxh3;

use crate::cluster::{DayOrder, Policy};
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
    /// Pairs of different texts that verification accepted as copies, by their ids.
    pub accepted: Vec<CopyPair>,
    /// Pairs of copies that ended in different clusters, because one of the two is not a copy of the other's canonical copy; by their
    /// ids.
    pub refused: Vec<RefusedPair>,
    /// Pairs of documents where one contains the other, and shares more with it than common phrases; by their ids.
    pub relations: Vec<RelatedPair>,
    /// Passages that two or more of the staying documents share, each once, by their first place.
    pub passages: Vec<CommonPassage>,
    /// Documents that are removed because they are inside one that stays, by id. Empty unless the policy asks for it.
    pub contained: Vec<Contained>,
    /// Documents that are removed because their text has fewer sources than required, in input order. Empty unless
    /// [`min_sources`](crate::DeduperBuilder::min_sources) is more than one.
    pub few_sources: Vec<FewSources>,
    /// Unreadable values of fields that the policy compares, by field.
    pub unread: Vec<UnreadValues>,
    /// The counts of the stages.
    pub counts: Counts,
    /// The settings that decided the result.
    pub settings: Settings,
    /// The duration of each stage, in order.
    pub timings: Vec<(Stage, Duration)>,
}

impl Report {
    /// Whether each document stays, in input order. A document stays if it is canonical or in no cluster, and is not removed for being
    /// inside another one or for having too few sources. Representatives stay too.
    pub fn kept(&self) -> Vec<bool> {
        let mut kept = vec![true; self.counts.documents];
        for (_, member) in self.clusters.iter().flat_map(Cluster::removed) {
            kept[member.document.position] = false;
        }
        for few in &self.few_sources {
            kept[few.document.position] = false;
        }
        for contained in &self.contained {
            kept[contained.document.position] = false;
        }
        kept
    }

    /// The [`digest`] of its clusters.
    ///
    /// ```
    /// let report = reprint::Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
    /// assert_eq!(report.digest(), reprint::report::digest(&report.clusters));
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn digest(&self) -> String {
        digest(&self.clusters)
    }

    /// The passages that the document at a position shares with others. A passage lists at most 1,000 places, and only these are
    /// searched. Cost: a pass over all places.
    ///
    /// ```
    /// let report = reprint::Deduper::default().run(&[("a", "One text."), ("b", "Another.")])?;
    /// assert_eq!(report.passages_of(0).count(), 0);
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn passages_of(&self, position: usize) -> impl Iterator<Item = &CommonPassage> {
        let stands = move |passage: &&CommonPassage| {
            let mut places = passage.places.iter();
            places.any(|place| place.position == position)
        };
        self.passages.iter().filter(stands)
    }

    /// Number of members of clusters with this relation to their canonical copy.
    pub fn members_of(&self, relation: Relation) -> usize {
        let members = self.clusters.iter().flat_map(|cluster| &cluster.members);
        members
            .filter(|member| member.comparison.relation == relation)
            .count()
    }
}

/// A digest of clusters. It is XXH3-128 over the lines `id TAB canonical TAB relation` of all members of all clusters (the
/// canonical copy's relation is `canonical`), sorted by bytes, each ended by LF. Tabs and line feeds in ids are written `\t` and
/// `\n`. Two results with the same digest have the same clusters, however they were computed. Cost: a sort of the lines.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("a\t1", "One text."), ("b", "One text")])?;
/// let lines = "a\\t1\ta\\t1\tcanonical\nb\ta\\t1\tsame-text\n";
/// let expected = format!("{:032x}", xxhash_rust::xxh3::xxh3_128(lines.as_bytes()));
/// assert_eq!(reprint::report::digest(&report.clusters), expected);
/// # Ok::<(), reprint::Error>(())
/// ```
pub fn digest(clusters: &[Cluster]) -> String {
    let members = clusters.iter().flat_map(|cluster| {
        let canonical = cluster.canonical.id.as_str();
        let members = cluster.members.iter();
        let members = members.map(|member| (&member.document, member.comparison.relation.as_str()));
        let members = std::iter::once((&cluster.canonical, "canonical")).chain(members);
        members.map(move |(document, relation)| (document.id.as_str(), canonical, relation))
    });
    digest_of_members(members)
}

/// The [`digest`] from the members of clusters, in any order. Each member is given as its id, the id of its canonical copy, and its
/// relation to that copy.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("a", "One text."), ("b", "One text")])?;
/// let members = [("b", "a", "same-text"), ("a", "a", "canonical")];
/// assert_eq!(reprint::report::digest_of_members(members), report.digest());
/// # Ok::<(), reprint::Error>(())
/// ```
pub fn digest_of_members<'m>(
    members: impl IntoIterator<Item = (&'m str, &'m str, &'m str)>,
) -> String {
    let escaped = |id: &str| id.replace('\t', "\\t").replace('\n', "\\n");
    let lines = members.into_iter().map(|(id, canonical, relation)| {
        format!("{}\t{}\t{relation}\n", escaped(id), escaped(canonical))
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort_unstable();
    let mut hash = Xxh3::new();
    for line in &lines {
        hash.update(line.as_bytes());
    }
    format!("{:032x}", hash.digest128())
}

/// One text and its copies.
///
/// ```
/// let report = reprint::Deduper::default().run(&[("b", "One text."), ("a", "One text")])?;
/// assert_eq!(report.clusters[0].reason, "most complete text: a lacks 1 punctuation mark");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cluster {
    /// The copy that stays.
    pub canonical: DocumentRef,
    /// The reason why this copy stays.
    pub reason: String,
    /// Its damage, measured against the other copies.
    pub damage: Damage,
    /// The metadata of its documents, merged: the values of each name, those of the canonical copy first.
    pub metadata: BTreeMap<String, Vec<String>>,
    /// Number of different sources of its documents; documents without a source are not counted.
    pub sources: usize,
    /// Whether a copy stays. No copy stays if the cluster has fewer sources than required.
    pub stays: bool,
    /// The other copies, by id.
    pub members: Vec<Member>,
    /// The members that stay in addition to the canonical copy, for other values of a field; by id. Empty unless the policy keeps [one
    /// for each](crate::cluster::Policy::one_per).
    pub representatives: Vec<Representative>,
}

impl Cluster {
    /// All its documents, the canonical copy first.
    pub fn documents(&self) -> impl Iterator<Item = &DocumentRef> {
        let members = self.members.iter().map(|member| &member.document);
        std::iter::once(&self.canonical).chain(members)
    }

    /// The removed members, each after the document that stays for it, which is the left side of its comparison. All copies that are
    /// whole documents are removed, except the [representatives](Self::representatives). Nothing is removed if no copy stays, or if the
    /// canonical copy is only a part of a document.
    pub fn removed(&self) -> impl Iterator<Item = (&DocumentRef, &Member)> {
        let whole = self.stays && !self.canonical.is_part;
        let of_others = self.representatives.iter().flat_map(|other| {
            let removed = other.removed.iter();
            removed.map(move |member| (&other.document, member))
        });
        let of_others: Vec<(&DocumentRef, &Member)> = of_others.collect();
        let elsewhere = self
            .representatives
            .iter()
            .map(|other| other.document.position);
        let elsewhere =
            elsewhere.chain(of_others.iter().map(|(_, member)| member.document.position));
        let elsewhere: HashSet<usize> = elsewhere.collect();
        let own = self.members.iter().filter(move |member| {
            !member.document.is_part && !elsewhere.contains(&member.document.position)
        });
        let own = own.map(|member| (&self.canonical, member));
        own.chain(of_others).filter(move |_| whole)
    }

    /// Does this document stay, as the canonical copy or as a representative?
    pub fn keeps(&self, position: usize) -> bool {
        let others = self.representatives.iter().map(|other| &other.document);
        let mut staying = others.chain([&self.canonical]);
        self.stays && staying.any(|document| document.position == position)
    }
}

/// A copy that stays in addition to the canonical one, for another value of the policy's field.
///
/// ```
/// use reprint::{Deduper, Document, Metadata, cluster::Policy};
///
/// let page = |id: &str, site: &str| {
///     let source = Some(site.to_owned());
///     Document::new(id, "One text.").with_metadata(Metadata { source, ..Metadata::default() })
/// };
/// let keep: Policy = "intact;one-per:source".parse()?;
/// let documents = [page("a", "x.example"), page("b", "y.example"), page("c", "y.example")];
/// let report = Deduper::builder().keep(keep).build()?.run(&documents)?;
/// let cluster = &report.clusters[0];
/// assert_eq!((cluster.canonical.id.as_str(), cluster.members.len()), ("a", 2));
/// assert_eq!(cluster.representatives[0].document.id, "b");
/// assert_eq!(cluster.representatives[0].removed[0].document.id, "c");
/// assert_eq!(report.kept(), [true, true, false]);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Representative {
    /// The document.
    pub document: DocumentRef,
    /// The removed members with its value of the field; the representative is the left side of their comparisons.
    pub removed: Vec<Member>,
}

/// A document that is removed because too few sources have its text.
///
/// ```
/// let report = reprint::Deduper::builder().min_sources(2).build()?.run(&[("a", "One text.")])?;
/// assert_eq!((report.few_sources[0].document.id.as_str(), report.few_sources[0].sources), ("a", 0));
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FewSources {
    /// The document.
    pub document: DocumentRef,
    /// Number of different sources of the documents of its cluster.
    pub sources: usize,
}

/// Values of a field that the policy compares and that could not be read. Their documents come last.
///
/// ```
/// use reprint::{Deduper, Document, Metadata};
///
/// let document = |id: &str, date: &str| {
///     let date = Some(date.to_owned());
///     Document::new(id, "One text.").with_metadata(Metadata { date, ..Metadata::default() })
/// };
/// let deduper = Deduper::builder().keep("latest".parse()?).build()?;
/// let report = deduper.run(&[document("a", "soon"), document("b", "28 Feb 2024"), document("c", "02/03/2024")])?;
/// assert_eq!(report.clusters[0].canonical.id, "b");
/// let unread: Vec<_> = report.unread.iter().map(|values| (values.example.as_str(), values.ambiguous)).collect();
/// assert_eq!(unread, [("soon", false), ("02/03/2024", true)]);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadValues {
    /// The name of the field.
    pub field: String,
    /// Whether they are dates in which nothing separates the day from the month.
    pub ambiguous: bool,
    /// Number of documents in clusters with such a value.
    pub count: usize,
    /// The document with the smallest id among them.
    pub document: DocumentRef,
    /// The value of that document.
    pub example: String,
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Member {
    /// The document.
    pub document: DocumentRef,
    /// The verdict; `left` is the canonical copy, `right` this one.
    pub comparison: Comparison,
    /// A version between the two, if the copy joined because of that version ([`Ground::Drift`](crate::verify::Ground::Drift)).
    pub via: Option<DocumentRef>,
    /// Its damage, measured against the other copies.
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
    /// The other document.
    pub b: DocumentRef,
    /// The verdict; `a` is its left side.
    pub comparison: Comparison,
}

/// Two documents where one contains the other.
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
    /// The document that contains the other.
    pub a: DocumentRef,
    /// The contained document.
    pub b: DocumentRef,
    /// The relation of `a` to `b`: `Contains`.
    pub relation: Relation,
    /// Counts of their distinct shingles; `a` is the left side.
    pub overlap: Overlap,
    /// The passages that they share, by the place in `a`, which is the left side.
    pub passages: Vec<Passage>,
}

/// A document that is removed because it is inside one that stays.
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
    /// The document that is removed.
    pub document: DocumentRef,
    /// The document that contains it.
    pub container: DocumentRef,
    /// Counts of their distinct shingles; the container is the left side.
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

/// The counts of the stages.
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
    /// Bytes of the documents' texts in UTF-8; parts are not counted.
    pub bytes: usize,
    /// Different folded texts that are not empty.
    pub distinct_texts: usize,
    /// Pairs of different folded texts that the search proposed.
    pub candidate_pairs: usize,
    /// Pairs that were compared exactly: the candidate pairs, and the pairs that clustering needed in addition.
    pub verified_pairs: usize,
}

/// The settings that decide the result. The number of threads does not.
///
/// ```
/// let settings = reprint::Deduper::default().settings();
/// assert!(settings.scheme.to_string().starts_with("minhash-128:"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Similarity from which two documents are reprints.
    pub threshold: f64,
    /// The loosest relation that makes clusters.
    pub level: Relation,
    /// The limits for documents that are related but not copies; none if relations were not requested.
    pub limits: Option<Limits>,
    /// The policy that chooses the copy that stays.
    pub keep: Policy,
    /// The order of day and month in dates of numbers, if it is set.
    pub day_order: Option<DayOrder>,
    /// The field that keeps documents apart: documents with different values are never joined.
    pub apart: Option<String>,
    /// Minimum number of different sources of a text that stays.
    pub min_sources: usize,
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
        /// The share of pairs at the threshold that the search must propose.
        recall: f64,
        /// Number of bands, derived from slots, threshold and recall.
        bands: usize,
        /// Number of rows of a band.
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
    /// Normalise, shingle and sign each document.
    Sign,
    /// Find candidate pairs, band by band.
    Search,
    /// Compare each candidate pair exactly.
    Verify,
    /// Cluster the documents and choose the canonical copies.
    Cluster,
    /// Find common passages and contained documents, for each pair of texts.
    Relate,
}

impl Stage {
    /// All stages, in their order.
    ///
    /// ```
    /// use reprint::report::Stage;
    ///
    /// assert_eq!(Stage::ALL.first(), Some(&Stage::Sign));
    /// ```
    pub const ALL: &'static [Self] = &[
        Self::Sign,
        Self::Search,
        Self::Verify,
        Self::Cluster,
        Self::Relate,
    ];

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

/// Receives the progress of a run. Every method may be called from several threads.
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

    /// Should the run end now, with an [error](crate::Error::is_stopped)? It is called before every piece of work, which takes
    /// milliseconds. Once it has returned true, it must not return false again. The default is false. It has no effect in programs that
    /// abort on a panic.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use reprint::{Deduper, report::{Progress, Stage}};
    ///
    /// #[derive(Default)]
    /// struct UntilSearch(AtomicBool);
    ///
    /// impl Progress for UntilSearch {
    ///     fn begin(&self, stage: Stage, _: usize) {
    ///         self.0.fetch_or(stage == Stage::Search, Ordering::Relaxed);
    ///     }
    ///     fn is_stopped(&self) -> bool {
    ///         self.0.load(Ordering::Relaxed)
    ///     }
    /// }
    ///
    /// let documents = [("a", "One text."), ("b", "Another.")];
    /// let stopped = Deduper::default().run_with_progress(&documents, &UntilSearch::default());
    /// assert!(stopped.unwrap_err().is_stopped());
    /// ```
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Ignores the progress.
impl Progress for () {}
