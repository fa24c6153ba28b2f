"""Groups of an experiment: their ids, and what must not change while the experiment runs."""

from __future__ import annotations

from decimal import Decimal

from reconciler.domain import Tree
from reconciler.emulator.errors import invalid, refused
from reconciler.emulator.identifiers import new_id
from reconciler.emulator.rules import unique_names

_WHOLE = 100
_ROUNDING = Decimal("0.1")
"""33.33 three times is taken for a whole; that sizes must sum to 100 is not in the document but implied everywhere."""


def default_groups() -> list[Tree]:
    """What an experiment gets that is made without groups."""
    return [{"name": name, "id": new_id(), "size": 50, "parameterValues": {}} for name in ("Control", "Test")]


def settle(sent: list[Tree], live: list[Tree]) -> list[Tree]:
    """The groups as they are stored: a group is the live one with its id, else the live one with its name, else new."""
    unique_names(sent, "groups", "group")
    if abs(sum((Decimal(str(group["size"])) for group in sent), Decimal()) - _WHOLE) > _ROUNDING:
        raise invalid(("groups", "Group sizes must add up to 100"))
    named = {group["id"] for group in sent if group.get("id")}
    unknown = named - {group["id"] for group in live}
    if unknown:
        raise invalid(("groups", f"A provided group ID does not match an existing group ID: {min(unknown)}"))
    by_name = {group["name"]: group["id"] for group in live if group["id"] not in named}
    return [group | {"id": group.get("id") or by_name.get(group["name"]) or new_id()} for group in sent]


def check_ids(experiment: Tree) -> None:
    """400 if the control group or the launched group is none of the groups."""
    ids = {group["id"] for group in experiment["groups"]}
    for field in ("controlGroupID", "launchedGroupID"):
        if ids and experiment.get(field) is not None and experiment[field] not in ids:
            raise invalid((field, "Group ID does not match an existing group"))


def check_running(live: Tree, wanted: Tree) -> None:
    """400 for changes that a running experiment refuses."""
    if wanted["allocation"] < live["allocation"]:
        raise refused("Allocation cannot be decreased while the experiment is active")
    if wanted["idType"] != live["idType"]:
        raise refused("ID type cannot be changed while the experiment is active")
    if _substance(wanted) != _substance(live):
        raise refused("Groups cannot be changed while the experiment is active")


def switch(groups: list[Tree], names: list[str], *, disabled: bool) -> list[Tree]:
    """The groups with those of these names switched off or on."""
    unknown = sorted(set(names) - {group["name"] for group in groups})
    if unknown:
        raise refused(f"The following groups could not be found: [{', '.join(unknown)}]")
    return [group | {"disabled": disabled} if group["name"] in names else group for group in groups]


def renewed(experiment: Tree) -> Tree:
    """The experiment with new ids for its groups."""
    ids = {group["id"]: new_id() for group in experiment["groups"]}
    groups = [group | {"id": ids[group["id"]]} for group in experiment["groups"]]
    control = experiment.get("controlGroupID")
    return experiment | {"groups": groups} | ({"controlGroupID": ids[control]} if control in ids else {})


def _substance(experiment: Tree) -> Tree:
    return {group["id"]: (group["size"], group["parameterValues"]) for group in experiment["groups"]}
