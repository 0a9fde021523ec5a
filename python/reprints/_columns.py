"""Columns that have Arrow data and do not offer it."""

from __future__ import annotations

from typing import Any


def with_arrow(given: Any) -> Any:
    """The Arrow column behind a column of Hugging Face datasets; what was given, of any other thing.

    Its rows come in the order of the data set. Where that is the order on disk, nothing is copied.
    """
    if type(given).__module__ != "datasets.arrow_dataset" or not hasattr(given, "column_name"):
        return given
    source = given.source
    # A field of another column, or what a function of the user makes of the rows: only its values tell.
    if not hasattr(source, "with_format") or source.format["type"] == "custom":
        return given
    # Else rows in another order than on disk would be gathered with all their columns.
    source = source.select_columns([given.column_name])
    return source.with_format("arrow")[:][given.column_name]
