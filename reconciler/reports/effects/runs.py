"""What a step means for those who take part in an experiment, and for the properties that a warehouse gives."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import FieldChange, ItemName, Json, Step, Tree, path_text
from reconciler.kind import Kind
from reconciler.kinds.experiment import layer_form
from reconciler.reports.effects.effect import Danger, Effect
from reconciler.reports.values import flow


def of_runs(step: Step, kind: Kind) -> Iterator[Effect]:
    """What becomes of an experiment, and who takes part."""
    was, then = kind.view(step.base or {}), _then(step, kind)
    says = {change.path: change for change in step.fields}
    status = says.get(("status",))
    if status and (words := _lifecycle(status, then)):
        yield Effect(words, Danger.LIFECYCLE if step.base or status.desired != "setup" else None)
    if step.base is None:
        return
    runs = was.get("status") in kind.running
    if runs and (share := says.get(("allocation",))):
        yield Effect(f"{flow(share.live)} % → {flow(share.desired)} % of {_whom(then)} take part.", Danger.LIFECYCLE)
    if runs and any(path[:1] in {("groups",), ("targetingGateID",), ("layerID",)} for path in says):
        yield Effect("Who takes part, or what they get, changes while it runs.", Danger.LIFECYCLE)
    if was.get("status") == "decision_made" == then.get("status"):
        yield from _launched(step, str(then.get("launchedGroup")))


def _then(step: Step, kind: Kind) -> Tree:
    """The experiment as the step leaves it, in the words of manifests."""
    whole: Tree = dict(step.base or {})
    for call in step.calls:
        if call.method in {"POST", "PATCH"} and isinstance(call.body, dict):
            whole |= call.body
    said = {str(change.path[0]): change.desired for change in step.fields if len(change.path) == 1}
    return {**kind.view(whole), **said}


def _lifecycle(status: FieldChange, then: Tree) -> str:
    if status.desired == "setup":
        return _DRAFTS.get(status.live, "It is reset: nobody takes part, and what was measured is lost.")
    if status.desired == "active":
        return f"It starts: {flow(then.get('allocation', 100))} % of {_whom(then)} take part{_groups(then)}."
    if status.desired == "decision_made":
        return f"It ends: everybody gets {_group(then)}."
    return _STATUS.get(status.desired, f"It is {flow(status.desired)}.")


_DRAFTS: dict[Json, str] = {
    None: "It is drafted: nobody takes part yet.",
    "archived": "It is taken out of the archive, as a draft.",
}
_STATUS: dict[Json, str] = {
    "abandoned": "It ends without a decision: nobody gets a group any more.",
    "archived": "It is put away.",
    "assignment_stopped": "Nobody new takes part.",
    "experiment_stopped": "It stops.",
}


def _whom(tree: Tree) -> str:
    """Of whom a share takes part."""
    layer = layer_form(tree.get("layerID"))
    units = f"the units of layer {layer}" if layer else "all"
    gate = [f"who pass {tree['targetingGateID']}"] if tree.get("targetingGateID") else []
    rules = ["whom its inline targeting is about"] if tree.get("inlineTargetingRulesJSON") else []
    return " ".join([units, " and ".join([*gate, *rules])]).strip()


def _groups(tree: Tree) -> str:
    shares = [
        f"{flow(group.get('name'))} {flow(group.get('size'))} %"
        for group in tree.get("groups") or ()
        if isinstance(group, dict)
    ]
    return f", in the groups {', '.join(shares)}" if shares else ""


def _group(tree: Tree) -> str:
    name = tree.get("launchedGroup")
    if not name:
        return "the launched group"
    values = next((g.get("parameterValues") for g in tree.get("groups") or () if g.get("name") == name), None)
    return f"the group {flow(name)}{f', {flow(values)}' if values else ''}"


def _launched(step: Step, group: str) -> Iterator[Effect]:
    """The group that everybody gets by now gives something else."""
    for change in step.fields:
        if change.path[:2] == ("groups", ItemName(group)) and "parameterValues" in change.path:
            values = f"{path_text(change.path)}: {flow(change.live)} → {flow(change.desired)}"
            yield Effect(f"Everybody gets the group {flow(group)}, which gives something else: {values}.", Danger.VALUE)


def of_sources(step: Step) -> Iterator[Effect]:
    """Whose properties a source gives, and which."""
    changed = {str(change.path[0]) for change in step.fields if step.base is not None}
    if "sql" in changed:
        yield Effect("The properties of its entities come from another query.", Danger.VALUE)
    if changed & {"idTypeMapping", "timestampColumn", "timestampAsDay"}:
        yield Effect("Its properties are given to others, or are those of another time.", Danger.VALUE)
