"""A file whose checksum was made to fit is still held to what a plan of ours can hold: each call is about its step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.domain import Json, Tree
from tests.unit.saving.forging import forged, plan_in, refusal
from tests.unit.saving.test_plan_files import TEXT, WHOLE


def step_of(tree: Tree, kind: str, id_: str) -> Tree:
    found: Tree = next(step for step in tree["steps"] if (step["kind"], step["id"]) == (kind, id_))
    return found


def called(step: tuple[str, str], method: str, path: str, body: Json = None) -> Callable[[Tree], None]:
    """An edit that puts one call in the place of those of a step."""

    def edit(tree: Tree) -> None:
        step_of(tree, *step)["calls"] = [{"method": method, "path": path, "body": body}]

    return edit


UPDATED, MADE, REMOVED = ("Gate", "gate_b"), ("Gate", "gate_a"), ("Gate", "gate_old")
TAG = ("Tag", "new")


def test_an_edit_that_keeps_to_the_object_of_its_step_is_not_noticed() -> None:
    """The checksum is no signature: who can write the file and knows how it is made can change what a step writes."""
    plan = plan_in(forged(TEXT, called(UPDATED, "PATCH", "/gates/gate_b", {"description": "Forged"})))
    assert plan.steps[0].calls == WHOLE.steps[0].calls
    assert {"description": "Forged"} in [call.body for step in plan.steps for call in step.calls]


@pytest.mark.parametrize(
    ("edit", "call"),
    [
        (called(UPDATED, "PATCH", "/gates/other", {}), "PATCH /gates/other"),
        (called(UPDATED, "PATCH", "/gates/gate_b2", {}), "PATCH /gates/gate_b2"),
        (called(UPDATED, "PATCH", "/dynamic_configs/gate_b", {}), "PATCH /dynamic_configs/gate_b"),
        (called(UPDATED, "PATCH", "/gates", {}), "PATCH /gates"),
        (called(UPDATED, "PATCH", "/gates/gate_b/rules", {}), "PATCH /gates/gate_b/rules"),
        (called(UPDATED, "PATCH", "/gates/gate_b", {"id": "other"}), "PATCH /gates/gate_b"),
        (called(UPDATED, "PATCH", "/gates/gate_b", []), "PATCH /gates/gate_b"),
        (called(UPDATED, "PUT", "/gates/gate_b/../other/launch"), "PUT /gates/gate_b/../other/launch"),
        (called(UPDATED, "PUT", "/gates/gate_b/%2e%2e/other"), "PUT /gates/gate_b/%2e%2e/other"),
        (called(UPDATED, "PUT", "/gates/gate_b/overrides/x"), "PUT /gates/gate_b/overrides/x"),
        (called(UPDATED, "PUT", "/gates/gate_b"), "PUT /gates/gate_b"),
        (called(UPDATED, "PUT", "/gates/gate_bx/launch"), "PUT /gates/gate_bx/launch"),
        (called(UPDATED, "POST", "/gates", {"id": "gate_b"}), "POST /gates"),
        (called(MADE, "POST", "/gates", {"id": "other"}), "POST /gates"),
        (called(MADE, "POST", "/gates", {}), "POST /gates"),
        (called(MADE, "POST", "/gates", None), "POST /gates"),
        (called(MADE, "POST", "/tags", {"name": "gate_a"}), "POST /tags"),
        (called(REMOVED, "DELETE", "/gates/other"), "DELETE /gates/other"),
        (called(REMOVED, "DELETE", "/gates"), "DELETE /gates"),
        (called(TAG, "POST", "/tags", {"name": "other"}), "POST /tags"),
        (called(TAG, "DELETE", "/tags/new"), "DELETE /tags/new"),
        (called(TAG, "POST", "/gates", {"id": "new"}), "POST /gates"),
        (called(TAG, "POST", "/invite_user", {"name": "new"}), "POST /invite_user"),
    ],
)
def test_a_call_about_another_object_is_refused(edit: Callable[[Tree], None], call: str) -> None:
    assert refusal(forged(TEXT, edit)).startswith(f"the call {call} is not about ")


def test_a_deletion_that_is_called_an_update_is_refused() -> None:
    message = refusal(forged(TEXT, called(UPDATED, "DELETE", "/gates/gate_b")))
    assert message == "the step says adopt, and the call DELETE /gates/gate_b deletes"


@pytest.mark.parametrize("path", ["gates/gate_b", "https://evil.invalid/x", "/gates/gate_b?force=1", "/gates//gate_b"])
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    def edit(tree: Tree) -> None:
        step_of(tree, *UPDATED)["calls"][0]["path"] = path

    assert "calls" in refusal(forged(TEXT, edit, prints=False))


def test_another_method_is_refused() -> None:
    assert refusal(forged(TEXT, called(UPDATED, "GET", "/gates/gate_b"), prints=False))


def renamed(**change: Json) -> Callable[[Tree], None]:
    def edit(tree: Tree) -> None:
        step_of(tree, *UPDATED).update(change)

    return edit


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (renamed(id="other"), "is not about Gate/other"),
        (renamed(kind="DynamicConfig"), "is not about DynamicConfig/gate_b"),
        (renamed(kind="User"), "a plan cannot adopt User/gate_b"),
        (renamed(kind="Tag", id="x"), "a plan cannot adopt Tag/x"),
        (renamed(id="gate_z", calls=[]), "Gate/gate_z has two steps"),
        (renamed(fields=[{"path": ["salary"], "action": "set", "live": 1, "desired": 2}]), "a Gate does not have"),
        (renamed(fields=[{"path": [], "action": "set", "live": 1, "desired": 2}]), "a Gate does not have"),
    ],
)
def test_a_step_that_no_plan_would_hold_is_refused(edit: Callable[[Tree], None], why: str) -> None:
    assert why in refusal(forged(TEXT, edit))


def test_a_base_that_is_not_the_one_that_was_digested_is_refused() -> None:
    def edit(tree: Tree) -> None:
        step_of(tree, *UPDATED)["base"]["description"] = "As somebody would like it to have been"

    assert refusal(forged(TEXT, edit, prints=False)).startswith("the digest of Gate/gate_b does not fit")


def test_a_fingerprint_that_does_not_fit_the_calls_is_refused() -> None:
    edit = called(UPDATED, "PATCH", "/gates/gate_b", {"description": "Forged"})
    assert refusal(forged(TEXT, edit, prints=False)) == "the fingerprint does not fit the calls"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"extra": 1}, "extra"),
        ({"url": 7}, "url"),
        ({"steps": [{}]}, "steps.0"),
        ({"fingerprint": "abc"}, "fingerprint"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_place(change: Tree, where: str) -> None:
    assert refusal(forged(TEXT, lambda tree: tree.update(change), prints=False)).startswith(where)
