"""Every failure has a class to branch on, says which call it was, and never shows the key."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Callable

import httpx
import pytest

from reconciler.console import (
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    Console,
    ConsoleError,
    Forbidden,
    Invalid,
    ListingError,
    NotFound,
    NotSent,
    RateLimited,
    ServerError,
    Unauthorized,
)
from reconciler.domain import Call

from .service import KEY, Broken, Reply, Service, fails, page, says, text

ECHO = f"This endpoint only accepts an active CONSOLE key, but an invalid key was sent. Key: {KEY}"
PATH = "/gates/a_gate"


def raised_by(*replies: Reply, act: Callable[[Console], object] = lambda console: console.read(PATH)) -> ConsoleError:
    """The error that a call of a service with these replies ends in."""
    with Service(*replies).console() as console, pytest.raises(ConsoleError) as caught:
        act(console)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Invalid),
        (418, Invalid),
        (422, Invalid),
        (429, RateLimited),
        (500, ServerError),
        (502, ServerError),
        (599, ServerError),
        (304, ApiError),
    ],
)
def test_each_status_has_its_class(status: int, kind: type[ApiError]) -> None:
    error = raised_by(says({"status": status, "message": "No."}, status))
    assert type(error) is kind
    assert error.status == status
    assert error.message == "No."


def test_a_refusal_says_which_call_and_why_in_every_form() -> None:
    body = {"status": 400, "message": "Bad Request", "errors": [{"property": "name", "errorMessage": "Required"}]}
    error = raised_by(
        says(body, 400, x_request_id="req-7"), act=lambda console: console.request("PATCH", PATH, {"a": 1})
    )
    assert str(error) == "PATCH /gates/a_gate answered 400: Bad Request (name: Required) [request req-7]"
    for shown in (repr(error), str(error.args)):
        for part in ("PATCH", PATH, "400", "Bad Request", "Required", "req-7"):
            assert part in shown
    assert error.call == Call("PATCH", PATH)


def test_errors_survive_a_pickle() -> None:
    error = raised_by(says({"message": "Slow down."}, 429, retry_after="999"))
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line itself
    assert isinstance(copied, RateLimited)
    assert (str(copied), copied.retry_after) == (str(error), 999.0)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("[Errno 111] Connection refused"),
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectTimeout("timed out"),
        httpx.PoolTimeout(""),
        httpx.ProxyError("403 Forbidden"),
        httpx.UnsupportedProtocol("no such protocol"),
    ],
)
def test_a_request_that_never_left_is_not_sent(error: Exception) -> None:
    found = raised_by(fails(error))
    assert type(found) is NotSent
    assert str(found).startswith("GET /gates/a_gate: statsigapi.net could not be reached: ")


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("The read operation timed out"),
        httpx.WriteTimeout("The write operation timed out"),
        httpx.ReadError("[Errno 104] Connection reset by peer"),
        httpx.WriteError("[Errno 32] Broken pipe"),
        httpx.CloseError(""),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.LocalProtocolError(""),
    ],
)
def test_a_request_that_may_have_arrived_is_an_answer_lost(error: Exception) -> None:
    assert type(raised_by(fails(error))) is AnswerLost


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '"done"',
        '{"data": ',
        '{"data": NaN}',
        "{" * 100,
        "[" * 9_000 + "]" * 500,
        b"\xff\xfe{",
        "<html><body>Please log in</body></html>",
    ],
)
def test_a_success_without_a_json_object_is_an_answer_lost(body: str | bytes) -> None:
    error = raised_by(text(body, 200, cf_ray="ray-1"))
    assert type(error) is AnswerLost
    assert error.message == "the answer (200) is not a JSON object"
    assert error.request_id == "ray-1"


def test_a_success_that_is_nested_without_end_is_an_answer_lost() -> None:
    error = raised_by(text('{"data": ' + "[" * 300 + "]" * 300 + "}", 200))
    assert type(error) is AnswerLost
    assert error.message == "the answer (200) is nested more than 200 deep"


def test_a_success_that_breaks_off_is_an_answer_lost() -> None:
    cut = httpx.RemoteProtocolError("peer closed connection without sending complete message body")
    error = raised_by(lambda: httpx.Response(200, stream=Broken(b'{"data": [', cut)))
    assert type(error) is AnswerLost
    assert "without sending complete message body" in error.message


def test_a_packed_answer_that_cannot_be_unpacked_is_an_answer_lost() -> None:
    stream = httpx.ByteStream(b"not gzip")
    error = raised_by(lambda: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=stream))
    assert type(error) is AnswerLost


def test_a_refusal_whose_body_breaks_off_is_still_that_refusal() -> None:
    error = raised_by(lambda: httpx.Response(403, stream=Broken(b'{"mess', httpx.ReadError("reset"))))
    assert type(error) is Forbidden


def test_an_answer_above_the_bound_is_given_up_without_reading_on() -> None:
    read: list[int] = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
            while True:
                read.append(1_000)
                yield b" " * 1_000

    error = raised_by(lambda: httpx.Response(200, stream=Endless()))
    assert type(error) is AnswerTooLarge
    assert "larger than 10000 bytes" in str(error)
    assert sum(read) == 11_000


def test_a_refusal_that_never_ends_is_read_only_to_its_message() -> None:
    class Endless(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
            while True:
                yield b"no " * 1_000

    error = raised_by(lambda: httpx.Response(400, stream=Endless()))
    assert type(error) is Invalid
    assert error.message.startswith("no no no")
    assert len(error.message) == 300


@pytest.mark.parametrize(
    ("body", "message", "fields"),
    [
        ({"message": "Name is already in use"}, "Name is already in use", ()),
        ({"Message": "Bad", "Errors": ["one", "two"]}, "Bad", (("", "one"), ("", "two"))),
        ({"error": "nope"}, "nope", ()),
        ({"error": {"message": "deep"}}, "deep", ()),
        ({"error": {"code": 5}}, '{"code": 5}', ()),
        ({"message": ["a must be text", "b is missing"]}, "a must be text; b is missing", ()),
        ({"message": 17}, "17", ()),
        ({"message": "", "error": "Bad Request"}, "Bad Request", ()),
        ({"message": None}, "Bad Request", ()),
        ({"message": True}, "Bad Request", ()),
        ({}, "Bad Request", ()),
        ([], "[]", ()),
        ({"message": "m", "errors": {"name": "Required"}}, "m", (("name", "Required"),)),
        ({"message": "m", "errors": {"name": ["a", "b"]}}, "m", (("name", "a; b"),)),
        ({"message": "m", "errors": {"property": "name", "errorMessage": "Required"}}, "m", (("name", "Required"),)),
        ({"message": "m", "errors": "all wrong"}, "m", (("", "all wrong"),)),
        (
            {"message": "m", "errors": [{"path": ["rules", 0, "name"], "message": "dup"}]},
            "m",
            (("rules.0.name", "dup"),),
        ),
        ({"message": "m", "errors": [{"code": 1}, 2, None]}, "m", (("", '{"code": 1}'), ("", "2"), ("", ""))),
        ({"message": "m", "errors": 5}, "m", ()),
    ],
)
def test_the_words_of_a_refusal_are_found_in_every_form(
    body: object, message: str, fields: tuple[tuple[str, str], ...]
) -> None:
    error = raised_by(says(body, 400))
    assert isinstance(error, Invalid)
    assert (error.message, error.field_errors) == (message, fields)


def test_a_flood_of_field_errors_is_cut() -> None:
    error = raised_by(says({"message": "m", "errors": ["wrong"] * 5_000}, 400))
    assert isinstance(error, Invalid)
    assert len(error.field_errors) == 20


def test_the_page_of_a_proxy_is_shown_as_its_words() -> None:
    html = (
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>b{}</style>"
        "<script>alert('x')</script></head><body><h1>Bad&nbsp;Gateway</h1><p>cloud edge</p></body></html>"
    )
    error = raised_by(text(html, 502, content_type="text/html"))
    assert isinstance(error, ServerError)
    assert error.message == "502 Bad Gateway Bad Gateway cloud edge"


@pytest.mark.parametrize("body", ["<", "<![odd[x]]>", "<!-- never closed", "<a" * 20_000, "<script>x", "< > <>"])
def test_a_page_that_is_broken_is_still_a_refusal(body: str) -> None:
    assert type(raised_by(text(body, 502))) is ServerError


def test_an_absurdly_nested_refusal_is_still_a_refusal() -> None:
    nested = "[" * 900 + "]" * 900
    assert type(raised_by(text('{"message": %s, "errors": %s}' % (nested, nested), 400))) is Invalid  # noqa: UP031


@pytest.mark.parametrize(("status", "words"), [(503, "Service Unavailable"), (599, "no reason was given")])
def test_a_refusal_without_a_word_is_named_by_its_status(status: int, words: str) -> None:
    assert raised_by(text("", status)).message == words


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_names_the_host(status: int) -> None:
    service = Service(text("", status, location="https://elsewhere.example/console/v1/gates?secret=1"))
    with service.console() as console, pytest.raises(ApiError) as caught:
        console.read(PATH)
    assert type(caught.value) is ApiError
    assert caught.value.status == status
    assert "redirect to elsewhere.example" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert [request.url.host for request in service.requests] == ["statsigapi.net"]


def test_a_redirect_on_the_same_host_is_refused_too() -> None:
    assert "another path of the same host" in str(raised_by(text("", 302, location="/login")))


def test_a_redirect_that_leads_nowhere_is_an_error_like_any_other() -> None:
    assert type(raised_by(text("", 302, location="https://elsewhere.example:port/"))) is AnswerLost
    assert type(raised_by(text("", 302))) is ApiError


# ---- the key -------------------------------------------------------------------------------------------------------


def _leaky_listing(console: Console) -> object:
    return console.list(f"/keys/{KEY}")


SCENARIOS: dict[str, Callable[[], ConsoleError]] = {
    "401 with the key in its message": lambda: raised_by(says({"status": 401, "message": ECHO}, 401)),
    "401 with the key in a field error": lambda: raised_by(says({"message": "m", "errors": [ECHO]}, 401)),
    "401 with the key as a property": lambda: raised_by(says({"message": "m", "errors": {KEY: KEY}}, 401)),
    "401 with the key as text": lambda: raised_by(text(ECHO, 401)),
    "401 with the key in a page": lambda: raised_by(text(f"<html><p>{KEY}</p></html>", 401)),
    "403 with the key as request id": lambda: raised_by(says({"message": "m"}, 403, x_request_id=KEY)),
    "302 to the key": lambda: raised_by(text("", 302, location=f"https://{KEY}.example/{KEY}")),
    "302 to an address that is none": lambda: raised_by(text("", 302, location=f"https://{KEY}:port/{KEY}")),
    "200 with the key and no JSON": lambda: raised_by(text(ECHO)),
    "200 that is too large": lambda: raised_by(text(ECHO * 1_000)),
    "not sent": lambda: raised_by(fails(httpx.ConnectError(ECHO))),
    "answer lost": lambda: raised_by(fails(httpx.ReadError(ECHO))),
    "path of a key": lambda: raised_by(says({"message": ECHO}, 404), act=lambda console: console.read(f"/keys/{KEY}")),
    "write": lambda: raised_by(says({"message": ECHO}, 500), act=lambda console: console.write(Call("PUT", PATH))),
    "listing without a list": lambda: raised_by(says({"data": ECHO}), act=_leaky_listing),
    "listing that repeats": lambda: raised_by(page("a", following=KEY), act=_leaky_listing),
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_key_is_in_no_form_of_any_error(scenario: str) -> None:
    error = SCENARIOS[scenario]()
    shown = [
        str(error),
        repr(error),
        repr(error.args),
        repr(vars(error)),
        "".join(traceback.format_exception(error)),
        pickle.dumps(error).decode("latin-1"),
    ]
    assert "canary" not in "".join(shown).lower()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_error_brings_along_a_request_that_carries_the_key(scenario: str) -> None:
    error = SCENARIOS[scenario]()
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_traceback_with_local_variables_does_not_show_the_key() -> None:
    with Service(fails(httpx.ReadError("reset"))).console() as console, pytest.raises(AnswerLost) as caught:
        console.read(PATH)
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "canary" not in "".join(told.format()).lower()


def test_no_log_shows_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    raised_by(says({"message": ECHO}, 500))
    assert "500 Internal Server Error" in caplog.text
    assert "canary" not in caplog.text.lower()


def test_a_console_does_not_show_its_key() -> None:
    with Service(says({})).console() as console:
        assert repr(console) == "Console('https://statsigapi.net/console/v1/')"
        assert KEY not in repr(vars(console))


def test_listing_errors_name_the_collection() -> None:
    error = raised_by(says({"message": "x"}), act=lambda console: console.list("/gates"))
    assert type(error) is ListingError
    assert str(error) == "GET /gates: the answer holds no list"
