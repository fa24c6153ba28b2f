"""The same promises over real connections to this machine."""

from __future__ import annotations

import socket

import pytest

from reconciler.console import AnswerLost, ApiKey, Console, NotSent, Unauthorized
from reconciler.domain import Call

from .service import KEY, Listener

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{"message": "ok"}'
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_service_on_this_machine_is_reached_over_plain_http(listener: Listener) -> None:
    listener.raw = OK
    with Console(listener.url, ApiKey(KEY)) as console:
        assert console.write(Call("PATCH", "/gates/a%20b", {"x": 1})) == {"message": "ok"}
    assert listener.received[0].startswith(b"PATCH /console/v1/gates/a%20b HTTP/1.1\r\n")
    assert listener.received[0].endswith(b'{"x":1}')


def test_a_closed_port_is_not_sent() -> None:
    with Console(f"http://127.0.0.1:{free_port()}", ApiKey(KEY)) as console, pytest.raises(NotSent):
        console.write(Call("DELETE", "/gates/a"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"message": "o',
        b"SSH-2.0-OpenSSH_9.6\r\n",
        None,
    ],
)
def test_a_connection_that_breaks_after_sending_is_an_answer_lost(listener: Listener, raw: bytes | None) -> None:
    listener.raw = raw
    with Console(listener.url, ApiKey(KEY), timeout_seconds=0.2) as console, pytest.raises(AnswerLost):
        console.write(Call("POST", "/gates", {"id": "a"}))
    assert len(listener.received) == 1


def test_a_refusal_that_echoes_the_key_is_shown_without_it(listener: Listener) -> None:
    body = f'{{"status": 401, "message": "an invalid key was sent. Key: {KEY}"}}'.encode()
    listener.raw = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    with Console(listener.url, ApiKey(KEY)) as console, pytest.raises(Unauthorized) as caught:
        console.read("/gates")
    assert "an invalid key was sent. Key: <key hidden>" in str(caught.value)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_never_sees_the_key_of_a_plain_http_service(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    with Console(f"http://127.0.0.1:{free_port()}", ApiKey(KEY)) as console, pytest.raises(NotSent):
        console.read("/gates")
    assert listener.received == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:1080"),
        ("HTTPS_PROXY", "gopher://127.0.0.1"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem"),
    ],
)
def test_connection_settings_that_cannot_be_used_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="settings of the environment cannot be used"):
        Console("https://console.invalid", ApiKey(KEY))


def test_a_proxy_for_https_is_used_and_sees_a_tunnel_only(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.port}")
    listener.raw = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with Console("https://console.invalid/console/v1", ApiKey(KEY)) as console, pytest.raises(NotSent) as caught:
        console.request("GET", "/gates")
    assert "console.invalid could not be reached: 407" in str(caught.value)
    assert listener.received[0].startswith(b"CONNECT console.invalid:443 ")
    assert KEY.encode() not in listener.received[0]
