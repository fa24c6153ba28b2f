"""What happens while a plan is carried out, one JSON document on each line, for whoever follows the file."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.domain import Finding
from reconciler.reports.events import EventForm


class Events:
    """A file that grows. When it cannot be written, `trouble` says why, and the run goes on."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.trouble: tuple[Finding, ...] = ()
        self._begun = False

    def tell(self, event: EventForm) -> None:
        """One more event; the first takes the place of what the file held."""
        if self._file is None or self.trouble:
            return
        try:
            with self._file.open("a" if self._begun else "w", encoding="ascii", newline="\n") as stream:
                stream.write(json.dumps(event, separators=(",", ":"), allow_nan=False) + "\n")
            self._begun = True
        except OSError as error:
            message = f"the events cannot be written to {self._file}: {error.strerror}"
            cure = "name a file in a folder with room for it; what is done is not stopped by it"
            self.trouble = (Finding("REPORT/events", message, cure),)
