"""The page: a template filled with what a run came to. Whatever comes from outside is escaped on its way in.

Its policy forbids the browser to fetch anything, and to run anything but the one script, known by its digest.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from reconciler.domain import Severity, Step, sort_findings
from reconciler.reports.graph.picture import STYLE
from reconciler.reports.html.facets import facets
from reconciler.reports.html.item import items
from reconciler.reports.html.touched import MOST, touched
from reconciler.reports.told import Told
from reconciler.reports.values import counted
from reconciler.reports.verdict import verdict
from reconciler.reports.visible import visible

_TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: ""}

_MARKS = "✅⚠️❌⏸️ "
"""What a verdict begins with elsewhere: here its colour says it, in every font."""


def page(told: Told) -> str:
    """The whole document."""
    shown, words = items(told), verdict(told).lstrip(_MARKS)
    picture, left_out = touched(_steps(told), told.plan.asked_by, shown)
    return _template().render(
        told=told,
        title=f"Statsig {told.command}: {words}",
        verdict=words,
        policy=_policy(),
        style=_asset("page.css"),
        script=_asset("page.js"),
        findings=sort_findings(told.all_findings),
        items=shown,
        dangerous=sum(bool(item.dangers) for item in shown),
        facets=facets(shown),
        picture=picture,
        left_out=left_out,
        most=MOST,
        unmanaged=sorted(told.plan.unmanaged or (told.drift.unmanaged if told.drift else ())),
    )


def _steps(told: Told) -> tuple[Step, ...]:
    return (*told.plan.steps, *told.plan.pending, *(told.drift.changed if told.drift else ()))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("reconciler.reports.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "counted": counted, "tone": _TONES.__getitem__}
    return environment.get_template("page.html.j2")


@cache
def _asset(name: str) -> str:
    return files("reconciler.reports.html").joinpath(name).read_text("utf-8")


@cache
def _policy() -> str:
    styles = " ".join(map(_digest, (_asset("page.css"), STYLE)))
    return (
        f"default-src 'none'; img-src data:; style-src {styles}; script-src {_digest(_asset('page.js'))}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
