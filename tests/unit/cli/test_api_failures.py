"""What goes wrong with a call is told with what to do about it."""

import pytest

from reconciler.cli.api_failures import api_finding
from reconciler.console import (
    AnswerLost,
    AnswerTooLarge,
    ConsoleError,
    Forbidden,
    Invalid,
    ListingError,
    NotFound,
    NotSent,
    RateLimited,
    ServerError,
    Unauthorized,
)
from reconciler.domain import Call
from reconciler.manifests import Api

CALL = Call("GET", "/gates")
SERVICE = Api(keyEnv="MY_KEY")
LOCAL = Api(url="http://127.0.0.1:3006/console/v1")


@pytest.mark.parametrize(
    ("error", "api", "code", "cure"),
    [
        (
            Unauthorized(401, "no", (), None, CALL),
            SERVICE,
            "unauthorized",
            "variable MY_KEY to an active Console API key",
        ),
        (Forbidden(403, "no", (), None, CALL), SERVICE, "forbidden", "give the key in MY_KEY the right"),
        (
            NotFound(404, "no", (), None, CALL),
            SERVICE,
            "not-found",
            "check api.url in the project file (https://statsig",
        ),
        (RateLimited(429, "no", (), None, CALL), SERVICE, "rate-limited", "wait some minutes"),
        (Invalid(400, "no", (), None, CALL), SERVICE, "refused", "read what the service says"),
        (ServerError(503, "no", (), None, CALL), SERVICE, "failed", "run again"),
        (AnswerLost("gone", CALL), SERVICE, "failed", "run again"),
        (AnswerTooLarge("large", CALL), SERVICE, "too-large", "--select"),
        (ListingError("odd", CALL), SERVICE, "listing", "run again"),
        (NotSent("no route", CALL), SERVICE, "unreachable", "check the network, and api.url"),
        (
            NotSent("refused", CALL),
            LOCAL,
            "unreachable",
            "is the emulator running? Start it with 'reconciler emulator'",
        ),
    ],
)
def test_each_failure_has_a_code_and_a_cure(error: ConsoleError, api: Api, code: str, cure: str) -> None:
    finding = api_finding(error, api)
    assert finding.code == f"API/{code}"
    assert cure in finding.cure
    assert finding.message == str(error)
