"""Every door gives the digest of the program, on sets of real documents.

`REPRINTS_EVAL=FOLDER python -m pytest tests/test_digests.py`, where the folder has `NAME/docs.jsonl.gz` with the rows `{"id", "text"}` of each set.
Without the variable nothing is run, and without a library its door is left out.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import reprints

import engines
import sets
from sets import Rows, column

FOLDER = os.environ.get("REPRINTS_EVAL")
SETS = ["script-variants", "ocr-noise", "wire", "licences", "forms", "planted-zh"]


@cache
def rows_of(name: str) -> Rows:
    with gzip.open(Path(FOLDER or "") / name / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        return [{name: row[name] for name in ("id", "text")} for row in map(json.loads, file)]


def program(rows: Rows, *options: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        # A str has been decoded: nobody asks Python whether it was decoded twice.
        digest: str = sets.program(Path(folder), rows, "--encoding", "utf-8", *options)["digest"]
        return digest


@cache
def expected(name: str) -> str:
    return program(rows_of(name))


def given(rows: Rows, column_of: Callable[[list[str]], Any]) -> str:
    return reprints.dedup(column_of(column(rows, "text")), column(rows, "id"), relations=False).digest


def arrow(rows: Rows, kind: str) -> str:
    pa = pytest.importorskip("pyarrow")
    return given(rows, lambda texts: pa.chunked_array([texts[:100], texts[100:]], getattr(pa, kind)()))


def dictionary(rows: Rows) -> str:
    pa = pytest.importorskip("pyarrow")
    return given(rows, lambda texts: pa.array(texts).dictionary_encode())


def polars(rows: Rows) -> str:
    return given(rows, pytest.importorskip("polars").Series)


def pandas(rows: Rows) -> str:
    return given(rows, pytest.importorskip("pandas").Series)


def hugging_face(rows: Rows) -> str:
    datasets = pytest.importorskip("datasets")
    return given(rows, lambda texts: datasets.Dataset.from_dict({"text": texts})["text"])


def job(rows: Rows, engine: str) -> str:
    if missing := engines.available(engine):
        pytest.skip(f"{engine}: {missing}")
    import pyarrow as pa
    import pyarrow.parquet

    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        table = pa.table({name: pa.array(column(rows, name), pa.string()) for name in ("id", "text")})
        # In pieces, so that more than one task reads them.
        pyarrow.parquet.write_table(table, room / "rows.parquet", row_group_size=500)
        digest: str = engines.run(engine, room / "work", room / "rows.parquet", relations=False)["digest"]
        return digest


DOORS: dict[str, Callable[[Rows], str]] = {
    "the program with --memory 100MB": lambda rows: program(rows, "--memory", "100MB"),
    "list": lambda rows: given(rows, list),
    "string": lambda rows: arrow(rows, "string"),
    "large_string": lambda rows: arrow(rows, "large_string"),
    "string_view": lambda rows: arrow(rows, "string_view"),
    "dictionary": dictionary,
    "polars": polars,
    "pandas": pandas,
    "datasets": hugging_face,
    "sail": lambda rows: job(rows, "sail"),
    "spark": lambda rows: job(rows, "local[2]"),
}


@pytest.mark.skipif(FOLDER is None, reason="REPRINTS_EVAL names no folder of labelled sets")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", SETS)
def test_every_door_gives_the_digest_of_the_program(name: str, door: str) -> None:
    assert DOORS[door](rows_of(name)) == expected(name)
