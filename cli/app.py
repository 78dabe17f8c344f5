"""The command `swarm` and its arguments."""

from __future__ import annotations

import math
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import path as path_of
from cli.arguments import text
from cli.check_app import check_command
from cli.command_runner import run_safely
from cli.commands.local import local_app
from cli.errors import ExitCode
from cli.hosted_site_app import open_command, site_key_command
from cli.interrupts import interrupts_wait
from cli.options import (
    Cap,
    Debug,
    Exclude,
    Folder,
    Inference,
    Models,
    Profile,
    Region,
    Repository,
    Settings,
    Stack,
    State,
    TokensPerMinute,
    Yes,
)
from cli.release_app import promote_command, release_app, releases_command, rollback_command
from cli.sessions_app import sessions_app
from cli.site_app import site_app
from cli.stack_app import stack_app

app = typer.Typer(
    name="swarm",
    help="Point a swarm of agents at a code repository and get documentation you can trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(local_app, name="local")
app.add_typer(stack_app)
app.add_typer(release_app, name="release")
app.command("promote")(promote_command)
app.command("releases")(releases_command)
app.command("rollback")(rollback_command)
app.add_typer(sessions_app)
app.command("open")(open_command)
app.command("site-key")(site_key_command)
app.add_typer(site_app)
app.command("check")(check_command)


def _version(requested: bool) -> None:
    if requested:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"swarm {version('serverless-swarm')}")
        except PackageNotFoundError:  # a clone is run as it is, without being installed
            typer.echo(f"swarm {_version_of_clone()}")
        raise typer.Exit


def _version_of_clone() -> str:
    import tomllib

    project = Path(__file__).resolve().parents[1] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


@app.callback()
def swarm(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Document code repositories with a swarm of agents."""


@app.command("run")
def run_command(
    path: Repository,
    out: Annotated[Path, typer.Option("--out", "-o", parser=path_of, help="Folder for site and figures.")] = Path(
        "swarm-out"
    ),
    state: State = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print session.json's content and nothing else.")] = False,
    model: Models = None,
    inference: Inference = None,
    cap_usd: Cap = None,
    stack: Stack = "local",
    setting: Settings = None,
    keep_logs: Annotated[bool, typer.Option("--keep-logs", help="Keep the agents' logs in OUT/logs.")] = False,
    exclude: Exclude = None,
    folder: Folder = None,
    debug: Debug = False,
) -> None:
    """Document a repository on this machine: no account, no Docker, no key."""

    def command(messages: Console, answers: Console) -> ExitCode:
        with interrupts_wait():
            from cli.stack.keeper import early_process
            from local.state.database import default_folder

        begun = early_process((state or default_folder()).expanduser(), asks_model=any(model or []))
        with nullcontext() if keep_logs else begun as keeper:
            with interrupts_wait():
                from cli.commands.run import RunRequest, run, settings_from
                from cli.upload.snapshot import RepositoryPart

            settings = settings_from(setting or [], model or [], inference, cap_usd)
            part = RepositoryPart(tuple(exclude or ()), folder or "")
            request = RunRequest(path, out, state, stack, settings, as_json, keep_logs, part, keeper)
            return run(request, messages, answers)

    run_safely(command, debug, interrupted="Stopped. Finished work is stored: the next run pays only for the rest.")


@app.command("estimate")
def estimate_command(
    path: Repository,
    model: Models = None,
    inference: Inference = None,
    cap_usd: Cap = None,
    state: State = None,
    stack: Stack = "local",
    setting: Settings = None,
    tokens_per_minute: TokensPerMinute = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the estimate as JSON and nothing else.")] = False,
    exclude: Exclude = None,
    folder: Folder = None,
    debug: Debug = False,
) -> None:
    """Estimate the cost and the time of a run, without a call to a model."""

    def command(_: Console, answers: Console) -> ExitCode:
        with interrupts_wait():
            from cli.commands.estimate import EstimateRequest, run_estimate
            from cli.commands.run import settings_from
            from cli.upload.snapshot import RepositoryPart

        settings = settings_from(setting or [], model or [], inference, cap_usd)
        part = RepositoryPart(tuple(exclude or ()), folder or "")
        request = EstimateRequest(path, state, stack, settings, as_json, part, tokens_per_minute or math.inf)
        return run_estimate(request, answers)

    run_safely(command, debug, interrupted="Stopped. No model was called.")


@app.command("bootstrap")
def bootstrap_command(
    region: Region = None,
    profile: Profile = None,
    trust: Annotated[
        str | None, typer.Option("--trust", parser=text, help="ARN of the role or user that may deploy. Default: you.")
    ] = None,
    github: Annotated[
        str | None,
        typer.Option("--github", parser=text, help="OWNER/REPOSITORY, or OWNER@NUMBER/REPOSITORY@NUMBER, deploys."),
    ] = None,
    gitlab: Annotated[
        str | None, typer.Option("--gitlab", parser=text, help="GROUP/PROJECT whose pipelines deploy.")
    ] = None,
    yes: Yes = False,
    debug: Debug = False,
) -> None:
    """Make, once per account, the bucket and key of Pulumi's state and the role that deploys. Shows the plan first."""
    from cli.commands.bootstrap import BootstrapRequest, bootstrap

    request = BootstrapRequest(profile, region, trust, github, gitlab, yes)
    stopped = "Stopped. What was made stays: run `swarm bootstrap` again for the rest."
    run_safely(lambda _, answers: bootstrap(request, answers), debug, interrupted=stopped)
