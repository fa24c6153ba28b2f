"""Runs the jobs of a pipeline for GitLab on this machine, against as much of its API as they ask for, over loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl

from reconciler.domain import Json, Tree
from tests.end_to_end.pipelines.actions import BASH, ROOT, read_yaml

PIPELINE = ROOT / "examples" / "ci" / "gitlab" / ".gitlab-ci.yml"
TOKEN = "token-of-a-test"
ME: Tree = {"id": 5}


@dataclass
class Lab:
    """What a project on GitLab holds besides its files, and its API."""

    notes: list[Tree] = field(default_factory=list)
    issues: list[Tree] = field(default_factory=list)
    requests: dict[str, list[Tree]] = field(default_factory=dict)
    url: str = ""

    def answer(self, method: str, address: str, values: Tree) -> Json:
        """What GitLab answers: of a list one page."""
        path, _, query = address.partition("?")
        parts = path.removeprefix("/api/v4/").removeprefix("projects/1/").split("/")
        if method != "GET":
            return self._write(method, parts, values)
        found, asked = self._read(parts), dict(parse_qsl(query))
        size = int(asked.get("per_page", 20))
        start = size * (int(asked.get("page", 1)) - 1)
        return found[start : start + size] if isinstance(found, list) else found

    def _read(self, parts: list[str]) -> Json:
        match parts:
            case ["user"]:
                return ME
            case ["repository", "commits", sha, "merge_requests"]:
                return self.requests.get(sha, [])
            case [thing, number, "notes"]:
                return [note for note in self.notes if note["on"] == f"{thing}/{number}"]
            case ["issues"]:
                return [issue for issue in self.issues if issue["state"] == "opened"]
            case ["issues", iid]:
                return next(issue for issue in self.issues if str(issue["iid"]) == iid)
        raise AssertionError(parts)

    def _write(self, method: str, parts: list[str], values: Tree) -> Json:
        match method, parts:
            case "POST", [thing, number, "notes"]:
                note = {"id": 50 + len(self.notes), "on": f"{thing}/{number}", "author": ME, **values}
                return _added(self.notes, note)
            case "PUT", ["merge_requests", _, "notes", id_]:
                return _changed(self.notes, "id", id_, values)
            case "POST", ["issues"]:
                return _added(self.issues, {"iid": 80 + len(self.issues), "state": "opened", "author": ME, **values})
            case "PUT", ["issues", iid]:
                closed = {"state": "closed"} if values.pop("state_event", "") == "close" else {}
                return _changed(self.issues, "iid", iid, values | closed)
        raise AssertionError((method, parts))


def _added(those: list[Tree], one: Tree) -> Tree:
    those.append(one)
    return one


def _changed(those: list[Tree], key: str, number: str, values: Tree) -> Tree:
    (one,) = (each for each in those if each[key] == int(number))
    one.update(values)
    return one


@contextmanager
def listening() -> Iterator[Lab]:
    """A project on GitLab, at an address, for the length of the block."""
    lab = Lab()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            assert self.headers["PRIVATE-TOKEN"] == TOKEN
            answer = lab.answer(str(self.command), self.path, dict(parse_qsl(body)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_POST = do_PUT = do_GET  # noqa: N815 - the names that the server calls

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        lab.url = f"http://127.0.0.1:{server.server_port}/api/v4"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield lab
        finally:
            server.shutdown()
            thread.join()


def play(job: str, folder: Path, lab: Lab, **variables: str) -> tuple[int, str]:
    """The exit code of the script of a job, and what it said."""
    tree = read_yaml(PIPELINE)
    here = {"CI_API_V4_URL": lab.url, "CI_PROJECT_ID": "1", "GITLAB_TOKEN": TOKEN, "HOME": str(folder)}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    known = {"PATH": path, "PYTHONPATH": str(ROOT), **here, **variables}
    set_by_job = {name: known.get(value[1:], "") for name, value in tree[job].get("variables", {}).items()}
    ended = subprocess.run(
        [*BASH, "\n".join(tree[job]["script"])],
        cwd=folder,
        env=known | set_by_job,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return ended.returncode, ended.stdout
