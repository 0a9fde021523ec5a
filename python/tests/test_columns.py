"""Every kind of column gives the same result; what is missing stays and matches nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import reprints

import sets
from sets import column

ROWS = sets.editions() + sets.salad(60)
TEXTS: list[str | None] = column(ROWS, "text")
TEXTS[1:1] = [None]
TEXTS.append(None)
EXPECTED = reprints.keep(TEXTS).to_pylist()


def arrow(kind: Callable[[Any], Any]) -> Any:
    pa = pytest.importorskip("pyarrow")
    return pa.array(TEXTS, kind(pa))


def chunked(kind: Callable[[Any], Any]) -> Any:
    pa = pytest.importorskip("pyarrow")
    return pa.chunked_array([TEXTS[:3], [], TEXTS[3:50], TEXTS[50:]], kind(pa))


def sliced() -> Any:
    pa = pytest.importorskip("pyarrow")
    return pa.array(["before", None, *TEXTS, "behind"]).slice(2, len(TEXTS))


def dictionary(index: str) -> Any:
    pa = pytest.importorskip("pyarrow")
    return pa.array(TEXTS).cast(pa.dictionary(getattr(pa, index)(), pa.large_string()))


def polars(**options: Any) -> Any:
    pl = pytest.importorskip("polars")
    series = pl.Series(TEXTS, **options)
    return series.cast(pl.Categorical) if options else series


def pandas(dtype: str | None) -> Any:
    return pytest.importorskip("pandas").Series(TEXTS, dtype=dtype)


def hugging_face(shuffled: bool) -> Any:
    datasets = pytest.importorskip("datasets")
    if not shuffled:
        return datasets.Dataset.from_dict({"text": TEXTS})["text"]
    turned = datasets.Dataset.from_dict({"text": TEXTS[::-1]})
    return turned.select(range(len(TEXTS) - 1, -1, -1))["text"]


KINDS: dict[str, Callable[[], Any]] = {
    "list": lambda: TEXTS,
    "tuple": lambda: tuple(TEXTS),
    "generator": lambda: (text for text in TEXTS),
    "string": lambda: arrow(lambda pa: pa.string()),
    "large_string": lambda: arrow(lambda pa: pa.large_string()),
    "string_view": lambda: arrow(lambda pa: pa.string_view()),
    "chunked string": lambda: chunked(lambda pa: pa.string()),
    "chunked string_view": lambda: chunked(lambda pa: pa.string_view()),
    "slice": sliced,
    "dictionary": lambda: dictionary("int32"),
    "dictionary of bytes": lambda: dictionary("int8"),
    "polars": lambda: polars(),
    "polars categorical": lambda: polars(dtype=pytest.importorskip("polars").String),
    "pandas str": lambda: pandas("str"),
    "pandas object": lambda: pandas("object"),
    "pandas string": lambda: pandas("string"),
    "pandas category": lambda: pandas("category"),
    "datasets": lambda: hugging_face(shuffled=False),
    "datasets in another order": lambda: hugging_face(shuffled=True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_column_gives_the_same(kind: str) -> None:
    kept = reprints.keep(KINDS[kind]())
    assert kept.to_pylist() == EXPECTED
    assert not all(kept)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_and_sources_may_be_any_kind_of_column(kind: str) -> None:
    texts = [text or "" for text in TEXTS]
    result = reprints.dedup(texts, sources=KINDS[kind](), keep="intact")
    assert result.documents.column("keep") == reprints.keep(texts).to_pylist()


def test_what_is_missing_stays_and_matches_nothing() -> None:
    kept = reprints.keep([None, "One text.", None, "One text.", float("nan")])  # type: ignore[list-item]
    assert kept.to_pylist() == [True, True, True, False, True]
    result = reprints.dedup([None, "a", None])
    assert result.documents.column("canonical") == [None, None, None]
    assert len(result.clusters) == 0


def test_nothing_at_all_is_no_error() -> None:
    pa = pytest.importorskip("pyarrow")
    for nothing in ([], [None], pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.nulls(2)):
        assert all(reprints.keep(nothing))
        assert len(reprints.dedup(nothing).documents) == len(nothing)


def test_a_dictionary_without_values_is_a_column_of_what_is_missing() -> None:
    pa = pytest.importorskip("pyarrow")
    nothing = pa.array([None, None], pa.dictionary(pa.int32(), pa.string()))
    assert len(nothing.dictionary) == 0
    assert reprints.keep(nothing).to_pylist() == [True, True]
    texts = pa.chunked_array([nothing, pa.array(["One text.", "One text."]).dictionary_encode()])
    assert reprints.keep(texts).to_pylist() == [True, True, True, False]
    result = reprints.dedup(["One text.", "One text."], dates=nothing, sources=nothing)
    assert len(result.clusters) == 2


def test_numbers_are_ids_as_text() -> None:
    pa = pytest.importorskip("pyarrow")
    for ids in ([7, 8], pa.array([7, 8], pa.uint16()), pa.array([7, 8])):
        assert reprints.dedup(["One text.", "One text"], ids).clusters.column("id") == ["7", "8"]


def test_dates_may_be_strings_dates_and_times() -> None:
    pa = pytest.importorskip("pyarrow")
    texts = ["One text.", "One text."]
    days = [datetime.date(2024, 5, 2), datetime.date(2023, 1, 31)]
    times = [datetime.datetime(2024, 5, 2, 12), datetime.datetime(2024, 5, 2, 11)]
    for dates in (
        ["2024-05-02", "2023-01-31"],
        days,
        times,
        pa.array(days),
        pa.array(times, pa.timestamp("ns")),
        pa.array(times, pa.timestamp("s", "UTC")),
        pa.array(days, pa.date64()),
    ):
        result = reprints.dedup(texts, dates=dates, keep="earliest")
        assert result.clusters.column("canonical") == ["1", "1"]


def test_text_that_is_no_utf_8_is_told_with_its_place() -> None:
    pa = pytest.importorskip("pyarrow")
    broken = pa.array([b"fine", b"\xff\xfe", b"fine"])
    for kind in (pa.string(), pa.large_string()):
        binary = broken.cast(pa.binary() if kind == pa.string() else pa.large_binary())
        column = pa.Array.from_buffers(kind, 3, binary.buffers())
        with pytest.raises(reprints.ColumnError, match=r"texts\[4\] is no UTF-8") as raised:
            reprints.keep(pa.chunked_array([pa.array(["a", "b", "c"], kind), column]))
        assert (raised.value.column, raised.value.position) == ("texts", 4)


def test_a_column_of_arrow_is_not_copied() -> None:
    pa = pytest.importorskip("pyarrow")
    text = pa.array(["One and the same text, again and again. " * 50] * 20_000)
    before = pa.total_allocated_bytes()
    result = reprints.dedup(text, relations=False)
    assert pa.total_allocated_bytes() - before < 1 << 20
    # It is held, as long as passages may be asked for.
    del text
    assert result.explain("0", "1")["relation"] == "exact"
