"""Finds the same document printed again - in another layout, script or edition - and keeps one canonical copy.

>>> texts = ["One text.", "Another.", "ONE TEXT!", None]
>>> list(keep(texts))
[True, True, False, True]
"""

from . import columns, types
from ._errors import ColumnError, DuplicateIdError, Error, SettingError, UnknownIdError
from ._reprints import Deduped, Index, Kept, Normalized, Table, __version__, dedup, keep, normalize

__all__ = [
    "ColumnError",
    "Deduped",
    "DuplicateIdError",
    "Error",
    "Index",
    "Kept",
    "Normalized",
    "SettingError",
    "Table",
    "UnknownIdError",
    "__version__",
    "columns",
    "dedup",
    "keep",
    "normalize",
    "types",
]
