"""What is stored, inside one transaction: objects by collection and id, their past versions, and the audit log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.domain import Json, Tree

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (collection TEXT, id TEXT, body TEXT, UNIQUE (collection, id));
CREATE INDEX IF NOT EXISTS objects_in_order ON objects (collection);
CREATE INDEX IF NOT EXISTS objects_on_schedule ON objects (collection) WHERE instr(body, '"passPercent"') > 0;
CREATE TABLE IF NOT EXISTS versions (collection TEXT, id TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS versions_of_object ON versions (collection, id);
CREATE TABLE IF NOT EXISTS audit (at INTEGER, body TEXT);
"""
"""Rows are kept in the order in which they were first written, which is the order of lists."""


class Session:
    """The stored state as seen by one request. Changes become real when the store's transaction ends well."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """A session on an open connection, inside a transaction."""
        self._sql = connection

    @contextmanager
    def undone(self) -> Iterator[None]:
        """A block whose changes are forgotten at its end."""
        self._sql.execute("SAVEPOINT undone")
        try:
            yield
        finally:
            self._sql.execute("ROLLBACK TO undone")
            self._sql.execute("RELEASE undone")

    def get(self, collection: str, id_: str) -> Tree | None:
        """One object, or None."""
        row = self._sql.execute(
            "SELECT body FROM objects WHERE collection = ? AND id = ?", (collection, id_)
        ).fetchone()
        return _tree(row[0]) if row else None

    def put(self, collection: str, id_: str, body: Tree) -> None:
        """Store an object; one that is there keeps its place in the list."""
        self._sql.execute(
            "INSERT INTO objects VALUES (?, ?, ?) ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body",
            (collection, id_, _text(body)),
        )

    def rename(self, collection: str, id_: str, new_id: str) -> None:
        """Give an object another id; it keeps its place in the list and its past versions."""
        self._sql.execute("UPDATE objects SET id = ? WHERE collection = ? AND id = ?", (new_id, collection, id_))
        self._sql.execute("UPDATE versions SET id = ? WHERE collection = ? AND id = ?", (new_id, collection, id_))

    def remove(self, collection: str, id_: str) -> None:
        """Forget an object and its past versions."""
        self._sql.execute("DELETE FROM objects WHERE collection = ? AND id = ?", (collection, id_))
        self._sql.execute("DELETE FROM versions WHERE collection = ? AND id = ?", (collection, id_))

    def clear(self, collection: str) -> None:
        """Forget a whole collection."""
        self._sql.execute("DELETE FROM objects WHERE collection = ?", (collection,))
        self._sql.execute("DELETE FROM versions WHERE collection = ?", (collection,))

    def forget(self) -> None:
        """Forget everything: all objects, their past versions, and the audit log."""
        for table in ("objects", "versions", "audit"):
            self._sql.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are those above

    def count(self, collection: str) -> int:
        """How many objects a collection has."""
        return int(self._sql.execute("SELECT count(*) FROM objects WHERE collection = ?", (collection,)).fetchone()[0])

    def items(self, collection: str, offset: int = 0, limit: int = -1) -> list[tuple[str, Tree]]:
        """Ids and objects in order: all, or `limit` from `offset`."""
        rows = self._sql.execute(
            "SELECT id, body FROM objects WHERE collection = ? ORDER BY rowid LIMIT ? OFFSET ?",
            (collection, limit, offset),
        )
        return [(id_, _tree(body)) for id_, body in rows]

    def scheduled(self, collection: str) -> list[tuple[str, Tree]]:
        """Ids and objects whose rules hold steps of a rollout, taken or to come."""
        rows = self._sql.execute(
            "SELECT id, body FROM objects INDEXED BY objects_on_schedule "
            "WHERE collection = ? AND instr(body, '\"passPercent\"') > 0 ORDER BY rowid",
            (collection,),
        )
        return [(id_, _tree(body)) for id_, body in rows]

    def all(self, collection: str) -> list[Tree]:
        """All objects in order."""
        return [body for _, body in self.items(collection)]

    def remember(self, collection: str, id_: str, body: Tree) -> None:
        """Keep a version of an object for good."""
        self._sql.execute("INSERT INTO versions VALUES (?, ?, ?)", (collection, id_, _text(body)))

    def versions(self, collection: str, id_: str) -> list[Tree]:
        """All versions of an object, newest first."""
        rows = self._sql.execute(
            "SELECT body FROM versions WHERE collection = ? AND id = ? ORDER BY rowid DESC", (collection, id_)
        )
        return [_tree(body) for (body,) in rows]

    def log(self, at: int, record: Tree) -> None:
        """Add a record to the audit log."""
        self._sql.execute("INSERT INTO audit VALUES (?, ?)", (at, _text(record)))

    def logged(self) -> Iterator[tuple[int, Tree]]:
        """All records of the audit log with their times (epoch milliseconds), newest first."""
        for at, body in self._sql.execute("SELECT at, body FROM audit ORDER BY rowid DESC"):
            yield at, _tree(body)


def _text(body: Tree) -> str:
    return json.dumps(body)


def _tree(text: str) -> Json:
    return json.loads(text)
