"""Faults: what goes wrong between the service and its clients, by script.

    requests --Faults.strike--> the faults that strike each --with_faults--> answers that are wrong, late or missing

A script is read in `reconciler.fault_script`. Faults lie around the service and know nothing of it: what they break is
requests and answers, and what people do meanwhile goes through the store.
"""

from reconciler.emulator.faults.around import with_faults
from reconciler.emulator.faults.matching import Faults, Struck

__all__ = ["Faults", "Struck", "with_faults"]
