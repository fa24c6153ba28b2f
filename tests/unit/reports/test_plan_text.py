"""The plan as a reviewer reads it."""

from dataclasses import replace

import pytest

from reconciler.domain import Plan, ResourceKey
from reconciler.reports.text import plain, plan_lines
from tests.unit.reports.examples import ERROR, HELD, NEEDS_IT, NOTE, PLAN, UNDER_REVIEW, UNMANAGED, UPDATE

WHOLE = """\
~ update Gate checkout_v2  manifests/checkout.yaml:4  (last modified 2026-11-20 14:03 UTC by anna@northwind.example)
    rules["Beta"].passPercentage: 10 → 25
    tags: +growth -legacy

+ create Experiment one_page  manifests/checkout.yaml:20
    status: active, allocation: 50, controlGroup: Control

* adopt EntityPropertySource "Customer value"  manifests/data.yaml
    tags: +managed-by-git

- archive Gate spring_sale  (last modified 2026-11-20 14:03 UTC)
    status: launched → archived

Differs, and is left alone:
    ! Experiment old_test  manifests/old.yaml:1  (last modified by Jo)
        status: abandoned → active

manifests/checkout.yaml:4:1: note PLAN/rollout: the percentage follows a rollout
    → write it down
Gate/spring_sale: warning PRUNE/in-use: Gate/spring_sale stays
    → take it out

2 live objects are in no manifest (--unmanaged lists them).
Plan: 1 to create, 1 to change, 1 to adopt, 1 to remove; 2 unchanged, 1 left alone.
"""


def test_everything_in_the_order_in_which_it_runs_and_the_sum_last() -> None:
    assert plain(plan_lines(PLAN)) == WHOLE


def test_what_waits_for_a_review_says_for_which_and_what_differs() -> None:
    waiting = Plan(unchanged=PLAN.unchanged, pending=(UNDER_REVIEW, NEEDS_IT))
    assert plain(plan_lines(waiting)) == (
        "Waits for people, and is not touched until they decide:\n"
        "    ? update Gate wallet  manifests/wallet.yaml:3  "
        "(last modified 2026-11-20 14:03 UTC by anna@northwind.example)\n"
        "        review r-17 is open (PENDING): Pay later for all\n"
        '        description: Pay → "Pay later"\n'
        "    ? create Gate wallet_beta\n"
        "        it needs Gate/wallet, whose change waits for people\n"
        "        status: launched\n"
        "\n"
        "Plan: 0 to create, 0 to change, 0 to adopt, 0 to remove; 2 unchanged, 2 wait for people.\n"
    )


def test_calls_are_shown_to_those_who_ask_for_them() -> None:
    lines = plain(plan_lines(PLAN, show_calls=True)).splitlines()
    assert [line for line in lines if line.startswith(("    P", "    D"))] == [
        '    PATCH /gates/checkout_v2 {"rules": []}',
        '    POST /experiments {"id": "one_page", "allocation": 50}',
        '    PATCH /experiments/one_page {"controlGroupID": <id of "Control" in groups>}',
        "    PUT /experiments/one_page/start",
        '    PATCH /experiments/entity_property/Customer%20value {"tags": ["managed-by-git"]}',
        "    PUT /gates/spring_sale/archive {}",
    ]


def test_unmanaged_objects_are_listed_for_those_who_ask_for_them() -> None:
    assert plain(plan_lines(Plan(unmanaged=UNMANAGED), show_unmanaged=True)) == (
        "2 live objects are in no manifest:\n"
        "    Gate support_chat  (last modified 2026-11-20 14:03 UTC by anna@northwind.example)\n"
        "    DynamicConfig opening_hours\n"
        "\n"
        "No changes. Live equals the manifests (0 objects).\n"
    )


@pytest.mark.parametrize(
    ("plan", "last"),
    [
        (
            Plan(unchanged=(ResourceKey("Gate", "a"), ResourceKey("Gate", "b"))),
            "No changes. Live equals the manifests (2 objects).",
        ),
        (
            Plan(unchanged=(ResourceKey("Gate", "a"),), held=(HELD,)),
            "No changes. 1 object as the manifests say, 1 left alone.",
        ),
        (
            Plan(steps=(UPDATE,), findings=(ERROR, NOTE)),
            "This plan cannot be applied: 1 error, 0 warnings, 1 note.",
        ),
        (Plan(findings=(ERROR,)), "This plan cannot be applied: 1 error, 0 warnings."),
        (Plan(unmanaged=UNMANAGED[:1]), "No changes. Live equals the manifests (0 objects)."),
    ],
)
def test_the_last_line_says_what_it_comes_to(plan: Plan, last: str) -> None:
    assert plain(plan_lines(plan)).splitlines()[-1] == last


def test_one_unmanaged_object_is_one() -> None:
    assert plain(plan_lines(Plan(unmanaged=UNMANAGED[:1]))).startswith("1 live object is in no manifest (")


def test_a_hostile_id_and_author_are_shown_and_not_obeyed() -> None:
    key = ResourceKey("Gate", "evil\x1b]0;owned\x07[red]")
    hostile = replace(UPDATE, key=key, modified=replace(UPDATE.modified, by="\u202ereal\x1b[1A"))
    shown = plain(plan_lines(Plan(steps=(hostile,)), show_calls=True))
    assert all(line.isprintable() for line in shown.splitlines())
    assert r'~ update Gate "evil\x1b]0;owned\x07[red]"' in shown
    assert r"by \u202ereal\x1b[1A)" in shown
