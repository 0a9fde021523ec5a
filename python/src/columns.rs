//! The steps of a run over columns: those of [`reprint::columns`], each a function of the package's module `columns`.

use std::borrow::Cow;
use std::io;

use arrow_array::RecordBatch;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use reprint::columns::{self, Lists, SharedSeeds};
use reprint::report::{Cluster, Passage};
use reprint::verify::{Comparison, Evidence};
use reprint::{Deduper, Documents, Facts, Metadata};

use crate::column::{Column, Kind};
use crate::error;
use crate::given::column;
use crate::input::Input;
use crate::numbers::{Numbers, Returned, bytes, flags as given_flags, numbers};
use crate::settings::Asked;
use crate::table::Table;
use crate::tables::{
    Named, binaries, clusters_of, flags, lists, numbers as optional_numbers, places, shares,
    strings, table,
};

/// Settings of steps: policy, threshold, level, relations.
type Settings<'py> = (Option<Bound<'py, PyAny>>, Option<f64>, Option<String>, bool);

fn deduper(py: Python<'_>, (keep, threshold, level, relations): Settings<'_>) -> PyResult<Deduper> {
    let asked = Asked {
        keep,
        threshold,
        level,
        threads: Some(1),
        relations,
    };
    asked.deduper(py)
}

/// The texts of a column, which must all be there.
fn texts<'c>(py: Python<'_>, column: &'c Column) -> PyResult<Vec<&'c str>> {
    let texts = (0..column.len()).map(|row| {
        let missing = || {
            let problem = "is missing: leave the row out".to_owned();
            error::column(py, "texts", Some(row), problem)
        };
        column.get(row).ok_or_else(missing)
    });
    texts.collect()
}

/// Facts in their stored form.
fn facts(given: &Bound<'_, PyAny>) -> PyResult<Vec<Facts>> {
    let py = given.py();
    let stored = bytes("facts", given)?;
    let read = py.detach(|| {
        let rows = stored.rows().enumerate();
        let read =
            rows.map(|(row, stored)| Facts::from_bytes(stored).map_err(|error| (row, error)));
        read.collect::<Result<Vec<Facts>, _>>()
    });
    read.map_err(|(row, failed)| {
        error::column(py, "facts", Some(row), format!("can't be read: {failed}"))
    })
}

/// Pairs of rows.
fn pairs(left: &Bound<'_, PyAny>, right: &Bound<'_, PyAny>) -> PyResult<Vec<(u32, u32)>> {
    let [a, b] = [numbers("left", left)?, numbers("right", right)?];
    if a.len() != b.len() {
        return Err(uneven(left.py(), ("right", b.len()), ("left", a.len())));
    }
    let row = |name: &str, numbers: &Numbers, at: usize| {
        let row = numbers.get(at).and_then(|row| u32::try_from(row).ok());
        row.ok_or_else(|| error::column(left.py(), name, Some(at), "is no row".to_owned()))
    };
    (0..a.len())
        .map(|at| Ok((row("left", &a, at)?, row("right", &b, at)?)))
        .collect()
}

/// Texts with their facts, and pairs of their rows.
type Rows<'c> = (Vec<&'c str>, Vec<Facts>, Vec<(u32, u32)>);

fn rows<'c>(
    py: Python<'_>,
    column: &'c Column,
    facts: &Bound<'_, PyAny>,
    [left, right]: [&Bound<'_, PyAny>; 2],
) -> PyResult<Rows<'c>> {
    let texts = texts(py, column)?;
    Ok((texts, self::facts(facts)?, pairs(left, right)?))
}

/// The error of a column that has other rows than another one.
fn uneven(py: Python<'_>, (name, rows): (&str, usize), (other, others): (&str, usize)) -> PyErr {
    let problem = format!("has {rows} rows and {other} has {others}: give one for each");
    error::column(py, name, None, problem)
}

fn failed(py: Python<'_>, failed: &reprint::Error) -> PyErr {
    match failed.is_setting() {
        true => error::setting(py, failed.to_string()),
        false => error::other(py, failed),
    }
}

/// The table that `rows` makes of the result of `work`. Both run without the interpreter's lock.
fn step<R: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<R, reprint::Error> + Send,
    rows: impl FnOnce(R) -> Result<RecordBatch, arrow_schema::ArrowError> + Send,
) -> PyResult<Table> {
    let found = py
        .detach(|| work().map(rows))
        .map_err(|error| failed(py, &error))?;
    // Columns of one length always make a table.
    found
        .map(Table)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

#[pyfunction]
pub fn columns_fold(py: Python<'_>, texts: &Bound<'_, PyAny>) -> PyResult<Table> {
    let column = column("texts", texts, Kind::Texts)?;
    let texts = self::texts(py, &column)?;
    step(
        py,
        || Ok(columns::fold(&Deduper::default(), &texts)),
        |folded| {
            table([(
                "folded",
                strings(folded.iter().map(|text| Some(text.as_str()))),
            )])
        },
    )
}

#[pyfunction]
pub fn columns_sketch<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let column = column("texts", texts, Kind::Texts)?;
    let texts = self::texts(py, &column)?;
    step(
        py,
        || columns::sketch(&deduper, &texts),
        |sketches| {
            let facts = &sketches.facts;
            let grams = Lists {
                offsets: sketches.grams.offsets,
                values: sketches.grams.values.into_iter().map(u64::from).collect(),
            };
            table([
                (
                    "digest",
                    binaries(facts.iter().map(|facts| facts.digest().to_be_bytes())),
                ),
                (
                    "length",
                    places(facts.iter().map(|facts| facts.length() as u64)),
                ),
                ("facts", binaries(facts.iter().map(Facts::to_bytes))),
                ("bands", lists(&sketches.bands)),
                ("grams", lists(&grams)),
                ("seeds", lists(&sketches.seeds)),
                (
                    "short",
                    flags(sketches.short.iter().map(|&short| Some(short))),
                ),
            ])
        },
    )
}

fn met(pairs: &[(u32, u32)]) -> Result<RecordBatch, arrow_schema::ArrowError> {
    table([
        ("left", places(pairs.iter().map(|pair| u64::from(pair.0)))),
        ("right", places(pairs.iter().map(|pair| u64::from(pair.1)))),
    ])
}

#[pyfunction]
pub fn columns_bucket_pairs<'py>(
    py: Python<'py>,
    keys: &Bound<'py, PyAny>,
    facts: &Bound<'py, PyAny>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let keys = numbers("keys", keys)?.all(py, "keys")?;
    let facts = self::facts(facts)?;
    step(
        py,
        || columns::bucket_pairs(&deduper, &keys, &facts),
        |pairs| met(&pairs),
    )
}

/// A gram of 32 bits, with or without a sign.
fn gram(key: u64) -> Option<u32> {
    let signed = || i32::try_from(key as i64).ok().map(|key| key as u32);
    u32::try_from(key).ok().or_else(signed)
}

#[pyfunction]
pub fn columns_gram_pairs<'py>(
    py: Python<'py>,
    keys: &Bound<'py, PyAny>,
    digests: &Bound<'py, PyAny>,
) -> PyResult<Table> {
    let keys = numbers("keys", keys)?.all(py, "keys")?;
    let keys = keys.into_iter().enumerate().map(|(row, key)| {
        let problem = "is no gram: give those of `sketch`";
        gram(key).ok_or_else(|| error::column(py, "keys", Some(row), problem.to_owned()))
    });
    let keys: Vec<u32> = keys.collect::<PyResult<_>>()?;
    let stored = bytes("digests", digests)?;
    let digests = stored.rows().enumerate().map(|(row, digest)| {
        let digest = <[u8; 16]>::try_from(digest).map(u128::from_be_bytes);
        digest.map_err(|_| error::column(py, "digests", Some(row), "has not 16 bytes".to_owned()))
    });
    let digests: Vec<u128> = digests.collect::<PyResult<_>>()?;
    step(
        py,
        || columns::gram_pairs(&keys, &digests),
        |pairs| met(&pairs),
    )
}

#[pyfunction]
pub fn columns_may_be_copies<'py>(
    py: Python<'py>,
    facts: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let (facts, pairs) = (self::facts(facts)?, pairs(left, right)?);
    step(
        py,
        || columns::may_be_copies(&deduper, &facts, &pairs),
        |found| {
            let found = || found.iter();
            table([
                (
                    "nearness",
                    shares(found().map(|of| Some(f64::from(of.nearness())))),
                ),
                (
                    "may_be_copies",
                    flags(found().map(|of| Some(of.may_be_copies()))),
                ),
                ("is_near", flags(found().map(|of| Some(of.is_near())))),
                (
                    "may_be_inside",
                    flags(found().map(|of| Some(of.may_be_inside()))),
                ),
            ])
        },
    )
}

/// The columns of comparisons, and more.
fn compared(
    found: &[Comparison],
    more: impl IntoIterator<Item = Named>,
) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let rows = || found.iter();
    let figures = || rows().map(|of| of.figures);
    let columns = [
        (
            "relation",
            strings(rows().map(|of| Some(of.relation.as_str()))),
        ),
        ("jaccard", shares(rows().map(|of| Some(of.jaccard())))),
        ("similarity", shares(rows().map(|of| Some(of.similarity())))),
        (
            "ground",
            strings(figures().map(|of| of.ground.map(|ground| ground.as_str()))),
        ),
        (
            "objection",
            strings(figures().map(|of| of.objection.map(|objection| objection.as_str()))),
        ),
    ];
    table(columns.into_iter().chain(more))
}

#[pyfunction]
pub fn columns_measure<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    facts: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let column = column("texts", texts, Kind::Texts)?;
    let (texts, facts, pairs) = rows(py, &column, facts, [left, right])?;
    step(
        py,
        || columns::measure(&deduper, &texts, &facts, &pairs),
        |found| {
            let comparisons: Vec<Comparison> = found.iter().map(|of| of.comparison).collect();
            compared(
                &comparisons,
                [(
                    "is_certain",
                    flags(found.iter().map(|of| Some(of.is_certain))),
                )],
            )
        },
    )
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they have names in Python")]
pub fn columns_own<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    facts: &Bound<'py, PyAny>,
    near_left: &Bound<'py, PyAny>,
    near_right: &Bound<'py, PyAny>,
    works: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let column = column("texts", texts, Kind::Texts)?;
    let (texts, facts, asked) = rows(py, &column, facts, [left, right])?;
    let near = pairs(near_left, near_right)?;
    let works = numbers("works", works)?.all(py, "works")?;
    // A number for each work: only which are equal counts.
    let mut known: Vec<u64> = works.clone();
    known.sort_unstable();
    known.dedup();
    let work = |work: &u64| known.partition_point(|other| other < work) as u32;
    let works: Vec<u32> = works.iter().map(work).collect();
    step(
        py,
        || columns::own(&deduper, &texts, &facts, &near, &works, &asked),
        |found| {
            let of = |count: fn(&Evidence) -> usize| {
                let counts = found
                    .iter()
                    .map(move |of| of.as_ref().map(|of| count(of) as u64));
                optional_numbers(counts)
            };
            table([
                ("works", of(|of| of.works)),
                ("slots", of(|of| of.slots)),
                ("in_slots", of(|of| of.in_slots)),
                ("in_other_places", of(|of| of.in_other_places)),
                ("rare_overlap", of(|of| of.rare_overlap)),
                (
                    "numbers",
                    flags(found.iter().map(|of| of.map(|of| of.numbers))),
                ),
                (
                    "shared",
                    shares(found.iter().map(|of| of.map(|of| of.shared))),
                ),
                (
                    "unmatched",
                    shares(found.iter().map(|of| of.map(|of| of.unmatched))),
                ),
            ])
        },
    )
}

/// The counts in the table of `own`.
const COUNTS: [&str; 5] = [
    "works",
    "slots",
    "in_slots",
    "in_other_places",
    "rare_overlap",
];

/// What `own` found, from its table.
fn evidence(given: &Bound<'_, PyAny>) -> PyResult<Vec<Option<Evidence>>> {
    let py = given.py();
    let table = Returned::new("own", given)?;
    let counts = COUNTS.iter().map(|name| table.numbers(py, name));
    let counts = counts.collect::<PyResult<Vec<Vec<Option<i64>>>>>()?;
    let numbers = table.flags(py, "numbers")?;
    let (shared, unmatched) = (table.shares(py, "shared")?, table.shares(py, "unmatched")?);
    let rows = (0..numbers.len()).map(|row| {
        let counts: Vec<Option<i64>> = counts.iter().map(|of| of[row]).collect();
        let others = (numbers[row], shared[row], unmatched[row]);
        if counts.iter().all(Option::is_none) && others == (None, None, None) {
            return Ok(None);
        }
        let found = found_by_own(&counts, others).map(Some);
        found.ok_or_else(|| {
            let problem = "has a figure that is missing or under 0: give all of a row, or none";
            error::column(py, "own", Some(row), problem.to_owned())
        })
    });
    rows.collect()
}

/// The evidence of a row whose figures are all there.
fn found_by_own(
    counts: &[Option<i64>],
    (numbers, shared, unmatched): (Option<bool>, Option<f64>, Option<f64>),
) -> Option<Evidence> {
    let count = |at: usize| usize::try_from(counts.get(at).copied()??).ok();
    Some(Evidence {
        works: count(0)?,
        slots: count(1)?,
        in_slots: count(2)?,
        in_other_places: count(3)?,
        rare_overlap: count(4)?,
        numbers: numbers?,
        shared: shared?,
        unmatched: unmatched?,
    })
}

#[pyfunction]
#[pyo3(signature = (texts, facts, left, right, own, settings))]
pub fn columns_judge<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    facts: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
    own: Option<&Bound<'py, PyAny>>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let column = column("texts", texts, Kind::Texts)?;
    let (texts, facts, pairs) = rows(py, &column, facts, [left, right])?;
    let evidence = own.map_or_else(|| Ok(vec![None; pairs.len()]), evidence)?;
    if evidence.len() != pairs.len() {
        return Err(uneven(py, ("own", evidence.len()), ("left", pairs.len())));
    }
    step(
        py,
        || columns::judge(&deduper, &texts, &facts, &pairs, &evidence),
        |found| compared(&found, []),
    )
}

/// Documents of a component with their facts.
struct Known {
    input: Input,
    facts: Vec<Facts>,
}

impl Documents for Known {
    fn len(&self) -> usize {
        self.input.len()
    }

    fn id(&self, position: usize) -> &str {
        self.input.id(position)
    }

    fn text(&self, position: usize) -> io::Result<Cow<'_, str>> {
        self.input.text(position)
    }

    fn metadata(&self, position: usize) -> io::Result<Metadata> {
        self.input.metadata(position)
    }

    fn facts(&self, position: usize) -> Option<&Facts> {
        self.facts.get(position)
    }
}

#[pyfunction]
#[pyo3(signature = (ids, texts, facts, left, right, dates, sources, settings))]
#[expect(clippy::too_many_arguments, reason = "they have names in Python")]
pub fn columns_component<'py>(
    py: Python<'py>,
    ids: &Bound<'py, PyAny>,
    texts: &Bound<'py, PyAny>,
    facts: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
    dates: Option<&Bound<'py, PyAny>>,
    sources: Option<&Bound<'py, PyAny>>,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let (facts, pairs) = (self::facts(facts)?, pairs(left, right)?);
    let known = Known {
        input: Input::new(texts, Some(ids), dates, sources)?,
        facts,
    };
    if known.facts.len() != known.input.rows() {
        let rows = (known.facts.len(), known.input.rows());
        return Err(uneven(py, ("facts", rows.0), ("texts", rows.1)));
    }
    if known.len() < known.input.rows() {
        let problem = "has missing values: leave these rows out".to_owned();
        return Err(error::column(py, "texts", None, problem));
    }
    let found = py.detach(|| columns::component(&deduper, &known, &pairs));
    let found = found.map_err(|failed| known.input.raised(py, &failed))?;
    step(
        py,
        || Ok(found.clusters),
        |clusters: Vec<Cluster>| clusters_of(&clusters, |sizes| optional_numbers(sizes)),
    )
}

/// Seeds with their counts, sorted by key as unsigned numbers.
#[derive(Default)]
struct CountedSeeds {
    keys: Vec<u64>,
    texts: Vec<u32>,
    short_texts: Vec<u32>,
}

impl CountedSeeds {
    fn new(
        py: Python<'_>,
        seeds: &Bound<'_, PyAny>,
        counts: &Bound<'_, PyAny>,
        short_counts: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let seeds = numbers("seeds", seeds)?.all(py, "seeds")?;
        let counts = numbers("counts", counts)?.all(py, "counts")?;
        let short = numbers("short_counts", short_counts)?.all(py, "short_counts")?;
        for (name, rows) in [("counts", counts.len()), ("short_counts", short.len())] {
            if rows != seeds.len() {
                return Err(uneven(py, (name, rows), ("seeds", seeds.len())));
            }
        }
        let mut rows: Vec<(u64, [u64; 2])> = seeds
            .into_iter()
            .zip(counts.into_iter().zip(short).map(<[u64; 2]>::from))
            .collect();
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let mut counted = Self::default();
        for (key, of_key) in rows {
            let [texts, short] = of_key.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
            counted.keys.push(key);
            counted.texts.push(texts);
            counted.short_texts.push(short);
        }
        Ok(counted)
    }

    fn shared(&self) -> SharedSeeds<'_> {
        SharedSeeds {
            keys: &self.keys,
            texts: &self.texts,
            short_texts: &self.short_texts,
        }
    }
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they have names in Python")]
pub fn columns_contained<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    facts: &Bound<'py, PyAny>,
    stays: &Bound<'py, PyAny>,
    seeds: &Bound<'py, PyAny>,
    counts: &Bound<'py, PyAny>,
    short_counts: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
    are_copies: bool,
    settings: Settings<'py>,
) -> PyResult<Table> {
    let deduper = deduper(py, settings)?;
    let column = column("texts", texts, Kind::Texts)?;
    let (texts, facts, pairs) = rows(py, &column, facts, [left, right])?;
    let stays = given_flags("stays", stays)?;
    let seeds = CountedSeeds::new(py, seeds, counts, short_counts)?;
    step(
        py,
        || {
            let seeds = seeds.shared();
            columns::contained(&deduper, &texts, &facts, &stays, seeds, &pairs, are_copies)
        },
        |found| {
            let rows = || found.iter().map(Option::as_ref);
            let overlaps = || rows().map(|of| of.map(|of| of.overlap));
            table([
                (
                    "relation",
                    strings(rows().map(|of| of.map(|of| of.relation.as_str()))),
                ),
                (
                    "jaccard",
                    shares(overlaps().map(|of| of.map(|of| of.jaccard()))),
                ),
                (
                    "left_in_right",
                    shares(overlaps().map(|of| of.map(|of| of.left_in_right()))),
                ),
                (
                    "right_in_left",
                    shares(overlaps().map(|of| of.map(|of| of.right_in_left()))),
                ),
            ])
        },
    )
}

#[pyfunction]
pub fn columns_passages<'py>(
    py: Python<'py>,
    texts: &Bound<'py, PyAny>,
    left: &Bound<'py, PyAny>,
    right: &Bound<'py, PyAny>,
) -> PyResult<Table> {
    let column = column("texts", texts, Kind::Texts)?;
    let (texts, pairs) = (self::texts(py, &column)?, pairs(left, right)?);
    step(
        py,
        || columns::passages(&Deduper::default(), &texts, &pairs),
        |found| {
            let rows = (0..).zip(&found);
            let rows: Vec<(u64, &Passage)> = rows
                .flat_map(|(pair, found)| found.iter().map(move |of| (pair, of)))
                .collect();
            let of = |place: fn(&Passage) -> usize| {
                places(rows.iter().map(move |(_, of)| place(of) as u64))
            };
            table([
                ("pair", places(rows.iter().map(|row| row.0))),
                ("left_start", of(|of| of.left.characters.start)),
                ("left_end", of(|of| of.left.characters.end)),
                ("right_start", of(|of| of.right.characters.start)),
                ("right_end", of(|of| of.right.characters.end)),
                ("chars", of(|of| of.common)),
            ])
        },
    )
}

/// The digest of members of clusters.
#[pyfunction]
pub fn columns_digest(
    ids: &Bound<'_, PyAny>,
    canonicals: &Bound<'_, PyAny>,
    relations: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let py = ids.py();
    let ids = column("ids", ids, Kind::Names)?;
    let (canonicals, relations) = (
        column("canonicals", canonicals, Kind::Names)?,
        column("relations", relations, Kind::Names)?,
    );
    for (name, column) in [("canonicals", &canonicals), ("relations", &relations)] {
        if column.len() != ids.len() {
            return Err(uneven(py, (name, column.len()), ("ids", ids.len())));
        }
    }
    let value = |name: &str, column: &'_ Column, row: usize| {
        let missing = || error::column(py, name, Some(row), "is missing".to_owned());
        column.get(row).map(str::to_owned).ok_or_else(missing)
    };
    let members = (0..ids.len()).map(|row| {
        Ok((
            value("ids", &ids, row)?,
            value("canonicals", &canonicals, row)?,
            value("relations", &relations, row)?,
        ))
    });
    let members: Vec<(String, String, String)> = members.collect::<PyResult<_>>()?;
    let members = members
        .iter()
        .map(|(id, canonical, relation)| (id.as_str(), canonical.as_str(), relation.as_str()));
    Ok(reprint::report::digest_of_members(members))
}
