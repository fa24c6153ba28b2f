"""Text from outside in Markdown: it is read as it is written, mentions nobody, links nowhere and opens no tag."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from reconciler.reports.visible import visible

_SPECIAL = re.compile(
    r"([\\`*{}\[\]#|~$^]|^[-+=]|(?<!\d):(?=\S)|:(?=\S)(?!\d\d(?!:))|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))"
)
"""What means something: not an underscore within a word, a dash within a line, or the colon of a time or a sentence."""
_LINKS = re.compile(r"(?i)(@|#|://|www|GH-|[!&$^](?=\w)|[%~](?=[\"\w])|\[(?=\w+:)|\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b)")
_BREAK = "\u200b"
"""A blank without any width: what GitHub and GitLab make links of is none with it inside."""
_LONGEST_ROW = 400


def prose(text: str) -> str:
    """Text in a sentence."""
    broken = _LINKS.sub(lambda found: found[0][0] + _BREAK + found[0][1:], visible(text))
    return _SPECIAL.sub(r"\\\1", html.escape(broken, quote=False))


def code(text: str) -> str:
    """Text in a code span."""
    shown = visible(text)
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def tag_text(text: str) -> str:
    """Text within a tag of HTML."""
    return html.escape(visible(text))


def fence(rows: Iterable[str], language: str = "diff") -> str:
    """Rows in a block of code."""
    shown = [row if len(row) <= _LONGEST_ROW else f"{row[:_LONGEST_ROW]}…" for row in map(visible, rows)]
    ticks = "`" * max(3, 1 + max(map(_longest_run, shown), default=0))
    return "\n".join([f"{ticks}{language}", *shown, ticks])


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
