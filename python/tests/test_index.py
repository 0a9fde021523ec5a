"""A folder of documents that are deduplicated as they come."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

import pytest
import reprints

import sets
from sets import column


def test_documents_that_come_make_the_clusters_of_one_call(tmp_path: Path) -> None:
    rows = sets.salad(120) + sets.revisions()
    of = {name: column(rows, name) for name in ("text", "id", "date", "source")}
    with reprints.Index(tmp_path / "index") as index:
        for start in range(0, len(rows), 50):
            some = {name: values[start : start + 50] for name, values in of.items()}
            index.add(some["text"], some["id"], some["date"], some["source"])
        index.insert("stray", rows[0]["text"])
        index.remove("stray", rows[1]["id"])
        assert len(index) == len(rows) - 1
        found = index.clusters()
        assert index.verify() == []
    left = [row for row in rows if row["id"] != rows[1]["id"]]
    of = {name: column(left, name) for name in ("text", "id", "date", "source")}
    expected = reprints.dedup(of["text"], of["id"], of["date"], of["source"])
    assert {row["id"]: row for row in found} == {row["id"]: row for row in expected.clusters}


def test_answers_tell_what_a_text_is_to_those_before(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    assert index.insert("harbour", sets.HARBOUR) == []
    (match,) = index.insert("shouted", sets.HARBOUR.upper())
    assert (match["other"], match["relation"], match["similarity"]) == ("harbour", "same-text", 1.0)
    added = index.add([sets.HARBOUR, sets.ORCHARD, "Other."], ["harbour", "orchard", "shouted"])
    assert added.column("outcome")[-2:] == ["new", "conflict"]
    assert added.column("outcome")[0] == "known"
    assert [match["relation"] for match in index.query(f"{sets.MARKET} {sets.ORCHARD} {sets.LETTERS}")] == ["contains"]
    assert [match["other"] for match in index.query(sets.HARBOUR)] == ["harbour", "shouted"]
    many = index.query_many([sets.MARKET, None, sets.ORCHARD.lower()])
    assert [(row["row"], row["other"], row["relation"]) for row in many] == [(2, "orchard", "same-text")]
    assert "orchard" in index and "market" not in index and len(index) == 3


def test_a_corrected_document_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    index.add([sets.HARBOUR, sets.MARKET], ["today", "kept"], ["2024-05-01", None])
    told = index.replace([sets.ORCHARD, sets.MARKET, sets.ORCHARD.upper()], ["today", "kept", "new"])
    assert [(row["id"], row["outcome"], row["other"]) for row in told] == [
        ("today", "replaced", None),
        ("kept", "known", None),
        ("new", "new", "today"),
    ]
    assert index.query(sets.HARBOUR) == [] and len(index) == 3
    # The date alone is another document too.
    assert index.replace([sets.ORCHARD], ["today"], ["2024-05-02"]).column("outcome") == ["replaced"]


def test_what_is_between_documents_is_what_one_call_finds(tmp_path: Path) -> None:
    # Both sets have a document with the same id.
    texts = column(sets.containers() + sets.editions(), "text")
    ids = [str(row) for row in range(len(texts))]
    with reprints.Index(tmp_path / "index") as index:
        index.add(texts[2:], ids[2:])
        index.add(texts[:2], ids[:2])
        contained, passages = index.contained(), index.passages()
    expected = reprints.dedup(texts[2:] + texts[:2], ids[2:] + ids[:2])
    assert len(contained) > 0 and contained.to_pylist() == expected.contained.to_pylist()
    assert len(passages) > 0 and passages.to_pylist() == expected.passages.to_pylist()
    with reprints.Index(tmp_path / "bare", relations=False) as index:
        index.add(texts, ids)
        assert len(index.contained()) == len(index.passages()) == 0


def test_what_stops_a_look_at_all_documents_is_raised(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    index.add(column(sets.salad(40), "text"), range(40))

    def stopped(stage: str, done: int, all: int) -> None:
        raise KeyError(stage)

    with pytest.raises(KeyError):
        index.contained(progress=stopped)
    assert len(index) == 40


def test_another_index_comes_in_whole(tmp_path: Path) -> None:
    with reprints.Index(tmp_path / "other") as other:
        other.add([sets.HARBOUR, sets.MARKET, sets.ORCHARD], ["a", "b", "c"])
    with reprints.Index(tmp_path / "index") as index:
        index.add([sets.HARBOUR, sets.ORCHARD], ["a", "b"])
        assert index.merge(tmp_path / "other") == {"added": 1, "known": 1, "conflicts": ["b"]}
        assert {row["id"] for row in index.clusters()} == {"b", "c"}
        assert index.verify() == []
    with reprints.Index(tmp_path / "strict", threshold=0.9) as strict:
        with pytest.raises(reprints.Error, match="settings"):
            strict.merge(tmp_path / "other")
        with pytest.raises(reprints.Error):
            strict.merge(tmp_path / "none")


def test_numbers_as_ids_are_asked_like_others(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    index.add([sets.HARBOUR, sets.ORCHARD], ["0", "?0"])
    assert [match["other"] for match in index.query(sets.HARBOUR)] == ["0"]
    assert [match["other"] for match in index.query(sets.ORCHARD)] == ["?0"]


def test_settings_are_kept_in_the_folder(tmp_path: Path) -> None:
    path, rows = tmp_path / "index", sets.revisions()
    texts, ids, dates = (column(rows, name) for name in ("text", "id", "date"))
    with reprints.Index(path, threshold=0.9, keep=["latest"], relations=False) as index:
        index.add(texts, ids, dates)
    with reprints.Index(path) as index:
        found = index.clusters()
        expected = reprints.dedup(texts, ids, dates, threshold=0.9, keep="latest", relations=False)
        assert found.to_pylist() == expected.clusters.to_pylist()
    with pytest.raises(reprints.Error, match="settings"):
        reprints.Index(path, threshold=0.8)


def test_the_folder_is_that_of_the_program(tmp_path: Path) -> None:
    with reprints.Index(tmp_path / "index", threshold=0.7) as index:
        index.add([sets.HARBOUR], ["harbour"])
    news = json.dumps({"id": "again", "text": sets.HARBOUR.upper()}) + "\n"
    command = [sys.executable, "-m", "reprints", "index", "add", "index", "-"]
    done = subprocess.run(command, input=news, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and '"harbour"' in done.stdout, done.stderr
    assert reprints.Index(tmp_path / "index", read_only=True).query(sets.HARBOUR)[0]["other"] == "again"


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    index.add(["One text."], ["a"])
    with pytest.raises(reprints.Error, match="another text has this id: remove it first"):
        index.insert("a", "Another.")
    with pytest.raises(reprints.UnknownIdError, match="'b'|\"b\""):
        index.remove("a", "b")
    assert "a" in index
    with pytest.raises(reprints.DuplicateIdError):
        index.add(["Two.", "Three."], ["c", "c"])
    with pytest.raises(reprints.Error):
        reprints.Index(tmp_path / "index")
    index.close()
    with pytest.raises(reprints.Error, match="is closed: open it again"):
        len(index)
    with pytest.raises(reprints.Error):
        reprints.Index(tmp_path / "none", read_only=True)


def test_threads_take_turns(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    texts = column(sets.salad(40), "text")
    threads = [Thread(target=lambda part=part: [index.insert(f"{part}-{n}", texts[n]) for n in range(part, 40, 4)]) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(index) == 40
    index.compact()
    assert len(index) == 40 and index.verify() == []


def test_python_goes_on_while_an_index_that_works_is_shown(tmp_path: Path) -> None:
    index = reprints.Index(tmp_path / "index")
    index.add(column(sets.salad(1500, words=300), "text"), range(1500))
    working, shown = Event(), Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        while not shown.is_set():
            counted += 1
            time.sleep(0.001)

    threads = [Thread(target=lambda: index.settle(progress=lambda *_: working.set())), Thread(target=count)]
    threads[0].start()
    working.wait()
    threads[1].start()
    started = time.monotonic()
    assert repr(index).endswith("index: 1500 documents>")
    took = time.monotonic() - started
    shown.set()
    for thread in threads:
        thread.join()
    # A slow machine counts less than one that has nothing else to do.
    assert counted >= 20 * took - 2
