"""What a project asks of its manifests: labels, fields, and a day on which what is temporary is to be gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reconciler.domain import Finding, Place, Severity, Tree
from reconciler.kinds import KINDS
from reconciler.manifests import Resource
from reconciler.manifests.moments import day_of
from reconciler.manifests.safety import Requirement
from reconciler.planning.guards.contract import Guard, leave
from reconciler.shape import shape_of


def demanded(resources: Iterable[Resource], requirements: tuple[Requirement, ...], today: date) -> Iterator[Finding]:
    """What the manifests lack, and what has outlived its day."""
    if not requirements:
        return
    for resource in resources:
        spec = resource.spec.tree()
        for asked in requirements:
            if _is_about(asked, resource, spec):
                yield from _lacking(asked, resource, spec, today)
                yield from _expiry(asked, resource, today)


def _is_about(asked: Requirement, resource: Resource, spec: Tree) -> bool:
    if asked.kinds and resource.key.kind not in asked.kinds:
        return False
    return all(spec.get(name) == value for name, value in asked.where.items())


def _lacking(asked: Requirement, resource: Resource, spec: Tree, today: date) -> Iterator[Finding]:
    labels = resource.metadata.labels
    for name in asked.labels:
        if not labels.get(name, "").strip():
            yield _required(resource, f"the label {name} is missing", f"metadata: {{labels: {{{name}: ...}}}}", today)
    known = shape_of(KINDS[resource.key.kind].spec).fields
    for name in asked.fields:
        if name in known and spec.get(name) in (None, "", [], {}):
            line = f"spec: {{{name}: ...}}"
            yield _required(resource, f"the field {name} is missing", line, today, resource.place.at("spec"))
    if asked.expiry and day_of(labels.get(asked.expiry, "")) is None:
        line = f"metadata: {{labels: {{{asked.expiry}: 2027-01-31}}}}"
        yield _required(resource, f"the label {asked.expiry} holds no date", line, today)


def _required(resource: Resource, message: str, line: str, today: date, where: Place | None = None) -> Finding:
    cure = f"write {line}; {leave(REQUIRED.name, today, resource.key)}"
    return Finding("GUARD/required", message, cure, where or _labels(resource), resource.key)


def _expiry(asked: Requirement, resource: Resource, today: date) -> Iterator[Finding]:
    day = day_of(resource.metadata.labels.get(asked.expiry or "", ""))
    if day is None or today <= day:
        return
    severity = Severity.ERROR if asked.when_expired == "stop" else Severity.WARNING
    late = (today - day).days
    message = f"it was to be gone by {day}, {late} {'day' if late == 1 else 'days'} ago"
    cure = "take it out of the code and delete its manifest, or write a later day; "
    cure += leave(EXPIRED.name, today, resource.key)
    where = _labels(resource).at(str(asked.expiry))
    yield Finding("GUARD/expired", message, cure, where, resource.key, severity)


def _labels(resource: Resource) -> Place:
    return resource.place.at("metadata", "labels")


REQUIRED = Guard(
    name="required",
    what="""Labels and fields that manifests of a kind must have, and the day of expiry of what is temporary. `validate`
tells as well.""",
    why="In two years nobody knows whom to ask about a flag, unless its manifest says so from the first day.",
    numbers="Each label and each field by itself. A field that a kind does not have is not asked of it.",
    example="""safety:
  require:
    - {labels: [owner, team], fields: [description]}
    - {kinds: [Gate], where: {type: TEMPORARY}, expiry: expires}""",
)
EXPIRED = Guard(
    name="expired",
    what="Objects whose day of expiry has passed. `validate` tells as well.",
    why="A temporary flag that stays is code with two ways through it, of which one is not tested any more.",
    numbers="""From the day after the one that the label names. It is a warning, so that time alone stops nobody's work;
with `whenExpired: stop` it stops every run.""",
    example="safety: {require: [{kinds: [Gate], where: {type: TEMPORARY}, expiry: expires, whenExpired: stop}]}",
)
