"""Request bodies as the service accepts them, in its own vocabulary.

They are written from the OpenAPI document and not from `reconciler.kinds`, so that an error in a kind shows as a
refusal here instead of being repeated. Unknown keys are dropped, as the service's validator is believed to do.
"""

from reconciler.emulator.bodies.base import read
from reconciler.emulator.bodies.config import ConfigCreate, ConfigUpdate
from reconciler.emulator.bodies.experiment import ExperimentCreate, ExperimentUpdate
from reconciler.emulator.bodies.gate import GateCreate, GateUpdate
from reconciler.emulator.bodies.overrides import ExperimentOverrides, GateOverrides
from reconciler.emulator.bodies.rule import ConfigRulePart, Rule, RulePart, Rules, RulesPart
from reconciler.emulator.bodies.small import (
    Abandon,
    Archive,
    Decide,
    ExperimentArchive,
    GroupNames,
    ResolveAlert,
    RestartAsNew,
    ReviewsBody,
    ScheduleStart,
    Start,
    TagBody,
    Unarchive,
)
from reconciler.emulator.bodies.source import SourceBody

__all__ = [
    "Abandon",
    "Archive",
    "ConfigCreate",
    "ConfigRulePart",
    "ConfigUpdate",
    "Decide",
    "ExperimentArchive",
    "ExperimentCreate",
    "ExperimentOverrides",
    "ExperimentUpdate",
    "GateCreate",
    "GateOverrides",
    "GateUpdate",
    "GroupNames",
    "ResolveAlert",
    "RestartAsNew",
    "ReviewsBody",
    "Rule",
    "RulePart",
    "Rules",
    "RulesPart",
    "ScheduleStart",
    "SourceBody",
    "Start",
    "TagBody",
    "Unarchive",
    "read",
]
