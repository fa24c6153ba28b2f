"""What is sent, and what is taken as an answer."""

from __future__ import annotations

import httpx
import pytest

from reconciler import __version__
from reconciler.console import AnswerLost, ApiKey, Console, data_of
from reconciler.domain import Call, Json, Tree

from .service import KEY, URL, Service, says, text

OK = says({"message": "ok"})


def sent(method: str, path: str, body: Json = None) -> httpx.Request:
    """The request that a call makes."""
    service = Service(OK)
    with service.console() as console:
        console.request(method, path, body)
    return service.requests[0]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_every_call_carries_the_key_and_the_version(method: str) -> None:
    headers = sent(method, "/gates/a").headers
    assert headers["STATSIG-API-KEY"] == KEY
    assert headers["STATSIG-API-VERSION"] == "20240601"
    assert headers["x-respect-review-settings"] == "true"
    assert headers["user-agent"] == f"statsig-reconciler/{__version__}"


@pytest.mark.parametrize(("setting", "header"), [("false", "false"), (None, None)])
def test_reviews_are_respected_as_the_user_says(setting: str | None, header: str | None) -> None:
    service = Service(OK)
    transport = httpx.MockTransport(service)
    with Console(URL, ApiKey(KEY), respect_reviews=setting, transport=transport) as console:
        console.read("/gates")
    assert service.requests[0].headers.get("x-respect-review-settings") == header


@pytest.mark.parametrize(
    ("method", "body", "content"),
    [
        ("POST", None, b"{}"),
        ("PUT", None, b"{}"),
        ("GET", None, b""),
        ("DELETE", None, b""),
        ("PATCH", {"a": [1, 1.5, None, True]}, b'{"a":[1,1.5,null,true]}'),
        ("DELETE", {"ids": ["a"]}, b'{"ids":["a"]}'),
        ("POST", [], b"[]"),
        ("PATCH", {"a": "caf\u00e9 \ud800"}, b'{"a":"caf\\u00e9 \\ud800"}'),
    ],
)
def test_bodies_are_sent_as_json(method: str, body: Json, content: bytes) -> None:
    request = sent(method, "/gates/a", body)
    assert request.content == content
    assert request.headers.get("content-type") == ("application/json" if content else None)


def test_paths_reach_the_service_as_they_were_encoded() -> None:
    path = "/experiments/entity_property/Segments%20%2F%20Models%3F%C3%A9"
    assert sent("GET", path).url.raw_path == b"/console/v1" + path.encode()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "gates",
        "/",
        "/gates/",
        "//elsewhere.example/gates",
        "https://elsewhere.example/gates",
        "/gates//rules",
        "/gates/..",
        "/gates/../keys",
        "/gates/%2e%2E",
        "/gates/.",
        "/gates?page=2",
        "/gates/a#b",
        "/gates/a b",
        "/gates/a\nb",
        "/gates\\a",
    ],
)
def test_a_path_that_would_reach_something_else_is_never_sent(path: str) -> None:
    service = Service(OK)
    with service.console() as console, pytest.raises(ValueError, match="percent-encoded"):
        console.write(Call("DELETE", path))
    assert service.requests == []


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "statsigapi.net",
        "ftp://statsigapi.net",
        "https://",
        "https://user:pass@statsigapi.net",
        "https://statsigapi.net?x=1",
        "https://statsigapi.net/#a",
        "https://[broken",
        "https://statsigapi.net:65536",
        "https://statsig\x00api.net",
    ],
)
def test_an_address_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="the address of the API"):
        Console(base_url, ApiKey(KEY))


@pytest.mark.parametrize("base_url", [URL, f"{URL}/"])
def test_the_base_url_may_end_with_a_slash(base_url: str) -> None:
    service = Service(OK)
    with Console(base_url, ApiKey(KEY), transport=httpx.MockTransport(service)) as console:
        console.read("/gates")
    assert str(service.requests[0].url) == f"{URL}/gates"


@pytest.mark.parametrize("status", [200, 201, 202, 203, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    with Service(says({"message": "ok"}, status)).console() as console:
        assert console.request("POST", "/gates") == {"message": "ok"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_that_is_answered_without_a_body_succeeded(method: str) -> None:
    with Service(text("", 204)).console() as console:
        assert console.request(method, "/gates/a") == {}


def test_numbers_keep_their_kind() -> None:
    with Service(text('{"data": {"a": 33.3, "b": 100, "c": 1.0, "d": 1705439406750}}')).console() as console:
        data = data_of(console.read("/gates/a"))
    assert [type(value) for value in data.values()] == [float, int, float, int]
    assert data == {"a": 33.3, "b": 100, "c": 1.0, "d": 1705439406750}


@pytest.mark.parametrize(
    ("envelope", "data"),
    [
        ({"message": "ok", "data": {"id": "a"}}, {"id": "a"}),
        ({"message": "ok", "data": []}, []),
        ({"data": None}, None),
        ({"message": "deleted"}, None),
        ({"message": "deleted", "status": 200}, None),
        ({}, None),
        ({"passingUserIDs": ["a"], "failingUserIDs": []}, {"passingUserIDs": ["a"], "failingUserIDs": []}),
        ({"name": "Target app 1"}, {"name": "Target app 1"}),
    ],
)
def test_the_payload_is_found_with_and_without_an_envelope(envelope: Tree, data: Json) -> None:
    assert data_of(envelope) == data


def test_an_answer_that_trickles_in_for_too_long_is_given_up() -> None:
    ticks = iter(range(0, 10_000, 100))

    class Trickle(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
            while True:
                yield b" "

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle()))
    console = Console(URL, ApiKey(KEY), timeout_seconds=30, transport=transport, clock=lambda: float(next(ticks)))
    with console, pytest.raises(AnswerLost, match="took too long to arrive"):
        console.request("GET", "/gates")
