"""One file for each kind of resource. Nothing else in the package names a kind's fields or paths."""

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.kind import Kind
from reconciler.kinds.dynamic_config import KIND as DYNAMIC_CONFIG
from reconciler.kinds.entity_property_source import KIND as ENTITY_PROPERTY_SOURCE
from reconciler.kinds.experiment import KIND as EXPERIMENT
from reconciler.kinds.gate import KIND as GATE

KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (ENTITY_PROPERTY_SOURCE, GATE, DYNAMIC_CONFIG, EXPERIMENT)}
)
"""All kinds by name, in the order in which they are created where nothing else decides."""

__all__ = ["KINDS"]
