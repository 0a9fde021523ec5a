"""Has every door one digest for one set? Prints a table of Markdown.

    pip install reprints 'pyspark[connect]==4.1.*' pysail pyarrow
    python benches/engines.py FOLDER/DOCS.jsonl.gz ...

Each set is read by the program, by `reprints.dedup`, by `reprints.spark` on Sail and by `reprints.spark` on Spark, each in a process of its own.
With `--kill 3 6 9`, the job on each engine is killed when it has begun or ended so many stages, and started again in its folder each time.
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

import pyarrow
import pyarrow.parquet
import reprints

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import engines  # noqa: E402


def table(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return pyarrow.table({name: pyarrow.array([row[name] for row in rows], pyarrow.string()) for name in ("id", "text")})


def program(path: Path, room: Path) -> str:
    command = [sys.executable, "-m", "reprints", "--quiet", "--no-relations", "--force", "--output", str(room / "result"), str(path)]
    subprocess.run(command, check=True, capture_output=True, cwd=room)
    return str(json.loads((room / "result" / "summary.json").read_text("utf-8"))["digest"])


def job(engine: str, room: Path, rows: Path, kill: list[int]) -> dict[str, Any]:
    work = room / engine.partition("[")[0]
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
        started = time.monotonic()
        one = reprints.dedup(documents["text"], documents["id"], relations=False).digest
        cells = [f"{documents.num_rows:,}", one, f"{time.monotonic() - started:.1f} s"]
        cells += ["the same" if program(path, room) == one else "ANOTHER"]
        for engine in names:
            found = job(engine, room, room / "rows.parquet", kill)
            cells += [f"{'the same' if found['digest'] == one else 'ANOTHER'}, {found['seconds']} s"]
        return [path.parent.name or path.name, *cells]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--engines", nargs="+", default=["sail", "local[2]"])
    parser.add_argument("--kill", nargs="*", type=int, default=[])
    given = parser.parse_args()
    heads = ["set", "documents", "digest", "`reprints.dedup`", "the program", *given.engines]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    for path in given.sets:
        print(f"| {' | '.join(measured(path.resolve(), given.engines, given.kill))} |", flush=True)


if __name__ == "__main__":
    main()
