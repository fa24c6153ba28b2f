"""One input made from good ones: bytes changed, trees changed, two of them spliced. The same draw makes the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from reconciler.domain import Json
from tests.fuzz.odd import SCRAPS, TEXTS, VALUES

_MOST_BYTES = 1_000_000
_DEEPEST = 200
"""How many levels one change adds. Two of them go beyond every limit, and stay below that of `json.dumps`."""


@dataclass(frozen=True)
class Seed:
    """A good input: its bytes, and the trees that it holds. `head` stands before whatever is made of them."""

    data: bytes
    trees: tuple[Json, ...]
    head: bytes = b""


def worse(draw: Random, seeds: Sequence[Seed], *, trees_alone: bool = False) -> bytes:
    """A worse input than those of `seeds`; with `trees_alone` still a document of JSON."""
    seed, other = draw.choice(seeds), draw.choice(seeds)
    if trees_alone or draw.random() < 0.6:
        data = _written(draw, [_worse_tree(draw, tree, other) for tree in seed.trees], lined=trees_alone)
    else:
        data = seed.data if draw.random() < 0.8 else _spliced(draw, seed.data, other.data)
        data = _worse_bytes(draw, data)
    if not trees_alone and draw.random() < 0.15:
        data = _worse_bytes(draw, data)
    return (seed.head + data)[:_MOST_BYTES]


# ---- bytes -----------------------------------------------------------------------------------------------------------


def _worse_bytes(draw: Random, data: bytes) -> bytes:
    for _ in range(draw.choice((1, 1, 1, 2, 5, 30))):
        data = draw.choice(_BYTE_CHANGES)(draw, data)[:_MOST_BYTES]
    return data


def _flipped(draw: Random, data: bytes) -> bytes:
    at = _at(draw, data)
    return data[:at] + bytes([(data[at] if at < len(data) else 0) ^ (1 << draw.randrange(8))]) + data[at + 1 :]


def _cut(draw: Random, data: bytes) -> bytes:
    return data[: _at(draw, data)]


def _without(draw: Random, data: bytes) -> bytes:
    at = _at(draw, data)
    return data[:at] + data[at + draw.choice((1, 2, 10, 100)) :]


def _with_scrap(draw: Random, data: bytes) -> bytes:
    at = _at(draw, data)
    return data[:at] + draw.choice(SCRAPS) + data[at + draw.choice((0, 0, 1, 5)) :]


def _repeated(draw: Random, data: bytes) -> bytes:
    at = _at(draw, data)
    return data[:at] + data[at : at + draw.choice((1, 20, 300))] * draw.choice((2, 3, 50)) + data[at:]


def _other_lines(_: Random, data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _other_encoding(draw: Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(draw.choice(("utf-8-sig", "utf-16", "utf-32", "cp037")), "replace")


def _spliced(draw: Random, data: bytes, other: bytes) -> bytes:
    return data[: _at(draw, data)] + other[_at(draw, other) :]


def _at(draw: Random, data: bytes) -> int:
    return draw.randrange(len(data) + 1)


_BYTE_CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_flipped, _flipped, _cut, _without, _with_scrap, _with_scrap, _repeated, _other_lines, _other_encoding),
)  # fmt: skip


# ---- trees -----------------------------------------------------------------------------------------------------------


def _worse_tree(draw: Random, tree: Json, other: Seed) -> Json:
    tree = _copied(tree)
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3, 10))):
        holders = list(_holders(tree))
        if not holders:
            return _copied(draw.choice(VALUES))
        draw.choice(_TREE_CHANGES)(draw, draw.choice(holders), other)
    return tree


def _copied(tree: Json) -> Json:
    """A copy that shares nothing, so that one change is seen in one place, and one input tells nothing of another."""
    return json.loads(json.dumps(tree))


def _holders(tree: Json) -> list[Json]:
    """Every mapping and list that holds something."""
    found: list[Json] = []
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list) and value:
            found.append(value)
            waiting += value.values() if isinstance(value, dict) else value
    return found


def _place(draw: Random, holder: Json) -> Json:
    return draw.choice(list(holder)) if isinstance(holder, dict) else draw.randrange(len(holder))


def _drop(draw: Random, holder: Json, _: Seed) -> None:
    del holder[_place(draw, holder)]


def _retype(draw: Random, holder: Json, _: Seed) -> None:
    at = _place(draw, holder)
    value = holder[at]
    changed: list[Json] = [[value], {"value": value}, str(value), None]
    changed += [value[0], {str(at): item for at, item in enumerate(value)}] if isinstance(value, list) and value else []
    holder[at] = draw.choice(changed)


def _odd_value(draw: Random, holder: Json, _: Seed) -> None:
    holder[_place(draw, holder)] = _copied(draw.choice(VALUES))


def _stretch(draw: Random, holder: Json, _: Seed) -> None:
    """Say a text many times over, with an end that does not fit: a slow pattern shows itself by that."""
    at = _place(draw, holder)
    if isinstance(holder[at], str):
        holder[at] = holder[at][: draw.choice((1, 5, 100))] * draw.choice((30, 3_000)) + draw.choice(("", "!", "\n"))


def _other_value(draw: Random, holder: Json, other: Seed) -> None:
    values = _holders(list(other.trees))
    holder[_place(draw, holder)] = _copied(draw.choice(values)) if values else None


def _odd_key(draw: Random, holder: Json, _: Seed) -> None:
    if isinstance(holder, dict):
        at = _place(draw, holder)
        key = draw.choice((draw.choice(TEXTS), at[:-1], at + "s", at.upper(), at * 2))
        holder[key] = holder.pop(at) if draw.random() < 0.5 else _copied(draw.choice(VALUES))
    else:
        _duplicate(draw, holder, _)


def _duplicate(draw: Random, holder: Json, _: Seed) -> None:
    value = holder[_place(draw, holder)]
    if isinstance(holder, list):
        holder.extend(_copied(value) for _ in range(draw.choice((1, 1, 1, 50))))
    else:
        holder[_place(draw, holder)] = _copied(value)


def _deepen(draw: Random, holder: Json, _: Seed) -> None:
    at = _place(draw, holder)
    value: Json = holder[at]
    for _level in range(draw.choice((1, 5, 99, 100, 101, _DEEPEST))):
        value = [value] if draw.random() < 0.5 else {"a": value}
    holder[at] = value


def _many(draw: Random, holder: Json, _: Seed) -> None:
    many = 2_000 if draw.random() < 0.1 else 50
    if isinstance(holder, dict):
        holder.update({f"key{number}": number for number in range(many)})
    else:
        holder.extend(range(many))


_TREE_CHANGES: tuple[Callable[[Random, Json, Seed], None], ...] = (
    *(_drop, _retype, _retype, _odd_value, _odd_value, _odd_value, _other_value, _odd_key, _odd_key, _duplicate),
    *(_stretch, _deepen, _many),
)


def _written(draw: Random, trees: Sequence[Json], *, lined: bool) -> bytes:
    """The trees as JSON, which is YAML as well, in one of its many layouts."""
    escaped, indent = draw.random() < 0.5, draw.choice((None, 2))
    texts = [json.dumps(tree, ensure_ascii=escaped, indent=None if lined else indent) for tree in trees]
    return "\n---\n".join(texts).encode("utf-8", "surrogatepass")
