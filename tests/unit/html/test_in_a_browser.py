"""The page in a real browser: it loads, filters, is moved through by keys, complains of nothing, fetches nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.domain import Action, Call, FieldChange, Plan, ResourceKey, Step, Verb
from reconciler.reports.html import page
from reconciler.reports.told import Told
from tests.unit.html.browser import PROGRAM, Browser, Page, page_of, started
from tests.unit.html.hostile import HOSTILE, hostile
from tests.unit.reports.examples import NAMED_DRIFT, PLAN, UPDATE

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium on this machine")

OWNED = replace(
    UPDATE,
    base={"rules": []},
    labels={"team": "payments"},
    calls=(
        Call("PATCH", "/gates/checkout_v2", {"rules": [{"conditions": [{"type": "passes_gate", "targetValue": "x"}]}]}),
    ),
)
TOLD = Told("plan", 2, replace(PLAN, steps=(OWNED, *PLAN.steps[1:])), "5f" * 32)
SHOWN = "[...document.querySelectorAll('#objects > details:not([hidden])')].map((e) => e.dataset.kind)"
FOCUSED = "(document.activeElement.closest('details') || document.activeElement).id"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with started(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "plan.html").write_text(page(TOLD), "utf-8")
    with page_of(browser) as found:
        found.open(tmp_path / "plan.html")
        yield found


def test_it_loads_without_a_complaint_and_fetches_nothing(opened: Page) -> None:
    assert opened.value("document.querySelector('h1').textContent") == (
        "1 to create, 1 to change, 1 to adopt, 1 to archive, 2 unchanged, 1 left alone"
    )
    assert opened.value("document.getElementById('count').textContent") == "5 of 5 shown"
    assert opened.complaints == []
    assert [url.partition(":")[0] for url in opened.requests if not url.startswith("data:")] == ["file"]


def test_its_policy_forbids_every_request(opened: Page) -> None:
    tried = opened.value("fetch('http://127.0.0.1:9/').then(() => 'answered', (error) => error.name)")
    assert tried == "TypeError"
    assert any("Content Security Policy" in str(event) for event in opened.complaints)


def test_words_filter_as_they_are_typed(opened: Page) -> None:
    opened.press("/")
    opened.type("checkout upd")
    assert opened.value("document.getElementById('count').textContent") == "1 of 5 shown"
    assert opened.value(SHOWN) == ["Gate"]
    opened.press("Escape")
    assert opened.value("document.getElementById('count').textContent") == "5 of 5 shown"


@pytest.mark.parametrize(
    ("facet", "value", "kinds"),
    [
        ("kind", "Experiment", ["Experiment", "Experiment"]),
        ("verb", "archive", ["Gate"]),
        ("owner", "payments", ["Gate"]),
        ("danger", "removal", ["Gate"]),
        ("danger", "*", ["Gate", "Experiment"]),
    ],
)
def test_choices_filter(opened: Page, facet: str, value: str, kinds: list[str]) -> None:
    choice = f"document.querySelector('[data-facet={facet}]')"
    opened.value(f"{choice}.value = '{value}'; {choice}.dispatchEvent(new Event('input', {{bubbles: true}}))")
    assert opened.value(f"{choice}.value") == value
    assert opened.value(SHOWN) == kinds


def test_drift_can_be_chosen_by_what_it_is_about_and_says_who_did_it(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "drift.html").write_text(page(Told("drift", 2, drift=NAMED_DRIFT)), "utf-8")
    with page_of(browser) as found:
        found.open(tmp_path / "drift.html")
        choice = "document.querySelector('[data-facet=sort]')"
        found.value(f"{choice}.value = 'emergency off'; {choice}.dispatchEvent(new Event('input', {{bubbles: true}}))")
        assert found.value(SHOWN) == ["Gate"]
        closed = found.value("document.querySelector('#objects > details:not([hidden]) summary').textContent")
        assert "by CONSOLE API (a project key of user u-17), 2026-11-20 14:03 UTC" in closed


def test_keys_move_through_what_is_shown_and_open_it(opened: Page) -> None:
    opened.press("j")
    assert opened.value(FOCUSED) == "object-1"
    opened.press("j", "j", "k", "Enter")
    assert opened.value(FOCUSED) == "object-2"
    assert opened.value("document.getElementById('object-2').open") is True
    assert opened.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_bar_of_choices_never_hides_what_has_the_focus(opened: Page) -> None:
    opened.value("document.getElementById('open').click()")
    for way in ("jjjjj", "kkkk"):
        for key in way:
            opened.press(key)
            assert opened.value(
                "document.activeElement.getBoundingClientRect().top >= "
                "document.getElementById('filter').getBoundingClientRect().bottom"
            )


def test_a_box_of_the_picture_leads_to_its_object(opened: Page) -> None:
    opened.value("location.hash = document.querySelector('.refs a').getAttribute('href')")
    opened.value("new Promise((done) => setTimeout(done, 50))")
    assert opened.value("document.querySelector(location.hash).open") is True
    assert opened.value(FOCUSED) == opened.value("location.hash.slice(1)")


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(13, 17, 23)")])
def test_it_is_light_or_dark_as_the_reader_has_it(browser: Browser, tmp_path: Path, scheme: str, paper: str) -> None:
    (tmp_path / "plan.html").write_text(page(TOLD), "utf-8")
    with page_of(browser) as found:
        found.open(tmp_path / "plan.html", scheme=scheme)
        assert found.value("getComputedStyle(document.body).backgroundColor") == paper


def test_nothing_is_wider_than_a_narrow_window(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "plan.html").write_text(page(hostile("x" * 200)), "utf-8")
    with page_of(browser) as found:
        found.open(tmp_path / "plan.html", width=360)
        found.value("document.getElementById('open').click()")
        assert found.value("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_runs_nothing(browser: Browser, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.html").write_text(page(hostile(text)), "utf-8")
    with page_of(browser) as found:
        found.open(tmp_path / "plan.html")
        found.value("document.getElementById('open').click()")
        assert found.value("typeof owned") == "undefined"
        assert found.value("document.querySelectorAll('script, iframe, img, object, embed, base').length") == 1
        assert found.complaints == []


def test_thousands_of_steps_load_and_filter(browser: Browser, tmp_path: Path) -> None:
    change = (FieldChange(("description",), Action.SET, "A", "B"),)
    steps = tuple(Step(ResourceKey("Gate", f"gate_{at:04}"), Verb.UPDATE, (), change) for at in range(5000))
    (tmp_path / "plan.html").write_text(page(Told("plan", 2, Plan(steps))), "utf-8")
    with page_of(browser) as found:
        found.open(tmp_path / "plan.html")
        found.press("/")
        found.type("gate_012")
        assert found.value("document.getElementById('count').textContent") == "10 of 5000 shown"
