//! What a report says about the documents of one set.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use reprint::normalize::Normalizer;
use reprint::report::{RelatedPair, Report};
use reprint::verify::Relation;

use crate::pool::Pool;
use crate::set::{Pair, Set, ordered};

/// Clusters and pairs of a set's own documents.
pub struct Links {
    /// Cluster numbers by id; documents in no cluster are missing.
    pub cluster_of: HashMap<String, usize>,
    /// Containers and what they contain.
    pub contained: HashSet<Pair>,
    /// Pairs in which one document contains the other, or both share a passage that is no common phrase. Each pair stands in one order.
    pub related: HashSet<Pair>,
    /// Places, in the set, of the pairs that were accepted as copies before clustering.
    pub accepted: Vec<(usize, usize)>,
}

impl Links {
    /// `range` has the positions of the set's documents in the run.
    pub fn new(report: &Report, equal_texts: &EqualTexts, set: &Set, range: &Range<usize>) -> Self {
        let own = OwnDocuments { set, range };
        let related = || report.relations.iter();
        let contains = related().filter(|pair| pair.relation == Relation::Contains);
        Self {
            cluster_of: own.cluster_of(report),
            contained: contains.filter_map(|pair| own.ids(pair)).collect(),
            related: related()
                .filter_map(|pair| own.ids(pair))
                .chain(own.sharing(report))
                .map(ordered)
                .collect(),
            accepted: own.accepted(report, equal_texts),
        }
    }
}

/// The documents of a set in a run with others.
struct OwnDocuments<'s> {
    set: &'s Set,
    range: &'s Range<usize>,
}

impl OwnDocuments<'_> {
    /// The place in the set of the document at a position of the run, if it is one of the set's.
    fn place(&self, position: usize) -> Option<usize> {
        let inside = self.range.contains(&position);
        inside.then(|| position - self.range.start)
    }

    fn places(&self, positions: &[usize]) -> Vec<usize> {
        let places = positions
            .iter()
            .filter_map(|&position| self.place(position));
        places.collect()
    }

    fn id(&self, position: usize) -> Option<String> {
        let place = self.place(position)?;
        Some(self.set.documents[place].0.clone())
    }

    fn ids(&self, pair: &RelatedPair) -> Option<Pair> {
        Some((self.id(pair.a.position)?, self.id(pair.b.position)?))
    }

    /// Pairs that share a passage which is no common phrase.
    fn sharing<'o>(&'o self, report: &'o Report) -> impl Iterator<Item = Pair> + 'o {
        let passages = report.passages.iter();
        let telling = passages.filter(|passage| !passage.is_common_phrase());
        telling.flat_map(|passage| {
            let ids = passage.places.iter();
            let ids: Vec<String> = ids.filter_map(|place| self.id(place.position)).collect();
            let pairs = (0..ids.len()).flat_map(|a| (a + 1..ids.len()).map(move |b| (a, b)));
            let pairs = pairs.map(|(a, b)| (ids[a].clone(), ids[b].clone()));
            pairs.filter(|(a, b)| a != b).collect::<Vec<Pair>>()
        })
    }

    /// Numbers only the clusters that have a document of the set: the scorer wants numbers below the number of documents.
    fn cluster_of(&self, report: &Report) -> HashMap<String, usize> {
        let clusters = report.clusters.iter().map(|cluster| {
            let ids = cluster.documents();
            ids.filter_map(|document| self.id(document.position))
                .collect::<Vec<_>>()
        });
        let clusters = clusters.filter(|ids| !ids.is_empty()).enumerate();
        clusters
            .flat_map(|(number, ids)| ids.into_iter().map(move |id| (id, number)))
            .collect()
    }

    /// A report lists one document for each text; here, all documents that have the text are listed, and the pairs of
    /// documents with one text.
    fn accepted(&self, report: &Report, equal_texts: &EqualTexts) -> Vec<(usize, usize)> {
        let mut accepted = Vec::new();
        for group in &equal_texts.groups {
            let places = self.places(group);
            for (i, &a) in places.iter().enumerate() {
                accepted.extend(places[i + 1..].iter().map(|&b| (a, b)));
            }
        }
        for pair in &report.accepted {
            let right = self.places(equal_texts.get(&pair.b));
            for a in self.places(equal_texts.get(&pair.a)) {
                accepted.extend(right.iter().map(|&b| (a, b)));
            }
        }
        accepted
    }
}

/// Documents with the same folded text.
pub struct EqualTexts {
    /// Positions of two documents or more each.
    groups: Vec<Vec<usize>>,
    group_of: HashMap<usize, usize>,
}

impl EqualTexts {
    /// Documents with one text are in one cluster, so that only clusters need to be searched; those without a document
    /// of any set are left out.
    pub fn new(report: &Report, pool: &Pool) -> Self {
        let in_sets = pool.ranges.last().map_or(0, |range| range.end);
        let mut groups = Vec::new();
        for cluster in &report.clusters {
            let positions: Vec<usize> = cluster.documents().map(|member| member.position).collect();
            if positions.iter().any(|&position| position < in_sets) {
                groups.extend(same_text(&positions, pool));
            }
        }
        let numbered = groups.iter().enumerate();
        let group_of = numbered.flat_map(|(i, group)| group.iter().map(move |&member| (member, i)));
        Self {
            group_of: group_of.collect(),
            groups,
        }
    }

    /// The positions of all documents with the text of the document at `position`, itself included.
    fn get<'s>(&'s self, position: &'s usize) -> &'s [usize] {
        match self.group_of.get(position) {
            Some(&group) => &self.groups[group],
            None => std::slice::from_ref(position),
        }
    }
}

/// Groups of two or more documents with the same folded text.
fn same_text(positions: &[usize], pool: &Pool) -> Vec<Vec<usize>> {
    let normalizer = Normalizer::new();
    let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
    for &position in positions {
        let folded = normalizer.fold(pool.documents[position].1);
        by_text.entry(folded).or_default().push(position);
    }
    let groups = by_text.into_values().filter(|group| group.len() > 1);
    groups.collect()
}
