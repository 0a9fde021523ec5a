"""What does each step of `reprints.columns` make of the batches that an engine hands out?

These functions run in the workers. They know the rows that they are given and nothing else.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

from .. import columns
from .._reprints import Table

# Arrow's own package has no types.
pa: Any = importlib.import_module("pyarrow")
pc: Any = importlib.import_module("pyarrow.compute")

DOCUMENTS = (
    "id string, text string, date string, source string, digest binary, node bigint, length bigint, short boolean, facts binary, "
    "bands array<bigint>, grams array<bigint>, seeds array<bigint>"
)
MET = "a binary, b binary, times bigint"
PAIRS = "a binary, b binary, u bigint, v bigint"
EDGES = "u bigint, v bigint"
JUDGED = "id string, text string, date string, source string, digest binary, facts binary, a binary, b binary"
CLUSTERS = (
    "canonical string, size bigint, reason string, id string, relation string, jaccard double, similarity double, ground string, via string, "
    "in_canonical double, of_canonical double"
)
ASKED = (
    "digest binary, text string, facts binary, stays boolean, a binary, b binary, are_copies boolean, key bigint, texts bigint, short_texts bigint"
)
INSIDE = "a binary, b binary, relation string, jaccard double, a_in_b double, b_in_a double"


def sketch(batches: Iterable[Any], settings: columns.Settings) -> Iterable[Any]:
    """What is known of each text: its facts and the keys by which texts meet; nothing of a text that is missing."""
    for batch in batches:
        texts = batch.column("text")
        there = texts.is_valid()
        found = pa.table(columns.sketch(texts.filter(there), settings))
        # The row of what was found, for each row of the batch.
        place = pc.if_else(there, pc.subtract(pc.cumulative_sum(there.cast("int64")), 1), None)
        found = found.take(place)
        nodes = pa.array([_node(digest) for digest in found["digest"].to_pylist()], pa.int64())
        known = {name: batch.column(name) for name in ("id", "text", "date", "source")}
        of_texts = {name: found[name] for name in ("digest", "length", "short", "facts", "bands", "grams", "seeds")}
        yield from _batches(DOCUMENTS, known | of_texts | {"node": nodes})


def _node(digest: bytes | None) -> int | None:
    """The number of a text among those that hang together.

    Where two texts had one number, their components would be judged as one, which changes no cluster.
    """
    return None if digest is None else int.from_bytes(digest[:8], "big", signed=True)


def gram_pairs(keys: Any) -> Any:
    """The pairs of texts that meet by these grams, each once, with the number of times that it does."""
    return _times(keys["digest"], columns.gram_pairs(keys["key"], keys["digest"]), 1)


def bucket_pairs(keys: Any, settings: columns.Settings) -> Any:
    """The pairs of texts that meet by these bands; once suffices."""
    return _times(keys["digest"], columns.bucket_pairs(keys["key"], keys["facts"], settings), columns.MIN_GRAMS)


def _times(digests: Any, met: Table, each: int) -> Any:
    """Pairs of rows as pairs of texts, the smaller digest first."""
    # Chunks of one list of bytes may not be compared as they come.
    digests = pa.chunked_array([digests.combine_chunks()]) if digests.num_chunks != 1 else digests
    texts = pc.unique(digests)
    texts = texts.take(pc.sort_indices(texts))
    number = pc.index_in(digests, texts)
    rows = pa.table(met)
    left, right = number.take(rows["left"]), number.take(rows["right"])
    pairs = pa.table({"a": pc.min_element_wise(left, right), "b": pc.max_element_wise(left, right)})
    pairs = pairs.group_by(["a", "b"]).aggregate([([], "count_all")])
    times = pc.multiply(pairs["count_all"], each)
    return _table(MET, {"a": texts.take(pairs["a"]), "b": texts.take(pairs["b"]), "times": times})


def look(batches: Iterable[Any], settings: columns.Settings) -> Iterable[Any]:
    """Of pairs with their facts, those that are near each other or may be copies."""
    for batch in batches:
        count = batch.num_rows
        facts = pa.chunked_array([batch.column("a_facts"), batch.column("b_facts")])
        found = pa.table(columns.may_be_copies(facts, range(count), range(count, 2 * count), settings))
        kept = pc.or_(found["may_be_copies"], found["is_near"]).combine_chunks()
        a, b = batch.column("a").filter(kept), batch.column("b").filter(kept)
        u, v = ([_node(digest) for digest in side.to_pylist()] for side in (a, b))
        yield from _batches(PAIRS, {"a": a, "b": b, "u": pa.array(u, pa.int64()), "v": pa.array(v, pa.int64())})


def forest(batches: Iterable[Any]) -> Iterable[Any]:
    """Edges of which as much hangs together as of these: one for each node but the least, to the least that these edges lead to."""
    parent: dict[int, int] = {}

    def find(node: int) -> int:
        root = node
        while (above := parent.get(root, root)) != root:
            root = above
        while (above := parent.get(node, node)) != root:
            parent[node] = root
            node = above
        return root

    for batch in batches:
        for u, v in zip(batch.column("u").to_pylist(), batch.column("v").to_pylist()):
            low, high = sorted((find(u), find(v)))
            if low != high:
                parent[high] = low
    nodes = list(parent)
    for start in range(0, len(nodes), _ROWS):
        some = nodes[start : start + _ROWS]
        yield from _batches(EDGES, {"u": pa.array(some, pa.int64()), "v": pa.array([find(node) for node in some], pa.int64())})


_ROWS = 100_000
"""Edges in one batch."""


def judge(rows: Any, settings: columns.Settings) -> Any:
    """The clusters of whole components: from their documents, and the pairs of texts by which they hang together, which have no id."""
    documents, pairs = rows.filter(pc.is_valid(rows["id"])), rows.filter(pc.is_null(rows["id"]))
    first: dict[bytes, int] = {}
    for row, digest in enumerate(documents["digest"].to_pylist()):
        first.setdefault(digest, row)
    left, right = ([first[digest] for digest in pairs[side].to_pylist()] for side in ("a", "b"))
    of = {name: documents[name] for name in ("id", "text", "facts", "date", "source")}
    found = columns.component(of["id"], of["text"], of["facts"], left, right, of["date"], of["source"], settings)
    table = pa.table(found)
    return _table(CLUSTERS, {name: table[name] for name in table.column_names})


_SHARES = {"jaccard": "jaccard", "a_in_b": "left_in_right", "b_in_a": "right_in_left"}


def contained(rows: Any, settings: columns.Settings) -> Any:
    """Which of two texts is inside the other? The rows are texts, pairs of texts, and seeds with their counts."""
    texts, pairs, seeds = (rows.filter(pc.is_valid(rows[name])) for name in ("digest", "a", "key"))
    row_of = {digest: row for row, digest in enumerate(texts["digest"].to_pylist())}
    known = texts["text"], texts["facts"], texts["stays"], seeds["key"], seeds["texts"], seeds["short_texts"]
    found = [_schema(INSIDE).empty_table()]
    for are_copies in (False, True):
        asked = pairs.filter(pc.equal(pairs["are_copies"], are_copies))
        # Each call folds all texts.
        if asked.num_rows == 0:
            continue
        left, right = ([row_of[digest] for digest in asked[side].to_pylist()] for side in ("a", "b"))
        told = pa.table(columns.contained(*known, left, right, are_copies, settings))
        shares = {name: _rounded(told[of]) for name, of in _SHARES.items()}
        inside = _table(INSIDE, {"a": asked["a"], "b": asked["b"], "relation": told["relation"], **shares})
        found.append(inside.filter(pc.is_valid(inside["relation"])))
    return pa.concat_tables(found)


def _rounded(shares: Any) -> Any:
    """Rounded to six digits, as in the tables of a run."""
    return pc.divide(pc.floor(pc.add(pc.multiply(shares, 1e6), 0.5)), 1e6)


_TYPES: dict[str, Any] = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "binary": pa.binary(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "array<bigint>": pa.list_(pa.int64()),
}


def _schema(columns: str) -> Any:
    """The schema that Spark means by this list of columns."""
    fields = (field.split(" ") for field in columns.split(", "))
    return pa.schema([(name, _TYPES[type]) for name, type in fields])


def _table(columns: str, given: dict[str, Any]) -> Any:
    schema = _schema(columns)
    arrays = [pa.chunked_array([given[name]]) if isinstance(given[name], pa.Array) else given[name] for name in schema.names]
    return pa.table([array.cast(type) for array, type in zip(arrays, schema.types)], schema=schema)


def _batches(columns: str, given: dict[str, Any]) -> Any:
    return _table(columns, given).to_batches()
