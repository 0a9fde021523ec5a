//! How does a long run continue after an earlier one was interrupted?

#[cfg(feature = "serde")]
pub use serde::{Serialize as Save, de::DeserializeOwned as Load};

use crate::report::Stage;

/// Without the feature `serde`, nothing can be kept, so every type is accepted.
#[cfg(not(feature = "serde"))]
mod without {
    pub trait Save {}
    impl<T: ?Sized> Save for T {}
    pub trait Load {}
    impl<T> Load for T {}
}
#[cfg(not(feature = "serde"))]
pub use without::{Load, Save};

/// Keeps the result of each stage of a run, for [`Deduper::run_with_checkpoints`](crate::Deduper::run_with_checkpoints).
///
/// A state is a small head and up to millions of rows. Its form depends on the version of the crate. The implementor must ensure that a
/// saved state is given only to a run of the same version, settings and documents, in the same order.
///
/// ```
/// use std::cell::RefCell;
/// use std::collections::BTreeMap;
/// use reprint::{Checkpoints, Deduper, report::Stage};
/// use serde::{Serialize, de::DeserializeOwned};
///
/// #[derive(Default)]
/// struct InMemory(RefCell<BTreeMap<Stage, String>>);
///
/// impl Checkpoints for InMemory {
///     fn load<H: DeserializeOwned, R: DeserializeOwned>(&self, stage: Stage) -> Option<(H, Vec<R>)> {
///         serde_json::from_str(self.0.borrow().get(&stage)?).ok()
///     }
///     fn save<H: Serialize, R: Serialize>(&self, stage: Stage, head: &H, rows: &[R]) {
///         let state = serde_json::to_string(&(head, rows)).unwrap();
///         self.0.borrow_mut().insert(stage, state);
///     }
/// }
///
/// let documents = [("a", "One text."), ("b", "One text")];
/// let (deduper, kept) = (Deduper::default(), InMemory::default());
/// let first = deduper.run_with_checkpoints(&documents, &(), &kept)?;
/// assert_eq!(kept.0.borrow().len(), 5);
/// let again = deduper.run_with_checkpoints(&documents, &(), &kept)?;
/// assert_eq!(first.clusters, again.clusters);
/// # Ok::<(), reprint::Error>(())
/// ```
pub trait Checkpoints {
    /// The state that was saved after this stage; `None` if there is none or it can't be read.
    fn load<H: Load, R: Load>(&self, stage: Stage) -> Option<(H, Vec<R>)>;

    /// Saves the state after a stage. If this fails, the run continues; the failure only costs time later.
    fn save<H: Save, R: Save>(&self, stage: Stage, head: &H, rows: &[R]);
}

/// Keeps nothing.
impl Checkpoints for () {
    fn load<H: Load, R: Load>(&self, _: Stage) -> Option<(H, Vec<R>)> {
        None
    }

    fn save<H: Save, R: Save>(&self, _: Stage, _: &H, _: &[R]) {}
}
