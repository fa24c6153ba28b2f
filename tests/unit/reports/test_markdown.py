"""Reports as Markdown: what a reviewer reads first, never too long, and nothing in it breaks out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.domain import (
    Action,
    Call,
    Convergence,
    Drift,
    FieldChange,
    Finding,
    ItemName,
    Modified,
    Outcome,
    Place,
    Plan,
    ResourceKey,
    Severity,
    Status,
    Step,
    Verb,
)
from reconciler.reports.markdown import MOST_BYTES, comment
from reconciler.reports.markdown.escape import code, prose
from reconciler.reports.told import Origin, Told
from tests.unit.reports.examples import ARCHIVE, CREATE, ERROR, NAMED_DRIFT, NOTE, UPDATE

HOSTILE = [
    "<script>alert(1)</script>",
    "@everyone",
    "acme/flags#1",
    "[click](https://evil.example)",
    "![](https://evil.example/x.png)",
    "```",
    "`````` \n# heading",
    "</details><img src=x>",
    "https://evil.example",
    "www.evil.example",
    "| a | b |",
    "-->",
    "&lt;b&gt;",
    "\x1b[31m",
    "`@team`",
    "\\`<b>`",
]
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = ("<!-- statsig-reconciler", "<details>", "</details>", "<summary>")


def told(*steps: Step, **others: object) -> Told:
    return replace(Told("plan", 2, Plan(steps), "ab12"), **others)  # type: ignore[arg-type]


def gate(id_: str, *fields: FieldChange, verb: Verb = Verb.UPDATE, **others: object) -> Step:
    step = Step(ResourceKey("Gate", id_), verb, (Call("PATCH", f"/gates/{id_}", {}),), fields)
    return replace(step, **others)  # type: ignore[arg-type]


def described(text: str) -> Step:
    rule = FieldChange(("rules", ItemName(text), "passPercentage"), Action.SET, text, 5)
    fields = FieldChange(("description",), Action.SET, text, f"{text} and more"), rule
    return gate(text, *fields, where=Place(text, line=3), labels={"owner": text}, modified=Modified(text, 1))


def strangers(text: str) -> list[str]:
    """Tags, links and pictures in a document that we did not put there, and what GitHub would make links of."""
    found = []
    for token in PARSER.parse(text):
        if token.type == "html_block" and not token.content.startswith(OURS):
            found.append(token.content)
        for child in token.children or ():
            if child.type in {"html_inline", "image", "link_open"}:
                found.append(str(child))
            if child.type == "text" and any(sign in child.content for sign in ("@e", "@t", "s#1", "://", "www.")):
                found.append(child.content)
    return found


def test_text_from_outside_breaks_out_of_nothing() -> None:
    for text in HOSTILE:
        finding = Finding("PLAN/x", text, text, Place(text), ResourceKey("Gate", text), Severity.WARNING)
        shown = comment(told(described(text), plan=Plan((described(text),), findings=(finding,))))
        assert strangers(shown) == [], text


@given(st.text(max_size=40))
def test_a_code_span_holds_what_was_put_in(text: str) -> None:
    (paragraph,) = [token for token in PARSER.parse(f"x {code(text)} y") if token.type == "inline"]
    assert [child.type for child in paragraph.children or ()] == ["text", "code_inline", "text"]


@given(st.text(max_size=60))
def test_prose_is_read_as_it_is_written_and_opens_nothing(text: str) -> None:
    children = [child for token in PARSER.parse(f"x {prose(text)}") for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It goes: os_name (iOS) at 14:03, 5 - 3", "It goes: os_name (iOS) at 14:03, 5 - 3"),
        (":smile: a:100:b 10:20:30", "\\:smile: a\\:100\\:b 10\\:20:30"),
        ("_one_ __two__ three_", "\\_one\\_ \\_\\_two\\_\\_ three\\_"),
        ("- no item", "\\- no item"),
        ("a!1 &5 %7 ~bug 25 % [issue:1]", "a!\u200b1 &amp;\u200b5 %\u200b7 \\~\u200bbug 25 % \\[\u200bissue\\:1\\]"),
    ],
)
def test_prose_escapes_no_more_than_it_must(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_the_rows_of_a_difference_keep_their_indent_and_their_sign() -> None:
    before = "select a,\n  -- money of the year\n  sum(b),\n  c\nfrom t\nwhere d\n  and e"
    change = FieldChange(("sql",), Action.SET, before, before.replace("sum(b)", "max(b)"))
    shown = comment(told(gate("a_gate", change)))
    assert "\n     -- money of the year\n" in shown  # two blanks of the list, one for the sign
    assert "\n  -  sum(b),\n" in shown
    assert "\n  +  max(b),\n" in shown


def test_what_is_dangerous_is_told_whole_before_anything_else_is_told_at_all() -> None:
    harmless = [gate(f"harmless_{number:04}") for number in range(900)]
    shown = comment(told(ARCHIVE, *harmless), 8_000)
    assert "! status: launched → archived" in shown
    assert len(shown.encode()) <= 8_000


def test_the_verdict_comes_first_and_what_is_dangerous_is_open() -> None:
    shown = comment(told(CREATE, UPDATE, ARCHIVE))
    assert shown.splitlines()[1] == "## Statsig plan: 1 to create, 1 to change, 1 to archive, 0 unchanged"
    first, _, folded = shown.partition("<details>")
    assert "spring_sale" in first
    assert "one_page" in first  # it starts an experiment
    assert "spring_sale" not in folded


def test_a_plan_that_cannot_be_applied_says_so_in_its_first_line() -> None:
    shown = comment(Told("plan", 1, Plan((UPDATE,), findings=(ERROR,))))
    assert shown.splitlines()[1] == "## Statsig plan: ❌ this cannot be applied, 1 error, 0 warnings"
    assert "raise the limit to 12" in shown


def test_nothing_to_do_is_one_line() -> None:
    shown = comment(Told("plan", 0, Plan(unchanged=(ResourceKey("Gate", "a"),))))
    assert shown.splitlines()[1:] == ["## Statsig plan: ✅ no changes, 1 object as the manifests say", ""]


def test_an_apply_in_part_shows_what_failed_before_what_was_done() -> None:
    ends = (Outcome(UPDATE, Status.DONE, 1), Outcome(ARCHIVE, Status.FAILED, 0, "403: not allowed"))
    shown = comment(Told("apply", 1, Plan((UPDATE, ARCHIVE)), "ab12", ends))
    assert "❌ 1 done, 1 failed; live was not read again" in shown.splitlines()[1]
    assert shown.index("403") < shown.index("checkout_v2")


def test_what_was_done_is_told_with_what_it_meant_for_users() -> None:
    shown = comment(told(UPDATE, command="apply", exit_code=0, outcomes=(Outcome(UPDATE, Status.DONE, 1),)))
    plan = comment(told(UPDATE))
    assert meant(plan) != []
    assert meant(shown) == meant(plan)


def meant(shown: str) -> list[str]:
    return [row for row in shown.splitlines() if row.startswith("  - ")]


def test_what_waits_for_people_is_told_once() -> None:
    waiting = Outcome(UPDATE, Status.PENDING_REVIEW, 1, "review r-17 is open")
    left = (Convergence(UPDATE.key, UPDATE.fields, pending="review r-17 is open"),)
    shown = comment(told(UPDATE, command="apply", outcomes=(waiting,), convergence=left))
    assert shown.count("review r\\-17 is open") + shown.count("review r-17 is open") == 1


def test_a_plan_without_steps_asks_for_no_approval() -> None:
    assert "an approval holds" in comment(told(UPDATE))
    assert "an approval holds" not in comment(told())


def test_of_many_that_should_be_looked_at_it_says_how_many_are_left_out() -> None:
    launched = [gate(f"g{at}", FieldChange(("status",), Action.SET, "in_progress", "launched")) for at in range(100)]
    steps = [replace(step, base={"status": "In Progress", "rules": []}) for step in launched]
    shown = comment(told(*steps), 5000)
    found = re.search(r"(\d+) not at all \((\d+) of them to look at first\)", shown)
    assert found
    assert found[1] == found[2]


def test_an_apply_that_waits_for_people_says_so_in_its_first_line() -> None:
    ends = (Outcome(UPDATE, Status.PENDING_REVIEW, 1, "a review may be pending"),)
    waits = Convergence(UPDATE.key, UPDATE.fields, pending="a review may be pending")
    shown = comment(Told("apply", 2, Plan((UPDATE,)), "ab12", ends, (waits,))).splitlines()[1]
    assert shown == "## Statsig apply: ⏸️ 1 pending review; 1 of 1 object waits for people, and nothing else differs"
    apart = Convergence(ARCHIVE.key, ARCHIVE.fields)
    shown = comment(Told("apply", 1, Plan((UPDATE,)), "ab12", ends, (waits, apart))).splitlines()[1]
    assert shown == "## Statsig apply: ❌ 1 pending review; 1 object not as it was to be, 1 waits for people"


def test_files_are_links_at_the_commit() -> None:
    origin = Origin("https://github.com/acme/flags/blob/c0ffee", "teams/web", "https://github.com/acme/flags/runs/7")
    shown = comment(told(gate("a_gate", where=Place("m/a b.yaml", line=4)), origin=origin))
    assert "[`teams/web/m/a b.yaml:4`](https://github.com/acme/flags/blob/c0ffee/teams/web/m/a%20b.yaml#L4)" in shown


@pytest.mark.parametrize(
    ("folder", "first"),
    [
        ("", "plan"),
        ("teams/web", "plan teams/web"),
        ("büro.2_x-y", "plan büro.2_x-y"),
        ("web app", "plan web%20app"),
        ("x --> <b>", "plan x%20-%2D%3E%20%3Cb%3E"),
        ("a---b", "plan a-%2D%2Db"),
        ("a%20b", "plan a%2520b"),
        ("\udcff", "plan %FF"),
    ],
)
def test_projects_of_one_repository_have_comments_of_their_own(folder: str, first: str) -> None:
    shown = comment(told(UPDATE, origin=Origin("", folder)))
    assert shown.splitlines()[0] == f"<!-- statsig-reconciler {first} -->"


def test_a_file_outside_of_the_repository_is_no_link() -> None:
    origin = Origin("https://github.com/acme/flags/blob/c0ffee")
    assert "](" not in comment(told(gate("a_gate", where=Place("../elsewhere.yaml", line=4)), origin=origin))


@settings(max_examples=25)
@given(st.integers(0, 60), st.integers(2_000, 12_000))
def test_it_is_never_too_long_and_says_what_was_left_out(many: int, most: int) -> None:
    change = FieldChange(("description",), Action.SET, "was", "a text that takes some room, åäö")
    steps = [gate(f"gate_{number}", change) for number in range(many)]
    shown = comment(told(*steps, ARCHIVE), most)
    assert len(shown.encode()) <= most
    assert shown.count("<details>") == shown.count("</details>")
    assert shown.count("```") % 2 == 0
    assert "spring_sale" in shown  # the only removal is never what is left out
    lines = sum(f"`gate_{number}`" in shown for number in range(many))
    wholes = shown.count("a text that takes some room") if many else 0
    cut = f"{many - lines} not at all" in shown if lines < many else " not at all" not in shown
    assert cut
    assert ("This is too much for a comment" in shown) == (lines < many or wholes < many)


def test_ten_thousand_changes_fit_into_what_github_takes() -> None:
    change = FieldChange(("description",), Action.SET, "x" * 500, "y" * 500)
    assert len(comment(told(*[gate(f"g{number}", change) for number in range(10_000)])).encode()) <= MOST_BYTES


def test_drift_is_told_with_who_did_it_the_most_urgent_first() -> None:
    shown = comment(Told("drift", 2, drift=NAMED_DRIFT))
    sorts = "1 gone, 1 spread anew, 1 emergency off, 1 other, 1 rollout step"
    assert f"4 objects are not as Git says ({sorts}), 44 equal" in shown.splitlines()[2]
    assert shown.index("**gone**") < shown.index("**spread anew**") < shown.index("**differs**")
    assert shown.index("`wallet`") < shown.index("`checkout_v2`, **rollout step**")  # switched off in the console
    assert "emergency off" in shown
    assert "anna" in shown
    assert "(`config_resalt`)" in shown


def test_a_salt_alone_is_drift_and_not_nothing() -> None:
    drift = Drift(salts=NAMED_DRIFT.salts, same=3)
    shown = comment(Told("drift", 2, drift=drift))
    assert "⚠️ 1 object is not as Git says (1 spread anew), 3 equal" in shown.splitlines()[1]
    assert "**spread anew** Gate" in shown.partition("Look at these first")[2]
    assert "Nothing takes back what was spread anew" in shown


def test_a_percentage_that_a_rollout_led_elsewhere_is_taken_out_of_what_is_equal() -> None:
    led = ", but for what rollouts lead to"
    assert led in comment(Told("plan", 0, plan=Plan(findings=(NOTE,)))).splitlines()[1]
    assert led in comment(Told("drift", 0, drift=Drift(findings=(NOTE,)))).splitlines()[1]
    assert led not in comment(Told("plan", 0, plan=Plan()))
