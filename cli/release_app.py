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
from cli.location_options import REQUIRED, LocationOf, located
from cli.options import AsJson, Debug, Outputs, Profile, Region, RequiredStack, Yes

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
StackArgument = Annotated[str, typer.Argument(parser=text, metavar="STACK", help="The stack that goes back.")]
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
    from cli.stack.location import Location

    def command(messages: Console, answers: Console) -> ExitCode:
        where = Location(stack, outputs, None, profile, region) if publish else None
        return build_release(BuildRequest(stack, image or "", as_json), where, messages, answers)

    run_safely(command, debug, interrupted=_NOTHING)


@release_app.command("publish")
@located(RequiredStack, REQUIRED, state=None)
def publish_command(
    *,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Store the release in build/release in the stack's release bucket, where nothing is changed or deleted."""
    from cli.commands.release import publish_release

    def command(_: Console, answers: Console) -> ExitCode:
        return publish_release(where(), as_json, answers)

    run_safely(command, debug, interrupted=_NOTHING)


@release_app.command("test")
@located(RequiredStack, REQUIRED, state=None)
def test_command(
    *,
    where: LocationOf,
    advisories: Annotated[
        Path | None,
        typer.Option(
            "--advisories",
            parser=path_of,
            help="Advisories of packages in OSV's format: a file, zip or folder. Default: packages are not scanned.",
        ),
    ] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Put the golden repositories through a deployed stack and store what came of it beside its release."""
    from cli.commands.release_test import test_release

    def command(messages: Console, answers: Console) -> ExitCode:
        return test_release(where(), advisories, as_json, messages, answers)

    run_safely(command, debug, interrupted="Stopped. Its sessions run on: `swarm sessions`, `swarm cancel`.")


@release_app.command("fetch")
@located(RequiredStack, REQUIRED, state=None)
def fetch_release_command(
    *,
    where: LocationOf,
    release: ReleaseName = None,
    program: Annotated[
        Path | None,
        typer.Option("--program", parser=path_of, help="Also unpack the release's own program into this new folder."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Download a release from the stack's release bucket into build/release, checked against its manifest."""
    from cli.commands.release import fetch_release

    def command(_: Console, answers: Console) -> ExitCode:
        return fetch_release(where(), release or "", program, answers)

    run_safely(command, debug, interrupted=_NOTHING)


def promote_command(
    source: Annotated[str, typer.Argument(parser=text, metavar="FROM", help="The stack whose release is promoted.")],
    target: Annotated[str, typer.Argument(parser=text, metavar="TO", help="The stack that is to run it.")],
    yes: Yes = False,
    outputs_from: Annotated[
        Path | None,
        typer.Option("--outputs-from", parser=path_of, help="FROM's outputs as a file. Default: run pulumi."),
    ] = None,
    outputs_to: Annotated[
        Path | None, typer.Option("--outputs-to", parser=path_of, help="TO's outputs as a file. Default: run pulumi.")
    ] = None,
    profile_from: Annotated[
        str | None, typer.Option("--profile-from", parser=text, help="The AWS profile that reads FROM's release.")
    ] = None,
    profile_to: Annotated[
        str | None, typer.Option("--profile-to", parser=text, help="The AWS profile that writes TO's release bucket.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Copy a tested release to another stack's store and write it into that stack's file; --yes also runs pulumi up."""
    from cli.commands.promote import PromotionRequest, promote
    from cli.stack.location import Location

    def command(messages: Console, answers: Console) -> ExitCode:
        request = PromotionRequest(
            Location(source, outputs_from, None, profile_from), Location(target, outputs_to, None, profile_to), yes
        )
        return promote(request, messages, answers)

    run_safely(command, debug, interrupted="Stopped. What was copied stays; the stack's file says what was done.")


@located(RequiredStack, REQUIRED, state=None)
def releases_command(
    *,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List what was promoted to a stack and from it, and when it was gone back: the trail in its release bucket."""
    from cli.commands.releases import list_releases

    run_safely(
        lambda _, answers: list_releases(where(), as_json, answers),
        debug,
        interrupted="Nothing was changed.",
    )


@located(StackArgument, REQUIRED, state=None)
def rollback_command(
    *,
    where: LocationOf,
    debug: Debug = False,
) -> None:
    """Lead a stack's new sessions to its former release, without a build; sessions under way finish as they began."""
    from cli.commands.rollback import rollback

    run_safely(
        lambda _, answers: rollback(where(), answers),
        debug,
        interrupted="Stopped. Run it again: what was changed is changed to the same once more.",
    )
