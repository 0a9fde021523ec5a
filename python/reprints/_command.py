"""The command `reprints`: the program."""

from __future__ import annotations

import signal
import sys

from . import _reprints


def main() -> None:
    """Runs the program with the arguments of the process, and ends with its exit status."""
    # Python would only note Ctrl-C and go on with the program.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_reprints.run_program(["reprints", *sys.argv[1:]]))
