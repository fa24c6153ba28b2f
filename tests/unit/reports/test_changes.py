"""A reviewer reads each difference in words."""

import unicodedata
from textwrap import dedent

import pytest

from reconciler.domain import Action, FieldChange, IdOf, ItemName, Json, Path
from reconciler.reports.changes import change_lines, creation_lines, drifted_lines
from reconciler.reports.line import plain

BETA: Path = ("rules", ItemName("Beta"))
STAFF = {
    "name": "Staff",
    "passPercentage": 100.0,
    "conditions": [{"type": "email", "operator": "str_contains_any", "targetValue": ["@example.com"]}],
}


def told(path: Path, action: Action, live: Json, desired: Json) -> str:
    return plain(change_lines([FieldChange(path, action, live, desired)], indent=0)).removesuffix("\n")


def text(expected: str) -> str:
    return dedent(expected).strip("\n")


@pytest.mark.parametrize(
    ("live", "desired", "words"),
    [
        (10.0, 25.0, "10 → 25"),
        ("in_progress", "launched", "in_progress → launched"),
        (None, "Payments", "null → Payments"),
        ("Old words.", "New words.", '"Old words." → "New words."'),
        (True, 1, "true → 1"),
        ("1", 1, '"1" → 1'),
        (["growth", "legacy"], ["growth", "core"], "+core -legacy"),
        (["legacy"], [], "-legacy"),
        (None, ["production"], "null → [production]"),
        (["b", "a"], ["a", "b"], "[b, a] → [a, b]"),
        (["a", "a"], ["a"], "[a, a] → [a]"),
        ([True], [1], "+1 -true"),
        ("web", ["web", "ios"], "web → [web, ios]"),
        ({"days": 14}, None, "{days: 14} → null"),
        (None, IdOf("groups", "Control"), 'null → <id of "Control" in groups>'),
    ],
)
def test_a_field_goes_from_what_is_live_to_what_is_desired(live: Json, desired: Json, words: str) -> None:
    assert told(("field",), Action.SET, live, desired) == f"field: {words}"


def test_an_item_is_known_by_its_name() -> None:
    assert told((*BETA, "passPercentage"), Action.SET, 10, 25) == 'rules["Beta"].passPercentage: 10 → 25'


def test_an_item_is_added_renamed_moved_and_removed() -> None:
    staff = "100 % of email str_contains_any @example.com"
    assert told(("rules", ItemName("Staff")), Action.ADD, None, STAFF) == f'rules["Staff"]: added, {staff}'
    assert told(("rules", ItemName("Staff")), Action.REMOVE, STAFF, None) == f'rules["Staff"]: removed, was {staff}'
    assert told(BETA, Action.RENAME, "Old beta", "Beta") == 'rules["Beta"]: renamed from "Old beta"'
    assert told(BETA, Action.MOVE, 3, 1) == 'rules["Beta"]: moved from 3 to 1'


def test_a_member_of_a_value_is_added_and_removed() -> None:
    assert told(("defaultValue", "limit"), Action.ADD, None, 0) == "defaultValue.limit: added, 0"
    assert told(("defaultValue", "limit"), Action.REMOVE, 3, None) == "defaultValue.limit: removed, was 3"


def test_a_target_that_is_spelled_as_text_live_is_the_same_member() -> None:
    path: Path = (*BETA, "conditions", 0, "targetValue")
    assert told(path, Action.SET, ["1", "2"], [2, 1, 5]).endswith("targetValue: +5")
    assert told(("defaultValue", "ids"), Action.SET, ["1"], [1, 2]).endswith('ids: +1 +2 -"1"')


def test_of_many_members_the_first_are_named_and_all_are_counted() -> None:
    shown = told(("targetValue",), Action.SET, ["x"], [f"u{number}" for number in range(100)])
    assert shown.startswith("targetValue: +u0 +u1 ")
    assert shown.endswith(" -x … (100 added, 1 removed)")


def test_texts_of_several_lines_are_a_small_unified_diff() -> None:
    live = "SELECT\n  id,\n  ds,\n  a\nFROM t\nWHERE x\nGROUP BY 1"
    assert told(("sql",), Action.SET, live, live.replace("  a\n", "  b\n") + "\n") == text("""
        sql:
          @@ -2,5 +2,5 @@
             id,
             ds,
          -  a
          +  b
           FROM t
           WHERE x
    """)


def test_texts_that_hold_json_are_compared_by_what_they_hold() -> None:
    properties = '{"days": {"type": "integer"}, "fee": {"type": "number"}}'
    live = f'{{"type": "object", "required": ["days"], "properties": {properties}}}'
    desired = live.replace('["days"]', '["days", "fee"]').replace("{", "{\n  ")
    assert told(("schema",), Action.SET, live, desired) == text("""
        schema:
          @@ -9,5 +9,6 @@
             },
             "required": [
          -    "days"
          +    "days",
          +    "fee"
             ],
             "type": "object"
    """)


def test_values_too_large_for_a_line_are_compared_line_by_line() -> None:
    live = {f"key_{number}": "some text" for number in range(12)}
    assert told(("value",), Action.SET, live, {**live, "key_3": "other text"}) == text("""
        value:
          @@ -5,5 +5,5 @@
             "key_11": "some text",
             "key_2": "some text",
          -  "key_3": "some text",
          +  "key_3": "other text",
             "key_4": "some text",
             "key_5": "some text",
    """)


def test_a_long_text_of_one_line_shows_where_it_differs() -> None:
    live = "The same beginning, word for word. " * 8 + "cats " + "And the same end, too. " * 8
    assert told(("description",), Action.SET, live, live.replace("cats", "dogs")) == text("""
        description:
          - "…ginning, word for word. cats And the same end, too.…" (469 characters)
          + "…ginning, word for word. dogs And the same end, too.…" (469 characters)
    """)


def test_a_change_of_all_of_a_huge_text_is_told_and_not_computed() -> None:
    live = "\n".join(f"line {number}" for number in range(4000))
    desired = "\n".join(f"row {number}" for number in range(3000))
    assert told(("sql",), Action.SET, live, desired) == "sql:\n  4000 lines become 3000 lines"


def test_a_long_diff_is_cut_and_says_how_much_is_left_out() -> None:
    live = "\n".join(f"line {number}" for number in range(200))
    desired = "\n".join(f"row {number}" for number in range(200))
    lines = told(("sql",), Action.SET, live, desired).split("\n")
    assert len(lines) == 82
    assert lines[-1] == "  … and 321 lines more"


@pytest.mark.parametrize(
    ("live", "desired"),
    [
        ("caf\u00e9", "cafe\u0301"),
        ("\ufb01le", "file"),
        ("a\u00a0b", "a b"),
        ("tab\there", "tab here"),
    ],
)
def test_two_values_never_look_the_same(live: str, desired: str) -> None:
    before, after = told(("name",), Action.SET, live, desired).removeprefix("name: ").split(" → ")
    assert before != after


def looks(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


LONG = " and so on, for longer than fits on a line" * 3


@pytest.mark.parametrize("rest", [LONG, f"\n{LONG}", f"\nsecond line\n{LONG}"])
def test_two_long_texts_never_look_the_same(rest: str) -> None:
    shown = told(("sql",), Action.SET, f"caf\u00e9{rest}", f"cafe\u0301{rest}")
    assert r"\xe9" in shown or r"\u00e9" in shown
    assert r"\u0301" in shown


def test_a_line_that_looks_the_same_is_told_among_others_that_differ() -> None:
    shown = told(("sql",), Action.SET, "caf\u00e9\nx\none", "cafe\u0301\nx\ntwo")
    assert [row for row in shown.split("\n") if row.lstrip()[:1] in "+-"] == [
        r"  -caf\xe9", r"  +cafe\u0301", "  -one", "  +two"
    ]  # fmt: skip


def test_members_and_names_never_look_the_same() -> None:
    added, removed = told(("tags",), Action.SET, ["caf\u00e9"], ["cafe\u0301"]).removeprefix("tags: ").split(" ")
    assert looks(added[1:]) != looks(removed[1:])
    shown = told(("rules", ItemName("cafe\u0301")), Action.RENAME, "caf\u00e9", "cafe\u0301")
    assert shown.endswith(r'renamed from "caf\xe9"')


def test_the_lines_of_a_text_that_comes_or_goes_are_told_apart() -> None:
    assert told(("sql",), Action.SET, None, "SELECT 1\n  FROM t\n") == 'sql: null → "SELECT 1\\nFROM t" (2 lines)'
    assert plain(creation_lines([FieldChange(("sql",), Action.ADD, None, "SELECT 1\nFROM t")], indent=0)) == (
        'sql: "SELECT 1\\nFROM t" (2 lines)\n'
    )


@pytest.mark.parametrize(("action", "word"), [(Action.ADD, "added,"), (Action.REMOVE, "removed, was")])
def test_a_condition_without_an_operator_is_told_in_words(action: Action, word: str) -> None:
    item = {"type": "passes_gate", "targetValue": ["beta"]}
    live, desired = (None, item) if action is Action.ADD else (item, None)
    assert told(("conditions", 0), action, live, desired) == f"conditions[0]: {word} passes_gate beta"


@pytest.mark.parametrize("action", [Action.ADD, Action.REMOVE])
def test_many_conditions_of_a_rule_stand_below_each_other(action: Action) -> None:
    countries = ["DE", "FR", "IT", "ES", "AT"]
    conditions = [{"type": "country", "operator": "any", "targetValue": [code]} for code in countries]
    rule = {"name": "R", "passPercentage": 10, "conditions": conditions, "environments": ["staging"]}
    live, desired = (None, rule) if action is Action.ADD else (rule, None)
    first, *rest = told(("rules", ItemName("R")), action, live, desired).split("\n")
    assert first.endswith("10 % of units that meet all 5 conditions in staging")
    assert rest == [f"    country any {code}" for code in countries]
    new = plain(creation_lines([FieldChange(("rules",), Action.ADD, None, [rule])], indent=0)).splitlines()
    assert new == ['rules["R"]: 10 % of units that meet all 5 conditions in staging', *rest]


def test_hostile_values_are_shown_and_not_obeyed() -> None:
    shown = told(("rules", ItemName("\x1b]0;title\x07")), Action.ADD, None, {"name": "\u202e", "note": "[red]\x1b[2J"})
    assert shown.isprintable()
    shown = told(("sql",), Action.SET, "a\n\x1b[2Jb", "a\n\u202eb\r")
    assert all(line.isprintable() for line in shown.split("\n"))
    assert r"\x1b[2Jb" in shown


def test_tabs_in_a_diff_are_seen() -> None:
    assert "-⇥   x" in told(("sql",), Action.SET, "SELECT\n\tx", "SELECT\n    x")


def test_drift_goes_from_the_manifest_to_live() -> None:
    changes = [
        FieldChange((*BETA, "passPercentage"), Action.SET, 60, 12.5),
        FieldChange(BETA, Action.RENAME, "Old beta", "Beta"),
        FieldChange(BETA, Action.MOVE, 3, 1),
        FieldChange(("rules", ItemName("Staff")), Action.ADD, None, STAFF),
        FieldChange(("rules", ItemName("Guests")), Action.REMOVE, {**STAFF, "name": "Guests"}, None),
        FieldChange(("tags",), Action.SET, ["a"], ["a", "b"]),
    ]
    assert plain(drifted_lines(changes, indent=0)) == dedent("""\
        rules["Beta"].passPercentage: 12.5 → 60
        rules["Beta"]: renamed to "Old beta"
        rules["Beta"]: moved from 1 to 3
        rules["Staff"]: removed, was 100 % of email str_contains_any @example.com
        rules["Guests"]: added, 100 % of email str_contains_any @example.com
        tags: -b
    """)


def test_a_new_object_lists_its_fields_compactly() -> None:
    fields = {
        "name": "Pay by invoice",
        "status": "in_progress",
        "description": "Offers invoice as a payment method to customers who passed the credit check.",
        "tags": ["payments"],
        "rules": [STAFF, {**STAFF, "name": "All", "conditions": [{"type": "public"}], "passPercentage": 5}],
        "sql": "SELECT\n  id\nFROM t\n",
        "schema": '{\n  "type": "object"\n}\n',
        "primaryMetrics": [{"name": "orders", "type": "ratio"}],
        "groups": [{"name": "Control", "size": 50, "parameterValues": {"layout": "steps"}}],
    }
    changes = [FieldChange((name,), Action.ADD, None, value) for name, value in fields.items()]
    assert plain(creation_lines(changes)) == (
        '    name: "Pay by invoice", status: in_progress, tags: [payments]\n'
        '    description: "Offers invoice as a payment method to customers who passed the credit check."\n'
        '    rules["Staff"]: 100 % of email str_contains_any @example.com\n'
        '    rules["All"]: 5 % of everyone\n'
        '    sql: "SELECT\\nid\\nFROM t" (3 lines)\n'
        "    schema: {type: object} (3 lines)\n"
        "    primaryMetrics: [{name: orders, type: ratio}]\n"
        '    groups["Control"]: 50 % get {layout: steps}\n'
    )


def test_items_without_names_are_told_by_their_position_where_they_are_many() -> None:
    items = [{"url": f"https://example.com/{number}", "title": "A long title for a link"} for number in range(4)]
    shown = plain(creation_lines([FieldChange(("links",), Action.ADD, None, items)], indent=0))
    assert shown.splitlines()[1] == 'links[1]: {url: https://example.com/1, title: "A long title for a link"}'
