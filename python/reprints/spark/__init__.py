"""The clusters of a run as a job of DataFrames, on Spark 4 and on Sail.

The job is made of the steps of `reprints.columns` and of joins, counts and sorts of the engine. Its clusters are those of
`reprints.dedup`, byte for byte, on as many machines as the engine has. Each stage ends in Parquet in a work folder, so that a job that was
stopped continues after the last whole stage. The page "On Spark and Sail" says what it costs and where it ends.

Needs pyspark 4 and pyarrow, and this package on each worker.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from .. import columns
from .._errors import ColumnError, SettingError
from .._reprints import __version__
from ..types import Level, Policy
from ._components import labels
from ._contained import CONTAINED, contained
from ._earlier import Earlier
from ._judge import clusters, grouped, standing
from ._pairs import band_pairs, gram_pairs, met, relevant
from ._texts import sketched
from ._work import Work

__all__ = ["Deduped", "dedup"]


@dataclass(frozen=True)
class Deduped:
    """What a job found. The tables lie in the work folder."""

    documents: DataFrame
    """A row for each row of the input, in no order: `id`, `keep`, and for those in a cluster `canonical`, `relation`, `jaccard`, `similarity`
    and the `size` of the cluster."""

    clusters: DataFrame
    """The clusters of two or more, a row for each member, in no order, with the columns of `clusters` of `reprints.dedup`."""

    contained: DataFrame
    """Which documents are inside which, in no order, with the columns of `contained` of `reprints.dedup`."""

    @property
    def digest(self) -> str:
        """One digest for all clusters, as `reprints.dedup` and the program have it. Brings three columns of all members to the driver."""
        members = self.clusters.select("id", "canonical", "relation").toArrow()
        return columns.digest(members["id"], members["canonical"], members["relation"])


def dedup(
    df: DataFrame,
    work: str,
    *,
    text: str = "text",
    id: str = "id",
    date: str | None = None,
    source: str | None = None,
    keep: Policy | None = None,
    threshold: float | None = None,
    level: Level | None = None,
    relations: bool = True,
    earlier: str | None = None,
) -> Deduped:
    """Finds the reprints among the rows of a DataFrame.

    `text`, `id`, `date` and `source` name columns: of strings, or of what Spark casts to strings. Ids are unique. Rows without a text match
    nothing and stay. `work` is a folder that driver and workers reach under this name. What is whole in it is not done again: give each
    input and each setting a folder of its own, and remove the folder when the result is copied. Without `relations`, `contained` stays empty,
    and the job is cheaper; the clusters are the same. It stays empty at level `exact` too. The other settings are those of `reprints.keep`.

    `earlier` is the work folder of an earlier job with the same settings. Its documents are not signed again, and the result is that of one job
    over the documents of both, whose ids must be unique. Components that no new document belongs to are not judged again.
    """
    settings = columns.Settings(_policy(keep), threshold, level, relations)
    # What can't be a setting is told here, and not by a worker in the middle of the job.
    columns.sketch([], settings)
    earlier = earlier and earlier.rstrip("/")
    given = {"id": id, "text": text, "date": date, "source": source}
    identity = {"version": __version__, "columns": given, "settings": asdict(settings), "earlier": earlier}
    stages = Work(df.sparkSession, work.rstrip("/"), json.dumps(identity, sort_keys=True))
    before = Earlier(df.sparkSession, earlier, identity) if earlier else None
    rows = df.select(*(_column(name, column) for name, column in given.items()))
    documents = stages.table("documents", lambda: _with_earlier(before, sketched(rows, settings)))
    _check_ids(stages.table("ids", lambda: _unusable_ids(documents)))
    count = documents.count()
    firsts = stages.table("firsts", lambda: documents.where("node is not null").groupBy("digest").agg(F.min("id").alias("id")))
    texts = documents.join(firsts, ["id", "digest"], "left_semi")
    by_bands = stages.table("bands", lambda: band_pairs(texts, settings))
    by_grams = stages.table("grams", lambda: gram_pairs(texts, count))
    meeting = stages.table("meeting", lambda: met(by_bands, by_grams))
    pairs = stages.table("pairs", lambda: _relevant(before, meeting, texts, settings))
    groups = stages.table("groups", lambda: grouped(documents, labels(stages, pairs), count))
    found = stages.table("clusters", lambda: _clusters(before, documents, pairs, groups, settings))
    result = stages.table("result", lambda: standing(documents, found))
    # At level exact, a run counts the seeds of texts that differ in marks only one by one; here they are one text.
    if relations and level != "exact":
        return Deduped(result, found, contained(stages, documents, firsts, found, settings))
    return Deduped(result, found, df.sparkSession.createDataFrame([], CONTAINED))


def _with_earlier(before: Earlier | None, documents: DataFrame) -> DataFrame:
    return documents if before is None else before.documents.unionByName(documents)


def _relevant(before: Earlier | None, meeting: DataFrame, texts: DataFrame, settings: columns.Settings) -> DataFrame:
    if before is None:
        return relevant(meeting, texts, settings)
    new = relevant(meeting.join(before.meeting, ["a", "b"], "left_anti"), texts, settings)
    return new.unionByName(before.pairs.join(meeting, ["a", "b"], "left_semi").select(*new.columns))


def _clusters(before: Earlier | None, documents: DataFrame, pairs: DataFrame, groups: DataFrame, settings: columns.Settings) -> DataFrame:
    if before is None:
        return clusters(documents, pairs, groups, settings)
    changed = before.changed(documents, pairs, groups)
    return clusters(documents, pairs, changed, settings).unionByName(before.unchanged_clusters(groups, changed))


_ELSEWHERE = {
    "first": "rows of a DataFrame have no order",
    "container": "containment is found after the clusters",
    "one-per": "each cluster keeps one document",
}
"""Criteria of policies that a job can't follow, and why."""


def _policy(keep: Policy | None) -> str | None:
    if keep is None:
        return None
    policy = keep if isinstance(keep, str) else ";".join(keep)
    for criterion in policy.split(";"):
        if reason := _ELSEWHERE.get(criterion.strip().partition(":")[0]):
            raise SettingError(f"keep is {policy!r}: leave {criterion.strip()} out, {reason}")
    return policy


def _column(name: str, given: str | None) -> Column:
    return (F.lit(None) if given is None else F.col(given)).cast("string").alias(name)


def _unusable_ids(documents: DataFrame) -> DataFrame:
    counted = documents.groupBy("id").agg(F.count("*").alias("rows"))
    return counted.where("rows > 1 or id is null").limit(1)


def _check_ids(unusable: DataFrame) -> None:
    for id, rows in unusable.collect():
        what = "rows have no id" if id is None else f"rows have the id {id!r}"
        raise ColumnError(f"id: {rows} {what}: give each document its own, and the job another work folder", "id")
