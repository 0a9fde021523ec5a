"""What `reprints` raises, with the place of what is wrong."""

from __future__ import annotations


class Error(Exception):
    """Everything that `reprints` itself raises."""


class SettingError(Error, ValueError):
    """A setting is out of range; the message names it, its value and the limit."""


class ColumnError(Error, ValueError):
    """A column, or a value in it, can't be used.

    `column` is the name of the argument, `position` the place in it, where there is one.
    """

    def __init__(self, message: str, column: str, position: int | None = None) -> None:
        super().__init__(message, column, position)
        self.column = column
        self.position = position

    def __str__(self) -> str:
        return str(self.args[0])


class DuplicateIdError(Error, ValueError):
    """Two documents have one id: the rows `first` and `second`."""

    def __init__(self, message: str, id: str, first: int, second: int) -> None:
        super().__init__(message, id, first, second)
        self.id = id
        self.first = first
        self.second = second

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownIdError(Error, KeyError):
    """No document has this `id`."""

    def __init__(self, message: str, id: str) -> None:
        super().__init__(message, id)
        self.id = id

    def __str__(self) -> str:
        return str(self.args[0])
