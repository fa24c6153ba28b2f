"""Files that the code generates: ``schemas/`` and ``docs/reference/``. ``--check`` compares, else they are written."""

from __future__ import annotations

import sys
from pathlib import Path

from reconciler.schema_files import schema_files
from tools.reference import reference_files

ROOT = Path(__file__).parent.parent


def generated() -> dict[Path, str]:
    """Every generated file and its text."""
    schemas = {ROOT / "schemas" / name: text for name, text in schema_files().items()}
    pages = {ROOT / "docs" / "reference" / name: text for name, text in reference_files().items()}
    return schemas | pages


def stale() -> list[Path]:
    """Files that differ from what the code generates, are missing, or are generated no more."""
    wanted = generated()
    differing = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    found = [*(ROOT / "schemas").glob("*"), *(ROOT / "docs" / "reference").glob("*")]
    return sorted([*differing, *(path for path in found if path not in wanted)])


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` name those that are stale."""
    if "--check" in arguments:
        for path in stale():
            sys.stdout.write(f"{path.relative_to(ROOT)} is stale: run make generate\n")
        return 1 if stale() else 0
    for path in stale():
        path.unlink(missing_ok=True)
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
