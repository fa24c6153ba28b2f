"""When a command runs, and what its caller and the project allow guards to pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain import Allowance, Finding, Place
from reconciler.manifests import Safety
from reconciler.planning.guards import broken, given, misnamed, names, unknown, written


@dataclass(frozen=True, slots=True)
class Occasion:
    """The moment (with its time zone), and what the command line allows, each as ``GUARD=REASON``."""

    now: datetime
    allow: tuple[str, ...] = ()


def permitted(safety: Safety, file: Place, occasion: Occasion) -> tuple[tuple[Allowance, ...], tuple[Finding, ...]]:
    """What guards may pass, and what is wrong with that and with the project's own policies."""
    said = given(occasion.allow)
    entries = (*written(safety, file), *(entry for entry in said if isinstance(entry, Allowance)))
    wrong = [entry for entry in said if isinstance(entry, Finding)]
    known = names(policy.name for policy in safety.policies)
    return entries, (*wrong, *unknown(entries, known), *misnamed(safety, file), *broken(safety, file))
