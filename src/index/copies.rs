//! Which documents have one text, and which of them have the smallest ids?
//!
//! The documents are the leaves of a tree, in the order of their numbers. Each node names the document under it with the smallest id (a
//! tournament; Knuth, "The Art of Computer Programming", volume 3, section 5.2.3). With `n` documents, adding one, removing one, and finding
//! a few of the smallest ids before a number each take a time of the order of log n.

/// In place of a document, for a node with no document.
const NONE: u32 = u32::MAX;

/// What is known of documents by their numbers.
pub(super) trait Known {
    /// Is the document in the index?
    fn is_present(&self, document: u32) -> bool;

    /// Is the id of the first document smaller than that of the second?
    fn is_smaller(&self, one: u32, other: u32) -> bool;
}

/// The documents of one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Copies {
    /// Node 1 is the root, and nodes 2i and 2i + 1 are under node i. The second half are the leaves. A leaf keeps the number of a document
    /// that was removed, so that the leaves stay in order. Node 0 is no part of the tree: it holds the smallest number.
    nodes: Vec<u32>,
}

impl Copies {
    /// Number of leaves: there is room for this number of documents, removed ones included.
    pub(super) fn leaves(&self) -> usize {
        self.nodes.len() / 2
    }

    /// The document with the smallest number.
    pub(super) fn first(&self) -> Option<u32> {
        self.nodes.first().copied().filter(|&first| first != NONE)
    }

    /// The documents, by their numbers.
    pub(super) fn all(&self, known: &(impl Known + ?Sized)) -> impl Iterator<Item = u32> {
        let numbers = self.nodes[self.leaves()..].iter().copied();
        numbers.filter(move |&number| number != NONE && known.is_present(number))
    }

    /// Adds a document, whose number must be higher than those of the others.
    pub(super) fn push(&mut self, document: u32, known: &(impl Known + ?Sized)) {
        let mut leaves = self.leaves();
        let used = self.nodes[leaves..].partition_point(|&number| number != NONE);
        if used == leaves {
            self.grow(known);
            leaves = self.leaves();
        }
        self.nodes[leaves + used] = document;
        self.play_above(leaves + used, known);
        if self.nodes[0] == NONE {
            self.nodes[0] = document;
        }
    }

    /// Removes a document that is no longer present.
    pub(super) fn remove(&mut self, document: u32, known: &(impl Known + ?Sized)) {
        let leaves = self.leaves();
        let Ok(leaf) = self.nodes[leaves..].binary_search(&document) else {
            return;
        };
        self.play_above(leaves + leaf, known);
        if self.nodes[0] == document {
            self.nodes[0] = self.leftmost(known);
        }
    }

    /// The documents with the smallest ids among those with a number under `before`, at most `most` of them, by id.
    pub(super) fn smallest(
        &self,
        before: u32,
        most: usize,
        known: &(impl Known + ?Sized),
    ) -> Vec<u32> {
        let mut open = Vec::new();
        for node in self.nodes_before(before) {
            self.offer(node, &mut open, known);
        }
        let mut found = Vec::new();
        while found.len() < most {
            let Some((document, node)) = open.pop() else {
                break;
            };
            found.push(document);
            self.offer_others(document, node, &mut open, known);
        }
        found
    }

    /// Offers the siblings of all nodes between a node and the leaf of its winner. All other documents of the node are under them.
    fn offer_others(
        &self,
        winner: u32,
        mut node: usize,
        open: &mut Vec<(u32, usize)>,
        known: &(impl Known + ?Sized),
    ) {
        while node < self.leaves() {
            let (left, right) = (2 * node, 2 * node + 1);
            let beside = match self.winner(left, known) == winner {
                true => right,
                false => left,
            };
            self.offer(beside, open, known);
            node = left + right - beside;
        }
    }

    /// Adds a node to the open ones, if it has a document. They are by their winners, the smallest id last.
    fn offer(&self, node: usize, open: &mut Vec<(u32, usize)>, known: &(impl Known + ?Sized)) {
        let winner = self.winner(node, known);
        if winner != NONE {
            let place = open.partition_point(|&(other, _)| known.is_smaller(winner, other));
            open.insert(place, (winner, node));
        }
    }

    /// A few nodes that have all documents with a number under `before`, and no others.
    fn nodes_before(&self, before: u32) -> Vec<usize> {
        let leaves = self.leaves();
        let count = self.nodes[leaves..].partition_point(|&number| number < before);
        let (mut from, mut to) = (leaves, leaves + count);
        let mut nodes = Vec::new();
        while from < to {
            if from % 2 == 1 {
                nodes.push(from);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                nodes.push(to);
            }
            (from, to) = (from / 2, to / 2);
        }
        nodes
    }

    /// The document under a node with the smallest id.
    fn winner(&self, node: usize, known: &(impl Known + ?Sized)) -> u32 {
        let named = self.nodes[node];
        match node < self.leaves() || named == NONE || known.is_present(named) {
            true => named,
            false => NONE,
        }
    }

    /// The winner of the two nodes under a node.
    fn played(&self, node: usize, known: &(impl Known + ?Sized)) -> u32 {
        let [left, right] = [2 * node, 2 * node + 1].map(|under| self.winner(under, known));
        match right == NONE || (left != NONE && known.is_smaller(left, right)) {
            true => left,
            false => right,
        }
    }

    fn play_above(&mut self, leaf: usize, known: &(impl Known + ?Sized)) {
        let mut node = leaf / 2;
        while node > 0 {
            self.nodes[node] = self.played(node, known);
            node /= 2;
        }
    }

    /// The document with the smallest number.
    fn leftmost(&self, known: &(impl Known + ?Sized)) -> u32 {
        let mut node = 1;
        while node < self.leaves() {
            node *= 2;
            node += usize::from(self.winner(node, known) == NONE);
        }
        self.winner(node, known)
    }

    /// Makes room for twice as many documents.
    fn grow(&mut self, known: &(impl Known + ?Sized)) {
        let before = self.leaves();
        let leaves = (2 * before).max(1);
        let mut nodes = vec![NONE; 2 * leaves];
        nodes[leaves..leaves + before].copy_from_slice(&self.nodes[before..]);
        nodes[0] = self.first().unwrap_or(NONE);
        self.nodes = nodes;
        for node in (1..leaves).rev() {
            self.nodes[node] = self.played(node, known);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;
    use crate::signature::mix;

    /// Documents whose ids are numbers in no order. Counts how often an id or a document is looked at.
    struct Counted {
        gone: Vec<bool>,
        looks: Cell<usize>,
    }

    impl Counted {
        fn new(count: usize) -> Self {
            Self {
                gone: vec![false; count],
                looks: Cell::new(0),
            }
        }

        fn look(&self) {
            self.looks.set(self.looks.get() + 1);
        }

        fn id(document: u32) -> u64 {
            mix(document.into())
        }
    }

    impl Known for Counted {
        fn is_present(&self, document: u32) -> bool {
            self.look();
            !self.gone[document as usize]
        }

        fn is_smaller(&self, one: u32, other: u32) -> bool {
            self.look();
            Self::id(one) < Self::id(other)
        }
    }

    proptest! {
        #[test]
        fn the_smallest_ids_are_those_of_a_sorted_list(
            steps in prop::collection::vec((any::<bool>(), 0_usize..40), 0..80),
            before in 0_u32..90,
            most in 0_usize..12,
        ) {
            let mut known = Counted::new(steps.len());
            let (mut copies, mut twin) = (Copies::default(), Vec::<u32>::new());
            let mut next = 0;
            for (adds, place) in steps {
                if adds || twin.is_empty() {
                    twin.push(next);
                    copies.push(next, &known);
                    next += 1;
                } else {
                    let gone = twin.remove(place % twin.len());
                    known.gone[gone as usize] = true;
                    copies.remove(gone, &known);
                }
                prop_assert_eq!(copies.first(), twin.first().copied());
            }
            prop_assert_eq!(copies.all(&known).collect::<Vec<_>>(), twin.clone());
            twin.retain(|&document| document < before);
            twin.sort_by_key(|&document| Counted::id(document));
            twin.truncate(most);
            prop_assert_eq!(copies.smallest(before, most, &known), twin);
        }
    }

    #[test]
    fn of_twenty_thousand_copies_only_a_few_are_looked_at() {
        const COPIES: u32 = 20_000;
        let mut known = Counted::new(COPIES as usize);
        let mut copies = Copies::default();
        (0..COPIES).for_each(|document| copies.push(document, &known));
        // A tree of twice as many nodes is played about once, and again whenever it grows.
        let of_each = known.looks.take() / COPIES as usize;
        assert!(of_each < 100, "{of_each}");
        let mut most = 0;
        for document in (0..COPIES).step_by(97) {
            known.gone[document as usize] = true;
            copies.remove(document, &known);
            most = most.max(known.looks.take());
            copies.smallest(document, 17, &known);
            most = most.max(known.looks.take());
        }
        // By hand: 17 winners. Each has at most 15 siblings above it, and each sibling takes 8 comparisons to enter the list of open nodes.
        assert!(most < 17 * 15 * 12, "{most}");
    }
}
