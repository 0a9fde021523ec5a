"""The tests find what they have in common, and the package that was installed."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE.parent

# `python -m pytest` looks in the folder where it was called first: the sources there have no compiled part, unless it was built into them.
if not any(path.suffix in (".so", ".pyd") for path in (SOURCES / "reprints").iterdir()):
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != SOURCES.resolve()]
sys.path.insert(0, str(HERE))
