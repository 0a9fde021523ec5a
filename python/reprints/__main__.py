"""`python -m reprints`: the program."""

from ._command import main

main()
