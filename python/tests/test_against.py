"""What of a new collection is in a reference collection."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import reprints

import sets
from sets import column

ARCHIVE = [
    {"id": "one", "text": sets.HARBOUR},
    {"id": "two", "text": f"{sets.ORCHARD}\n\n{sets.LETTERS}\n\n{sets.BRIDGE_ZH}"},
]
NEWS = [
    {"id": "one", "text": sets.HARBOUR.upper()},
    {"id": "two", "text": sets.LETTERS},
    {"id": "three", "text": sets.MARKET},
    {"id": "four", "text": sets.MARKET.lower()},
    {"id": "five", "text": None},
]


def found(**settings: str) -> reprints.Deduped:
    return reprints.dedup(
        column(NEWS, "text"), column(NEWS, "id"), against=column(ARCHIVE, "text"), against_ids=column(ARCHIVE, "id"), **settings
    )


def test_copies_of_references_go_first_and_clusters_are_made_of_the_rest() -> None:
    result = found()
    pairs = [(row["id"], row["against"], row["relation"], row["dropped"]) for row in result.against]
    assert pairs == [("one", "one", "same-text", True), ("two", "two", "within", False)]
    documents = result.documents
    assert documents.column("keep") == [False, True, True, False, True]
    # The id of a reference is none of these documents.
    assert documents.column("canonical") == [None, None, "three", "three", None]
    assert documents.column("relation") == ["same-text", None, "canonical", "same-text", None]
    assert {row["id"] for row in result.clusters} == {"three", "four"}
    rest = [row for row in NEWS if row["id"] != "one"]
    assert result.digest == reprints.dedup(column(rest, "text"), column(rest, "id")).digest
    assert result.explain("three", "four")["relation"] == "same-text"
    with pytest.raises(reprints.UnknownIdError, match="one"):
        result.explain("one", "three")


def test_the_program_says_the_same(tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_text("".join(json.dumps(row) + "\n" for row in ARCHIVE), "utf-8")
    summary = sets.program(tmp_path, [row for row in NEWS if row["text"]], "--against", str(archive))
    result = found()
    assert summary["digest"] == result.digest
    rows = sets.lines(tmp_path, "against.jsonl")
    for row in rows:
        row.pop("passages", None)
    assert rows == list(result.against)


def test_without_a_reference_the_table_is_empty() -> None:
    result = reprints.dedup(["One text.", "Another."])
    assert len(result.against) == 0
    assert result.against.column_names == list(next(iter(found().against)))


def test_errors_name_the_collection() -> None:
    with pytest.raises(reprints.DuplicateIdError) as raised:
        reprints.dedup(["One.", "Two."], against=["Three.", "Four.", "Five."], against_ids=["a", "b", "a"])
    assert (raised.value.id, raised.value.first, raised.value.second) == ("a", 0, 2)
    with pytest.raises(reprints.ColumnError, match="against_ids has 1 rows and against has 2"):
        reprints.dedup(["One."], against=["Three.", "Four."], against_ids=["a"])
    with pytest.raises(reprints.ColumnError, match="against_ids are ids without texts"):
        reprints.dedup(["One."], against_ids=["a"])
    with pytest.raises(reprints.DuplicateIdError, match="rows 0 and 1"):
        reprints.dedup(["One.", "Two."], ["a", "a"], against=["Three."])
