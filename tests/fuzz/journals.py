"""Journals of runs that were cut off: broken off, damaged, or written by somebody else."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from reconciler import workflow
from reconciler.applying import FileJournal, unfinished
from reconciler.workflow import interrupted
from tests.fuzz.answers import market, market_planned, sound_console
from tests.fuzz.files import workplace
from tests.fuzz.oracle import demand_findings_shown, demand_help
from tests.fuzz.worse import Seed

_ABOUT = {"command": "apply", "at": 1_790_000_000_000, "url": "https://statsigapi.net/console/v1", "project": "p"}
_KINDS = ("Gate", "Experiment")


@cache
def journal_seeds() -> list[Seed]:
    """The journal of an apply, cut off after each of its lines."""
    file = workplace() / "journal.jsonl"
    journal = FileJournal(file, _ABOUT)
    planned = market_planned(*_KINDS)
    with sound_console() as console:
        list(workflow.apply(replace(planned, plan=replace(planned.plan, findings=())), console, journal=journal))
    journal.close()
    lines = file.read_bytes().splitlines()
    whole = [json.loads(line) for line in lines if line]
    return [Seed(b"\n".join(lines[: end + 1]), (whole[:end],)) for end in range(1, len(whole))]


def journals(data: bytes) -> bool:
    """Tell what a run did that did not end, if one did not."""
    found = unfinished(_as_lines(data))
    if found is None:
        return False
    with sound_console() as console:
        findings = interrupted.told(found, market(*_KINDS), console)
    demand_help(findings)
    demand_findings_shown(findings)
    return True


def _as_lines(data: bytes) -> bytes:
    """A changed tree is a list of events; they stand in lines."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return data
    return b"\n".join(json.dumps(event).encode() for event in tree) if isinstance(tree, list) else data
