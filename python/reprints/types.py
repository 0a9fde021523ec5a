"""The types of what is given and handed out, for annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal, Protocol, TypeAlias, TypedDict


class ArrowStream(Protocol):
    """A column that offers its data by the Arrow PyCapsule interface, in chunks."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class ArrowArray(Protocol):
    """A column that offers its data by the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


Texts: TypeAlias = ArrowStream | ArrowArray | Iterable[str | None]
Ids: TypeAlias = ArrowStream | ArrowArray | Iterable[str | int]
Sources: TypeAlias = ArrowStream | ArrowArray | Iterable[str | int | None]
Dates: TypeAlias = ArrowStream | ArrowArray | Iterable[str | int | date | None]
Numbers: TypeAlias = ArrowStream | ArrowArray | Iterable[int]
Flags: TypeAlias = ArrowStream | ArrowArray | Iterable[bool]
Bytes: TypeAlias = ArrowStream | ArrowArray | Iterable[bytes]
Policy: TypeAlias = str | Sequence[str]
Level: TypeAlias = Literal["exact", "same-text", "reprint"]
Progress: TypeAlias = Callable[[str, int, int], object]


class Difference(TypedDict):
    """Where two documents differ: places in characters, end exclusive."""

    kind: str
    a: tuple[int, int]
    b: tuple[int, int]
    a_text: str
    b_text: str


class Passage(TypedDict):
    """What two documents have in common, with its places in characters, end exclusive."""

    a: tuple[int, int]
    b: tuple[int, int]
    chars: int
    text: str


class Match(TypedDict):
    """A document of an index, and what a text is to it."""

    other: str
    relation: Literal["exact", "same-text", "reprint", "contains", "within"]
    jaccard: float
    similarity: float
    in_other: float
    of_other: float


class Merged(TypedDict):
    """What became of the documents of an index that was merged into another."""

    added: int
    known: int
    """Of the same id and text."""

    conflicts: list[str]
    """Ids that are there with another text: their documents were not taken over."""


class Explanation(TypedDict):
    """What two documents are to each other, and what shows it."""

    a: str
    b: str
    relation: Literal["exact", "same-text", "reprint", "contains", "within", "shares", "distinct"]
    ground: str | None
    objection: str | None
    jaccard: float
    similarity: float
    a_in_b: float
    b_in_a: float
    passages: list[Passage]
    differences: list[Difference]
