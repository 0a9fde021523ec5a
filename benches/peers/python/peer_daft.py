"""What does Daft find? Its `minhash`, bands grouped by its data frames, candidates checked by their signatures.

Its windows run over what stands between spaces; for windows of characters a space is put after each one first.
"""

import daft
import numpy
from common import Clusters, Settings, join_bucket
from daft import col
from daft.functions import minhash, regexp_replace

settings = Settings()
ids, texts = zip(*settings.documents())
frame = daft.from_pydict({"number": list(range(len(ids))), "text": list(texts)})
del texts
if settings.unit == "chars":
    frame = frame.with_column("text", regexp_replace(col("text"), r"(\S)", "$1 "))
sketch = minhash(col("text"), num_hashes=settings.slots, ngram_size=settings.size)
rows = frame.select(col("number"), sketch.alias("signature")).sort("number").to_pydict()
signatures = numpy.array(rows["signature"], dtype=numpy.uint32)

clusters = Clusters(len(ids))
numbers = list(range(len(ids)))
for band in range(settings.bands):
    start = band * settings.rows
    keys = [row.tobytes() for row in signatures[:, start : start + settings.rows]]
    buckets = daft.from_pydict({"key": keys, "number": numbers})
    buckets = buckets.groupby("key").agg(col("number").list_agg().alias("numbers"))
    for bucket in buckets.to_pydict()["numbers"]:
        join_bucket(clusters, signatures, sorted(bucket), settings)
clusters.print(ids)
