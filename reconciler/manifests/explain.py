"""Pydantic's errors -> problems that a reader can mend.

A loc of pydantic mixes keys of the tree with names of union branches. The tree itself tells which is which, so that the
place is right and the branches of one union become one problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from reconciler.domain import Json, Problem, Tree
from reconciler.manifests.wording import MEANT, Words, missing_words, named, type_words, words
from reconciler.suggest import did_you_mean, nearest

_UNKNOWN = "extra_forbidden"
_MISSING = "missing"

MOST_TOLD = 300
"""Beyond, there is enough to mend for one run."""

At: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known about fields that a model refuses.

    `read_only`: fields at the top that only the service writes. `instead`: what to write in place of a field, at any
    depth. `elsewhere`: where a field belongs that was written at the top. `least`: the least that a field at the top
    can hold.
    """

    read_only: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    least: Mapping[str, str] = field(default_factory=dict)


def explain(
    error: ValidationError, tree: Json, model: type[BaseModel], advice: Advice = Advice()
) -> tuple[Problem, ...]:
    """What `model` refuses about `tree`: one problem for each thing to mend, `at` counted from the top of the tree.

    Of very many the first, and how many more there are.
    """
    raw = error.errors(include_url=False)
    failures = [_failure(each, tree) for each in raw[:MOST_TOLD]]
    explained = _Explained(model, advice)
    misspelt = {explained.meant(failure.at) for failure in failures if failure.type == _UNKNOWN}
    told = [failure for failure in failures if failure.type != _MISSING or failure.at not in misspelt]
    more = [_more(len(raw) - MOST_TOLD)] if len(raw) > MOST_TOLD else []
    return tuple(dict.fromkeys((*explained.problems(told, 0), *more)))


def _more(number: int) -> Problem:
    return Problem("SCHEMA/more", f"{number} more things here are wrong", "mend those that are told, and run again")


@dataclass(frozen=True, slots=True)
class Refused:
    """What of a tree a model refuses as a whole, and whether it is a field that the model does not know."""

    at: At
    unknown: bool


def refused(error: ValidationError, tree: Json) -> Iterator[Refused]:
    """Everything that a model refuses. Of a union, whatever is refused in its branches, it is the value itself."""
    for raw in error.errors(include_url=False):
        failure = _failure(raw, tree)
        at = failure.branches[0][0] if failure.branches else failure.at
        yield Refused(at, failure.type == _UNKNOWN)


def field_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model as manifests write them."""
    return tuple(name for name, _ in _fields(model))


@dataclass(frozen=True, slots=True)
class _Failure:
    """One error: `at` leads to it; `branches` are the branches of unions passed on the way, with their places."""

    type: str
    message: str
    value: Json
    context: Tree
    at: At
    branches: tuple[tuple[At, str], ...]


def _failure(raw: Mapping[str, Any], tree: Json) -> _Failure:
    at: list[str | int] = []
    branches: list[tuple[At, str]] = []
    value = tree
    for position, key in enumerate(raw["loc"]):
        if (isinstance(value, dict) and key in value) or (isinstance(value, list) and isinstance(key, int)):
            value = value[key]
            at.append(key)
        elif raw["type"] == _MISSING and position == len(raw["loc"]) - 1:
            at.append(key)
        else:
            branches.append((tuple(at), str(key)))
    context = raw.get("ctx", {})
    return _Failure(raw["type"], raw["msg"], raw["input"], context, (*at, *context.get("at", ())), tuple(branches))


@dataclass(frozen=True, slots=True)
class _Explained:
    """Turns failures of one model into problems."""

    model: type[BaseModel]
    advice: Advice

    def problems(self, failures: Iterable[_Failure], level: int) -> Iterator[Problem]:
        """`level`: how many unions around the failures are settled already."""

        def union(failure: _Failure) -> At | None:
            return failure.branches[level][0] if len(failure.branches) > level else None

        for at, group in groupby(failures, union):
            if at is None:
                yield from (self.problem(failure) for failure in group)
            else:
                yield from self.one_of(at, list(group), level)

    def one_of(self, at: At, failures: list[_Failure], level: int) -> Iterator[Problem]:
        """The failures of all branches of the union at `at`, told as those of the branch that was meant."""
        likely = _likely(at, failures)
        branches: dict[str, list[_Failure]] = {}
        for failure in likely:
            branches.setdefault(failure.branches[level][1], []).append(failure)
        if all(failure.at == at and failure.type in MEANT for failure in likely):
            yield Problem(*self.misfit(_any_of(likely), likely[0].value, at), at)
        elif len(branches) > 1 and all(_in_list(failure, at) for failure in likely):
            meant = _any_of(likely)
            yield Problem("SCHEMA/type", f"the items here must all be {meant}", "write them all in one way", at)
        else:
            fewest = min(len(branch) for branch in branches.values())
            yield from self.problems(next(each for each in branches.values() if len(each) == fewest), level + 1)

    def problem(self, failure: _Failure) -> Problem:
        return Problem(*self.said(failure), failure.at)

    def said(self, failure: _Failure) -> Words:
        if failure.type == _UNKNOWN:
            return self.unknown(failure.at)
        if failure.type == _MISSING:
            return missing_words(str(failure.at[-1]))
        if failure.type in MEANT:
            return self.misfit(MEANT[failure.type], failure.value, failure.at)
        return words(failure.type, failure.message, failure.value, {**failure.context, **self.example(failure.at)})

    def example(self, at: At) -> dict[str, str]:
        """A value that fits, where the model of the field knows one."""
        known = fields_at(self.model, at[:-1]).get(str(at[-1])) if at else None
        return {"example": known.examples[0]} if known and known.examples else {}

    def misfit(self, meant: str, value: Json, at: At) -> Words:
        code, message, cure = type_words(meant, value)
        if value is None:
            return (code, message, self.filled(at))
        example = self.example(at).get("example") if meant == "text" and isinstance(value, dict | list) else None
        return (code, message, f"write text, such as {example}" if example else cure)

    def filled(self, at: At) -> str:
        """The cure for a place where nothing is written."""
        name = str(at[-1]) if at else ""
        if len(at) == 1 and name in self.advice.least:
            return f"write {name}: {self.advice.least[name]}"
        known = fields_at(self.model, at[:-1]).get(name)
        return "give it a value" if known and known.is_required() else "give it a value, or take the field out"

    def unknown(self, at: At) -> Words:
        name = str(at[-1])
        if len(at) == 1 and name in self.advice.read_only and name not in self.advice.instead:
            return ("SCHEMA/read-only", f"{name} is read-only", "the service writes it; take it out")
        known = fields_at(self.model, at[:-1])
        cure = self.advised(at) or did_you_mean(name, known) or f"take it out; known are {', '.join(sorted(known))}"
        return ("SCHEMA/unknown-field", f"{named(name)} is not a field that is known here", cure)

    def advised(self, at: At) -> str | None:
        """What is known to be meant by an unknown field."""
        name = str(at[-1])
        return self.advice.instead.get(name) or (self.advice.elsewhere.get(name) if len(at) == 1 else None)

    def meant(self, at: At) -> At | None:
        """The field that is told as misspelt at `at`, and need not be told as missing."""
        near = nearest(str(at[-1]), fields_at(self.model, at[:-1]))
        return (*at[:-1], near) if near and not self.advised(at) else None


def _likely(at: At, failures: list[_Failure]) -> list[_Failure]:
    """The failures of the branches that were probably meant.

    A model's own complaint is the most telling. Then branches whose outer type fits, so that the failure is further in.
    Then those where just a bound, a pattern or an option is missed.
    """
    for telling in (
        [failure for failure in failures if "/" in failure.type],
        [failure for failure in failures if failure.at != at],
        [failure for failure in failures if failure.type not in MEANT],
    ):
        if telling:
            return telling
    return failures


def _in_list(failure: _Failure, at: At) -> bool:
    return len(failure.at) > len(at) and isinstance(failure.at[len(at)], int)


def _any_of(failures: list[_Failure]) -> str:
    meant = list(dict.fromkeys(MEANT.get(failure.type, "another value") for failure in failures))
    if "a number" in meant and "a whole number" in meant:
        meant.remove("a whole number")
    return meant[0] if len(meant) == 1 else f"{', '.join(meant[:-1])} or {meant[-1]}"


def fields_at(model: type[BaseModel], at: At) -> Mapping[str, FieldInfo]:
    """The fields that a model knows at the keys `at`; of all models, where it takes one of several."""
    return _fields_at(model, tuple(key for key in at if isinstance(key, str)))


@lru_cache(maxsize=256)
def _fields_at(model: type[BaseModel], at: tuple[str, ...]) -> Mapping[str, FieldInfo]:
    models = [model]
    for key in at:
        models = [found for outer in models for found in _models_below(outer, key)]
    return {name: info for found in models for name, info in _fields(found)}


def _models_below(model: type[BaseModel], key: str) -> Iterator[type[BaseModel]]:
    for name, info in _fields(model):
        if name == key:
            yield from _models_in(info.annotation)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    return ((info.alias or name, info) for name, info in model.model_fields.items())


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - annotations are any type form
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)
