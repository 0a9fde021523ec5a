"""Which stages of a job are done?"""

from __future__ import annotations

import json
from collections.abc import Callable

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.types import StructType

from .._errors import SettingError

_MANIFEST = "identity string, rows bigint, columns string"


class Work:
    """Tables of stages, in Parquet in one folder, each with a manifest that is written last.

    Everything is written and read by the engine, so that the folder may be wherever the engine can write. A table is whole where its manifest
    is there and it has as many rows as that says.
    """

    def __init__(self, spark: SparkSession, folder: str, identity: str) -> None:
        self._spark = spark
        self._folder = folder
        self._identity = identity

    def table(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        """The table of this stage; made where it is not whole."""
        path, manifest = f"{self._folder}/{name}", f"{self._folder}/{name}.manifest"
        noted = self._noted(manifest)
        whole = self._whole(path, noted)
        if whole is not None:
            return whole
        if noted is not None:
            # What was noted of an older attempt must not vouch for what is written now.
            self._note(manifest, 0, "")
        made = make()
        made.write.mode("overwrite").parquet(path)
        written = self._read(path, made.schema)
        self._note(manifest, written.count(), made.schema.json())
        return written

    def done(self, name: str) -> DataFrame:
        """The table of a stage that must be complete."""
        path, manifest = f"{self._folder}/{name}", f"{self._folder}/{name}.manifest"
        whole = self._whole(path, self._noted(manifest))
        if whole is None:
            raise SettingError(f"earlier is {self._folder!r}: its table {name} is incomplete: run that job to its end first")
        return whole

    def identity(self) -> str | None:
        """The identity of the job in the folder, if there is one."""
        notes = self._notes(f"{self._folder}/documents.manifest")
        return notes[0]["identity"] if notes else None

    def _notes(self, manifest: str) -> list[Row]:
        try:
            return self._spark.read.schema(_MANIFEST).json(manifest).collect()
        except AnalysisException:
            return []

    def _noted(self, manifest: str) -> Row | None:
        """The manifest, where it is there and of this job."""
        notes = self._notes(manifest)
        for note in notes:
            if note["identity"] != self._identity:
                limit = f"it has the stages of another job ({note['identity']}): give each job a folder of its own, this one is {self._identity}"
                raise SettingError(f"work is {self._folder!r}: {limit}")
        return notes[0] if len(notes) == 1 else None

    def _whole(self, path: str, noted: Row | None) -> DataFrame | None:
        if noted is None or not noted["columns"]:
            return None
        try:
            table = self._read(path, StructType.fromJson(json.loads(noted["columns"])))
            return table if table.count() == noted["rows"] else None
        except AnalysisException:
            return None

    def _read(self, path: str, columns: StructType) -> DataFrame:
        return self._spark.read.schema(columns).parquet(path)

    def _note(self, manifest: str, rows: int, columns: str) -> None:
        note = self._spark.createDataFrame([(self._identity, rows, columns)], _MANIFEST)
        note.coalesce(1).write.mode("overwrite").json(manifest)
