"""The example pipeline for GitLab, script by script: a merge request is planned, its merge applied, drift told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator

import pytest

from reconciler.domain import Tree
from tests.end_to_end.pipelines.gitlab import Lab, listening, play
from tests.end_to_end.pipelines.repository import begin, commit, describe, git
from tests.end_to_end.world import KEY, World, manifest

pytestmark = pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="jq and curl are needed")


class Team:
    """One repository, one live project, and what happens to both."""

    def __init__(self, world: World, lab: Lab) -> None:
        self.world, self.lab, self.base = world, lab, begin(world)
        self.head = self.base
        git(world.folder, "remote", "add", "origin", ".")

    def push(self, description: object) -> None:
        self.head = describe(self.world, description)

    def plan(self) -> tuple[int, str]:
        return play(
            "statsig-plan", self.world.folder, self.lab, STATSIG_CONSOLE_KEY_READ=KEY, CI_COMMIT_SHA=self.head,
            CI_MERGE_REQUEST_DIFF_BASE_SHA=self.base, CI_MERGE_REQUEST_IID="7",
        )  # fmt: skip

    def merge(self) -> tuple[int, str]:
        self.lab.requests[self.head] = [{"iid": 7, "state": "merged", "merge_commit_sha": self.head, "sha": self.head}]
        return self.apply()

    def apply(self, **more: str) -> tuple[int, str]:
        known = {"CI_COMMIT_SHA": self.head, "CI_COMMIT_BEFORE_SHA": self.base, "CI_DEFAULT_BRANCH": "main"}
        return play("statsig-apply", self.world.folder, self.lab, **{"STATSIG_CONSOLE_KEY": KEY, **known, **more})

    def apply_as_told(self, told: str) -> tuple[int, str]:
        """What a pipeline does that gets the variables that a refused apply named."""
        variables = dict(re.findall(r"\b(FINGERPRINT|SINCE)=(\S+)", told.rpartition("**Nothing was done.**")[2]))
        assert sorted(variables) == ["FINGERPRINT", "SINCE"]
        return self.apply(CI_COMMIT_BEFORE_SHA="0" * 40, **variables)

    def drift(self) -> int:
        return play("statsig-drift", self.world.folder, self.lab, STATSIG_CONSOLE_KEY_READ=KEY)[0]

    def clicked(self, description: str) -> None:
        self.world.edit("Gate", "checkout_v2", {"description": description})

    @property
    def live(self) -> str:
        return str(self.world.live("Gate", "checkout_v2")["description"])


@pytest.fixture
def team(world: World) -> Iterator[Team]:
    with listening() as lab:
        yield Team(world, lab)


def test_the_plan_is_a_note_that_is_edited_in_place_and_the_merge_applies_it(team: Team) -> None:
    team.push("Said first")
    code, said = team.plan()
    assert code == 0, said
    (note,) = team.lab.notes
    assert note["body"].startswith("<!-- statsig-reconciler plan -->\n<!-- reviewed commit=" + team.head)

    team.push("Said later")
    assert team.plan()[0] == 0
    assert ["Said later" in each["body"] for each in team.lab.notes] == [True]
    assert team.live == "As it was"

    code, said = team.merge()
    assert code == 0, said
    assert team.live == "Said later"
    assert "1 done; read again, live is as it was to be" in team.lab.notes[-1]["body"]


def test_a_plan_with_errors_is_told_and_is_no_review(team: Team) -> None:
    team.push(["no text"])
    assert team.plan()[0] == 1
    assert ["fingerprint=none" in note["body"] for note in team.lab.notes] == [True]
    code, said = team.merge()
    assert code == 1
    assert "SCHEMA/type" in said
    assert team.lab.notes[-1]["body"].startswith(
        "**Statsig apply: ❌ nothing was done.** There is no plan that could be"
    )
    assert "SCHEMA/type" in team.lab.notes[-1]["body"]


def test_another_plan_than_the_reviewed_one_is_refused_until_somebody_has_looked_at_it(team: Team) -> None:
    team.push("Said first")
    assert team.plan()[0] == 0
    planned = team.head
    team.push("Moved on")
    team.lab.notes[0]["body"] = team.lab.notes[0]["body"].replace(planned, team.head, 1)
    code, said = team.merge()
    assert code == 1
    assert "APPLY/fingerprint" in said
    assert team.live == "As it was"
    told = team.lab.notes[-1]["body"]
    assert "**Nothing was done.** This is not the plan that was reviewed: the main branch or the live" in told
    code, said = team.apply_as_told(told)
    assert code == 0, said
    assert team.live == "Moved on"


def test_what_a_refused_apply_names_makes_the_same_plan_after_several_commits(team: Team) -> None:
    """The first of two commits switches on what is off live: from the second alone that would be kept off."""
    team.world.project(safety={"keepOff": True})
    team.world.manifests([manifest("Gate", "checkout_v2", {"description": "As it was", "status": "in_progress"})])
    team.base = commit(team.world.folder, "On in Git")
    team.world.edit("Gate", "checkout_v2", {"isEnabled": False, "status": "Disabled"})
    team.world.manifests([manifest("Gate", "checkout_v2", {"description": "New words", "status": "in_progress"})])
    commit(team.world.folder, "One")
    team.world.write("manifests/other.yaml", json.dumps(manifest("Gate", "other", {"description": "Other"})))
    team.head = commit(team.world.folder, "Two")
    refused, said = team.apply()
    assert refused == 1
    code, said = team.apply_as_told(said)
    assert code == 0, said
    assert team.live == "New words"


def test_an_older_apply_that_is_run_once_more_takes_nothing_back(team: Team) -> None:
    team.push("Said first")
    assert team.plan()[0] == 0
    assert team.merge()[0] == 0
    first, reviewed = team.head, list(team.lab.notes)
    team.lab.notes.clear()
    team.push("As it was")
    assert team.plan()[0] == 0
    assert team.merge()[0] == 0
    git(team.world.folder, "checkout", "--quiet", first)
    team.head, team.lab.notes[:] = first, reviewed[:1]
    code, said = team.merge()
    assert code == 1
    assert team.live == "As it was"
    for told in (said, team.lab.notes[-1]["body"]):
        assert "A later commit of main touches this project" in told


def test_a_key_that_is_missing_is_called_by_the_name_of_its_variable(team: Team) -> None:
    known = {"STATSIG_CONSOLE_KEY_READ": "", "CI_COMMIT_SHA": team.head, "CI_MERGE_REQUEST_IID": "7"}
    for job in ("statsig-plan", "statsig-drift"):
        code, said = play(job, team.world.folder, team.lab, **known)
        assert (code, said.count("The variable STATSIG_CONSOLE_KEY_READ is missing")) == (1, 1)
    team.push("Said first")
    code, said = team.apply(STATSIG_CONSOLE_KEY="")
    assert (code, said.count("The variable STATSIG_CONSOLE_KEY is missing")) == (1, 1)


def test_a_commit_without_a_merge_request_is_not_applied(team: Team) -> None:
    team.push("Said first")
    code, said = team.apply()
    assert code == 1
    assert "**Nothing was done.** This commit came without a merge request." in said
    assert team.live == "As it was"
    assert team.apply_as_told(said)[0] == 0
    assert team.live == "Said first"


def test_a_commit_that_changes_nothing_needs_no_review(team: Team) -> None:
    assert team.apply()[0] == 0


def test_what_somebody_else_writes_is_no_review(team: Team) -> None:
    team.push("Said first")
    assert team.plan()[0] == 0
    team.lab.notes[0]["author"] = {"id": 6}
    assert "has no good plan of its last commit" in team.merge()[1]
    assert team.live == "As it was"


def test_the_note_is_found_behind_a_long_discussion(team: Team) -> None:
    talk = [{"id": 1000 + n, "on": "merge_requests/7", "author": {"id": 9}, "body": "Hm."} for n in range(150)]
    team.lab.notes.extend(talk)
    for words in ("Said first", "Said later"):
        team.push(words)
        assert team.plan()[0] == 0
    assert ["Said later" in each["body"] for each in team.lab.notes[150:]] == [True]
    code, said = team.merge()
    assert code == 0, said
    assert team.live == "Said later"


def test_a_fork_is_validated_and_is_told_that_this_is_all(team: Team) -> None:
    ids: Tree = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2", "CI_MERGE_REQUEST_PROJECT_ID": "1"}
    code, said = play("statsig-validate", team.world.folder, team.lab, **ids)
    assert code == 0
    assert "it is validated, and not planned" in said
    assert (team.world.folder / "validate.xml").is_file()


def test_drift_opens_an_issue_edits_it_and_closes_it(team: Team) -> None:
    assert team.drift() == 0
    assert team.lab.issues == []
    for text in ("Clicked", "Clicked twice"):
        team.clicked(text)
        assert team.drift() == 0
        assert [(text in each["description"], each["state"]) for each in team.lab.issues] == [(True, "opened")]
    assert [each["body"] for each in team.lab.notes] == ["Something else differs now: read above."]
    assert team.drift() == 0
    assert len(team.lab.notes) == 1  # the same drift is told once
    team.clicked("As it was")
    assert team.drift() == 0
    assert [each["state"] for each in team.lab.issues] == ["closed"]
    assert "no drift" in team.lab.notes[-1]["body"]
