"""From what manifests say and what is live to a plan.

matching    which item of a list is which live one
compare     what differs in one object, and the body that settles it
draft       the step for one object
review      what waits until people have decided a review
removal     what pruning does with owned objects that have no manifest
order       in which order steps run
plan        all of it
"""

from reconciler.planning.plan import Desired, make_plan
from reconciler.planning.policy import Policy

__all__ = ["Desired", "Policy", "make_plan"]
