"""The example workflows, step by step: a pull request is planned, its merge applied, drift becomes an issue."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from reconciler.domain import Tree
from tests.end_to_end.pipelines.actions import REPOSITORY, ROOT, Hub, Ran
from tests.end_to_end.pipelines.repository import begin, commit, describe, git
from tests.end_to_end.world import KEY, World, manifest
from tests.unit.cli.terminal import Desk

EXAMPLES = {name: ROOT / "examples" / "ci" / "github" / f"{name}.yml" for name in ("plan", "apply", "drift")}
BOT = "github-actions[bot]"

pytestmark = pytest.mark.skipif(not shutil.which("jq"), reason="jq reads for gh, and is not installed")


class Team:
    """One repository, one live project, and what happens to both."""

    def __init__(self, world: World, hub: Hub, workflows: Mapping[str, Path] = EXAMPLES) -> None:
        self.world, self.hub, self.base = world, hub, begin(world, hub.folder)
        self.head, self.workflows = self.base, workflows

    def push(self, description: object) -> str:
        """A new commit of the pull request."""
        self.head = describe(self.world, description)
        return self.head

    def plan(self, repository: str = REPOSITORY) -> Ran:
        request = {"number": 7, "head": {"sha": self.head, "repo": {"full_name": repository}}}
        return self.hub.run(self.workflows["plan"], "pull_request", {"pull_request": request, "after": self.head})

    def merge(self, attempt: int = 1) -> Ran:
        """The last commit is merged, as it is."""
        pull = {"number": 7, "merged_at": "2026-11-25", "merge_commit_sha": self.head, "head": {"sha": self.head}}
        self.hub.know(pulls={self.head: [pull]})
        return self.apply(attempt)

    def apply(self, attempt: int = 1) -> Ran:
        event = {"before": self.base, "after": self.head}
        return self.hub.run(self.workflows["apply"], "push", event, attempt=attempt)

    def apply_by_hand(self, fingerprint: str) -> Ran:
        inputs = {"fingerprint": fingerprint, "since": self.base}
        return self.hub.run(self.workflows["apply"], "workflow_dispatch", {"after": self.head}, inputs)

    def apply_as_told(self, refused: Ran) -> Ran:
        """What the command that a refused apply printed does, to the letter."""
        (told,) = (row for row in refused.summary.splitlines() if row.startswith("    gh workflow run "))
        words = shlex.split(told)
        assert words[:6] == ["gh", "workflow", "run", "Statsig apply", "--ref", "main"]
        assert words[6::2] == ["--field", "--field"]
        inputs = dict(word.split("=", 1) for word in words[7::2])
        return self.hub.run(self.workflows["apply"], "workflow_dispatch", {"after": self.head}, inputs)

    def drift(self) -> Ran:
        return self.hub.run(self.workflows["drift"], "schedule", {"after": self.head})

    @property
    def live(self) -> str:
        return str(self.world.live("Gate", "checkout_v2")["description"])

    @property
    def comments(self) -> list[Tree]:
        return list(self.hub.known["comments"])

    @property
    def issues(self) -> list[Tree]:
        return list(self.hub.known["issues"])


@pytest.fixture
def hub(world: World, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    state = tmp_path_factory.mktemp("hub") / "state.json"
    state.write_text(json.dumps({"calls": [], "comments": [], "issues": [], "pulls": {}, "heads": {}}), "utf-8")
    return Hub(world.folder, state, {"STATSIG_CONSOLE_KEY": KEY, "STATSIG_CONSOLE_KEY_READ": KEY})


@pytest.fixture
def team(world: World, hub: Hub) -> Team:
    return Team(world, hub)


# ---- the pull request ------------------------------------------------------------------------------------------------


def test_the_plan_is_a_comment_that_is_edited_in_place(team: Team) -> None:
    team.push("Said first")
    first = team.plan()
    assert first.good, first.log
    assert "1 to change" in first.summary
    (comment,) = team.comments
    assert comment["body"].startswith("<!-- statsig-reconciler plan -->\n<!-- reviewed commit=" + team.head)
    assert "Said first" in comment["body"]

    team.push("Said later")
    assert team.plan().good
    (edited,) = team.comments
    assert edited["id"] == comment["id"]
    assert "Said later" in edited["body"]
    assert "Said first" not in edited["body"]
    assert team.live == "As it was"


def test_what_a_comment_of_somebody_else_says_is_left_alone(team: Team) -> None:
    forged = {"id": 1, "issue": 7, "user": {"login": "eve"}, "body": "<!-- statsig-reconciler plan -->\nMine"}
    team.hub.know(comments=[forged])
    team.push("Said first")
    assert team.plan().good
    assert [comment["user"]["login"] for comment in team.comments] == ["eve", BOT]
    assert team.comments[0] == forged


def test_a_plan_that_cannot_be_applied_is_told_and_is_no_review(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    team.push(["no text"])
    ran = team.plan()
    ends = {"Install": "success", "Validate": "skipped", "Look for the key": "success"}
    assert ran.outcomes == {**ends, "Plan": "failure", "Comment": "success"}
    (comment,) = team.comments
    assert "fingerprint=none" in comment["body"]
    assert "::error file=manifests/0000.yaml,title=SCHEMA/type,line=1," in ran.log
    assert not team.merge().good
    assert team.live == "As it was"


def test_a_fork_is_validated_and_nothing_else(team: Team) -> None:
    team.push("Said first")
    ran = team.plan("eve/flags")
    ends = {"Install": "success", "Validate": "success", "Look for the key": "skipped"}
    assert ran.outcomes == {**ends, "Plan": "skipped", "Comment": "skipped"}
    assert "**not planned**" in ran.summary
    assert team.hub.known["calls"] == []

    team.push(["no text"])
    assert team.plan("eve/flags").outcomes["Validate"] == "failure"


# ---- the merge -------------------------------------------------------------------------------------------------------


def test_the_merge_applies_what_was_reviewed_and_says_so(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    ran = team.merge()
    assert ran.good, ran.log
    assert team.live == "Said first"
    assert "1 done; read again, live is as it was to be" in team.comments[-1]["body"]
    assert team.comments[-1]["issue"] == 7


def test_a_merge_that_changes_nothing_is_good(team: Team) -> None:
    assert team.plan().good
    assert team.merge().good


def test_another_plan_than_the_reviewed_one_is_refused_until_somebody_has_looked_at_it(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    planned = team.head
    team.push("Moved on")
    reviewed = team.comments[0]["body"].replace(planned, team.head, 1)
    team.hub.know(comments=[{**team.comments[0], "body": reviewed}])

    refused = team.merge()
    assert refused.outcomes["Apply"] == "failure"
    assert "APPLY/fingerprint" in refused.log
    assert team.live == "As it was"
    assert "**Nothing was done.** This is not the plan that was reviewed: the main branch or the" in refused.summary
    assert "**Nothing was done.** This is not the plan that was reviewed" in team.comments[-1]["body"]
    assert not team.apply_by_hand("0" * 64).good
    assert team.live == "As it was"
    ran = team.apply_as_told(refused)
    assert ran.good, ran.log
    assert team.live == "Moved on"


def test_the_command_that_a_refused_apply_prints_makes_the_same_plan_after_several_commits(team: Team) -> None:
    """The first of two commits switches on what is off live: from the second alone that would be kept off."""
    team.world.project(safety={"keepOff": True})
    team.world.manifests([manifest("Gate", "checkout_v2", {"description": "As it was", "status": "in_progress"})])
    team.base = commit(team.world.folder, "On in Git")
    team.world.edit("Gate", "checkout_v2", {"isEnabled": False, "status": "Disabled"})
    team.world.manifests([manifest("Gate", "checkout_v2", {"description": "New words", "status": "in_progress"})])
    commit(team.world.folder, "One")
    team.world.write("manifests/other.yaml", json.dumps(manifest("Gate", "other", {"description": "Other"})))
    team.head = commit(team.world.folder, "Two")

    refused = team.apply()
    assert not refused.good
    assert f" --field since={team.base}" in refused.summary
    ran = team.apply_as_told(refused)
    assert ran.good, ran.log
    assert team.live == "New words"


def test_a_commit_without_a_pull_request_is_not_applied(team: Team) -> None:
    team.push("Said first")
    ran = team.apply()
    assert not ran.good
    assert "**Nothing was done.** This commit came without a pull request. Read the plan above." in ran.summary
    assert '"As it was" → "Said first"' in ran.summary
    assert team.live == "As it was"
    assert team.apply_as_told(ran).good
    assert team.live == "Said first"


def test_a_commit_that_changes_nothing_needs_no_review(team: Team) -> None:
    ran = team.apply()
    assert ran.good, ran.log
    assert "nothing is left to do" in ran.summary


def test_a_plan_of_an_earlier_commit_is_no_review(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    team.push("Never planned")
    ran = team.merge()
    assert "has no good plan of its last commit" in ran.summary
    assert "has no good plan of its last commit" in team.comments[-1]["body"]
    assert team.live == "As it was"


def test_an_older_apply_that_is_run_once_more_takes_nothing_back(team: Team) -> None:
    first = team.push("Said first")
    assert team.plan().good
    assert team.merge().good
    reviewed = team.comments
    team.hub.know(comments=[])
    team.base = first
    later = team.push("As it was")
    assert team.plan().good
    assert team.merge().good
    git(team.world.folder, "checkout", "--quiet", first)
    team.head = first
    team.hub.know(comments=reviewed[:1], heads={"main": later})

    ran = team.merge(attempt=2)
    assert {name for name, outcome in ran.outcomes.items() if outcome == "failure"} == {"Refuse an older commit"}
    assert ran.outcomes["Apply"] == "skipped"
    assert team.live == "As it was"
    for said in (ran.log, ran.summary, team.comments[-1]["body"]):
        assert "A later commit of main touches this project" in said


def test_an_apply_is_run_once_more_where_no_later_commit_touches_the_project(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    assert team.merge().good
    team.world.edit("Gate", "checkout_v2", {"description": "As it was"})
    team.world.write("README", "Other things")
    team.hub.know(heads={"main": commit(team.world.folder, "Other things")})
    git(team.world.folder, "checkout", "--quiet", team.head)
    ran = team.apply(attempt=2)
    assert ran.good, ran.log
    assert team.live == "Said first"


@pytest.mark.parametrize("secret", ["STATSIG_CONSOLE_KEY", "STATSIG_CONSOLE_KEY_READ"])
def test_a_key_that_is_missing_is_called_by_the_name_of_its_secret(team: Team, secret: str) -> None:
    team.push("Said first")
    team.hub.secrets[secret] = ""
    runs = [team.plan(), team.drift()] if secret.endswith("READ") else [team.merge()]
    for ran in runs:
        assert not ran.good
        assert f"::The secret {secret} is missing" in ran.log
        assert "environment variable" not in ran.log
    assert [comment["issue"] for comment in team.comments] == ([] if secret.endswith("READ") else [7])


def test_a_merge_that_cannot_be_planned_says_that_it_was_not_applied(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    team.push(["no text"])
    ran = team.merge()
    assert ran.outcomes["Plan"] == "failure"
    assert ran.outcomes["Apply"] == "skipped"
    told = "**Statsig apply: ❌ nothing was done.** There is no plan that could be applied"
    assert team.comments[-1]["body"].startswith(told)
    assert "SCHEMA/type" in team.comments[-1]["body"]
    assert ran.summary == team.comments[-1]["body"]
    assert "::error title=Nothing was done::There is no plan that could be applied" in ran.log


def test_without_what_the_plan_wrote_nothing_counts_as_reviewed(team: Team, tmp_path: Path) -> None:
    team.push("Said first")
    assert team.plan().good
    source = EXAMPLES["apply"].read_text("utf-8")
    lost = tmp_path / "apply.yml"
    lost.write_text(source.replace(" --report markdown:65000=plan.md", ""), "utf-8")
    team.workflows = {**EXAMPLES, "apply": lost}
    (team.world.folder / "plan.md").unlink()
    ran = team.merge()
    assert "has no good plan of its last commit" in ran.summary
    assert team.live == "As it was"


def test_what_waits_for_people_needs_no_review(team: Team) -> None:
    team.push("Said first")
    team.world.edit("Gate", "checkout_v2", {"activeReview": {"reviewID": "r-17", "reviewStatus": "PENDING"}})
    ran = team.apply()
    assert ran.good, ran.log
    assert "what is left waits for people" in ran.summary
    assert team.live == "As it was"


def test_what_somebody_else_writes_is_no_review(team: Team) -> None:
    team.push("Said first")
    assert team.plan().good
    team.hub.know(comments=[{**team.comments[0], "user": {"login": "eve"}}])
    assert "has no good plan of its last commit" in team.merge().summary
    assert team.live == "As it was"


@pytest.mark.parametrize(
    ("folder", "named"),
    [("web/flags", "web/flags"), ("web app", "web%20app"), ("a--b", "a-%2Db"), ("büro", "büro")],
)
def test_the_workflows_that_init_writes_for_a_project_in_a_folder_work_there(
    world: World, hub: Hub, tmp_path_factory: pytest.TempPathFactory, folder: str, named: str
) -> None:
    made = tmp_path_factory.mktemp("made")
    (made / ".git").mkdir()
    assert Desk().run(["init", str(made / folder)]) == 0
    slug = folder.replace("/", "-")
    workflows = {name: made / f".github/workflows/statsig-{name}-{slug}.yml" for name in EXAMPLES}
    world.folder = hub.folder / folder
    team = Team(world, hub, workflows)
    team.push("Said first")
    ran = team.plan()
    assert ran.good, ran.log
    assert team.comments[0]["body"].startswith(f"<!-- statsig-reconciler plan {named} -->\n<!-- reviewed commit=")
    assert f"/{quote(folder)}/manifests/0000.yaml#L1" in team.comments[0]["body"]
    ran = team.merge()
    assert ran.good, ran.log
    assert team.live == "Said first"
    assert team.drift().good
    assert (world.folder / "drift.md").is_file()


# ---- the schedule ----------------------------------------------------------------------------------------------------


def test_drift_opens_an_issue_edits_it_and_closes_it(team: Team) -> None:
    assert team.drift().good
    assert team.issues == []

    team.world.edit("Gate", "checkout_v2", {"description": "Clicked"})
    assert team.drift().good
    (issue,) = team.issues
    assert issue["title"] == "Statsig differs from Git"
    assert "Clicked" in issue["body"]

    team.world.edit("Gate", "checkout_v2", {"description": "Clicked twice"})
    assert team.drift().good
    assert [("Clicked twice" in each["body"], each["state"]) for each in team.issues] == [(True, "open")]
    assert [each["body"] for each in team.comments] == ["Something else differs now: read above."]

    assert team.drift().good
    assert len(team.comments) == 1  # the same drift is told once

    team.world.edit("Gate", "checkout_v2", {"description": "As it was"})
    assert team.drift().good
    assert [each["state"] for each in team.issues] == ["closed"]
    assert "no drift" in team.comments[-1]["body"]

    team.world.edit("Gate", "checkout_v2", {"description": "Clicked once more"})
    assert team.drift().good
    assert [each["state"] for each in team.issues] == ["closed", "open"]


def test_a_check_for_drift_that_fails_touches_no_issue(team: Team) -> None:
    team.world.edit("Gate", "checkout_v2", {"description": "Clicked"})
    assert team.drift().good
    team.push(["no text"])
    before = team.issues
    assert team.drift().outcomes["Issue"] == "skipped"
    assert team.issues == before


# ---- the action ------------------------------------------------------------------------------------------------------


def test_the_workflow_of_this_project_plays_the_example_through_the_action(team: Team, tmp_path: Path) -> None:
    shutil.rmtree(team.world.folder / "manifests")
    market = tmp_path / "examples" / "market"
    team.world.folder = market
    team.world.example()
    source = (ROOT / ".github" / "workflows" / "dogfood.yml").read_text("utf-8")
    workflow = team.hub.state.with_name("dogfood.yml")
    served = source.replace("http://127.0.0.1:3006/console/v1", team.world.service.url)
    assert served != source
    workflow.write_text(_without(served, "Start the emulator"), "utf-8")
    ran = team.hub.run(workflow, "push", {"after": team.head})
    assert ran.good, ran.log
    assert "changes, changes once they are applied, drift: true false true" in ran.log


STEPS = """
env:
  STATSIG_CONSOLE_KEY: ${{ secrets.STATSIG_CONSOLE_KEY }}
  ADDRESSES: json://127.0.0.1:9
jobs:
  all:
    steps:
      - {uses: ./, name: held, with: {command: plan}}
      - uses: ./
        name: allowed
        if: always()
        with:
          command: plan
          allow: |
            updates=agreed with support
            removals=nothing goes
      - {uses: ./, name: drift, id: drift, if: always(), with: {command: drift}}
      - uses: ./
        name: told already
        if: always()
        with: {command: drift, notify: "true", unless-digest: "${{ steps.drift.outputs.digest }}"}
      - {uses: ./, name: told, if: always(), with: {command: drift, notify: "true"}}
"""


def test_the_action_takes_reasons_for_guards_and_tells_the_same_drift_once(team: Team) -> None:
    """Nobody listens at the address, so that it is seen whether a message was sent."""
    team.push("Other words")
    team.world.project(safety={"updates": {"max": 0}}, notify={"urlsEnv": "ADDRESSES"})
    workflow = team.hub.state.with_name("own.yml")
    workflow.write_text(STEPS, "utf-8")
    ran = team.hub.run(workflow, "schedule", {"after": team.head})
    errors = {name: outputs["has_errors"] for name, outputs in ran.outputs.items() if name in {"held", "allowed"}}
    assert errors == {"held": "true", "allowed": "false"}, ran.log
    assert "agreed with support" in ran.log
    drifts = {name: ran.outcomes[name] for name in ("drift", "told already", "told")}
    assert drifts == {"drift": "success", "told already": "success", "told": "failure"}, ran.log


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"command": "apply", "plan-file": "p.json", "target": "kind=Gate"},
            "target counts for validate, plan, apply, drift",
        ),
        ({"command": "apply", "plan-file": "p.json", "since": "HEAD^1"}, "since counts for plan, apply"),
        ({"command": "apply", "plan-file": "p.json", "switch-on": "Gate/a"}, "switch-on counts for plan, apply"),
        ({"command": "rollback", "plan-file": "p.json", "target": "kind=Gate"}, "target counts for"),
        (
            {"command": "rollback", "plan-file": "p.json", "expect-fingerprint": "ab"},
            "expect-fingerprint counts for apply",
        ),
        ({"command": "drift", "allow": "updates=yes"}, "allow counts for plan, apply"),
        ({"command": "plan", "notify": "true"}, "notify counts for drift"),
        ({"command": "validate", "plan-file": "p.json"}, "plan-file counts for plan, apply of a plan file, rollback"),
    ],
)
def test_an_input_that_has_no_meaning_for_the_command_is_refused(team: Team, settings: Tree, message: str) -> None:
    workflow = team.hub.state.with_name("own.yml")
    workflow.write_text(json.dumps({"jobs": {"all": {"steps": [{"uses": "./", "name": "it", "with": settings}]}}}))
    ran = team.hub.run(workflow, "push", {"after": team.head})
    assert not ran.good
    assert f"::error title=Input without meaning::{message}" in ran.log
    assert len(ran.log.splitlines()) == 1


def _without(workflow: str, step: str) -> str:
    """The text without one of its steps."""
    before, _, rest = workflow.partition(f"      - name: {step}\n")
    return before + "      - name:" + rest.partition("      - name:")[2]
