"""Files that are not part of the repository: the vendor's OpenAPI document, and the state of a real project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("RECONCILER_SHARED") or Path(__file__).resolve().parents[2] / "shared")
"""Where they are; by default a folder called ``shared`` beside the repository."""

OPENAPI = FOLDER / "openapi" / "console-api-20240601.json"
REAL_PROJECT = FOLDER / "real" / "demo_project.live.json"


def needs(path: Path) -> pytest.MarkDecorator:
    """Skips a test, and says why, where the file is not there."""
    reason = f"there is no {path}: let RECONCILER_SHARED name the folder that has it"
    return pytest.mark.skipif(not path.is_file(), reason=reason)
