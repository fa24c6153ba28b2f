"""A headless Chromium that tests talk to by its own protocol, through two pipes."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from reconciler.domain import Json, Tree

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser of this machine, if it has one."""
_KEYS = {"Enter": (13, "\r"), "Escape": (27, "")}


@dataclass
class Browser:
    """One browser; what it says without being asked is kept in `events`."""

    to: BinaryIO
    back: BinaryIO
    asked: int = 0
    rest: bytes = b""
    events: list[Tree] = field(default_factory=list)

    def ask(self, method: str, session: str | None = None, **params: Json) -> Tree:
        """The answer to one command."""
        self.asked += 1
        message = {"id": self.asked, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self.to.write(json.dumps(message).encode() + b"\0")
        self.to.flush()
        while (said := self._next()).get("id") != self.asked:
            self.events.append(said)
        assert "error" not in said, said
        answer: Tree = said["result"]
        return answer

    def _next(self) -> Tree:
        while b"\0" not in self.rest:
            more = os.read(self.back.fileno(), 1 << 20)
            assert more, "the browser ended"
            self.rest += more
        text, _, self.rest = self.rest.partition(b"\0")
        said: Tree = json.loads(text)
        return said


@dataclass
class Page:
    """One page in it."""

    browser: Browser
    session: str

    def ask(self, method: str, **params: Json) -> Tree:
        return self.browser.ask(method, self.session, **params)

    def open(self, file: Path, *, scheme: str = "light", width: int = 1280) -> None:
        """Load the file, and wait until its script ran."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=features)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Page.navigate", url=file.as_uri())
        while self.value("document.readyState + location.protocol") != "completefile:":
            pass

    def value(self, expression: str) -> Json:
        """What JavaScript says; a promise is waited for."""
        said = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            code, text = _KEYS.get(key) or (ord(key.upper()), key)
            base = {"key": key, "windowsVirtualKeyCode": code}
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **base)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **base)

    def type(self, text: str) -> None:
        """Text into what has the focus."""
        self.ask("Input.insertText", text=text)

    @property
    def complaints(self) -> list[Tree]:
        """Errors and warnings that the page made."""
        names = {"Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"}
        return [event for event in self.browser.events if event["method"] in names]

    @property
    def requests(self) -> list[str]:
        """The addresses that were asked for."""
        sent = [event for event in self.browser.events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]


@contextmanager
def started(folder: Path) -> Iterator[Browser]:
    """A browser with a profile in the folder, for the length of the block."""
    assert PROGRAM
    (reads, to), (back, writes) = os.pipe(), os.pipe()
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"]
    actions = [(os.POSIX_SPAWN_DUP2, reads, 3), (os.POSIX_SPAWN_DUP2, writes, 4)]
    process = os.posix_spawn(
        PROGRAM, [PROGRAM, *arguments, f"--user-data-dir={folder}"], os.environ, file_actions=actions, setpgroup=0
    )
    os.close(reads)
    os.close(writes)
    with os.fdopen(to, "wb") as writing, os.fdopen(back, "rb") as reading:
        try:
            yield Browser(writing, reading)
        finally:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)


@contextmanager
def page_of(browser: Browser) -> Iterator[Page]:
    """A new page, for the length of the block."""
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.events.clear()
    yield Page(browser, session)
    browser.ask("Target.closeTarget", targetId=target)
