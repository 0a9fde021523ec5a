//! Which passages are in several documents, and where? Each passage is listed once, with all its places.

use std::ops::Range;

use crate::deduper::corpus::Corpus;
use crate::deduper::pairs::{Recent, tasks};
use crate::deduper::related::index::{Occurrence, SeedIndex};
use crate::deduper::related::matches::{
    Context, Families, Match, Place, Reach, contexts, push_matches,
};
use crate::deduper::related::places::locate;
use crate::deduper::related::rows::{LedStretch, Row, mark_repeated, rows};
use crate::lsh::CandidatePair;
use crate::parallel::Pool;
use crate::report::{CommonPassage, PassagePlace};
use crate::shingle::weight;
use crate::verify::{Stretch, stretches};

/// Maximum bytes of the texts that a worker used last and keeps.
const CACHE_BYTES: usize = 8 << 20;

/// Number of keys in one piece of work.
const KEYS_AT_ONCE: usize = 1 << 12;

/// Number of members of a family that lead it after the first leader. Thousands of texts may share little more than a seed. A member that
/// agrees with none of these leaders is found by other seeds, if it is in a passage.
const MAX_LEADERS: usize = 8;

/// What two texts have in common: stretches that are long enough, and the matches that are in no such stretch.
type Extended = (Vec<LedStretch>, Vec<Match>);

/// Finds the passages of kept documents.
pub(super) struct PassageFinder<'f, 'd> {
    pub(super) corpus: &'f Corpus<'d>,
    pub(super) index: &'f SeedIndex,
    /// For each text, the document that is kept with it.
    pub(super) standing: &'f [Option<usize>],
    pub(super) pool: &'f Pool<'f>,
}

/// The matches of two texts, as a range of the list of all matches.
#[derive(Clone, Copy)]
struct Pair {
    texts: CandidatePair,
    from: usize,
    to: usize,
}

impl PassageFinder<'_, '_> {
    /// All passages of at least the minimum weight, by their first place, the longer ones first.
    pub(super) fn find(&self) -> Vec<CommonPassage> {
        let mut stretches = self.stretches();
        mark_repeated(&mut stretches, self.least());
        stretches.sort_unstable();
        let of_leader: Vec<&[LedStretch]> =
            stretches.chunk_by(|a, b| a.leader == b.leader).collect();
        let found = self.pool.map(
            of_leader.len(),
            || (),
            |(), i| {
                let leader = self.corpus.folded(of_leader[i][0].leader);
                let rows = rows(of_leader[i], self.least(), |range| weight(&leader[range]));
                let counted = rows.into_iter().map(|row| {
                    let chars = leader[row.range.clone()].chars().count();
                    (row, chars)
                });
                counted.collect::<Vec<_>>()
            },
        );
        self.located(found.into_iter().flatten().collect())
    }

    /// Minimum weight of a passage.
    fn least(&self) -> usize {
        self.corpus.settled.limits.passage
    }

    /// All common stretches of texts and their leaders.
    fn stretches(&self) -> Vec<LedStretch> {
        let matches = self.matches();
        let (mut found, failed) = self.extend(matches.clone());
        let mut families = Families::new(&matches, &failed);
        drop(matches);
        for place in 0..MAX_LEADERS {
            let led = families.led_by(place);
            if led.is_empty() && families.is_empty() {
                break;
            }
            let (more, failed) = self.extend(led);
            found.extend(more);
            let rest = families.keep_failed(place, &failed);
            found.extend(self.extend(rest).0);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The matches of all seeds with the leaders of their families.
    fn matches(&self) -> Vec<Match> {
        let contexts = self.contexts();
        let parts = self.index.len().div_ceil(KEYS_AT_ONCE);
        let found = self.pool.map(parts, Vec::new, |occurrences, part| {
            let mut matches = Vec::new();
            let keys = KEYS_AT_ONCE * part..self.index.len().min(KEYS_AT_ONCE * (part + 1));
            for key in keys {
                occurrences.clear();
                let told = self.index.occurrences(key).iter();
                occurrences.extend(told.filter_map(|&Occurrence { text, seed }| {
                    let context = *contexts[text as usize].get(seed as usize)?;
                    let start = self.corpus.seeds(text)[seed as usize].place;
                    Some((context, Place { text, start }))
                }));
                push_matches(occurrences, &mut matches);
            }
            matches
        });
        found.into_iter().flatten().collect()
    }

    /// The contexts of all seeds of texts with a kept document.
    fn contexts(&self) -> Vec<Vec<Context>> {
        let reach = Reach::new(self.least());
        self.pool.map(
            self.standing.len(),
            || (),
            |(), text| {
                let seeds = self.corpus.seeds(text as u32);
                match self.standing[text] {
                    Some(_) if !seeds.is_empty() => {
                        contexts(&self.corpus.folded(text as u32), seeds, reach)
                    }
                    _ => Vec::new(),
                }
            },
        )
    }

    /// The stretches through these matches.
    fn extend(&self, mut matches: Vec<Match>) -> Extended {
        let texts = |of: &Match| (of.leader.text, of.member.text);
        matches.sort_unstable_by_key(|of| (texts(of), *of));
        let mut pairs: Vec<Pair> = Vec::new();
        for of_pair in matches.chunk_by(|a, b| texts(a) == texts(b)) {
            let from = pairs.last().map_or(0, |last| last.to);
            let to = from + of_pair.len();
            let texts = texts(&of_pair[0]);
            pairs.push(Pair { texts, from, to });
        }
        let tasks = tasks(self.corpus, &pairs, |pair| pair.texts);
        let recent = || Recent::new(CACHE_BYTES, |sketch| sketch.folded.bytes());
        let found = self.pool.map(tasks.len(), recent, |texts, task| {
            let found = tasks[task].iter().filter_map(|pair| {
                let (l, r) =
                    texts.pair(pair.texts, self.corpus, |text| self.corpus.folded(text))?;
                Some(extended(l, r, &matches[pair.from..pair.to], self.least()))
            });
            found.collect::<Vec<Extended>>()
        });
        let (mut stretches, mut failed) = Extended::default();
        for (found, left) in found.into_iter().flatten() {
            stretches.extend(found);
            failed.extend(left);
        }
        (stretches, failed)
    }

    /// The passages, with their places in the original texts. Each row is given with its number of characters.
    fn located(&self, rows: Vec<(Row, usize)>) -> Vec<CommonPassage> {
        let document = |text: u32| self.standing[text as usize].unwrap_or_default();
        let wanted = rows.iter().flat_map(|(row, _)| {
            let bytes = row.range.len();
            let places = row.places.iter();
            places.map(move |&(text, start)| (document(text), text, start..start + bytes))
        });
        let wanted: Vec<(usize, u32, Range<usize>)> = wanted.collect();
        let mut spans = locate(self.corpus, &wanted, self.pool).into_iter();
        let passages = rows.iter().map(|(row, chars)| {
            let spans = spans.by_ref().take(row.places.len());
            let places = row.places.iter().zip(spans);
            let mut places: Vec<PassagePlace> = places
                .map(|(&(text, _), span)| PassagePlace {
                    position: document(text),
                    span,
                })
                .collect();
            places.sort_by(|a, b| self.order(a).cmp(&self.order(b)));
            CommonPassage {
                chars: *chars,
                documents: row.texts,
                places,
            }
        });
        let mut passages: Vec<CommonPassage> = passages.collect();
        passages.sort_by(|a, b| {
            let end =
                |passage: &CommonPassage| passage.places.first().map(|place| place.span.bytes.end);
            let (first, other) = (a.places.first(), b.places.first());
            let first = first.map(|place| self.order(place));
            first
                .cmp(&other.map(|place| self.order(place)))
                .then(end(b).cmp(&end(a)))
        });
        passages
    }

    /// The order of places: by id, then by position in the text.
    fn order<'s>(&'s self, place: &PassagePlace) -> (&'s str, usize) {
        (
            self.corpus.documents.id(place.position),
            place.span.bytes.start,
        )
    }
}

/// The common stretches of a leader and a member through their matches.
fn extended(leader: &str, member: &str, matches: &[Match], passage: usize) -> Extended {
    let anchor = |of: &Match| (of.leader.start as usize, of.member.start as usize);
    let all = stretches(leader, member, matches.iter().map(anchor).collect());
    let Some(first) = matches.first() else {
        return Extended::default();
    };
    let weighed = all
        .into_iter()
        .filter_map(|Stretch { left, right, bytes }| {
            // No unit weighs more than its bytes.
            if bytes < passage {
                return None;
            }
            let weight = weight(&leader[left..left + bytes]);
            (weight >= passage).then_some(LedStretch {
                leader: first.leader.text,
                left: left as u32,
                member: first.member.text,
                right: right as u32,
                bytes: bytes as u32,
                weight: weight as u32,
                repeated: false,
            })
        });
    let found: Vec<LedStretch> = weighed.collect();
    let diagonal = |left: u32, right: u32| left.wrapping_sub(right);
    let mut ends: Vec<(u32, u32, u32)> = found
        .iter()
        .map(|of| (diagonal(of.left, of.right), of.left, of.left + of.bytes))
        .collect();
    ends.sort_unstable();
    let is_inside = |of: &&Match| {
        let (start, diagonal) = (of.leader.start, diagonal(of.leader.start, of.member.start));
        let behind = ends.partition_point(|&(other, left, _)| (other, left) <= (diagonal, start));
        let before = behind.checked_sub(1).map(|at| ends[at]);
        before.is_some_and(|(other, _, end)| other == diagonal && start < end)
    };
    let failed: Vec<Match> = matches
        .iter()
        .filter(|of| !is_inside(of))
        .copied()
        .collect();
    (found, failed)
}
