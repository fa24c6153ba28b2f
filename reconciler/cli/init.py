"""``reconciler init``: a repository to begin with."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.options import Pipeline
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.domain import Finding
from reconciler.reports.text import line
from reconciler.schema_files import schema_files
from reconciler.shipped import examples

_SCHEMAS = Path(".schemas")
_SHARED = frozenset({Path(".gitignore"), Path(".vscode/extensions.json"), Path(".vscode/settings.json")})
"""What a repository may well have already."""
_GITHUB = ("plan", "apply", "drift")


def init(screen: Screen, folder: Path, pipeline: Pipeline, form: Format) -> ExitCode:
    """Write the files and say what comes next. Only what a repository has for other reasons may be there already."""
    whole = {**_start(), **_pipeline(pipeline), **{_SCHEMAS / name: text for name, text in schema_files().items()}}
    kept = {path: text for path, text in whole.items() if path in _SHARED and os.path.lexists(folder / path)}
    files = {path: text for path, text in whole.items() if path not in kept}
    if there := [path for path in files if os.path.lexists(folder / path)]:
        raise StoppedError([_taken(folder / path) for path in there])
    _write(files, folder)
    if form is Format.JSON:
        written = [str(folder / path) for path in files]
        left = [str(folder / path) for path in kept]
        screen.document(json.dumps({"written": written, "left": left, "next": _next(folder)}, indent=2) + "\n")
    else:
        screen.show(line(text) for text in (*_told(files, kept, folder), *_misplaced(folder, pipeline)))
    return ExitCode.OK


def _start() -> dict[Path, str]:
    top = examples() / "start"
    return {file.relative_to(top): file.read_text("utf-8") for file in sorted(top.rglob("*")) if file.is_file()}


def _pipeline(pipeline: Pipeline) -> dict[Path, str]:
    """The workflows, where each service looks for them."""
    top = examples() / "ci" / pipeline
    if pipeline is Pipeline.GITHUB:
        names = {name: top / f"{name}.yml" for name in _GITHUB}
        return {Path(f".github/workflows/statsig-{name}.yml"): file.read_text("utf-8") for name, file in names.items()}
    if pipeline is Pipeline.GITLAB:
        return {Path(".gitlab-ci.yml"): (top / ".gitlab-ci.yml").read_text("utf-8")}
    return {}


def _taken(file: Path) -> Finding:
    return Finding(
        "INIT/exists", f"{file} is there already, and nothing was written", "name another folder, or move it"
    )


def _write(files: Mapping[Path, str], folder: Path) -> None:
    """Write all of them, or none."""
    written: list[Path] = []
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with (folder / path).open("x", encoding="utf-8", newline="\n") as stream:
                written.append(folder / path)
                stream.write(text)
    except OSError as error:
        for file in written:
            file.unlink()
        message = f"{error.filename or folder} cannot be written: {error.strerror}"
        cure = "name a folder with room that you may write to"
        raise StoppedError([Finding("INIT/output", message, cure)]) from None


def _told(files: Mapping[Path, str], kept: Mapping[Path, str], folder: Path) -> Iterator[str]:
    yield from (f"wrote {folder / path}" for path in files if path.parent != _SCHEMAS)
    yield f"wrote {folder / _SCHEMAS}/, with which an editor completes and checks manifests"
    for path, text in kept.items():
        asked = " ".join(row.strip() for row in text.splitlines() if not row.startswith("#"))
        yield f"left {folder / path} as it is; see to it that it has: {asked}"
    yield ""
    yield "Next, without a key, and then with one that may read (STATSIG_CONSOLE_KEY):"
    yield from (f"    {command}" for command in _next(folder))


def _misplaced(folder: Path, pipeline: Pipeline) -> Iterator[str]:
    """What is to be said where the workflows are not at the top of the repository."""
    here = folder.resolve()
    top = next((parent for parent in here.parents if (parent / ".git").exists()), None)
    if top and pipeline is not Pipeline.NONE and not (here / ".git").exists():
        yield ""
        yield f"{here} is no top of a repository, where alone workflows are looked for: move them to {top},"
        yield f"and let them work in {here.relative_to(top)} (defaults.run.working-directory on GitHub)."


def _next(folder: Path) -> list[str]:
    about = [] if folder == Path() else ["--project", str(folder)]
    return [shlex.join(["reconciler", command, *about]) for command in ("validate", "plan")]
