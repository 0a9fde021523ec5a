"""Which results of an earlier job can be used again?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .._errors import SettingError
from ._work import Work


class Earlier:
    """The tables of an earlier job, which must be complete and have the same settings."""

    def __init__(self, spark: SparkSession, folder: str, identity: Mapping[str, object]) -> None:
        made = Work(spark, folder, "").identity()
        if made is None:
            raise SettingError(f"earlier is {folder!r}: there is no job in it")
        known = json.loads(made)
        for name in ("version", "settings"):
            if known[name] != identity[name]:
                limit = f"its {name}: {known[name]}, this job's {name}: {identity[name]}; use the same, or run all documents in a new job"
                raise SettingError(f"earlier is {folder!r}: {limit}")
        stages = Work(spark, folder, made)
        self.documents = stages.done("documents")
        self.meeting = stages.done("meeting")
        self.pairs = stages.done("pairs")
        self.clusters = stages.done("clusters")

    def changed(self, documents: DataFrame, pairs: DataFrame, groups: DataFrame) -> DataFrame:
        """The documents of changed components: those with a new document, with a new pair or without a former one."""
        known = self.documents.select("id")
        of_new = documents.join(known, "id", "left_anti").select("node")
        differing = [pairs.join(self.pairs, ["a", "b"], "left_anti"), self.pairs.join(pairs, ["a", "b"], "left_anti")]
        of_pairs = [some.select(F.col(side).alias("node")) for some in differing for side in ("u", "v")]
        nodes = reduce(DataFrame.unionByName, of_pairs, of_new).distinct()
        components = groups.join(nodes, "node", "left_semi").select("component").distinct()
        return groups.join(components, "component", "left_semi")

    def unchanged_clusters(self, groups: DataFrame, changed: DataFrame) -> DataFrame:
        """The clusters of all other components. A document that lost its last pair is in no group now, and in no cluster."""
        same = groups.select("id").join(changed.select("id"), "id", "left_anti")
        return self.clusters.join(same, "id", "left_semi")
