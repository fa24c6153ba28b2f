"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_whole(file: Path, text: str) -> str:
    """Put the text (UTF-8) in the place of what the file held, in one move; why not, if that fails, else "".

    Until the move the text stands in a file beside it, so that whoever reads the file never meets half of it.
    """
    target = Path(os.path.realpath(file))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if target.exists() and not target.is_file():
            return "it is no ordinary file"
        _replace(target, beside, text)
    except OSError as error:
        return str(error.strerror)
    finally:
        with suppress(OSError):  # a folder that is none, a name that is too long
            beside.unlink(missing_ok=True)
    return ""


def _replace(target: Path, beside: Path, text: str) -> None:
    with beside.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(target)
