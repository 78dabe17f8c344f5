"""Options that several commands have, each with its one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")]
State = Annotated[
    Path | None,
    typer.Option("--state", help="Folder of what earlier runs have finished. Default: in the user's data directory."),
]
Inference = Annotated[
    str | None,
    typer.Option("--inference", help="realtime, or batch: the analysts ask one Bedrock job, at half the price."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", help="Model's name, or ROLE=name for one role; again for more. Default: the stack's."),
]
Outputs = Annotated[
    Path | None,
    typer.Option("--outputs", help="What `pulumi stack output --json` wrote. Default: pulumi is asked."),
]
DeployedStack = Annotated[
    str | None, typer.Option("--stack", help="A deployed stack. Default: what this machine has kept.")
]
SessionArgument = Annotated[str, typer.Argument(help="The session's id; `swarm sessions` lists them.")]
Cap = Annotated[float | None, typer.Option("--cap-usd", help="The hard limit. Default: the stack's.")]
Stack = Annotated[str, typer.Option("--stack", help="Whose settings to run with.")]
Settings = Annotated[list[str] | None, typer.Option("--setting", help="key=value, overrides the stack's.")]
