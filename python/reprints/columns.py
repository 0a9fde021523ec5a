"""The steps of a run over columns, for whoever holds and joins rows elsewhere: in an engine of tables, in a store of one's own.

Each function is one step of `reprints.dedup` and decides as it does there. It knows the rows that it is given, and keeps nothing: to join
rows of equal keys, to count and to sort is the caller's part. Columns go in as `reprints.dedup` takes them, and tables come out. All
numbers are signed: keys are compared for equality only, and engines often have no others.

>>> texts = ["The ferry to Holm stops on the first of November.", "THE FERRY to Holm stops on the first of November!", "Another."]
>>> fold(texts).column("folded")[1]
'the ferry to holm stops on the first of november'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import _reprints
from ._reprints import Table
from .types import ArrowArray, ArrowStream, Bytes, Dates, Flags, Ids, Level, Numbers, Policy, Sources, Texts

__all__ = [
    "MAX_RARE",
    "MIN_GRAMS",
    "MIN_SEEDS",
    "Settings",
    "bucket_pairs",
    "component",
    "contained",
    "digest",
    "fold",
    "gram_pairs",
    "judge",
    "may_be_copies",
    "measure",
    "own",
    "passages",
    "sketch",
]

MIN_GRAMS: int = 2
"""How often a pair must be among those of `gram_pairs` to be worth a look."""

MAX_RARE: int = 16
"""Maximum number of staying texts with a rare seed; a seed that more texts have is a common phrase."""

MIN_SEEDS: float = 0.1
"""Minimum share of the rare seeds of one text that the other must have, for one of the two to be inside the other."""


@dataclass(frozen=True)
class Settings:
    """What decides: give the same to every step. They are those of `reprints.dedup`."""

    keep: Policy | None = None
    threshold: float | None = None
    level: Level | None = None
    relations: bool = True

    def _given(self) -> tuple[Policy | None, float | None, Level | None, bool]:
        return (self.keep, self.threshold, self.level, self.relations)


_DEFAULT = Settings()


def fold(texts: Texts) -> Table:
    """Texts in the form in which editions are equal: `folded`."""
    return _reprints.columns_fold(texts)


def sketch(texts: Texts, settings: Settings = _DEFAULT) -> Table:
    """Folds, cuts and signs texts.

    `digest` and `length`: texts of one digest and one length are equal to a run, and only one of them is to be looked at in the steps
    before `component`. `facts`: bytes that later steps ask for, about 2.9 kB each for texts of a page. `bands`: texts much alike have one of
    these keys in common. `grams`: what noise and revision leave in common. `seeds`: texts with a common passage have one in common (none
    without `relations`). `short` is true for texts of up to 100 words, whose passages may be a form. Keys are lists of numbers.
    """
    return _reprints.columns_sketch(texts, settings._given())


def bucket_pairs(keys: Numbers, facts: Bytes, settings: Settings = _DEFAULT) -> Table:
    """The pairs that meet by bands, by their rows: `left`, `right`.

    A row has a key of a band of a text, and the facts of the text. All rows of a key must be there, those of several keys may be, and no text
    may have a key twice. Up to 16 texts of a key all meet; of more, each meets a leader that it is like. So a caller may join keys of few
    texts by himself, and give the others only.
    """
    return _reprints.columns_bucket_pairs(keys, facts, settings._given())


def gram_pairs(keys: Numbers, digests: Bytes) -> Table:
    """The pairs that meet by sampled grams, by their rows, each as often as it does: `left`, `right`.

    A row has a gram of a text, and the digest of the text. Of a gram that at most 16 texts have, all meet; of a more frequent one, each meets
    one or two others. Pairs that meet `MIN_GRAMS` times, whatever the keys, are worth a look.
    """
    return _reprints.columns_gram_pairs(keys, digests)


def may_be_copies(facts: Bytes, left: Numbers, right: Numbers, settings: Settings = _DEFAULT) -> Table:
    """What the two texts of each pair of rows may be to each other, by their facts alone.

    `nearness` (0 to 1), `may_be_copies`, `is_near` (to be asked about each other's copies), `may_be_inside`. Pairs that are neither near
    nor may be copies need not be looked at again, unless for what is inside what.
    """
    return _reprints.columns_may_be_copies(facts, left, right, settings._given())


def measure(texts: Texts, facts: Bytes, left: Numbers, right: Numbers, settings: Settings = _DEFAULT) -> Table:
    """What the two texts of each pair of rows are by themselves, whatever else there is.

    `relation`, `jaccard`, `similarity`, `ground`, `objection`, `is_certain` (nothing that others say of the two can part them).
    """
    return _reprints.columns_measure(texts, facts, left, right, settings._given())


def own(
    texts: Texts,
    facts: Bytes,
    near_left: Numbers,
    near_right: Numbers,
    works: Numbers,
    left: Numbers,
    right: Numbers,
    settings: Settings = _DEFAULT,
) -> Table:
    """What the works near two texts say of them, for each of the pairs `left`, `right` of rows.

    How much of what the two share is rare, and which of their differences are slots of a form: `works` (that were asked), `slots`, `in_slots`,
    `in_other_places`, `rare_overlap`, `numbers`, `shared`, `unmatched`. Nothing where fewer than two works are near both. `near_left` and
    `near_right` are the pairs of rows that met, among them all that have one of the two; rows of one number in `works` are one work.
    """
    return _reprints.columns_own(texts, facts, near_left, near_right, works, left, right, settings._given())


def judge(
    texts: Texts,
    facts: Bytes,
    left: Numbers,
    right: Numbers,
    own: ArrowStream | None = None,
    settings: Settings = _DEFAULT,
) -> Table:
    """The verdict on each pair of rows, with what others say of it: the table of `own`, a row for each pair.

    `relation`, `jaccard`, `similarity`, `ground`, `objection`.
    """
    return _reprints.columns_judge(texts, facts, left, right, own, settings._given())


def component(
    ids: Ids,
    texts: Texts,
    facts: Bytes,
    left: Numbers,
    right: Numbers,
    dates: Dates | None = None,
    sources: Sources | None = None,
    settings: Settings = _DEFAULT,
) -> Table:
    """The clusters of documents that hang together, as `clusters` of `reprints.dedup`.

    `left` and `right` are the rows of texts that are near each other or may be copies, the first document of a text standing for all.
    Of a whole component, the clusters are those of a run over all documents.
    """
    return _reprints.columns_component(ids, texts, facts, left, right, dates, sources, settings._given())


def contained(
    texts: Texts,
    facts: Bytes,
    stays: Flags,
    seeds: Numbers,
    counts: Numbers,
    short_counts: Numbers,
    left: Numbers,
    right: Numbers,
    are_copies: bool = False,
    settings: Settings = _DEFAULT,
) -> Table:
    """Whether one of the two texts of each pair of rows is inside the other.

    `relation` (of the left one to the right one: `contains`, `within` or nothing), `jaccard`, `left_in_right`, `right_in_left`. `stays` is true for
    texts that stay: one of each cluster. `seeds` has the seeds that two or more texts of the collection share, at least those of these texts. `counts`
    has the number of staying texts with each seed, and `short_counts` the number of `short` ones among them. A seed that more than `MAX_RARE` of
    them have makes no text part of another. With `are_copies`, each pair is a copy with the text that stays for it, and must be inside nearly whole.

    A run asks in three rounds. First: pairs of staying texts that share at least `MIN_SEEDS` of the rare seeds of one of them. Second: for each pair
    found, up to 16 copies of each text, with the other text. Third: each copy with the text that stays for it. The longer text is the left one.
    """
    return _reprints.columns_contained(
        texts, facts, stays, seeds, counts, short_counts, left, right, are_copies, settings._given()
    )


def passages(texts: Texts, left: Numbers, right: Numbers) -> Table:
    """What the two texts of each pair of rows have in common, a row for each passage.

    `pair` (the number of the pair), `left_start`, `left_end`, `right_start`, `right_end` (characters, end exclusive), `chars` (folded
    characters that are equal).
    """
    return _reprints.columns_passages(texts, left, right)


def digest(ids: Ids, canonicals: Ids, relations: ArrowStream | ArrowArray | Iterable[str]) -> str:
    """One digest for all members of all clusters, in any order: the same as that of `reprints.dedup` and of the program."""
    return _reprints.columns_digest(ids, canonicals, relations)
