"""Options that several commands have, each with its one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import dollars, path, text

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")]
State = Annotated[
    Path | None,
    typer.Option(
        "--state", parser=path, help="Folder of what earlier runs have finished. Default: in the user's data directory."
    ),
]
Inference = Annotated[
    str | None,
    typer.Option(
        "--inference", parser=text, help="realtime, or batch: the analysts ask one Bedrock job, at half the price."
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model", parser=text, help="Model's name, or ROLE=name for one role; again for more. Default: the stack's."
    ),
]
Outputs = Annotated[
    Path | None,
    typer.Option(
        "--outputs", parser=path, help="What `pulumi stack output --json` wrote for --stack. Default: pulumi is asked."
    ),
]
DeployedStack = Annotated[
    str | None, typer.Option("--stack", parser=text, help="A deployed stack. Default: this machine's own cloud.")
]
SessionArgument = Annotated[str, typer.Argument(parser=text, help="The session's id; `swarm sessions` lists them.")]
Cap = Annotated[float | None, typer.Option("--cap-usd", parser=dollars, help="The hard limit. Default: the stack's.")]
Stack = Annotated[str, typer.Option("--stack", parser=text, help="Whose settings to run with.")]
Settings = Annotated[list[str] | None, typer.Option("--setting", parser=text, help="key=value, overrides the stack's.")]
Repository = Annotated[Path, typer.Argument(parser=path, help="The repository: a folder, a .zip or a .tar.gz.")]
