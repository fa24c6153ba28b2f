"""The objects that a plan touches, between its calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reconciler.applying.journal import Journal, NoJournal
from reconciler.applying.settle import mark, stamp
from reconciler.console import AnswerLost, Console, ConsoleError, NotFound, ServerError, data_of
from reconciler.domain import Call, IdOf, Json, ResourceKey, Tree
from reconciler.kind import Kind
from reconciler.shape import misfit, shape_of

_TAGS = "/tags"


class MovedError(Exception):
    """The object is another by the time that the turn of a call has come. `live` is what it is now."""

    def __init__(self, live: Tree | None) -> None:
        super().__init__()
        self.live = live


@dataclass(slots=True)
class Lives:
    """The objects that a plan touches, as they were last seen (None: seen to be absent), and the way to change them."""

    console: Console
    kinds: Mapping[str, Kind]
    seen: dict[ResourceKey, Tree | None] = field(default_factory=dict)
    journal: Journal = field(default_factory=NoJournal)

    def write(self, key: ResourceKey, call: Call, right_before: Callable[[], None] = lambda: None) -> None:
        """Make a call about the object, noted before and after. Raises ConsoleError and JournalError.

        `right_before` is called when the turn of the call has come, and raises `MovedError` to leave it out.
        """
        self.journal.calls(key, call, mark(self.current(key)))
        try:
            envelope = self.console.write(call, right_before)
        except (ConsoleError, MovedError) as error:
            self.journal.answered(key, "lost" if isinstance(error, (AnswerLost, ServerError)) else "refused")
            raise
        self.learn(key, envelope)
        self.journal.answered(key, "done", stamp(self.seen.get(key)))

    def look_again(self, key: ResourceKey) -> Tree | None:
        """The object as it is now, whatever was known of it. Raises ConsoleError."""
        self.seen[key] = self.read(key)
        return self.seen[key]

    def learn(self, key: ResourceKey, envelope: Tree) -> None:
        """Take over what a write answered, if it answered with the object; else forget what was known."""
        self.seen.pop(key, None)
        if (data := self._object(key, envelope)) is not None:
            self.seen[key] = data

    def current(self, key: ResourceKey) -> Tree | None:
        """The object as last seen, read if need be; None: there is none. Raises ConsoleError."""
        if key not in self.seen:
            self.seen[key] = self.read(key)
        return self.seen[key]

    def read(self, key: ResourceKey) -> Tree | None:
        """The object as it is now; None: there is none. Raises ConsoleError."""
        kind = self.kinds.get(key.kind)
        if kind is None or kind.identity != "id":
            # What a missing name answers to a GET of one object is not documented: the list decides.
            rows = self.console.list(kind.collection if kind else _TAGS, identity=self._identity(key))
            return next((row for row in rows if row[self._identity(key)] == key.id), None)
        try:
            envelope = self.console.read(kind.item(key.id))
        except NotFound:
            return None
        if (data := self._object(key, envelope)) is None:
            raise AnswerLost("the answer is not the object that was asked for", Call("GET", kind.item(key.id)))
        return data

    def _object(self, key: ResourceKey, envelope: Tree) -> Tree | None:
        """The object `key` in an answer; None if something else is in it, or an object of an unknown form."""
        data, kind = data_of(envelope), self.kinds.get(key.kind)
        if not isinstance(data, dict) or data.get(self._identity(key)) != key.id:
            return None
        return data if kind is None or misfit(shape_of(kind.spec), data) is None else None

    def _identity(self, key: ResourceKey) -> str:
        kind = self.kinds.get(key.kind)
        return kind.identity if kind else "name"


def fill_in(body: Json, live: Tree | None) -> Json:
    """The body with each `IdOf` replaced by the id it stands for. LookupError: there is no such item."""
    if isinstance(body, IdOf):
        items = (live or {}).get(body.field) or []
        found = next((item.get("id") for item in items if item.get("name") == body.name), None)
        if found is None:
            raise LookupError(f"{body.field} has no item called {body.name!r}")
        return found
    if isinstance(body, dict):
        return {name: fill_in(value, live) for name, value in body.items()}
    return body
