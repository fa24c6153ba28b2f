"""One page that says first what would happen, holds all of it, needs nothing else, and lets no text break out."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from reconciler.domain import (
    Action,
    Call,
    Conflict,
    Convergence,
    FieldChange,
    Finding,
    Outcome,
    Plan,
    ResourceKey,
    Severity,
    Status,
    Step,
    Verb,
)
from reconciler.reports.html import page
from reconciler.reports.told import Origin, Told
from tests.unit.html.hostile import HOSTILE, hostile
from tests.unit.reports.examples import (
    ARCHIVE,
    CHECKOUT,
    CREATE,
    DRIFT,
    ERROR,
    NAMED_DRIFT,
    ONE_PAGE,
    PLAN,
    UPDATE,
    WARNING,
)


class Read(HTMLParser):
    """What a browser would see: tags with their attributes, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def objects(told: Told) -> list[str]:
    """The objects in the order of the page: what happens, and the id."""
    boxes = re.findall(r'class="verb">(.*?)</span>.*?<b>(.*?)</b>', page(told))
    return [f"{verb} {name}" for verb, name in boxes]


def shape(read: Read) -> frozenset[tuple[str, ...]]:
    """Every tag with the names of its attributes."""
    return frozenset((tag, *sorted(attributes)) for tag, attributes in read.tags)


def planned(*steps: Step) -> Told:
    return Told("plan", 2, Plan(steps))


def test_the_verdict_comes_first() -> None:
    read = Read(page(Told("plan", 2, PLAN, "5f" * 32)))
    assert read.text.index("1 to create, 1 to change") < read.text.index("checkout_v2")
    assert "5f5f5f" in read.text


def test_dangerous_steps_come_first() -> None:
    assert objects(planned(CREATE, ARCHIVE)) == ["archive spring_sale", "create one_page"]


def test_what_is_left_alone_and_what_waits_comes_last() -> None:
    assert objects(Told("plan", 2, PLAN))[-1] == "left alone old_test"


def test_a_new_object_has_one_column_and_a_changed_one_two() -> None:
    assert Read(page(planned(CREATE))).of("th") == []
    assert "Live now" in page(planned(UPDATE))


def test_an_apply_tells_what_went_wrong_first_and_why() -> None:
    ended = (
        Outcome(UPDATE, Status.DONE, 1),
        Outcome(CREATE, Status.STALE, 0, "it moved", (Conflict("tags", ["a"], ["b"], ["c"]),)),
    )
    told = Told("apply", 1, Plan((UPDATE, CREATE)), outcomes=ended, convergence=(Convergence(CHECKOUT, UPDATE.fields),))
    assert objects(told) == ["stale one_page", "not as it was to be checkout_v2", "done checkout_v2"]
    text = Read(page(told)).text
    assert "it moved" in text
    assert "tags: was [a] when planned" in text
    assert "0 of 3 made" in text


def test_drift_is_told_from_manifest_to_live() -> None:
    told = Told("drift", 2, drift=DRIFT)
    assert objects(told) == ["gone one_page", "differs checkout_v2"]
    text = Read(page(told)).text
    assert "Manifest Live now 25 10" in text
    assert "2 live objects in no manifest" in text


def test_what_is_gone_or_was_spread_anew_comes_before_what_differs() -> None:
    verbs = [text.partition(" ")[0] for text in objects(Told("drift", 2, drift=NAMED_DRIFT))]
    assert verbs == ["gone", "spread", "spread", "differs", "differs", "differs"]


def test_findings_are_told_with_their_cure_and_their_place() -> None:
    told = Told("validate", 1, findings=(ERROR, WARNING), manifests=3)
    text = Read(page(told)).text
    assert "error GUARD/removals the plan removes 12 objects, and 3 are allowed → raise the limit to 12" in text
    assert Read(page(told)).of("form") == []


def test_nothing_to_do_is_said() -> None:
    assert "no changes, 2 objects as the manifests say" in page(Told("plan", 0, Plan(unchanged=PLAN.unchanged)))


def test_files_are_links_where_it_is_known_where_they_are() -> None:
    told = replace(planned(UPDATE), origin=Origin("https://github.com/a/b/blob/c0ffee", "", "https://github.com/a/run"))
    links = [each["href"] for each in Read(page(told)).of("a")]
    assert links == ["https://github.com/a/run", "https://github.com/a/b/blob/c0ffee/manifests/checkout.yaml#L4"]


def test_the_picture_shows_what_is_touched_and_what_it_refers_to() -> None:
    body = {"rules": [{"conditions": [{"type": "passes_gate", "targetValue": "beta"}]}]}
    told = planned(replace(UPDATE, calls=(Call("PATCH", "/gates/checkout_v2", body),)))
    text = page(told)
    assert '<a href="#object-1"><g class="warn"><title>Gate/checkout_v2</title>' in text
    assert '<g class="bare"><title>Gate/beta</title>' in text


def test_a_picture_with_too_many_objects_shows_the_first_and_says_so() -> None:
    steps = [
        Step(
            ResourceKey("Gate", f"gate_{at:03}"),
            Verb.UPDATE,
            (
                Call(
                    "PATCH", "/x", {"rules": [{"conditions": [{"type": "passes_gate", "targetValue": f"to_{at:03}"}]}]}
                ),
            ),
        )
        for at in range(200)
    ]
    read = Read(page(planned(*steps)))
    assert len(read.of("rect")) == 300
    assert "There was room for the first 300 objects; 100 are left out." in read.text


def test_its_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    text = page(Told("plan", 2, PLAN))
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', text)
    assert policy.replace("&#39;", "'").startswith("default-src 'none'; img-src data:; style-src ")
    for held in [
        *re.findall(r"<style>(.*?)</style>", text, re.DOTALL),
        *re.findall(r"<script>(.*?)</script>", text, re.DOTALL),
    ]:
        digest = b64encode(sha256(held.encode()).digest()).decode()
        assert digest in policy.replace("&#43;", "+")


def test_it_loads_no_other_file() -> None:
    read = Read(page(hostile("x")))
    assert [each.get("src") for _, each in read.tags if "src" in each] == []
    assert [each["href"] for each in read.of("link")] == ["data:,"]
    assert "url(" not in page(hostile("x")).replace("url(#refs-tip)", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    calm = [Read(page(hostile("calm" * times))) for times in (1, 5, 20)]
    read = Read(page(hostile(text)))
    assert shape(read) <= frozenset().union(*map(shape, calm))
    assert not any(str(each.get("href", "")).startswith("javascript:") for _, each in read.tags)


def test_what_cannot_be_seen_is_shown_as_an_escape() -> None:
    text = page(hostile("\u202egnp.exe\x1b"))
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert r"\u202egnp.exe\x1b" in text


def test_only_what_tells_objects_apart_can_be_chosen() -> None:
    names = [each["data-facet"] for each in Read(page(planned(UPDATE))).of("select")]
    assert names == ["kind", "verb"]
    error = Finding("X/y", "m", "c", severity=Severity.NOTE)
    assert Read(page(Told("plan", 1, findings=(error,)))).of("select") == []


def test_all_of_it_can_be_reached_and_named_without_sight() -> None:
    read = Read(page(Told("plan", 2, PLAN)))
    assert read.of("html") == [{"lang": "en"}]
    ids = {each["id"] for _, each in read.tags if "id" in each}
    for _, each in read.tags:
        assert set((each.get("aria-labelledby") or "").split()) <= ids
    assert [each.get("role") for each in read.of("p") if each.get("id") == "count"] == ["status"]
    assert len(read.of("main")) == 1
    assert len(read.of("h1")) == 1


def test_a_long_text_is_not_shown_whole_nor_lost_without_a_word() -> None:
    lines = "\n".join(f"line {at}" for at in range(1000))
    change = FieldChange(("sql",), Action.SET, "", lines)
    told = planned(Step(ONE_PAGE, Verb.UPDATE, (), (change,)))
    assert "and 800 lines more" in page(told)
