"""The stubs pass the strict checks of mypy and pyright, and say what is there."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import reprints

HERE = Path(__file__).parent
# Where the package was installed: not the sources beside the tests, which have no compiled part.
INSTALLED = Path(reprints.__file__).parent.parent


def run(folder: Path, *command: str) -> None:
    # Elsewhere than here, where the sources would be found before what was installed.
    paths = {"PYTHONPATH": str(INSTALLED)}
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=os.environ | paths, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    options = ["--strict", "--python-executable", sys.executable]
    run(tmp_path, "mypy", *options, str(HERE / "typed.py"))
    run(tmp_path, "mypy", *options, "-p", "reprints")


def test_the_stubs_say_what_is_there(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    # Of an alias of literals, stubtest knows no runtime form.
    (tmp_path / "allowed").write_text("reprints.types.Level\n")
    run(tmp_path, "mypy.stubtest", "reprints", "--allowlist", "allowed")


def test_pyright_finds_nothing(tmp_path: Path) -> None:
    pytest.importorskip("pyright")
    if shutil.which("npm") is None:
        pytest.skip("pyright is fetched by npm")
    run(tmp_path, "pyright", "--pythonpath", sys.executable, str(HERE / "typed.py"))
    run(tmp_path, "pyright", "--pythonpath", sys.executable, "--verifytypes", "reprints", "--ignoreexternal")


@pytest.mark.parametrize("name", ["keep", "dedup", "normalize"])
def test_functions_have_signatures_and_words(name: str) -> None:
    function = getattr(reprints, name)
    assert next(iter(inspect.signature(function).parameters)) in ("texts", "text")
    assert function.__doc__
