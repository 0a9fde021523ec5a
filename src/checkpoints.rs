//! How does a long run go on where an earlier one was cut off?

#[cfg(feature = "serde")]
pub use serde::{Serialize as Save, de::DeserializeOwned as Load};

use crate::report::Stage;

/// Without the feature `serde` nothing can be kept, and nothing has to be.
#[cfg(not(feature = "serde"))]
mod without {
    pub trait Save {}
    impl<T: ?Sized> Save for T {}
    pub trait Load {}
    impl<T> Load for T {}
}
#[cfg(not(feature = "serde"))]
pub use without::{Load, Save};

/// Keeps what each stage of a run came to, for [`Deduper::run_with_checkpoints`](crate::Deduper::run_with_checkpoints).
///
/// A state is a small head and up to millions of rows. Its form belongs to this version of the
/// crate: what was saved may only be given back to a run of the same version, settings and documents, in the same order. That is
/// the implementor's to see to.
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
    /// What was saved when this stage was done; none where it was not, or can't be read.
    fn load<H: Load, R: Load>(&self, stage: Stage) -> Option<(H, Vec<R>)>;

    /// Saves what a stage came to. What fails costs only time later: the run goes on.
    fn save<H: Save, R: Save>(&self, stage: Stage, head: &H, rows: &[R]);
}

/// Nothing is kept.
impl Checkpoints for () {
    fn load<H: Load, R: Load>(&self, _: Stage) -> Option<(H, Vec<R>)> {
        None
    }

    fn save<H: Save, R: Save>(&self, _: Stage, _: &H, _: &[R]) {}
}
