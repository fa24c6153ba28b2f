"""What people do in the console while a request is under way."""

from __future__ import annotations

from reconciler.emulator.errors import ApiError
from reconciler.emulator.store import Store
from reconciler.fault_script import Create, Delete, Edit


def act(store: Store, fault: Edit | Create | Delete) -> str:
    """Do what a person does; the reason if it could not be done."""
    try:
        match fault:
            case Edit():
                store.console_edit(fault.collection, fault.id, fault.changes, by=fault.by)
            case Create():
                store.console_create(fault.collection, fault.object, by=fault.by)
            case Delete():
                store.console_delete(fault.collection, fault.id, by=fault.by)
    except (KeyError, ValueError, ApiError) as error:
        return str(error)
    return ""
