"""Steps over columns make what one call makes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
import reprints
from reprints import columns

import sets
from sets import column

ROWS = sets.editions() + sets.salad(60)
IDS: list[str] = column(ROWS, "id")
TEXTS: list[str] = column(ROWS, "text")


def pairs_of(sketches: reprints.Table) -> list[tuple[int, int]]:
    """The rows of texts that are near each other or may be copies; the first row of a text stands for all."""
    facts, digests = sketches.column("facts"), sketches.column("digest")
    first: dict[bytes, int] = {}
    firsts = [row for row, digest in enumerate(digests) if first.setdefault(digest, row) == row]
    bands = [(key, row) for row in firsts for key in sketches.column("bands")[row]]
    met = columns.bucket_pairs([key for key, _ in bands], [facts[row] for _, row in bands])
    pairs = {tuple(sorted((bands[pair["left"]][1], bands[pair["right"]][1]))) for pair in met}
    grams = [(key, row) for row in firsts for key in sketches.column("grams")[row]]
    met = columns.gram_pairs([key for key, _ in grams], [digests[row] for _, row in grams])
    often = Counter(tuple(sorted((grams[pair["left"]][1], grams[pair["right"]][1]))) for pair in met)
    pairs |= {pair for pair, count in often.items() if count >= columns.MIN_GRAMS}
    listed = sorted(pairs)
    relevance = columns.may_be_copies(facts, [a for a, _ in listed], [b for _, b in listed])
    kept = [pair for pair, of in zip(listed, relevance) if of["may_be_copies"] or of["is_near"]]
    # Rows of one text hang together.
    equal = [(first[digest], row) for row, digest in enumerate(digests) if first[digest] != row]
    return [(a, b) for a, b in kept + equal]


def components(count: int, pairs: list[tuple[int, int]]) -> list[list[int]]:
    parent = list(range(count))

    def find(row: int) -> int:
        while parent[row] != row:
            row = parent[row]
        return row

    for a, b in pairs:
        parent[find(a)] = find(b)
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for row in range(count):
        rows[find(row)].append(row)
    return list(rows.values())


def test_steps_make_the_clusters_of_one_call() -> None:
    sketches = columns.sketch(TEXTS)
    pairs, facts = pairs_of(sketches), sketches.column("facts")
    found: list[dict[str, Any]] = []
    for rows in components(len(TEXTS), pairs):
        place = {row: at for at, row in enumerate(rows)}
        inside = [(place[a], place[b]) for a, b in pairs if a in place]
        clusters = columns.component(
            [IDS[row] for row in rows],
            [TEXTS[row] for row in rows],
            [facts[row] for row in rows],
            [a for a, _ in inside],
            [b for _, b in inside],
        )
        found.extend(clusters)
    expected = reprints.dedup(TEXTS, IDS)
    assert len(found) == len(expected.clusters) > 10
    by_id = {row["id"]: row for row in found}
    assert by_id == {row["id"]: row for row in expected.clusters}
    digest = columns.digest(column(found, "id"), column(found, "canonical"), column(found, "relation"))
    assert digest == expected.digest


def test_columns_come_and_go_as_arrow() -> None:
    pa = pytest.importorskip("pyarrow")
    sketches = pa.table(columns.sketch(pa.array(TEXTS, pa.string_view())))
    assert sketches.schema.field("facts").type == pa.binary()
    assert sketches.schema.field("bands").type.value_type == pa.int64()
    grams = sketches["grams"].combine_chunks()
    rows, keys = grams.value_parent_indices(), grams.flatten()
    met = pa.table(columns.gram_pairs(keys, sketches["digest"].take(rows)))
    assert met.num_rows > 0 and met.schema.names == ["left", "right"]
    left, right = rows.take(met["left"].combine_chunks()), rows.take(met["right"].combine_chunks())
    found = pa.table(columns.may_be_copies(sketches["facts"], left, right))
    assert found.num_rows == met.num_rows


def test_columns_of_polars_are_columns() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(columns.sketch(pl.Series(TEXTS)))
    bands = frame.with_row_index("row").select("row", "facts", "bands").explode("bands")
    met = pl.DataFrame(columns.bucket_pairs(bands["bands"], bands["facts"]))
    rows = bands["row"]
    measured = columns.measure(
        pl.Series(TEXTS), frame["facts"], rows.gather(met["left"]), rows.gather(met["right"])
    )
    assert "reprint" in measured.column("relation")


def items_of_a_form() -> list[str]:
    def card(name: str, boat: str) -> str:
        return (
            f"Membership card of the rowing club at Holm harbour. Name of the member: {name}. The boat of the member is called "
            f"{boat}. Valid for a year at all gates and at the boat house. Please show it when you are asked to."
        )

    names = ["Ada Norling", "Bo Quist", "Cyrus Wendt", "Dora Lamm", "Eli Strand", "Frida Holm", "Gus Arnell", "Hedda Berg", "Ivo Kranz"]
    boats = ["gull", "heron", "curlew", "plover", "bittern", "wigeon", "smew", "avocet", "redshank"]
    return [card(name, boat) for name, boat in zip(names, boats)]


PAIRS = [(a, b) for a in range(9) for b in range(a + 1, 9)]
"""Of nine rows, each with each."""


def test_what_other_works_say_parts_the_items_of_a_form() -> None:
    cards = items_of_a_form()
    facts = columns.sketch(cards).column("facts")
    left, right = zip(*PAIRS)
    own = columns.own(cards, facts, left, right, range(9), left, right)
    assert all(works and works > 2 for works in own.column("works"))
    alone = columns.judge(cards, facts, left, right)
    together = columns.judge(cards, facts, left, right, own)
    parted = [of for of, by_itself in zip(together, alone) if by_itself["relation"] == "reprint" and of["objection"] == "form"]
    assert len(parted) > 20
    # Who is one work counts once, and one voice is none.
    own = columns.own(cards, facts, left, right, [0, 1] + [2] * 7, [0], [1])
    assert own.column("works") == [None]


def test_what_other_works_say_counts_in_the_types_of_other_engines() -> None:
    pa = pytest.importorskip("pyarrow")
    cards = items_of_a_form()
    facts, (left, right) = columns.sketch(cards).column("facts"), zip(*PAIRS)
    own = pa.table(columns.own(cards, facts, left, right, range(9), left, right))
    expected = columns.judge(cards, facts, left, right, own).to_pylist()
    assert expected != columns.judge(cards, facts, left, right).to_pylist()

    def cast(table: Any, **types: Any) -> Any:
        for name, type in types.items():
            table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(type))
        return table

    others = cast(own, works=pa.int8(), slots=pa.uint64(), in_slots=pa.float64(), in_other_places=pa.float32(), numbers=pa.int8())
    assert columns.judge(cards, facts, left, right, others).to_pylist() == expected

    half = pa.array([0.5] * len(own))
    some = pa.array([None, *own["works"].to_pylist()[1:]])
    wrong = {
        "own has the column slots of Utf8: give one of Int64": cast(own, slots=pa.string()),
        "own has the column works of Float64: give one of Int64": own.set_column(0, "works", half),
        "own has no column rare_overlap, but works, slots": own.drop_columns(["rare_overlap"]),
        r"own\[0\] has a figure that is missing or under 0": own.set_column(0, "works", some),
        "own has 35 rows and left has 36": own.slice(1),
    }
    for message, table in wrong.items():
        with pytest.raises(reprints.ColumnError, match=message) as raised:
            columns.judge(cards, facts, left, right, table)
        assert raised.value.column == "own"


def test_passages_and_what_is_inside_what_are_told() -> None:
    notice = "The office is closed on Monday, the seventeenth of May, because the water pipes in the whole street are being replaced."
    more = "The choir meets in the school instead, at seven as always, and the books of the library can be given back in the bakery."
    texts = [f"{more} {notice} Bring a lamp.", notice]
    passage = next(iter(columns.passages(texts, [0], [1])))
    assert texts[0][passage["left_start"] : passage["left_end"]] == notice.rstrip(".")
    sketches = columns.sketch(texts)
    seeds = Counter(seed for row in sketches.column("seeds") for seed in row)
    shared = [seed for seed, count in seeds.items() if count > 1]
    twos = [2] * len(shared)
    found = columns.contained(texts, sketches.column("facts"), [True, True], shared, twos, twos, [0], [1])
    assert found.column("relation") == ["contains"]
    assert found.column("right_in_left")[0] > 0.9


def test_settings_are_those_of_one_call() -> None:
    texts = ["One text of a few words, no more.", "ONE text of a few words - no more!"]
    exact = columns.Settings(level="exact")
    assert columns.sketch(texts, exact).column("bands") == [[], []]
    assert len(columns.component(["a", "b"], texts, columns.sketch(texts, exact).column("facts"), [], [], settings=exact)) == 0
    assert columns.sketch(texts, columns.Settings(relations=False)).column("seeds") == [[], []]
    with pytest.raises(reprints.SettingError, match="threshold"):
        columns.sketch(texts, columns.Settings(threshold=2))


def test_errors_name_the_column_and_the_row() -> None:
    facts = columns.sketch(TEXTS[:2]).column("facts")
    with pytest.raises(reprints.SettingError, match="row is 5"):
        columns.may_be_copies(facts, [0], [5])
    with pytest.raises(reprints.ColumnError, match=r"facts\[1\] can't be read"):
        columns.may_be_copies([facts[0], facts[1][:-1]], [0], [1])
    with pytest.raises(reprints.ColumnError, match=r"texts\[1\] is missing"):
        columns.fold(["a", None])
    with pytest.raises(reprints.ColumnError, match="facts is a column of Int64"):
        pa = pytest.importorskip("pyarrow")
        columns.may_be_copies(pa.array([1]), [0], [0])
    with pytest.raises(reprints.ColumnError, match="left is of type int: give a list or a column"):
        columns.may_be_copies(facts, 0, [0])  # type: ignore[arg-type]
    with pytest.raises(reprints.ColumnError, match=r"left\[0\] is of type str: give whole numbers of 64 bits"):
        columns.may_be_copies(facts, ["a"], [0])  # type: ignore[list-item]
    with pytest.raises(reprints.ColumnError, match=r"keys\[1\] is no gram"):
        columns.gram_pairs([1, 2**32 + 1], columns.sketch(TEXTS[:2]).column("digest"))
    with pytest.raises(reprints.ColumnError, match="canonicals has 3 rows and ids has 2"):
        columns.digest(["a", "b"], ["a", "a", "a"], ["canonical", "exact"])
    with pytest.raises(reprints.DuplicateIdError):
        columns.component(["a", "a"], TEXTS[:2], facts, [], [])
