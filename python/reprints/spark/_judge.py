"""Which clusters do components make?"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from .. import columns
from . import _steps

_DOCUMENTS_OF_GROUP = 2000
"""Documents that are judged in one call, on average, where their components are small: a call costs the engine some milliseconds. A larger
component has a call of its own."""


def grouped(documents: DataFrame, stars: DataFrame, count: int) -> DataFrame:
    """The documents of components of two or more, each with its component and the number of the group in which the component is judged."""
    star = stars.select(F.col("u").alias("node"), F.col("v").alias("root"))
    of_documents = documents.where("node is not null").select("id", "node").join(star, "node", "left")
    of_documents = of_documents.select("id", "node", F.coalesce("root", "node").alias("component"))
    sizes = of_documents.groupBy("component").agg(F.count("*").alias("documents")).where("documents > 1")
    part = F.pmod("component", F.lit(count // _DOCUMENTS_OF_GROUP + 1))
    group = F.when(F.col("documents") > _DOCUMENTS_OF_GROUP, F.col("component")).otherwise(part)
    return of_documents.join(sizes, "component").select("id", "node", "component", group.alias("group"))


def clusters(documents: DataFrame, pairs: DataFrame, groups: DataFrame, settings: columns.Settings) -> DataFrame:
    """The clusters of each group, which is whole components: a cluster depends on the rest of its component, and on nothing else."""
    judged = documents.select("id", "text", "date", "source", "digest", "facts").join(groups.select("id", "group"), "id")
    of_nodes = groups.select(F.col("node").alias("u"), "group").distinct()
    met = pairs.join(of_nodes, "u")
    # Both kinds of rows in one table: of grouped tables that are given side by side, Sail takes none with missing values.
    kinds = [rows.select("group", *filled(rows, _steps.JUDGED)) for rows in (judged, met)]
    rows = kinds[0].unionByName(kinds[1])
    return rows.groupBy("group").applyInArrow(lambda table: _steps.judge(table, settings), _steps.CLUSTERS)


def filled(rows: DataFrame, columns: str) -> list[Column]:
    """These columns, null where the rows lack one, so that rows of several kinds fit into one table."""
    return [
        (F.col(name) if name in rows.columns else F.lit(None)).cast(type).alias(name)
        for name, type in (column.split(" ") for column in columns.split(", "))
    ]


def standing(documents: DataFrame, found: DataFrame) -> DataFrame:
    """What became of each document."""
    known = found.select("id", "canonical", "relation", "jaccard", "similarity", "size")
    keep = F.coalesce(F.col("relation") == "canonical", F.lit(True)).alias("keep")
    return documents.select("id").join(known, "id", "left").select("id", keep, "canonical", "relation", "jaccard", "similarity", "size")
