"""How an apply went, step by step, and whether live equals the manifests afterwards."""

from dataclasses import replace

import pytest

from reconciler.domain import Action, Conflict, Convergence, FieldChange, ItemName, Outcome, Status, Verb
from reconciler.reports.text import (
    MANIFESTS,
    SAVED_PLAN,
    WAY_BACK,
    Wording,
    applied_lines,
    convergence_lines,
    outcome_lines,
    plain,
)
from tests.unit.reports.examples import ADOPT, CHECKOUT, CREATE, ONE_PAGE, UPDATE, VALUE


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(CREATE, Status.DONE, 3), "[ 3/12] done: create Experiment one_page (3 calls)\n"),
        (Outcome(UPDATE, Status.DONE, 1), "[ 3/12] done: update Gate checkout_v2 (1 call)\n"),
        (
            Outcome(CREATE, Status.FAILED, 1, "PATCH /experiments/one_page answered 400: no such group"),
            (
                "[ 3/12] failed: create Experiment one_page (1 of 3 calls made)\n"
                "    → PATCH /experiments/one_page answered 400: no such group\n"
            ),
        ),
        (
            Outcome(ADOPT, Status.SKIPPED, 0, "it needs Gate/checkout_v2, which did not succeed"),
            (
                '[ 3/12] skipped: adopt EntityPropertySource "Customer value" (0 of 1 call made)\n'
                "    → it needs Gate/checkout_v2, which did not succeed\n"
            ),
        ),
        (
            Outcome(UPDATE, Status.STALE, 0, "plan again", (Conflict("passPercentage", 10.0, 50.0, 25.0),)),
            (
                "[ 3/12] stale: update Gate checkout_v2 (0 of 1 call made)\n"
                "    → plan again\n"
                "    passPercentage: was 10 when planned, is 50 now, the plan wants 25\n"
            ),
        ),
        (
            Outcome(UPDATE, Status.STALE, 0, "plan again", (Conflict("team", "A", "B", "A", touched=False),)),
            (
                "[ 3/12] stale: update Gate checkout_v2 (0 of 1 call made)\n"
                "    → plan again\n"
                "    team: was A when planned, is B now, and the plan does not touch it\n"
            ),
        ),
        (
            Outcome(CREATE, Status.PENDING_REVIEW, 1, "review r-17 is open (PENDING): Pay later for all"),
            (
                "[ 3/12] pending review: create Experiment one_page (1 of 3 calls made)\n"
                "    → review r-17 is open (PENDING): Pay later for all\n"
            ),
        ),
        (
            Outcome(UPDATE, Status.STALE, 0, "plan again", (Conflict("", "there", "absent", "update"),)),
            (
                "[ 3/12] stale: update Gate checkout_v2 (0 of 1 call made)\n"
                "    → plan again\n"
                "    the object: was there when planned, is absent now, the plan wants update\n"
            ),
        ),
    ],
)
def test_each_step_says_how_it_ended(outcome: Outcome, words: str) -> None:
    assert plain(outcome_lines(outcome, 3, 12)) == words


def test_a_large_value_that_moved_is_shown_as_what_moved_and_as_what_was_wanted() -> None:
    base = [f"a rather long entry number {number}" for number in range(4)]
    conflict = Conflict("values", base, [*base, "live"], [*base, "wanted"])
    assert plain(outcome_lines(Outcome(UPDATE, Status.STALE, conflicts=(conflict,)), 1, 1)) == (
        "[1/1] stale: update Gate checkout_v2 (0 of 1 call made)\n"
        "    values, since it was planned:\n"
        "        values: +live\n"
        "    values, as the plan wants it:\n"
        "        values: +wanted\n"
    )


def test_of_a_large_value_that_the_plan_does_not_touch_just_what_moved_is_shown() -> None:
    base = [f"a rather long entry number {number}" for number in range(4)]
    conflict = Conflict("values", base, [*base, "live"], base, touched=False)
    assert plain(outcome_lines(Outcome(UPDATE, Status.STALE, conflicts=(conflict,)), 1, 1)) == (
        "[1/1] stale: update Gate checkout_v2 (0 of 1 call made)\n"
        "    values, since it was planned, and the plan does not touch it:\n"
        "        values: +live\n"
    )


def test_a_removal_reaches_the_fields_that_it_does_not_name() -> None:
    gone = replace(UPDATE, verb=Verb.ARCHIVE, fields=(), calls=())
    conflict = Conflict("tags", ["git"], ["git", "git:protected"], ["git"], touched=False)
    assert plain(outcome_lines(Outcome(gone, Status.STALE, conflicts=(conflict,)), 1, 1)) == (
        "[1/1] stale: archive Gate checkout_v2 (0 of 0 calls made)\n"
        "    tags: was [git] when planned, is [git, git:protected] now, and the plan would archive the object\n"
    )


def test_rules_that_moved_are_told_as_in_a_plan() -> None:
    rule = {"name": "Beta", "id": "r1", "passPercentage": 10, "conditions": [{"type": "public"}]}
    base, live, desired = ([{**rule, "passPercentage": share}] for share in (10, 20, 50))
    wants = FieldChange(("rules", ItemName("Beta"), "passPercentage"), Action.SET, 10, 50)
    step = replace(UPDATE, fields=(wants,))
    assert plain(
        outcome_lines(Outcome(step, Status.STALE, conflicts=(Conflict("rules", base, live, desired),)), 1, 1)
    ) == (
        "[1/1] stale: update Gate checkout_v2 (0 of 1 call made)\n"
        "    rules, since it was planned:\n"
        '        rules["Beta"].passPercentage: 10 → 20\n'
        "    rules, as the plan wants it:\n"
        '        rules["Beta"].passPercentage: 10 → 50\n'
    )


@pytest.mark.parametrize(
    ("statuses", "steps", "last"),
    [
        ([Status.DONE, Status.DONE], 2, "Applied: 2 done."),
        ([Status.DONE, Status.FAILED, Status.SKIPPED], 3, "Applied: 1 done, 1 failed, 1 skipped."),
        ([Status.UNKNOWN, Status.STALE], 2, "Applied: 0 done, 1 stale, 1 unknown."),
        ([Status.DONE, Status.PENDING_REVIEW], 2, "Applied: 1 done, 1 pending review."),
        ([Status.DONE], 4, "Applied: 1 done, 3 not reached."),
    ],
)
def test_the_ends_are_counted(statuses: list[Status], steps: int, last: str) -> None:
    assert plain(applied_lines([Outcome(UPDATE, status) for status in statuses], steps)) == f"\n{last}\n"


def test_what_holds_is_counted_and_what_does_not_is_shown() -> None:
    left = FieldChange(("tags",), Action.SET, ["legacy"], ["growth"])
    convergence = [Convergence(CHECKOUT, (left,)), Convergence(VALUE), Convergence(ONE_PAGE, gone=True)]
    assert plain(convergence_lines(convergence)) == (
        "✗ Gate checkout_v2 differs from its manifest:\n"
        "    tags: +growth -legacy\n"
        "✗ Experiment one_page is not there\n"
        "Not converged: 2 of 3 objects differ from their manifests.\n"
    )


def test_if_all_hold_one_line_says_so() -> None:
    assert plain(convergence_lines([Convergence(VALUE)])) == (
        "Converged: read again, live equals the manifests (1 object).\n"
    )


@pytest.mark.parametrize(
    ("wording", "first", "last", "well"),
    [
        (
            MANIFESTS,
            "✗ Gate checkout_v2 differs from its manifest:",
            "Not converged: 1 of 1 object differs from its manifest.",
            "Converged: read again, live equals the manifests (1 object).",
        ),
        (
            SAVED_PLAN,
            "✗ Gate checkout_v2 is not as the plan says:",
            "Not converged: 1 of 1 object is not as the plan says.",
            "Converged: read again, live is as the plan says (1 object).",
        ),
        (
            WAY_BACK,
            "✗ Gate checkout_v2 is not as it was:",
            "Not converged: 1 of 1 object is not as it was.",
            "Converged: read again, what was undone is as it was (1 object).",
        ),
    ],
)
def test_live_is_held_against_what_was_carried_out(wording: Wording, first: str, last: str, well: str) -> None:
    left = FieldChange(("tags",), Action.SET, ["legacy"], ["growth"])
    told = plain(convergence_lines([Convergence(CHECKOUT, (left,))], wording)).splitlines()
    assert (told[0], told[-1]) == (first, last)
    assert plain(convergence_lines([Convergence(CHECKOUT)], wording)) == f"{well}\n"


def test_what_should_be_gone_and_is_not_is_told_as_such() -> None:
    there = Convergence(CHECKOUT, (FieldChange((), Action.REMOVE, "there", "absent"),))
    assert plain(convergence_lines([there], WAY_BACK)).startswith("✗ Gate checkout_v2 is still there\n")


def test_what_waits_for_a_review_is_told_apart_from_what_differs() -> None:
    left = (FieldChange(("tags",), Action.SET, ["legacy"], ["growth"]),)
    waiting = Convergence(ONE_PAGE, left, pending="review r-17 is open")
    told = "? Experiment one_page waits for people: review r-17 is open\n"
    assert plain(convergence_lines([Convergence(VALUE), waiting])) == (
        f"{told}Waiting: 1 of 2 objects waits for people, and nothing else differs.\n"
    )
    assert plain(convergence_lines([Convergence(CHECKOUT, left), waiting])) == (
        f"{told}✗ Gate checkout_v2 differs from its manifest:\n"
        "    tags: +growth -legacy\n"
        "Not converged: 1 of 2 objects differs from its manifest, 1 waits for people.\n"
    )


def test_a_rollback_counts_what_it_undid() -> None:
    assert (
        plain(applied_lines([Outcome(UPDATE, Status.DONE)], 2, WAY_BACK)) == "\nRolled back: 1 done, 1 not reached.\n"
    )
