"""Which files are manifests. Unknown is never absent: what cannot be looked into is a finding, not an empty folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from reconciler.domain import Finding, Place
from reconciler.manifests.project import PROJECT_FILE

_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Found:
    """The manifest files, as sorted paths from the project's folder with ``/`` between names, and what is wrong.

    `strays` are files that a pattern would match if their names ended in another way.
    """

    paths: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: tuple[str, ...] = ()


def find(root: Path, patterns: Iterable[str], project_file: str = PROJECT_FILE) -> Found:
    """The files below the folder `root` that one of `patterns` matches, each once, without the project file itself.

    `*`, `?` and `[...]` match within one name, `**` matches any number of folders. Names that start with a dot are
    matched only by a name in the pattern that starts with one. Links are followed as long as they stay below `root`.
    """
    search = _Search(os.path.realpath(root))
    paths: dict[str, str] = {}
    for index, pattern in enumerate(patterns):
        where = Place(project_file).at("manifests", index)
        for shown, real in search.matches(pattern, where):
            paths[real] = min(shown, paths.get(real, shown))
    project = os.path.realpath(root / project_file)
    paths.pop(project, None)
    strays = (shown for real, shown in search.strays.items() if real not in paths and real != project)
    return Found(tuple(sorted(paths.values())), tuple(search.findings), tuple(sorted(strays)))


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder: its path from the root (empty for the root), its real path, and the real paths of those it is in."""

    shown: str
    real: str
    inside: frozenset[str] = frozenset()

    def below(self, name: str) -> str:
        return f"{self.shown}/{name}" if self.shown else name


class _Search:
    """Looks for files below the real path `root`. Findings are the keys of a dict, since a folder may be met again.

    `in_doubt`: whether the pattern that is being looked for led to a folder that could not be read.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.findings: dict[Finding, None] = {}
        self.strays: dict[str, str] = {}
        self.listed: dict[str, list[os.DirEntry[str]]] = {}
        self.unread: set[str] = set()
        self.in_doubt = False

    def matches(self, pattern: str, where: Place) -> list[tuple[str, str]]:
        """The files that `pattern` matches: path from the root, and real path."""
        if refused := _refused(pattern, where):
            self.findings[refused] = None
            return []
        known, self.in_doubt = len(self.findings), False
        parts = [part for part in pattern.split("/") if part not in {"", "."}]
        if parts[-1:] == ["**"]:
            parts.append("*")
        found = list(self.walk(_Folder("", self.root), parts))
        if not (found or self.in_doubt or len(self.findings) > known):
            message = f"no file matches {pattern!r}"
            self.findings[Finding("FILE/no-match", message, "correct the pattern, or take it out", where)] = None
        return found

    def walk(self, folder: _Folder, parts: list[str]) -> Iterator[tuple[str, str]]:
        if not parts:
            return
        if parts[0] == "**":
            yield from self.walk(folder, parts[1:])
            for below in self.folders(folder, "*"):
                yield from self.walk(below, parts)
        elif len(parts) > 1:
            for below in self.folders(folder, parts[0]):
                yield from self.walk(below, parts[1:])
        else:
            self.strays |= self.other_endings(folder, parts[0])
            yield from self.files(folder, parts[0])

    def other_endings(self, folder: _Folder, name: str) -> dict[str, str]:
        """Files that are called like `name` up to an ending that manifests may have: real path, and path from the root.

        Nothing is wrong with what is no such file: no pattern asks for it.
        """
        stem, dot, _ = name.rpartition(".")
        return {
            real: folder.below(entry.name)
            for entry in self.entries(folder, f"{stem}.*" if dot else name)
            if entry.name.casefold().endswith(_ENDINGS) and entry.name.isprintable() and _is(entry.is_file)
            if self.holds(real := _real(entry))
        }

    def folders(self, folder: _Folder, name: str) -> Iterator[_Folder]:
        inside = folder.inside | {folder.real}
        for entry in self.entries(folder, name):
            shown = folder.below(entry.name)
            if _is(entry.is_dir) and (real := self.real(entry, shown)) and real not in inside:
                yield _Folder(shown, real, inside)

    def files(self, folder: _Folder, name: str) -> Iterator[tuple[str, str]]:
        for entry in self.entries(folder, name):
            shown = folder.below(entry.name)
            if _is(entry.is_dir) or not (real := self.real(entry, shown)):
                continue
            if not shown.isprintable():
                self.refuse("FILE/name", f"{shown!r} cannot be printed as it is", "rename the file", folder.shown)
            elif not _is(entry.is_file):
                cure = "put a regular file there, or take it out"
                self.refuse("FILE/unreadable", "this is no file that can be read", cure, shown)
            else:
                yield shown, real

    def entries(self, folder: _Folder, name: str) -> Iterator[os.DirEntry[str]]:
        if folder.real not in self.listed:
            self.listed[folder.real] = self.list(folder)
        self.in_doubt |= folder.real in self.unread
        hidden = name.startswith(".")
        return (
            entry
            for entry in self.listed[folder.real]
            if entry.name.startswith(".") is hidden and fnmatchcase(entry.name, name)
        )

    def list(self, folder: _Folder) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder.real) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            message = f"the folder cannot be read: {error.strerror}"
            self.refuse("FILE/unreadable", message, "make it readable", folder.shown)
            self.unread.add(folder.real)
            return []

    def real(self, entry: os.DirEntry[str], shown: str) -> str | None:
        """The real path of an entry, or None and a finding where it is not below the root."""
        real = _real(entry)
        if self.holds(real):
            return real
        self.refuse("FILE/outside", "the link leads out of the project", "put the file itself there", shown)
        return None

    def holds(self, real: str) -> bool:
        return os.path.commonpath([real, self.root]) == self.root

    def refuse(self, code: str, message: str, cure: str, shown: str) -> None:
        self.findings[Finding(code, message, cure, Place(shown or "."))] = None


def _refused(pattern: str, where: Place) -> Finding | None:
    if not pattern or pattern.startswith("/") or "\\" in pattern:
        message = f"{pattern!r} is no path from the project's folder"
        return Finding("FILE/pattern", message, "write names with / between them", where)
    if ".." in pattern.split("/"):
        message = f"{pattern!r} leads out of the project's folder"
        return Finding("FILE/pattern", message, "keep manifests below the project file", where)
    return None


def _real(entry: os.DirEntry[str]) -> str:
    """The real path of an entry of a folder that was opened by its own."""
    return os.path.realpath(entry.path) if entry.is_symlink() else entry.path


def _is(question: Callable[[], bool]) -> bool:
    """The answer of a directory entry; no where it cannot be had, as for a link that leads back to itself."""
    try:
        return question()
    except OSError:
        return False
