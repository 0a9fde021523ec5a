//! Where do the shingles of a text stand in its folded form?

use std::borrow::Cow;
use std::ops::Range;

use crate::shingle::{MAX_WINDOW, Shingler};

/// A folded text with the place of each of its shingles: what passages are made of. 8 bytes a shingle.
///
/// ```
/// use reprint::{shingle::Shingler, verify::Reading};
///
/// let reading = Reading::of("水来之前人先动", &Shingler::default());
/// assert_eq!(reading.stretch(0, 2), 0.."水来之前人先".len());
/// ```
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    folded: &'t str,
    windows: Cow<'t, [(u32, u32)]>,
}

impl<'t> Reading<'t> {
    /// Cuts a folded text, keeping all places.
    pub fn of(folded: &'t str, shingler: &Shingler) -> Self {
        Self::located(folded, &shingler.ranges(folded))
    }

    /// The same over places that were found before, each with its end.
    pub(crate) fn over(folded: &'t str, windows: &'t [(u32, u32)]) -> Self {
        let windows = Cow::Borrowed(windows);
        Self { folded, windows }
    }

    /// The same of a text that was cut before: `windows` are its [`Shingler::ranges`].
    pub(super) fn located(folded: &'t str, windows: &[Range<usize>]) -> Self {
        let windows = windows
            .iter()
            .map(|window| (window.start as u32, window.end as u32));
        let windows = Cow::Owned(windows.collect());
        Self { folded, windows }
    }

    /// The folded text.
    pub fn folded(&self) -> &'t str {
        self.folded
    }

    /// The bytes of the folded text that `count` shingles from the `first` on cover; of those that there are.
    pub fn stretch(&self, first: usize, count: usize) -> Range<usize> {
        let windows = self.windows.get(first..).unwrap_or_default();
        let windows = &windows[..count.min(windows.len())];
        // Windows come in the order of their ends; a longer one may start before the one that ended before it.
        let starts = windows
            .iter()
            .take(MAX_WINDOW)
            .map(|window| window.0 as usize);
        let start = starts.min().unwrap_or(0);
        start..windows.last().map_or(start, |window| window.1 as usize)
    }
}
