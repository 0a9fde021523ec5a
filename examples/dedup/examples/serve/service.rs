//! Who uses the index when? Any number of readers, or one writer; each on a thread of its own, so that no other request waits for
//! more than the index.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reprint::Index;
use reprint::report::{Cluster, Progress};
use tokio::sync::{OwnedSemaphorePermit, RwLock, Semaphore};

use crate::metrics::Metrics;
use crate::options::Options;
use crate::refusal::Refusal;

/// The right to take part: a request keeps it until its work has ended, even when its client has gone.
pub type Permit = Arc<OwnedSemaphorePermit>;

/// What all requests share.
pub struct Service {
    /// In the order in which they came: a writer waits for the readers before it, and the readers after it wait for the writer.
    index: Arc<RwLock<Index>>,
    permits: Arc<Semaphore>,
    pub token: Option<String>,
    pub max_body: usize,
    wait: Duration,
    pub metrics: Metrics,
    /// Is the service to end? A generation that is being made is given up then.
    is_stopping: AtomicBool,
    /// The last generation that was asked for.
    generation: Mutex<Option<Arc<Generation>>>,
}

impl Service {
    pub fn new(index: Index, token: Option<String>, options: &Options) -> Self {
        let metrics = Metrics::default();
        metrics.set_documents(index.len());
        Self {
            index: Arc::new(RwLock::new(index)),
            permits: Arc::new(Semaphore::new(options.max_requests.into())),
            token,
            max_body: options.max_body,
            wait: options.wait(),
            metrics,
            is_stopping: AtomicBool::new(false),
            generation: Mutex::new(None),
        }
    }

    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Waits for the right to take part.
    pub async fn admit(&self) -> Result<Permit, Refusal> {
        let permit = self
            .in_time(Arc::clone(&self.permits).acquire_owned())
            .await?;
        permit.map(Arc::new).map_err(Refusal::broken)
    }

    /// Does work that reads the index.
    pub async fn read<R: Send + 'static>(
        &self,
        permit: Permit,
        work: impl FnOnce(&Index) -> Result<R, Refusal> + Send + 'static,
    ) -> Result<R, Refusal> {
        let index = self.in_time(Arc::clone(&self.index).read_owned()).await?;
        on_own_thread(move || {
            let _permit = permit;
            work(&index)
        })
        .await
    }

    /// Does work that changes the index.
    pub async fn write<R: Send + 'static>(
        self: &Arc<Self>,
        permit: Permit,
        work: impl FnOnce(&mut Index) -> Result<R, Refusal> + Send + 'static,
    ) -> Result<R, Refusal> {
        let mut index = self.in_time(Arc::clone(&self.index).write_owned()).await?;
        let service = Arc::clone(self);
        on_own_thread(move || {
            let _permit = permit;
            let done = work(&mut index);
            service.metrics.set_documents(index.len());
            done
        })
        .await
    }

    /// What a request waits for, unless that takes too long.
    async fn in_time<R>(&self, wanted: impl Future<Output = R>) -> Result<R, Refusal> {
        let wanted = tokio::time::timeout(self.wait, wanted).await;
        wanted.map_err(|_| Refusal::busy())
    }

    /// The clusters of the last generation. They are read once for each generation.
    pub fn generation(&self, index: &Index) -> Result<Arc<Generation>, reprint::Error> {
        let mut held = self
            .generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*held {
            Some(generation) if generation.number == index.generation() => {
                Ok(Arc::clone(generation))
            }
            _ => {
                let generation = Arc::new(Generation::read(index)?);
                *held = Some(Arc::clone(&generation));
                Ok(generation)
            }
        }
    }
}

impl Progress for Service {
    fn is_stopped(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }
}

/// The clusters of a generation, by the ids of their documents.
pub struct Generation {
    pub number: u64,
    clusters: Vec<Cluster>,
    cluster_of: HashMap<String, usize>,
}

impl Generation {
    fn read(index: &Index) -> Result<Self, reprint::Error> {
        let clusters = index.clusters()?;
        let mut cluster_of = HashMap::new();
        for (number, cluster) in clusters.iter().enumerate() {
            let ids = cluster.documents().map(|document| document.id.clone());
            cluster_of.extend(ids.map(|id| (id, number)));
        }
        Ok(Self {
            number: index.generation(),
            clusters,
            cluster_of,
        })
    }

    /// The cluster of a document; none if it is no copy of another one.
    pub fn cluster_of(&self, id: &str) -> Option<&Cluster> {
        let number = self.cluster_of.get(id)?;
        self.clusters.get(*number)
    }
}

/// Reading, comparing and waiting for the disk would hold up all other requests of a thread.
async fn on_own_thread<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, Refusal> + Send + 'static,
) -> Result<R, Refusal> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Refusal::broken(error)))
}
