"""A review in which people decide about a change, before it is live."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Review:
    """An open review of an object: id, status in the service's own words, and what it is about; "" if unsaid."""

    id: str = ""
    status: str = ""
    description: str = ""

    def __str__(self) -> str:
        status = f" ({self.status})" if self.status else ""
        about = f": {self.description}" if self.description else ""
        return f"review {self.id or 'without an id'} is open{status}{about}"
