"""The Console API of one project: calls with typed errors, complete lists, and the snapshot that a plan is made from.

    ApiKey, from_environment            the key, which shows itself to nobody
    Console                             request, read, write, list
    Turns                               the pace of writes
    read_snapshot                       live state as a value
    History                             past versions and the audit log, as far as they can be read
    ConsoleError and its subclasses     what became of a call (`reconciler.console.errors`)

It is the only room that sees the key, and the only one that waits.
"""

from reconciler.console.answer import data_of
from reconciler.console.client import Console
from reconciler.console.errors import (
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    ConsoleError,
    Forbidden,
    Invalid,
    KeyEchoed,
    ListingError,
    NotFound,
    NotSent,
    RateLimited,
    ServerError,
    Stopped,
    Unauthorized,
    UnknownForm,
    Unsendable,
)
from reconciler.console.history import History, Unread
from reconciler.console.pacing import PUBLISHED, Window
from reconciler.console.retry import Patience
from reconciler.console.secret import ApiKey, from_environment
from reconciler.console.snapshot import read_snapshot
from reconciler.console.turns import Forecast, Turns

__all__ = [
    "PUBLISHED",
    "AnswerLost",
    "AnswerTooLarge",
    "ApiError",
    "ApiKey",
    "Console",
    "ConsoleError",
    "Forbidden",
    "Forecast",
    "History",
    "Invalid",
    "KeyEchoed",
    "ListingError",
    "NotFound",
    "NotSent",
    "Patience",
    "RateLimited",
    "ServerError",
    "Stopped",
    "Turns",
    "Unauthorized",
    "UnknownForm",
    "Unread",
    "Unsendable",
    "Window",
    "data_of",
    "from_environment",
    "read_snapshot",
]
