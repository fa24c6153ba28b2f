"""The snapshot says what is live, what does not exist, and what nobody can know."""

from __future__ import annotations

import httpx
import pytest

from reconciler.console import (
    ApiKey,
    Console,
    ConsoleError,
    Forbidden,
    ListingError,
    NotFound,
    ServerError,
    Unauthorized,
    read_snapshot,
)
from reconciler.domain import ResourceKey, Severity
from reconciler.domain.snapshot import Snapshot
from reconciler.kind import REFERENCE_ONLY, Kind
from reconciler.meaning import Spec
from reconciler.planning.naming import NAMING_OTHERS

from .service import KEY, URL, Reply, page, routed, says

GATE = Kind("Gate", Spec, "/gates", "/gates", "gates", "gates", ".*")
SOURCE = Kind(
    "EntityPropertySource",
    Spec,
    "/experiments/entity_properties",
    "/experiments/entity_property",
    "entity_properties",
    "entity_properties",
    ".*",
    identity="name",
)

PROJECT: dict[str, Reply] = {
    "/project": says({"message": "ok", "data": {"id": "p1"}}),
    "/gates": page("a_gate", "b_gate"),
    "/experiments/entity_properties": page("Models", field="name"),
    "/segments": says({"data": [{"id": "staff", "type": "rule_based", "rules": []}]}),
    "/layers": page("checkout", "statsig::exp_layer"),
    "/holdouts": says({"data": [{"id": "autumn", "gateIDs": ["a_gate"]}]}),
    "/param_stores": says({"data": [{"name": "colours", "parameters": []}]}),
    "/release_pipelines": says({"data": [{"id": "p9", "name": "Slow", "phases": []}]}),
    "/tags": page("★ Core", "team", field="name"),
    "/unit_id_types": page("companyID", field="name"),
    "/target_app": says({"data": [{"name": "Client-apps"}, {"name": "Server-apps"}]}),
    "/environments": says({"data": {"environments": [{"name": "production", "isProduction": True}, {"name": "dev"}]}}),
}

COLLECTIONS = NAMING_OTHERS | set(REFERENCE_ONLY.values())


def snapshot(
    answers: dict[str, Reply] | None = None,
    needed: frozenset[str] = frozenset(),
    references: frozenset[str] = COLLECTIONS,
) -> Snapshot:
    """A snapshot of the project above, with some answers replaced."""
    with routed({**PROJECT, **(answers or {})}) as console:
        return read_snapshot(console, [GATE, SOURCE], needed=needed, references=references)


def test_everything_that_is_live_is_in_the_snapshot() -> None:
    live = snapshot(needed=frozenset({"Gate", "EntityPropertySource"}))
    assert live.objects == {
        ResourceKey("Gate", "a_gate"): {"id": "a_gate"},
        ResourceKey("Gate", "b_gate"): {"id": "b_gate"},
        ResourceKey("EntityPropertySource", "Models"): {"name": "Models"},
    }
    assert live.names == {
        "segments": frozenset({"staff"}),
        "layers": frozenset({"checkout", "statsig::exp_layer"}),
        "holdouts": frozenset({"autumn"}),
        "param_stores": frozenset({"colours"}),
        "release_pipelines": frozenset({"p9"}),
        "tags": frozenset({"★ Core", "team"}),
        "unit_id_types": frozenset({"companyID"}),
        "target_app": frozenset({"Client-apps", "Server-apps"}),
        "environments": frozenset({"production", "dev"}),
    }
    assert live.segments == {"staff": {"id": "staff", "type": "rule_based", "rules": []}}
    assert live.holdouts == {"autumn": {"id": "autumn", "gateIDs": ["a_gate"]}}
    assert live.param_stores == {"colours": {"name": "colours", "parameters": []}}
    assert live.release_pipelines == {"p9": {"id": "p9", "name": "Slow", "phases": []}}
    assert live.project_id == "p1"
    assert live.unread == {}


def test_only_what_is_referred_to_is_read() -> None:
    live = snapshot({"/layers": says({}, 500)}, references=frozenset({"tags"}))
    assert live.names == {"tags": frozenset({"★ Core", "team"})}
    assert live.segments == {}


def test_a_project_is_read_with_one_call_per_page() -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return PROJECT[request.url.path.removeprefix("/console/v1")]()

    with Console(URL, ApiKey(KEY), transport=httpx.MockTransport(handle)) as console:
        read_snapshot(console, [GATE], needed=frozenset({"Gate"}), references=frozenset({"tags", "environments"}))
    assert asked == [
        "/console/v1/project",
        "/console/v1/gates?limit=100&page=1",
        "/console/v1/environments",
        "/console/v1/tags?limit=100&page=1",
    ]


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refused_kind_that_no_manifest_describes_is_unknown_and_noted(status: int) -> None:
    live = snapshot({SOURCE.collection: says({"message": "Not warehouse native"}, status)}, needed=frozenset({"Gate"}))
    note = live.unread["EntityPropertySource"]
    assert note.severity is Severity.NOTE
    assert "Not warehouse native" in note.message
    assert {key.kind for key in live.objects} == {"Gate"}


@pytest.mark.parametrize(("status", "kind"), [(403, Forbidden), (404, NotFound)])
def test_a_refused_kind_that_a_manifest_describes_is_an_error(status: int, kind: type[ConsoleError]) -> None:
    with pytest.raises(kind):
        snapshot({SOURCE.collection: says({"message": "no"}, status)}, needed=frozenset({"EntityPropertySource"}))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (says({"message": "bad key"}, 401), Unauthorized),
        (says({"message": "Oops"}, 500), ServerError),
        (says({"message": "no list"}), ListingError),
    ],
)
def test_an_outage_is_an_error_even_where_nobody_needs_the_kind(answer: Reply, kind: type[ConsoleError]) -> None:
    with pytest.raises(kind):
        snapshot({SOURCE.collection: answer})


@pytest.mark.parametrize("collection", sorted(COLLECTIONS))
@pytest.mark.parametrize(
    "answer",
    [
        says({"message": "Forbidden resource"}, 403),
        says({"message": "Not Found."}, 404),
        says({"message": "Invalid request."}, 400),
        says({"message": "no list"}),
        says({"data": {"environments": None}}),
        says({"data": [{"neither": "id", "nor": "name as text"}]}),
    ],
)
def test_a_collection_that_cannot_be_read_is_unknown_and_never_empty(collection: str, answer: Reply) -> None:
    live = snapshot({f"/{collection}": answer})
    assert live.names[collection] is None
    assert live.unread[collection].severity is Severity.WARNING
    assert live.unread.keys() == {collection}
    assert all(names for name, names in live.names.items() if name != collection)


@pytest.mark.parametrize("collection", sorted(COLLECTIONS))
def test_an_outage_of_a_collection_is_an_error(collection: str) -> None:
    with pytest.raises(ServerError):
        snapshot({f"/{collection}": says({"message": "Oops"}, 503)})


def test_an_empty_collection_is_known_to_be_empty() -> None:
    live = snapshot({"/tags": page(), "/environments": says({"data": {"environments": []}})})
    assert live.names["tags"] == frozenset()
    assert live.names["environments"] == frozenset()
    assert live.unread == {}


@pytest.mark.parametrize("answer", [says({}, 403), says({}, 404), says({"message": "ok"}), says({"data": {"id": 7}})])
def test_a_key_that_may_not_ask_for_the_project_leaves_it_unknown(answer: Reply) -> None:
    assert snapshot({"/project": answer}).project_id is None


def test_a_key_that_is_not_accepted_is_told_at_once() -> None:
    with pytest.raises(Unauthorized):
        snapshot({"/project": says({"message": "bad key"}, 401)})


def test_a_snapshot_cannot_be_changed() -> None:
    live = snapshot()
    for values in (live.objects, live.names, live.segments, live.unread):
        assert not hasattr(values, "__setitem__")
