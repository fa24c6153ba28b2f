"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from reconciler.cli.running import Format


class GraphFormat(StrEnum):
    """How a graph is written."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"

    @property
    def plain(self) -> Format:
        """How failures are written."""
        return Format.JSON if self is GraphFormat.JSON else Format.TEXT


class Pipeline(StrEnum):
    """Where workflows run."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


PROJECT = Path("reconciler.yaml")

ProjectOption: TypeAlias = Annotated[
    Path, typer.Option("--project", "-p", metavar="PATH", help="The project file, or the folder that holds it.")
]
SelectOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        "-s",
        metavar="TERMS",
        help="Look at some objects only: kind=Gate, label=team:payments, id=checkout_*. Terms with commas between them "
        "must all hold; of several --select, any may. Mistakes in other manifests do not stop such a run, a file that "
        "cannot be read is a warning, and nothing is removed.",
    ),
]
FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", help="Text for people, or one JSON document for programs.")
]
ShowCallsOption: TypeAlias = Annotated[
    bool, typer.Option("--show-calls", help="Show each call that would be made, with its body.")
]
YesOption: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needed without a terminal.")]
SinceOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="COMMIT",
        help="The commit that was applied last (HEAD^ if left out): what is off live is switched on only if its spec "
        "was changed since.",
    ),
]
SwitchOnOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--switch-on",
        metavar="OBJECT",
        help="Switch this (such as Gate/checkout_v2) on although it is off live and its spec was not changed; may be "
        "given again.",
    ),
]
LogSinceOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--log-since",
        metavar="TIME",
        help="How far back the audit log is read for units that were spread anew (another salt): 24h, 7d, or a moment "
        "such as 2026-11-20T08:00Z. Differences are told however old they are.",
    ),
]
NotifyOption: TypeAlias = Annotated[
    bool, typer.Option("--notify", help="Send a message when there is drift, to the addresses of the project.")
]
NotifyEnvOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--notify-env",
        metavar="NAME",
        help="The environment variable that holds the addresses (notify.urlsEnv if left out); sends, as --notify.",
    ),
]
LastOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--last",
        metavar="FILE",
        help="Send no message while the digest is the one in this file, and one when the drift is gone. It keeps "
        "the file up to date.",
    ),
]
UnlessDigestOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--unless-digest",
        metavar="TEXT",
        help="The same with the digest itself, for pipelines that keep it elsewhere; empty for none.",
    ),
]
UnmanagedOption: TypeAlias = Annotated[
    bool, typer.Option("--unmanaged", help="List the live objects that no manifest describes.")
]
EventsOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--events", metavar="FILE", help="Write what happens to this file while it happens, one JSON document a line."
    ),
]
ReportOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=FILE",
        help="Write a report besides: markdown=plan.md (markdown:BYTES=plan.md bounds it otherwise than a comment on "
        "GitHub), html=plan.html, json=..., sarif=..., junit=..., text=...; or "
        "'github' alone, for the annotations, the summary and the outputs of a step of GitHub Actions. May be given "
        "again.",
    ),
]
AllowOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="GUARD=REASON",
        help="Let a guard trip, and say why; may be given again. The reason goes into every report.",
    ),
]
