"""What of an earlier job need not be done again?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .._errors import SettingError
from ._work import Work


class Earlier:
    """The tables of an earlier job, which is whole and has the same settings."""

    def __init__(self, spark: SparkSession, folder: str, identity: Mapping[str, object]) -> None:
        made = Work(spark, folder, "").identity()
        if made is None:
            raise SettingError(f"earlier is {folder!r}: there is no job in it")
        known = json.loads(made)
        for name in ("version", "settings"):
            if known[name] != identity[name]:
                limit = f"its {name}: {known[name]}, those of this job: {identity[name]}; give the same, or run all of it again"
                raise SettingError(f"earlier is {folder!r}: {limit}")
        stages = Work(spark, folder, made)
        self.documents = stages.done("documents")
        self.meeting = stages.done("meeting")
        self.pairs = stages.done("pairs")
        self.clusters = stages.done("clusters")

    def changed(self, documents: DataFrame, pairs: DataFrame, groups: DataFrame) -> DataFrame:
        """Of the groups, the documents of components that are not what they were: with a new document, or with a pair more or less."""
        known = self.documents.select("id")
        of_new = documents.join(known, "id", "left_anti").select("node")
        differing = [pairs.join(self.pairs, ["a", "b"], "left_anti"), self.pairs.join(pairs, ["a", "b"], "left_anti")]
        of_pairs = [some.select(F.col(side).alias("node")) for some in differing for side in ("u", "v")]
        nodes = reduce(DataFrame.unionByName, of_pairs, of_new).distinct()
        components = groups.join(nodes, "node", "left_semi").select("component").distinct()
        return groups.join(components, "component", "left_semi")

    def unchanged_clusters(self, changed: DataFrame) -> DataFrame:
        """The clusters of all other components. One that fell apart has a pair less."""
        return self.clusters.join(changed.select("id"), "id", "left_anti")
