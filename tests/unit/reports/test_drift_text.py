"""What is not as Git says, and who made it so."""

from dataclasses import replace
from html import unescape

import pytest

from reconciler.domain import (
    Action,
    Drift,
    Ending,
    Entry,
    FieldChange,
    Resalt,
    ResourceKey,
    Sort,
    Source,
    Step,
    Trace,
    Verb,
)
from reconciler.reports.drift_json import drift_report
from reconciler.reports.html.page import page
from reconciler.reports.junit import junit
from reconciler.reports.markdown import comment
from reconciler.reports.notice_text import drift_notice
from reconciler.reports.text import drift_lines, plain
from reconciler.reports.told import Told
from tests.unit.reports.examples import (
    ANNAS,
    AT,
    DRIFT,
    ERROR,
    FILE,
    NAMED_DRIFT,
    ONE_PAGE,
    SCRIPT,
    UNDER_REVIEW,
    UNMANAGED,
    UPDATE,
)


def test_drift_is_the_way_from_the_manifest_to_live() -> None:
    assert plain(drift_lines(DRIFT)) == (
        "In a manifest, and not live:\n"
        "\n"
        "- Experiment one_page  manifests/checkout.yaml:20\n"
        "\n"
        "Otherwise live (manifest → live):\n"
        "\n"
        "~ Gate checkout_v2  other  manifests/checkout.yaml:4  "
        "(last modified 2026-11-20 14:03 UTC by anna@northwind.example)\n"
        '    rules["Beta"].passPercentage: 25 → 10\n'
        "    tags: +legacy -growth\n"
        "\n"
        "manifests/checkout.yaml:4:1: note PLAN/rollout: the percentage follows a rollout\n"
        "    → write it down\n"
        "\n"
        "2 live objects are in no manifest (--unmanaged lists them).\n"
        "Drift: 2 objects (1 gone, 1 other); 44 equal.\n"
    )


def test_drift_tells_that_a_review_is_open() -> None:
    assert plain(drift_lines(Drift(changed=(UNDER_REVIEW,)))) == (
        "Otherwise live (manifest → live):\n"
        "\n"
        "~ Gate wallet  other  manifests/wallet.yaml:3  "
        "(last modified 2026-11-20 14:03 UTC by anna@northwind.example)\n"
        "    review r-17 is open (PENDING): Pay later for all\n"
        '    description: "Pay later" → Pay\n'
        "\n"
        "Drift: 1 object (1 other); 0 equal.\n"
    )


def test_unmanaged_objects_alone_are_no_drift() -> None:
    assert plain(drift_lines(Drift(unmanaged=UNMANAGED, same=46))).splitlines()[-1] == (
        "No drift. Live equals the manifests (46 objects)."
    )


def test_what_could_not_be_compared_is_never_called_equal() -> None:
    assert plain(drift_lines(Drift(same=46, findings=(ERROR,)))).splitlines()[-1] == (
        "Drift cannot be told for sure: 1 error, 0 warnings."
    )


def test_drift_names_who_did_it_with_the_most_urgent_first() -> None:
    assert plain(drift_lines(NAMED_DRIFT)) == (
        "In a manifest, and not live:\n"
        "\n"
        "- Experiment one_page  manifests/checkout.yaml:20\n"
        "    by anna@northwind.example, 2026-11-20 14:03 UTC\n"
        "\n"
        "Units spread anew, which the objects do not show:\n"
        "\n"
        "~ Gate checkout_v2 or DynamicConfig checkout_v2  spread anew (config_resalt)  "
        "by anna@northwind.example, 2026-11-20 14:03 UTC\n"
        "\n"
        "Otherwise live (manifest → live):\n"
        "\n"
        "~ Gate wallet  emergency off  manifests/checkout.yaml:4\n"
        "    by CONSOLE API (a project key of user u-17), 2026-11-20 14:03 UTC\n"
        "    status: launched → disabled\n"
        "\n"
        '~ EntityPropertySource "Customer value"  other  manifests/data.yaml\n'
        "    nobody knows who it was: the audit log could not be read: the service answered 403: "
        "Insufficient permissions.\n"
        "    tags: -managed-by-git\n"
        "\n"
        "~ Gate checkout_v2  rollout step  manifests/checkout.yaml:4\n"
        "    decides what units of Experiment/one_page get, which is running\n"
        '    rules["Beta"].passPercentage: 25 → 10\n'
        "        by anna@northwind.example, 2026-11-20 14:03 UTC\n"
        "    tags: +legacy -growth\n"
        "        by anna@northwind.example or CONSOLE API (a project key of user u-17), 2026-11-20 14:03 UTC; "
        "one of them, in the same second\n"
        "\n"
        f"Digest: {NAMED_DRIFT.digest}\n"
        "Drift: 4 objects (1 gone, 1 spread anew, 1 emergency off, 1 other, 1 rollout step); 44 equal.\n"
    )


def test_experiments_whose_results_it_decides_are_named_but_not_the_object_itself() -> None:
    def told(*tainted: str) -> list[str]:
        keys = frozenset(ResourceKey("Experiment", id_) for id_ in tainted)
        step = Step(ONE_PAGE, Verb.UPDATE, (), UPDATE.fields, taints=keys)
        return [row.strip() for row in plain(drift_lines(Drift(changed=(step,)))).splitlines() if "decides" in row]

    assert told("a", "b") == ["decides what units of Experiment/a, Experiment/b get, which are running"]
    assert told("one_page", "b") == ["decides what units of Experiment/b get, which is running"]
    assert told("one_page") == []


def test_an_object_that_was_spread_anew_twice_is_one_object_with_both_times() -> None:
    salts = (*NAMED_DRIFT.salts, Resalt(NAMED_DRIFT.salts[0].keys, Entry("f", "x", "config_resalt", SCRIPT, AT)))
    shown = plain(drift_lines(Drift(salts=salts, same=3)))
    assert shown.count("  spread anew (config_resalt)  by ") == 2
    assert shown.splitlines()[-1] == "Drift: 1 object (1 spread anew); 3 equal."


DECIDED = Drift(
    changed=(
        Step(ONE_PAGE, Verb.UPDATE, (), (FieldChange(("status",), Action.SET, "decision_made", "active"),), FILE),
    ),
    sorts={ONE_PAGE: Sort.LIFE},
    traces={ONE_PAGE: (Trace(Source.LOG, (ANNAS,), AT, certain=True),)},
    endings={ONE_PAGE: Ending("A", "A won")},
)


def test_a_decision_names_its_group_and_its_reason_which_the_manifest_does_not() -> None:
    assert plain(drift_lines(DECIDED)) == (
        "Otherwise live (manifest → live):\n"
        "\n"
        "~ Experiment one_page  experiment lifecycle  manifests/checkout.yaml:4\n"
        '    it was decided for the group "A": A won\n'
        "    by anna@northwind.example, 2026-11-20 14:03 UTC\n"
        "    status: active → decision_made\n"
        "\n"
        "Drift: 1 object (1 experiment lifecycle); 0 equal.\n"
    )


def test_every_report_tells_how_an_experiment_was_concluded() -> None:
    told = Told("drift", 2, drift=DECIDED)
    sentence = 'it was decided for the group "A": A won'
    assert sentence in junit(told)
    assert sentence in unescape(page(told))
    assert sentence in comment(told)
    assert sentence in drift_notice(DECIDED, "market").body
    assert drift_report(DECIDED, 2)["changed"][0]["ending"] == {"group": "A", "reason": "A won"}


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (Ending("A"), 'it was decided for the group "A"'),
        (Ending(reason="it broke\nthings"), "it was concluded: it broke\\nthings"),
        (Ending(reason="x" * 10_000), f"it was concluded: {'x' * 300}…"),
    ],
)
def test_an_ending_is_told_in_a_line_as_far_as_it_is_known(ending: Ending, said: str) -> None:
    rows = plain(drift_lines(replace(DECIDED, endings={ONE_PAGE: ending}))).splitlines()
    assert f"    {said}" in rows
