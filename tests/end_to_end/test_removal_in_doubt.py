"""Unknown is never absent: whatever could not be read or was not looked at, nothing is removed, and the plan says why.

Each test begins with an owned gate whose manifest is gone, which a plan without doubt removes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from reconciler import workflow
from reconciler.console import ApiKey, Console, ConsoleError
from reconciler.workflow import Planned
from tests.end_to_end.world import KEY, World, codes, manifest, steps_of

GONE = "Gate/gone"


@pytest.fixture(params=["archive", "delete"])
def world_with_a_gone_gate(world: World, request: pytest.FixtureRequest) -> World:
    world.project(ownership={"tag": "git"}, safety={"prune": request.param, "archiveFirst": False})
    world.seed({"gates": [{"id": "gone", "tags": ["git"]}, {"id": "kept", "tags": ["git"]}]})
    world.manifests([manifest("Gate", "kept", {})])
    assert list(steps_of(world.good_plan())) == [GONE]
    return world


def stays(planned: Planned, reason: str) -> None:
    """Nothing is removed, and the report says why."""
    assert steps_of(planned) == {}
    (stopped,) = [finding for finding in planned.plan.findings if finding.code == "PRUNE/stopped"]
    assert reason in stopped.message


def unreadable(world: World) -> None:
    (world.folder / "manifests/9.yaml").symlink_to(world.folder / "nowhere")


def outside(world: World) -> None:
    (world.folder / "manifests/9.yaml").symlink_to(Path("/"))


def syntax_error(world: World) -> None:
    world.write("manifests/9.yaml", "kind: [")


def unknown_field(world: World) -> None:
    world.write("manifests/9.yaml", "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: far}\nspec: {ruless: []}\n")


def another_ending(world: World) -> None:
    world.write("manifests/9.yml", "apiVersion: reconciler/v1\nkind: Gate\nmetadata: {id: gone}\nspec: {}\n")


def missing_folder(world: World) -> None:
    world.project(
        ownership={"tag": "git"}, safety={"prune": "delete"}, manifests=["manifests/**/*.yaml", "teams/**/*.yaml"]
    )


def empty_folder(world: World) -> None:
    missing_folder(world)
    (world.folder / "teams").mkdir()


DOUBTS = [unreadable, outside, syntax_error, unknown_field, another_ending, missing_folder, empty_folder]


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: doubt.__name__)
def test_what_is_wrong_with_files_stops_removal(world_with_a_gone_gate: World, doubt: Callable[[World], None]) -> None:
    doubt(world_with_a_gone_gate)
    stays(world_with_a_gone_gate.plan(), "not every manifest could be read")


@pytest.mark.parametrize("text", [None, "", "# nothing any more\n", "---\n"])
def test_a_repository_without_one_manifest_removes_nothing(world_with_a_gone_gate: World, text: str | None) -> None:
    world_with_a_gone_gate.manifests([])
    if text is not None:
        world_with_a_gone_gate.write("manifests/all.yaml", text)
    stays(world_with_a_gone_gate.plan(), "there is not one manifest")


@pytest.mark.parametrize("selection", ["kind=Gate", "id=kept", "id=*"])
def test_a_selection_removes_nothing(world_with_a_gone_gate: World, selection: str) -> None:
    stays(world_with_a_gone_gate.plan(selection), "only a selection of the manifests is looked at")


# ---- lists -----------------------------------------------------------------------------------------------------------


class Spoiled(httpx.HTTPTransport):
    """Answers the list at `path` with `answer`, and everything else as the service does."""

    def __init__(self, path: str, answer: httpx.Response) -> None:
        super().__init__()
        self.path, self.answer = path, answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        spoiled = request.url.path.endswith(f"/v1{self.path}")
        return self.answer if spoiled else super().handle_request(request)


@contextmanager
def spoiled(world: World, path: str, answer: httpx.Response) -> Iterator[Console]:
    with Console(world.service.url, ApiKey(KEY), transport=Spoiled(path, answer)) as console:
        yield console


def short() -> httpx.Response:
    """A list that holds less than it counts."""
    return httpx.Response(200, json={"message": "", "data": [], "pagination": {"nextPage": None, "totalItems": 7}})


LISTS = ["/dynamic_configs", "/experiments", "/segments", "/holdouts", "/param_stores", "/release_pipelines"]
"""What may refer to a gate, without `/gates` itself."""


@pytest.mark.parametrize("path", LISTS)
def test_a_list_that_is_refused_stops_removal(world_with_a_gone_gate: World, path: str) -> None:
    answer = httpx.Response(403, json={"message": "Forbidden resource", "status": 403})
    with spoiled(world_with_a_gone_gate, path, answer) as console:
        stays(workflow.plan(world_with_a_gone_gate.load(), console), "not everything could be listed: ")


@pytest.mark.parametrize("path", ["/segments", "/holdouts", "/param_stores", "/release_pipelines"])
def test_a_list_that_is_not_whole_stops_removal(world_with_a_gone_gate: World, path: str) -> None:
    with spoiled(world_with_a_gone_gate, path, short()) as console:
        stays(workflow.plan(world_with_a_gone_gate.load(), console), f"could be listed: {path[1:]}")


@pytest.mark.parametrize("path", ["/gates", "/dynamic_configs", "/experiments", "/experiments/entity_properties"])
def test_without_whole_lists_of_what_manifests_describe_there_is_no_plan(
    world_with_a_gone_gate: World, path: str
) -> None:
    with spoiled(world_with_a_gone_gate, path, short()) as console, pytest.raises(ConsoleError):
        workflow.plan(world_with_a_gone_gate.load(), console)


def test_the_refused_list_of_the_kind_itself_ends_the_run(world_with_a_gone_gate: World) -> None:
    answer = httpx.Response(403, json={"message": "Forbidden resource", "status": 403})
    with spoiled(world_with_a_gone_gate, "/gates", answer) as console, pytest.raises(ConsoleError):
        workflow.plan(world_with_a_gone_gate.load(), console)


def test_the_plan_goes_on_with_everything_else(world_with_a_gone_gate: World) -> None:
    world_with_a_gone_gate.manifests([manifest("Gate", "kept", {"description": "Git's words"})])
    with spoiled(world_with_a_gone_gate, "/holdouts", short()) as console:
        planned = workflow.plan(world_with_a_gone_gate.load(), console)
    assert list(steps_of(planned)) == ["Gate/kept"]
    assert "PRUNE/stopped" in codes(planned)
