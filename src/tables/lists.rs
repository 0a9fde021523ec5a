//! How are the lists of many documents held in memory? One after another in a single block, without gaps. A separate block for each list
//! would pin the memory that is freed around it.

use std::ops::Range;

/// The place of the list of one document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C, packed(4))]
pub(crate) struct List {
    start: u64,
    length: u32,
}

impl List {
    /// Length of the list.
    pub(crate) fn len(self) -> usize {
        self.length as usize
    }

    fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.len()
    }
}

/// The lists of all documents, in any order.
#[derive(Debug)]
pub(crate) struct Lists<T>(Vec<T>);

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Lists<T> {
    /// Adds a list, of fewer than 2^32 items.
    pub(crate) fn push(&mut self, items: &[T]) -> List {
        let start = self.0.len() as u64;
        self.0.extend_from_slice(items);
        let length = items.len() as u32;
        List { start, length }
    }

    /// The list at a place.
    pub(crate) fn get(&self, list: List) -> &[T] {
        &self.0[list.range()]
    }

    /// Keeps the items of these lists for which `keep` is true. All other lists are forgotten. The places change.
    pub(crate) fn retain<'p>(
        &mut self,
        lists: impl Iterator<Item = &'p mut List>,
        keep: impl Fn(&T) -> bool,
    ) {
        let mut lists: Vec<&mut List> = lists.collect();
        lists.sort_unstable_by_key(|list| list.start);
        let mut end = 0;
        for list in lists {
            let start = end;
            for at in list.range() {
                let item = self.0[at];
                if keep(&item) {
                    self.0[end] = item;
                    end += 1;
                }
            }
            let length = (end - start) as u32;
            *list = List {
                start: start as u64,
                length,
            };
        }
        self.0.truncate(end);
        self.0.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_are_what_they_were_but_for_what_is_not_kept(
            given in prop::collection::vec((prop::collection::vec(0_u8..9, 0..6), any::<bool>()), 0..9),
        ) {
            let mut all = Lists::default();
            let lists: Vec<List> = given.iter().map(|(items, _)| all.push(items)).collect();
            for (list, (items, _)) in lists.iter().zip(&given) {
                prop_assert_eq!((all.get(*list), list.len()), (items.as_slice(), items.len()));
            }
            // Some lists, the last one first.
            let some = lists.into_iter().zip(&given).rev().filter(|(_, (_, kept))| *kept);
            let (mut lists, given): (Vec<List>, Vec<_>) = some.unzip();
            all.retain(lists.iter_mut(), |item| item % 2 == 0);
            for (list, (items, _)) in lists.iter().zip(given) {
                let even: Vec<u8> = items.iter().copied().filter(|item| item % 2 == 0).collect();
                prop_assert_eq!(all.get(*list), even);
            }
            prop_assert_eq!(all.0.len(), lists.iter().map(|list| list.len()).sum::<usize>());
        }
    }
}
