"""The stored project: an SQLite database, in a file or in memory, that one request at a time may use."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from reconciler.domain import Tree
from reconciler.emulator import audit, configs, experiments, gates, reviews, seeding, sources, writing
from reconciler.emulator.identifiers import stable_id
from reconciler.emulator.inventory import LISTS
from reconciler.emulator.operations import OPERATIONS
from reconciler.emulator.request import Actor, Clock, Request, system_clock
from reconciler.emulator.session import SCHEMA, Session

_DELETES = {
    gates.GATES: gates.delete,
    configs.CONFIGS: configs.delete,
    experiments.EXPERIMENTS: experiments.delete,
    sources.SOURCES: sources.delete,
}
"""How objects are deleted that others belong to."""
_SINCE: tuple[tuple[str, ...], ...] = (tuple(seeding.NEW_PROJECT), ("review_settings",), ())
"""What a database lacks, by the form that it has: a new file has the form 0."""
_FORM = len(_SINCE)


class Store:
    """A project. Close it, or use it in a ``with`` block."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        """A store on an open connection; see `open`."""
        self.clock = clock
        self._connection = connection
        self._turn = threading.Lock()

    @classmethod
    def open(cls, path: str | Path = ":memory:", *, clock: Clock = system_clock) -> Self:
        """Open a database file, or a project that is forgotten when it is closed. A new file holds a new project.

        sqlite3.Error for a file that is something else.
        """
        store = cls(sqlite3.connect(path, check_same_thread=False, isolation_level=None), clock)
        try:
            store._prepare()
        except sqlite3.Error:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        form = int(run("PRAGMA user_version").fetchone()[0])
        if form < _FORM:
            self._connection.executescript(SCHEMA)
            self.seed({name: seeding.NEW_PROJECT[name] for name in _SINCE[form]})
            run(f"PRAGMA user_version = {_FORM}")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are kept if the block ends well and forgotten if it raises. Others wait."""
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Session(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def seed(self, document: Tree, *, anew: bool = False) -> None:
        """Replace the collections that a document of live state names, or with `anew` the whole project.

        See `seeding` for its form.
        """
        with self.transaction() as session:
            if anew:
                session.forget()
                seeding.seed(session, seeding.NEW_PROJECT)
            seeding.seed(session, document)

    def is_new(self) -> bool:
        """Whether nothing has been put into the project or done in it yet."""
        with self.transaction() as session:
            held = any(session.count(collection) for collection in LISTS if collection not in seeding.NEW_PROJECT)
            return not held and next(session.logged(), None) is None

    def dump(self) -> Tree:
        """The whole state, in the form that `seed` takes."""
        with self.transaction() as session:
            return seeding.dump(session)

    def console_edit(self, seed_key: str, id_: str, changes: Tree, *, by: str, email: str | None = None) -> Tree:
        """Change an object as a person would in the web console, and return it.

        `changes` are set as they are. The object's version, its last modifier and the audit log show the person.
        KeyError if there is no such object.
        """
        with self.transaction() as session:
            live = session.get(seed_key, id_)
            if live is None:
                raise KeyError(id_)
            return writing.save(self._person(session, by, email), seed_key, live, live | changes)

    def console_create(self, seed_key: str, item: Tree, *, by: str, email: str | None = None) -> Tree:
        """Make an object as a person would in the web console, and return it; what it lacks is filled in.

        ValueError if there is one with its id, KeyError if it has none.
        """
        with self.transaction() as session:
            made = seeding.whole(seed_key, item)
            if session.get(seed_key, made[LISTS[seed_key]]) is not None:
                raise ValueError(f"{made[LISTS[seed_key]]} is there already")
            person = self._person(session, by, email)
            return writing.save(person, seed_key, None, made | writing.authored(person))

    def console_delete(self, seed_key: str, id_: str, *, by: str, email: str | None = None) -> None:
        """Delete an object as a person would in the web console. KeyError if there is no such object."""
        with self.transaction() as session:
            live = session.get(seed_key, id_)
            if live is None:
                raise KeyError(id_)
            request = replace(self._person(session, by, email), params={"id": id_})
            if seed_key in _DELETES:
                _DELETES[seed_key](request)
            else:
                writing.remove(request, seed_key, live)

    def console_resalt(self, seed_key: str, id_: str, *, by: str, email: str | None = None) -> None:
        """Spread the units of an object anew, as a person would in the web console.

        Nothing of it can be seen in the object: the audit log alone tells. KeyError if there is no such object.
        """
        with self.transaction() as session:
            live = session.get(seed_key, id_)
            if live is None:
                raise KeyError(id_)
            writing.log(self._person(session, by, email), audit.resalted(seed_key), live)

    def approve_review(self, seed_key: str, id_: str, *, by: str, email: str | None = None) -> None:
        """Approve the open review of an object as a person would in the web console: its change is made.

        KeyError if there is no review, ApiError if the change is possible no more.
        """
        with self.transaction() as session:
            request = replace(self._person(session, by, email), params={"id": id_})
            reviews.approve(request, seed_key, {operation.name: operation.run for operation in OPERATIONS})

    def reject_review(self, seed_key: str, id_: str, *, by: str, email: str | None = None) -> None:
        """Reject the open review of an object: its change is forgotten. KeyError if there is none."""
        with self.transaction() as session:
            reviews.reject(replace(self._person(session, by, email), params={"id": id_}), seed_key)

    def _person(self, session: Session, name: str, email: str | None) -> Request:
        return Request(session, Actor(stable_id(email or name), name, email), self.clock())
