"""Which texts meet, and which of the pairs are worth a look?"""

from __future__ import annotations

from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .. import columns
from . import _steps

_MAX_JOINED = 16
"""Of up to so many texts of a key, all meet, and the engine can join them. Of more, `reprints.columns` says who meets whom."""

_TEXTS_OF_PART = 5000
"""Texts whose grams one task pairs, on average: about a million keys, 30 MB."""


def _shared(texts: DataFrame, name: str) -> DataFrame:
    """The keys that two texts or more have, a row for each of these texts: `digest`, `key`, and the number `texts`."""
    keys = texts.select("digest", F.explode(name).alias("key"))
    counted = keys.groupBy("key").agg(F.count("*").alias("texts")).where("texts > 1")
    return keys.join(counted, "key")


def gram_pairs(texts: DataFrame, count: int) -> DataFrame:
    """Pairs by sampled grams, with the number of times that they meet."""
    part = F.pmod("key", F.lit(count // _TEXTS_OF_PART + 1)).alias("part")
    keys = _shared(texts, "grams").select("key", "digest", part)
    return keys.groupBy("part").applyInArrow(lambda table: _steps.gram_pairs(table), _steps.MET)


def band_pairs(texts: DataFrame, settings: columns.Settings) -> DataFrame:
    """Pairs by bands: by a join where few texts have a key, else by leaders, which needs the facts."""
    keys = _shared(texts, "bands")
    few = keys.where(F.col("texts") <= _MAX_JOINED).select("key", "digest")
    joined = few.withColumnRenamed("digest", "a").join(few.withColumnRenamed("digest", "b"), "key").where("a < b")
    joined = joined.select("a", "b", F.lit(columns.MIN_GRAMS).cast("bigint").alias("times"))
    many = keys.where(F.col("texts") > _MAX_JOINED).select("key", "digest")
    many = many.join(texts.select("digest", "facts"), "digest")
    led = many.groupBy("key").applyInArrow(lambda table: _steps.bucket_pairs(table, settings), _steps.MET)
    return joined.unionByName(led)


def met(by_bands: DataFrame, by_grams: DataFrame) -> DataFrame:
    """Pairs that meet by a band, or often enough by grams."""
    times = by_bands.unionByName(by_grams).groupBy("a", "b").agg(F.sum("times").alias("times"))
    return times.where(F.col("times") >= columns.MIN_GRAMS).select("a", "b")


def relevant(pairs: DataFrame, texts: DataFrame, settings: columns.Settings) -> DataFrame:
    """The pairs that are near each other or may be copies, with the nodes of their texts."""
    for side in ("a", "b"):
        facts = texts.select(F.col("digest").alias(side), F.col("facts").alias(f"{side}_facts"))
        pairs = pairs.join(facts, side)
    return pairs.mapInArrow(lambda batches: _steps.look(batches, settings), _steps.PAIRS)
