"""Servers that mean harm: they learn no key that is not theirs, and fill no memory."""

from __future__ import annotations

import asyncio
import gzip
import resource
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import stamina
from starlette.types import ASGIApp, Receive, Scope, Send

from reconciler.emulator import running
from tests.unit.cli.terminal import Desk

KEY = "console-CANARYcanary0123456789"
MIB = 2**20
MOST_MIB = 700
"""By how much a command may grow: the bound of an answer (64 MiB), and copies of it."""


@dataclass
class Server:
    """Answers everything alike: a head, and a body that is sent until nobody listens or it ends."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    first: bytes = b'{"message": "Listed.", "data": ['
    chunk: bytes = b""
    chunks: int = 0
    finished: bool = False
    heard: list[dict[bytes, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.heard.append(dict(scope["headers"]))
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.first, "more_body": True})
        gone = asyncio.create_task(_gone(receive))
        for _ in range(self.chunks):
            await send({"type": "http.response.body", "body": self.chunk, "more_body": True})
            await asyncio.sleep(0)
            if gone.done():
                break
        else:
            self.finished = True
        gone.cancel()
        await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    """Wait until nobody listens any more."""
    while (await receive())["type"] != "http.disconnect":
        pass


@contextmanager
def project(app: ASGIApp, folder: Path) -> Iterator[Path]:
    """A project whose service is this server."""
    with running(app) as url, stamina.set_testing(True, attempts=1):
        text = f"apiVersion: reconciler/v1\nkind: Project\napi: {{url: '{url}'}}\nownership: {{tag: ours}}\n"
        (folder / "reconciler.yaml").write_text(text, "utf-8")
        (folder / "manifests").mkdir()
        gate = "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: checkout}\nspec: {}\n"
        (folder / "manifests" / "a.yaml").write_text(gate, "utf-8")
        yield folder


def failure(folder: Path, command: str) -> str:
    """What a command says that fails, with --debug."""
    desk = Desk(environ={"STATSIG_CONSOLE_KEY": KEY})
    arguments = ["--debug", "-p", str(folder), *(["--yes"] if command == "apply" else [])]
    assert desk.run([command, *arguments]) == 1
    said = desk.said + desk.complained
    assert "CANARY" not in said
    return said


COMMANDS = ("plan", "apply", "drift")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_does_not_bring_it_the_key(tmp_path: Path, status: int, command: str) -> None:
    other = Server()
    with running(other) as url:
        first = Server(status, {"location": url.replace("127.0.0.1", "localhost")})
        with project(first, tmp_path) as folder:
            said = failure(folder, command)
    assert "redirect to localhost" in said
    assert [headers[b"statsig-api-key"].decode() for headers in first.heard] == [KEY]
    assert other.heard == []


@pytest.mark.parametrize("status", [200, 401, 404, 503])
@pytest.mark.parametrize("command", COMMANDS)
def test_gigabytes_are_not_read_to_their_end(tmp_path: Path, command: str, status: int) -> None:
    server = Server(status, chunk=b" " * MIB, chunks=2**11)
    before = peak()
    with project(server, tmp_path) as folder:
        said = failure(folder, command)
    assert ("API/too-large" in said) == (status == 200)
    assert not server.finished
    assert peak() - before < MOST_MIB


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("packings", ["gzip", "gzip, gzip"])
def test_a_small_answer_that_unpacks_to_gigabytes_is_not_unpacked_to_its_end(
    tmp_path: Path, packings: str, status: int
) -> None:
    server = Server(status, {"content-encoding": packings}, first=bomb(packings))
    before = peak()
    with project(server, tmp_path) as folder:
        assert "API/" in failure(folder, "plan")
    assert peak() - before < MOST_MIB


@cache
def bomb(packings: str) -> bytes:
    """Two GiB, packed so often: the same packed block again and again, as packing all of it takes long."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    first, block = (packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    packed = first + block * 2**11
    return gzip.compress(packed) if "," in packings else packed


def peak() -> int:
    """The most memory that these tests took so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
