"""``demo`` plays the main job with the real commands, and says how each of them ended."""

import json

from tests.unit.cli.terminal import Desk


def test_the_acts_are_one_document_and_what_the_commands_say_is_beside_it() -> None:
    desk = Desk()
    assert desk.run(["demo", "--format", "json"]) == 0
    report = json.loads(desk.said)
    assert (report["command"], report["exitCode"], report["findings"]) == ("demo", 0, [])
    assert [(act["command"], act["exitCode"], act["expected"]) for act in report["acts"]] == [
        (["reconciler", "validate"], 0, 0),
        (["reconciler", "plan"], 2, 2),
        (["reconciler", "apply", "--yes"], 0, 0),
        (["reconciler", "plan"], 0, 0),
        (["reconciler", "drift"], 2, 2),
    ]
    for words in ("A local Console API", "$ reconciler apply --yes", "Applied: 27 done.", "Somebody clicks"):
        assert words in desk.complained
