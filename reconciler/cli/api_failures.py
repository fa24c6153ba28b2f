"""What became of a call of the Console API, as a finding with a cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from urllib.parse import urlsplit

from reconciler.cli.failures import StoppedError
from reconciler.console import (
    AnswerTooLarge,
    ConsoleError,
    Forbidden,
    Invalid,
    KeyEchoed,
    ListingError,
    NotFound,
    NotSent,
    RateLimited,
    Unauthorized,
    UnknownForm,
    Unsendable,
)
from reconciler.domain import Finding
from reconciler.manifests import Api

_CURES: Mapping[type[ConsoleError], tuple[str, str]] = MappingProxyType(
    {
        Unauthorized: ("unauthorized", "set the environment variable {key} to an active Console API key"),
        Forbidden: ("forbidden", "give the key in {key} the right to do this, or use another key"),
        NotFound: ("not-found", "check api.url in the project file ({url}): it ends with /console/v1"),
        RateLimited: ("rate-limited", "wait some minutes and run again; all keys of a project share its limits"),
        Invalid: ("refused", "read what the service says about the request"),
        Unsendable: ("refused", "look at the object with this long id in the console"),
        AnswerTooLarge: ("too-large", "narrow the run with --select"),
        KeyEchoed: ("key-echoed", "take the key in {key} out of the project, revoke it, and use another"),
        UnknownForm: ("unknown-form", "look at the object in the console, or use a version that knows the form"),
        ListingError: ("listing", "run again: somebody may have edited while the list was read"),
    }
)
"""Code and cure of each error; the cure may name the variable of the `key` and the `url`."""
_OTHERWISE = ("failed", "run again; if it stays like this, the service has trouble")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@contextmanager
def told(api: Api) -> Iterator[None]:
    """A block in which the service is asked: what goes wrong with a call stops the command with a finding."""
    try:
        yield
    except ConsoleError as error:
        raise StoppedError([api_finding(error, api)]) from error


def api_finding(error: ConsoleError, api: Api) -> Finding:
    """Code, message and cure for a failed call of the API that `api` describes."""
    code, cure = _known(error, api)
    return Finding(f"API/{code}", str(error), cure)


def _known(error: ConsoleError, api: Api) -> tuple[str, str]:
    found = next((words for kind, words in _CURES.items() if isinstance(error, kind)), None)
    if found is None and isinstance(error, NotSent):
        return "unreachable", _unreachable(api)
    found = found or _OTHERWISE
    return found[0], found[1].format(key=api.key_env, url=api.url)


def _unreachable(api: Api) -> str:
    if urlsplit(api.url).hostname in _LOOPBACK:
        return f"is the emulator running? Start it with 'reconciler emulator', or mend api.url ({api.url})"
    return f"check the network, and api.url in the project file ({api.url})"
