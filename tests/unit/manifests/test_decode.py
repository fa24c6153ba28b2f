"""What is said about a spec that its kind's model refuses: one finding for each thing to mend, in plain words."""

from __future__ import annotations

import pytest

from reconciler.manifests import Resource

from .gadget import manifest, only, read


@pytest.mark.parametrize(
    ("spec", "code", "message", "cure"),
    [
        # fields
        ("tittle: x", "SCHEMA/unknown-field", "tittle is not a field that is known here", "did you mean title?"),
        ("Schema: x", "SCHEMA/unknown-field", "Schema is not", "did you mean schema?"),
        ("schema_: x", "SCHEMA/unknown-field", "schema_ is not", "did you mean schema?"),
        ("zzz: 1", "SCHEMA/unknown-field", "zzz is not", "take it out; known are built, colour, count, drive"),
        ("wheels: [{name: a, color: red}]", "SCHEMA/unknown-field", "color is not", "did you mean colour?"),
        ("version: 3", "SCHEMA/read-only", "version is read-only", "the service writes it; take it out"),
        ("isEnabled: true", "SCHEMA/unknown-field", "isEnabled is not", "write status: on or off"),
        ("wheels: [{name: a, isEnabled: true}]", "SCHEMA/unknown-field", "isEnabled is not", "write status: on or off"),
        ("wheels: [{size: 1}]", "SCHEMA/missing", "name is missing", "write name: ..."),
        # text
        ("title: 5", "SCHEMA/type", "text is meant here, and 5 without quotes is no text", 'quote it: "5"'),
        ("title: true", "SCHEMA/type", "and true without quotes", 'quote it: "true"'),
        ("title: 2.1", "SCHEMA/type", "and 2.1 without quotes", 'quote it: "2.1"'),
        ("title: 2.10", "YAML/quote", "and 2.10 without quotes", 'quote it: "2.10"'),
        ("title: 007", "YAML/quote", "and 007 without quotes", 'quote it: "007"'),
        ("title: 0x1F", "YAML/quote", "and 0x1F without quotes", 'quote it: "0x1F"'),
        ("title: 2024-01-01", "YAML/quote", "2024-01-01 looks like a date", 'quote it: "2024-01-01"'),
        ("title: {a: 1}", "SCHEMA/type", "text is meant here, not a mapping", "write text"),
        ("title:", "SCHEMA/type", "text is meant here, not null", "give it a value, or take the field out"),
        ("wheels: [{name: }]", "SCHEMA/type", "text is meant here, not null", "give it a value"),
        ("shape: {form: circle, radius: }", "SCHEMA/type", "a whole number is meant here, not null", "give it a value"),
        ("tags: [a, 1]", "SCHEMA/type", "and 1 without quotes", 'quote it: "1"'),
        # other types
        ("count: '4'", "SCHEMA/type", 'a whole number is meant here, not "4"', "take the quotes off: 4"),
        ("count: 50%", "SCHEMA/type", 'a whole number is meant here, not "50%"', "write 50"),
        ("wheels: [{name: a, size: 12.5 %}]", "SCHEMA/type", 'a number is meant here, not "12.5 %"', "write 12.5"),
        ("wheels: [{name: a, size: nan}]", "SCHEMA/type", 'a number is meant here, not "nan"', "write a number"),
        ("count: '14.5'", "SCHEMA/type", 'a whole number is meant here, not "14.5"', "write a whole number"),
        ("count: many", "SCHEMA/type", 'a whole number is meant here, not "many"', "write a whole number"),
        ("count: 2.5", "SCHEMA/type", "a whole number is meant here, not 2.5", "write a whole number"),
        ("count: true", "SCHEMA/type", "a whole number is meant here, not true", "write a whole number"),
        ("enabled: yes", "SCHEMA/type", 'true or false is meant here, not "yes"', "write true or false, without"),
        ("enabled: 1", "SCHEMA/type", "true or false is meant here, not 1", "write true or false"),
        ("tags: a", "SCHEMA/type", 'a list is meant here, not "a"', 'write a list, even of one: ["a"]'),
        ("tags: {a: b}", "SCHEMA/type", "a list is meant here, not a mapping", "write a list"),
        ("wheels: [{name: a, size: 2026-12-01}]", "SCHEMA/type", 'a number is meant here, not "2026-12-01"',
         "a moment is written in milliseconds since 1970: 1796083200000"),
        ("wheels: [{name: a, size: 2026-12-01T01:00:00+01:00}]", "SCHEMA/type", "a number is meant here",
         "a moment is written in milliseconds since 1970: 1796083200000"),
        ("wheels: [{name: a, size: 2026-13-01}]", "SCHEMA/type", "a number is meant here", "write a number"),
        ("wheels:\n- name:a", "SCHEMA/type", 'a mapping is meant here, not "name:a"',
         "put a blank after the colon: name: a"),
        ("wheels:\n- http://a", "SCHEMA/type", 'a mapping is meant here, not "http://a"', "write a mapping"),
        ("wheels: [a]", "SCHEMA/type", 'a mapping is meant here, not "a"', "write a mapping"),
        ("values: [a]", "SCHEMA/type", "a mapping is meant here, not a list", "write a mapping"),
        # values
        ("status: idel", "SCHEMA/enum", '"idel" is not one of the values of this field',
         "write one of on, off, idle; did you mean idle?"),
        ("status: idles", "SCHEMA/enum", '"idles" is not one of', "write one of on, off, idle; did you mean idle?"),
        ("status: IDLE", "SCHEMA/enum", '"IDLE" is not one of', "write one of on, off, idle; did you mean idle?"),
        ("status: oni", "SCHEMA/enum", '"oni" is not one of', "write one of on, off, idle"),
        ("phase: launched", "SCHEMA/enum", '"launched" is not one of', "write one of enabled, disabled, archived"),
        ("phase: enable", "SCHEMA/enum", '"enable" is not one of',
         "write one of enabled, disabled, archived; did you mean enabled?"),
        ("phase: inactive", "SCHEMA/enum", '"inactive" is not one of', "write one of enabled, disabled, archived"),
        ("month: Agust", "SCHEMA/enum", '"Agust" is not one of', "did you mean august?"),
        ("month: marsh", "SCHEMA/enum", '"marsh" is not one of', "did you mean march?"),
        ("month: winter", "SCHEMA/enum", '"winter" is not one of', "write one of january, february"),
        ("status: zzz", "SCHEMA/enum", '"zzz" is not one of', "write one of on, off, idle"),
        ("status: true", "SCHEMA/enum", "true is not one of", "write one of on, off, idle"),
        ("interval: 95", "SCHEMA/type", "and 95 without quotes", 'quote it: "95"'),
        ("interval: 96", "SCHEMA/enum", "96 is not one of", "write one of 90, 95"),
        ("count: -2", "SCHEMA/bounds", "-2 is out of bounds", "write more than 0"),
        ("count: 3", "SCHEMA/bounds", "3 is out of bounds", "write a multiple of 2"),
        ("wheels: [{name: a, size: 100.5}]", "SCHEMA/bounds", "100.5 is out of bounds", "write 100 or less"),
        ("wheels: [{name: a, size: -1}]", "SCHEMA/bounds", "-1 is out of bounds", "write 0 or more"),
        ("title: a", "SCHEMA/bounds", "1 character: out of bounds", "write at least 2 characters"),
        ("title: abcdefghi", "SCHEMA/bounds", "9 characters: out of bounds", "write at most 8 characters"),
        ("tags: [a, b, c]", "SCHEMA/bounds", "3 items: out of bounds", "write at most 2 items"),
        ("title: A B", "SCHEMA/pattern", '"A B" has characters', "it must match ^[a-z]*$"),
        ("colour: a", "SCHEMA/pattern", '"a" has characters', "write one such as #ff0000"),
        ("note: rude", "SCHEMA/value", "a note says please", "write a value that fits"),
        ("wheels: [{name: a}, {name: a}]", "RULE/duplicate-name", "two wheels are called a", "rename one"),
        # unions
        ("target: {a: 1}", "SCHEMA/type", "text, a number or a list is meant here, not a mapping", "write text"),
        ("target: [a, 1]", "SCHEMA/type", "the items here must all be text or a number", "write them all in one way"),
        ("drive: {power: 1}", "SCHEMA/missing", "fuel is missing", "write fuel: ..."),
        ("drive: {turns: x}", "SCHEMA/type", 'a whole number is meant here, not "x"', "write a whole number"),
        ("shape: {form: sqare}", "SCHEMA/enum", '"sqare" is no form known here', "write one of circle, square; did"),
        ("shape: {form: line}", "SCHEMA/enum", '"line" is no form known here', "write one of circle, square"),
        ("shape: {side: 1}", "SCHEMA/missing", "form is missing", "write form: ..."),
        ("shape: {form: square, side: x}", "SCHEMA/type", 'a whole number is meant here, not "x"', "write a whole"),
        ("built: 5", "SCHEMA/value", "the value should be a valid date", "write a value that fits"),
        ("drive: 5", "SCHEMA/type", "a mapping is meant here, not 5", "write a mapping"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_finding_with_a_cure(spec: str, code: str, message: str, cure: str) -> None:
    finding = only(manifest(spec))
    assert finding.code == code
    assert message in finding.message
    assert finding.cure.startswith(cure)


@pytest.mark.parametrize("spec", ["wheels: [{name: }]", "shape: {form: circle, radius: }", "drive: {power: , fuel: x}"])
def test_what_is_required_is_never_to_be_taken_out(spec: str) -> None:
    assert only(manifest(spec)).cure == "give it a value"


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ("title: 5", "5:3"),
        ("wheels:\n  - name: a\n  - name: b\n    color: red", "8:7"),
        ("wheels:\n  - name: a\n  - size: 5", "7:7"),
        ("wheels:\n  - name: a\n  - {size: 5, name: a}", "7:17"),
        ("tags: [a, 1]", "5:13"),
        ("target: [[], 1]", "5:3"),
        ("drive: {turns: x}", "5:11"),
        ("values: 5", "5:3"),
        ("shape: {form: square, side: x}", "5:25"),
        ("shape: {side: 1}", "5:3"),
    ],
)
def test_each_mistake_is_shown_where_it_stands(spec: str, place: str) -> None:
    assert str(only(manifest(spec)).where) == f"robot.yaml:{place}"


def test_all_mistakes_are_told_at_once() -> None:
    findings = read(manifest("title: 5\nstatus: idel\nwheels: [{name: 1}, {size: x, name: a}]\ntarget: {}"))
    assert isinstance(findings, list)
    assert len(findings) == 5


@pytest.mark.parametrize(
    "spec",
    ["count: 010", "count: +4", "wheels: [{name: a, size: 2.50}]", "target: 2.10", "target: [a, b]",
     "target: [1, 2.50]", "values: {day: 2024-01-01, n: 007, deep: [1.10, null]}", "drive: {turns: 3}", "note:",
     "status: off"],
)  # fmt: skip
def test_what_fits_is_a_resource(spec: str) -> None:
    assert isinstance(read(manifest(spec)), Resource)


def test_a_resource_holds_just_what_its_manifest_says() -> None:
    resource = read(manifest("wheels: [{name: a, size: 2.50}]\nnote:\nschema: x"))
    assert isinstance(resource, Resource)
    assert resource.spec.tree() == {"wheels": [{"name": "a", "size": 2.5}], "note": None, "schema": "x"}


def test_of_very_many_mistakes_the_first_are_told() -> None:
    found = read(manifest("\n".join(f"no{number}: 1" for number in range(310))))
    assert isinstance(found, list)
    assert [finding.code for finding in found] == ["SCHEMA/unknown-field"] * 300 + ["SCHEMA/more"]
    assert found[-1].message == "10 more things here are wrong"


def test_long_values_and_keys_are_cut_in_the_message() -> None:
    assert len(only(manifest(f"? {'x' * 5000}\n: 1")).message) < 200
    assert len(only(manifest(f"status: {'x' * 5000}")).message) < 200
