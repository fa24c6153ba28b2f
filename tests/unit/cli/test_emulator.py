"""``emulator`` serves until it is interrupted, and says what it cannot work with."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.emulator import Store
from tests.unit.cli.terminal import Desk

WITHOUT_THE_EXTRA = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"starlette", "uvicorn"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from reconciler.cli import main
main()
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def emulator(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running emulator and its base URL."""
    port = free_port()
    command = [sys.executable, "-m", "reconciler", "emulator", "--port", str(port), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, f"http://127.0.0.1:{port}/console/v1"
        finally:
            process.kill()


def ask(url: str, key: str) -> int:
    """The status of a call, as soon as somebody listens."""
    request = urllib.request.Request(url, headers={"STATSIG-API-KEY": key})
    for _ in range(600):
        try:
            with urllib.request.urlopen(request) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_it_serves_what_it_was_seeded_with_to_the_keys_it_was_given_until_ctrl_c(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"gates": [{"id": "a_gate"}]}))
    database = tmp_path / "project.sqlite3"
    arguments = ["--seed", str(seed), "--db", str(database), "--key", "my-own", "--rate-limit"]
    with emulator(*arguments) as (process, url):
        assert ask(f"{url}/gates/a_gate", "my-own") == 200
        assert ask(f"{url}/gates/a_gate", "console-other") == 401
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate()
        assert process.returncode == 0
    assert said == f"The Console API is at {url}; Ctrl-C ends it.\n"
    assert complained == ""
    assert database.stat().st_size > 0


def test_a_program_reads_one_line_and_knows_the_address() -> None:
    with emulator("--format", "json") as (process, url):
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"url": url}
        assert ask(f"{url}/gates", "console-any") == 200
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate()
        assert (process.returncode, said, complained) == (0, "", "")


@pytest.mark.parametrize("command", ["emulator", "demo"])
def test_without_the_extra_it_says_how_to_get_it(command: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA, command], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "error EMULATOR/extra: this command needs the package " in ended.stderr
    assert '    → run: python -m pip install "statsig-reconciler[emulator]"' in ended.stderr


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file or directory"),
        ("not json", "JSONDecodeError"),
        ("[]", "it does not hold a JSON object"),
        ('{"gates": [1]}', "TypeError"),
        ('{"gates": [{"id": {}}]}', "Error"),
        ('{"gates": [{"id": "a_gate", "tags": null, "rules": null}]}', "gates, 'a_gate': TypeError: "),
        ('{"gates": [{"id": 1000000000000000000000}]}', "OverflowError"),
        ('{"unheard_of": []}', "not a collection: unheard_of"),
    ],
)
def test_a_seed_that_cannot_be_used_is_told(tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "seed.json"
    if content is not None:
        file.write_text(content)
    desk = Desk()
    assert desk.run(["emulator", "--seed", str(file), "--port", str(free_port())]) == 1
    assert desk.complained.startswith(f"error EMULATOR/seed: {file} cannot be used as a seed: ")
    assert why in desk.complained


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database, and long enough to be read as the head of one" * 10)
    desk = Desk()
    assert desk.run(["emulator", "--db", str(tmp_path / "notes.txt"), "--port", str(free_port())]) == 1
    assert "error EMULATOR/database: " in desk.complained


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_port_in_use_is_told_before_anything_else_is_done_or_said(tmp_path: Path, form: str) -> None:
    (tmp_path / "seed.json").write_text('{"gates": [{"id": "a_gate"}]}')
    database = tmp_path / "project.sqlite3"
    arguments = ["--db", str(database), "--seed", str(tmp_path / "seed.json"), "--format", form]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        desk = Desk()
        assert desk.run(["emulator", "--port", str(listening.getsockname()[1]), *arguments]) == 1
    if form == "json":
        finding = json.loads(desk.said)["findings"][0]
        assert (finding["code"], finding["cure"]) == ("EMULATOR/address", "choose another --port, or end what uses it")
    else:
        assert desk.said == ""
        assert "error EMULATOR/address: 127.0.0.1 port " in desk.complained
        assert "Address already in use" in desk.complained
    with Store.open(database) as store:
        assert store.is_new()


def test_a_project_that_is_in_use_is_seeded_on_purpose_only(tmp_path: Path) -> None:
    database, seed = tmp_path / "project.sqlite3", tmp_path / "seed.json"
    seed.write_text('{"gates": [{"id": "seeded"}]}')
    with Store.open(database) as store:
        store.console_create("dynamic_configs", {"id": "kept"}, by="Jo")
    desk = Desk()
    assert desk.run(["emulator", "--db", str(database), "--seed", str(seed), "--port", str(free_port())]) == 1
    assert f"error EMULATOR/seed: {database} holds a project already" in desk.complained
    assert "say --reset to begin anew" in desk.complained
    with emulator("--db", str(database)) as (_, url):
        assert ask(f"{url}/dynamic_configs/kept", "console-any") == 200
    with emulator("--db", str(database), "--seed", str(seed), "--reset") as (_, url):
        assert ask(f"{url}/gates/seeded", "console-any") == 200
        assert ask(f"{url}/dynamic_configs/kept", "console-any") == 404


def test_a_seed_that_cannot_be_used_costs_nothing_even_with_reset(tmp_path: Path) -> None:
    database, seed = tmp_path / "project.sqlite3", tmp_path / "seed.json"
    seed.write_text('{"gates": [1]}')
    with Store.open(database) as store:
        store.seed({"gates": [{"id": "kept"}]})
    arguments = ["--db", str(database), "--seed", str(seed), "--reset", "--port", str(free_port())]
    assert Desk().run(["emulator", *arguments]) == 1
    with Store.open(database) as store:
        assert [gate["id"] for gate in store.dump()["gates"]] == ["kept"]


def test_faults_strike_and_are_told_as_they_do(tmp_path: Path) -> None:
    script = tmp_path / "faults.yaml"
    script.write_text("- {do: server-error, path: /gates, nth: 2}\n")
    with emulator("--faults", str(script)) as (process, url):
        assert [ask(f"{url}/gates", "console-any") for _ in range(3)] == [200, 500, 200]
        process.send_signal(signal.SIGINT)
        _, complained = process.communicate()
    assert complained == "request 2, GET /gates: server-error\n"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, "EMULATOR/faults: the faults cannot be read: No such file or directory"),
        ("", "EMULATOR/faults: a script of faults is one document, not 0"),
        ("do: refuse", ":1:1: error EMULATOR/faults: a script of faults is a list"),
        ("- refuse", ":1:3: error EMULATOR/faults: a fault is a mapping"),
        ("- {do: refuse, request: 1, nth: 2}", ":1:3: error EMULATOR/faults: only one request has a number"),
        ("- {do: reset-afer}", "did you mean reset-after?"),
        ("- {path: /gates}", "write do: ..."),
        ("- {do: delay}", "write seconds: ..."),
        ("- {do: delay, seconds: 1, nht: 2}", "did you mean nth?"),
        ("- {do: edit, collection: gate, id: a, changes: {}}", "did you mean gates?"),
        ('[{"do": "refuse", "times": 0}]', "write 1 or more"),
        ("- {do: refuse", "YAML/syntax"),
    ],
)
def test_what_is_wrong_with_a_script_of_faults_is_told_with_place_and_cure(
    tmp_path: Path, script: str | None, told: str
) -> None:
    file = tmp_path / "faults.yaml"
    if script is not None:
        file.write_text(script)
    desk = Desk()
    assert desk.run(["emulator", "--faults", str(file), "--port", str(free_port())]) == 1
    assert told in desk.complained
    assert str(file) in desk.complained
    assert "→" in desk.complained


def test_other_machines_are_let_in_on_purpose_only() -> None:
    desk = Desk()
    assert desk.run(["emulator", "--host", "0.0.0.0", "--port", str(free_port())]) == 1  # noqa: S104 - refused
    assert "or say --allow-remote" in desk.complained
