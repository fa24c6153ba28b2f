"""``reconciler schema``: the JSON Schemas of manifests, of the project file, of plan files and of reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.domain import Finding, Tree
from reconciler.reports.text import line
from reconciler.schema_files import schema_files
from reconciler.suggest import did_you_mean

_ENDING = ".schema.json"


def schema(screen: Screen, kind: str | None, folder: Path | None, form: Format) -> ExitCode:
    """Print the schema of `kind`, or write all of them into `folder`; with neither, say what there is."""
    files = schema_files()
    chosen = files if kind is None else {_file(kind, files): files[_file(kind, files)]}
    if folder:
        written = _write(chosen, folder)
        if form is Format.JSON:
            screen.document(_document({"written": written}))
        else:
            screen.show(line(f"wrote {path}") for path in written)
    elif kind:
        screen.document(next(iter(chosen.values())))
    elif form is Format.JSON:
        screen.document(_document({name.removesuffix(_ENDING): json.loads(text) for name, text in files.items()}))
    else:
        screen.show(line(name.removesuffix(_ENDING)) for name in files)
    return ExitCode.OK


def _document(tree: Tree) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _file(kind: str, files: Iterable[str]) -> str:
    """The file for ``DynamicConfig`` or ``dynamic-config``."""
    by_name = {_folded(name.removesuffix(_ENDING)): name for name in files}
    if _folded(kind) in by_name:
        return by_name[_folded(kind)]
    names = [name.removesuffix(_ENDING) for name in by_name.values()]
    cure = f"{did_you_mean(kind, names)} there are {', '.join(names)}".strip()
    raise StoppedError([Finding("SCHEMA/unknown", f"there is no schema {kind!r}", cure)])


def _folded(name: str) -> str:
    return name.replace("-", "").casefold()


def _write(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write the files, and say which."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{error.filename or folder} cannot be written: {error.strerror}"
        raise StoppedError(
            [Finding("SCHEMA/output", message, "name a folder with room that you may write to")]
        ) from None
    return [str(folder / name) for name in files]
