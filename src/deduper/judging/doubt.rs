//! Are pairs that seem to be one work beyond doubt items of a form after all?

use crate::cluster::UnionFind;
use crate::deduper::judging::desk::{Desk, JudgedPair};
use crate::deduper::judging::joined;
use crate::deduper::neighbours::Nearby;
use crate::lsh::CandidatePair;
use crate::parallel::Pool;

/// Maximum number of pairs of one supposed work that are tested, to find out whether its texts are items of a form or noisy copies.
const MAX_TESTS: usize = 16;

/// Maximum number of pairs that are tested if one of the first tests failed.
const MAX_CLOSE_TESTS: usize = 256;

/// Number of failed tests after which the other pairs of a part are refused without a test.
const MAX_REFUSALS: u8 = 2;

/// Tests again the pairs that seem to be one work beyond doubt. In a short form in a script without spaces, a name of two characters in a
/// slot looks like two misread characters. But misread characters differ from copy to copy and are right in most copies, while other items
/// of the form have a third text in the same place.
pub(super) fn doubt(nearby: &Nearby<'_>, judged: &mut [JudgedPair], pool: &Pool) {
    let mut sets = joined(nearby, judged);
    let certain = (0..judged.len()).filter(|&at| judged[at].certain);
    let mut by_set: Vec<(u32, usize)> = certain.map(|at| (sets.find(judged[at].a), at)).collect();
    by_set.sort_unstable();
    let sets: Vec<Vec<usize>> = by_set
        .chunk_by(|x, y| x.0 == y.0)
        .map(|set| set.iter().map(|&(_, at)| at).collect())
        .collect();
    let known: &[JudgedPair] = judged;
    let doubted = pool.map(
        sets.len(),
        || Desk::new(nearby, None),
        |desk, i| doubted(desk, known, &sets[i]),
    );
    for at in doubted.concat() {
        judged[at].certain = false;
    }
}

/// From certain pairs that are connected with each other, returns those that are not certain after all.
///
/// The pairs are joined, the most alike first, and some of the pairs that join two parts are tested. If one test fails, the texts are items
/// of a form, and all such pairs are tested: names in the slots of a form may be as alike as misread words are.
fn doubted(desk: &mut Desk<'_>, judged: &[JudgedPair], set: &[usize]) -> Vec<usize> {
    let mut set = set.to_vec();
    let similarity = |at: &usize| judged[*at].comparison.similarity();
    set.sort_by(|x, y| similarity(y).total_cmp(&similarity(x)).then(x.cmp(y)));
    let pairs: Vec<&JudgedPair> = set.iter().map(|&at| &judged[at]).collect();
    if !has_form(desk, &pairs) {
        return Vec::new();
    }
    let mut parts = Parts::of(&pairs);
    let mut tests = 0;
    let mut doubted = Vec::new();
    for (&at, &judged) in set.iter().zip(&pairs) {
        let pair = judged.pair();
        if parts.are_one(pair) {
            continue;
        }
        tests += 1;
        let may_be_one = tests <= MAX_CLOSE_TESTS && parts.may_be_one(pair);
        if may_be_one && !parts.is_form(desk, judged) {
            parts.join(pair);
        } else {
            parts.refuse(pair);
            doubted.push(at);
        }
    }
    doubted
}

/// Does one of the tested pairs fail?
fn has_form(desk: &mut Desk<'_>, pairs: &[&JudgedPair]) -> bool {
    let mut parts = Parts::of(pairs);
    let step = (parts.texts.len() - 1).div_ceil(MAX_TESTS);
    for &judged in pairs {
        let pair = judged.pair();
        if parts.are_one(pair) {
            continue;
        }
        if (parts.joins + 1).is_multiple_of(step) && parts.is_form(desk, judged) {
            return true;
        }
        parts.join(pair);
    }
    false
}

/// Texts that are connected by certain pairs, and the parts that were joined so far.
struct Parts {
    /// Ascending.
    texts: Vec<u32>,
    works: UnionFind,
    joins: usize,
    /// Number of tests that each part failed.
    refusals: Vec<u8>,
}

impl Parts {
    fn of(pairs: &[&JudgedPair]) -> Self {
        let mut texts: Vec<u32> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
        texts.sort_unstable();
        texts.dedup();
        Self {
            works: UnionFind::new(texts.len()),
            joins: 0,
            refusals: vec![0; texts.len()],
            texts,
        }
    }

    /// The part of a text. A text that is not in `texts` is a separate part.
    fn part(&mut self, text: u32) -> u32 {
        match self.texts.binary_search(&text) {
            Ok(at) => self.works.find(at as u32),
            Err(_) => self.texts.len() as u32 + text,
        }
    }

    fn are_one(&mut self, (a, b): CandidatePair) -> bool {
        self.part(a) == self.part(b)
    }

    /// May two parts be one? They may not if one of them failed too many tests: the pairs that are most alike come first, so later pairs
    /// would fail as well.
    fn may_be_one(&mut self, (a, b): CandidatePair) -> bool {
        let parts = [a, b].map(|text| self.part(text) as usize);
        parts.iter().all(|&part| self.refusals[part] < MAX_REFUSALS)
    }

    fn refuse(&mut self, (a, b): CandidatePair) {
        for part in [a, b].map(|text| self.part(text) as usize) {
            self.refusals[part] = self.refusals[part].saturating_add(1);
        }
    }

    fn join(&mut self, (a, b): CandidatePair) {
        let (a, b) = (self.part(a), self.part(b));
        self.works.join(a, b);
        self.joins += 1;
    }

    /// Are two parts items of a form, by the evidence of other texts near this pair?
    fn is_form(&mut self, desk: &mut Desk<'_>, pair: &JudgedPair) -> bool {
        let voters = desk.nearby.voters(pair.a, pair.b, |text| self.part(text));
        voters.len() >= 2 && desk.is_form(pair, &voters)
    }
}
