"""What must be so after every run, whatever struck it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from reconciler.domain import Tree
from reconciler.kinds import KINDS
from tests.end_to_end.world import KEY
from tests.faults.bench import Ended, States
from tests.faults.witness import Request

_NOTHING_SENT = {"skipped", "stale"}
_BUG = ("Traceback", "BUG/")


def said(run: Ended) -> Iterator[str]:
    """The key is never told, nothing ends in a bug, and the exit code is one that there is."""
    yield from traces(run)
    if run.code not in {0, 1, 2, 130}:
        yield f"exit code {run.code}"


def traces(run: Ended) -> Iterator[str]:
    """The key is never told, and nothing ends in a bug."""
    told = run.out + run.err
    if KEY in told:
        yield "the key is told"
    yield from (f"{word} is told" for word in _BUG if word in told)


def report(run: Ended) -> Iterator[str]:
    """The report says of each step what became of it, and the exit code sums it up."""
    yield from truth(run, whole=True)
    if run.code != _code(run.report):
        yield f"exit code {run.code} does not fit the report"


def truth(run: Ended, *, whole: bool) -> Iterator[str]:
    """The report says of each step what became of it. If it is not `whole`, a step may be missing from it."""
    writes = [request for request in run.requests if request.writes]
    claimed = set()
    for end in run.report["outcomes"]:
        mine = [_of(writes, call, end["step"]["id"]) for call in end["step"]["calls"]]
        claimed |= {request.number for requests in mine for request in requests}
        yield from _outcome(end, mine, run)
    yield from _in_turn(run.report["outcomes"])
    if whole and (untold := [request for request in writes if request.number not in claimed]):
        yield f"no outcome speaks of {untold}"


def _in_turn(outcomes: list[Tree]) -> Iterator[str]:
    """No step begins before all that it needs is done."""
    ends = {(end["step"]["kind"], end["step"]["id"]): end["status"] for end in outcomes}
    for end in outcomes:
        needs = [(need["kind"], need["id"]) for need in end["step"]["needs"]]
        if end["status"] not in _NOTHING_SENT and any(ends.get(need, "done") != "done" for need in needs):
            yield f"{end['step']['id']} is {end['status']}, and not all that it needs is done"


def _of(writes: list[Request], call: Tree, id_: str) -> list[Request]:
    return [request for request in writes if request.is_of(call, id_)]


def _outcome(end: Tree, calls: list[list[Request]], run: Ended) -> Iterator[str]:
    what = f"{end['step']['kind']}/{end['step']['id']} is {end['status']}"
    taken = [any(request.took for request in requests) for requests in calls]
    match end["status"]:
        case "done" if not all(taken) and not (end["step"]["kind"] == "Tag" and end["callsMade"] == 0):
            yield f"{what}, and not all its calls were"
        case "skipped" | "stale" if any(calls):
            yield f"{what}, and calls were sent"
        case "failed" if taken != [number < end["callsMade"] for number in range(len(taken))]:
            yield f"{what} after {end['callsMade']} calls, and it was {taken}"
        case "unknown" if not _unread(calls, run):
            yield f"{what}, and nothing kept it from finding out"


def _unread(calls: list[list[Request]], run: Ended) -> bool:
    """Whether faults struck the last call and the reading that was to settle it, or each try of that reading."""
    last = max((request.number for requests in calls for request in requests), default=None)
    return last is not None and sum(each.number >= last for each in run.struck) > 1


def _code(told: Tree) -> int:
    summary = told["summary"]
    flaws = ("failed", "skipped", "stale", "unknown", "unreached", "differing", "errors")
    return 1 if any(summary[name] for name in flaws) else 0


def noted(run: Ended) -> Iterator[str]:
    """Each write was in the journal before it was sent, and what the journal calls done was."""
    calls = [event for event in run.journal if event["event"] == "call"]
    begun = {(event["method"], unquote(event["path"])) for event in calls}
    writes = [request for request in run.requests if request.writes]
    yield from (f"{each} is not in the journal" for each in writes if (each.method, each.path) not in begun)
    for event, answer in answers(run.journal):
        mine = [each for each in writes if each.is_of(event, event["id"])]
        if answer == "done" and not any(each.took for each in mine):
            yield f"the journal says that {event} is done"


def answers(journal: list[Tree]) -> Iterator[tuple[Tree, str]]:
    """Each call of the journal, and how it ended; empty if that was not noted."""
    under_way: dict[tuple[str, str], Tree] = {}
    for event in journal:
        place = event.get("kind", ""), event.get("id", "")
        if event["event"] == "call":
            under_way[place] = event
        elif event["event"] == "answer":
            yield under_way.pop(place), event["end"]
    yield from ((call, "") for call in under_way.values())


def passed_through(run: Ended, known: list[States], touched: set[str]) -> Iterator[str]:
    """Each object is in a state in which the undisturbed run had it, too. `touched`: those that a person changed."""
    for place in sorted(run.after.keys() | run.before.keys()):
        if place not in touched and run.after.get(place) not in [state.get(place) for state in known]:
            yield f"{place} is in a state that no plan leads to: {run.after.get(place)}"


def done_is_done(run: Ended, final: States, touched: set[str]) -> Iterator[str]:
    """What is reported as done is in effect right after, and all of it if the exit code says so.

    A list that could not be read well keeps objects that were to be removed; it is told.
    """
    for end in run.report.get("outcomes", ()):
        place = place_of(end["step"])
        if end["status"] == "done" and place not in touched and run.after.get(place) != final.get(place):
            yield f"{place} is reported as done, and is {run.after.get(place)}"
    if run.code == 0:
        kept = run.before.keys() - final.keys() if "PRUNE/stopped" in run.out else set()
        yield from reached(run.after, final, touched | kept)


def reached(after: States, final: States, touched: set[str]) -> Iterator[str]:
    """All is as it was after the undisturbed run."""
    for place in sorted(after.keys() | final.keys()):
        if place not in touched and after.get(place) != final.get(place):
            yield f"{place} is {after.get(place)}, and not {final.get(place)}"


def made_once(requests: list[Request], *, deleted: bool) -> Iterator[str]:
    """Nothing was made twice."""
    made: dict[tuple[str, str], int] = {}
    for request in requests:
        if request.took and request.method == "POST" and isinstance(request.body, dict):
            name = str(request.body.get("id") or request.body.get("name"))
            if request.status == 201:
                made[request.path, name] = made.get((request.path, name), 0) + 1
    yield from (f"{name} was made {times} times" for name, times in made.items() if times > 1 + deleted)


def place_of(step: Tree) -> str:
    """The object that a step is about."""
    collection = KINDS[step["kind"]].seed_key if step["kind"] in KINDS else "tags"
    return f"{collection}/{step['id']}"


# ---- people ----------------------------------------------------------------------------------------------------------


def overwritten(run: Ended, fault: Tree, place: str) -> Request | None:
    """The first write to the object that a person touched, after it was touched."""
    moment = fault["request"] - (fault["when"] == "before")
    return next((each for each in run.requests if each.number > moment and each.took and _writes_to(each, place)), None)


def seen_before(run: Ended, fault: Tree, place: str, write: Request) -> int:
    """How many reads before the write showed what the person did; 0 if that was done after the last one."""
    moment = fault["request"] - (fault["when"] == "before")
    reads = (each.number for each in run.requests if each.number < write.number and each.took and _shows(each, place))
    return sum(number > moment for number in reads)


def known_to_plan(run: Ended, fault: Tree, place: str) -> bool:
    """Whether the plan was made from a state that shows what the person did."""
    moment = fault["request"] - (fault["when"] == "before")
    first = next((each.number for each in run.requests if each.took and _shows(each, place)), None)
    return first is not None and first > moment


def _roots(place: str) -> tuple[str, str, str]:
    collection, id_ = place.split("/", 1)
    kind = next((kind for kind in KINDS.values() if kind.seed_key == collection), None)
    return (kind.collection, kind.item_root, id_) if kind else (f"/{collection}", f"/{collection}", id_)


def _shows(request: Request, place: str) -> bool:
    """Whether a reading holds the object. What people touch stands on the first page of its list."""
    root, item, id_ = _roots(place)
    return not request.writes and (request.path, request.page) in {(root, 1), (f"{item}/{id_}", 1)}


def _writes_to(request: Request, place: str) -> bool:
    root, item, id_ = _roots(place)
    body = request.body if isinstance(request.body, dict) else {}
    made = request.path == root and id_ in {body.get("id"), body.get("name")}
    path = request.path
    return request.writes and (made or path == f"{item}/{id_}" or path.startswith(f"{item}/{id_}/"))
