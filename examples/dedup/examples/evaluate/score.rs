//! How much of what was found is right, and how much of what is right was found?

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::set::{Pair, Set, ordered};

/// Pairs found against pairs that are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    pub right: usize,
    pub found: usize,
    pub hit: usize,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

impl Pairs {
    /// Nothing found has precision 1, nothing to find recall 1.
    fn of(right: usize, found: usize, hit: usize) -> Self {
        let share = |of: usize| if of == 0 { 1.0 } else { hit as f64 / of as f64 };
        let (precision, recall) = (share(found), share(right));
        Self {
            right,
            found,
            hit,
            precision,
            recall,
            f1: harmonic(precision, recall),
        }
    }

    /// Ordered pairs, without those to be ignored.
    pub fn ordered(found: &HashSet<Pair>, right: &[Pair], ignored: &HashSet<Pair>) -> Self {
        let right: HashSet<&Pair> = right
            .iter()
            .filter(|pair| !ignored.contains(*pair))
            .collect();
        let found: HashSet<&Pair> = found
            .iter()
            .filter(|pair| !ignored.contains(*pair))
            .collect();
        Self::of(right.len(), found.len(), found.intersection(&right).count())
    }

    /// Accepted pairs, as places in the set, without those to be ignored; `right` is the number of pairs with one label.
    pub fn accepted(set: &Set, accepted: &[(usize, usize)], right: usize) -> Self {
        let places: HashMap<&str, usize> = set.ids().enumerate().map(|(i, id)| (id, i)).collect();
        let place = |id: &String| places.get(id.as_str()).copied();
        let mut labels = vec![""; places.len()];
        for (id, label) in set.truth.iter().flatten() {
            if let Some(place) = place(id) {
                labels[place] = label;
            }
        }
        let ignored = set
            .ignore
            .iter()
            .filter_map(|(a, b)| Some((place(a)?, place(b)?)));
        let ignored: HashSet<(usize, usize)> =
            ignored.flat_map(|(a, b)| [(a, b), (b, a)]).collect();
        let counted = accepted.iter().filter(|pair| !ignored.contains(pair));
        let hit = counted.clone().filter(|(a, b)| labels[*a] == labels[*b]);
        Self::of(right, counted.count(), hit.count())
    }

    pub fn wrong(&self) -> usize {
        self.found - self.hit
    }
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 {
        0.0
    } else {
        2.0 * precision * recall / (precision + recall)
    }
}

/// A clustering against the right one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Clusters {
    pub pairs: Pairs,
    /// Adjusted Rand index (Hubert, Arabie, 1985).
    pub ari: f64,
    /// B-cubed (Bagga, Baldwin, 1998).
    pub b_cubed_precision: f64,
    pub b_cubed_recall: f64,
    pub b_cubed_f1: f64,
    /// Clusters, singles included.
    pub clusters: usize,
    pub largest: usize,
    pub core: Core,
}

/// The figures that text-dedup publishes for the CORE data set: a document is right if all its duplicates were found, whatever
/// else was.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Core {
    pub duplicate_precision: f64,
    pub duplicate_recall: f64,
    pub other_precision: f64,
    pub other_recall: f64,
    /// What that table calls macro F1: the mean of the two precisions.
    pub macro_f1: f64,
    /// Documents whose duplicates were found exactly.
    pub accuracy: f64,
}

/// Cluster numbers of documents, in one order.
pub struct Labels<'l> {
    ids: Vec<&'l str>,
    right: Vec<usize>,
    found: Vec<usize>,
}

impl<'l> Labels<'l> {
    /// `found` gives a document's cluster, none where it is alone.
    pub fn new(truth: &'l [Pair], found: &HashMap<String, usize>) -> Self {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut right = Vec::new();
        let alone = truth.len() + found.len();
        let mut assigned = Vec::new();
        for (i, (id, cluster)) in truth.iter().enumerate() {
            let next = numbers.len();
            right.push(*numbers.entry(cluster).or_insert(next));
            assigned.push(found.get(id).copied().unwrap_or(alone + i));
        }
        Self {
            ids: truth.iter().map(|(id, _)| id.as_str()).collect(),
            right,
            found: assigned,
        }
    }

    pub fn score(&self, ignored: &HashSet<Pair>) -> Clusters {
        let n = self.ids.len();
        let (right, found) = (sizes(&self.right), sizes(&self.found));
        // In one order, so that sums of fractions are the same in every run.
        let mut joint: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (&right, &found) in self.right.iter().zip(&self.found) {
            *joint.entry((right, found)).or_default() += 1;
        }
        let pairs =
            |sizes: &mut dyn Iterator<Item = usize>| sizes.map(|n| n * (n - 1) / 2).sum::<usize>();
        let hit = pairs(&mut joint.values().copied());
        let (in_right, in_found) = (
            pairs(&mut right.values().copied()),
            pairs(&mut found.values().copied()),
        );
        let share = |size: &HashMap<usize, usize>, side: fn(&(usize, usize)) -> usize| {
            let sum: f64 = joint
                .iter()
                .map(|(key, &both)| (both * both) as f64 / size[&side(key)] as f64)
                .sum();
            sum / n.max(1) as f64
        };
        let (precision, recall) = (share(&found, |key| key.1), share(&right, |key| key.0));
        let out = self.ignored(ignored);
        Clusters {
            pairs: Pairs::of(in_right - out.0, in_found - out.1, hit - out.2),
            ari: rand_index(n, in_right, in_found, hit),
            b_cubed_precision: precision,
            b_cubed_recall: recall,
            b_cubed_f1: harmonic(precision, recall),
            clusters: found.len(),
            largest: found.values().copied().max().unwrap_or(0),
            core: self.core(),
        }
    }

    /// Of the pairs to be ignored, those that are right, found and both.
    fn ignored(&self, ignored: &HashSet<Pair>) -> (usize, usize, usize) {
        let places: HashMap<&str, usize> = self
            .ids
            .iter()
            .enumerate()
            .map(|(i, id)| (*id, i))
            .collect();
        let mut out = (0, 0, 0);
        for (a, b) in ignored {
            let (Some(&a), Some(&b)) = (places.get(a.as_str()), places.get(b.as_str())) else {
                continue;
            };
            let (right, found) = (
                self.right[a] == self.right[b],
                self.found[a] == self.found[b],
            );
            out.0 += usize::from(right);
            out.1 += usize::from(found);
            out.2 += usize::from(right && found);
        }
        out
    }

    fn core(&self) -> Core {
        let members = |labels: &[usize]| {
            let mut members: HashMap<usize, HashSet<usize>> = HashMap::new();
            for (i, &label) in labels.iter().enumerate() {
                members.entry(label).or_default().insert(i);
            }
            members
        };
        let (right, found) = (members(&self.right), members(&self.found));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut exact = 0;
        for i in 0..self.ids.len() {
            let (right, found) = (&right[&self.right[i]], &found[&self.found[i]]);
            let kind = match (found.len() > 1, right.len() > 1) {
                (true, true) if right.is_subset(found) => "tp",
                (true, _) => "fp",
                (false, true) => "fn",
                (false, false) => "tn",
            };
            *counts.entry(kind).or_default() += 1;
            exact += usize::from(right == found);
        }
        let count = |kind: &str| counts.get(kind).copied().unwrap_or(0) as f64;
        let share = |part: f64, rest: f64| {
            if part + rest == 0.0 {
                0.0
            } else {
                part / (part + rest)
            }
        };
        let (tp, fp, tn, missed) = (count("tp"), count("fp"), count("tn"), count("fn"));
        let (duplicate_precision, other_precision) = (share(tp, fp), share(tn, missed));
        Core {
            duplicate_precision,
            duplicate_recall: share(tp, missed),
            other_precision,
            other_recall: share(tn, fp),
            macro_f1: (duplicate_precision + other_precision) / 2.0,
            accuracy: exact as f64 / self.ids.len().max(1) as f64,
        }
    }
}

fn sizes(labels: &[usize]) -> HashMap<usize, usize> {
    let mut sizes = HashMap::new();
    for &label in labels {
        *sizes.entry(label).or_default() += 1;
    }
    sizes
}

fn rand_index(documents: usize, right: usize, found: usize, hit: usize) -> f64 {
    let all = (documents * documents.saturating_sub(1) / 2) as f64;
    let expected = if all == 0.0 {
        0.0
    } else {
        right as f64 * found as f64 / all
    };
    let most = (right + found) as f64 / 2.0;
    if most == expected {
        1.0
    } else {
        (hit as f64 - expected) / (most - expected)
    }
}

/// Of pairs of documents, how many are in one cluster.
pub fn together(pairs: &[Pair], found: &HashMap<String, usize>) -> usize {
    let joined = |pair: &&Pair| in_one_cluster(pair, found);
    pairs.iter().filter(joined).count()
}

fn in_one_cluster((a, b): &Pair, found: &HashMap<String, usize>) -> bool {
    found
        .get(a)
        .is_some_and(|cluster| found.get(b) == Some(cluster))
}

/// By grade: pairs, and how many of them are in one cluster or related.
pub fn graded(
    pairs: &[(Pair, String)],
    found: &HashMap<String, usize>,
    related: &HashSet<Pair>,
) -> BTreeMap<String, (usize, usize)> {
    let mut grades: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (pair, grade) in pairs {
        let linked = in_one_cluster(pair, found) || related.contains(&ordered(pair.clone()));
        let entry = grades.entry(grade.clone()).or_default();
        entry.0 += 1;
        entry.1 += usize::from(linked);
    }
    grades
}
