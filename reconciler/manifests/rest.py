"""What is left of a tree without the parts that its model refuses, so that all others can be checked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, get_origin

from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo

from reconciler.domain import EVERY, Json, Problem, Tree
from reconciler.manifests.explain import MOST_TOLD, Advice, At, Refused, explain, fields_at, refused
from reconciler.meaning import LEFT_OUT, Spec

_ROUNDS = 20
"""What a validator refuses may hide what the next one would."""

_OUT = object()
_STAND_INS: Mapping[object, Json] = MappingProxyType({float: 0, int: 0, list: [], dict: {}})
"""What holds the place of a required value, by its type. Of a text or an option nothing can be said without it."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A tree without its gaps.

    `gaps` are the keys, in the tree as it is written, of what is left out, not known, or held by a stand-in.
    """

    tree: Tree
    gaps: frozenset[At] = frozenset()

    def written(self, at: At) -> At:
        """The keys, in the tree as it is written, of what stands at `at` in the rest."""
        found: At = ()
        for key in at:
            place: str | int = key
            if isinstance(place, int):
                for gone in _indexed(self.gaps).items.get(found, ()):
                    place += gone <= place
            found = (*found, place)
        return found

    def certain(self, problem: Problem) -> bool:
        """Whether the problem is there whatever the gaps hold."""
        grounds = [self.written(at) for at in problem.rests_on or (problem.at,)]
        return not any(self._doubtful(at) for at in grounds)

    def _doubtful(self, at: At) -> bool:
        """Whether a gap leads to `at`, or is within it. `EVERY` stands for any key."""
        if EVERY in at:
            return any(all(one in (key, EVERY) for one, key in zip(at, gap, strict=False)) for gap in self.gaps)
        return at in _indexed(self.gaps).around or any(at[:length] in self.gaps for length in range(len(at) + 1))

    def told(self, problem: Problem) -> Problem:
        """A problem of the rest as one of the tree as it is written."""
        return replace(problem, at=self.written(problem.at))


NOTHING = Rest({}, frozenset({()}))
"""When nothing can be read, nothing is known."""


def read_rest(
    tree: Tree, model: type[Spec], advice: Advice, unread: Iterable[At] = ()
) -> tuple[Rest, tuple[Problem, ...]]:
    """What is left of a tree that `model` refuses, or that has `unread` values, and what is wrong with it."""
    problems: list[Problem] = []
    gaps: dict[At, Json] = {}
    for at in unread:
        gaps |= _gaps(Refused(at, unknown=at[-1:] == ("<<",)), tree, model, gaps)
    for round_ in range(_ROUNDS):
        rest = Rest(_filled(tree, _by_parent(gaps)), frozenset(gaps))
        try:
            spec = (_lenient(model) if round_ else model).model_validate(rest.tree)
        except ValidationError as error:
            found = explain(error, rest.tree, model, advice)
            problems += [rest.told(problem) for problem in found if rest.certain(problem)]
            known = dict(gaps)
            if error.error_count() > MOST_TOLD:
                break
            for failure in refused(error, rest.tree):
                gaps |= _gaps(replace(failure, at=rest.written(failure.at)), tree, model, known)
        else:
            return Rest(spec.tree(), frozenset(gaps)), tuple(problems)
        if () in gaps or gaps == known or len(gaps) > MOST_TOLD:
            break
    return NOTHING, tuple(problems)


def _gaps(failure: Refused, tree: Tree, model: type[Spec], known: Mapping[At, Json]) -> dict[At, Json]:
    """What must be left out for a failure, or replaced. An unknown field may be any that is absent beside it."""
    beside = fields_at(model, failure.at[:-1]) if failure.unknown else {}
    written = _at(tree, failure.at[:-1]) if failure.unknown else {}
    doubtful = [name for name, field in beside.items() if not field.is_required() and name not in written]
    gaps = {(*failure.at[:-1], name): _OUT for name in doubtful}
    at = failure.at
    while len(at) > 1 and (field := _required(at, model)):
        kind = get_origin(field.annotation) or field.annotation
        if kind in _STAND_INS and at not in known:
            return {**gaps, at: _STAND_INS[kind]}
        at = at[:-1]
    return {**gaps, at: _OUT}


def _required(at: At, model: type[Spec]) -> FieldInfo | None:
    """The field that stands at `at`, if the model cannot do without it."""
    field = fields_at(model, at[:-1]).get(at[-1]) if isinstance(at[-1], str) else None
    return field if field and field.is_required() else None


def _at(tree: Tree, at: At) -> Json:
    value: Json = tree
    for key in at:
        value = value[key]
    return value


def _by_parent(gaps: Mapping[At, Json]) -> dict[At, dict[str | int, Json]]:
    """The gaps of each mapping and list."""
    found: dict[At, dict[str | int, Json]] = {}
    for gap, stand_in in gaps.items():
        found.setdefault(gap[:-1], {})[gap[-1]] = stand_in
    return found


def _filled(value: Json, gaps: Mapping[At, Mapping[str | int, Json]], at: At = ()) -> Json:
    """The value without its gaps, with the stand-ins of those that have one."""
    mine = gaps.get(at, {})
    if isinstance(value, dict):
        kept = {key: _filled(item, gaps, (*at, key)) for key, item in value.items() if key not in mine}
        return kept | {key: stand_in for key, stand_in in mine.items() if stand_in is not _OUT}
    if isinstance(value, list):
        return [_filled(item, gaps, (*at, index)) for index, item in enumerate(value) if index not in mine]
    return value


@dataclass(frozen=True, slots=True)
class _Index:
    """Gaps to be looked up: the `items` that are left out of each list, sorted, and all that is `around` a gap."""

    items: Mapping[At, list[int]]
    around: frozenset[At]


@lru_cache(maxsize=4)
def _indexed(gaps: frozenset[At]) -> _Index:
    items: dict[At, list[int]] = {}
    for gap in sorted((gap for gap in gaps if gap and isinstance(gap[-1], int)), key=itemgetter(-1)):
        items.setdefault(gap[:-1], []).append(int(gap[-1]))
    return _Index(items, frozenset(gap[:length] for gap in gaps for length in range(len(gap))))


@cache
def _lenient(model: type[Spec]) -> type[Spec]:
    """The same model without required fields at its top."""
    optional: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if info.is_required():
            field = copy(info)
            field.default = LEFT_OUT
            optional[name] = (info.annotation, field)
    return create_model(f"Lenient{model.__name__}", __base__=model, **optional)
