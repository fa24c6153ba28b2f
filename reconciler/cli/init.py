"""``reconciler init``: a repository to begin with."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from reconciler.cli.exits import ExitCode
from reconciler.cli.failures import StoppedError
from reconciler.cli.options import Pipeline
from reconciler.cli.running import Format
from reconciler.cli.screen import Screen
from reconciler.domain import Finding
from reconciler.domain.listing import few
from reconciler.reports.text import line
from reconciler.schema_files import schema_files
from reconciler.shipped import examples

_SCHEMAS = Path(".schemas")
_SHARED = frozenset({Path(".gitignore"), Path(".vscode/extensions.json"), Path(".vscode/settings.json")})
"""What a repository may well have already."""
_SHOWN = 3
"""As many of the files that are there already are named."""
_GITHUB = ("plan", "apply", "drift")
_UNFIT = re.compile(r"""[][*?!+${}"'`\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]""")
"""What a filter of paths, an expression or a shell would read otherwise, and what YAML or UTF-8 does not take."""
_FOLDER = re.compile(r'^  FOLDER: "?([^"#\n]+?)"? *(?:#|$)', re.MULTILINE)
"""In a workflow, the folder of its project."""


def init(screen: Screen, folder: Path, pipeline: Pipeline, form: Format) -> ExitCode:
    """Write the files and say what comes next. Only what a repository has for other reasons may be there already."""
    top = _top(folder)
    schemas = {_SCHEMAS / name: text for name, text in schema_files().items()}
    whole = {**_start(), **_pipeline(pipeline, folder, top), **schemas}
    kept = {path: text for path, text in whole.items() if path in _SHARED and os.path.lexists(folder / path)}
    files = {path: text for path, text in whole.items() if path not in kept}
    if there := [path for path in files if os.path.lexists(_at(folder.resolve(), path))]:
        raise StoppedError([_taken([_at(folder, path) for path in there], _owner(folder.resolve(), there, top))])
    _write(files, folder.resolve())
    if form is Format.JSON:
        written = [str(_at(folder, path)) for path in files]
        left = [str(folder / path) for path in kept]
        screen.document(json.dumps({"written": written, "left": left, "next": _next(folder)}, indent=2) + "\n")
    else:
        misplaced = _misplaced(folder, top) if pipeline is Pipeline.GITLAB else ()
        screen.show(line(text) for text in (*_told(files, kept, folder), *misplaced))
    return ExitCode.OK


def _at(folder: Path, path: Path) -> Path:
    """A file of the repository, some of which are above the folder: behind a link that is not above its name."""
    short, real = (Path(os.path.normpath(each / path)) for each in (folder, folder.resolve()))
    return short if short.resolve() == real.resolve() else real


def _top(folder: Path) -> Path | None:
    """The top of the repository, if it is not the folder itself."""
    here = folder.resolve()
    if (here / ".git").exists():
        return None
    return next((parent for parent in here.parents if (parent / ".git").exists()), None)


def _start() -> dict[Path, str]:
    top = examples() / "start"
    return {file.relative_to(top): file.read_text("utf-8") for file in sorted(top.rglob("*")) if file.is_file()}


def _pipeline(pipeline: Pipeline, folder: Path, top: Path | None) -> dict[Path, str]:
    """The workflows. GitHub looks for them at the top of the repository alone."""
    source = examples() / "ci" / pipeline
    if pipeline is Pipeline.GITLAB:
        return {Path(".gitlab-ci.yml"): (source / ".gitlab-ci.yml").read_text("utf-8")}
    if pipeline is Pipeline.NONE:
        return {}
    found = {name: (source / f"{name}.yml").read_text("utf-8") for name in _GITHUB}
    if top is None:
        return {Path(f".github/workflows/statsig-{name}.yml"): text for name, text in found.items()}
    here = folder.resolve()
    below, workflows = here.relative_to(top).as_posix(), Path(os.path.relpath(top, here), ".github", "workflows")
    if unfit := _UNFIT.search(below):
        raise StoppedError([_unfit(below, unfit[0])])
    slug = below.replace("/", "-")
    return {workflows / f"statsig-{name}-{slug}.yml": _below(below, name, text) for name, text in found.items()}


def _below(folder: str, name: str, workflow: str) -> str:
    """The workflow for a project in a folder of its repository."""
    paths = ", ".join(_quoted(f"{folder}/{path}") for path in ("reconciler.yaml", "manifests/**"))
    called = _quoted(f"Statsig {name}, {folder}")
    return (
        workflow.replace("  FOLDER: . #", f"  FOLDER: {_quoted(folder)} #")
        .replace('    paths: [reconciler.yaml, "manifests/**"]', f"    paths: [{paths}]")
        .replace(f"name: Statsig {name}\n", f"name: {called}\n")
    )


def _quoted(text: str) -> str:
    """The text in YAML, as it is: YAML does not join the escapes by which JSON writes an emoji."""
    return json.dumps(text, ensure_ascii=False)


def _unfit(folder: str, letter: str) -> Finding:
    message = f"{folder}: in a workflow GitHub would read {letter!a} otherwise; nothing was written"
    return Finding("INIT/folder", message, "name another folder, or write no workflows: --ci none")


def _owner(here: Path, there: list[Path], top: Path | None) -> str:
    """The folder of another project, whose workflows have the names that those of this one would have; "" for none."""
    if top is None or any(path.parts[0] != ".." for path in there):
        return ""
    files = [file for path in there if (file := _at(here, path)).is_file() and os.access(file, os.R_OK)]
    found = {each[1] for file in files if (each := _FOLDER.search(file.read_text("utf-8", "replace")))}
    return next(iter(sorted(found - {here.relative_to(top).as_posix()})), "")


def _taken(files: list[Path], owner: str) -> Finding:
    are, they = ("is", "it is one") if len(files) == 1 else ("are", "they are those")
    message = f"{few(map(str, files), _SHOWN)} {are} there already, and nothing was written"
    if owner:
        message += f": {they} of the project in {owner}: their names have - for each / of the folder"
    return Finding("INIT/exists", message, "name another folder, or move what is there")


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
    yield from (f"wrote {_at(folder, path)}" for path in files if path.parent != _SCHEMAS)
    yield f"wrote {folder / _SCHEMAS}/, with which an editor completes and checks manifests"
    for path, text in kept.items():
        asked = " ".join(row.strip() for row in text.splitlines() if not row.startswith("#"))
        yield f"left {folder / path} as it is; see to it that it has: {asked}"
    yield ""
    yield "Next, without a key, and then with one that may read (STATSIG_CONSOLE_KEY):"
    yield from (f"    {command}" for command in _next(folder))


def _misplaced(folder: Path, top: Path | None) -> Iterator[str]:
    """What is to be said where a pipeline for GitLab is not at the top of its repository."""
    here = folder.resolve()
    if top:
        yield ""
        below = here.relative_to(top).as_posix()
        changes = ", ".join(_quoted(f"{below}/{path}") for path in ("reconciler.yaml", "manifests/**/*"))
        yield f"{here} is no top of a repository, where alone a pipeline is looked for: take it over into {top},"
        yield f"let its jobs work in {below} (cd in before_script, and before what is kept),"
        yield f"and write [{changes}] in changes of statsig-apply."


def _next(folder: Path) -> list[str]:
    about = [] if folder == Path() else ["--project", str(folder)]
    return [shlex.join(["reconciler", command, *about]) for command in ("validate", "plan")]
