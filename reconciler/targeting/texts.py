"""Values of conditions that no unit can ever have: country codes that do not exist, versions that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iso3166 import countries_by_alpha2, countries_by_alpha3, countries_by_apolitical_name, countries_by_name

from reconciler.domain import Json, Problem, Tree
from reconciler.kind import warning
from reconciler.suggest import nearest

_ALSO_FOUND = frozenset({"XK"})
"""Kosovo: not in ISO 3166-1, and what databases of IP addresses answer."""

_MEANT = {"UK": "GB", "EL": "GR", "ENGLAND": "GB", "USA": "US"}
"""UK and EL are what the European Union writes."""

_VERSION = re.compile(r"\d+(\.\d+)*(-.*)?")
"""Dotted numbers; what follows a hyphen is not compared."""


def text_problems(condition: Tree, at: tuple[str | int, ...]) -> Iterator[Problem]:
    """Doubts about the texts of one condition that stands at `at`."""
    target = condition.get("targetValue")
    versions = str(condition.get("operator")).startswith("version_")
    if condition["type"] != "country" and not versions:
        return
    for index, value in enumerate(target if isinstance(target, list) else [target]):
        here = (*at, "targetValue", index) if isinstance(target, list) else (*at, "targetValue")
        if value not in (None, ""):
            yield from _version(value, here) if versions else _country(value, here)


def _country(value: Json, here: tuple[str | int, ...]) -> Iterator[Problem]:
    code = str(value).upper()
    if code not in countries_by_alpha2 and code not in _ALSO_FOUND:
        meant = _code(code)
        cure = (
            f"did you mean {meant}?" if meant else "write two letters for each country, such as DE (ISO 3166-1 alpha-2)"
        )
        yield warning("CONDITION/country", f"there is no country {str(value)!r}: no unit has it", cure, *here)


def _code(meant: str) -> str | None:
    """The code of the country that is meant by three letters, by its name, or nearly by its name."""
    if meant in _MEANT:
        return _MEANT[meant]
    named = countries_by_name | countries_by_apolitical_name
    near = nearest(meant, named) if len(meant) > len("DEU") else None
    found = countries_by_alpha3.get(meant) or named.get(near or meant)
    return found.alpha2 if found else None


def _version(value: Json, here: tuple[str | int, ...]) -> Iterator[Problem]:
    text = str(value)
    if not _VERSION.fullmatch(text):
        inner = re.search(r"\d+(\.\d+)*", text)
        cure = f'write numbers with dots between them: "{inner[0] if inner else "1.2.3"}"'
        yield warning("CONDITION/version", f"{text!r} is no version: no unit compares with it", cure, *here)
