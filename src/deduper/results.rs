//! How does a clustering become a report? Positions become documents, equal texts join their representative, the choice
//! gets its reason in words.

use crate::cluster::{AcceptedPair, Anchored};
use crate::deduper::corpus::Corpus;
use crate::document::Documents;
use crate::report::{Cluster, DocumentRef, Member, RefusedPair};
use crate::verify::{Comparison, Relation};

impl<D: Documents + ?Sized> Corpus<'_, D> {
    /// Clusters with all their documents, by canonical id: the anchored ones, and texts that have only equal copies.
    pub(super) fn clusters(&self, anchored: &[Anchored]) -> Vec<Cluster> {
        let mut alone = vec![true; self.groups.len()];
        for cluster in anchored {
            let copies = cluster.copies.iter().map(|&(copy, _)| copy);
            for member in copies.chain([cluster.canonical]) {
                alone[member as usize] = false;
            }
        }
        let repeated = |&position: &usize| alone[position] && self.groups[position].len() > 1;
        let equals = (0..self.groups.len())
            .filter(repeated)
            .map(|position| Anchored {
                canonical: position as u32,
                copies: Vec::new(),
            });
        let mut all: Vec<Anchored> = anchored.iter().cloned().chain(equals).collect();
        all.sort_by_key(|cluster| cluster.canonical);
        all.iter().map(|cluster| self.cluster(cluster)).collect()
    }

    fn cluster(&self, anchored: &Anchored) -> Cluster {
        let equals = self.equals(anchored.canonical);
        let reprints = anchored.copies.iter().flat_map(|&(copy, comparison)| {
            let group = self.groups[copy as usize].iter();
            group.map(move |&position| self.member(position, comparison))
        });
        let mut members: Vec<Member> = equals.chain(reprints).collect();
        members.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        Cluster {
            canonical: self.first(anchored.canonical),
            reason: self.reason(anchored),
            members,
        }
    }

    /// The other documents of the same folded text.
    fn equals(&self, position: u32) -> impl Iterator<Item = Member> {
        let (first, others) = self.groups[position as usize].split_at(1);
        let text = first.first().map(|&first| self.documents.text(first));
        others.iter().map(move |&other| {
            let exact = text.as_ref() == Some(&self.documents.text(other));
            let relation = if exact {
                Relation::Exact
            } else {
                Relation::SameText
            };
            self.member(other, Comparison::equal(relation))
        })
    }

    fn member(&self, position: usize, comparison: Comparison) -> Member {
        Member {
            document: self.document(position),
            comparison,
        }
    }

    pub(super) fn document(&self, position: usize) -> DocumentRef {
        DocumentRef {
            position,
            id: self.documents.id(position).to_owned(),
        }
    }

    /// The document that stands for its folded text.
    fn first(&self, position: u32) -> DocumentRef {
        self.document(self.groups[position as usize][0])
    }

    pub(super) fn refused(&self, pairs: &[AcceptedPair]) -> Vec<RefusedPair> {
        let refused = pairs.iter().map(|pair| RefusedPair {
            a: self.first(pair.a),
            b: self.first(pair.b),
            comparison: pair.comparison,
        });
        refused.collect()
    }

    fn reason(&self, anchored: &Anchored) -> String {
        let length = |position: u32| self.sketches[position as usize].length;
        let own = length(anchored.canonical);
        let longest = anchored.copies.iter().map(|&(copy, _)| length(copy)).max();
        let equals = self.groups[anchored.canonical as usize].len() > 1;
        match longest {
            Some(longest) if longest < own && !equals => {
                format!("the longest copy: {own} folded characters, the next has {longest}")
            }
            Some(longest) if longest < own => format!(
                "the longest text: {own} folded characters, the next has {longest}; of those as long, the smallest id"
            ),
            _ => format!(
                "no copy is longer ({own} folded characters); of those as long, the smallest id"
            ),
        }
    }
}
