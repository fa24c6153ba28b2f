"""The folder beside the project file: the journal of what was applied, and the lock that keeps two applies apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from reconciler.applying import FileJournal, JournalError, Unfinished, begun, put_aside, unfinished
from reconciler.cli.bounded import read_bounded
from reconciler.cli.failures import StoppedError
from reconciler.console import Console
from reconciler.domain import Finding, Json, ResourceKey, Severity
from reconciler.workflow import Loaded, interrupted

FOLDER = ".reconciler"
_JOURNAL = "journal.jsonl"
_LOCK = "lock"


@dataclass(slots=True)
class Logbook:
    """What is known of the runs in a working copy. `flaw`: why nothing can be written there."""

    folder: Path
    flaw: str = ""

    def left_open(self, loaded: Loaded, console: Console) -> tuple[Finding, ...]:
        """What is to be said of the last run, if it was cut off. Raises ConsoleError."""
        found = self._last()
        if isinstance(found, Finding):
            return (found,)
        return interrupted.told(found, loaded, console) if found else ()

    def begun(self, fingerprint: str, url: str) -> Mapping[ResourceKey, Json] | None:
        """The objects that a plan with this fingerprint may have changed at `url`, each with its last stamp.

        None if nobody can tell.
        """
        journal = self.folder / _JOURNAL
        before = put_aside(journal)
        try:
            data = (read_bounded(before) if before.exists() else b"") + read_bounded(journal)
        except OSError:
            return None
        return begun(data, fingerprint, url)

    def _last(self) -> Unfinished | Finding | None:
        try:
            return unfinished(read_bounded(self.folder / _JOURNAL))
        except FileNotFoundError:
            return None
        except OSError as error:
            message = f"{self.folder / _JOURNAL} cannot be read, so that a run that was cut off goes unnoticed"
            cure = f"let this user read it ({error.strerror})"
            return Finding("JOURNAL/unreadable", message, cure, severity=Severity.WARNING)

    @contextmanager
    def run(self, about: Mapping[str, Json]) -> Iterator[FileJournal]:
        """A run that is noted; the end of the command, before its first call, if it cannot be."""
        journal = self._opened(about)
        try:
            yield journal
        except JournalError as error:
            raise StoppedError([self._unwritable(str(error))]) from None
        finally:
            journal.close()

    def settle(self) -> None:
        """Nothing is left of a run that was cut off. Where that cannot be noted, it is told again next time."""
        if self._last() and not self.flaw:
            with suppress(StoppedError):
                journal = self._opened({})
                journal.end()
                journal.close()

    def _opened(self, about: Mapping[str, Json]) -> FileJournal:
        if self.flaw:
            raise StoppedError([self._unwritable(self.flaw)])
        try:
            return FileJournal(self.folder / _JOURNAL, about)
        except OSError as error:
            raise StoppedError([self._unwritable(str(error.strerror))]) from None

    def _unwritable(self, why: str) -> Finding:
        message = f"nothing was done: what is done could not be noted in {self.folder / _JOURNAL}: {why}"
        cure = (
            f"make room, and let this user write in {self.folder}; without it an apply that is cut off cannot be told"
        )
        return Finding("JOURNAL/unwritable", message, cure)


@contextmanager
def alone(root: Path) -> Iterator[Logbook]:
    """The logbook of a working copy, for one run at a time; the end of the command if there is another."""
    logbook = Logbook(root / FOLDER)
    lock = FileLock(logbook.folder / _LOCK, timeout=0)
    try:
        _make(logbook.folder)
        lock.acquire()
    except Timeout:
        raise StoppedError([_ANOTHER]) from None
    except OSError as error:
        logbook.flaw = str(error.strerror)
    try:
        yield logbook
    finally:
        lock.release()


def left_open(root: Path, loaded: Loaded, console: Console) -> tuple[Finding, ...]:
    """As `Logbook.left_open`, for who only reads: a run may be at work meanwhile."""
    logbook = Logbook(root / FOLDER)
    return (_AT_WORK,) if _is_held(logbook.folder / _LOCK) else logbook.left_open(loaded, console)


def _is_held(lock: Path) -> bool:
    try:
        if lock.exists():
            with FileLock(lock, timeout=0):
                pass
    except Timeout:
        return True
    except OSError:
        return False
    return False


_AT_WORK = Finding(
    "JOURNAL/at-work",
    "an apply or rollback is at work in this working copy at this moment",
    "wait until it has ended, and run again",
    severity=Severity.WARNING,
)
_ANOTHER = Finding(
    "JOURNAL/locked",
    "nothing was done: another apply or rollback is at work in this working copy",
    "wait until it has ended",
)


def _make(folder: Path) -> None:
    """The folder, unless it leads elsewhere. Git is told to leave it alone."""
    if folder.is_symlink():
        raise OSError(0, "it is a link to another folder")
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="ascii") as stream:
        stream.write("*\n")
