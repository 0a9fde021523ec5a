//! A comparison function of the caller.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::cluster::policy::Claim;

/// Compares two copies; `Less` if the first one is preferred.
type Compare = dyn Fn(&Claim, &Claim) -> Ordering + Send + Sync;

/// A caller's comparison of two copies, with a name for reasons and settings. It is made by
/// [`Criterion::by`](crate::cluster::Criterion::by).
///
/// Two comparators are equal if they have the same name and the same function.
///
/// ```
/// use reprint::cluster::Criterion;
///
/// let shorter_id = Criterion::by("shorter-id", |a, b| a.id.len().cmp(&b.id.len()));
/// assert_eq!(shorter_id, shorter_id.clone());
/// assert_eq!(shorter_id.to_string(), "shorter-id");
/// ```
#[derive(Clone)]
pub struct Comparator {
    name: String,
    compare: Arc<Compare>,
}

impl Comparator {
    pub(super) fn new(
        name: impl Into<String>,
        compare: impl Fn(&Claim, &Claim) -> Ordering + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            compare: Arc::new(compare),
        }
    }

    /// The name given by the caller.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn compare(&self, a: &Claim, b: &Claim) -> Ordering {
        (self.compare)(a, b)
    }
}

impl PartialEq for Comparator {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.compare, &other.compare)
    }
}

impl Eq for Comparator {}

impl Hash for Comparator {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Comparator").field(&self.name).finish()
    }
}
