"""Plan files as somebody would forge them who knows how the checksums are made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from reconciler.domain import Finding, Json, Plan, Tree
from reconciler.kinds import KINDS
from reconciler.planning.fingerprint import fingerprint
from reconciler.saving import read
from reconciler.saving.form import PlanFile, digest
from reconciler.saving.read import _plan

Edit = Callable[[Tree], None]
Where = tuple[str | int, ...]


def forged(text: str, edit: Edit, *, prints: bool = True) -> bytes:
    """The file with an edit, and a checksum (with `prints` the fingerprint and all digests as well) that fits it."""
    tree: Tree = json.loads(text)
    edit(tree)
    if prints:
        for step in tree["steps"]:
            step["digest"] = None if step["base"] is None else digest(step["base"])
        tree["fingerprint"] = fingerprint(_plan(PlanFile.model_validate(tree)))
    return sealed(tree)


def sealed(tree: Tree) -> bytes:
    """A plan file with the checksum that fits it."""
    rest = {name: value for name, value in tree.items() if name != "checksum"}
    return json.dumps({**rest, "checksum": digest(rest)}).encode()


def plan_in(data: bytes) -> Plan:
    """The plan in a file that is accepted."""
    saved = read(data, "release.plan.json", KINDS)
    assert not isinstance(saved, Finding), saved
    return saved.plan


def refusal(data: bytes) -> str:
    """Why a file is refused."""
    found = read(data, "release.plan.json", KINDS)
    assert isinstance(found, Finding)
    assert found.code == "PLANFILE/refused"
    return found.message


def leaves(value: Json, at: Where = ()) -> Iterator[tuple[Where, Json]]:
    """Every value of a document that holds no others, with the keys that lead to it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield at, value
        return
    for key, item in inner:
        yield from leaves(item, (*at, key))


def with_leaf(tree: Tree, at: Where, value: Json) -> Tree:
    """A copy of the document with another value at this place."""
    copy: Tree = json.loads(json.dumps(tree))
    holder: Json = copy
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = value
    return copy
