"""Reviews: what becomes of a change that somebody else must approve first.

The document says where reviews are switched on and how an active one is shown, and nothing between. Decided here, as
the least surprising:

- a review is required of gates, dynamic configs and experiments by the project (``is_config_review_required``; of
  experiments that are only analysed by ``is_whn_analysis_only_review_required``), of entity property sources by
  ``is_whn_source_review_required``, and of a gate also by its own `reviewSettings`;
- it is asked for by requests with the header ``x-respect-review-settings`` and any value but ``false``. Others go
  through, also while a review is open;
- such a request is checked as ever. If it would be done, it is kept in a review instead, and answered as a success
  that shows the object as it is, with its `activeReview`; configs and sources show none;
- while a review is open further such requests are answered in the same way, and dropped;
- deleting an object is a change of it. Making one is none, nor are overrides: both are done at once;
- the review becomes a change when somebody approves it in the console, who is then its author.

Settings of environments and teams are not looked at. A seeded `activeReview` is a review whose change nobody knows,
unless the seed says it under `reviews`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from reconciler.domain import Json, Tree
from reconciler.emulator import writing
from reconciler.emulator.bodies import ReviewsBody, read
from reconciler.emulator.identifiers import new_id
from reconciler.emulator.inventory import REVIEWS
from reconciler.emulator.paging import Page
from reconciler.emulator.request import Request
from reconciler.emulator.session import Session

SETTINGS = "review_settings"
_SHOWING = frozenset({"gates", "experiments"})
"""Collections whose objects show their active review."""
_CONFIG = ("config_review_create", "config_review_commit", "config_review_reject")
_LOGGED: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "gates": _CONFIG,
        "dynamic_configs": _CONFIG,
        "experiments": ("experiment_review_create", "apply_experiment_review", "experiment_review_reject"),
        "entity_properties": (
            "create_echidna_source_review",
            "commit_echidna_source_review",
            "reject_echidna_source_review",
        ),
    }
)
"""What the audit log calls the opening, the approval and the rejection of a review."""

_OPEN, _APPROVE, _REJECT = range(3)

Run = Callable[[Request], Json | Page]


def change_settings(request: Request) -> Tree:
    """POST /settings/reviews."""
    live = request.find(SETTINGS, SETTINGS)
    wanted: Tree = live | read(ReviewsBody, request.body)
    request.session.put(SETTINGS, SETTINGS, wanted)
    return wanted


def reviewed(request: Request, collection: str, operation: str, run: Run) -> Json | Page:
    """What the object's operation `run` answers, or would answer if a review were not required."""
    live = request.find(collection)
    if _is_dry(request) or not _required(request.session, collection, live):
        return run(request)
    with request.session.undone():
        answer = run(request)
    shown = _under_review(request, collection, operation, live)
    return shown if isinstance(answer, dict) else answer


def approve(request: Request, collection: str, operations: Mapping[str, Run]) -> None:
    """Make the change that is kept for the object, as whoever makes this request. KeyError if there is no review."""
    kept = _close(request, collection, _APPROVE)
    if kept:
        operations[kept["operation"]](replace(request, params=kept["params"] | request.params, body=kept["body"]))


def reject(request: Request, collection: str) -> None:
    """Forget the change that is kept for the object. KeyError if there is no review."""
    _close(request, collection, _REJECT)


def _required(session: Session, collection: str, live: Tree) -> bool:
    settings = session.get(SETTINGS, SETTINGS) or {}
    if collection == "entity_properties":
        return bool(settings.get("is_whn_source_review_required"))
    if live.get("isAnalysisOnly"):
        return bool(settings.get("is_whn_analysis_only_review_required"))
    own = collection == "gates" and live.get("reviewSettings", {}).get("requiredReview")
    return bool(own or settings["is_config_review_required"])


def _is_dry(request: Request) -> bool:
    return isinstance(request.body, dict) and bool(request.body.get("dryRun"))


def _under_review(request: Request, collection: str, operation: str, live: Tree) -> Tree:
    """The object with its review, which is opened if there is none."""
    key = f"{collection}/{request.id}"
    if "activeReview" in live or request.session.get(REVIEWS, key):
        return live
    request.session.put(REVIEWS, key, {"operation": operation, "params": dict(request.params), "body": request.body})
    writing.log(request, {_LOGGED[collection][_OPEN]: {}}, live)
    if collection not in _SHOWING:
        return live
    review = {"reviewID": new_id(), "reviewStatus": "pending", "description": f"Opened by {request.actor.name}"}
    shown = live | {"activeReview": review}
    request.session.put(collection, request.id, shown)
    return shown


def _close(request: Request, collection: str, step: int) -> Tree | None:
    """The change that was kept, if it is known. There is no review any more."""
    key = f"{collection}/{request.id}"
    live, kept = request.session.get(collection, request.id), request.session.get(REVIEWS, key)
    if live is None or not (kept or "activeReview" in live):
        raise KeyError(key)
    request.session.remove(REVIEWS, key)
    request.session.put(collection, request.id, {name: live[name] for name in live if name != "activeReview"})
    writing.log(request, {_LOGGED[collection][step]: {}}, live)
    return kept
