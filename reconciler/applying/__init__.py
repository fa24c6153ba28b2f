"""Carrying out a plan: exactly its calls, in its order, with the truth about each step.

execute     run the steps, yield an outcome for each
left_out    which steps are not begun, since the world moved
review      find out by reading whether an accepted call opened a review instead
together    which steps run at the same time
settle      find out by reading what became of a call whose answer was lost
live        the objects as last seen, and the ids that only the service knows
journal     what is written down meanwhile
record      which steps of a plan were begun, from the journal
unfinished  what a run that was cut off did, from its journal
dry_run     ask the service without changing anything
"""

from reconciler.applying.dry_run import dry_run
from reconciler.applying.execute import execute
from reconciler.applying.journal import FileJournal, Journal, JournalError, put_aside
from reconciler.applying.record import begun
from reconciler.applying.settle import Fate, is_another
from reconciler.applying.unfinished import Unfinished, settled, unfinished

__all__ = [
    "Fate",
    "FileJournal",
    "Journal",
    "JournalError",
    "Unfinished",
    "begun",
    "dry_run",
    "execute",
    "is_another",
    "put_aside",
    "settled",
    "unfinished",
]
