//! Which documents have the same folded text?

use std::ops::{Index, IndexMut, Range};

/// The documents of each text, all in one list. Most texts have one document, and a separate list for each would take seven times as much
/// memory.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Groups {
    documents: Vec<usize>,
    /// Where the documents of each text start in the list.
    starts: Vec<u32>,
}

impl Groups {
    /// `firsts` holds, for each place in `order`, the first place that has an equal text: the place itself, or an earlier one.
    pub(super) fn new(firsts: &[u32], order: &[usize]) -> Self {
        let mut places: Vec<u32> = (0..firsts.len() as u32).collect();
        places.sort_by_key(|&place| firsts[place as usize]);
        let is_first = |&at: &u32| {
            let place = places[at as usize];
            firsts[place as usize] == place
        };
        Self {
            starts: (0..places.len() as u32).filter(is_first).collect(),
            documents: places.iter().map(|&place| order[place as usize]).collect(),
        }
    }

    /// Number of texts.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.len()).map(|text| &self[text])
    }

    fn range(&self, text: usize) -> Range<usize> {
        let end = self.starts.get(text + 1).map(|&end| end as usize);
        self.starts[text] as usize..end.unwrap_or(self.documents.len())
    }
}

impl Index<usize> for Groups {
    type Output = [usize];

    fn index(&self, text: usize) -> &[usize] {
        &self.documents[self.range(text)]
    }
}

impl IndexMut<usize> for Groups {
    fn index_mut(&mut self, text: usize) -> &mut [usize] {
        let range = self.range(text);
        &mut self.documents[range]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_listed_under_the_first_of_them() {
        let groups = Groups::new(&[0, 1, 0, 3, 1, 0], &[10, 11, 12, 13, 14, 15]);
        let listed: Vec<&[usize]> = groups.iter().collect();
        assert_eq!(listed, [&[10, 12, 15][..], &[11, 14], &[13]]);
        assert_eq!(Groups::new(&[], &[]).len(), 0);
    }
}
