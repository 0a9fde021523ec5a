"""What does text-dedup find? Its MinHash program, which clusters by bands alone and checks no candidate.

It compares words only, so of `chars:N` it is told N words; Chinese comes as clauses, between punctuation.
"""

import contextlib
import sys
import tempfile

from common import Settings

settings = Settings()
ids = [name for name, _ in settings.documents()]

# It reports on standard output, where the answer belongs.
with contextlib.redirect_stdout(sys.stderr), tempfile.TemporaryDirectory() as scratch:
    from text_dedup import minhash

    options = {
        "path": "json",
        "data_files": settings.input,
        "split": "train",
        "cache_dir": f"{scratch}/cache",
        "output": f"{scratch}/output",
        "column": "text",
        "num_perm": settings.slots,
        "b": settings.bands,
        "r": settings.rows,
        "ngram": settings.size,
        "min_length": 1,
        "num_proc": 1,
    }
    args = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    minhash.main(args, standalone_mode=False)

for number, name in enumerate(ids):
    sys.stdout.write(f"{name}\t{minhash.uf.find(number)}\n")
