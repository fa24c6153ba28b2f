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
    AllowOption,
    EventsOption,
    FormatOption,
    GraphFormat,
    LastOption,
    LogSinceOption,
    NotifyEnvOption,
    NotifyOption,
    Pipeline,
    ProjectOption,
    ReportOption,
    SelectOption,
    ShowCallsOption,
    SinceOption,
    SwitchOnOption,
    UnlessDigestOption,
    UnmanagedOption,
    YesOption,
)
from reconciler.cli.running import Format, run

app = typer.Typer(
    name="reconciler",
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
    drift), or changes wait for people (plan, apply, rollback); 3 a bug of ours; 130 interrupted.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(1)


@app.command()
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder; it is made if it is not there.")] = Path(),
    pipeline: Annotated[
        Pipeline, typer.Option("--ci", help="Whose workflows are written: plan, apply and drift.")
    ] = Pipeline.GITHUB,
    form: FormatOption = Format.TEXT,
) -> NoReturn:
    """Write a repository to begin with.

    A project file, a first manifest, workflows, schemas and settings for editors. Nothing is overwritten: if one of the
    files is there, none is written.

    Exit codes: 0 done; 1 failed; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.init import init as job

    run(context, form, partial(job, folder=folder, pipeline=pipeline, form=form))


@app.command()
def validate(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    report: ReportOption = None,
) -> NoReturn:
    """Check the manifests, without any network.

    Exit codes: 0 they are sound; 1 something must be mended; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.project import Scope
    from reconciler.cli.validate import validate as job

    run(context, form, partial(job, scope=Scope(project, tuple(select or ()), form)), report)


@app.command()
def plan(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    report: ReportOption = None,
    show_calls: ShowCallsOption = False,
    server_validate: Annotated[
        bool,
        typer.Option(
            "--server-validate", help="Let the service check each request as well, by a dry run where it has one."
        ),
    ] = False,
    unmanaged: UnmanagedOption = False,
    since: SinceOption = None,
    switch_on: SwitchOnOption = None,
    allow: AllowOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write the plan to this file, for apply and rollback."),
    ] = None,
    fingerprint: Annotated[
        bool,
        typer.Option(
            "--fingerprint", help="Print the fingerprint of the plan and nothing else (a JSON report has it anyway)."
        ),
    ] = False,
) -> NoReturn:
    """Show what would be done to the live project.

    Reads live state and compares it with the manifests, field by field. Changes nothing. A plan that is written to a
    file can be reviewed, applied later and elsewhere, and undone.

    Exit codes: 0 there is nothing to do; 1 failed, or the plan cannot be applied, or its file cannot be written; 2
    there are changes to apply, or changes wait for people; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.plan import Show
    from reconciler.cli.plan import plan as job
    from reconciler.cli.project import Scope

    scope = Scope(project, tuple(select or ()), form, since, tuple(switch_on or ()), tuple(allow or ()))
    show = Show(out, fingerprint, show_calls, unmanaged)
    run(context, form, partial(job, scope=scope, show=show, server_validate=server_validate), report)


@app.command()
def apply(
    context: typer.Context,
    plan_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="PLANFILE", help="A plan that 'plan --out' wrote; the manifests are not read.", show_default=False
        ),
    ] = None,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    report: ReportOption = None,
    events: EventsOption = None,
    yes: YesOption = False,
    show_calls: ShowCallsOption = False,
    since: SinceOption = None,
    switch_on: SwitchOnOption = None,
    allow: AllowOption = None,
    all_or_nothing: Annotated[
        bool,
        typer.Option("--all-or-nothing", help="Do nothing at all if one object changed after the plan was made."),
    ] = False,
    expect_fingerprint: Annotated[
        str | None,
        typer.Option("--expect-fingerprint", metavar="TEXT", help="Refuse any plan but the one with this fingerprint."),
    ] = None,
) -> NoReturn:
    """Do what the plan says, and verify the result.

    Shows the plan, asks, makes exactly its calls, then reads everything again and compares, object by object. With
    PLANFILE it applies that plan. A step whose object changed after the plan was made is left out, with what changed.
    An object on which a review is open is not touched, and a call that opens one is told as pending, not as done. What
    would taint a running experiment is left out.

    Exit codes: 0 nothing to do, or all done and live is as it was to be; 1 failed, declined, a step was left out, or
    something is not as it was to be; 2 all done, but for what waits for people; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.apply import apply as job
    from reconciler.cli.apply import apply_file
    from reconciler.cli.carrying import Manner
    from reconciler.cli.project import Scope

    scope = Scope(project, tuple(select or ()), form, since, tuple(switch_on or ()), tuple(allow or ()))
    manner = Manner(yes, show_calls, all_or_nothing, expect_fingerprint, events)
    work = partial(apply_file, file=plan_file) if plan_file else job
    run(context, form, partial(work, scope=scope, manner=manner), report)


@app.command()
def rollback(
    context: typer.Context,
    plan_file: Annotated[
        Path, typer.Argument(metavar="PLANFILE", help="The plan to undo, as 'plan --out' wrote it.", show_default=False)
    ],
    project: ProjectOption = PROJECT,
    form: FormatOption = Format.TEXT,
    report: ReportOption = None,
    events: EventsOption = None,
    yes: YesOption = False,
    show_calls: ShowCallsOption = False,
) -> NoReturn:
    """Undo a plan that was applied from a file.

    Reads live state, and shows the way back: what was done is put back where nobody changed it since, what the plan
    made is deleted. What cannot be undone (a deleted object, the life of an experiment, people's work) is named and
    left. Asks, does it, and reads everything again.

    Exit codes: 0 all of it undone, or nothing to undo; 1 failed, declined, or something was left that could not be
    undone; 2 all of it undone, but for what waits for people; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.carrying import Manner
    from reconciler.cli.project import Scope
    from reconciler.cli.rollback import rollback as job

    scope, manner = Scope(project, (), form), Manner(yes, show_calls, events=events)
    run(context, form, partial(job, scope=scope, manner=manner, file=plan_file), report)


@app.command()
def drift(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    select: SelectOption = None,
    form: FormatOption = Format.TEXT,
    report: ReportOption = None,
    unmanaged: UnmanagedOption = False,
    log_since: LogSinceOption = "24h",
    notify: NotifyOption = False,
    notify_env: NotifyEnvOption = None,
    last: LastOption = None,
    unless_digest: UnlessDigestOption = None,
) -> NoReturn:
    """Show what was changed behind Git's back.

    Says what differs, what it is about, who did it and when, and who spread units anew. Changes nothing. With --notify
    it tells people, too (needs the extra notify).

    Exit codes: 0 live equals the manifests; 1 failed, or a message could not be sent; 2 there is drift; 3 a bug of
    ours; 130 interrupted.
    """
    from reconciler.cli.drift import Look
    from reconciler.cli.drift import drift as job
    from reconciler.cli.notices import Notify
    from reconciler.cli.project import Scope

    look, asked = Look(unmanaged, log_since), Notify(notify, notify_env, last, unless_digest)
    run(context, form, partial(job, scope=Scope(project, tuple(select or ()), form), look=look, notify=asked), report)


@app.command()
def show(
    context: typer.Context,
    plan_file: Annotated[
        Path, typer.Argument(metavar="PLANFILE", help="The plan, as 'plan --out' wrote it.", show_default=False)
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORMAT", help="How it is written: text, json, markdown, html, sarif or junit."
        ),
    ] = "text",
    report: ReportOption = None,
) -> NoReturn:
    """Show a saved plan once more, in any form.

    Reads neither the manifests nor the live project.

    Exit codes: 0 shown; 1 failed; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.show import show as job

    run(context, Format.TEXT, partial(job, file=plan_file, form=form), report)


@app.command()
def graph(
    context: typer.Context,
    project: ProjectOption = PROJECT,
    form: Annotated[
        GraphFormat,
        typer.Option(
            "--format", help="Text for people, one JSON document for programs, or a drawing: Mermaid, DOT or SVG."
        ),
    ] = GraphFormat.TEXT,
    around: Annotated[
        str | None,
        typer.Option(
            "--around", metavar="OBJECT", help="Only what this (such as Gate/checkout_v2) depends on or affects."
        ),
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option("--depth", min=1, metavar="N", help="With --around: go no further than N references."),
    ] = None,
    affected_by: Annotated[
        str | None,
        typer.Option("--affected-by", metavar="OBJECT", help="Only what a change of this object would affect."),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help="Read the live project as well: objects without a manifest, and what is missing."),
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Show tags, environments, unit id types and target apps, too.")
    ] = False,
) -> NoReturn:
    """Show which objects refer to which.

    Reads the manifests, and with --live the live project. Without --live it needs no network.

    Exit codes: 0 done; 1 failed, or something in the manifests must be mended, so that references may be missing; 3 a
    bug of ours; 130 interrupted.
    """
    from reconciler.cli.graph import Part
    from reconciler.cli.graph import graph as job

    part = Part(around, depth, affected_by, live, names)
    run(context, form.plain, partial(job, project=project, part=part, form=form))


@app.command()
def schema(
    context: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            help="Gate, DynamicConfig, manifest, project, plan-report, ...; all are listed without it.",
            show_default=False,
        ),
    ] = None,
    output_dir: Annotated[
        Path | None, typer.Option("--output-dir", metavar="DIR", help="Write the schemas as files into this folder.")
    ] = None,
    form: FormatOption = Format.TEXT,
) -> NoReturn:
    """Print or write the JSON Schemas, for editors.

    Prints the schema of KIND, or writes files with --output-dir; with neither it lists what there is, or with --format
    json prints all of them.

    Exit codes: 0 done; 1 failed; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.schema import schema as job

    run(context, form, partial(job, kind=kind, folder=output_dir, form=form))


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
    reset: Annotated[
        bool, typer.Option("--reset", help="Forget what the database holds; needed to seed one that is in use.")
    ] = False,
    faults: Annotated[
        Path | None, typer.Option("--faults", metavar="FILE", help="Script of what goes wrong, see docs/emulator.md.")
    ] = None,
    rate_limit: Annotated[bool, typer.Option("--rate-limit", help="Limit writes as the service does.")] = False,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="KEY",
            help="Accept this key, and with several --key those; without one any key that begins with console-.",
        ),
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let --host name an address that other machines can reach.")
    ] = False,
    form: FormatOption = Format.TEXT,
) -> NoReturn:
    """Run the Console API on this machine.

    For development and for CI: it answers as the service does and keeps its state in SQLite. Ctrl-C ends it. With
    --format json its first line is {"url": ...}, written once the port is had.

    Exit codes: 0 stopped, by Ctrl-C too; 1 failed; 3 a bug of ours.
    """
    from reconciler.cli.emulator import Service, emulate

    service = Service(host, port, db, seed, reset, faults, rate_limit, tuple(key or ()), allow_remote)
    run(context, form, partial(emulate, service=service, form=form))


@app.command()
def demo(context: typer.Context, form: FormatOption = Format.TEXT) -> NoReturn:
    """Play the main job on this machine, end to end.

    Validate, plan, apply, an empty plan, a click in the console, drift: with the example repository and the emulator.
    With --format json the acts are one document, and what the commands say is on standard error.

    Exit codes: 0 each act ended as it must; 1 one did not; 3 a bug of ours; 130 interrupted.
    """
    from reconciler.cli.demo import demo as job

    run(context, form, partial(job, form=form))
