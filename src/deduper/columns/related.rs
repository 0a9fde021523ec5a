//! Which of two texts is inside the other, and what do they have in common?

use std::borrow::Borrow;
use std::cell::OnceCell;

use crate::deduper::Deduper;
use crate::deduper::columns::rows::{Batch, Rows, no_row, same_rows};
use crate::deduper::related::{of_pairs, retain_seeds};
use crate::deduper::source::Source;
use crate::error::Error;
use crate::facts::Facts;
use crate::lsh::CandidatePair;
use crate::report::Passage;
use crate::verify::{Edition, Overlap, Relation};

/// The relation of the first text of a pair to the second one.
///
/// ```
/// use reprint::{columns::Containment, verify::{Overlap, Relation}};
///
/// let found = Containment { relation: Relation::Contains, overlap: Overlap::default(), passages: vec![] };
/// assert_eq!(found.relation.as_str(), "contains");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Containment {
    /// `Contains` or `Within`.
    pub relation: Relation,
    /// Distinct shingles of both.
    pub overlap: Overlap,
    /// The common passages, by their place in the first text.
    pub passages: Vec<Passage>,
}

/// The seeds that two or more texts of a collection share, with their counts. This is what [`contained`] must know of the whole collection.
///
/// ```
/// use reprint::columns::SharedSeeds;
///
/// // Three staying texts have the first seed, and two of them are short. Only copies have the second one.
/// let seeds = SharedSeeds { keys: &[5, 9], texts: &[3, 0], short_texts: &[2, 0] };
/// assert_eq!(seeds.keys.len(), seeds.texts.len());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedSeeds<'s> {
    /// Ascending, each once.
    pub keys: &'s [u64],
    /// Number of kept texts with each seed. A seed that more than 16 of them have is a common phrase. It is no evidence that one text is
    /// inside another.
    pub texts: &'s [u32],
    /// Number of [short](crate::columns::Sketches::short) texts among these.
    pub short_texts: &'s [u32],
}

/// Whether one of the two texts of each pair of rows is inside the other, decided as in a run.
///
/// In a run, one text of each cluster is kept; `stays` is true for these. `seeds` has the seeds that two or more texts of the whole
/// collection share, at least those of the given texts. `are_copies` says that each pair is a copy and the text that is kept for it. Then
/// nearly the whole of one text must be inside the other.
///
/// A run compares pairs in three rounds. First: pairs of kept texts that share a tenth of the rare seeds of one of them. Second: for each
/// pair found, up to 16 copies of each text with the other text. Third: each copy with the text that is kept for it. A run puts the longer
/// text of a pair first. The order matters if a passage could end at several places.
///
/// Cost: all texts are folded. Then the seeds of both texts are compared, and their shingles if the seeds do not decide: 7 to 60 µs a pair
/// of pages.
///
/// ```
/// use reprint::{Deduper, columns::{self, SharedSeeds}, verify::Relation};
///
/// let deduper = Deduper::default();
/// let news = "水来之前人先动，灯亮之处有人守，一个人也不能落下。郑水英说，收稻子也是这个理。夜里十点，第一阵雨点打在晒谷场的油布上。";
/// let digest = format!("本期选文如下。{news}糖厂改建的图书馆昨天开门，第一天来了两百多人，最小的读者只有四岁，是跟着外婆来的，祖孙俩看了一下午的画册，傍晚才依依不舍地回家吃饭去。");
/// let texts = [digest.as_str(), news];
/// let sketches = columns::sketch(&deduper, &texts)?;
/// let mut seeds = sketches.seeds.values.clone();
/// seeds.sort();
/// let shared: Vec<u64> = seeds.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
/// let two = vec![2; shared.len()];
/// let seeds = SharedSeeds { keys: &shared, texts: &two, short_texts: &two };
/// let found = columns::contained(&deduper, &texts, &sketches.facts, &[true; 2], seeds, &[(0, 1)], false)?;
/// assert_eq!(found[0].as_ref().map(|found| found.relation), Some(Relation::Contains));
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// If columns have different numbers of rows, if facts are of another scheme, or if a pair names a row that does not exist.
pub fn contained<T: AsRef<str>, F: Borrow<Facts>>(
    deduper: &Deduper,
    texts: &[T],
    facts: &[F],
    stays: &[bool],
    seeds: SharedSeeds<'_>,
    pairs: &[CandidatePair],
    are_copies: bool,
) -> Result<Vec<Option<Containment>>, Error> {
    let rows = Rows::new(texts, facts)?;
    same_rows("stays", stays.len(), texts.len())?;
    same_rows("texts", seeds.texts.len(), seeds.keys.len())?;
    same_rows("short_texts", seeds.short_texts.len(), seeds.keys.len())?;
    inside(deduper, &rows, stays, seeds, pairs, are_copies)
}

fn inside(
    deduper: &Deduper,
    rows: &Rows<'_>,
    stays: &[bool],
    seeds: SharedSeeds<'_>,
    pairs: &[CandidatePair],
    are_copies: bool,
) -> Result<Vec<Option<Containment>>, Error> {
    let mut batch = Batch::new(deduper, &Source::new(rows))?;
    // As in a run, seeds of a single text are dropped first.
    retain_seeds(&mut batch.corpus, |key| {
        seeds.keys.binary_search(&key).is_ok()
    });
    let asked = pairs
        .iter()
        .map(|&(a, b)| Ok([(a as usize, batch.text(a)?), (b as usize, batch.text(b)?)]));
    let asked: Vec<[(usize, u32); 2]> = asked.collect::<Result<_, Error>>()?;
    let counts = seeds.texts.iter().zip(seeds.short_texts);
    let counts = counts.map(|(&texts, &short)| [texts, short]);
    let shared = seeds.keys.iter().copied().zip(counts);
    let staying = (0..batch.corpus.groups.len() as u32)
        .filter(|&text| (batch.corpus.groups[text as usize].iter()).any(|&row| stays[row]));
    let staying: Vec<u32> = staying.collect();
    let found = of_pairs(&batch.corpus, shared, staying, &asked, are_copies).into_iter();
    let found = found.map(|found| {
        found.map(|(found, passages)| Containment {
            relation: found.relation,
            overlap: found.overlap,
            passages,
        })
    });
    Ok(found.collect())
}

/// The common passages of the two texts of each pair of rows that are long enough ([`passage`](crate::DeduperBuilder::passage)), by their
/// place in the first text. The number of documents that have a passage is not known here, so it is always 2. Cost: 50 to 300 µs a pair of
/// pages.
///
/// ```
/// use reprint::{Deduper, columns};
///
/// let notice = "The office is closed on Monday, the seventeenth of May, because the water pipes in the whole street are being replaced.";
/// let texts = [format!("Dear members of the rowing club. {notice}"), format!("{notice} The choir meets elsewhere.")];
/// let found = columns::passages(&Deduper::default(), &texts, &[(0, 1)])?;
/// assert_eq!(found[0][0].left.of(&texts[0]), notice.trim_end_matches('.'));
/// # Ok::<(), reprint::Error>(())
/// ```
///
/// # Errors
///
/// If a pair names a row that does not exist.
pub fn passages<T: AsRef<str>>(
    deduper: &Deduper,
    texts: &[T],
    pairs: &[CandidatePair],
) -> Result<Vec<Vec<Passage>>, Error> {
    let config = &deduper.0;
    let editions: Vec<OnceCell<Edition<'_>>> = texts.iter().map(|_| OnceCell::new()).collect();
    let edition = |row: u32| {
        let text = texts.get(row as usize).map(AsRef::as_ref);
        let known = text.zip(editions.get(row as usize));
        let (text, known) = known.ok_or_else(|| no_row(row, texts.len()))?;
        Ok(known.get_or_init(|| Edition::new(text, &config.normalizer, &config.shingler)))
    };
    let found = pairs
        .iter()
        .map(|&(a, b)| Ok(config.common_passages(edition(a)?, edition(b)?)));
    found.collect()
}
