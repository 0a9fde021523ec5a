"""What is known of each text?"""

from __future__ import annotations

from pyspark.sql import DataFrame

from .. import columns
from . import _steps


def sketched(rows: DataFrame, settings: columns.Settings) -> DataFrame:
    """The documents with what later stages ask of their texts."""
    return rows.mapInArrow(lambda batches: _steps.sketch(batches, settings), _steps.DOCUMENTS)
