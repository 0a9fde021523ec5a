"""What does it cost from Python, and what do others find for what? Prints a table of Markdown.

    pip install reprints pyarrow rensa datasketch
    python benches/measure.py planted-zh=DOCS.jsonl.gz,PLANTED.tsv mixed10k=DOCS.jsonl.gz

Every engine runs in a process of its own, three times (`--rounds`), and the fastest counts: seconds of work of all threads, from a column in
memory to a list of rows that stay. Reading the file is not counted. `found`: of the planted copies, those that share a cluster with their
source or go. rensa and datasketch are used as their documentation does: MinHash of 128 values over windows of five words (or
characters, for Chinese: words leave it in one piece), an index, what it returns is checked by the estimate against .7, and of what is
linked, the first stays. `library` is the Rust library without Python (`cargo run --release --example library`), if it was built.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SLOTS = 128
THRESHOLD = 0.7
WINDOW = 5


def windows(text: str, unit: str) -> list[str]:
    units: list[str] | str = text if unit == "characters" else text.split()
    space = "" if unit == "characters" else " "
    return [space.join(units[at : at + WINDOW]) for at in range(max(1, len(units) - WINDOW + 1))]


def reprints_column(texts: list[str], unit: str) -> Callable[[], Iterator[int]]:
    import pyarrow
    import reprints

    column = pyarrow.chunked_array([texts])
    return lambda: canonical(reprints.dedup(column, relations=False).documents.column("canonical"))


def reprints_keep(texts: list[str], unit: str) -> Callable[[], Iterator[int]]:
    import pyarrow
    import reprints

    column = pyarrow.chunked_array([texts])
    return lambda: mask(reprints.keep(column).to_pylist())


def mask(kept: list[bool]) -> Iterator[int]:
    return (number if stays else -1 for number, stays in enumerate(kept))


def canonical(of: list[str | None]) -> Iterator[int]:
    return (number if of is None else int(of) for number, of in enumerate(of))


def rensa(texts: list[str], unit: str) -> Callable[[], Iterator[int]]:
    from rensa import RMinHash, RMinHashLSH

    def run() -> Iterator[int]:
        index = RMinHashLSH(threshold=THRESHOLD, num_perm=SLOTS, num_bands=16)
        signatures = []
        for number, text in enumerate(texts):
            signature = RMinHash(num_perm=SLOTS, seed=42)
            signature.update(windows(text, unit))
            index.insert(number, signature)
            signatures.append(signature)
        return linked(len(texts), lambda number: index.query(signatures[number]), signatures)

    return run


def datasketch(texts: list[str], unit: str) -> Callable[[], Iterator[int]]:
    from datasketch import MinHash, MinHashLSH

    def run() -> Iterator[int]:
        index = MinHashLSH(threshold=THRESHOLD, num_perm=SLOTS)
        shingles = ([window.encode() for window in set(windows(text, unit))] for text in texts)
        signatures = MinHash.bulk(shingles, num_perm=SLOTS)
        for number, signature in enumerate(signatures):
            index.insert(number, signature)
        return linked(len(texts), lambda number: index.query(signatures[number]), signatures)

    return run


def linked(count: int, query: Callable[[int], list[int]], signatures: list) -> Iterator[int]:  # type: ignore[type-arg]
    """Union-find over what the index returns and the estimate confirms."""
    first = list(range(count))

    def find(number: int) -> int:
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    for number in range(count):
        for other in query(number):
            if other < number and signatures[number].jaccard(signatures[other]) >= THRESHOLD:
                a, b = find(number), find(other)
                first[max(a, b)] = min(a, b)
    return (find(number) for number in range(count))


ENGINES = {"reprints.keep": reprints_keep, "reprints.dedup": reprints_column, "rensa": rensa, "datasketch": datasketch}


def one_run(engine: str, file: str, unit: str) -> None:
    """In a process of its own: prints seconds of work, of the clock, and the first row of each row's cluster."""
    with open(file, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    run = ENGINES[engine](texts, unit)
    worked, began = time.process_time(), time.monotonic()
    clusters = list(run())
    print(json.dumps([time.process_time() - worked, time.monotonic() - began, clusters]))


def measured(engine: str, file: Path, unit: str, rounds: int) -> tuple[float, float, list[int]]:
    command = [sys.executable, __file__, "--engine", engine, str(file), unit]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(rounds)]
    return tuple(min(runs, key=lambda run: run[0]))  # type: ignore[return-value]


def library(program: Path, file: Path, rounds: int) -> tuple[float, float, int]:
    runs = [subprocess.run([program, file], check=True, capture_output=True, text=True).stdout.split() for _ in range(rounds)]
    worked, took, kept = min(runs, key=lambda run: float(run[0]))
    return float(worked), float(took), int(kept)


def found(clusters: list[int], ids: list[str], planted: Path | None) -> str:
    if planted is None:
        return ""
    place = {id: number for number, id in enumerate(ids)}
    pairs = [line.split("\t")[:2] for line in planted.read_text("utf-8").splitlines()]
    together = [clusters[place[copy]] == clusters[place[source]] for copy, source in pairs]
    return f"{sum(together)} of {len(pairs)}"


def compare(name: str, docs: Path, planted: Path | None, options: argparse.Namespace) -> None:
    with gzip.open(docs, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    unit = "characters" if "zh" in name else "words"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.jsonl"
        file.write_text("".join(json.dumps({"text": row["text"]}) + "\n" for row in rows), "utf-8")
        if options.library is not None:
            worked, took, kept = library(options.library, file, options.rounds)
            print(f"| {name} | library | {worked:.2f} | {took:.2f} | {len(rows) - kept} | |", flush=True)
        for engine in options.engines:
            worked, took, clusters = measured(engine, file, unit, options.rounds)
            removed = sum(number != first for number, first in enumerate(clusters))
            told = "" if engine == "reprints.keep" else found(clusters, [row["id"] for row in rows], planted)
            print(f"| {name} | {engine} | {worked:.2f} | {took:.2f} | {removed} | {told} |", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--engine"]:
        return one_run(*sys.argv[2:])
    parser = argparse.ArgumentParser(description="What does it cost from Python, and what do others find for what?")
    parser.add_argument("--library", type=Path, help="the example `library`, as cargo built it")
    parser.add_argument("--engines", type=lambda names: names.split(","), default=list(ENGINES), help="some of: " + ",".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("sets", nargs="+", metavar="NAME=DOCS[,PLANTED]")
    options = parser.parse_args()
    print("| set | engine | s of work | s | rows that go | found |\n|---|---|---|---|---|---|")
    for word in options.sets:
        name, _, files = word.partition("=")
        docs, _, planted = files.partition(",")
        compare(name, Path(docs), Path(planted) if planted else None, options)


if __name__ == "__main__":
    main()
