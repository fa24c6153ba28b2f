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
        "tags": "id",
        "environments": "name",
        "unit_id_types": "name",
        "target_apps": "id",
    }
)
"""Lists of objects, each with the field that identifies them."""
MAPS = ("gate_overrides", "experiment_overrides")
"""Objects by the id of what they belong to."""
SINGLES = ("project", "company")
"""Objects of which there is one."""
