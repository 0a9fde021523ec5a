"""What does datasketch find? Its MinHash (SHA-1, its default) and its index, candidates checked by their signatures."""

from common import Clusters, Settings
from datasketch import MinHash, MinHashLSH

settings = Settings()
ids = []


def shingles():
    for name, text in settings.documents():
        ids.append(name)
        yield [window.encode("utf-8") for window in set(settings.windows(text))]


signatures = MinHash.bulk(shingles(), num_perm=settings.slots)
index = MinHashLSH(num_perm=settings.slots, params=(settings.bands, settings.rows))
with index.insertion_session() as batch:
    for number, signature in enumerate(signatures):
        batch.insert(number, signature)

clusters = Clusters(len(ids))
for number, signature in enumerate(signatures):
    for candidate in index.query(signature):
        if candidate < number and signature.jaccard(signatures[candidate]) >= settings.threshold:
            clusters.join(candidate, number)
clusters.print(ids)
