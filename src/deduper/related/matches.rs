//! Which occurrences of a seed may be in one passage? Those with the same text around them.
//!
//! A passage is longer than a seed, so it continues after the seed or before it for at least a known length. Occurrences with equal hashes
//! of the text on one side are a *family*. The first occurrence of a family is its leader, and each other occurrence is compared with the
//! leader. So there are only as many comparisons as occurrences, however many texts have the seed. Occurrences that do not match the leader
//! are compared with a few other members of the family.

use xxhash_rust::xxh3::xxh3_64;

use crate::shingle::for_each_unit;
use crate::signature::Seed;

/// Maximum number of occurrences of one family in one text that are compared. A refrain would match itself in too many places.
const MAX_REPEATS: usize = 4;

/// Where a seed starts in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) text: u32,
    pub(super) start: u32,
}

/// Hashes of the text from the start of a seed on, and of the text before it. 0 if the text ends too early for a passage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Context([u32; 2]);

/// Two occurrences of one seed that may stand in one passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub(super) leader: Place,
    pub(super) member: Place,
    /// The sides of the seed on which the two agree, one bit for each side.
    sides: u8,
}

/// How far a passage reaches around the start of a seed, as weights: at least `behind` after it, or else at least `before` before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    behind: u32,
    before: u32,
}

impl Reach {
    /// The reach of passages of this weight. A passage that does not reach `behind` after the start of a seed must reach `before` before
    /// it, even if a word of weight 2 crosses the limit.
    pub(super) fn new(passage: usize) -> Self {
        let behind = 2 * passage / 3;
        Self {
            behind: behind as u32,
            before: (passage - 1).saturating_sub(behind) as u32,
        }
    }
}

/// The contexts of the seeds of a text, in the order of the seeds. Cost: one pass over the text.
pub(super) fn contexts(folded: &str, seeds: &[Seed], reach: Reach) -> Vec<Context> {
    let units = Measured::new(folded);
    let mut by_place: Vec<(u32, usize)> = seeds.iter().map(|seed| seed.place).zip(0..).collect();
    by_place.sort_unstable();
    let mut contexts = vec![Context::default(); seeds.len()];
    for (place, seed) in by_place {
        let first = units.starts.partition_point(|&start| start < place);
        contexts[seed] = Context([
            hash(units.behind(first, reach.behind)),
            hash(units.before(first, reach.before)),
        ]);
    }
    contexts
}

/// The hash of a text, never 0. 0 for no text.
fn hash(text: Option<&str>) -> u32 {
    text.map_or(0, |text| xxh3_64(text.as_bytes()) as u32 | 1)
}

/// The units of a text, with the running sum of their weights.
struct Measured<'t> {
    folded: &'t str,
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// The total weight of the units before each unit, and of all units.
    weights: Vec<u32>,
}

impl<'t> Measured<'t> {
    fn new(folded: &'t str) -> Self {
        let mut measured = Self {
            folded,
            starts: Vec::new(),
            ends: Vec::new(),
            weights: vec![0],
        };
        let mut weight = 0;
        for_each_unit(folded, |unit, kind| {
            measured.starts.push(unit.start as u32);
            measured.ends.push(unit.end as u32);
            weight += kind.weight() as u32;
            measured.weights.push(weight);
        });
        measured
    }

    /// The text of this weight that starts with a unit. `None` if less is left.
    fn behind(&self, first: usize, weight: u32) -> Option<&'t str> {
        let from = *self.weights.get(first)?;
        let rest = &self.weights[first..];
        // Each unit adds at least 1 to the sum, so a search over `weight` units is enough.
        let near = &rest[..rest.len().min(weight as usize + 1)];
        let count = near.partition_point(|&sum| sum - from < weight);
        if count == near.len() {
            return None;
        }
        let (start, end) = (*self.starts.get(first)?, self.end_before(first + count));
        self.folded.get(start as usize..end.max(start) as usize)
    }

    /// The text of this weight that ends before a unit. `None` if there is less.
    fn before(&self, first: usize, weight: u32) -> Option<&'t str> {
        let to = *self.weights.get(first)?;
        let least = to.checked_sub(weight)?;
        let near = first.saturating_sub(weight as usize);
        let from = near + self.weights[near..=first].partition_point(|&sum| sum <= least);
        let start = self.starts.get(from.checked_sub(1)?)?;
        let end = self.starts.get(first)?;
        self.folded.get(*start as usize..*end as usize)
    }

    fn end_before(&self, unit: usize) -> u32 {
        let last = unit
            .checked_sub(1)
            .and_then(|last| self.ends.get(last).copied());
        last.unwrap_or(0)
    }
}

/// Appends the matches among the occurrences of one seed, in the order of the texts.
pub(super) fn push_matches(occurrences: &mut [(Context, Place)], matches: &mut Vec<Match>) {
    let from = matches.len();
    for side in 0..2 {
        occurrences.sort_unstable_by_key(|&(Context(hashes), place)| (hashes[side], place));
        let families = occurrences.chunk_by(|a, b| a.0.0[side] == b.0.0[side]);
        for family in families.filter(|family| family[0].0.0[side] != 0) {
            let places = family.iter().map(|&(_, place)| place);
            lead(places, 1 << side, matches);
        }
    }
    join_sides(matches, from);
}

/// Matches the first member of a family with each other member, if they are in two texts or more.
fn lead(places: impl Iterator<Item = Place> + Clone, sides: u8, matches: &mut Vec<Match>) {
    let Some(leader) = places.clone().next() else {
        return;
    };
    if places.clone().all(|place| place.text == leader.text) {
        return;
    }
    let (mut text, mut repeats) = (leader.text, 0);
    for member in places {
        repeats = if member.text == text { repeats + 1 } else { 1 };
        text = member.text;
        if member != leader && repeats <= MAX_REPEATS {
            matches.push(Match {
                leader,
                member,
                sides,
            });
        }
    }
}

/// Unites matches of the same two places into one, from index `from` on.
fn join_sides(matches: &mut Vec<Match>, from: usize) {
    matches[from..].sort_unstable();
    let mut kept = from;
    for at in from..matches.len() {
        let next = matches[at];
        match matches
            .get_mut(kept.wrapping_sub(1))
            .filter(|_| kept > from)
        {
            Some(last) if (last.leader, last.member) == (next.leader, next.member) => {
                last.sides |= next.sides
            }
            _ => {
                matches[kept] = next;
                kept += 1;
            }
        }
    }
    matches.truncate(kept);
}

/// Families in which some members do not match the leader. The other members become leaders for these, one after the other.
#[derive(Debug, Default)]
pub(super) struct Families(Vec<Family>);

#[derive(Debug)]
struct Family {
    side: u8,
    /// All members except the first leader, ascending.
    members: Vec<Place>,
    /// Members that have matched no leader so far.
    failed: Vec<Place>,
}

impl Families {
    /// Takes all matches with the first leaders, and those of them that failed.
    pub(super) fn new(matches: &[Match], failed: &[Match]) -> Self {
        let mut keys = by_family(failed);
        keys.dedup_by_key(|&mut (leader, side, _)| (leader, side));
        let has_failed = |&(leader, side, _): &(Place, u8, Place)| {
            let key = |&(leader, side, _): &(Place, u8, Place)| (leader, side);
            keys.binary_search_by_key(&(leader, side), key).is_ok()
        };
        let mut all = by_family(matches);
        all.retain(has_failed);
        let mut failed: Vec<(Place, u8, Place)> = by_family(failed);
        failed.dedup();
        let families = all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(|family| {
            let members = family.iter().map(|&(_, _, member)| member).collect();
            let is_failed = |of: &&(Place, u8, Place)| failed.binary_search(of).is_ok();
            let failed = family.iter().filter(is_failed);
            Family {
                side: family[0].1,
                members,
                failed: failed.map(|&(_, _, member)| member).collect(),
            }
        });
        Self(families.collect())
    }

    /// Have all members found a match?
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pairs the failed members of each family with its member at index `place`.
    pub(super) fn led_by(&self, place: usize) -> Vec<Match> {
        let mut matches = Vec::new();
        for family in &self.0 {
            let Some(&leader) = family.members.get(place) else {
                continue;
            };
            let others = family.failed.iter().filter(|&&member| member != leader);
            matches.extend(others.map(|&member| Match {
                leader: leader.min(member),
                member: leader.max(member),
                sides: family.side,
            }));
        }
        join_sides(&mut matches, 0);
        matches
    }

    /// Removes from the failed members those that match the member at index `place`. If there are any, that member leads a separate
    /// passage: returns its pairs with the rest of the family, which may have this passage too.
    pub(super) fn keep_failed(&mut self, place: usize, failed: &[Match]) -> Vec<Match> {
        let pair = |a: Place, b: Place| (a.min(b), a.max(b));
        let mut pairs: Vec<(Place, Place)> =
            failed.iter().map(|of| (of.leader, of.member)).collect();
        pairs.sort_unstable();
        let mut matches = Vec::new();
        for family in &mut self.0 {
            let Some(&leader) = family.members.get(place) else {
                continue;
            };
            let compared = family.failed.clone();
            family.failed.retain(|&member| {
                member == leader || pairs.binary_search(&pair(leader, member)).is_ok()
            });
            if family.failed.len() < compared.len() {
                let rest = family
                    .members
                    .iter()
                    .filter(|&member| *member != leader && compared.binary_search(member).is_err());
                matches.extend(rest.map(|&member| Match {
                    leader: leader.min(member),
                    member: leader.max(member),
                    sides: family.side,
                }));
            }
        }
        self.0
            .retain(|family| !family.failed.is_empty() && family.members.len() > place + 1);
        join_sides(&mut matches, 0);
        matches
    }
}

/// Leader, side and member of each match, ascending.
fn by_family(matches: &[Match]) -> Vec<(Place, u8, Place)> {
    let of_side = |side: u8| matches.iter().filter(move |of| of.sides & side != 0);
    let families = [1, 2]
        .into_iter()
        .flat_map(|side| of_side(side).map(move |of| (of.leader, side, of.member)));
    let mut families: Vec<(Place, u8, Place)> = families.collect();
    families.sort_unstable();
    families
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shingle::{units, weight};
    use proptest::prelude::*;

    fn place(text: u32) -> Place {
        Place { text, start: 0 }
    }

    proptest! {
        #[test]
        fn wherever_a_passage_has_a_seed_the_text_on_one_side_is_the_same(
            around in prop::collection::vec("[ab 水来]{0,30}", 4),
            passage in "[ab 水来]{30,60}",
            passage_weight in 5_usize..40,
        ) {
            prop_assume!(weight(&passage) >= passage_weight);
            let texts = [0, 2].map(|at| format!("{} {passage} {}", around[at], around[at + 1]));
            let inside = units(&passage);
            let start = [0, 2].map(|at| around[at].len() + 1);
            for unit in &inside {
                let context = |side: usize| {
                    let place = (start[side] + unit.start) as u32;
                    contexts(&texts[side], &[Seed { key: 0, place }], Reach::new(passage_weight))[0]
                };
                let (Context(a), Context(b)) = (context(0), context(1));
                prop_assert!((0..2).any(|side| a[side] == b[side] && a[side] != 0), "{unit:?} of {texts:?}");
            }
        }
    }

    #[test]
    fn each_occurrence_is_matched_with_the_first_of_its_family_and_few_of_one_text_are() {
        let mut occurrences: Vec<(Context, Place)> = (0..100)
            .rev()
            .map(|text| (Context([7, 9]), place(text)))
            .collect();
        occurrences.extend((1..10).map(|start| (Context([7, 9]), Place { text: 5, start })));
        occurrences.push((Context([8, 0]), place(200)));
        let mut matches = Vec::new();
        push_matches(&mut occurrences, &mut matches);
        assert_eq!(matches.len(), 99 + MAX_REPEATS - 1);
        assert!(
            matches
                .iter()
                .all(|of| of.leader == place(0) && of.sides == 3)
        );
    }

    #[test]
    fn what_is_no_match_for_its_leader_is_led_by_the_other_members_one_after_the_other() {
        let of = |leader, member| Match {
            leader: place(leader),
            member: place(member),
            sides: 1,
        };
        let all = [of(0, 1), of(0, 2), of(0, 3)];
        let mut families = Families::new(&all, &all[..2]);
        assert_eq!(families.led_by(0), [of(1, 2)]);
        assert!(families.keep_failed(0, &[of(1, 2)]).is_empty());
        assert_eq!(families.led_by(1), [of(1, 2)]);
        assert!(families.keep_failed(1, &[of(1, 2)]).is_empty());
        assert_eq!(families.led_by(2), [of(1, 3), of(2, 3)]);
        assert!(families.keep_failed(2, &[]).is_empty());
        assert!(families.led_by(3).is_empty());
        // If 2 matches 1 and not 0, then 3 may have that passage as well.
        let mut families = Families::new(&all, &all[..1]);
        assert_eq!(families.led_by(1), [of(1, 2)]);
        assert_eq!(families.keep_failed(1, &[]), [of(2, 3)]);
    }
}
