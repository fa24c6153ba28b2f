"""Fields that several kinds have, and what the service makes of them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from reconciler.domain import Tree
from reconciler.emulator.errors import NAME_TAKEN, invalid, refused
from reconciler.emulator.identifiers import slug, stable_id
from reconciler.emulator.request import Request
from reconciler.kind import Kind
from reconciler.kinds import KINDS

OWNER: Tree = {"ownerType": "SDK_KEY", "ownerName": "CONSOLE API"}
"""Who owns what a key made."""

_TAGGED = ("tags", "primaryMetricTags", "secondaryMetricTags")


def settle(request: Request, sent: Tree) -> Tree:
    """What was sent, with the fields that every kind may have as they are read back; 400 for tags that do not exist."""
    _check_tags(request, sent)
    return sent | _target_apps(sent) | _team(sent) | _creator(sent)


def identity(sent: Tree) -> tuple[str, str]:
    """Id and name of a new object: without an id it is made from the name, without a name the id serves."""
    if not {"id", "name"} & sent.keys():
        raise invalid(("name", "Required"))
    id_ = str(sent["id"] if "id" in sent else slug(sent["name"]))
    return id_, str(sent.get("name", id_))


def check_free(request: Request, kind: Kind, id_: str) -> None:
    """400 if the id is taken. Dynamic configs and experiments share one map of ids; archived objects keep theirs."""
    rivals = [other.seed_key for other in KINDS.values() if other.namespace == kind.namespace]
    if any(request.session.get(collection, id_) is not None for collection in rivals):
        raise refused(NAME_TAKEN)


def replaced(live: Tree, sent: Tree, defaults: Tree, reset: AbstractSet[str]) -> Tree:
    """A live object after a full update: fields of `reset` that were not sent fall back to what they are at creation.

    Whether the service resets or keeps them is unknown; resetting is what a client must be prepared for.
    """
    fallback = {field: value for field, value in defaults.items() if field in reset}
    return {field: value for field, value in live.items() if field not in reset} | fallback | sent


def _check_tags(request: Request, sent: Tree) -> None:
    wanted = {tag for field in _TAGGED for tag in sent.get(field, [])}
    missing = sorted(wanted - {tag["name"] for tag in request.session.all("tags")}) if wanted else []
    if missing:
        raise refused(f"The following tags could not be found: [{', '.join(missing)}]")


def _target_apps(sent: Tree) -> Tree:
    apps = sent.get("targetApps")
    return {"targetApps": [apps]} if isinstance(apps, str) else {}


def _team(sent: Tree) -> Tree:
    """Name and id of a team are both read back. Teams are not stored: what was not written is made from the other."""
    if "team" in sent and "teamID" not in sent:
        return {"teamID": stable_id(sent["team"]) if sent["team"] else None}
    if "teamID" in sent and "team" not in sent:
        return {"team": sent["teamID"]}
    return {}


def _creator(sent: Tree) -> Tree:
    email = sent.get("creatorEmail")
    return {"creatorID": stable_id(email)} if email and "creatorID" not in sent else {}
