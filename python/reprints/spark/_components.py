"""What hangs together?

Large-star and small-star (Kiveris and others, Connected Components in MapReduce and Beyond, 2014): two joins a round, and about as many rounds as
the logarithm of the number of nodes. No node's neighbours are ever in one place, and nothing is brought to the driver.
"""

from __future__ import annotations

from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from . import _steps
from ._work import Work


def labels(stages: Work, pairs: DataFrame) -> DataFrame:
    """For each node `u` but one of its component, that one: `v`. Nodes without pairs are not there."""
    # Each task first drops the edges that join what its others join: what is left is no more than its nodes.
    edges = stages.table("edges-0", lambda: pairs.select("u", "v").mapInArrow(_steps.forest, _steps.EDGES))
    rounds = 0
    while not _are_stars(edges):
        rounds += 1
        edges = stages.table(f"edges-{rounds}", partial(_contracted, edges))
    return edges


def _contracted(edges: DataFrame) -> DataFrame:
    return _small_star(_large_star(edges))


def _are_stars(edges: DataFrame) -> bool:
    """Has each node one edge, that leads to a node without one?"""
    several = edges.groupBy("u").agg(F.count("*").alias("edges")).where("edges > 1")
    further = edges.select("v").join(edges.select(F.col("u").alias("v")), "v", "left_semi")
    return several.isEmpty() and further.isEmpty()


def _large_star(edges: DataFrame) -> DataFrame:
    """Joins the greater neighbours of each node to the least of its neighbours and itself. `u` is greater than `v`."""
    both = edges.unionByName(edges.select(F.col("v").alias("u"), F.col("u").alias("v")))
    least = both.groupBy("u").agg(F.min("v").alias("least"))
    least = least.select("u", F.least("u", "least").alias("least"))
    greater = both.join(least, "u").where("v > u")
    return greater.select(F.col("v").alias("u"), F.col("least").alias("v")).distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Joins each node and its smaller neighbours to the least of these."""
    least = edges.groupBy("u").agg(F.min("v").alias("least"))
    others = edges.join(least, "u").where("v > least").select(F.col("v").alias("u"), F.col("least").alias("v"))
    return others.unionByName(least.withColumnRenamed("least", "v")).distinct()
