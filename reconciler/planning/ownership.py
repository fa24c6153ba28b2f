"""Whose an object is, and what happens to it when its manifest is gone: kept as tags, in live itself.

managed-by-git               ours: created or adopted
managed-by-git:protected     never removed               metadata.protected
managed-by-git:delete        deleted when it is gone     metadata.onRemove (off, archive or delete)
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.manifests.resource import Metadata

_ACTIONS = ("off", "archive", "delete")


def is_owned(tag: str, live: Tree) -> bool:
    """Whether the live object carries the ownership tag."""
    return tag in (live.get("tags") or [])


def tags_with_ownership(tag: str, metadata: Metadata, mentioned: list[str] | None, live: list[str]) -> list[str]:
    """The tags that an object is to have: those the manifest says, or else live ones, with what ownership adds."""
    base = [name for name in live if not name.startswith(f"{tag}:")] if mentioned is None else mentioned
    said = ["protected"] * metadata.protected + ([metadata.on_remove] if metadata.on_remove else [])
    ours = [tag, *(f"{tag}:{word}" for word in said)]
    return [*base, *(name for name in ours if name not in base)]


def tags_kept(tag: str, mentioned: list[str], live: list[str]) -> list[str]:
    """The tags that the manifest says, and those of ownership as they are: for an object that takes no other."""
    ours = [name for name in live if name == tag or name.startswith(f"{tag}:")]
    return [*mentioned, *(name for name in ours if name not in mentioned)]


def is_protected(tag: str, live: Tree) -> bool:
    """Whether the object said, in its last manifest, that it is never removed."""
    return protection(tag) in (live.get("tags") or [])


def protection(tag: str) -> str:
    """The tag that protects an object."""
    return f"{tag}:protected"


def protecting(tree: Tree) -> str | None:
    """The tag that protects an object, whatever the ownership tag of its project is by now; None for none."""
    tags = tree.get("tags") or []
    return next((protection(name) for name in tags if is_protected(name, tree)), None)


def on_remove(tag: str, live: Tree, default: str) -> str:
    """What the object said, in its last manifest, about its removal; `default` where it said nothing."""
    return next((action for action in _ACTIONS if f"{tag}:{action}" in (live.get("tags") or [])), default)
