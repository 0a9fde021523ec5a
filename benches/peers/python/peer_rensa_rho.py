"""What does rensa find in one shot? Its rho sketch, which looks at a few windows of a long document only.

Rensa tells of such a sketch only which documents are duplicates, not of what. So the bands are searched here, in Python.
"""

import numpy
from common import Clusters, Settings, join_by_bands
from rensa import RMinHash

settings = Settings()
ids = []


def shingles():
    for name, text in settings.documents():
        ids.append(name)
        yield settings.windows(text)


matrix = RMinHash.digest_matrix_from_token_sets_rho(shingles(), settings.slots, 42)
signatures = numpy.array(matrix.to_rows(), dtype=numpy.uint32)
clusters = Clusters(len(ids))
join_by_bands(clusters, signatures, settings)
clusters.print(ids)
