"""Two values side by side: no line is lost, what is the same stands beside its like, what differs is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain import Action, FieldChange, Json
from reconciler.reports.html.sides import Cell, difference

LONG = "SELECT customer, spend FROM warehouse.customers WHERE spend > 100"


def rows(live: Json, desired: Json, action: Action = Action.SET) -> list[tuple[str, str]]:
    return [(whole(left), whole(right)) for left, right in difference(FieldChange(("f",), action, live, desired)).rows]


def whole(cell: Cell) -> str:
    return f"{cell.before}{cell.mark}{cell.after}"


def test_short_values_stand_in_one_row() -> None:
    assert rows(10.0, 25) == [("10", "25")]
    assert rows(["a"], ["b"]) == [("[a]", "[b]")]


def test_equal_lines_stand_beside_each_other() -> None:
    left, right = f"{LONG}\nLIMIT 1", f"-- new\n{LONG}\nLIMIT 1"
    assert rows(left, right) == [("", "-- new"), (LONG, LONG), ("LIMIT 1", "LIMIT 1")]


def test_only_what_differs_within_a_long_line_is_marked() -> None:
    ((left, right),) = difference(FieldChange(("sql",), Action.SET, LONG, LONG.replace("100", "250"))).rows
    assert (left.mark, right.mark) == ("10", "25")
    assert (left.tone, right.tone) == ("gone", "come")


def test_what_is_not_there_has_no_line() -> None:
    assert rows(None, "new", Action.ADD) == [("", "new")]
    assert rows("gone", None, Action.REMOVE) == [("gone", "")]


def test_a_move_is_told_by_its_positions() -> None:
    assert rows(2, 1, Action.MOVE) == [("position 2", "position 1")]


def test_large_values_are_compared_line_by_line_and_far_from_a_change_not_shown() -> None:
    live = {f"key_{at:02}": at for at in range(40)}
    shown = rows(live, {**live, "key_20": "twenty"})
    assert ('  "key_20": 20,', '  "key_20": "twenty",') in shown
    assert len(shown) == 7


def test_drift_is_told_the_other_way_round() -> None:
    told = difference(FieldChange(("f",), Action.ADD, None, "wanted"), backwards=True)
    assert (told.words, [(whole(left), whole(right)) for left, right in told.rows]) == ("removed", [("wanted", "")])


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L", "P"]), min_size=1), max_size=8))
def test_no_line_is_lost(lines: list[str]) -> None:
    left, right = "\n".join([LONG, *lines, LONG]), "\n".join([LONG, *reversed(lines), LONG])
    if left == right:
        return
    shown = difference(FieldChange(("f",), Action.SET, left, right)).rows
    for side, text in ((0, left), (1, right)):
        told = [whole(row[side]) for row in shown if row[side].tone != "gap" and whole(row[side])]
        assert not set(told) - set(text.split("\n"))
    gone = [whole(row[0]) for row in shown if row[0].tone == "gone"]
    assert set(left.split("\n")) - set(right.split("\n")) <= set(gone)


@pytest.mark.parametrize("many", [3000, 9000])
def test_very_long_texts_come_to_an_end(many: int) -> None:
    left = "\n".join(f"{at * 7919 % many}" for at in range(many))
    right = "\n".join(f"{at * 104729 % many}" for at in range(many))
    assert difference(FieldChange(("sql",), Action.SET, left, right)).more
