"""Which documents are inside which?"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from .. import columns
from . import _steps
from ._judge import filled
from ._work import Work

CONTAINED = "a string, b string, relation string, jaccard double, a_in_b double, b_in_a double"

_PAIRS_OF_PART = 2000
"""Pairs that one task compares, on average."""

_MAX_COPIES = 16
"""Maximum number of copies of a staying text that are compared as well."""

_MAX_LISTED_PAIRS = 1000
"""Maximum number of document pairs that are listed for two texts; where more have these texts, only the first of each is listed."""

_MIN_INSIDE = 0.89
"""Minimum share for a copy to be inside nearly whole, less than the .9 of a run, since shares are rounded."""


def contained(stages: Work, documents: DataFrame, firsts: DataFrame, found: DataFrame, settings: columns.Settings) -> DataFrame:
    """The pairs of documents of which `a` contains `b`."""
    copies = stages.table("copies", lambda: _copies(documents, firsts, found))
    texts = documents.join(firsts, ["id", "digest"], "left_semi").join(copies.select("digest", F.lit(False).alias("stays")), "digest", "left")
    texts = texts.withColumn("stays", F.coalesce("stays", F.lit(True)))
    seeds = stages.table("seeds", lambda: _shared_seeds(texts))
    asked = stages.table("asked", lambda: _ordered(_candidates(texts, seeds), texts, False))
    of_stays = stages.table("inside", lambda: _compared(asked, texts, seeds, settings))
    more = stages.table("asked-copies", lambda: _with_copies(of_stays, copies, texts))
    of_copies = stages.table("inside-copies", lambda: _compared(more, texts, seeds, settings))
    return stages.table("contained", lambda: _of_documents(of_stays.unionByName(of_copies), documents, firsts, found))


def _copies(documents: DataFrame, firsts: DataFrame, found: DataFrame) -> DataFrame:
    """The texts that do not stay: `digest`, the text that stays for it, how much is inside, and its place by id among the copies of that text."""
    texts = documents.select("id", "digest")
    share = F.greatest("in_canonical", "of_canonical").alias("share")
    of_members = found.select("id", "canonical", share).join(texts, "id")
    canonicals = texts.select(F.col("id").alias("canonical"), F.col("digest").alias("stays_for"))
    of_members = of_members.join(canonicals, "canonical").where("digest <> stays_for")
    # All documents of a text have the same figures.
    copies = of_members.groupBy("digest", "stays_for").agg(F.max("share").alias("share"))
    copies = copies.join(firsts, "digest")
    place = F.row_number().over(Window.partitionBy("stays_for").orderBy("id")).alias("place")
    return copies.select("digest", "stays_for", "share", place)


def _shared_seeds(texts: DataFrame) -> DataFrame:
    """The seeds that two or more texts share: a row for each such text, with the numbers of staying texts and of short staying texts."""
    keys = texts.select("digest", "stays", F.col("short") & F.col("stays"), F.explode("seeds").alias("key"))
    keys = keys.toDF("digest", "stays", "is_short", "key")
    counted = keys.groupBy("key").agg(
        F.count("*").alias("all"),
        F.sum(F.col("stays").cast("bigint")).alias("texts"),
        F.sum(F.col("is_short").cast("bigint")).alias("short_texts"),
    )
    return keys.select("digest", "stays", "key").join(counted.where("all > 1").drop("all"), "key")


def _candidates(texts: DataFrame, seeds: DataFrame) -> DataFrame:
    """Pairs of staying texts that share enough of the rare seeds of one of them."""
    staying = seeds.where("stays")
    rare = staying.where((F.col("texts") > 1) & (F.col("texts") <= columns.MAX_RARE)).select("key", "digest")
    met = rare.withColumnRenamed("digest", "a").join(rare.withColumnRenamed("digest", "b"), "key").where("a < b")
    met = met.groupBy("a", "b").agg(F.count("*").alias("met"))
    common = staying.where(F.col("texts") > columns.MAX_RARE).groupBy("digest").agg(F.count("*").alias("common"))
    own = texts.select("digest", F.size("seeds").alias("seeds")).join(common, "digest", "left")
    own = own.select("digest", (F.col("seeds") - F.coalesce("common", F.lit(0))).alias("own"))
    for side in ("a", "b"):
        met = met.join(own.select(F.col("digest").alias(side), F.col("own").alias(f"own_{side}")), side)
    return met.where(F.col("met") >= F.lit(columns.MIN_SEEDS) * F.least("own_a", "own_b")).select("a", "b")


def _ordered(pairs: DataFrame, texts: DataFrame, are_copies: bool) -> DataFrame:
    """Pairs as a run compares them: with the longer text first, and with the node of the longer text."""
    for side in ("a", "b"):
        of_side = (F.col(name).alias(f"{side}_{name}") for name in ("length", "id", "node"))
        pairs = pairs.join(texts.select(F.col("digest").alias(side), *of_side), side)
    equal = F.col("a_length") == F.col("b_length")
    is_turned = (F.col("a_length") < F.col("b_length")) | (equal & (F.col("a_id") < F.col("b_id")))
    left, right, node = (F.when(is_turned, F.col(turned)).otherwise(F.col(name)) for name, turned in [("a", "b"), ("b", "a"), ("a_node", "b_node")])
    return pairs.select(left.alias("a"), right.alias("b"), node.alias("node"), F.lit(are_copies).alias("are_copies")).distinct()


def _with_copies(inside: DataFrame, copies: DataFrame, texts: DataFrame) -> DataFrame:
    """Copies of each text of a pair with the other text, and copies with the text that stays for them."""
    sides = inside.select(F.col("a").alias("stays_for"), F.col("b").alias("b"))
    sides = sides.unionByName(inside.select(F.col("b").alias("stays_for"), F.col("a").alias("b")))
    some = copies.where(F.col("place") <= _MAX_COPIES).select(F.col("digest").alias("a"), "stays_for")
    of_others = some.join(sides, "stays_for").select("a", "b")
    whole = copies.where(F.col("share") >= _MIN_INSIDE).select(F.col("stays_for").alias("a"), F.col("digest").alias("b"))
    return _ordered(of_others, texts, False).unionByName(_ordered(whole, texts, True))


def _compared(asked: DataFrame, texts: DataFrame, seeds: DataFrame, settings: columns.Settings) -> DataFrame:
    """The pairs in which one text is inside the other. All pairs with the same longer text are in one part, so that its text is there once."""
    parts = asked.count() // _PAIRS_OF_PART + 1
    pairs = asked.withColumn("part", F.pmod("node", F.lit(parts)))
    sides = pairs.select("part", F.col("a").alias("digest")).unionByName(pairs.select("part", F.col("b").alias("digest")))
    sides = sides.distinct()
    of_texts = texts.select("digest", "text", "facts", "stays").join(sides, "digest")
    of_seeds = seeds.select("digest", "key", "texts", "short_texts").join(sides, "digest").drop("digest").distinct()
    # Three kinds of rows in one table, as for the clusters.
    rows = [rows.select("part", *filled(rows, _steps.ASKED)) for rows in (of_texts, pairs, of_seeds)]
    together = rows[0].unionByName(rows[1]).unionByName(rows[2])
    return together.groupBy("part").applyInArrow(lambda table: _steps.contained(table, settings), _steps.INSIDE)


def _of_documents(inside: DataFrame, documents: DataFrame, firsts: DataFrame, found: DataFrame) -> DataFrame:
    """The documents of the texts, pair by pair."""
    of_texts = documents.where("digest is not null").select("id", "digest")
    counted = of_texts.groupBy("digest").agg(F.count("*").alias("documents"))
    # The canonical document is the first one of its text.
    canonicals = of_texts.join(found.where("relation = 'canonical'").select("id"), "id", "left_semi").withColumnRenamed("id", "canonical")
    first = firsts.join(canonicals, "digest", "left").join(counted, "digest")
    first = first.select("digest", "documents", F.coalesce("canonical", "id").alias("first"))
    for side in ("a", "b"):
        renamed = (F.col(name).alias(side if name == "digest" else f"{side}_{name}") for name in first.columns)
        inside = inside.join(first.select(*renamed), side)
    few = F.col("a_documents") * F.col("b_documents") <= _MAX_LISTED_PAIRS
    many = inside.where(~few).withColumn("a_id", F.col("a_first")).withColumn("b_id", F.col("b_first"))
    listed = inside.where(few)
    for side in ("a", "b"):
        listed = listed.join(of_texts.select(F.col("id").alias(f"{side}_id"), F.col("digest").alias(side)), side)
    listed = listed.unionByName(many)
    turned = F.col("relation") == "within"

    def of(left: str, right: str) -> Column:
        return F.when(turned, F.col(right)).otherwise(F.col(left))

    return listed.select(
        of("a_id", "b_id").alias("a"),
        of("b_id", "a_id").alias("b"),
        F.lit("contains").alias("relation"),
        "jaccard",
        of("a_in_b", "b_in_a").alias("a_in_b"),
        of("b_in_a", "a_in_b").alias("b_in_a"),
    )
