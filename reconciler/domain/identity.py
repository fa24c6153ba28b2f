"""Which object is meant, and where a manifest says so."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class ResourceKey:
    """An object of the project: its kind (``Gate``) and its id (``checkout_v2``)."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a file: document (from 0) and the keys that lead there; line and column from 1 once known.

    Good files are read without positions. `manifests.locate` fills `line` and `column` in for the few places that are
    shown to a reader.
    """

    path: str
    document: int = 0
    pointer: tuple[str | int, ...] = ()
    line: int | None = None
    column: int | None = None

    def at(self, *keys: str | int) -> Place:
        """The place that is reached from here through `keys`."""
        return replace(self, pointer=(*self.pointer, *keys), line=None, column=None)

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
