//! Batch work: takes documents and returns a [`Report`].

mod against;
mod apart;
pub mod columns;
mod corpus;
mod election;
mod evidence;
mod fields;
mod groups;
#[cfg(feature = "index")]
mod incremental;
mod judging;
mod neighbours;
mod pairs;
mod related;
mod relevance;
mod representatives;
mod results;
mod run;
mod settings;
mod signed;
mod sketch;
mod source;

use std::path::PathBuf;

use crate::document::Documents;
use crate::error::Error;
use crate::facts::Facts;
use crate::parallel::until_stopped;
use crate::report::{Against, Evidence, Progress, Report};
use crate::tables::Scratch;
use crate::verify::Piece;

#[cfg(feature = "index")]
pub(crate) use run::order_by_id;
use settings::Config;
pub use settings::DeduperBuilder;
pub use signed::Signed;
pub(crate) use source::Source;

/// Finds reprints in a collection of documents. It folds and signs each document, finds candidate pairs, compares these exactly, and
/// clusters the copies, each cluster under one canonical copy.
///
/// The result depends only on the documents and the settings, not on their order or the number of threads. Time: one pass over all texts,
/// and a second pass over the texts that have copies or share seeds with others. Memory: the folded form of every text and another 1.7 kB
/// for each document (unless it is [limited](Self::with_memory)), and 15 MB a thread for texts that are being compared.
///
/// ```
/// use reprint::{Deduper, Document};
///
/// let documents = [
///     Document::new("print", "抗击疫情的战场，是检验党员\n干部成色的试金石。"),
///     Document::new("taiwan", "抗擊疫情的戰場,是檢驗黨員幹部成色的試金石"),
///     Document::new("other", "风雨同舟，同甘共苦。"),
/// ];
/// let report = Deduper::builder().threshold(0.6).build()?.run(&documents)?;
/// assert_eq!(report.clusters.len(), 1);
/// assert_eq!(report.clusters[0].canonical.id, "print");
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Deduper(Config);

impl Default for Deduper {
    /// The defaults of [`DeduperBuilder`].
    fn default() -> Self {
        Self(Config::default())
    }
}

impl Deduper {
    /// Starts from the defaults.
    pub fn builder() -> DeduperBuilder {
        DeduperBuilder::default()
    }

    /// Limits the memory in which a run holds what it knows of all documents to this number of bytes. Folded texts go to a temporary file
    /// in `folder`. Whatever else does not fit into the bytes goes there as well, except about 160 bytes a document, which are always held
    /// in memory. By default, everything is held in memory. The limit changes no result, and no file is left in the folder.
    ///
    /// On disk, a document takes its folded text and about 6 kB while the run lasts. Texts that are being compared, and the pairs that were
    /// found, need memory in addition to the bytes: 16 MB a thread, and a hundred bytes for each pair of near texts.
    ///
    /// ```
    /// use reprint::Deduper;
    ///
    /// let documents = [("a", "One text."), ("b", "One text"), ("c", "Another.")];
    /// let on_disk = Deduper::default().with_memory(0, std::env::temp_dir());
    /// assert_eq!(on_disk.run(&documents)?.clusters, Deduper::default().run(&documents)?.clusters);
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn with_memory(mut self, bytes: usize, folder: impl Into<PathBuf>) -> Self {
        self.0.scratch = Some(Scratch {
            folder: folder.into(),
            bytes,
        });
        self
    }

    /// Signs one text before the runs that use it. Cost: about 10 ns a byte.
    pub fn facts(&self, text: &str) -> Facts {
        Facts::new(&self.0.sketcher(), text)
    }

    /// Finds the reprints among `documents`.
    ///
    /// # Errors
    ///
    /// If two documents have one id, if there are 2³² documents or more, or if no thread can be started. No text is an error.
    pub fn run<D: Documents + ?Sized>(&self, documents: &D) -> Result<Report, Error> {
        self.run_with_progress(documents, &())
    }

    /// As [`run`](Self::run), and reports to `progress` how far the run is. The run ends early if `progress`
    /// [says so](Progress::is_stopped).
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run), or if it was stopped.
    pub fn run_with_progress<D: Documents + ?Sized>(
        &self,
        documents: &D,
        progress: &dyn Progress,
    ) -> Result<Report, Error> {
        until_stopped(|| run::run(&self.0, &Source::new(&documents), None, progress, &()))
    }

    /// As [`run_with_progress`](Self::run_with_progress), and saves the result of every stage. An interrupted run of the same documents and
    /// settings continues after the last completed stage, with the same result.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    #[cfg(feature = "serde")]
    pub fn run_with_checkpoints<D: Documents + ?Sized>(
        &self,
        documents: &D,
        progress: &dyn Progress,
        checkpoints: &impl crate::Checkpoints,
    ) -> Result<Report, Error> {
        until_stopped(|| {
            run::run(
                &self.0,
                &Source::new(&documents),
                None,
                progress,
                checkpoints,
            )
        })
    }

    /// Compares `documents` with a `reference` collection. Finds copies of reference documents, documents that contain one, and documents
    /// that are inside one. Examples: test sets and training texts, the news of a day and the archive. Short items are found despite light
    /// edits ([`items`](crate::items)).
    ///
    /// Ids of the two collections are separate. Reference documents are only compared with: none is removed, and none is canonical. To
    /// deduplicate what is left, pass [`Remaining`](crate::Remaining) without the dropped documents to [`run`](Self::run). Cost: both
    /// collections are signed and searched; only pairs of a new document and a reference document are compared.
    ///
    /// ```
    /// use reprint::{Deduper, Remaining, verify::Relation};
    ///
    /// let archive = [("1", "The ferry to Holm stops on the first of November, the port office said on Tuesday.")];
    /// let news = [
    ///     ("1", "The ferry to Holm stops on the first of November, the port office said on Tuesday."),
    ///     ("2", "The weir at Long Barton gave way on the night of the sixteenth."),
    /// ];
    /// let deduper = Deduper::default();
    /// let against = deduper.against(&news, &archive)?;
    /// assert_eq!(against.pairs[0].comparison.relation, Relation::Exact);
    /// let rest = Remaining::new(&news, &against.dropped(&Relation::COPIES));
    /// assert_eq!(deduper.run(&rest)?.kept(), [true]);
    /// # Ok::<(), reprint::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If two documents of one collection have one id, if there are 2³² documents or more, or if no thread can be started.
    pub fn against<D: Documents + ?Sized, R: Documents + ?Sized>(
        &self,
        documents: &D,
        reference: &R,
    ) -> Result<Against, Error> {
        self.against_with_progress(documents, reference, &())
    }

    /// As [`against`](Self::against), and reports to `progress` how far it is.
    ///
    /// # Errors
    ///
    /// As [`against`](Self::against).
    pub fn against_with_progress<D: Documents + ?Sized, R: Documents + ?Sized>(
        &self,
        documents: &D,
        reference: &R,
        progress: &dyn Progress,
    ) -> Result<Against, Error> {
        let compared = self.against_and_sign(documents, reference, progress)?;
        Ok(compared.0)
    }

    /// As [`against_with_progress`](Self::against_with_progress), and keeps the result of signing `documents`. With it,
    /// [`run_signed`](Self::run_signed) need not sign the remaining documents again.
    ///
    /// # Errors
    ///
    /// As [`against`](Self::against).
    pub fn against_and_sign<D: Documents + ?Sized, R: Documents + ?Sized>(
        &self,
        documents: &D,
        reference: &R,
        progress: &dyn Progress,
    ) -> Result<(Against, Signed), Error> {
        until_stopped(|| {
            against::against(
                &self.0,
                &Source::new(&documents),
                &Source::new(&reference),
                progress,
            )
        })
    }

    /// As [`run_with_progress`](Self::run_with_progress), but does not sign documents again that are in `signed`. A document with the id of
    /// a signed one must also have its text. `documents` may have others as well.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_signed<D: Documents + ?Sized>(
        &self,
        documents: &D,
        signed: Signed,
        progress: &dyn Progress,
    ) -> Result<Report, Error> {
        until_stopped(|| {
            run::run(
                &self.0,
                &Source::new(&documents),
                Some(signed),
                progress,
                &(),
            )
        })
    }

    /// As [`run_signed`](Self::run_signed), and saves the result of every stage as
    /// [`run_with_checkpoints`](Self::run_with_checkpoints) does.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    #[cfg(feature = "serde")]
    pub fn run_signed_with_checkpoints<D: Documents + ?Sized>(
        &self,
        documents: &D,
        signed: Signed,
        progress: &dyn Progress,
        checkpoints: &impl crate::Checkpoints,
    ) -> Result<Report, Error> {
        until_stopped(|| {
            run::run(
                &self.0,
                &Source::new(&documents),
                Some(signed),
                progress,
                checkpoints,
            )
        })
    }

    /// The relation of two documents (by their positions in the input) with passages, differences and conflicting numbers;
    /// [`run`](Self::run) returns only the verdict. The verdict depends on the other documents too, so all documents are read and compared:
    /// half of the cost of a run.
    ///
    /// # Errors
    ///
    /// If a position is not in the input, or as [`run`](Self::run).
    pub fn evidence<D: Documents + ?Sized>(
        &self,
        documents: &D,
        a: usize,
        b: usize,
    ) -> Result<Evidence, Error> {
        self.evidence_with_progress(documents, a, b, &())
    }

    /// As [`evidence`](Self::evidence), and reports to `progress` how far the stages are. `progress` can stop them.
    ///
    /// # Errors
    ///
    /// As [`evidence`](Self::evidence), or if it was stopped.
    pub fn evidence_with_progress<D: Documents + ?Sized>(
        &self,
        documents: &D,
        a: usize,
        b: usize,
        progress: &dyn Progress,
    ) -> Result<Evidence, Error> {
        in_range(documents, [a, b])?;
        until_stopped(|| self.0.evidence(&Source::new(&documents), (a, b), progress))
    }

    /// Two documents (by their positions in the input) as pieces to be shown side by side. The pieces, equal and different, together are
    /// both texts. No verdict is computed, so the cost is that of the two texts.
    ///
    /// ```
    /// use reprint::{Deduper, verify::DifferenceKind};
    ///
    /// let pieces = Deduper::default().side_by_side(&[("print", "銅牆\n鐵壁"), ("web", "銅牆鐵壁")], 0, 1)?;
    /// let kinds: Vec<_> = pieces.iter().map(|piece| piece.kind).collect();
    /// assert_eq!(kinds, [None, Some(DifferenceKind::Layout), None]);
    /// # Ok::<(), reprint::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a position is not in the input, or if a document can't be read.
    pub fn side_by_side<D: Documents + ?Sized>(
        &self,
        documents: &D,
        a: usize,
        b: usize,
    ) -> Result<Vec<Piece>, Error> {
        in_range(documents, [a, b])?;
        self.0.side_by_side(&Source::new(&documents), a, b)
    }

    /// The settings as they are in a report.
    pub fn settings(&self) -> crate::report::Settings {
        self.0.describe()
    }
}

/// Fails if one of the positions is not in the collection.
fn in_range<D: Documents + ?Sized>(documents: &D, positions: [usize; 2]) -> Result<(), Error> {
    let beyond = positions
        .into_iter()
        .find(|&position| position >= documents.len());
    beyond.map_or(Ok(()), |position| {
        let limit = format!(
            "it must be under {}, the number of documents",
            documents.len()
        );
        Err(Error::setting("position", position, limit))
    })
}
