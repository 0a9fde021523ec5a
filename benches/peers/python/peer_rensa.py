"""What does rensa find with all windows? Its R-MinHash by `update`, and its index, candidates checked by their signatures."""

from common import Clusters, Settings
from rensa import RMinHash, RMinHashLSH

settings = Settings()
ids, signatures = [], []
index = RMinHashLSH(settings.threshold, settings.slots, settings.bands)
for name, text in settings.documents():
    signature = RMinHash(settings.slots, 42)
    signature.update(settings.windows(text))
    index.insert(len(ids), signature)
    ids.append(name)
    signatures.append(signature)

clusters = Clusters(len(ids))
for number, signature in enumerate(signatures):
    for candidate in index.query(signature):
        if candidate < number and signature.jaccard(signatures[candidate]) >= settings.threshold:
            clusters.join(candidate, number)
clusters.print(ids)
