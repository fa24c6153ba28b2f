"""Whether a call that was answered with success changed its object, or opened a review instead.

How the service answers a change that needs a review is not documented, so the object decides:

the answer shows the change, and no review    it is done
read again, the object has the change         it is done
read again, it has an open review             people decide first
read again, it is as it was                   the same: dynamic configs do not show their reviews
anything else                                 it is done, and the comparison at the end says what differs
"""

from __future__ import annotations

from reconciler.applying.live import Lives
from reconciler.applying.settle import UnsettledError, in_effect
from reconciler.console import ConsoleError
from reconciler.domain import Call, Outcome, ResourceKey, Snapshot, Status, Step, Tree
from reconciler.forms import json_value
from reconciler.planning.precondition import quiet
from reconciler.planning.review import open_review

_UNSEEN = "the service accepted the call, and the object could not be read to see whether it took effect"
_NO_EFFECT = "the service accepted the call and the object did not change: a review may be pending"


class ReviewPendingError(Exception):
    """A call was accepted, and people decide whether it takes effect; the message says what is known of the review."""


def under_review(step: Step, live: Snapshot) -> Outcome | None:
    """The end of a step on whose object a review is open before anything was done."""
    review = open_review(live.objects.get(step.key))
    return Outcome(step, Status.PENDING_REVIEW, 0, str(review)) if review else None


def demand_effect(lives: Lives, key: ResourceKey, call: Call, before: Tree | None) -> None:
    """See that a call that was answered with success took effect. Raises ReviewPendingError and UnsettledError."""
    kind = lives.kinds.get(key.kind)
    if kind is None:
        return
    answered = lives.seen.get(key)
    if answered is not None and not open_review(answered) and in_effect(kind, call, answered):
        return
    try:
        found = lives.look_again(key)
    except ConsoleError as error:
        raise UnsettledError(f"{_UNSEEN}: {error}") from error
    if in_effect(kind, call, found):
        return
    demand_no_review(found)
    if json_value(quiet(found)) == json_value(quiet(before)):
        raise ReviewPendingError(_NO_EFFECT)


def demand_no_review(live: Tree | None) -> None:
    """ReviewPendingError if a review is open on the object."""
    if review := open_review(live):
        raise ReviewPendingError(str(review))
