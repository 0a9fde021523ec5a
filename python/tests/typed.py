# pyright: strict
"""What type checkers must accept, and what they must not; `test_typing.py` runs them."""

from __future__ import annotations

import datetime

import polars as pl
import reprints
import reprints.spark
from pyspark.sql import DataFrame


class Column:
    """What offers Arrow data."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        return (1, 2)


def columns(column: Column, frame: pl.DataFrame) -> int:
    kept: reprints.Kept = reprints.keep(["a", None], keep=["intact"], threshold=0.8, level="same-text", threads=2)
    first: bool = kept[0]
    some: list[bool] = kept[:1]
    result = reprints.dedup(
        frame["text"], ids=range(frame.height), dates=[datetime.date(2024, 5, 2), None], sources=("a", "b"), keep="intact",
        against=frame["old"], against_ids=["a", 1],
    )
    more: reprints.Deduped = reprints.dedup(column, progress=lambda stage, done, all: print(stage, done / all))
    rows: list[dict[str, object]] = [row for row in more.documents]
    digest: str = more.digest
    number: tuple[int, int] = result.explain("0", "1")["differences"][0]["a"]
    place: tuple[int, int] = reprints.normalize("a").original(0, 1)
    return len(some) + first + len(rows) + len(digest) + number[0] + place[0]


def steps(texts: pl.Series, column: Column) -> list[object]:
    settings = reprints.columns.Settings(keep=["intact"], threshold=0.8, level="same-text", relations=False)
    sketches: reprints.Table = reprints.columns.sketch(texts, settings)
    met = reprints.columns.gram_pairs([1, 2], sketches.column("digest"))
    own = reprints.columns.own(texts, column, [0], [1], range(2), met.column("left"), met.column("right"))
    judged = reprints.columns.judge(texts, column, [0], [1], own, settings)
    clusters = reprints.columns.component(["a", "b"], texts, [b"", b""], [0], [1], sources=["x", None], settings=settings)
    digest: str = reprints.columns.digest(clusters.column("id"), clusters.column("canonical"), clusters.column("relation"))
    return [*judged, digest]


def job(df: DataFrame) -> list[object]:
    result = reprints.spark.dedup(df, "/tmp/work", id="url", date="day", keep=["intact", "earliest"], level="reprint")
    kept: DataFrame = df.join(result.documents.where("keep"), df["url"] == result.documents["id"], "left_semi")
    digest: str = result.digest
    return [kept, digest, result.clusters.count()]


def index(texts: pl.Series) -> list[object]:
    with reprints.Index("/tmp/index", threshold=0.8, relations=False) as index:
        added: reprints.Table = index.add(texts, ids=range(len(texts)), dates=["2024-05-02", None])
        similarity: float = index.insert("a", "One text.", source="wire")[0]["similarity"]
        others = [match["other"] for match in index.query("One text.")]
        index.remove("a", *others)
        damaged: list[str] = index.verify()
        replaced: reprints.Table = index.replace(texts, ids=range(len(texts)))
        conflicts: list[str] = index.merge("/tmp/other")["conflicts"]
        between: list[reprints.Table] = [index.contained(), index.passages(progress=lambda stage, done, all: None)]
        return [added, similarity, damaged, replaced, *conflicts, *between, index.clusters(), len(index), "a" in index]


def errors(error: reprints.ColumnError) -> int:
    position: int | None = error.position
    return position or 0


def wrong() -> None:
    reprints.keep(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    reprints.keep(["a"], level="within")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    reprints.keep(["a"], "intact")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
