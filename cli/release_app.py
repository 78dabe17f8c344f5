"""The commands that build a release, test it, promote it and go back, and their arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import path as path_of
from cli.arguments import text
from cli.command_runner import run_safely
from cli.errors import ExitCode
from cli.options import AsJson, Debug, Outputs, Profile, Region, RequiredStack

release_app = typer.Typer(help="Build, store and test what a stack runs.", no_args_is_help=True)

StackFile = Annotated[str, typer.Option("--stack", parser=text, help="The stack whose file names models and image.")]
Image = Annotated[
    str | None,
    typer.Option("--image", parser=text, help="Digest of the tasks' image. Default: the stack's containerImage."),
]
ReleaseName = Annotated[
    str | None,
    typer.Option("--release", parser=text, help="A release's id, or how it begins. Default: the one that is deployed."),
]
_NOTHING = "Stopped. Nothing was deployed; what is stored stays, and the command may be run again."


@release_app.command("build")
def build_command(
    stack: StackFile = "dev",
    image: Image = None,
    publish: Annotated[bool, typer.Option("--publish", help="Store it in the stack's release bucket as well.")] = False,
    outputs: Outputs = None,
    profile: Profile = None,
    region: Region = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Build the checked out commit into build/release and name it by its content."""
    from cli.commands.release import BuildRequest, build_release
    from cli.stack.session_location import Location

    def command(messages: Console, answers: Console) -> ExitCode:
        where = Location(stack, outputs, None, profile, region) if publish else None
        return build_release(BuildRequest(stack, image or "", as_json), where, messages, answers)

    run_safely(command, debug, interrupted=_NOTHING)


@release_app.command("publish")
def publish_command(
    stack: RequiredStack,
    outputs: Outputs = None,
    profile: Profile = None,
    region: Region = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Store the release in build/release in the stack's release bucket, where nothing is changed or deleted."""
    from cli.commands.release import publish_release
    from cli.stack.session_location import Location

    def command(_: Console, answers: Console) -> ExitCode:
        return publish_release(Location(stack, outputs, None, profile, region), as_json, answers)

    run_safely(command, debug, interrupted=_NOTHING)


@release_app.command("fetch")
def fetch_release_command(
    stack: RequiredStack,
    release: ReleaseName = None,
    program: Annotated[
        Path | None,
        typer.Option("--program", parser=path_of, help="Also unpack the release's own program into this new folder."),
    ] = None,
    outputs: Outputs = None,
    profile: Profile = None,
    region: Region = None,
    debug: Debug = False,
) -> None:
    """Download a release from the stack's release bucket into build/release, checked against its manifest."""
    from cli.commands.release import fetch_release
    from cli.stack.session_location import Location

    def command(_: Console, answers: Console) -> ExitCode:
        return fetch_release(Location(stack, outputs, None, profile, region), release or "", program, answers)

    run_safely(command, debug, interrupted=_NOTHING)
