"""Messages about drift: short enough for a chat, and without a call to anybody."""

from reconciler.domain import Action, Drift, FieldChange, ResourceKey, Sort, Source, Step, Trace, Verb, Writer
from reconciler.reports.notice_text import drift_notice, end_notice
from tests.unit.reports.examples import NAMED_DRIFT


def changed(id_: str, *fields: FieldChange) -> Step:
    return Step(ResourceKey("Gate", id_), Verb.UPDATE, (), fields)


def test_the_title_names_what_is_urgent_and_the_body_all_of_it() -> None:
    notice = drift_notice(NAMED_DRIFT, "market")
    assert notice.title == "Drift in market: 1 gone, 1 emergency off, 1 other, 1 rollout step, 1 spread anew"
    assert notice.body.startswith(
        "Drift: 4 objects (1 gone, 1 emergency off, 1 other, 1 rollout step, 1 spread anew); 44 equal.\n\nIn a"
    )
    assert notice.body.endswith(f"\n\nDigest: {NAMED_DRIFT.digest}")
    assert notice.body.index("Gate wallet") < notice.body.index("Gate checkout_v2")


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
