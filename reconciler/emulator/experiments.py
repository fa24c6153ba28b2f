"""``/experiments``: making and changing experiments. Their way from setup to a decision is in `experiment_steps`.

Not in any document, decided here: layers and the gate that is targeted must exist; ids of groups are refused when they
are unknown; sizes must add up to 100; a PATCH of the status starts and decides and does nothing else; an experiment can
be deleted in any status, and its implicit layer goes with it.
"""

from __future__ import annotations

from reconciler.domain import Tree
from reconciler.emulator import fields, groups, lifecycle, writing
from reconciler.emulator.bodies import ExperimentCreate, ExperimentUpdate, read
from reconciler.emulator.errors import invalid, refused
from reconciler.emulator.layers import LAYERS, check_layer, implicit_id, implicit_layer
from reconciler.emulator.request import Request
from reconciler.kinds import KINDS

KIND = KINDS["Experiment"]
EXPERIMENTS = KIND.seed_key

DEFAULTS: Tree = {
    "description": "",
    "idType": "userID",
    "hypothesis": "",
    "links": [],
    "allocation": 100,
    "duration": 14,
    "targetingGateID": "",
    "status": "setup",
    "layerID": None,
    "launchedGroupID": None,
    "startTime": None,
    "endTime": None,
    "decisionTime": None,
    "decisionReason": None,
    "bonferroniCorrection": False,
    "sequentialTesting": False,
    "defaultConfidenceInterval": "95",
    "analyticsType": "frequentist",
    "primaryMetrics": [],
    "primaryMetricTags": [],
    "secondaryMetrics": [],
    "secondaryMetricTags": [],
    "healthChecks": [],
    "healthCheckStatus": "PASSED",
    "inlineTargetingRulesJSON": "{}",
    "team": None,
    "teamID": None,
    "owner": fields.OWNER,
    "tags": [],
    "holdoutIDs": [],
    "targetApps": [],
}
"""What the service fills in where a new experiment says nothing; its groups are made for each."""

_KEPT = {"name", "creatorID", "creatorEmail", "status", "launchedGroupID", "decisionReason", "groups", "controlGroupID"}
_RESET = frozenset(ExperimentUpdate.model_fields) - _KEPT
_REQUIRED = (
    "description", "idType", "hypothesis", "groups", "allocation", "targetingGateID", "bonferroniCorrection",
    "defaultConfidenceInterval", "status",
)  # fmt: skip


def create(request: Request) -> Tree:
    """POST /experiments: in setup, or active at once."""
    sent = read(ExperimentCreate, request.body, "name")
    id_, name = fields.identity(sent)
    fields.check_free(request, KIND, id_)
    check_layer(request, sent)
    status = sent.pop("status", "setup")
    if status not in {"setup", "active"}:
        raise invalid(("status", "Experiments can only be created as setup or active"))
    unset = DEFAULTS | writing.authored(request) | {"groups": groups.default_groups()}
    draft = unset | _settled(request, {}, sent) | {"id": id_, "name": name}
    draft = _with_control(draft)
    return add(request, started(request, draft) if status == "active" else draft)


def update(request: Request) -> Tree:
    """POST /experiments/{id}: all writable fields at once."""
    live = editable(request)
    sent = read(ExperimentUpdate, request.body, *_REQUIRED)
    return _changed(request, live, sent, fields.replaced(live, _settled(request, live, sent), DEFAULTS, _RESET))


def patch(request: Request) -> Tree:
    """PATCH /experiments/{id}: what is sent changes; a list of groups replaces the whole list."""
    live = editable(request)
    sent = read(ExperimentUpdate, request.body)
    return _changed(request, live, sent, live | _settled(request, live, sent))


def delete(request: Request) -> Tree:
    """DELETE /experiments/{id}: answers with what was deleted, as the document declares for this operation alone."""
    live = request.find(EXPERIMENTS)
    writing.remove(request, EXPERIMENTS, live)
    request.session.remove("experiment_overrides", request.id)
    request.session.remove("scheduled_starts", request.id)
    request.session.remove(LAYERS, implicit_id(request.id))
    return live


def add(request: Request, experiment: Tree) -> Tree:
    """Store a new experiment."""
    return writing.save(request, EXPERIMENTS, None, experiment)


def editable(request: Request) -> Tree:
    """The experiment that the path names; 400 while it is archived."""
    live = request.find(EXPERIMENTS)
    if live["status"] == "archived":
        raise refused(lifecycle.ARCHIVED)
    return live


def started(request: Request, experiment: Tree) -> Tree:
    """The experiment, running from now on. If it has no layer, its implicit one is made and read back from then on."""
    running = lifecycle.start(experiment, request.now)
    request.session.remove("scheduled_starts", experiment["id"])
    return running if experiment["layerID"] else running | {"layerID": implicit_layer(request, running)}


def _changed(request: Request, live: Tree, sent: Tree, wanted: Tree) -> Tree:
    draft = _with_control(wanted | {"status": live["status"]})
    if live["status"] == "active":
        groups.check_running(live, draft)
    if wanted["status"] != live["status"]:
        draft = _moved(request, draft, sent)
    return writing.save(request, EXPERIMENTS, live, draft)


def _moved(request: Request, draft: Tree, sent: Tree) -> Tree:
    """A change of status by PATCH: starting and deciding are possible, nothing else is."""
    match sent["status"]:
        case "active":
            return started(request, draft)
        case "decision_made" if not sent.get("launchedGroupID"):
            raise invalid(("launchedGroupID", "Required"))
        case "decision_made":
            return lifecycle.decide(draft, sent["launchedGroupID"], sent.get("decisionReason", ""), request.now)
    raise refused(f"Experiment status cannot be changed from {draft['status']} to {sent['status']}")


def _with_control(draft: Tree) -> Tree:
    """The first group is the control group unless another one is."""
    if "controlGroupID" not in draft:
        draft = draft | {"controlGroupID": next((group["id"] for group in draft["groups"]), "")}
    groups.check_ids(draft)
    return draft


def _settled(request: Request, live: Tree, sent: Tree) -> Tree:
    settled = fields.settle(request, sent) | _grown(live, sent)
    if "groups" in sent:
        settled["groups"] = groups.settle(sent["groups"], live.get("groups", []))
        settled |= _orphaned(live, settled)
    if "targetingGateID" in sent:
        settled["targetingGateID"] = _targeting(request, sent["targetingGateID"])
    if sent.get("isAnalysisOnly", True) is None:
        settled["isAnalysisOnly"] = False
    return settled


def _orphaned(live: Tree, settled: Tree) -> Tree:
    """The control group passes to the first group when it is taken away."""
    ids = [group["id"] for group in settled["groups"]]
    gone = "controlGroupID" not in settled and live.get("controlGroupID") not in ids
    return {"controlGroupID": ids[0]} if gone and ids else {}


def _targeting(request: Request, gate: str | None) -> str:
    """No gate is read back as an empty text."""
    if gate and request.session.get("gates", gate) is None:
        raise refused(f"The following Gate IDs could not be found: [{gate}]")
    return gate or ""


def _grown(live: Tree, sent: Tree) -> Tree:
    """Metric tags become metrics and are gone. Which metrics carry a tag is not stored: each tag stands for one."""
    grown: Tree = {}
    for tags, metrics in (("primaryMetricTags", "primaryMetrics"), ("secondaryMetricTags", "secondaryMetrics")):
        if sent.get(tags):
            known: list[Tree] = sent[metrics] if metrics in sent else live.get(metrics, [])
            expanded = [{"name": f"{tag} metric", "type": "event_count_custom"} for tag in sent[tags]]
            grown |= {tags: [], metrics: known + [metric for metric in expanded if metric not in known]}
    return grown
