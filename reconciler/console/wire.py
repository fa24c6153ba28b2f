"""The HTTP client that carries the key: one host, no redirects, and no proxy that could read it."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Generator
from urllib.parse import unquote

import httpx

from reconciler import __version__
from reconciler.console.secret import ApiKey

API_VERSION = "20240601"
"""The only version there is; announced to become required."""
_MOST_PORT = 65_535


class _KeyHeader(httpx.Auth):
    """Adds the key while a request is on its way, so that neither the client nor its default headers hold it."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["STATSIG-API-KEY"] = self._key.reveal()
        yield request


def open_client(
    base_url: str,
    key: ApiKey,
    timeout_seconds: float,
    respect_reviews: str | None,
    transport: httpx.BaseTransport | None,
) -> httpx.Client:
    """A client for `base_url`; ValueError if that is no plain http or https address, or the environment is unusable.

    Proxies of the environment are used for https, where they see a tunnel, and not for http, where they would see
    the key.
    """
    url = _checked_base(base_url)
    logging.getLogger("httpcore").setLevel(logging.INFO)  # below, it notes headers of answers, which may echo the key
    headers = {
        "STATSIG-API-VERSION": API_VERSION,
        "User-Agent": f"statsig-reconciler/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
    }
    if respect_reviews is not None:
        headers["x-respect-review-settings"] = respect_reviews
    try:
        return httpx.Client(
            base_url=url,
            auth=_KeyHeader(key),
            headers=headers,
            timeout=timeout_seconds,
            follow_redirects=False,
            trust_env=url.scheme == "https",
            verify=True if url.scheme == "https" else _trusting_nobody(),
            transport=transport,
        )
    except (ImportError, OSError, ValueError) as error:
        msg = f"the proxy or certificate settings of the environment cannot be used: {error}"
        raise ValueError(msg) from None


def _trusting_nobody() -> ssl.SSLContext:
    """For http, where nothing is verified: reading all the certificates of a machine takes longer than a request."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _checked_base(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        msg = "the address of the API cannot be read"
        raise ValueError(msg) from None
    extra = url.userinfo or url.query or url.fragment
    if url.scheme not in {"http", "https"} or not url.host or "%" in url.host or (url.port or 0) > _MOST_PORT or extra:
        msg = "the address of the API is http or https, a host and a path, without user, query or fragment"
        raise ValueError(msg)
    return url


def checked_path(path: str) -> str:
    """`path`, if it stays where it points: else a call could reach a collection, not its object, or another host."""
    root, *segments = path.split("/")
    if root or not segments or any(unquote(segment) in {"", ".", ".."} for segment in segments):
        msg = f"{path!r} is not a path of percent-encoded segments below the base URL"
        raise ValueError(msg)
    if any(character in "?#\\" or not character.isprintable() or character.isspace() for character in path):
        msg = f"{path!r} holds a character that must be percent-encoded"
        raise ValueError(msg)
    return path
