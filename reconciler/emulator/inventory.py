"""What a project consists of, under the keys of a document of live state."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.kinds import KINDS

LISTS: Mapping[str, str] = MappingProxyType(
    {
        **{kind.seed_key: kind.identity for kind in KINDS.values()},
        "segments": "id",
        "layers": "id",
        "holdouts": "id",
        "param_stores": "name",
        "release_pipelines": "id",
        "tags": "id",
        "environments": "name",
        "unit_id_types": "name",
        "target_apps": "id",
    }
)
"""Lists of objects, each with the field that identifies them."""
REVIEWS = "reviews"
"""Changes that wait for a review, by collection and id of their object: ``gates/a_gate``."""
MAPS = ("gate_overrides", "experiment_overrides", REVIEWS)
"""Objects by what they belong to."""
SINGLES = ("project", "company", "review_settings")
"""Objects of which there is one."""
