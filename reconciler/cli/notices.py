"""Telling people, through apprise. The only place that knows their addresses, which are secrets and are never shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.bounded import read_bounded
from reconciler.cli.failures import StoppedError
from reconciler.cli.files import write_whole
from reconciler.domain import Finding

if TYPE_CHECKING:
    from apprise import Apprise

    from reconciler.reports.notice_text import Notice


@dataclass(frozen=True, slots=True)
class Notify:
    """What the command line says about messages.

    `env`: the variable with the addresses, None for the one that the project names. `last`: the file that holds the
    digest of what was told last. `unless`: the digest itself.
    """

    wanted: bool = False
    env: str | None = None
    last: Path | None = None
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """The addresses in the variable `env`, ready to be written to; `told`: the digest of what was told last, or ""."""

    env: str
    addresses: tuple[Apprise, ...]
    told: str
    last: Path | None

    def is_due(self, digest: str | None) -> bool:
        """Whether there is something new to say: other drift, or none after some."""
        return (digest or "") != self.told

    def send(self, notice: Notice, digest: str | None, *, alarm: bool) -> tuple[Finding, ...]:
        """Write to all addresses, and note what was told once all have it; what went wrong."""
        failed = [number for number, address in enumerate(self.addresses, 1) if not _sent(address, notice, alarm)]
        if failed:
            which = f"{', '.join(map(str, failed))} of {len(self.addresses)}"
            message = f"no message could be sent to address {which} in {self.env}"
            return (Finding("NOTIFY/failed", message, "look whether it is right, and can be reached from here"),)
        return _noted(self.last, digest) if self.last else ()


def open_channel(asked: Notify, env: str, environ: Mapping[str, str]) -> Channel | None:
    """The channel, if one is wanted; the end of the command if it cannot be used. `env`: the project's variable."""
    if not (asked.wanted or asked.env):
        if asked.last or asked.unless is not None:
            message = "--last and --unless-digest say when to send a message, and none is to be sent"
            raise StoppedError([Finding("USAGE/notify", message, "add --notify")])
        return None
    if asked.last and asked.unless is not None:
        raise StoppedError([Finding("USAGE/notify", "--last and --unless-digest say the same", "take one of them out")])
    name = asked.env or env
    addresses = environ.get(name, "").split()
    if not addresses:
        message = f"the environment variable {name} holds no address to send messages to"
        cure = "set it to addresses as apprise knows them, with blanks or line breaks between them"
        raise StoppedError([Finding("NOTIFY/missing", message, cure)])
    return Channel(name, tuple(_opened(addresses, name)), _told(asked), asked.last)


def _opened(addresses: Sequence[str], name: str) -> Iterator[Apprise]:
    try:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - an extra, and heavy
    except ImportError:
        message = "messages are sent by apprise, which is not installed"
        raise StoppedError([Finding("NOTIFY/apprise", message, "install statsig-reconciler[notify]")]) from None
    logging.getLogger("apprise").addHandler(logging.NullHandler())  # its words may hold the address
    for number, address in enumerate(addresses, 1):
        one = Apprise(asset=AppriseAsset(async_mode=False, app_id="statsig-reconciler", app_desc="statsig-reconciler"))
        if not one.add(address):
            message = f"address {number} of {len(addresses)} in {name} is none that apprise knows"
            raise StoppedError([Finding("NOTIFY/address", message, "see apprise's own list of services")])
        yield one


def _told(asked: Notify) -> str:
    """The digest of what was told last; nothing was if there is no file yet."""
    if asked.last is None:
        return asked.unless or ""
    try:
        return read_bounded(asked.last).decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        message = f"{asked.last} cannot be read: {error.strerror}"
        raise StoppedError([Finding("NOTIFY/last", message, "name a file, or one that is not there yet")]) from None


def _sent(address: Apprise, notice: Notice, alarm: bool) -> bool:
    from apprise import NotifyFormat, NotifyType  # noqa: PLC0415 - as above

    kind = NotifyType.WARNING if alarm else NotifyType.SUCCESS
    try:
        return bool(
            address.notify(body=notice.body, title=notice.title, notify_type=kind, body_format=NotifyFormat.TEXT)
        )
    except Exception:  # noqa: BLE001 - one of a hundred services, whose words may hold the address
        return False


def _noted(last: Path, digest: str | None) -> tuple[Finding, ...]:
    why = write_whole(last, f"{digest or ''}\n")
    if not why:
        return ()
    message = f"{last} cannot be written: {why}; the same will be told again"
    return (Finding("NOTIFY/last", message, "name a file in a folder with room for it"),)
