"""An answer that holds the key is not used, in whatever spelling; texts about keys are cut, and no others."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode

import pytest

from reconciler.console import ApiKey, KeyEchoed
from reconciler.console.redaction import HIDDEN, Redactor

from .service import KEY, Service, says, text

ODD = "personal/key+with&\"odd'<letters>"


@pytest.mark.parametrize("before", ["", "x", "xy"])
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_base64_hides_no_key(before: str, encode: object) -> None:
    assert callable(encode)
    coded = encode(f"{before}{ODD}{before}".encode()).decode()
    shown = Redactor(ApiKey(ODD))(f"seen {coded}")
    assert HIDDEN in shown
    assert coded[4:-4] not in shown


@pytest.mark.parametrize(
    "spelled", ["".join(f"%{ord(one):02x}" for one in ODD), "".join(f"&#{ord(one)};" for one in ODD)]
)
def test_a_text_from_which_the_key_cannot_be_cut_is_hidden_as_a_whole(spelled: str) -> None:
    assert Redactor(ApiKey(ODD))(f"seen {spelled}") == HIDDEN


@pytest.mark.parametrize("words", ["the key is missing", "c29tZSB0ZXh0IG9mIG91cnM=", "100 % of console users", "a\\/b"])
def test_other_texts_are_shown_as_they_are(words: str) -> None:
    assert Redactor(ApiKey(ODD)).hide(words) == words
    assert not Redactor(ApiKey(ODD)).is_in(words)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"data": [{"id": "a", "description": f"by {KEY}"}]}),
        '{"data": "%s"}' % "".join(f"\\u{ord(one):04x}" for one in KEY),  # noqa: UP031 - braces stand in it
        json.dumps({KEY: 1}).encode("utf-16"),
        json.dumps({"message": b64encode(KEY.encode()).decode()}),
    ],
)
def test_a_success_that_holds_the_key_is_not_used_and_not_asked_for_again(body: str | bytes) -> None:
    service = Service(text(body))
    with service.console() as console, pytest.raises(KeyEchoed) as caught:
        console.read("/gates")
    assert "canary" not in str(caught.value).lower()
    assert len(service.requests) == 1


def test_an_object_whose_name_begins_like_a_key_is_read() -> None:
    with Service(says({"data": {"id": "console-redesign"}})).console() as console:
        assert console.read("/gates/console-redesign") == {"data": {"id": "console-redesign"}}
