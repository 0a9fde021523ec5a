"""What does a job cost where rows are uneven? Prints a table of Markdown.

    python benches/skew.py [--engines sail 'local[2]'] [--documents 20000]

Sets of generated texts: a line that all documents have; copies of one text; one component of versions of one text. The longest task is that of
Spark's event log.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import reprints

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import engines  # noqa: E402
import sets  # noqa: E402


def common_line(count: int) -> Iterator[str]:
    line = "All rights reserved. Printed at Holm harbour by the society of the ferry, the orchard and the post office of the lower town."
    return (f"{row['text']}\n{line}" for row in sets.salad(count))


def copies(count: int) -> Iterator[str]:
    for number in range(count):
        words = sets.HARBOUR.split()
        # Another layout each time.
        words[number % len(words)] += "\n"
        yield "  ".join(words) if number % 2 else " ".join(words)


def versions(count: int) -> Iterator[str]:
    chance = random.Random(3)
    words = f"{sets.HARBOUR} {sets.ORCHARD} {sets.MARKET}".split()
    for number in range(count // 4):
        changed = list(words)
        for _ in range(2):
            changed[chance.randrange(len(words))] = f"word{chance.randrange(500)}"
        yield " ".join(changed)


SETS: dict[str, Callable[[int], Iterator[str]]] = {
    "a line that all have": common_line,
    "copies of one text": copies,
    "versions of one text": versions,
}


def longest_task(log: Path) -> float:
    """Seconds."""
    longest = 0
    for path in log.rglob("events_*"):
        for line in path.read_text("utf-8").splitlines():
            event: dict[str, Any] = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd":
                longest = max(longest, event["Task Info"]["Finish Time"] - event["Task Info"]["Launch Time"])
    return longest / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engines", nargs="+", default=["sail", "local[2]"])
    parser.add_argument("--documents", type=int, default=20_000)
    given = parser.parse_args()
    print(f"| set | documents | {' | '.join(given.engines)} |\n|---|---|{'---|' * len(given.engines)}", flush=True)
    for name, made in SETS.items():
        texts = list(made(given.documents))
        ids = [str(number) for number in range(len(texts))]
        expected = reprints.dedup(texts, ids, relations=False).digest
        cells = [name, f"{len(texts):,}"]
        for engine in given.engines:
            with tempfile.TemporaryDirectory() as folder:
                room = Path(folder)
                (room / "log").mkdir()
                table = pyarrow.table({"id": ids, "text": texts})
                pyarrow.parquet.write_table(table, room / "rows.parquet", row_group_size=1000)
                log = {} if engine == "sail" else {"log": str(room / "log")}
                found = engines.run(engine, room / "work", room / "rows.parquet", **log)
                task = f", longest task {longest_task(room / 'log'):.1f} s" if log else ""
                cells.append(f"{found['seconds']} s{task}{'' if found['digest'] == expected else ', ANOTHER DIGEST'}")
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
