"""The project file and all manifests, and what is wrong with them. No network."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.domain import Allowance, Finding, Place, ResourceKey, Severity, sort_findings
from reconciler.kinds import KINDS
from reconciler.manifests import Catalog, Project, Resource, Selection, load, locate, read_project
from reconciler.manifests.load import read_bytes
from reconciler.planning.guards import allow, day_at, demanded
from reconciler.rules import Checked, check
from reconciler.workflow.narrowed import narrowed
from reconciler.workflow.occasion import Occasion, permitted


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project file, its manifests, and what is wrong with them. `project` is None when its file cannot be used.

    `seen` counts the objects that were looked at, broken ones too; `selected` are those of them that can be planned.
    `allowances`: which guards may trip.
    """

    project: Project | None
    root: Path
    catalog: Catalog
    selected: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    narrowed: bool = False
    seen: int = 0
    allowances: tuple[Allowance, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a finding forbids to go on."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def usable(self) -> Project:
        """The project, for callers that have seen that nothing failed."""
        if self.project is None:
            msg = "a project file that cannot be used has no plan"
            raise ValueError(msg)
        return self.project


def load_project(path: Path, select: Sequence[str] = (), occasion: Occasion | None = None) -> Loaded:
    """Read the project file and all manifests, and run the checks that need no live state.

    Without an `occasion` no guard is asked.
    """
    root, project = path.parent, project_at(path)
    selection = Selection.parse(*select)
    if not isinstance(project, Project) or not isinstance(selection, Selection):
        trouble = [*_findings_in(project), *_findings_in(selection)]
        return Loaded(None, root, Catalog(complete=False), (), located(trouble, root), narrowed=bool(select))
    catalog = load(project, root, project_file=path.name)
    chosen = tuple(item for item in catalog.described if selection.matches(item.key, item.labels))
    keys = {item.key for item in chosen}
    selected = tuple(item for item in catalog.resources if item.key in keys)
    found = [*catalog.findings, *check(Checked(KINDS, catalog.described, chosen, None, project.sql.dialect or ""))]
    if select:
        described = (item.key for item in catalog.described)
        found = [*narrowed(found, described, keys, path.name), *_nothing_selected(select, keys)]
    found += _untagged(selected) if project.ownership is None else []
    allowances, asked = _guards(project, Place(path.name), selected, occasion)
    return Loaded(
        project, root, catalog, selected, located([*found, *asked], root), bool(select), len(keys), allowances
    )


def _untagged(selected: Iterable[Resource]) -> list[Finding]:
    """What manifests say of removals where there is no tag to keep it in."""
    return [
        Finding(
            "PRUNE/untagged",
            f"metadata.{written} has no effect: it is kept as a tag, and the project has none",
            "name one in the project file: ownership: {tag: managed-by-git}",
            resource.place.at("metadata", written),
            resource.key,
            Severity.WARNING,
        )
        for resource in selected
        for written, said in (("protected", resource.metadata.protected), ("onRemove", resource.metadata.on_remove))
        if said
    ]


def _guards(
    project: Project, file: Place, selected: Iterable[Resource], occasion: Occasion | None
) -> tuple[tuple[Allowance, ...], tuple[Finding, ...]]:
    """Which guards may trip, and what those find that look at manifests."""
    if occasion is None:
        return (), ()
    allowances, wrong = permitted(project.safety, file, occasion)
    today = day_at(project.safety, occasion.now)
    found = allow(demanded(selected, project.safety.require, today), allowances, today)
    return allowances, (*wrong, *found)


def project_at(path: Path) -> Project | tuple[Finding, ...]:
    """The project file at `path`, or what is wrong with it."""
    try:
        return read_project(read_bytes(path.parent, path.name), path.name)
    except OSError as problem:
        message = f"the project file cannot be read: {problem.strerror}"
        cure = "go to the folder that holds it, or name it with --project"
        return (Finding("FILE/project", message, cure, Place(path.name)),)


def _findings_in(result: object) -> tuple[Finding, ...]:
    return result if isinstance(result, tuple) else ()


def _nothing_selected(select: Sequence[str], chosen: Collection[ResourceKey]) -> tuple[Finding, ...]:
    if chosen:
        return ()
    message = f"no manifest matches {' or '.join(select)}"
    return (Finding("SELECT/nothing", message, "look at the ids and labels of the manifests"),)


def located(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """The findings sorted, with line and column, and with paths that lead to the files from the current folder."""
    return tuple(sort_findings(locate([replace(found, where=below(found.where, root)) for found in findings], read)))


def below(where: Place | None, root: Path) -> Place | None:
    """A place in a file of the project, as it is reached from the current folder."""
    return replace(where, path=(root / where.path).as_posix()) if where else None


def read(path: str) -> bytes:
    """The bytes of a file, by its path from the current folder. Raises OSError."""
    return read_bytes(Path(), path)
