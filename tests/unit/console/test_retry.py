"""What is tried again, how often, and after which pause."""

from __future__ import annotations

import time

import httpx
import pytest
import stamina

from reconciler.console import (
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    Console,
    ConsoleError,
    Forbidden,
    NotFound,
    NotSent,
    Patience,
    RateLimited,
    ServerError,
    Unsendable,
)
from reconciler.console.retry import ON_READ
from reconciler.domain import Call

from .service import Reply, Service, fails, says, text

CALL = Call("PATCH", "/gates/a_gate", {"description": "x"})
DONE = says({"message": "ok", "data": {"id": "a_gate"}})
UNSENT = fails(httpx.ConnectError("refused"))
LOST = fails(httpx.ReadTimeout("timed out"))
LIMITED = says({"message": "Too many"}, 429)
BROKEN = says({"message": "Oops"}, 500)


def read(console: Console) -> object:
    """A read of one object."""
    return console.read("/gates/a_gate")


def write(console: Console) -> object:
    """A change of one object."""
    return console.write(CALL)


@pytest.mark.parametrize("trouble", [UNSENT, LOST, LIMITED, BROKEN, text("not json")])
def test_a_read_survives_passing_trouble(trouble: Reply) -> None:
    service = Service(trouble, trouble, DONE)
    with service.console() as console:
        assert console.read("/gates/a_gate") == {"message": "ok", "data": {"id": "a_gate"}}
    assert len(service.requests) == 3


@pytest.mark.parametrize("trouble", [UNSENT, LIMITED])
def test_a_write_is_made_again_where_it_is_certain_that_nothing_happened(trouble: Reply) -> None:
    service = Service(trouble, trouble, DONE)
    with service.console() as console:
        assert console.write(CALL)["data"] == {"id": "a_gate"}
    assert [request.content for request in service.requests] == [b'{"description":"x"}'] * 3


@pytest.mark.parametrize(("trouble", "kind"), [(LOST, AnswerLost), (BROKEN, ServerError), (text("<html>"), AnswerLost)])
def test_a_write_that_may_have_happened_is_never_made_again(trouble: Reply, kind: type[ConsoleError]) -> None:
    service = Service(trouble, DONE)
    with service.console() as console, pytest.raises(kind):
        console.write(CALL)
    assert len(service.requests) == 1


@pytest.mark.parametrize("act", [read, write])
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (says({"message": "no"}, 400), ApiError),
        (says({"message": "no"}, 403), Forbidden),
        (says({"message": "no"}, 404), NotFound),
        (text("", 302, location="https://elsewhere.example/"), ApiError),
        (text(" " * 20_000), AnswerTooLarge),
    ],
)
def test_what_would_fail_the_same_way_is_not_tried_again(act: object, trouble: Reply, kind: type[ConsoleError]) -> None:
    assert callable(act)
    service = Service(trouble)
    with service.console() as console, pytest.raises(kind):
        act(console)
    assert len(service.requests) == 1


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_path_that_no_address_can_hold_is_certainly_not_sent(method: str) -> None:
    service = Service(DONE)
    call = Call(method, "/gates/" + "x" * 100_000)
    with service.console() as console, pytest.raises(Unsendable) as caught:
        console.read(call.path) if method == "GET" else console.write(call)
    assert service.requests == []
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(("trouble", "kind"), [(UNSENT, NotSent), (LIMITED, RateLimited), (BROKEN, ServerError)])
def test_attempts_are_bounded_and_the_last_error_is_raised(trouble: Reply, kind: type[ConsoleError]) -> None:
    service = Service(trouble)
    with service.console(patience=Patience(attempts=4)) as console, pytest.raises(kind):
        console.read("/gates/a_gate")
    assert len(service.requests) == 4


def test_a_single_request_is_a_single_attempt() -> None:
    service = Service(LIMITED)
    with service.console() as console, pytest.raises(RateLimited):
        console.request("GET", "/gates")
    assert len(service.requests) == 1


# ---- pauses --------------------------------------------------------------------------------------------------------


def limited(retry_after: float | None) -> RateLimited:
    """A refusal that asks for a pause."""
    return RateLimited(429, "Too many", (), None, CALL, retry_after)


@pytest.mark.parametrize("asked", [0.0, 7.0, 60.0])
def test_the_pause_that_the_service_asks_for_is_honoured_with_a_little_spread(asked: float) -> None:
    pause = Patience().pause_after(limited(asked), (RateLimited,))
    assert not isinstance(pause, bool)
    assert asked <= pause <= asked + 1


def test_a_pause_beyond_all_patience_is_left_to_the_caller() -> None:
    service = Service(says({"message": "Too many"}, 429, retry_after="900"))
    with service.console() as console, pytest.raises(RateLimited) as caught:
        console.write(CALL)
    assert caught.value.retry_after == 900.0
    assert len(service.requests) == 1


def test_more_patience_waits_longer() -> None:
    assert Patience(longest_pause_seconds=900.0).pause_after(limited(900.0), (RateLimited,)) is not False


def test_without_a_wish_of_the_service_the_pause_grows_by_itself() -> None:
    assert Patience().pause_after(limited(None), ON_READ) is True
    assert Patience().pause_after(NotSent("refused", CALL), ON_READ) is True


def test_errors_that_are_not_of_the_service_are_not_tried_again() -> None:
    assert Patience().pause_after(KeyError("x"), ON_READ) is False


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "12"}, 12.0),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "-3"}, 0.0),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:28:30 GMT"}, 0.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:30 GMT"}, None),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:30", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wished_pause_is_read_as_seconds_or_as_a_date(
    headers: dict[str, str], seconds: float | None, status: int
) -> None:
    with Service(says({}, status, **headers)).console() as console, pytest.raises(ApiError) as caught:
        console.request("GET", "/gates")
    assert caught.value.retry_after == seconds


def test_the_wished_pause_is_what_a_read_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    service = Service(says({}, 429, retry_after="7"), LIMITED, DONE)
    with stamina.set_testing(False), service.console() as console:
        console.read("/gates/a_gate")
    assert 7 <= pauses[0] <= 8
    assert 0 < pauses[1] <= 11
    assert len(pauses) == 2
