"""What the findings of each area are about: an area is what stands before the slash of a code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "API": "the service",
        "APPLY": "doing what a plan says",
        "BUG": "a mistake of ours",
        "CONDITION": "conditions of rules",
        "DRIFT": "what was changed behind Git's back",
        "EMULATOR": "the local Console API",
        "FILE": "which files are read",
        "GUARD": "what may not happen without somebody's word",
        "INIT": "a repository to begin with",
        "JOURNAL": "what was done before, and by whom it is done now",
        "KEY": "the key of the Console API",
        "LIFECYCLE": "status of experiments",
        "NOTIFY": "messages about drift",
        "PLAN": "what a plan cannot do, or does not do quietly",
        "PLANFILE": "plans that were saved",
        "POLICY": "guards of your own",
        "PRUNE": "objects without a manifest",
        "REF": "names of other objects",
        "REPORT": "reports in files",
        "ROLLBACK": "undoing a plan",
        "RULE": "what an object says as a whole",
        "RUN": "the run itself",
        "SCHEMA": "fields and values",
        "SELECT": "which objects a run is about",
        "SOURCE": "entity property sources",
        "USAGE": "the command line",
        "VALUE": "values of dynamic configs",
        "YAML": "text that is read",
    }
)
"""An area, and what it is about."""
