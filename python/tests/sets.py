"""Small sets of documents, written for these tests, and the program that gives the digest they must have."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]

HARBOUR = (
    "The ferry left the harbour at six in the morning with forty passengers and a crate of oranges for the school. "
    "Nobody had slept much, because the wind had turned in the night and the ropes had knocked against the quay. "
    "The captain, who had made the crossing for thirty years, said that it would be calm once they had passed the lighthouse."
)
ORCHARD = (
    "In the orchard behind the station the apples are picked by hand, row after row, and laid in baskets lined with straw. "
    "The old trees bear less than they did, but what they bear keeps until March, and people come from three valleys for it. "
    "Next year the upper field will be planted again, with the same kind, from cuttings of the tree at the gate."
)
MARKET = (
    "On Saturdays the square belongs to the market. The cheese comes from the monastery, the fish from the lake, and the bread from "
    "a van that stops wherever there is room. A man with a green hat sharpens knives for nothing, if you listen to him. "
    "By two it is over; the sparrows get what has fallen between the stones, and the fountain is turned on again for the children."
)
LETTERS = (
    "The post office in the lower town closed ten years ago, but the letters still come by the same road. A woman on a bicycle "
    "brings them, knows every dog by name, and takes parcels along if they are not too heavy. When it snows she walks, and is "
    "seldom late. Her daughter has asked whether she may have the round one day, and nobody doubts that she will."
)
BRIDGE_ZH = (
    "桥头的茶馆每天清早五点开门，第一壶水总是留给扫街的人。老板说，三十年前他刚来这里的时候，河上还没有桥，过河要等渡船，"
    "一等就是半个钟头。现在桥修好了，茶馆反而更热闹，赶集的人都愿意在这里歇一歇脚，说说各村的新鲜事。"
)
BRIDGE_TW = (
    "橋頭的茶館每天清早五點開門,第一壺水總是留給掃街的人。老闆說,三十年前他剛來這裡的時候,河上還沒有橋,過河要等渡船,\n"
    "一等就是半個鐘頭。現在橋修好了,茶館反而更熱鬧,趕集的人都願意在這裡歇一歇腳,說說各村的新鮮事。"
)


def editions() -> Rows:
    """Texts in other layouts, scripts and cases, and strangers."""
    wrapped = HARBOUR.replace(" ", "\n", 7).upper()
    texts = {
        "harbour": HARBOUR,
        "harbour-wrapped": wrapped,
        "harbour-again": HARBOUR,
        "orchard": ORCHARD,
        "bridge": BRIDGE_ZH,
        "bridge-tw": BRIDGE_TW,
        "empty": "",
        "short": "Come in, we're open.",
    }
    return [{"id": id, "text": text} for id, text in texts.items()]


def revisions() -> Rows:
    """Texts with words changed, in several sources, with dates."""
    words = ORCHARD.split()
    rows: Rows = []
    for version in range(6):
        changed = list(words)
        for place in range(version):
            changed[7 * place + 5] = f"other{place}"
        rows.append(
            {
                "id": f"v{version}",
                "text": " ".join(changed),
                "date": f"2024-0{6 - version}-15",
                "source": "paper" if version % 2 else "wire",
            }
        )
    return rows + [{"id": "stranger", "text": HARBOUR, "date": None, "source": "wire"}]


def forms() -> Rows:
    """One form with other contents: no copies."""
    return [
        {
            "id": f"notice-{number}",
            "text": f"Notice: water will be shut off in block {number} on {number + 3} May from {number % 9 + 8} to 14 h for "
            f"repairs of the main pipe. Please fill a bucket the evening before. The works, order {number * 37 + 1011}.",
        }
        for number in range(1, 13)
    ]


def containers() -> Rows:
    """A compilation, what is inside it, and two texts with a passage in common."""
    shared = HARBOUR.split(". ")[0] + "."
    return [
        {"id": "both", "text": f"What we read this week.\n\n{HARBOUR}\n\n{MARKET}\n\n{ORCHARD}\n\n{LETTERS}\n\nWrite to us."},
        {"id": "orchard", "text": ORCHARD},
        {"id": "letter", "text": f"Dear Anna, do you remember? {shared} That was all that I could think of when I saw the boats "
         "again this summer, from the terrace of the hotel, and I counted the years on my fingers like a child."},
        {"id": "harbour", "text": HARBOUR + " So it was, and they reached the other side before noon."},
    ]


def salad(count: int, seed: int = 7, words: int = 120) -> Rows:
    """Many texts of random words, a third of them copies with a few words changed."""
    chance = random.Random(seed)
    syllables = ["ka", "lo", "mi", "ren", "tu", "vas", "pol", "ne", "shi", "dor", "ba", "quin"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(6000)]
    texts: list[list[str]] = []
    for _ in range(count):
        if texts and chance.random() < 1 / 3:
            text = list(chance.choice(texts))
            for _ in range(chance.randint(0, 6)):
                text[chance.randrange(len(text))] = chance.choice(vocabulary)
        else:
            text = chance.choices(vocabulary, k=words)
        texts.append(text)
    return [{"id": f"d{number:05}", "text": " ".join(text)} for number, text in enumerate(texts)]


def compilations() -> Rows:
    """Digests of texts that stand alone too, some in several copies, some cut off; and short notes of one form, that letters quote."""
    texts = [row["text"] for row in salad(60, 11)]
    rows = [{"id": f"single-{number}", "text": text} for number, text in enumerate(texts)]
    rows += [{"id": f"digest-{number}", "text": "\n\n".join(texts[5 * number : 5 * number + 5])} for number in range(12)]
    rows += [{"id": f"cut-{number}", "text": " ".join(texts[number].split()[:97])} for number in range(0, 60, 7)]
    for number, row in enumerate(salad(30, 13, 40)):
        note = f"{MARKET.split('. ')[0]}, and this is what they brought home: {row['text']}"
        rows += [{"id": f"note-{number}", "text": note}]
        if number % 3 == 0:
            rows += [{"id": f"letter-{number}", "text": f"{texts[number][:400]}\n{note}\n{texts[number + 20][300:]}"}]
    return rows


SMALL = {"editions": editions, "revisions": revisions, "forms": forms, "containers": containers, "salad": lambda: salad(400)}


def column(rows: Rows, name: str) -> list[Any]:
    return [row.get(name) for row in rows]


def program(folder: Path, rows: Rows, *options: str) -> dict[str, Any]:
    """The `summary.json` of the program's run over these rows."""
    file = folder / "rows.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({k: v for k, v in row.items() if v is not None}) + "\n")
    output = folder / "result"
    command = [sys.executable, "-m", "reprints", "--quiet", "--force", "--output", str(output), *options, str(file)]
    # Elsewhere than here, where the sources would be found before what was installed.
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    summary: dict[str, Any] = json.loads((output / "summary.json").read_text("utf-8"))
    return summary


def lines(folder: Path, name: str) -> Rows:
    """The rows of a file of the result."""
    return [json.loads(line) for line in (folder / "result" / name).read_text("utf-8").splitlines()]
