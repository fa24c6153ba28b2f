"""Lengths of time in words."""

from __future__ import annotations

import pytest

from reconciler.reports.moments import duration
from reconciler.reports.text import forecast_lines, plain


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "about 1 s"),
        (11.2, "about 12 s"),
        (119.0, "about 119 s"),
        (120.5, "about 3 min"),
        (1811.0, "about 31 min"),
        (9915.0, "about 2 h 46 min"),
    ],
)
def test_a_length_of_time_is_rounded_up_to_what_a_reader_cares_about(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_forecast_says_by_whose_limits_it_is() -> None:
    assert plain(forecast_lines(130, 11.8, published=True)) == "130 calls, about 12 s at the published limits.\n"
    assert plain(forecast_lines(1, 0.2, published=False)) == "1 call, about 1 s at the limits in the project file.\n"
