//! How does a clustering become a report? Positions become documents, equal texts join their representative.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::cluster::{AcceptedPair, Anchored};
use crate::damage::Damage;
use crate::deduper::corpus::Corpus;
use crate::deduper::election::Elected;
use crate::document::Documents;
use crate::report::{Cluster, Contained, CopyPair, DocumentRef, Member, RefusedPair, RelatedPair};
use crate::verify::{Comparison, Relation, WHOLE};

impl<D: Documents + ?Sized> Corpus<'_, D> {
    /// Texts that are in no cluster but have equal copies, as clusters of one text.
    pub(super) fn equals_alone(&self, anchored: &[Anchored]) -> Vec<Anchored> {
        let mut alone = vec![true; self.groups.len()];
        for cluster in anchored {
            let copies = cluster.copies.iter().map(|&(copy, _)| copy);
            for member in copies.chain([cluster.canonical]) {
                alone[member as usize] = false;
            }
        }
        let repeated = |&position: &usize| alone[position] && self.groups[position].len() > 1;
        let equals = (0..self.groups.len()).filter(repeated);
        let cluster = |position| Anchored {
            canonical: position as u32,
            copies: Vec::new(),
        };
        equals.map(cluster).collect()
    }

    /// Puts the elected documents first among those of their texts: they stand for them from now on.
    pub(super) fn put_first(&mut self, elected: &[Elected]) {
        for elected in elected {
            let group = &mut self.groups[elected.cluster.canonical as usize];
            if let Some(at) = group
                .iter()
                .position(|&document| document == elected.document)
            {
                group[..=at].rotate_right(1);
            }
        }
    }

    /// Clusters with all their documents, by canonical id.
    pub(super) fn clusters(&self, elected: Vec<Elected>) -> Vec<Cluster> {
        let clusters = elected.into_iter().map(|elected| self.cluster(elected));
        let mut clusters: Vec<Cluster> = clusters.collect();
        clusters.sort_by(|a, b| a.canonical.id.cmp(&b.canonical.id));
        clusters
    }

    fn cluster(&self, elected: Elected) -> Cluster {
        let Elected {
            cluster,
            document,
            reason,
            metadata,
            damage,
        } = elected;
        let damage_of = |document: usize| {
            let found = damage.binary_search_by_key(&document, |&(document, _)| document);
            found.map_or(Damage::default(), |at| damage[at].1)
        };
        let equals = self.equals(cluster.canonical, document);
        let reprints = cluster.copies.iter().flat_map(|&(copy, comparison)| {
            let group = self.groups[copy as usize].iter();
            group.map(move |&position| self.member(position, comparison))
        });
        let mut members: Vec<Member> = equals.chain(reprints).collect();
        for member in &mut members {
            member.damage = damage_of(member.document.position);
        }
        members.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        Cluster {
            canonical: self.document(document),
            reason,
            damage: damage_of(document),
            metadata,
            members,
        }
    }

    /// The other documents of the same folded text.
    fn equals(&self, text: u32, canonical: usize) -> impl Iterator<Item = Member> {
        let original = self.documents.text(canonical);
        let others = self.groups[text as usize]
            .iter()
            .filter(move |&&other| other != canonical);
        others.map(move |&other| {
            let relation = if original == self.documents.text(other) {
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
            damage: Damage::default(),
        }
    }

    pub(super) fn document(&self, position: usize) -> DocumentRef {
        DocumentRef {
            position,
            id: self.documents.id(position).to_owned(),
            is_part: self.documents.whole(position).is_some(),
        }
    }

    /// The document that stands for its folded text.
    fn first(&self, position: u32) -> DocumentRef {
        self.document(self.groups[position as usize][0])
    }

    pub(super) fn accepted(&self, pairs: &[AcceptedPair]) -> Vec<CopyPair> {
        let place = |text: u32| self.groups[text as usize][0];
        let pairs = pairs.iter().map(|pair| CopyPair {
            a: place(pair.a),
            b: place(pair.b),
            jaccard: pair.comparison.jaccard(),
        });
        pairs.collect()
    }

    pub(super) fn refused(&self, pairs: &[AcceptedPair]) -> Vec<RefusedPair> {
        let refused = pairs.iter().map(|pair| RefusedPair {
            a: self.first(pair.a),
            b: self.first(pair.b),
            comparison: pair.comparison,
        });
        refused.collect()
    }

    /// Documents that go because they are within one that stays, where the policy asks for it; by id.
    pub(super) fn contained(
        &self,
        clusters: &[Cluster],
        relations: &[RelatedPair],
    ) -> Vec<Contained> {
        if !self.settled.policy.drops_contained() {
            return Vec::new();
        }
        let members = clusters.iter().flat_map(|cluster| &cluster.members);
        let mut gone: HashSet<usize> = members.map(|member| member.document.position).collect();
        let goes = |pair: &&RelatedPair| {
            let wholes = !pair.a.is_part && !pair.b.is_part;
            wholes && pair.relation == Relation::Contains && pair.overlap.right_in_left() >= WHOLE
        };
        let inside = relations.iter().filter(goes);
        let mut inside: Vec<&RelatedPair> = inside.collect();
        // The longest first: whether a container stays is known before what is inside it is asked for.
        inside.sort_by_key(|pair| {
            let length = pair.overlap.right;
            (Reverse(length), &pair.b.id, &pair.a.id)
        });
        let pairs: HashSet<(usize, usize)> = inside
            .iter()
            .map(|pair| (pair.a.position, pair.b.position))
            .collect();
        let copies = copies_of(clusters);
        // What went for the canonical copy must be within the container as well.
        let holds_all = |pair: &RelatedPair| {
            let copies = copies.get(&pair.b.position).into_iter().flatten();
            let mut unlike =
                copies.filter(|member| member.comparison.relation == Relation::Reprint);
            unlike.all(|member| pairs.contains(&(pair.a.position, member.document.position)))
        };
        let mut contained: Vec<Contained> = Vec::new();
        for pair in inside {
            if !gone.contains(&pair.a.position) && holds_all(pair) && gone.insert(pair.b.position) {
                contained.push(Contained {
                    document: pair.b.clone(),
                    container: pair.a.clone(),
                    overlap: pair.overlap,
                });
            }
        }
        contained.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        contained
    }
}

/// The copies that go for each canonical copy.
fn copies_of(clusters: &[Cluster]) -> HashMap<usize, Vec<&Member>> {
    let copies = clusters
        .iter()
        .map(|cluster| (cluster.canonical.position, cluster.removed().collect()));
    copies.collect()
}
