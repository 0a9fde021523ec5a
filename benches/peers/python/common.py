"""What does every Python engine do alike? The same as `src/lib.rs`: settings, reading, windows, union-find, writing."""

import json
import sys


class Settings:
    def __init__(self):
        path, windows, slots, bands, rows, threshold = sys.argv[1:]
        self.input = path
        self.unit, size = windows.split(":")
        self.size = int(size)
        self.slots, self.bands, self.rows = int(slots), int(bands), int(rows)
        self.threshold = float(threshold)

    def documents(self):
        """Ids and texts, one at a time."""
        with open(self.input, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row["id"], row["text"]

    def windows(self, text):
        """All windows of a text; one that is shorter is its own single window."""
        size = self.size
        if self.unit == "chars":
            return [text[at : at + size] for at in range(max(1, len(text) - size + 1))]
        words = text.split()
        return [" ".join(words[at : at + size]) for at in range(max(1, len(words) - size + 1))]


class Clusters:
    """Union-find; a cluster goes by its first document."""

    def __init__(self, documents):
        self.parents = list(range(documents))

    def first(self, number):
        parents = self.parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def join(self, a, b):
        a, b = self.first(a), self.first(b)
        self.parents[max(a, b)] = min(a, b)

    def print(self, ids):
        for number, name in enumerate(ids):
            sys.stdout.write(f"{name}\t{self.first(number)}\n")


def join_by_bands(clusters, signatures, settings):
    """For peers that make signatures but have no index: joins those that share a band and agree in enough slots."""
    for band in range(settings.bands):
        buckets = {}
        start = band * settings.rows
        for number, signature in enumerate(signatures):
            key = bytes(signature[start : start + settings.rows])
            buckets.setdefault(key, []).append(number)
        for bucket in buckets.values():
            join_bucket(clusters, signatures, bucket, settings)


def join_bucket(clusters, signatures, bucket, settings):
    for place, a in enumerate(bucket):
        for b in bucket[:place]:
            if clusters.first(a) != clusters.first(b):
                agreeing = int((signatures[a] == signatures[b]).sum())
                if agreeing >= settings.threshold * settings.slots:
                    clusters.join(a, b)
