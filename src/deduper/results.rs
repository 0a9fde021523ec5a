//! How does a clustering become a report? Positions become documents, and equal texts join the document that stands for their text.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::cluster::{AcceptedPair, Anchored};
use crate::damage::Damage;
use crate::deduper::corpus::Corpus;
use crate::deduper::election::Elected;
use crate::deduper::representatives::Standing;
use crate::report::{
    Cluster, Contained, CopyPair, DocumentRef, FewSources, Member, RefusedPair, RelatedPair,
    Representative,
};
use crate::verify::{Comparison, Ground, Relation, WHOLE};

impl Corpus<'_> {
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

    /// Puts each elected document first among the documents of its text. From now on it stands for the text.
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

    /// Clusters with all their documents, by canonical id. `between` has the [versions](versions_between) through which texts joined by
    /// drift.
    pub(super) fn clusters(
        &self,
        elected: Vec<Elected>,
        between: &HashMap<u32, u32>,
    ) -> Vec<Cluster> {
        let cluster = |elected| self.cluster(elected, between);
        let clusters = elected.into_iter().map(cluster);
        let mut clusters: Vec<Cluster> = clusters.collect();
        clusters.sort_by(|a, b| a.canonical.id.cmp(&b.canonical.id));
        clusters
    }

    fn cluster(&self, elected: Elected, between: &HashMap<u32, u32>) -> Cluster {
        let Elected {
            cluster,
            document,
            reason,
            metadata,
            others,
            unread: _,
            has_open_dates: _,
            damage,
        } = elected;
        let damage_of = |document: usize| {
            let found = damage.binary_search_by_key(&document, |&(document, _)| document);
            found.map_or(Damage::default(), |at| damage[at].1)
        };
        let equals = self.equals(cluster.canonical, document);
        let reprints = cluster.copies.iter().flat_map(|&(copy, comparison)| {
            let group = self.groups[copy as usize].iter();
            let via = between.get(&copy).map(|&version| self.first(version));
            group.map(move |&position| Member {
                via: via.clone(),
                ..self.member(position, comparison)
            })
        });
        let mut members: Vec<Member> = equals.chain(reprints).collect();
        for member in &mut members {
            member.damage = damage_of(member.document.position);
        }
        members.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        // Most clusters have one member, in a list with room for four.
        members.shrink_to_fit();
        let mut representatives: Vec<Representative> = others
            .into_iter()
            .map(|other| self.representative(other))
            .collect();
        representatives.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        let sources = metadata.get("source").map_or(0, Vec::len);
        Cluster {
            canonical: self.document(document),
            reason,
            damage: damage_of(document),
            metadata,
            sources,
            stays: sources >= self.settled.min_sources || self.settled.min_sources == 1,
            members,
            representatives,
        }
    }

    fn representative(&self, standing: Standing) -> Representative {
        let removed = standing.removed.into_iter();
        let mut removed: Vec<Member> = removed
            .map(|(document, comparison)| self.member(document, comparison))
            .collect();
        removed.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        Representative {
            document: self.document(standing.document),
            removed,
        }
    }

    /// The whole documents with texts that have fewer sources than required, in input order.
    pub(super) fn few_sources(&self, clusters: &[Cluster]) -> Vec<FewSources> {
        let least = self.settled.min_sources;
        if least == 1 {
            return Vec::new();
        }
        // Parts are in clusters too, but they are not removed.
        let mut sources = vec![None; self.documents.len()];
        for cluster in clusters {
            for document in cluster.documents() {
                sources[document.position] = Some(cluster.sources);
            }
        }
        let of_single = |position: usize| {
            let metadata = self.documents.metadata(position);
            metadata.values("source").collect::<HashSet<_>>().len()
        };
        let whole =
            (0..self.documents.len()).filter(|&position| self.documents.parent(position).is_none());
        let counted = whole.map(|position| FewSources {
            document: self.document(position),
            sources: sources[position].unwrap_or_else(|| of_single(position)),
        });
        let mut few: Vec<FewSources> = counted.collect();
        few.retain(|few| few.sources < least);
        few
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
            via: None,
            damage: Damage::default(),
        }
    }

    pub(super) fn document(&self, position: usize) -> DocumentRef {
        self.documents.named(position)
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

    /// Documents that are removed because they are inside a kept document, if the policy drops these; by id.
    pub(super) fn contained(
        &self,
        clusters: &[Cluster],
        relations: &[RelatedPair],
        few_sources: &[FewSources],
    ) -> Vec<Contained> {
        if !self.settled.policy.drops_contained() {
            return Vec::new();
        }
        let members = clusters.iter().flat_map(|cluster| &cluster.members);
        let mut gone: HashSet<usize> = members.map(|member| member.document.position).collect();
        gone.extend(few_sources.iter().map(|few| few.document.position));
        let is_apart = |pair: &RelatedPair| {
            let [a, b] = [&pair.a, &pair.b]
                .map(|document| self.settled.apart_value(&self.documents, document.position));
            a != b
        };
        let goes = |pair: &&RelatedPair| {
            let wholes = !pair.a.is_part && !pair.b.is_part;
            wholes
                && !is_apart(pair)
                && pair.relation == Relation::Contains
                && pair.overlap.right_in_left() >= WHOLE
        };
        let inside = relations.iter().filter(goes);
        let mut inside: Vec<&RelatedPair> = inside.collect();
        // The longest come first, so that it is known whether a container is kept before the documents inside it are decided.
        inside.sort_by_key(|pair| {
            let length = pair.overlap.right;
            (Reverse(length), &pair.b.id, &pair.a.id)
        });
        let pairs: HashSet<(usize, usize)> = inside
            .iter()
            .map(|pair| (pair.a.position, pair.b.position))
            .collect();
        let copies = copies_of(clusters);
        // Reprints that were removed in favour of this document must be inside the container too.
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

/// For each kept document, the copies that are removed in favour of it.
fn copies_of(clusters: &[Cluster]) -> HashMap<usize, Vec<&Member>> {
    let mut copies: HashMap<usize, Vec<&Member>> = HashMap::new();
    for (stays, member) in clusters.iter().flat_map(Cluster::removed) {
        copies.entry(stays.position).or_default().push(member);
    }
    copies
}

/// For each text that joined its cluster by drift, the version between it and the canonical copy: the most alike of the texts that it is a
/// copy of.
pub(super) fn versions_between(
    elected: &[Elected],
    accepted: &[AcceptedPair],
) -> HashMap<u32, u32> {
    let mut drifted = HashSet::new();
    let mut cluster_of: HashMap<u32, usize> = HashMap::new();
    for (i, elected) in elected.iter().enumerate() {
        for (copy, comparison) in &elected.cluster.copies {
            cluster_of.insert(*copy, i);
            if comparison.figures.ground == Some(Ground::Drift) {
                drifted.insert(*copy);
            }
        }
    }
    let mut between: HashMap<u32, (f64, u32)> = HashMap::new();
    let together = |pair: &&AcceptedPair| {
        let of = |text: u32| cluster_of.get(&text);
        of(pair.a).is_some() && of(pair.a) == of(pair.b)
    };
    for pair in accepted.iter().filter(together) {
        let similarity = pair.comparison.similarity();
        for (text, version) in [(pair.a, pair.b), (pair.b, pair.a)] {
            let known = between.get(&text);
            if drifted.contains(&text) && known.is_none_or(|known| known.0 < similarity) {
                between.insert(text, (similarity, version));
            }
        }
    }
    between
        .into_iter()
        .map(|(text, (_, version))| (text, version))
        .collect()
}
