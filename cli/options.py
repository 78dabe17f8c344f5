"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import dollars, path, quota, text

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        parser=path,
        help="Folder with the work of earlier runs. Default: in the user's data directory.",
    ),
]
Inference = Annotated[
    str | None,
    typer.Option(
        "--inference",
        parser=text,
        help="realtime, or batch: one Bedrock job at half the price asks first.",
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model", parser=text, help="A model's name, or ROLE=name for one role; may be repeated. Default: the stack's."
    ),
]
Outputs = Annotated[
    Path | None,
    typer.Option(
        "--outputs",
        parser=path,
        help="File of `pulumi stack output --json` for --stack. Default: run pulumi.",
    ),
]
DeployedStack = Annotated[
    str | None, typer.Option("--stack", parser=text, help="A deployed stack. Default: this machine's cloud.")
]
SessionArgument = Annotated[
    str, typer.Argument(parser=text, metavar="SESSION", help="The session's id; `swarm sessions` lists them.")
]
Cap = Annotated[
    float | None,
    typer.Option("--cap-usd", parser=dollars, help="Largest spend in dollars. Default: the stack's."),
]
TokensPerMinute = Annotated[
    float | None,
    typer.Option(
        "--tokens-per-minute", parser=quota, help="Bedrock's quota of the account, for each model. Default: no limit."
    ),
]
Stack = Annotated[str, typer.Option("--stack", parser=text, help="The stack whose settings the run uses.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--setting", parser=text, help="key=value, overrides the stack's."),
]
Repository = Annotated[Path, typer.Argument(parser=path, help="The repository: a folder, a .zip or a .tar.gz.")]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", parser=text, help="Files to leave out, a pattern as in .gitignore; may be repeated."),
]
Folder = Annotated[
    str | None,
    typer.Option("--path", parser=text, help="Document this folder of the repository only. Default: all of it."),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile", parser=text, help="The AWS profile for --stack. Default: the credentials that AWS finds."
    ),
]
Region = Annotated[
    str | None,
    typer.Option("--region", parser=text, help="The region of --stack. Default: the one that AWS is configured for."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else; progress goes to standard error.")]
RequiredStack = Annotated[str, typer.Option("--stack", parser=text, help="The name of the deployed stack.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
#: For a command whose --state is a state of the state machine.
StateFolder = Annotated[
    Path | None,
    typer.Option("--state-folder", parser=path, help="What --state is elsewhere: the folder of this machine's cloud."),
]
Comment = Annotated[
    str | None, typer.Option("--comment", parser=text, help="Why; it is recorded, and the editor reads it.")
]
Decider = Annotated[str | None, typer.Option("--name", parser=text, help="Who decides. Default: this machine's user.")]
