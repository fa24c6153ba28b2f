"""Messages about drift: short enough for a chat, and without a call to anybody."""

import re

from reconciler.domain import (
    Action,
    Drift,
    Entry,
    FieldChange,
    Resalt,
    ResourceKey,
    Sort,
    Source,
    Step,
    Trace,
    Verb,
    Writer,
)
from reconciler.reports.notice_text import drift_notice, end_notice
from tests.unit.reports.examples import NAMED_DRIFT


def changed(id_: str, *fields: FieldChange) -> Step:
    return Step(ResourceKey("Gate", id_), Verb.UPDATE, (), fields)


def test_the_title_names_what_is_urgent_and_the_body_all_of_it() -> None:
    notice = drift_notice(NAMED_DRIFT, "market")
    assert notice.title == "Drift in market: 1 gone, 1 spread anew, 1 emergency off, 1 other, 1 rollout step"
    assert notice.body.startswith(
        "Drift: 4 objects (1 gone, 1 spread anew, 1 emergency off, 1 other, 1 rollout step); 44 equal.\n\nIn a"
    )
    assert notice.body.endswith(f"\n\nDigest: {NAMED_DRIFT.digest}")
    assert notice.body.index("Gate wallet") < notice.body.index("Gate checkout_v2  rollout step")


def test_the_title_counts_only_what_there_is() -> None:
    drift = Drift(changed=(changed("a"),), gone=NAMED_DRIFT.gone, sorts={ResourceKey("Gate", "a"): Sort.OTHER})
    assert drift_notice(drift, "market").title == "Drift in market: 1 gone, 1 other"


def test_a_long_message_ends_with_whole_objects_and_says_how_many_are_left_out() -> None:
    fields = [FieldChange((f"field_{number}",), Action.SET, "a" * 50, "b" * 50) for number in range(3)]
    drift = Drift(changed=tuple(changed(f"gate_{number:03}", *fields) for number in range(100)))
    body = drift_notice(drift, "market").body
    assert len(body) < 2000
    shown = body.count("~ Gate gate_")
    assert 3 < shown < 10
    assert body.count("field_2") == shown
    assert f"... and {100 - shown} more: 'reconciler drift' shows all." in body


def test_of_one_huge_object_the_first_lines_are_shown() -> None:
    fields = [FieldChange((f"field_{number}",), Action.SET, "a" * 50, "b" * 50) for number in range(200)]
    body = drift_notice(Drift(changed=(changed("huge", *fields),)), "market").body
    assert len(body) < 2000
    assert "field_3" in body
    assert "\n...\n" in body


def salt(id_: str, number: int = 0) -> Resalt:
    entry = Entry(f"{id_} {number}", id_, "config_resalt", Writer("Anna"), 1_795_183_405_000)
    return Resalt((ResourceKey("Gate", id_),), entry)


def test_a_heading_never_stands_alone_and_is_no_object() -> None:
    fields = [FieldChange((f"field_{number}",), Action.SET, "a" * 50, "b" * 50) for number in range(7)]
    many = tuple(changed(f"gate_{number}", *fields) for number in range(3))
    for length in range(0, 1800, 10):
        first = changed("first", FieldChange(("description",), Action.SET, "", "")).key
        note = Trace(note="x" * length)
        gone = Step(first, Verb.CREATE, (), ())
        drift = Drift(many, (gone,), salts=(salt("spread"),), traces={first: (note,)})
        body = drift_notice(drift, "market").body
        rows = body.splitlines()
        assert len(body) < 2000
        for heading in (number for number, row in enumerate(rows) if row.endswith(":") and not row.startswith(" ")):
            assert rows[heading + 2][:2] in {"- ", "~ "}, body
        shown = sum(row.startswith(("- ", "~ ")) for row in rows)
        assert ("more: 'reconciler drift' shows all." in body) == (shown < 5)
        assert shown == 5 or f"... and {5 - shown} more:" in body


def test_what_was_spread_anew_comes_before_what_differs_and_each_object_counts_once() -> None:
    fields = [FieldChange((f"field_{number}",), Action.SET, "a" * 50, "b" * 50) for number in range(3)]
    salts = (salt("a", 1), salt("b"), salt("a", 2))
    drift = Drift(tuple(changed(f"gate_{number:03}", *fields) for number in range(100)), salts=salts)
    body = drift_notice(drift, "market").body
    assert body.startswith("Drift: 102 objects (2 spread anew, 100 other);")
    assert body.count("~ Gate a  spread anew") == 2
    assert body.index("Gate b  spread anew") < body.index("Otherwise live") < body.index("Gate gate_000")
    assert f"... and {100 - body.count('~ Gate gate_')} more:" in body
    only_salts = Drift(salts=tuple(salt(f"gate_{number % 50}", number) for number in range(200)))
    body = drift_notice(only_salts, "market").body
    shown = len(set(re.findall(r"~ Gate (gate_\d+)", body)))
    assert f"... and {50 - shown} more:" in body


def test_names_from_the_console_call_nobody() -> None:
    step = changed("x", FieldChange(("description",), Action.SET, "<!channel> @everyone <@U1> <https://x|y>", ""))
    drift = Drift(changed=(step,), traces={step.key: (Trace(Source.LOG, (Writer("@here"),), certain=True),)})
    body = drift_notice(drift, "market").body
    for call in ("<!channel", "@everyone", "<@U1", "@here"):
        assert call not in body


def test_the_end_of_drift_is_told_in_a_line() -> None:
    notice = end_notice(Drift(same=46), "market")
    assert (notice.title, notice.body) == (
        "No drift in market any more",
        "No drift. Live equals the manifests (46 objects).",
    )
