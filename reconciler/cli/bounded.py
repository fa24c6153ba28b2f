"""Reading files that a user names: a device, or a file with a hole, may never end."""

from __future__ import annotations

import errno
from pathlib import Path

_MOST_MIB = 256
"""Many times what a plan for ten thousand objects takes."""


def read_bounded(file: Path) -> bytes:
    """The bytes of a file. OSError if it cannot be read, or is larger than any that is meant."""
    with file.open("rb") as stream:
        data = stream.read(_MOST_MIB * 1024**2 + 1)
    if len(data) > _MOST_MIB * 1024**2:
        raise OSError(errno.EFBIG, f"it is larger than {_MOST_MIB} MiB")
    return data
