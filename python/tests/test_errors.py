"""Errors are classes that have the place."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
import reprints


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"threshold": 1.5}, "threshold is 1.5: it must be over 0 and at most 1"),
        ({"level": "within"}, 'level is "within": it must be exact, same-text or reprint'),
        ({"threads": 0}, "threads is 0: it must be from 1 to 1024"),
        ({"keep": "best"}, "keep is"),
        ({"keep": ["intact", "best"]}, "keep is"),
    ],
)
def test_a_setting_is_named_with_its_value_and_its_limit(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(reprints.SettingError) as raised:
        reprints.keep(["a"], **settings)
    assert str(raised.value).startswith(message)
    assert isinstance(raised.value, (reprints.Error, ValueError))


@pytest.mark.parametrize(
    ("texts", "position", "message"),
    [
        (["a", 3], 1, r"texts\[1\] is of type int: give str or None"),
        (["a", "b", b"c"], 2, r"texts\[2\] is of type bytes: give str or None"),
        (["\ud800"], 0, r"texts\[0\] holds a lone surrogate"),
        ("One string", None, "texts is one string: give a list or a column of them"),
        (7, None, "texts is of type int: give a list or a column"),
    ],
)
def test_a_value_that_is_no_text_is_told_with_its_place(texts: Any, position: int | None, message: str) -> None:
    with pytest.raises(reprints.ColumnError, match=message) as raised:
        reprints.dedup(texts)
    assert (raised.value.column, raised.value.position) == ("texts", position)


def test_a_column_of_another_type_or_a_whole_table_is_told() -> None:
    pa = pytest.importorskip("pyarrow")
    with pytest.raises(reprints.ColumnError, match="texts is a column of Int64: give one of strings"):
        reprints.keep(pa.array([1, 2]))
    with pytest.raises(reprints.ColumnError, match="texts is a table of the columns id, text: give one of them"):
        reprints.keep(pa.table({"id": ["a"], "text": ["b"]}))


def test_a_stream_that_breaks_off_is_no_short_column() -> None:
    pa = pytest.importorskip("pyarrow")
    rows = pa.record_batch({"text": ["One text.", "Another."]})

    def batches() -> Iterator[Any]:
        yield rows
        raise OSError("the disk is gone")

    with pytest.raises(reprints.ColumnError, match="texts can't be read from Arrow: .*the disk is gone") as raised:
        reprints.keep(pa.RecordBatchReader.from_batches(rows.schema, batches()))
    assert raised.value.column == "texts"
    facts = reprints.columns.sketch(rows["text"]).column("facts")
    with pytest.raises(reprints.ColumnError, match="own can't be read from Arrow: .*the disk is gone"):
        own = pa.RecordBatchReader.from_batches(rows.schema, batches())
        reprints.columns.judge(rows["text"], facts, [0], [1], own)


def test_what_a_column_raises_where_it_has_no_values_either_is_raised() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            raise ValueError("the disk is gone")

    with pytest.raises(ValueError, match="^the disk is gone$"):
        reprints.keep(Broken())


def test_an_id_that_is_missing_or_given_twice_is_told_with_its_rows() -> None:
    with pytest.raises(reprints.DuplicateIdError, match="rows 1 and 3 both have the id") as twice:
        reprints.dedup(["a", "b", None, "c"], ["x", "y", "z", "y"])
    assert (twice.value.id, twice.value.first, twice.value.second) == ("y", 1, 3)
    with pytest.raises(reprints.ColumnError, match=r"ids\[1\] is missing") as missing:
        reprints.dedup(["a", "b"], ["x", None])  # type: ignore[list-item]
    assert (missing.value.column, missing.value.position) == ("ids", 1)


def test_columns_of_other_lengths_are_told() -> None:
    with pytest.raises(reprints.ColumnError, match="dates has 1 rows and texts has 2: give one for each"):
        reprints.dedup(["a", "b"], dates=["2024-01-01"])


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(reprints.UnknownIdError, match="no document with a text has the id \"9\"") as raised:
        reprints.dedup(["a", "b"]).explain("0", "9")
    assert raised.value.id == "9"


def test_errors_can_be_sent_to_another_process() -> None:
    with pytest.raises(reprints.ColumnError) as raised:
        reprints.keep(["a", 3])  # type: ignore[list-item]
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.position) == (str(raised.value), 1)
