"""Files that come with the code."""

from __future__ import annotations

from pathlib import Path


def examples() -> Path:
    """The folder of the examples: inside an installed package, or beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"
