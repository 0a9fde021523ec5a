"""Which value do all labelled sets but one choose for a number, and what does the left-out set get?

usage: left_out.py FOLDER DEFAULT.json > left-out.tsv

FOLDER has one file a run, NAME=VALUE.json, written by `evaluate SETS --with NAME=VALUE --json FILE`; DEFAULT.json is the run with
all defaults. An error of a set: twice its wrong pairs and its lost pairs, of these and the right ones found; in a set without right
pairs, twice its wrong pairs of its documents. A wrong pair deletes a stranger, so it counts twice. The value with the smallest sum
of errors over the other sets is chosen.
"""

import json
import pathlib
import sys


def errors(path):
    """Set: its error, and its precision, recall and wrong pairs."""
    found = {}
    for row in json.loads(path.read_text()):
        if not row.get("clusters"):
            continue
        pairs = row["clusters"]["pairs"]
        wrong, lost = pairs["found"] - pairs["hit"], pairs["right"] - pairs["hit"]
        cost = 2 * wrong + lost
        whole = cost + pairs["hit"] if pairs["right"] else row["documents"]
        figures = (pairs["precision"], pairs["recall"], wrong)
        found[row["set"]] = (cost / max(1, whole), figures)
    return found


def main(folder, default):
    default = errors(pathlib.Path(default))
    sweeps = {}
    for path in sorted(pathlib.Path(folder).glob("*=*.json")):
        name, value = path.stem.split("=")
        sweeps.setdefault(name, {})[value] = errors(path)
    print("setting\tleft out\tchosen by the others\tprecision\trecall\twrong pairs\tby default: precision\trecall\twrong pairs")
    for name, sweep in sweeps.items():
        runs = {"default": default, **sweep}
        sets = sorted(set.intersection(*(set(run) for run in runs.values())))
        for left_out in sets:
            others = [other for other in sets if other != left_out]
            total = lambda value: sum(runs[value][other][0] for other in others)
            chosen = min(runs, key=lambda value: (total(value), value != "default"))
            row = [*runs[chosen][left_out][1], *default[left_out][1]]
            cells = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row]
            print("\t".join([name, left_out, chosen, *cells]))


if __name__ == "__main__":
    main(*sys.argv[1:])
