//! Which clusters should a person look at first? Large ones whose copies are least similar, and those that look like a form
//! that was filled in several times.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use rayon::prelude::*;
use reprint::report::{Cluster, Report};
use reprint::verify::{DifferenceKind, Piece, Relation};
use reprint::{Deduper, Documents};

/// Maximum number of clusters, the most doubtful first, that are tested for being a form. The test compares texts, which is slow.
const TESTED_CLUSTERS: usize = 200;

/// Maximum number of copies of a cluster that the test compares with its canonical copy.
const COMPARED_COPIES: usize = 8;

/// Minimum number of copies for the test. Two texts differ in the same places by definition, and a third may share a place by chance.
const MIN_COPIES: usize = 3;

/// Maximum size of a text in the test, in bytes. Forms are short, and comparing long texts takes long.
const MAX_BYTES: usize = 50_000;

/// Minimum share of the differences that are in slots, for a cluster to look like a form. In editions and scans, differences are scattered.
const MIN_SLOT_SHARE: f64 = 0.5;

/// Minimum similarity of two values of a slot, letter by letter, at which one may be a misreading of the other.
const MISREAD_SIMILARITY: f64 = 0.5;

/// Maximum number of characters of a value that are compared.
const VALUE_CHARACTERS: usize = 60;

/// The clusters of a report in the order in which a person should look at them.
#[derive(Default)]
pub struct Doubts {
    /// Numbers of clusters, the most doubtful first.
    order: Vec<usize>,
    forms: BTreeMap<usize, FormSigns>,
}

/// The signs that a cluster may be a form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FormSigns {
    /// Number of documents of the cluster.
    pub documents: usize,
    /// Number of slots: places of the canonical copy in which most copies have different texts.
    pub slots: usize,
    /// Share of all differences that are in slots, from 0 to 1.
    pub share: f64,
    /// Similarity of the least similar copy, from 0 to 1.
    pub least: f64,
}

impl fmt::Display for FormSigns {
    /// "may be a form: 12 documents, 94 % of their differences are in the same 3 places, with another text in each; least
    /// similarity 71 %".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            documents,
            slots,
            share,
            least,
        } = self;
        let places = match slots {
            1 => "one place".to_owned(),
            _ => format!("the same {slots} places"),
        };
        write!(
            f,
            "may be a form: {documents} documents; {:.0} % of their differences are in {places}, where most have a text of their own; least similarity {:.0} %",
            100.0 * share,
            100.0 * least
        )
    }
}

impl Doubts {
    pub fn new(deduper: &Deduper, documents: &dyn Documents, report: &Report) -> Self {
        let clusters = &report.clusters;
        let mut order: Vec<usize> = (0..clusters.len()).collect();
        order.sort_by(|&a, &b| {
            let [a, b] = [a, b].map(|number| &clusters[number]);
            let by_size = || b.members.len().cmp(&a.members.len());
            doubt(b).total_cmp(&doubt(a)).then_with(by_size)
        });
        let tested = order.iter().take(TESTED_CLUSTERS).copied();
        let tested: Vec<usize> = tested
            .filter(|&number| clusters[number].members.len() >= MIN_COPIES)
            .collect();
        let forms = tested.into_par_iter().filter_map(|number| {
            let signs = form_signs(deduper, documents, &clusters[number])?;
            Some((number, signs))
        });
        let forms: BTreeMap<usize, FormSigns> = forms.collect();
        order.sort_by_key(|number| !forms.contains_key(number));
        Self { order, forms }
    }

    /// The numbers of all clusters, the most doubtful first.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The signs that this cluster may be a form, if there are any.
    pub fn form(&self, cluster: usize) -> Option<&FormSigns> {
        self.forms.get(&cluster)
    }
}

/// The sum of the dissimilarities of all copies: large if there are many copies, and if their similarity is low.
fn doubt(cluster: &Cluster) -> f64 {
    let members = cluster.members.iter();
    members
        .map(|member| 1.0 - member.comparison.similarity())
        .sum()
}

/// A difference from the canonical copy: its place in the canonical copy, and the text of the copy there.
struct Difference {
    place: Range<usize>,
    copy: usize,
    value: String,
    is_number: bool,
}

fn form_signs(
    deduper: &Deduper,
    documents: &dyn Documents,
    cluster: &Cluster,
) -> Option<FormSigns> {
    let canonical = documents.text(cluster.canonical.position).ok()?;
    if canonical.len() > MAX_BYTES {
        return None;
    }
    let members = cluster.members.iter();
    let reprints = members.filter(|member| member.comparison.relation == Relation::Reprint);
    let positions: Vec<usize> = reprints
        .map(|member| member.document.position)
        .take(COMPARED_COPIES)
        .collect();
    if positions.len() < MIN_COPIES {
        return None;
    }
    let mut differences = Vec::new();
    for (copy, &position) in positions.iter().enumerate() {
        let text = documents.text(position).ok()?;
        if text.len() > MAX_BYTES {
            return None;
        }
        let pair = [("a", canonical.as_ref()), ("b", text.as_ref())];
        let pieces = deduper.side_by_side(&pair, 0, 1).ok()?;
        differences.extend(pieces.iter().filter_map(|piece| worded(piece, copy, &text)));
    }
    let (slots, share) = slots(&canonical, differences, positions.len())?;
    let similarity = cluster.members.iter();
    let similarity = similarity.map(|member| member.comparison.similarity());
    (share >= MIN_SLOT_SHARE).then(|| FormSigns {
        documents: cluster.members.len() + 1,
        slots,
        share,
        least: similarity.fold(1.0, f64::min),
    })
}

/// A piece in which words or numbers differ.
fn worded(piece: &Piece, copy: usize, text: &str) -> Option<Difference> {
    let is_number = match piece.kind? {
        DifferenceKind::Number | DifferenceKind::Date => true,
        DifferenceKind::Body | DifferenceKind::Head | DifferenceKind::Foot => {
            !piece.numbers.is_empty()
        }
        _ => return None,
    };
    let value = text.get(piece.right.clone()).unwrap_or_default();
    Some(Difference {
        place: piece.left.start..piece.left.end.max(piece.left.start + 1),
        copy,
        value: value.trim().chars().take(VALUE_CHARACTERS).collect(),
        is_number,
    })
}

/// The number of slots, and the share of all differences that are in them; `None` if there are no differences.
fn slots(canonical: &str, mut differences: Vec<Difference>, copies: usize) -> Option<(usize, f64)> {
    differences.sort_by_key(|difference| difference.place.start);
    let all = differences.len();
    let (mut slots, mut inside) = (0, 0);
    let mut rest = differences.as_slice();
    while let Some(first) = rest.first() {
        let mut end = first.place.end;
        let together = rest.iter().take_while(|next| {
            let joins = next.place.start < end;
            end = end.max(next.place.end);
            joins
        });
        let (place, after) = rest.split_at(together.count());
        let start = first.place.start;
        if is_slot(canonical.get(start..end).unwrap_or_default(), place, copies) {
            slots += 1;
            inside += place.len();
        }
        rest = after;
    }
    (all > 0).then(|| (slots, inside as f64 / all as f64))
}

/// Do most copies have another text here, and nearly all a different one? At least half of these texts must not be
/// misreadings of the canonical copy.
fn is_slot(canonical: &str, place: &[Difference], copies: usize) -> bool {
    let most = MIN_COPIES.max(copies.div_ceil(2));
    let differing: BTreeSet<usize> = place.iter().map(|difference| difference.copy).collect();
    let values: BTreeSet<&str> = place.iter().map(|one| one.value.as_str()).collect();
    let canonical: String = canonical.trim().chars().take(VALUE_CHARACTERS).collect();
    let unlike = place.iter().filter(|one| {
        let similarity = strsim::normalized_levenshtein(&canonical, &one.value);
        one.is_number || similarity < MISREAD_SIMILARITY
    });
    differing.len() >= most && values.len() >= most && 2 * unlike.count() >= place.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reprint::report::{DocumentRef, Member};
    use reprint::verify::Comparison;

    /// A cluster of all these texts; the first is canonical.
    fn signs(texts: &[String]) -> Option<FormSigns> {
        let document = |position: usize| DocumentRef {
            position,
            id: position.to_string(),
            is_part: false,
        };
        let (first, second) = (texts[0].as_str(), "another text altogether");
        let documents = [("a", first), ("b", first), ("z", second)];
        let mut report = Deduper::default().run(&documents).unwrap();
        let cluster = &mut report.clusters[0];
        let comparison = Comparison {
            relation: Relation::Reprint,
            ..Comparison::default()
        };
        let template = cluster.members[0].clone();
        cluster.canonical = document(0);
        cluster.members = (1..texts.len())
            .map(|position| Member {
                document: document(position),
                comparison,
                ..template.clone()
            })
            .collect();
        let ids: Vec<String> = (0..texts.len()).map(|n| n.to_string()).collect();
        let documents: Vec<(&str, &str)> = ids
            .iter()
            .zip(texts)
            .map(|(id, text)| (id.as_str(), text.as_str()))
            .collect();
        form_signs(&Deduper::default(), &documents, cluster)
    }

    #[test]
    fn a_form_with_other_names_in_the_same_places_is_told() {
        let fillings = [
            ("Marrow", "the old mill"),
            ("Quill", "a ferry house"),
            ("Tansy", "two cellars"),
            ("Ibbet", "the north barn"),
            ("Voss", "a boat shed"),
        ];
        let forms = fillings.map(|(name, place)| {
            format!("By this letter the council lets to the tenant {name}, for one year from the first of May, {place} beside the canal, at the rent that the table of the council gives for it.")
        });
        let signs = signs(&forms).unwrap();
        assert_eq!((signs.documents, signs.slots), (5, 2), "{signs}");
        assert!(signs.share > 0.9, "{signs}");
    }

    #[test]
    fn scans_and_editions_of_one_text_are_no_form() {
        let text = "The old lock keeper wrote the height of the river in his book every morning before the bell, and nobody read it until the dam above the valley failed in the spring of that year.";
        let scans = ["", "l", "rn", "c", "h"].map(|from| match from {
            "l" => text.replace("lock", "1ock").replace("until", "unti1"),
            "rn" => text.replace("morning", "moming").replace("dam", "darn"),
            "c" => text.replace("book", "hook").replace("bell", "be1l"),
            "h" => text
                .replace("height", "heiglit")
                .replace("valley", "valloy"),
            _ => text.to_owned(),
        });
        assert_eq!(signs(&scans), None);
        // One copy has a misprint, and all others are the same: the canonical copy is the odd one.
        let odd = ["summer", "spring", "spring", "spring", "spring"];
        assert_eq!(signs(&odd.map(|word| text.replace("spring", word))), None);
    }
}
