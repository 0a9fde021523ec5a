//! The settings of a run, with checks of their ranges.

use crate::cluster::{DayOrder, Policy};
use crate::deduper::Deduper;
use crate::deduper::source::Source;
use crate::error::Error;
use crate::facts::{Hasher, Sketcher};
use crate::lsh::{Banding, check_distance, check_threshold};
use crate::normalize::Normalizer;
use crate::report::{Search, Settings};
use crate::scheme::Scheme;
use crate::shingle::Shingler;
use crate::signature::{MinHasher, SimHashWidth, SimHasher};
use crate::tables::Scratch;
use crate::verify::{Bounds, FURNITURE_FLOOR, Limits, Relation};

/// Maximum number of worker threads. More threads take longer to start than they save.
const MAX_THREADS: usize = 1024;

/// Settings of a [`Deduper`], checked by [`build`](Self::build).
///
/// ```
/// use reprint::Deduper;
///
/// let deduper = Deduper::builder().threshold(0.8).recall(0.99).threads(2).build()?;
/// assert_eq!(deduper.settings().threshold, 0.8);
/// assert!(Deduper::builder().threads(0).build().unwrap_err().is_setting());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DeduperBuilder {
    threshold: f64,
    level: Relation,
    bounds: Option<Bounds>,
    drift: bool,
    recall: f64,
    slots: usize,
    simhash: Option<(SimHashWidth, u32)>,
    relations: bool,
    limits: Limits,
    policy: Policy,
    day_order: Option<DayOrder>,
    apart: Option<String>,
    min_sources: usize,
    threads: Option<usize>,
    normalizer: Normalizer,
    shingler: Shingler,
}

impl Default for DeduperBuilder {
    fn default() -> Self {
        Self {
            threshold: 0.6,
            level: Relation::Reprint,
            bounds: None,
            drift: true,
            recall: 0.95,
            slots: 128,
            simhash: None,
            relations: true,
            limits: Limits::default(),
            policy: Policy::default(),
            day_order: None,
            apart: None,
            min_sources: 1,
            threads: None,
            normalizer: Normalizer::new(),
            shingler: Shingler::default(),
        }
    }
}

impl DeduperBuilder {
    /// Minimum similarity of two reprints, over 0 and at most 1; default 0.6. Each member of a cluster has at least this
    /// [similarity](crate::verify::Comparison::similarity). At 1, only equal folded texts are copies.
    pub fn threshold(mut self, jaccard: f64) -> Self {
        self.threshold = jaccard;
        self.bounds = None;
        self
    }

    /// The loosest relation that makes clusters: [`Relation::Exact`], [`Relation::SameText`] or [`Relation::Reprint`], the
    /// default.
    pub fn level(mut self, level: Relation) -> Self {
        self.level = level;
        self
    }

    /// The bounds of all figures that decide whether two documents are copies, instead of the bounds that follow from the threshold.
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.threshold = bounds.shingles;
        self.bounds = Some(bounds);
        self
    }

    /// Whether a cluster follows a text through its versions; on by default. A document that is a copy of some member then joins with three
    /// fifths of the similarity to the canonical copy that copies need, if few other documents have the common text. So versions of a law
    /// over five years are one cluster, and the licences of one family are not. If off, every member is as similar to the canonical copy as
    /// two copies must be.
    pub fn drift(mut self, wanted: bool) -> Self {
        self.drift = wanted;
        self
    }

    /// Share of the pairs at the threshold that the search must propose, over 0 and under 1; default 0.95. Of pairs over the threshold, it
    /// finds a larger share.
    pub fn recall(mut self, share: f64) -> Self {
        self.recall = share;
        self
    }

    /// Number of values in a MinHash signature, from 1 to [`MAX_SLOTS`](crate::signature::MAX_SLOTS); default 128.
    pub fn slots(mut self, slots: usize) -> Self {
        self.slots = slots;
        self
    }

    /// Finds candidates by SimHash within `distance` bits instead of MinHash bands. It takes 8 or 16 bytes a document instead of 512, but
    /// finds only pairs that are much alike. The maximum is [`MAX_DISTANCE`](crate::lsh::MAX_DISTANCE) bits, and twice that for 128 bits.
    pub fn simhash(mut self, width: SimHashWidth, distance: u32) -> Self {
        self.simhash = Some((width, distance));
        self
    }

    /// Whether to look for documents that contain others, and for passages that several documents have; on by default. It costs about a
    /// third as much as all other stages.
    pub fn relations(mut self, wanted: bool) -> Self {
        self.relations = wanted;
        self
    }

    /// Minimum share of one document's shingles that another must have for the first to be `within` the other, over 0 and at most 1;
    /// default 0.6.
    pub fn containment(mut self, share: f64) -> Self {
        self.limits.containment = share;
        self
    }

    /// Minimum length of a passage, in characters of a script without spaces; a word counts as two. Default 30: every passage of at least
    /// this length is found. With a lower minimum, only some of the shorter passages are found.
    pub fn passage(mut self, weight: usize) -> Self {
        self.limits.passage = weight;
        self
    }

    /// Which copy of a cluster is kept. By default it is the least damaged copy, then the most complete, then the earliest.
    pub fn keep(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Whether the day or the month comes first in dates like `02/03/2024`. By default, the other dates of the field decide
    /// ([`DateReader`](crate::cluster::DateReader)).
    pub fn day_order(mut self, order: DayOrder) -> Self {
        self.day_order = Some(order);
        self
    }

    /// Never joins documents with different values of this metadata field, not even equal texts. Examples: translations, licences, the
    /// splits of a data set. A document without the field joins only others without it. Of a list, all values count, in their order. The
    /// metadata of every document is read. Where pairs are judged, equal texts of different values still count as one work.
    ///
    /// ```
    /// use reprint::{Deduper, Document, Metadata};
    ///
    /// let document = |id: &str, split: &str| {
    ///     let other = vec![("split".to_owned(), split.to_owned())];
    ///     Document::new(id, "One text.").with_metadata(Metadata { other, ..Metadata::default() })
    /// };
    /// let documents = [document("a", "train"), document("b", "test"), document("c", "train")];
    /// let report = Deduper::builder().apart("split").build()?.run(&documents)?;
    /// assert_eq!(report.kept(), [true, true, false]);
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn apart(mut self, field: impl Into<String>) -> Self {
        self.apart = Some(field.into());
        self
    }

    /// Minimum number of different sources of a text. Only texts whose documents have as many keep a copy; the default 1 keeps a copy of
    /// every text. A document without a source adds none, and a document that lists several adds all. The other documents are in
    /// [`Report::few_sources`](crate::report::Report::few_sources).
    ///
    /// ```
    /// use reprint::{Deduper, Document, Metadata};
    ///
    /// let document = |id: &str, text: &str, source: &str| {
    ///     let source = Some(source.to_owned());
    ///     Document::new(id, text).with_metadata(Metadata { source, ..Metadata::default() })
    /// };
    /// let documents = [document("a", "One text.", "x"), document("b", "One text.", "y"), document("c", "Another.", "x")];
    /// let report = Deduper::builder().min_sources(2).build()?.run(&documents)?;
    /// assert_eq!(report.kept(), [true, false, false]);
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn min_sources(mut self, sources: usize) -> Self {
        self.min_sources = sources;
        self
    }

    /// Number of worker threads, from 1 to 1024; by default one for each core. No result depends on it.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// How texts are folded.
    pub fn normalizer(mut self, normalizer: Normalizer) -> Self {
        self.normalizer = normalizer;
        self
    }

    /// How folded texts are cut into shingles.
    pub fn shingler(mut self, shingler: Shingler) -> Self {
        self.shingler = shingler;
        self
    }

    /// Checks the settings and makes the deduper.
    ///
    /// # Errors
    ///
    /// If a setting is out of range, or if this number of slots can't reach the recall at the threshold. The message names the setting, its
    /// value and the limit.
    pub fn build(self) -> Result<Deduper, Error> {
        if let Some(threads) = self
            .threads
            .filter(|threads| !(1..=MAX_THREADS).contains(threads))
        {
            let limit = format!("it must be from 1 to {MAX_THREADS}");
            return Err(Error::setting("threads", threads, limit));
        }
        let threshold = self.threshold;
        check_threshold(threshold)?;
        if !self.level.is_copy() {
            let limit = "it must be exact, same-text or reprint";
            return Err(Error::setting("level", self.level, limit));
        }
        self.limits.check()?;
        if self.policy.drops_contained() && !self.relations {
            let limit = "documents within others are not looked for; ask for relations";
            return Err(Error::setting("keep", "container", limit));
        }
        if self.min_sources == 0 {
            let limit = "it must be at least 1, which keeps a copy of every text";
            return Err(Error::setting("min-sources", 0, limit));
        }
        if self.apart.as_deref() == Some("") {
            let limit = "name a field, such as lang";
            return Err(Error::setting("apart", "\"\"", limit));
        }
        let shingles = self.shingler.scheme(&self.normalizer);
        let signer = match self.simhash {
            Some((width, distance)) => Signer::sim_hash(shingles, width, distance)?,
            None => Signer::MinHash {
                hasher: MinHasher::new(shingles, self.slots)?,
                banding: Banding::for_threshold(
                    self.slots,
                    search_threshold(threshold),
                    self.recall,
                )?,
                recall: self.recall,
            },
        };
        Ok(Deduper(Config {
            threshold,
            level: if threshold < 1.0 {
                self.level
            } else {
                self.level.min(Relation::SameText)
            },
            bounds: self.bounds.unwrap_or(Bounds::from_threshold(threshold)),
            drift: self.drift,
            relations: self.relations,
            limits: self.limits,
            policy: self.policy,
            day_order: self.day_order,
            apart: self.apart,
            min_sources: self.min_sources,
            threads: self.threads,
            scratch: None,
            normalizer: self.normalizer,
            shingler: self.shingler,
            signer,
        }))
    }
}

impl Default for Config {
    /// The configuration that the builder makes by default, without its checks. A test compares the two.
    fn default() -> Self {
        let DeduperBuilder {
            threshold,
            level,
            drift,
            recall,
            slots,
            relations,
            limits,
            policy,
            day_order,
            apart,
            min_sources,
            threads,
            normalizer,
            shingler,
            ..
        } = DeduperBuilder::default();
        let shingles = shingler.scheme(&normalizer);
        let signer = Signer::MinHash {
            hasher: MinHasher::unchecked(shingles, slots),
            banding: Banding::most_rows(slots, search_threshold(threshold), recall)
                .unwrap_or(Banding::ONE),
            recall,
        };
        Self {
            threshold,
            level,
            bounds: Bounds::from_threshold(threshold),
            drift,
            relations,
            limits,
            policy,
            day_order,
            apart,
            min_sources,
            threads,
            scratch: None,
            normalizer,
            shingler,
            signer,
        }
    }
}

/// Minimum Jaccard of the pairs that the search must find. Reprints with much furniture are only this similar as whole texts.
fn search_threshold(threshold: f64) -> f64 {
    FURNITURE_FLOOR * threshold
}

/// Settings that have been checked.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) threshold: f64,
    pub(super) level: Relation,
    pub(super) bounds: Bounds,
    /// Whether clusters follow texts through their versions.
    pub(super) drift: bool,
    /// Whether to look for relations.
    pub(super) relations: bool,
    pub(super) limits: Limits,
    pub(super) policy: Policy,
    pub(super) day_order: Option<DayOrder>,
    /// Documents of different values of this field are never joined.
    pub(super) apart: Option<String>,
    /// Minimum number of different sources of a text that is kept.
    pub(super) min_sources: usize,
    pub(super) threads: Option<usize>,
    /// Where tables may be kept on disk. `None` if everything is held in memory.
    pub(super) scratch: Option<Scratch>,
    pub(super) normalizer: Normalizer,
    pub(super) shingler: Shingler,
    pub(super) signer: Signer,
}

/// The kind of signature, with the settings of its search.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signer {
    MinHash {
        hasher: MinHasher,
        banding: Banding,
        recall: f64,
    },
    SimHash {
        hasher: SimHasher,
        width: SimHashWidth,
        distance: u32,
    },
}

impl Signer {
    fn sim_hash(shingles: Scheme, width: SimHashWidth, distance: u32) -> Result<Self, Error> {
        check_distance(width, distance)?;
        let hasher = SimHasher::new(shingles, width);
        Ok(Self::SimHash {
            hasher,
            width,
            distance,
        })
    }

    fn hasher(&self) -> Hasher {
        match *self {
            Self::MinHash { hasher, .. } => Hasher::MinHash(hasher),
            Self::SimHash { hasher, .. } => Hasher::SimHash(hasher),
        }
    }

    fn search(&self) -> Search {
        match *self {
            Self::MinHash {
                hasher,
                banding,
                recall,
            } => Search::MinHash {
                slots: hasher.slots(),
                recall,
                bands: banding.bands(),
                rows: banding.rows(),
            },
            Self::SimHash {
                width, distance, ..
            } => Search::SimHash {
                bits: width.bits(),
                distance,
            },
        }
    }
}

impl Config {
    /// Are the grams of texts sampled?
    pub(super) fn samples(&self) -> bool {
        matches!(self.signer, Signer::MinHash { .. })
    }

    /// How texts are signed.
    pub(super) fn sketcher(&self) -> Sketcher<'_> {
        Sketcher {
            normalizer: self.normalizer,
            shingler: &self.shingler,
            hasher: self.signer.hasher(),
            seeds: self.relations,
        }
    }

    /// Fails if a document has facts of another scheme.
    pub(super) fn check_facts(&self, documents: &Source<'_>) -> Result<(), Error> {
        let own = self.sketcher().scheme();
        let schemes =
            (0..documents.len()).filter_map(|position| Some(documents.facts(position)?.scheme()));
        match schemes.into_iter().find(|&scheme| scheme != own) {
            Some(other) => Err(Error::schemes(own, other)),
            None => Ok(()),
        }
    }

    pub(super) fn describe(&self) -> Settings {
        Settings {
            threshold: self.threshold,
            level: self.level,
            limits: self.relations.then_some(self.limits),
            keep: self.policy.clone(),
            day_order: self.day_order,
            apart: self.apart.clone(),
            min_sources: self.min_sources,
            search: self.signer.search(),
            character_window: self.shingler.character_window(),
            word_window: self.shingler.word_window(),
            scheme: self.sketcher().scheme(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_what_the_builder_builds() {
        let built = Deduper::builder().build().unwrap();
        assert_eq!(Deduper::default().settings(), built.settings());
    }

    #[test]
    fn what_is_out_of_range_is_named_with_its_limit() {
        let message = |builder: DeduperBuilder| builder.build().unwrap_err().to_string();
        let builder = Deduper::builder;
        assert_eq!(
            message(builder().threshold(0.0)),
            "threshold is 0: it must be over 0 and at most 1"
        );
        assert_eq!(
            message(builder().threshold(f64::NAN)),
            "threshold is NaN: it must be over 0 and at most 1"
        );
        assert_eq!(
            message(builder().level(Relation::Within)),
            "level is within: it must be exact, same-text or reprint"
        );
        assert_eq!(
            message(builder().recall(1.0)),
            "recall is 1: it must be over 0 and under 1"
        );
        assert_eq!(
            message(builder().slots(0)),
            "slots is 0: it must be from 1 to 4096"
        );
        assert_eq!(
            message(builder().threads(0)),
            "threads is 0: it must be from 1 to 1024"
        );
        assert_eq!(
            message(builder().simhash(SimHashWidth::Bits64, 13)),
            "distance is 13: it must be at most 12 for 64 bits"
        );
        assert_eq!(
            message(builder().min_sources(0)),
            "min-sources is 0: it must be at least 1, which keeps a copy of every text"
        );
        assert!(message(builder().threshold(0.01)).contains("is the most that can be reached"));
    }
}
