"""What a kind's own file knows to be wrong with one spec, beyond the types of its fields."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Finding
from reconciler.manifests.resource import Partial
from reconciler.rules.contract import Checked, Rule


def _find(checked: Checked) -> Iterator[Finding]:
    if checked.live is not None:
        return  # said already when the manifests were read
    for resource in checked.all:
        if isinstance(resource, Partial):
            continue  # said with what else is wrong with it
        kind = checked.kinds[resource.key.kind]
        for problem in kind.id_problems(resource.key.id):
            yield problem.found(resource.place.at("metadata", "id"), resource.key)
        for problem in kind.check(resource.tree()):
            yield problem.found(resource.where(), resource.key)


SPEC_CHECKS = Rule(
    code="RULE",
    why="The service refuses such an object, or evaluates it in a way that nobody means.",
    cure="Each finding names what to write instead.",
    find=_find,
)
