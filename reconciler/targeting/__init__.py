"""Who a rule is for: conditions, the rules that hold them, and the table of what each condition type takes.

Shared by every kind that has rules.
"""

from reconciler.targeting.checks import rule_problems
from reconciler.targeting.condition import Condition, natural_condition
from reconciler.targeting.rollout import on_schedule
from reconciler.targeting.rule import GateRule, Rule
from reconciler.targeting.table import CONDITION_TYPES

__all__ = [
    "CONDITION_TYPES",
    "Condition",
    "GateRule",
    "Rule",
    "natural_condition",
    "on_schedule",
    "rule_problems",
]
