"""Saved plans and the way back, as a person reads them."""

from dataclasses import replace

import pytest

from reconciler.domain import Finding, Plan, ResourceKey, Severity, Step, Verb
from reconciler.reports.text import kept_lines, opened_lines, plain, plan_lines, way_back_lines, written_lines
from tests.unit.reports.examples import CHECKOUT, ERROR, ONE_PAGE, PLAN, SALE, UPDATE, VALUE

PRINT = "5f" * 32
DELETED = Step(ONE_PAGE, Verb.DELETE, ())


def kept(key: ResourceKey, why: str) -> Finding:
    return Finding("ROLLBACK/kept", f"{key}: {why}", "look at it", None, key, Severity.WARNING)


def last(plan: Plan) -> str:
    return plain(way_back_lines(plan, "release.plan.json", PRINT, show_calls=False)).splitlines()[-1]


def test_a_plan_that_was_written_is_known_by_its_fingerprint_and_has_a_next_command() -> None:
    assert plain(written_lines("release.plan.json", PRINT, "reconciler apply release.plan.json")) == (
        "\n"
        "Saved: release.plan.json\n"
        f"Fingerprint: {PRINT}\n"
        "    → reconciler apply release.plan.json\n"
    )  # fmt: skip


def test_a_plan_that_has_nothing_to_do_has_no_next_command() -> None:
    assert plain(written_lines("a.json", PRINT, "")) == f"\nSaved: a.json\nFingerprint: {PRINT}\n"


def test_an_opened_plan_says_which_one_it_is_before_anything_else() -> None:
    shown = plain(opened_lines(PLAN, "release.plan.json", PRINT, show_calls=True)).splitlines()
    assert shown[:4] == [
        "Saved plan: release.plan.json",
        f"Fingerprint: {PRINT}",
        "",
        plain(plan_lines(PLAN)).splitlines()[0],
    ]
    assert '    PATCH /gates/checkout_v2 {"rules": []}' in shown
    assert shown[-1] == "Plan: 1 to create, 1 to change, 1 to adopt, 1 to remove; 2 unchanged, 1 left alone."


def test_an_opened_plan_says_nothing_of_live_objects_that_no_manifest_describes() -> None:
    assert "in no manifest" not in plain(opened_lines(PLAN, "a.json", PRINT, show_calls=False))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(), "No steps. This plan has nothing to do."),
        (Plan(findings=(ERROR,)), "This plan cannot be applied: 1 error, 0 warnings."),
    ],
)
def test_an_opened_plan_without_steps_claims_nothing_about_live(plan: Plan, words: str) -> None:
    assert plain(opened_lines(plan, "a.json", PRINT, show_calls=False)).splitlines()[-1] == words


def test_the_way_back_reads_like_a_plan() -> None:
    back = Plan(
        steps=(UPDATE, DELETED), unchanged=(SALE, VALUE), findings=(kept(SALE, "a deleted object does not come back"),)
    )
    assert plain(way_back_lines(back, "release.plan.json", PRINT, show_calls=False)) == (
        "Way back from: release.plan.json\n"
        f"Fingerprint: {PRINT}\n"
        "\n"
        "~ update Gate checkout_v2  manifests/checkout.yaml:4  "
        "(last modified 2026-11-20 14:03 UTC by anna@northwind.example)\n"
        '    rules["Beta"].passPercentage: 10 → 25\n'
        "    tags: +growth -legacy\n"
        "\n"
        "- delete Experiment one_page\n"
        "\n"
        "warning ROLLBACK/kept: Gate/spring_sale: a deleted object does not come back\n"
        "    → look at it\n"
        "\n"
        "Way back: 1 to put back, 1 to delete; 1 not undone, 1 untouched.\n"
    )


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (Plan(unchanged=(SALE,)), "Nothing to undo. Live is as it was before the plan."),
        (Plan(unchanged=(SALE,), findings=(kept(SALE, "x"),)), "Nothing can be undone: 1 object left as found."),
        (
            Plan(steps=(UPDATE,), findings=(kept(CHECKOUT, "team was not set before"),)),
            "Way back: 1 to put back, 0 to delete; 1 not undone, 0 untouched.",
        ),
    ],
)
def test_the_last_line_of_the_way_back_says_what_it_comes_to(back: Plan, words: str) -> None:
    assert last(back) == words


def test_what_was_not_undone_is_named_once_more_each_object_once() -> None:
    findings = (kept(VALUE, "a"), kept(SALE, "b"), kept(SALE, "c"), replace(ERROR, severity=Severity.NOTE))
    assert plain(kept_lines(Plan(findings=findings))) == (
        'Not undone: EntityPropertySource "Customer value", Gate spring_sale, for the reasons above.\n'
    )
    assert plain(kept_lines(Plan())) == ""
