"""Tags that stand for items of a list, which the service takes when the object is created and never again."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import Problem, Tree
from reconciler.kind import warning
from reconciler.shape import Field, Shape


def idle_tags(shape: Shape, desired: Tree, live: Tree) -> Iterator[Problem]:
    """What to say of tags without effect: live has no item but those that the manifest names itself.

    Live does not tell its tags. Where it has further items, these are taken for what the tags stand for.
    """
    for name, field in shape.fields.items():
        tags = field.grown_by
        if tags and desired.get(tags) and not _grown(field, desired.get(name) or [], live.get(name) or []):
            message = f"{tags} does nothing: tags are taken when the object is created, and live has nothing of theirs"
            yield warning("PLAN/metric-tags", message, f"write what is meant into {name}", tags)


def _grown(field: Field, desired: list[Tree], live: list[Tree]) -> bool:
    names = field.keyed.fields if field.keyed else ()
    known = {tuple(item.get(name) for name in names) for item in desired}
    return any(tuple(item.get(name) for name in names) not in known for item in live)
