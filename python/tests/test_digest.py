"""One digest for the program and for Python, and tables that say what the program's files say."""

from __future__ import annotations

from pathlib import Path

import pytest
import reprints

import sets
from sets import SMALL, column, lines, program


@pytest.mark.parametrize("name", SMALL)
def test_a_set_has_the_digest_that_the_program_gives(name: str, tmp_path: Path) -> None:
    rows = SMALL[name]()
    result = reprints.dedup(column(rows, "text"), column(rows, "id"))
    assert result.digest == program(tmp_path, rows)["digest"]


def test_dates_and_sources_choose_the_copy_that_the_program_chooses(tmp_path: Path) -> None:
    rows = sets.revisions()
    keep = "source=paper;latest"
    result = reprints.dedup(
        column(rows, "text"), column(rows, "id"), column(rows, "date"), column(rows, "source"), keep=keep
    )
    assert result.digest == program(tmp_path, rows, "--keep", keep)["digest"]
    assert result.clusters.column("canonical")[0] == "v1"
    assert result.digest == reprints.dedup(
        column(rows, "text"), column(rows, "id"), column(rows, "date"), column(rows, "source"), keep=["source=paper", "latest"]
    ).digest


@pytest.mark.parametrize("options", [{"level": "same-text"}, {"threshold": 0.95}, {"threshold": 1.0}])
def test_settings_mean_what_they_mean_in_the_program(options: dict[str, object], tmp_path: Path) -> None:
    rows = sets.revisions() + sets.editions()
    result = reprints.dedup(
        column(rows, "text"), column(rows, "id"), column(rows, "date"), column(rows, "source"), **options  # type: ignore[arg-type]
    )
    flags = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    assert result.digest == program(tmp_path, rows, *flags)["digest"]


def test_clusters_are_the_rows_of_the_file(tmp_path: Path) -> None:
    rows = sets.editions() + sets.revisions()
    result = reprints.dedup(column(rows, "text"), column(rows, "id"), column(rows, "date"), column(rows, "source"))
    program(tmp_path, rows)
    expected = [
        {"canonical": cluster["canonical"], "size": cluster["size"], "reason": cluster["reason"], "ground": None, "via": None}
        | {name: value for name, value in member.items() if name != "damage"}
        for cluster in lines(tmp_path, "clusters.jsonl")
        for member in cluster["members"]
    ]
    assert result.clusters.to_pylist() == expected


def test_documents_say_which_stay_and_for_which_the_others_go(tmp_path: Path) -> None:
    rows = sets.editions() + sets.containers()[:1]
    result = reprints.dedup(column(rows, "text"), column(rows, "id"))
    program(tmp_path, rows)
    documents = result.documents.to_pylist()
    assert [row["id"] for row in documents] == column(rows, "id")
    assert [row["id"] for row in documents if row["keep"]] == column(lines(tmp_path, "kept.jsonl"), "id")
    gone = [
        {name: row[name] for name in ("id", "canonical", "relation", "jaccard", "similarity")} for row in documents if not row["keep"]
    ]
    assert gone == lines(tmp_path, "removed.jsonl")


def test_a_document_that_goes_for_being_inside_another_is_named_with_that() -> None:
    rows = sets.containers()
    result = reprints.dedup(column(rows, "text"), column(rows, "id"), keep="intact;container")
    row = result.documents.to_pylist()[1]
    assert (row["keep"], row["canonical"], row["relation"]) == (False, "both", "within")
    kept = reprints.keep(column(rows, "text"), keep="intact;container")
    assert list(kept) == result.documents.column("keep")


def test_contained_and_passages_name_the_places_in_characters() -> None:
    rows = sets.containers()
    texts = dict(zip(column(rows, "id"), column(rows, "text")))
    result = reprints.dedup(list(texts.values()), list(texts))
    inside = {(row["a"], row["b"]) for row in result.contained}
    assert ("both", "orchard") in inside
    having = {}
    for row in result.passages:
        having.setdefault(row["passage"], set()).add(row["id"])
        assert row["text"] == texts[row["id"]][row["start"] : row["end"]]
    assert any({"harbour", "letter"} <= ids for ids in having.values())
    bare = reprints.dedup(list(texts.values()), list(texts), relations=False)
    assert len(bare.passages) == len(bare.contained) == 0
    assert bare.digest == result.digest


def test_without_ids_the_numbers_of_the_rows_are_the_ids() -> None:
    texts = ["One text.", None, "Another.", "ONE TEXT"]
    result = reprints.dedup(texts)
    assert result.documents.column("id") == ["0", "1", "2", "3"]
    assert result.clusters.column("id") == ["0", "3"]
    assert result.digest == reprints.dedup(texts, range(4)).digest


def test_the_number_of_threads_changes_nothing() -> None:
    rows = sets.salad(300)
    one, two = (reprints.dedup(column(rows, "text"), threads=threads) for threads in (1, 2))
    assert one.digest == two.digest
    assert one.passages.to_pylist() == two.passages.to_pylist()
