"""Where files lie that the tests read and the repository does not hold."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("RECONCILER_SHARED") or Path(__file__).parents[2] / "shared")
"""The folder with the vendor's documents."""

OPENAPI = SHARED / "openapi" / "console-api-20240601.json"

needs_openapi = pytest.mark.skipif(
    not OPENAPI.is_file(), reason=f"no OpenAPI document at {OPENAPI}; set RECONCILER_SHARED to the folder that has it"
)


def openapi() -> dict[str, Any]:
    """The OpenAPI document, or one without schemas where there is none (its tests are skipped)."""
    if not OPENAPI.is_file():
        return {"components": {"schemas": {}}, "paths": {}}
    document: dict[str, Any] = json.loads(OPENAPI.read_text("utf-8"))
    return document
