"""Manifests written as YAML, live objects written as trees, and the plan between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import dedent, indent

from reconciler.domain import Action, Call, FieldChange, Finding, Plan, ResourceKey, Snapshot, Step, Tree, path_text
from reconciler.kinds import KINDS
from reconciler.manifests import Document, Resource, decode, parse
from reconciler.planning import Desired, Policy, make_plan
from reconciler.rules import Checked, check

ID = "thing_one"
"""The id of an object whose id does not matter."""

NOTHING_ALLOWED = Policy()


def document(kind: str, spec: str, *, id_: str = ID, metadata: str = "") -> Document:
    """One manifest; `metadata` are further lines of it."""
    text = f"apiVersion: reconciler/v1\nkind: {kind}\nmetadata:\n  id: {id_}\n{indent(dedent(metadata), '  ')}\nspec:\n"
    parsed = parse(f"{text}{indent(dedent(spec).strip() or '{}', '  ')}\n".encode(), "manifests/thing.yaml")
    assert parsed.findings == ()
    (found,) = parsed.documents
    return found


def resource(kind: str, spec: str, *, id_: str = ID, metadata: str = "") -> Resource:
    """A good manifest, decoded."""
    decoded = decode(document(kind, spec, id_=id_, metadata=metadata), KINDS)
    assert isinstance(decoded, Resource), decoded
    return decoded


def refused(kind: str, spec: str) -> tuple[Finding, ...]:
    """What is wrong with a manifest that cannot be decoded."""
    decoded = decode(document(kind, spec), KINDS)
    assert not isinstance(decoded, Resource)
    return decoded.findings


def checked(*resources: Resource, live: Snapshot | None = None, dialect: str = "") -> list[Finding]:
    """What the rules say of manifests."""
    return list(check(Checked(KINDS, resources, resources, live, dialect)))


def key(kind: str, id_: str = ID) -> ResourceKey:
    return ResourceKey(kind, id_)


def snapshot(objects: Mapping[ResourceKey, Tree], tags: frozenset[str] | None = None) -> Snapshot:
    """Live objects, each completed with what identifies it."""
    whole = {found: {KINDS[found.kind].identity: found.id, **tree} for found, tree in objects.items()}
    return Snapshot(objects=whole, names={} if tags is None else {"tags": tags})


def plan_of(
    *resources: Resource,
    live: Mapping[ResourceKey, Tree] | None = None,
    policy: Policy = NOTHING_ALLOWED,
    tags: frozenset[str] | None = None,
) -> Plan:
    """The plan that turns `live` into what the manifests say."""
    return make_plan(KINDS, Desired(resources, resources), snapshot(live or {}, tags), policy)


def plan_against(live: Tree, wanted: Resource, policy: Policy = NOTHING_ALLOWED) -> Plan:
    """The plan for one object that is live."""
    return plan_of(wanted, live={wanted.key: live}, policy=policy)


def only_step(plan: Plan) -> Step:
    (step,) = plan.steps
    return step


def only_call(plan: Plan) -> Call:
    (call,) = only_step(plan).calls
    return call


def patch(plan: Plan) -> Tree:
    """The body of the one call of a plan, which is a patch."""
    call = only_call(plan)
    assert call.method == "PATCH"
    body: Tree = call.body
    return body


def changes(plan: Plan) -> list[tuple[str, Action]]:
    """The differences that a reader sees: path and action."""
    return told(field for step in plan.steps for field in step.fields)


def told(fields: Iterable[FieldChange]) -> list[tuple[str, Action]]:
    return [(path_text(field.path), field.action) for field in fields]


def calls(plan: Plan) -> list[str]:
    """The calls of all steps, in order: method and path."""
    return [str(call) for step in plan.steps for call in step.calls]


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]
