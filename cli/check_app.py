"""The command `check`, with its arguments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import path, text
from cli.command_runner import run_safely
from cli.errors import ExitCode
from cli.options import AsJson, Debug


def check_command(
    span: Annotated[
        str,
        typer.Argument(parser=text, metavar="BASE..HEAD", help="Two commits, or the older of two folders or archives."),
    ],
    other: Annotated[
        str | None, typer.Argument(parser=text, metavar="[NEWER]", help="The newer folder or archive, without git.")
    ] = None,
    folder: Annotated[Path, typer.Option("--repository", parser=path, help="A folder of the git repository.")] = Path(),
    site: Annotated[
        Path | None,
        typer.Option(
            "--site", parser=path, help="Check the statements of this finished site. Default: documentation comments."
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", parser=text, help="Exit code 1 for statements, undocumented, removed, or any."),
    ] = None,
    comment_file: Annotated[
        Path | None, typer.Option("--comment-file", parser=path, help="Write the pull request's comment to this file.")
    ] = None,
    forge: Annotated[
        str | None,
        typer.Option("--post", parser=text, help="Create or update the comment on github, gitlab, gitea or bitbucket."),
    ] = None,
    api_url: Annotated[
        str | None,
        typer.Option("--api-url", parser=text, help="The API of a host of your own. Default: CI's variable."),
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", parser=text, help="OWNER/NAME on the host. Default: CI's variable.")
    ] = None,
    number: Annotated[
        str | None,
        typer.Option("--pull-request", parser=text, help="The pull request's number. Default: CI's variable."),
    ] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the documented statements that a change touches: no model, no AWS, no network but for --post."""
    from cli.commands.check import CheckRequest, check, fail_on_from, number_from, target_from

    def command(messages: Console, answers: Console) -> ExitCode:
        target = target_from(forge, api_url or "", project or "", number_from(number), os.environ) if forge else None
        wanted = fail_on_from(fail_on or "")
        request = CheckRequest(span, other or "", folder, site, wanted, as_json, comment_file, target)
        return check(request, messages, answers)

    run_safely(command, debug, interrupted="Stopped. Nothing was changed.")
