"""A job on an engine makes the clusters of one call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import reprints

import engines
import sets
from sets import Rows, column

ENGINES = ["sail", engines.SPARK]


def needs(engine: str) -> None:
    if missing := engines.available(engine):
        pytest.skip(f"{engine}: {missing}")


def written(folder: Path, rows: Rows) -> Path:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    names = ["id", "text", "date", "source"]
    table = pa.table({name: pa.array(column(rows, name), pa.string()) for name in names})
    # In pieces, so that more than one task reads them.
    pyarrow.parquet.write_table(table, folder / "rows.parquet", row_group_size=64)
    return folder / "rows.parquet"


def all_sets() -> Rows:
    """All small sets as one, with keys that very many texts have, many copies of one text, and rows without a text."""
    rows: Rows = []
    for name, made in sets.SMALL.items():
        rows += [row | {"id": f"{name}/{row['id']}"} for row in made()]
    rows += sets.compilations()
    form = sets.MARKET.split(". ")[0]
    rows += [{"id": f"listing-{number}", "text": f"{form}. {sets.salad(1, number, 40)[0]['text']}"} for number in range(60)]
    rows += [{"id": f"version-{number}", "text": f"{sets.LETTERS} {number} {number * 7}"} for number in range(40)]
    rows += [{"id": f"copy-{number}", "text": sets.ORCHARD.upper() if number % 2 else sets.ORCHARD} for number in range(50)]
    rows += [{"id": "nothing", "text": None}, {"id": "nothing either", "text": None}]
    return rows


def one_call(rows: Rows, **settings: Any) -> reprints.Deduped:
    of = {name: column(rows, name) for name in ("text", "id", "date", "source")}
    return reprints.dedup(of["text"], of["id"], of["date"], of["source"], **settings)


def by_id(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def by_pair(rows: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["a"], row["b"]): row for row in rows}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_job_makes_the_clusters_of_one_call(engine: str, tmp_path: Path) -> None:
    needs(engine)
    rows = all_sets()
    found = engines.run(engine, tmp_path / "work", written(tmp_path, rows))
    expected = one_call(rows)
    assert found["digest"] == expected.digest
    assert by_id(found["clusters"]) == by_id(expected.clusters)
    assert by_id(found["documents"]) == by_id(expected.documents)
    assert len(expected.contained) > 50
    assert by_pair(found["contained"]) == by_pair(expected.contained)


def test_executors_that_are_killed_change_nothing(tmp_path: Path) -> None:
    needs(engines.SPARK)
    if not Path("/proc/self/stat").exists():
        pytest.skip("the executors are found by /proc")
    rows = sets.editions() + sets.compilations()
    found, killed = engines.run_killing_executors(engines.SPARK, tmp_path / "work", written(tmp_path, rows), [1, 5, 12])
    expected = one_call(rows)
    assert killed == 3
    assert found["digest"] == expected.digest
    assert by_pair(found["contained"]) == by_pair(expected.contained)


def test_settings_are_those_of_one_call(tmp_path: Path) -> None:
    needs("sail")
    rows = sets.revisions() + sets.salad(100)
    settings = {"threshold": 0.9, "keep": ["source=wire", "earliest"], "relations": False}
    found = engines.run("sail", tmp_path / "work", written(tmp_path, rows), **settings)
    expected = one_call(rows, **settings)
    assert found["digest"] == expected.digest != one_call(rows).digest
    assert found["contained"] == []


def test_what_comes_later_makes_one_result_with_what_was_there(tmp_path: Path) -> None:
    needs("sail")
    rows = all_sets()
    # Each third document comes later: new texts, copies and equal texts of what was there, and digests of it.
    parts = [[row for number, row in enumerate(rows) if (number % 3 == 0) == is_later] for is_later in (False, True)]
    for name, part in zip(("first", "second"), parts):
        (tmp_path / name).mkdir()
        written(tmp_path / name, part)
    first = engines.run("sail", tmp_path / "first" / "work", tmp_path / "first" / "rows.parquet")
    assert first["digest"] == one_call(parts[0]).digest
    earlier = str(tmp_path / "first" / "work")
    found = engines.run("sail", tmp_path / "second" / "work", tmp_path / "second" / "rows.parquet", earlier=earlier)
    expected = one_call(rows)
    assert by_id(found["clusters"]) == by_id(expected.clusters)
    assert by_id(found["documents"]) == by_id(expected.documents)
    assert by_pair(found["contained"]) == by_pair(expected.contained)
    with pytest.raises(AssertionError, match="its settings: .* use the same"):
        engines.run("sail", tmp_path / "third", tmp_path / "second" / "rows.parquet", earlier=earlier, threshold=0.9)
    with pytest.raises(AssertionError, match="there is no job in it"):
        engines.run("sail", tmp_path / "third", tmp_path / "second" / "rows.parquet", earlier=str(tmp_path))


def test_a_job_goes_on_after_its_last_whole_stage(tmp_path: Path) -> None:
    needs("sail")
    rows, work = written(tmp_path, all_sets()), tmp_path / "work"
    digest = engines.run("sail", work, rows)["digest"]
    stages = sorted(path for path in work.iterdir() if path.suffix != ".manifest")
    times = {path.name: path.stat().st_mtime_ns for path in stages for path in path.iterdir()}
    # As a job leaves them that was stopped while it wrote: no manifest, and a part of the rows; and a table of which a file was lost.
    for name in ("clusters", "result"):
        shutil.rmtree(work / f"{name}.manifest")
        next(iter((work / name).glob("*.parquet"))).unlink()
    next(iter((work / "groups").glob("*.parquet"))).unlink()
    assert engines.run("sail", work, rows)["digest"] == digest
    again = {path.name: path.stat().st_mtime_ns for path in stages for path in path.iterdir()}
    made = {path.name for name in ("clusters", "result", "groups") for path in (work / name).iterdir()}
    assert {name: time for name, time in times.items() if name in again} == {n: t for n, t in again.items() if n not in made}


def test_what_a_job_cannot_do_it_says(tmp_path: Path) -> None:
    needs("sail")
    rows = written(tmp_path, sets.editions() + sets.editions()[:1])
    with pytest.raises(AssertionError, match="2 rows have the id 'harbour': give each document its own, and the job another work folder"):
        engines.run("sail", tmp_path / "twice", rows)
    with pytest.raises(AssertionError, match="SettingError: threshold is 2: it must be over 0 and at most 1") as raised:
        engines.run("sail", tmp_path / "never", rows, threshold=2)
    # It is no error of a worker, which the engine would have wrapped.
    assert "pyspark.errors" not in str(raised.value)
    with pytest.raises(AssertionError, match="leave first out, rows of a DataFrame have no order"):
        engines.run("sail", tmp_path / "work", rows, keep="intact;first")
    rows = written(tmp_path, sets.editions())
    engines.run("sail", tmp_path / "work", rows)
    with pytest.raises(AssertionError, match="it has the stages of another job"):
        engines.run("sail", tmp_path / "work", rows, threshold=0.9)


CHAINS = """
import random, sys
import engines
from reprints.spark._components import labels
from reprints.spark._work import Work

spark = engines.session("sail")
# Chains of many lengths, and a star; numbers and order tell nothing of what hangs together.
chance = random.Random(5)
names = [chance.randint(-(2**63), 2**63 - 1) for _ in range(4000)]
chains = [names[start:end] for start, end in [(0, 2), (2, 1000), (1000, 1003), (1003, 3000)]]
edges = [pair for chain in chains for pair in zip(chain, chain[1:])] + [(names[3000], name) for name in names[3001:]]
chance.shuffle(edges)
pairs = spark.createDataFrame(edges, "u bigint, v bigint").repartition(16)
stars = labels(Work(spark, sys.argv[1], "chains"), pairs).toArrow().to_pydict()
root = dict(zip(stars["u"], stars["v"]))
parts = [{root.get(name, name) for name in part} for part in [*chains, names[3000:]]]
assert all(len(part) == 1 for part in parts), [len(part) for part in parts]
assert len(set.union(*parts)) == 5
"""


def test_long_chains_hang_together(tmp_path: Path) -> None:
    needs("sail")
    path = {"PYTHONPATH": str(Path(engines.__file__).parent)}
    command = [sys.executable, "-c", CHAINS, str(tmp_path / "work")]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    rounds = len(list((tmp_path / "work").glob("edges-*.manifest"))) - 1
    # The logarithm of the longest chain is 11.
    assert 1 <= rounds <= 11, rounds
