"""One object of a page: what happens to it, what that means for users, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reconciler.domain import Convergence, Drift, Outcome, Resalt, ResourceKey, Status, Step, Verb
from reconciler.reports.apply_text import conflict_lines
from reconciler.reports.drift_text import sort_word, told_of_changed, told_of_gone, urgent_first
from reconciler.reports.effects import WORST, Danger, Effect, dangers, effects
from reconciler.reports.html.sides import Difference, difference
from reconciler.reports.moments import utc
from reconciler.reports.step_text import owner_of
from reconciler.reports.told import Told
from reconciler.reports.trace_text import salted_by
from reconciler.reports.visible import visible

TONES = {Verb.CREATE: "good", Verb.UPDATE: "warn", Verb.ADOPT: "warn", Verb.ARCHIVE: "bad", Verb.DELETE: "bad"}
"""Colours: of what comes, changes, goes."""
_ENDS = {Status.DONE: "good", Status.FAILED: "bad", Status.UNKNOWN: "bad"}


@dataclass(frozen=True, slots=True)
class Item:
    """What is shown of one object. `rank`: the smaller, the earlier a reviewer looks at it. `anchor` is its place.

    `sort`: what drift of it is about. `notes` are a name and what it says each. `sides` head the two columns of the
    differences; one heading where there is nothing on the left.
    """

    key: ResourceKey
    verb: str
    tone: str
    rank: int = 99
    anchor: str = ""
    status: str = ""
    sort: str = ""
    owner: str = ""
    place: str = ""
    link: str = ""
    effects: tuple[Effect, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    sides: tuple[str, ...] = ("Live now", "After")
    differences: tuple[Difference, ...] = ()
    calls: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The id, as it can be shown."""
        return visible(self.key.id)

    @property
    def dangers(self) -> tuple[Danger, ...]:
        """Why to look at it first, the worst first."""
        return dangers(self.effects)


def items(told: Told) -> tuple[Item, ...]:
    """All objects of a run, in the order in which a reviewer looks at them."""
    found = sorted(_all(told), key=lambda item: item.rank)
    return tuple(replace(item, anchor=f"object-{number}") for number, item in enumerate(found, 1))


def _all(told: Told) -> Iterator[Item]:
    ends = {outcome.step.key: outcome for outcome in told.outcomes}
    yield from (_step(told, step, ends.get(step.key)) for step in told.plan.steps)
    yield from (_still(told, step, "left alone", ()) for step in told.plan.held)
    yield from (_still(told, step, "waits", (("waits for", step.awaits),)) for step in told.plan.pending)
    if told.drift:
        yield from (_gone(told, step, told.drift) for step in told.drift.gone)
        yield from (_salt(key, salt) for salt in told.drift.salts for key in salt.keys)
        yield from (_drifted(told, step, told.drift) for step in urgent_first(told.drift))
    yield from (_apart(each) for each in told.convergence if each.amiss)


def _step(told: Told, step: Step, outcome: Outcome | None) -> Item:
    meant = effects(step, told.plan, told.production)
    base = _placed(told, step, Item(step.key, step.verb, TONES[step.verb], effects=meant))
    made = replace(
        base,
        rank=min((WORST[danger] for danger in base.dangers), default=50),
        notes=(*base.notes, *_notes(step, base.dangers)),
        sides=("Value",) if step.verb is Verb.CREATE else base.sides,
        differences=tuple(map(difference, step.fields)),
        calls=tuple(visible(str(call)) for call in step.calls),
    )
    return _ended(made, outcome) if outcome else made


def _ended(item: Item, outcome: Outcome) -> Item:
    """The same with how it went; what did not go well comes first."""
    said = [("reason", outcome.reason)] if outcome.reason else []
    moved = [("moved", str(line)) for each in outcome.conflicts for line in conflict_lines(each, outcome.step)]
    calls = f"{outcome.calls_made} of {len(outcome.step.calls)} made"
    return replace(
        item,
        status=outcome.status.replace("_", " "),
        tone=_ENDS.get(outcome.status, "warn"),
        rank=60 if outcome.status is Status.DONE else 0,
        notes=(*_shown(said), *_shown(moved), ("calls", calls), *item.notes),
    )


def _still(told: Told, step: Step, words: str, notes: Iterable[tuple[str, str]]) -> Item:
    item = _placed(told, step, Item(step.key, words, ""))
    return replace(item, rank=70, notes=(*_shown(notes), *item.notes), differences=tuple(map(difference, step.fields)))


def _drifted(told: Told, step: Step, drift: Drift) -> Item:
    said = tuple(map(Effect, told_of_changed(step, drift)))
    base = Item(step.key, "differs", "warn", 10, effects=said, sides=("Manifest", "Live now"))
    differences = tuple(difference(change, backwards=True) for change in step.fields)
    return replace(_placed(told, step, base), sort=sort_word(step, drift), differences=differences)


def _salt(key: ResourceKey, salt: Resalt) -> Item:
    words = f"{salted_by(salt)} ({salt.entry.action})"
    others = [f"or it was {each}" for each in salt.keys if each != key]
    return Item(key, "spread anew", "warn", 7, effects=tuple(map(Effect, (words, *others))))


def _gone(told: Told, step: Step, drift: Drift) -> Item:
    said = tuple(map(Effect, told_of_gone(step, drift)))
    return _placed(told, step, Item(step.key, "gone", "bad", 5, effects=said))


def _apart(each: Convergence) -> Item:
    """What is, after all, not as it was to be."""
    words = "missing" if each.gone else "not as it was to be"
    return Item(each.key, words, "bad", 1, differences=tuple(map(difference, each.differences)))


def _placed(told: Told, step: Step, item: Item) -> Item:
    """The same with its owner, its file, and its last change."""
    where, modified = step.where, step.modified
    who = " by ".join(filter(None, ("" if modified.at is None else utc(modified.at), modified.by)))
    return replace(
        item,
        owner=visible(owner_of(step)),
        place=visible(told.origin.label(where)) if where else "",
        link=told.origin.link(where) if where else "",
        notes=_shown([("last modified", who)] if who else []),
    )


def _notes(step: Step, dangers: Iterable[Danger]) -> tuple[tuple[str, str], ...]:
    needs = ", ".join(map(str, sorted(step.needs)))
    kept = "" if Danger.ONE_WAY in dangers else "; ".join(step.back.kept)
    return _shown((name, text) for name, text in (("after", needs), ("no way back", kept)) if text)


def _shown(notes: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, visible(text)) for name, text in notes)
