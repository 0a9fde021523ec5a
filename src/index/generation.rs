//! What are the clusters of all documents in the index? They are those of one batch run over these.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, OnceLock};

use crate::deduper::Deduper;
use crate::document::{Documents, Metadata};
use crate::error::Error;
use crate::facts::Facts;
use crate::index::Index;
use crate::index::files::{AppendFile, FileKind};
use crate::index::ledger::Row;
use crate::index::manifest::{GenerationFile, Grown};
use crate::index::record;
use crate::report::{Cluster, CommonPassage, Progress, RelatedPair, Report};

/// The cluster of each clustered document of the last generation, named by its canonical id.
pub(super) type Membership = HashMap<String, Arc<str>>;

/// The documents in the index, for a batch run.
pub(super) struct Present<'i> {
    index: &'i Index,
    rows: Vec<&'i Row>,
    facts: Vec<Arc<Facts>>,
}

impl<'i> Present<'i> {
    pub(super) fn new(index: &'i Index, numbers: impl Iterator<Item = u32>) -> Result<Self, Error> {
        let rows = numbers.map(|number| index.row(number));
        let rows: Vec<&Row> = rows.collect();
        let facts = rows.iter().map(|row| index.read_facts(row).map(Arc::new));
        Ok(Self {
            facts: facts.collect::<Result<_, _>>()?,
            index,
            rows,
        })
    }
}

impl Documents for Present<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn id(&self, position: usize) -> &str {
        &self.rows[position].id
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        let text = self.index.text_of(self.rows[position]);
        text.map(Cow::from).map_err(io::Error::other)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        let added = self.index.ledger.added(self.rows[position]);
        added.map(|added| added.metadata).map_err(io::Error::other)
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        self.facts.get(position).map(|facts| &**facts)
    }
}

impl Index {
    /// Makes the next generation: one run of the [`Deduper`] over all documents in the index, with their stored facts. If nothing was added
    /// or removed since the last generation, that one remains. Cost: that of the run without signing.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add), or if `progress` stopped the run.
    pub fn settle(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        if self.is_settled() {
            return Ok(());
        }
        self.check_writable()?;
        // The clusters do not depend on relations.
        let report = self.run(&self.deduper.without_relations(), progress)?;
        let mut manifest = self.manifest.clone();
        let number = manifest.take_number();
        let path = self.path(FileKind::Generation, number);
        let mut file = AppendFile::create(path)?;
        for cluster in &report.clusters {
            record::append(&mut file, &record::payload(cluster))?;
        }
        file.sync()?;
        manifest.generations += 1;
        manifest.generation = Some(GenerationFile {
            file: Grown {
                number,
                length: file.length(),
            },
            rows: self.ledger.rows.len() as u64,
            is_current: true,
        });
        self.commit(manifest)?;
        self.generation = Some(file);
        self.membership = OnceLock::new();
        Ok(())
    }

    fn run(&self, deduper: &Deduper, progress: &dyn Progress) -> Result<Report, Error> {
        let present = Present::new(self, self.ledger.present())?;
        deduper.run_with_progress(&present, progress)
    }

    /// Pairs of documents, one inside the other, as one run over the documents in the index finds them. Positions are places in
    /// [`ids`](Self::ids). Empty if the deduper does not look for relations. The result is not stored: each call costs a run without
    /// signing.
    ///
    /// # Errors
    ///
    /// If something that is needed can't be read or is damaged, or if `progress` stopped the run.
    pub fn contained(&self, progress: &dyn Progress) -> Result<Vec<RelatedPair>, Error> {
        Ok(self.run(&self.deduper, progress)?.relations)
    }

    /// Passages that two or more of the kept documents have in common, as one run over the documents in the index finds them. Positions are
    /// places in [`ids`](Self::ids). Otherwise as [`contained`](Self::contained).
    ///
    /// # Errors
    ///
    /// As [`contained`](Self::contained).
    pub fn passages(&self, progress: &dyn Progress) -> Result<Vec<CommonPassage>, Error> {
        Ok(self.run(&self.deduper, progress)?.passages)
    }

    /// Has nothing been added or removed since the last generation was made?
    pub fn is_settled(&self) -> bool {
        match self.manifest.generation {
            Some(generation) => generation.is_current,
            None => false,
        }
    }

    /// The number of the last generation; 0 before the first.
    pub fn generation(&self) -> u64 {
        self.manifest.generations
    }

    /// The clusters of the last generation, by canonical id. If the index [is settled](Self::is_settled), they are those of one run over
    /// the documents in the index, in the order in which they were added. Empty before the first generation.
    ///
    /// # Errors
    ///
    /// If the file of the generation can't be read or is damaged.
    pub fn clusters(&self) -> Result<Vec<Cluster>, Error> {
        let Some(file) = &self.generation else {
            return Ok(Vec::new());
        };
        let mut clusters = Vec::new();
        record::for_each(file, 0, file.length(), |place, payload| {
            clusters.push(record::value(file, place, &payload)?);
            Ok(())
        })?;
        Ok(clusters)
    }

    /// The canonical id of a document's cluster in the last generation.
    pub(super) fn cluster_of(&self, id: &str) -> Result<Option<String>, Error> {
        let Some(generation) = self.manifest.generation else {
            return Ok(None);
        };
        let number = self.ledger.number_of(id);
        // At that time, another document may have had this id.
        if number.is_none_or(|number| u64::from(number) >= generation.rows) {
            return Ok(None);
        }
        let membership = match self.membership.get() {
            Some(membership) => membership,
            None => {
                let read = membership(&self.clusters()?);
                self.membership.get_or_init(|| read)
            }
        };
        Ok(membership.get(id).map(|canonical| canonical.to_string()))
    }
}

fn membership(clusters: &[Cluster]) -> Membership {
    let mut membership = Membership::new();
    for cluster in clusters {
        let canonical: Arc<str> = cluster.canonical.id.as_str().into();
        for document in cluster.documents() {
            membership.insert(document.id.clone(), Arc::clone(&canonical));
        }
    }
    membership
}
