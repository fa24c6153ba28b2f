"""Live state read, manifests checked against it, and the plan made from both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.applying import dry_run
from reconciler.console import Console, read_snapshot
from reconciler.domain import Allowance, Finding, Plan, ResourceKey, Severity, Snapshot, sort_findings
from reconciler.kind import REFERENCE_ONLY
from reconciler.kinds import KINDS
from reconciler.manifests import Project, locate
from reconciler.planning import Desired, Policy, make_plan
from reconciler.planning.emergency import switched_off
from reconciler.planning.exposure import USUAL_PRODUCTION
from reconciler.planning.naming import DECIDING, NAMING_OTHERS, unseen
from reconciler.rules import Checked, check
from reconciler.shape import references, shape_of
from reconciler.workflow.history import unchanged
from reconciler.workflow.loaded import Loaded, below, located, read
from reconciler.workflow.untainted import without_taints


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the live state that it was made from. `production`: the environments that count as production."""

    plan: Plan
    live: Snapshot
    production: frozenset[str] = USUAL_PRODUCTION

    @property
    def failed(self) -> bool:
        """Whether the plan must not be applied."""
        return any(finding.severity is Severity.ERROR for finding in self.plan.findings)

    def noting(self, findings: Iterable[Finding]) -> Planned:
        """The same with more findings."""
        return replace(self, plan=replace(self.plan, findings=(*self.plan.findings, *findings)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person or the pipeline that runs a plan says besides the manifests.

    `since`: the commit against which manifests count as changed; None for the one before. `switch_on`: objects that may
    go on again although they are off live and their manifests did not change. `leave`: which guards may trip.
    `acting`: False for a look at the differences alone, where nothing is held back. `now`: the time in epoch
    milliseconds, by which schedules in manifests are read; None to go by live alone.
    """

    since: str | None = None
    switch_on: frozenset[ResourceKey] = frozenset()
    leave: tuple[Allowance, ...] = ()
    acting: bool = True
    now: int | None = None


NOTHING_ASKED = Asked()


def plan(loaded: Loaded, console: Console, asked: Asked = NOTHING_ASKED, *, server_validate: bool = False) -> Planned:
    """Read live state, check the manifests against it, and make the plan."""
    project = loaded.usable
    live = _snapshot(loaded, console)
    desired = Desired(loaded.catalog.described, loaded.selected)
    made = make_plan(KINDS, desired, live, _policy(loaded, live, asked))
    if asked.acting:
        made = without_taints(made, loaded, asked.since, asked.leave)
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
        for resource in loaded.catalog.described
        for reference in references(shape_of(KINDS[resource.key.kind].spec), resource.tree())
    }
    if loaded.usable.ownership:
        targets.add("Tag")
    if loaded.usable.safety.asks_for_production:
        targets.add("Environment")
    collections = frozenset(REFERENCE_ONLY[kind] for kind in targets if kind in REFERENCE_ONLY)
    if loaded.usable.ownership:
        collections |= NAMING_OTHERS
    if any(KINDS[name].taints for name in needed):
        collections |= DECIDING
    return read_snapshot(console, KINDS.values(), needed=needed, references=collections)


def _policy(loaded: Loaded, live: Snapshot, asked: Asked) -> Policy:
    project, unknown = loaded.usable, []
    if loaded.narrowed:
        unknown.append("only a selection of the manifests is looked at")
    if not loaded.catalog.complete:
        unknown.append("not every manifest could be read")
    if not loaded.catalog.resources:
        unknown.append("there is not one manifest")
    unlisted = unseen(KINDS, live)
    if unlisted:
        unknown.append(f"not everything could be listed: {', '.join(unlisted)}")
    tag = project.ownership.tag if project.ownership else None
    safety = project.safety
    return Policy(
        ownership_tag=tag,
        prune_kinds={name: safety.prune_of(name) for name in KINDS},
        unknown=tuple(unknown),
        archive_first=safety.archive_first,
        kept_off=_kept_off(loaded, live, asked) if asked.acting and safety.keep_off else {},
        now=asked.now,
    )


def _kept_off(loaded: Loaded, live: Snapshot, asked: Asked) -> Mapping[ResourceKey, str]:
    """What must stay off, with the reason. Git is asked only if something is off that is to be on."""
    resources = [each for each in switched_off(KINDS, loaded.selected, live) if each.key not in asked.switch_on]
    return unchanged(resources, loaded.usable, loaded.root, asked.since) if resources else {}


def _with_places(made: Plan, root: Path) -> Plan:
    """The plan with line and column wherever a reader is sent to a file."""
    wanted = [Finding("", "", "", below(step.where, root)) for step in (*made.steps, *made.held, *made.pending)]
    places = iter(locate(wanted, read))
    steps, held, pending = (
        tuple(replace(step, where=next(places).where) for step in group)
        for group in (made.steps, made.held, made.pending)
    )
    return replace(made, steps=steps, held=held, pending=pending, findings=located(made.findings, root))
