from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias, final, overload

from .types import ArrowArray, ArrowStream, Bytes, Dates, Explanation, Ids, Level, Numbers, Policy, Progress, Sources, Texts

__all__ = [
    "Deduped",
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
    def digest(self) -> str:
        """One digest for all clusters.

        The program, on the same documents, has the same in `summary.json`.
        """

    def explain(self, a: str, b: str, *, progress: Progress | None = None) -> Explanation:
        """What two documents are to each other, and what shows it.

        The verdict depends on the other documents too: about half the cost of the run.
        """

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
    relations: bool = True,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Deduped:
    """Finds the reprints among texts, and what is between them.

    Without `ids`, the number of a row, as text, is its id. `dates` and `sources` say which copy stays, where `keep` asks for
    them. Without `relations`, `passages` and `contained` stay empty, and the run costs a third less; the clusters are the same.
    The other settings are those of `reprints.keep`.
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
    texts: Texts, facts: Bytes, seeds: Numbers, counts: Numbers, left: Numbers, right: Numbers, settings: _Settings
) -> Table: ...
def columns_passages(texts: Texts, left: Numbers, right: Numbers) -> Table: ...
def columns_digest(ids: Ids, canonicals: Ids, relations: ArrowStream | ArrowArray | Iterable[str]) -> str: ...
