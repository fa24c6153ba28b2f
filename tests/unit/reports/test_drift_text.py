"""What was changed behind Git's back, and by whom."""

from reconciler.domain import Drift
from reconciler.reports.text import drift_lines, plain
from tests.unit.reports.examples import DRIFT, ERROR, NAMED_DRIFT, UNDER_REVIEW, UNMANAGED


def test_drift_is_the_way_from_the_manifest_to_live() -> None:
    assert plain(drift_lines(DRIFT)) == (
        "In a manifest, and not live:\n"
        "\n"
        "- Experiment one_page  manifests/checkout.yaml:20\n"
        "\n"
        "Changed live (manifest → live):\n"
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
        "Changed live (manifest → live):\n"
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
        "Changed live (manifest → live):\n"
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
        "Units spread anew, which the objects do not show:\n"
        "\n"
        "~ Gate checkout_v2 or DynamicConfig checkout_v2  spread anew (config_resalt)  "
        "by anna@northwind.example, 2026-11-20 14:03 UTC\n"
        "\n"
        f"Digest: {NAMED_DRIFT.digest}\n"
        "Drift: 4 objects (1 gone, 1 emergency off, 1 other, 1 rollout step, 1 spread anew); 44 equal.\n"
    )
