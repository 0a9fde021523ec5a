from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from types import TracebackType
from typing import Any, TypeAlias, final, overload

from .types import ArrowArray, ArrowStream, Bytes, Dates, Explanation, Flags, Ids, Level, Match, Merged, Numbers, Policy, Progress, Sources, Texts

__all__ = [
    "Deduped",
    "Index",
    "Kept",
    "Normalized",
    "Table",
    "__version__",
    "columns_bucket_pairs",
    "columns_component",
    "columns_contained",
    "columns_digest",
    "columns_fold",
    "columns_gram_pairs",
    "columns_judge",
    "columns_may_be_copies",
    "columns_measure",
    "columns_own",
    "columns_passages",
    "columns_sketch",
    "dedup",
    "keep",
    "normalize",
    "run_program",
]

__version__: str

@final
class Table:
    """Named columns of one length.

    pyarrow, polars, pandas, DuckDB and others take it as it is, by the Arrow PyCapsule interface.
    """

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""

    def column(self, name: str) -> list[Any]:
        """One column, as a list."""

    def to_pylist(self) -> list[dict[str, Any]]:
        """The rows, each as a dict."""

    def to_pyarrow(self) -> Any:
        """The same as a `pyarrow.Table`; nothing is copied."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class Kept:
    """True where a text stays, one for each text.

    A sequence, and an Arrow array by the Arrow PyCapsule interface.
    """

    def indices(self) -> list[int]:
        """The places of the texts that stay."""

    def to_pylist(self) -> list[bool]:
        """The same as a list."""

    def to_pyarrow(self) -> Any:
        """The same as a `pyarrow.BooleanArray`; nothing is copied."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[bool]: ...
    @overload
    def __getitem__(self, place: int, /) -> bool: ...
    @overload
    def __getitem__(self, place: slice, /) -> list[bool]: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

@final
class Deduped:
    """What a run found.

    Holds the columns that it was given, so that passages and differences can be shown.
    """

    @property
    def documents(self) -> Table:
        """A row for each row of the input, in its order.

        `id`, `keep`, and for those in a cluster `canonical`, `relation`, `jaccard`, `similarity` and the `size` of the cluster.
        """

    @property
    def clusters(self) -> Table:
        """The clusters of two or more, a row for each member: the canonical copy, then the others by id.

        `canonical`, `size`, `reason`, `id`, `relation`, `jaccard`, `similarity`, `ground`, `via`, `in_canonical`, `of_canonical`.
        """

    @property
    def passages(self) -> Table:
        """What two or more of the documents that stay have in common, a row for each place of each passage.

        `passage` (its number), `documents` (how many have it), `chars` (folded characters), `id`, `start`, `end` (characters, end
        exclusive), `text` (as it stands there). Of a passage in very many documents, the first 1,000 places.
        """

    @property
    def contained(self) -> Table:
        """Which documents are inside which: `a` contains `b`.

        `a`, `b`, `relation`, `jaccard`, `a_in_b`, `b_in_a`.
        """

    @property
    def against(self) -> Table:
        """What of the documents is in the reference collection that was given as `against`.

        A row for each document and each reference document that it is a copy of, contains or is within: `id`, `against` (the id of the
        reference document), `relation` (of the document to the reference), `jaccard`, `id_in_against`, `against_in_id`, `dropped`.
        """

    @property
    def digest(self) -> str:
        """One digest for all clusters.

        The program, on the same documents, has the same in `summary.json`.
        """

    def explain(self, a: str, b: str, *, progress: Progress | None = None) -> Explanation:
        """What two documents are to each other, and what shows it.

        The verdict depends on the other documents too: about half the cost of the run.
        """

@final
class Index:
    """A folder of documents that are deduplicated as they come.

    Made where there is none. The settings are kept in the folder: those that are given again must be the same. One process writes; others may
    read (`read_only`). The folder is that of the command `reprints index`.
    """

    def __new__(
        cls,
        path: str | PathLike[str],
        *,
        keep: Policy | None = None,
        threshold: float | None = None,
        level: Level | None = None,
        relations: bool | None = None,
        read_only: bool = False,
        threads: int | None = None,
    ) -> Index: ...
    def insert(self, id: str, text: str, date: Any = None, source: Any = None) -> list[Match]:
        """Adds one document, and gives what it is to those that were there.

        Each addition is on the disk when this returns: add many documents by `add`. A known id with the same text changes nothing; with
        another text it is an error.
        """

    def add(self, texts: Texts, ids: Ids, dates: Dates | None = None, sources: Sources | None = None) -> Table:
        """Adds documents, and says what each is to those that were there before it.

        A row for each document and each that it is related to, one row where there is none: `id`, `outcome` (`new`; `known`: the same text is
        there; `conflict`: another text has the id, and this one was not added), `other`, `relation` (of the document to the other), `jaccard`,
        `similarity`, `in_other` (share of its shingles that the other has), `of_other` (the other way round).
        """

    def replace(self, texts: Texts, ids: Ids, dates: Dates | None = None, sources: Sources | None = None) -> Table:
        """Adds documents. A document takes the place of the one with its id if its text, date or source differs.

        The whole call is one change on the disk. The rows are those of `add`; the outcome of a document that took a place is `replaced`.
        """

    def merge(self, path: str | PathLike[str]) -> Merged:
        """Adds the documents of the index in another folder, which must have the same settings.

        Nothing is signed again. Where both have an id, the document of this index stays.
        """

    def query(self, text: str) -> list[Match]:
        """What a text is to the documents that are there: those that it is a copy of, contains or is within."""

    def query_many(self, texts: Texts) -> Table:
        """The same of many texts, a row for each text and each document that it is related to.

        `row` (the place of the text), `other`, `relation`, `jaccard`, `similarity`, `in_other`, `of_other`.
        """

    def remove(self, *ids: str) -> None:
        """Takes documents out; none, where one of them is not there."""

    def settle(self, *, progress: Progress | None = None) -> None:
        """Makes the clusters of what is there: those of one run, in whatever order documents came and went."""

    def clusters(self, *, progress: Progress | None = None) -> Table:
        """The clusters, with the columns of `clusters` of `reprints.dedup`. Settles first where documents came or went."""

    def contained(self, *, progress: Progress | None = None) -> Table:
        """Which documents are inside which, with the columns of `contained` of `reprints.dedup`.

        Nothing is stored: each call costs a run over all documents, without signing. Empty where the index was made without `relations`.
        """

    def passages(self, *, progress: Progress | None = None) -> Table:
        """The passages that two or more documents share, among those that stay, with the columns of `passages` of `reprints.dedup`.

        The cost is that of `contained`.
        """

    def verify(self) -> list[str]:
        """Reads everything and compares every checksum; gives what is damaged."""

    def compact(self) -> None:
        """Writes everything anew without what was removed."""

    def close(self) -> None:
        """Lets others write to the folder."""

    def __contains__(self, id: str, /) -> bool: ...
    def __len__(self) -> int: ...
    def __enter__(self) -> Index: ...
    def __exit__(self, *_raised: type[BaseException] | BaseException | TracebackType | None) -> None: ...

@final
class Normalized:
    """A folded text. All places are those of characters, as Python counts them."""

    @property
    def text(self) -> str:
        """The folded form: texts of one folded form are the same text."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """For each character of the folded form, where it came from: start and end in the original."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from `start` to `end` of the folded form came from: start and end in the original."""

    def __len__(self) -> int: ...

def keep(
    texts: Texts,
    *,
    keep: str | Sequence[str] | None = None,
    threshold: float | None = None,
    level: Level | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Kept:
    """True where a text stays: one of each text and its reprints. Texts that are missing stay.

    `keep` is a policy as the program's `--keep` has it, or a list of its criteria; `threshold` the similarity from which two
    texts are reprints (0.6 by default); `level` the loosest relation that counts. `progress(stage, done, all)` is called in
    this thread now and then; what it raises ends the run.
    """

def dedup(
    texts: Texts,
    ids: Ids | None = None,
    dates: Dates | None = None,
    sources: Sources | None = None,
    *,
    keep: str | Sequence[str] | None = None,
    threshold: float | None = None,
    level: Level | None = None,
    against: Texts | None = None,
    against_ids: Ids | None = None,
    relations: bool = True,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Deduped:
    """Finds the reprints among texts, and what is between them.

    Without `ids`, the number of a row, as text, is its id. `dates` and `sources` say which copy stays, where `keep` asks for
    them. Without `relations`, `passages` and `contained` stay empty, and the run costs a third less; the clusters are the same.
    The other settings are those of `reprints.keep`.

    `against` is a column of texts of a reference collection, with ids of its own (`against_ids`, or numbers of rows). Documents that are copies
    of a reference document go first, and clusters are made of the rest. In `documents` they have a relation and no canonical document.
    """

def normalize(text: str) -> Normalized:
    """Folds a text to the form in which its editions are equal: without layout, width, punctuation, case and script."""

def run_program(arguments: list[str]) -> int:
    """Runs the program with these arguments and returns its exit status. The first argument is the name of the program."""

# The steps of `reprints.columns`, where they are described.

_Settings: TypeAlias = tuple[Policy | None, float | None, Level | None, bool]

def columns_fold(texts: Texts) -> Table: ...
def columns_sketch(texts: Texts, settings: _Settings) -> Table: ...
def columns_bucket_pairs(keys: Numbers, facts: Bytes, settings: _Settings) -> Table: ...
def columns_gram_pairs(keys: Numbers, digests: Bytes) -> Table: ...
def columns_may_be_copies(facts: Bytes, left: Numbers, right: Numbers, settings: _Settings) -> Table: ...
def columns_measure(texts: Texts, facts: Bytes, left: Numbers, right: Numbers, settings: _Settings) -> Table: ...
def columns_own(
    texts: Texts,
    facts: Bytes,
    near_left: Numbers,
    near_right: Numbers,
    works: Numbers,
    left: Numbers,
    right: Numbers,
    settings: _Settings,
) -> Table: ...
def columns_judge(
    texts: Texts, facts: Bytes, left: Numbers, right: Numbers, own: ArrowStream | None, settings: _Settings
) -> Table: ...
def columns_component(
    ids: Ids,
    texts: Texts,
    facts: Bytes,
    left: Numbers,
    right: Numbers,
    dates: Dates | None,
    sources: Sources | None,
    settings: _Settings,
) -> Table: ...
def columns_contained(
    texts: Texts,
    facts: Bytes,
    stays: Flags,
    seeds: Numbers,
    counts: Numbers,
    short_counts: Numbers,
    left: Numbers,
    right: Numbers,
    are_copies: bool,
    settings: _Settings,
) -> Table: ...
def columns_passages(texts: Texts, left: Numbers, right: Numbers) -> Table: ...
def columns_digest(ids: Ids, canonicals: Ids, relations: ArrowStream | ArrowArray | Iterable[str]) -> str: ...
