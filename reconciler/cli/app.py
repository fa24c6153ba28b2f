"""The commands and their options. What a command does is in the module of its name, which is loaded when it runs."""
# ruff: noqa: PLC0415 - help and version answer at once, since each command imports what only it needs

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from reconciler import __version__
from reconciler.cli.options import (
    PROJECT,
    FormatOption,
    ProjectOption,
    SelectOption,
    ShowCallsOption,
    UnmanagedOption,
)
from reconciler.cli.running import Format, run

app = typer.Typer(
    name="reconciler",
    help="Keep a Statsig project equal to a Git repository.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reconciler {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does all
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[  # noqa: ARG001 - read where a command fails
        bool,
        typer.Option("--debug", envvar="RECONCILER_DEBUG", help="Show where an unexpected error happened."),
    ] = False,
) -> None:
    """Keep a Statsig project equal to a Git repository.

    Exit codes of all commands: 0 nothing to do, or done; 1 failed, or invalid; 2 changes or drift are pending (plan,
    drift); 3 a bug of ours; 130 interrupted.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(1)


@app.command()
def validate(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
) -> NoReturn:
    """Check the manifests, without any network.

    Exit codes: 0 they are sound; 1 something must be mended; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.project import Scope
    from reconciler.cli.validate import validate as job

    run(context, form, partial(job, scope=Scope(project, tuple(select or ()), form)))


@app.command()
def plan(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    show_calls: ShowCallsOption = False,
    server_validate: Annotated[
        bool,
        typer.Option("--server-validate", help="Ask the service as well, by dry runs where it has them."),
    ] = False,
    unmanaged: UnmanagedOption = False,
) -> NoReturn:
    """Show what would be done to the live project.

    Reads live state and compares it with the manifests, field by field. Changes nothing.

    Exit codes: 0 there is nothing to do; 1 failed, or the plan cannot be applied; 2 there are changes to apply; 3 a bug
    of ours; 130 interrupted.
    """
    from reconciler.cli.plan import plan as job
    from reconciler.cli.project import Scope

    scope = Scope(project, tuple(select or ()), form)
    run(
        context,
        form,
        partial(job, scope=scope, server_validate=server_validate, show_calls=show_calls, unmanaged=unmanaged),
    )


@app.command()
def apply(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needed without a terminal.")] = False,
    show_calls: ShowCallsOption = False,
) -> NoReturn:
    """Do what the plan says, and verify the result.

    Shows the plan, asks, makes exactly its calls, then reads everything again and compares, object by object.

    Exit codes: 0 nothing to do, or all done and live equals the manifests; 1 failed, declined, or something is not as
    the manifests say; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.apply import apply as job
    from reconciler.cli.project import Scope

    run(context, form, partial(job, scope=Scope(project, tuple(select or ()), form), yes=yes, show_calls=show_calls))


@app.command()
def drift(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    unmanaged: UnmanagedOption = False,
) -> NoReturn:
    """Show what was changed behind Git's back.

    Says what differs, who changed it last and when. Changes nothing.

    Exit codes: 0 live equals the manifests; 1 failed; 2 there is drift; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.drift import drift as job
    from reconciler.cli.project import Scope

    run(context, form, partial(job, scope=Scope(project, tuple(select or ()), form), unmanaged=unmanaged))


@app.command()
def schema(
    context: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]", help="Gate, DynamicConfig, ..., manifest, project or plan-report.", show_default=False
        ),
    ] = None,
    output_dir: Annotated[
        Path | None, typer.Option("--output-dir", metavar="DIR", help="Write files into this folder.")
    ] = None,
) -> NoReturn:
    """Print or write the JSON Schemas, for editors.

    Prints the schema of KIND, or writes files with --output-dir; with neither it lists what there is.

    Exit codes: 0 done; 1 failed; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.schema import schema as job

    run(context, Format.TEXT, partial(job, kind=kind, folder=output_dir))


@app.command()
def emulator(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="PORT", help="Port to listen on.")] = 3006,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    db: Annotated[
        Path | None,
        typer.Option("--db", metavar="FILE", help="SQLite file that keeps the state; in memory if left out."),
    ] = None,
    seed: Annotated[
        Path | None, typer.Option("--seed", metavar="FILE", help="JSON document of live state to begin with.")
    ] = None,
    rate_limit: Annotated[bool, typer.Option("--rate-limit", help="Limit writes as the service does.")] = False,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key", metavar="KEY", help="Accept this key only; several may be given. Else any console-... key."
        ),
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let --host name an address that other machines can reach.")
    ] = False,
) -> NoReturn:
    """Run the Console API on this machine.

    For development and for CI: it answers as the service does and keeps its state in SQLite. Ctrl-C ends it.

    Exit codes: 0 stopped; 1 failed; 3 a bug of ours.
    """
    from reconciler.cli.emulator import Service, emulate

    service = Service(host, port, db, seed, rate_limit, tuple(key or ()), allow_remote)
    run(context, Format.TEXT, partial(emulate, service=service))


@app.command()
def demo(context: typer.Context) -> NoReturn:
    """Play the main job on this machine, end to end.

    Validate, plan, apply, an empty plan, a click in the console, drift: with the example repository and the emulator.

    Exit codes: 0 each act ended as it must; 1 one did not; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.demo import demo as job

    run(context, Format.TEXT, job)
