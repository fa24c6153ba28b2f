"""Values that were written without quotes and would not be written back the same way.

    version: 2.10          the number 2.1: was the text "2.10" meant?
    build: 007             the number 7
    from: 2024-01-01       text here, a date to other readers of YAML

Each is an ordinary float, int or str that remembers how it was written, so that a check can say "quote it" and show the
text. Lists, dictionaries, ``json.dumps`` and ``==`` see nothing but the value.
"""

from __future__ import annotations

from typing import Self


class PlainFloat(float):
    """A number whose text (``2.10``, ``1e3``) is not the way in which the number is printed (``2.1``, ``1000.0``)."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read `text`, a decimal number."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # float's own returns a float
        """What a copy is made from."""
        return (self.text,)


class PlainInt(int):
    """A whole number whose text (``007``, ``+7``, ``0x1F``) is not the way in which the number is printed."""

    text: str

    def __new__(cls, value: int, text: str) -> Self:
        """The number `value`, written as `text`."""
        number = super().__new__(cls, value)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[int, str]:  # type: ignore[override]  # int's own returns an int
        """What a copy is made from."""
        return (int(self), self.text)


class PlainDate(str):
    """Text such as ``2024-01-01`` that readers of YAML 1.1 take for a date."""

    __slots__ = ()
