"""What a step means for those who take part in an experiment, and for the properties that a warehouse gives."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.domain import FieldChange, ItemName, Json, Step, Tree, objects, path_text
from reconciler.kind import Kind
from reconciler.kinds.experiment import layer_form
from reconciler.reports.effects.effect import Danger, Effect, other_apps, other_unit
from reconciler.reports.values import flow


def of_runs(step: Step, kind: Kind) -> Iterator[Effect]:
    """What becomes of an experiment, and who takes part."""
    was, then = kind.view(step.base or {}), _then(step, kind)
    says = {change.path: change for change in step.fields}
    status = says.get(("status",))
    if status and (words := _lifecycle(status, was, then)):
        yield Effect(words, Danger.LIFECYCLE if step.base or status.desired != "setup" else None)
    if step.base is None or status:
        return
    state = _text(was.get("status"))
    runs, decided = state in kind.running, state == "decision_made"
    if runs and (share := says.get(("allocation",))):
        yield Effect(f"{flow(share.live)} % → {flow(share.desired)} % of {_whom(then)} take part.", Danger.LIFECYCLE)
    if runs and kind.taints and any(map(kind.taints, step.fields)):
        yield Effect("Who takes part, or what they get, changes while it runs.", Danger.LIFECYCLE)
    if (runs or decided) and (apps := says.get(("targetApps",))):
        yield Effect(other_apps(apps), Danger.LIFECYCLE)
    if decided:
        yield from _launched(step, was, then)
        if unit := says.get(("idType",)):
            yield Effect(f"{other_unit(unit)}.", Danger.VALUE)
    if state in _STOPPED and any(change.path[0] in _WHO_AND_WHAT for change in step.fields):
        yield Effect("It is stopped, and those who took part may get something else now.", Danger.VALUE)


_STOPPED = frozenset({"assignment_stopped", "experiment_stopped"})
"""Statuses in which users may keep their groups; what each gives is not documented."""
_WHO_AND_WHAT = frozenset({"groups", "allocation", "targetingGateID", "idType"})


def _then(step: Step, kind: Kind) -> Tree:
    """The experiment as the step leaves it, in the words of manifests."""
    whole: Tree = dict(step.base or {})
    for call in step.calls:
        if call.method in {"POST", "PATCH"} and isinstance(call.body, dict):
            whole |= call.body
        if isinstance(call.body, dict) and call.body.get("removeTargeting"):
            whole |= {"targetingGateID": None, "inlineTargetingRulesJSON": None}
    said = {str(change.path[0]): change.desired for change in step.fields if len(change.path) == 1}
    return {**kind.view(whole), **said}


def _lifecycle(status: FieldChange, was: Tree, then: Tree) -> str:
    over = _got(was)
    if status.desired == "setup":
        return _DRAFTS.get(_text(status.live), f"It is reset: nobody takes part, and what was measured is lost.{over}")
    if status.desired == "active":
        again = "" if status.live in (None, "setup") else "It is reset, and what was measured is lost. "
        return f"{again}It starts: {_share(then)} take part{_groups(then)}.{over}"
    if status.desired == "decision_made":
        return f"It ends: {_everybody(then)} {_group(then)}."
    return f"{_STATUS.get(_text(status.desired), f'It is {flow(status.desired)}.')}{over}"


def _text(status: Json) -> str | None:
    """A status, whatever the service may have said."""
    return status if isinstance(status, str) else None


def group_until_now(step: Step, kind: Kind) -> str:
    """What those who ask for an experiment that goes got; "" for nothing that would be known."""
    return _got(kind.view(step.base or {}))


def _got(was: Tree) -> str:
    return f" Until now {_everybody(was)} {_group(was)}." if was.get("status") == "decision_made" else ""


def _share(tree: Tree) -> str:
    return f"{flow(tree.get('allocation', 100))} % of {_whom(tree)}"


def _everybody(tree: Tree) -> str:
    """Who gets the group that was decided for. What becomes of those whom targeting leaves out is not documented."""
    return "everybody gets" if _whom(tree) == "all" else f"{_whom(tree)} get"


_DRAFTS: dict[str | None, str] = {
    None: "It is drafted: nobody takes part yet.",
    "archived": "It is taken out of the archive, as a draft.",
}
_STATUS: dict[str | None, str] = {
    "abandoned": "It ends without a decision: nobody gets a group any more.",
    "archived": "It is put away: whoever asks for it gets no parameters.",
    "assignment_stopped": "Nobody new takes part.",
    "experiment_stopped": "It stops.",
}
_NO_RULES: tuple[Json, ...] = (None, "", "{}", "[]", "null")


def _whom(tree: Tree) -> str:
    """Of whom a share takes part."""
    layer = layer_form(tree.get("layerID"))
    units = f"the units of layer {layer}" if layer else "all"
    gate = [f"who pass {tree['targetingGateID']}"] if tree.get("targetingGateID") else []
    rules = ["whom its inline targeting is about"] if tree.get("inlineTargetingRulesJSON") not in _NO_RULES else []
    return " ".join([units, " and ".join([*gate, *rules])]).strip()


def _groups(tree: Tree) -> str:
    shares = [f"{flow(group.get('name'))} {flow(group.get('size'))} %" for group in objects(tree.get("groups"))]
    return f", in the groups {', '.join(shares)}" if shares else ""


def _group(tree: Tree) -> str:
    name = tree.get("launchedGroup")
    if not name:
        return "the launched group"
    values = next((g.get("parameterValues") for g in objects(tree.get("groups")) if g.get("name") == name), None)
    return f"the group {flow(name)}{f', {flow(values)}' if values else ''}"


def _launched(step: Step, was: Tree, then: Tree) -> Iterator[Effect]:
    """The group that was decided for gives something else, or to others."""
    group, everybody = str(then.get("launchedGroup")), _everybody(then)
    for change in step.fields:
        if change.path[:2] == ("groups", ItemName(group)) and "parameterValues" in change.path:
            values = f"{path_text(change.path)}: {flow(change.live)} → {flow(change.desired)}"
            words = f"{everybody} the group {flow(group)}, which gives something else: {values}."
            yield Effect(words[0].upper() + words[1:], Danger.VALUE)
    if everybody != _everybody(was):
        yield Effect(f"Others get the group {flow(group)}: {_whom(was)} → {_whom(then)}.", Danger.VALUE)


def of_sources(step: Step) -> Iterator[Effect]:
    """Whose properties a source gives, and which."""
    changed = {str(change.path[0]) for change in step.fields if step.base is not None}
    if "sql" in changed:
        yield Effect("The properties of its entities come from another query.", Danger.VALUE)
    if changed & {"idTypeMapping", "timestampColumn", "timestampAsDay"}:
        yield Effect("Its properties are given to others, or are those of another time.", Danger.VALUE)
