"""Who a rule is for: conditions, the rules that hold them, and the table of what each condition type takes.

Shared by every kind that has rules.
"""

from reconciler.targeting.condition import CONDITION_TYPES, Condition, condition_references, natural_condition
from reconciler.targeting.checks import rule_problems
from reconciler.targeting.rule import GateRule, Rollout, Rule

__all__ = [
    "CONDITION_TYPES",
    "Condition",
    "GateRule",
    "Rollout",
    "Rule",
    "condition_references",
    "natural_condition",
    "rule_problems",
]
