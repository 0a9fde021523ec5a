"""The examples of the pages are run as they stand, those of one page one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent
PAGES = [HERE / "README.md", *sorted((HERE / "docs").glob("*.md"))]
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Workers of engines look here first, where the sources would be found before what was installed.
    monkeypatch.chdir(tmp_path)
    text = page.read_text("utf-8")
    for library in ("datasets", "polars", "pyspark", "pysail", "pyarrow", "ray"):
        if re.search(rf"^(import|from) {library}\b", text, re.MULTILINE):
            pytest.importorskip(library)
    examples = list(EXAMPLE.finditer(text))
    assert examples
    names: dict[str, object] = {}
    for example in examples:
        # Errors name the line of the page.
        above = "\n" * text.count("\n", 0, example.start(1))
        exec(compile(above + example[1], page, "exec"), names)
