"""A run tells how far it is, can be stopped, and leaves Python free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import reprints

import sets
from sets import column

LARGE: list[str] = column(sets.salad(6000, words=400), "text")


def test_progress_is_told_for_every_stage_in_order_and_to_its_end() -> None:
    told: list[tuple[str, int, int]] = []
    threads = set()

    def progress(stage: str, done: int, all: int) -> None:
        threads.add(threading.get_ident())
        told.append((stage, done, all))

    reprints.dedup(LARGE[:1500], progress=progress)
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["sign", "search", "verify", "cluster", "relate"]
    last = {stage: (done, all) for stage, done, all in told}
    assert last["sign"] == (1500, 1500)
    assert all(done == of for done, of in last.values())
    assert threads == {threading.get_ident()}


def test_what_progress_raises_ends_the_run() -> None:
    class Enough(Exception):
        pass

    def progress(stage: str, done: int, all: int) -> None:
        raise Enough

    started = time.monotonic()
    with pytest.raises(Enough):
        reprints.keep(LARGE * 3, progress=progress)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("call", ["reprints.keep(texts)", "result.explain('0', '1')"])
def test_ctrl_c_ends_a_run_as_a_keyboard_interrupt(call: str, tmp_path: Path) -> None:
    script = (
        "import signal, sys, time; sys.path.insert(0, sys.argv[1])\n"
        # A process that was started in the background may have been told to take no notice of it.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import reprints, sets\n"
        "texts = sets.column(sets.salad(6000, words=400), 'text')\n"
        "texts[1] = texts[0] + ' and one more'\n"
        "result = reprints.dedup(texts[:2])\n"
        "texts = texts * 4 if 'keep' in sys.argv[2] else texts\n"
        "result = reprints.dedup(texts, relations=False) if 'explain' in sys.argv[2] else result\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    for _ in range(100): eval(sys.argv[2])\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped', flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent), call]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "stopped\n"
        assert time.monotonic() - sent < 3


def test_python_goes_on_while_a_run_works() -> None:
    counted = 0
    done = threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    started = time.monotonic()
    reprints.keep(LARGE, threads=1)
    took = time.monotonic() - started
    done.set()
    counter.join()
    assert counted > took * 100


def test_runs_in_several_threads_do_not_mix() -> None:
    small = LARGE[:400]
    expected = reprints.dedup(small).digest
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(reprints.dedup(small).digest)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_the_command_is_the_program(tmp_path: Path) -> None:
    for number, text in enumerate([sets.HARBOUR, sets.HARBOUR.upper(), sets.ORCHARD]):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    command = [sys.executable, "-m", "reprints", "--format", "json", str(tmp_path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert '"clusters": 1' in done.stdout
    wrong = subprocess.run([*command, "--threshold", "2"], capture_output=True, text=True, cwd=tmp_path)
    assert (wrong.returncode, "threshold" in wrong.stderr) == (2, True)
    script = Path(sys.executable).parent / "reprints"
    installed = script if script.exists() else Path(os.path.dirname(reprints.__file__)).parent / "bin" / "reprints"
    if installed.exists():
        assert subprocess.run([installed, "--version"], check=True, capture_output=True, text=True).stdout
