"""The order of steps of each command. Every dependency is passed in; nothing here prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.applying import dry_run, execute
from reconciler.console import Console, Patience, from_environment, read_snapshot
from reconciler.domain import (
    Convergence,
    Drift,
    Finding,
    Outcome,
    Place,
    Plan,
    ResourceKey,
    Severity,
    Snapshot,
    Step,
    Verb,
    sort_findings,
)
from reconciler.kind import REFERENCE_ONLY, Kind
from reconciler.kinds import KINDS
from reconciler.manifests import Catalog, Project, Resource, Selection, load, locate, read_project
from reconciler.manifests.load import read_bytes
from reconciler.planning import Desired, Policy, make_plan
from reconciler.rules import Checked, check
from reconciler.shape import references, shape_of, targets_of

_UNTIL_THE_LIMITS_ALLOW = Patience(attempts=50, total_seconds=1800, longest_pause_seconds=900)
"""The longer of the two published windows for writes is 15 minutes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project file, its manifests, and what is wrong with them. `project` is None when its file cannot be used."""

    project: Project | None
    root: Path
    catalog: Catalog
    selected: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    narrowed: bool = False

    @property
    def failed(self) -> bool:
        """Whether a finding forbids to go on."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the live state that it was made from."""

    plan: Plan
    live: Snapshot

    @property
    def failed(self) -> bool:
        """Whether the plan must not be applied."""
        return any(finding.severity is Severity.ERROR for finding in self.plan.findings)


class NoConsoleError(Exception):
    """The service cannot be asked at all, for want of a key or of usable settings; `finding` says how to mend that."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def load_project(path: Path, select: Sequence[str] = ()) -> Loaded:
    """Read the project file and all manifests, and run the checks that need no live state."""
    root, project = path.parent, _read_project(path)
    selection = Selection.parse(*select)
    if not isinstance(project, Project) or not isinstance(selection, Selection):
        trouble = [*_findings_in(project), *_findings_in(selection)]
        return Loaded(None, root, Catalog(complete=False), (), _located(trouble, root), narrowed=bool(select))
    catalog = load(project, root, project_file=path.name)
    selected = tuple(item for item in catalog.resources if selection.matches(item.key, item.metadata.labels))
    checked = Checked(KINDS, catalog.resources, selected, None, project.sql.dialect or "")
    found = [*catalog.findings, *check(checked), *_nothing_selected(select, selected)]
    return Loaded(project, root, catalog, selected, _located(found, root), narrowed=bool(select))


def _read_project(path: Path) -> Project | tuple[Finding, ...]:
    try:
        return read_project(path.read_bytes(), path.name)
    except OSError as problem:
        message = f"the project file cannot be read: {problem.strerror}"
        cure = "go to the folder that holds it, or name it with --project"
        return (Finding("FILE/project", message, cure, Place(path.name)),)


def _findings_in(result: object) -> tuple[Finding, ...]:
    return result if isinstance(result, tuple) else ()


def _nothing_selected(select: Sequence[str], selected: Sequence[Resource]) -> tuple[Finding, ...]:
    if not select or selected:
        return ()
    message = f"no manifest matches {' or '.join(select)}"
    return (
        Finding("SELECT/nothing", message, "look at the ids and labels of the manifests", severity=Severity.WARNING),
    )


def _located(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """The findings sorted, with line and column, and with paths that lead to the files from the current folder."""
    return tuple(sort_findings(locate([replace(found, where=_below(found.where, root)) for found in findings], _read)))


def _below(where: Place | None, root: Path) -> Place | None:
    """A place in a file of the project, as it is reached from the current folder."""
    return replace(where, path=(root / where.path).as_posix()) if where else None


def _read(path: str) -> bytes:
    return read_bytes(Path(), path)


def open_console(loaded: Loaded, environ: Mapping[str, str]) -> Console:
    """The client for the project's API, with the key from the environment. Raises NoConsoleError."""
    api = _project(loaded).api
    key = from_environment(api.key_env, environ)
    if isinstance(key, Finding):
        raise NoConsoleError(key)
    try:
        return Console(api.url, key, timeout_seconds=api.timeout_seconds, write_patience=_UNTIL_THE_LIMITS_ALLOW)
    except ValueError as problem:
        finding = Finding(
            "API/settings", str(problem), "mend api.url, or the proxy and certificate settings in the environment"
        )
        raise NoConsoleError(finding) from None


def _project(loaded: Loaded) -> Project:
    if loaded.project is None:
        msg = "a project file that cannot be used has no plan"
        raise ValueError(msg)
    return loaded.project


def plan(loaded: Loaded, console: Console, *, server_validate: bool = False) -> Planned:
    """Read live state, check the manifests against it, and make the plan."""
    project = _project(loaded)
    live = _snapshot(loaded, console)
    desired = Desired(loaded.catalog.resources, loaded.selected)
    made = make_plan(KINDS, desired, live, _policy(loaded, project, live))
    checked = Checked(KINDS, desired.all, desired.selected, live, project.sql.dialect or "")
    findings = [*_other_project(project, live), *made.findings, *check(checked)]
    if server_validate:
        findings += dry_run(made, console, KINDS)
    placed = _with_places(replace(made, findings=tuple(findings)), loaded.root)
    return Planned(replace(placed, findings=tuple(sort_findings([*loaded.findings, *placed.findings]))), live)


def _other_project(project: Project, live: Snapshot) -> tuple[Finding, ...]:
    wanted = project.api.project_id
    if wanted in (None, live.project_id):
        return ()
    found = f"belongs to project {live.project_id}" if live.project_id else "may not tell which project it belongs to"
    message = f"the key in {project.api.key_env} {found}, and reconciler.yaml is about project {wanted}"
    return (Finding("API/project", message, "use a key of that project, or mend api.projectId"),)


def _snapshot(loaded: Loaded, console: Console) -> Snapshot:
    needed = frozenset(resource.key.kind for resource in loaded.selected)
    targets = {
        reference.target.kind
        for resource in loaded.catalog.resources
        for reference in references(shape_of(KINDS[resource.key.kind].spec), resource.spec.tree())
    }
    if _project(loaded).ownership:
        targets.add("Tag")
    collections = frozenset(REFERENCE_ONLY[kind] for kind in targets if kind in REFERENCE_ONLY)
    return read_snapshot(console, KINDS.values(), needed=needed, references=collections)


def _policy(loaded: Loaded, project: Project, live: Snapshot) -> Policy:
    unknown = []
    if loaded.narrowed:
        unknown.append("only a selection of the manifests is looked at")
    if not loaded.catalog.complete:
        unknown.append("not every manifest could be read")
    if not loaded.catalog.resources:
        unknown.append("there is not one manifest")
    unlisted = sorted(name for name in live.unread if name in KINDS and _names_others(KINDS[name]))
    if unlisted:
        unknown.append(f"not everything could be listed: {', '.join(unlisted)}")
    tag = project.ownership.tag if project.ownership else None
    return Policy(tag, project.safety.prune, project.safety.max_removals, tuple(unknown))


def _names_others(kind: Kind) -> bool:
    """Whether objects of this kind can refer to an object that might be removed."""
    return bool(targets_of(shape_of(kind.spec)) & KINDS.keys())


def _with_places(made: Plan, root: Path) -> Plan:
    """The plan with line and column wherever a reader is sent to a file."""
    wanted = [Finding("", "", "", _below(step.where, root)) for step in (*made.steps, *made.held)]
    places = iter(locate(wanted, _read))
    steps, held = (
        tuple(replace(step, where=next(places).where) for step in group) for group in (made.steps, made.held)
    )
    return replace(made, steps=steps, held=held, findings=_located(made.findings, root))


def apply(planned: Planned, console: Console, *, all_or_nothing: bool = False) -> Iterator[Outcome]:
    """Read again what the plan touches, and make its calls where nothing moved. Raises ConsoleError if that fails."""
    touched = {step.key.kind for step in planned.plan.steps}
    kinds = [kind for kind in KINDS.values() if kind.name in touched]
    collections = frozenset(REFERENCE_ONLY[kind] for kind in touched if kind in REFERENCE_ONLY)
    live = read_snapshot(console, kinds, needed=frozenset(touched), references=collections)
    return execute(planned.plan, live, console, KINDS, all_or_nothing=all_or_nothing)


def verify(loaded: Loaded, console: Console) -> tuple[Convergence, ...]:
    """Read live state again and say of each selected manifest whether live now equals it."""
    again = plan(loaded, console).plan
    differing = {step.key: step for step in (*again.held, *again.steps)}
    return tuple(
        Convergence(
            key, step.fields if (step := differing.get(key)) else (), gone=bool(step and step.verb is Verb.CREATE)
        )
        for key in sorted(resource.key for resource in loaded.selected)
    )


def drift(loaded: Loaded, console: Console) -> Drift:
    """How live differs from the manifests."""
    made = plan(loaded, console).plan
    described = [step for step in (*made.steps, *made.held) if step.where]
    removed = [(step.key, step.modified) for step in made.steps if step.verb in {Verb.ARCHIVE, Verb.DELETE}]
    return Drift(
        changed=tuple(_merged(step for step in described if step.verb is not Verb.CREATE)),
        gone=tuple((step.key, step.where) for step in described if step.verb is Verb.CREATE),
        unmanaged=tuple(sorted((*made.unmanaged, *removed))),
        same=len(made.unchanged),
        findings=made.findings,
    )


def _merged(steps: Iterable[Step]) -> list[Step]:
    """One step without calls for each object, with all its differences."""
    by_key: dict[ResourceKey, Step] = {}
    for step in steps:
        known = by_key.get(step.key)
        fields = (*known.fields, *step.fields) if known else step.fields
        by_key[step.key] = replace(step, calls=(), fields=tuple(dict.fromkeys(fields)) if known else fields)
    return [by_key[key] for key in sorted(by_key)]
