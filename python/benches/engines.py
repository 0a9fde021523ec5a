"""Has every door one digest for one set? Prints a table of Markdown.

    pip install reprints 'pyspark[connect]==4.1.*' pysail pyarrow polars pandas
    python benches/engines.py FOLDER/DOCS.jsonl.gz ... [--engines sail 'local[2]' 'local-cluster[2,1,1024]'] [--kill 3 6 9]

Each set is read by `reprints.dedup`, from a list and from a column of pyarrow, polars and pandas; by the program, with and without
`--memory 100MB`; and by `reprints.spark` on each engine. Each of these works in a process of its own. The relations (which document is inside which) are
compared as well. With `--kill 3 6 9`, the job on each engine is disturbed when so many stages are done: on a local-cluster of Spark an
executor is killed each time; elsewhere the whole job, which is then called again.
"""

from __future__ import annotations

import argparse
import gzip
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pyarrow.parquet
import reprints

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import engines  # noqa: E402

MEMORY = ["--memory", "100MB"]

Found = tuple[str, set[tuple[str, str]]]
"""The digest of the clusters, and what is inside what."""


def table(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return pyarrow.table({name: pyarrow.array([row[name] for row in rows], pyarrow.string()) for name in ("id", "text")})


def pairs(rows: Any) -> set[tuple[str, str]]:
    return {(row["a"], row["b"]) for row in rows}


def from_columns(documents: Any) -> dict[str, Found]:
    texts, ids = documents["text"], documents["id"]
    kinds = {
        "list": texts.to_pylist(),
        "pyarrow": texts,
        "polars": polars.Series(texts.to_pylist()),
        "pandas": pandas.Series(texts.to_pylist()),
    }
    results = ((kind, reprints.dedup(column, ids)) for kind, column in kinds.items())
    return {kind: (result.digest, pairs(result.contained)) for kind, result in results}


def program(path: Path, room: Path, options: list[str]) -> Found:
    result = room / "result"
    command = [sys.executable, "-m", "reprints", "--quiet", "--force", *options, "--output", str(result), str(path)]
    subprocess.run(command, check=True, capture_output=True, cwd=room)
    relations = (result / "relations.jsonl").read_text("utf-8").splitlines()
    return json.loads((result / "summary.json").read_text("utf-8"))["digest"], pairs(map(json.loads, relations))


def job(engine: str, room: Path, rows: Path, kill: list[int]) -> dict[str, Any]:
    work = room / "".join(letter for letter in engine if letter.isalnum())
    if engine.startswith("local-cluster"):
        return engines.run_killing_executors(engine, work, rows, kill)[0]
    for stages in kill:
        started = engines.start(engine, work, rows)
        while started.poll() is None and len(list(work.glob("*.manifest"))) < stages:
            time.sleep(0.02)
        started.send_signal(signal.SIGKILL)
        started.communicate()
    return engines.run(engine, work, rows)


def measured(path: Path, names: list[str], kill: list[int]) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        documents = table(path)
        pyarrow.parquet.write_table(documents, room / "rows.parquet", row_group_size=1000)
        by_kind = from_columns(documents)
        one = by_kind["list"]

        def same(found: Found) -> str:
            return "the same" if found == one else "ANOTHER DIGEST" if found[0] != one[0] else "OTHER RELATIONS"

        columns = {same(found) for found in by_kind.values()}
        cells = [f"{documents.num_rows:,}", one[0], f"{len(one[1]):,}", ", ".join(sorted(columns))]
        cells += [same(program(path, room, options)) for options in ([], MEMORY)]
        for engine in names:
            found = job(engine, room, room / "rows.parquet", kill)
            cells += [f"{same((found['digest'], pairs(found['contained'])))}, {found['seconds']} s"]
        return [path.parent.name or path.name, *cells]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--engines", nargs="*", default=["sail", "local[2]"])
    parser.add_argument("--kill", nargs="*", type=int, default=[])
    given = parser.parse_args()
    heads = ["set", "documents", "digest", "contained", "list, pyarrow, polars, pandas", "the program", f"`{' '.join(MEMORY)}`", *given.engines]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    for path in given.sets:
        print(f"| {' | '.join(measured(path.resolve(), given.engines, given.kill))} |", flush=True)


if __name__ == "__main__":
    main()
