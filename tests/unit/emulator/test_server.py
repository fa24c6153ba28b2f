from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest

from reconciler.emulator import Store, create_app, running, serve

KEY = {"STATSIG-API-KEY": "console-a"}


def test_a_server_stops_with_its_block_and_leaves_no_thread(store: Store) -> None:
    before = set(threading.enumerate())
    with running(create_app(store)) as url:
        assert url.endswith("/console/v1")
        assert httpx.get(f"{url}/project", headers=KEY).status_code == 200
    assert set(threading.enumerate()) <= before
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/project", headers=KEY)


def test_a_server_stops_while_a_client_holds_its_connection(store: Store) -> None:
    with httpx.Client(headers=KEY) as client:
        with running(create_app(store)) as url:
            client.get(f"{url}/project")
        with pytest.raises(httpx.TransportError):
            client.get(f"{url}/project")


def test_a_server_stops_when_its_block_fails(store: Store) -> None:
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), running(create_app(store)):
        raise ZeroDivisionError
    assert set(threading.enumerate()) <= before


def test_servers_run_side_by_side_on_ports_of_their_own(store: Store) -> None:
    with running(create_app(store)) as one, running(create_app(store)) as other:
        assert one != other
        assert {httpx.get(f"{url}/project", headers=KEY).status_code for url in (one, other)} == {200}


def test_a_port_can_be_chosen_and_is_free_afterwards(store: Store) -> None:
    with running(create_app(store)) as url:
        port = urlsplit(url).port
        assert port
        with pytest.raises(OSError, match="in use"), running(create_app(store), port):
            pass
    with running(create_app(store), port) as again:
        assert again == url


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.com", ""])  # noqa: S104 - refused, not used
def test_a_host_that_others_can_reach_is_refused(store: Store, host: str) -> None:
    with pytest.raises(ValueError, match="can be reached from other machines"):
        serve(create_app(store), host)


@pytest.mark.parametrize(("host", "allowed"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)])  # noqa: S104
def test_an_address_that_is_taken_is_told(store: Store, host: str, *, allowed: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve(create_app(store), host, taken.getsockname()[1], allow_remote=allowed)


PROGRAM = """
import sys
from reconciler.emulator import Store, create_app, serve

with Store.open() as store:
    serve(create_app(store), port=int(sys.argv[1]))
"""


def test_serving_goes_on_until_it_is_interrupted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-W", "error", "-c", PROGRAM, str(port)], stderr=subprocess.PIPE) as process:
        assert answers(f"http://127.0.0.1:{port}/console/v1/project")
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert told.decode().rstrip().endswith("KeyboardInterrupt")
    assert b"Warning" not in told


def answers(url: str) -> bool:
    for _ in range(200):
        try:
            return httpx.get(url, headers=KEY).status_code == 200
        except httpx.ConnectError:
            time.sleep(0.05)
    return False
