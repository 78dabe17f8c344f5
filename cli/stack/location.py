"""The place that a command's options name: a deployed stack, or a state folder of this machine."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from cli.errors import BadInput
from local.state.database import default_folder


@dataclass(frozen=True)
class Location:
    """A deployed stack, or without one this machine's state folder."""

    stack: str | None
    outputs: Path | None = None
    state: Path | None = None
    profile: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        """Raises BadInput for options that would be ignored."""
        for option, value in (("--profile", self.profile), ("--region", self.region)):
            if value is not None and self.stack is None:
                raise BadInput(f"{option} {value} needs --stack: without it the command uses this machine's cloud")
        if self.outputs is not None and self.stack is None:
            raise BadInput(f"--outputs {self.outputs} needs --stack: name the stack whose outputs they are")
        if self.state is not None and self.stack is not None:
            raise BadInput(f"--state {self.state} and --stack {self.stack} name two places: give one of them")

    @property
    def folder(self) -> Path:
        """The state folder."""
        return (self.state or default_folder()).expanduser()

    @property
    def name(self) -> str:
        """Its name in messages."""
        return f"stack {self.stack}" if self.stack is not None else str(self.folder)

    def unknown(self, session: str) -> BadInput:
        """The error for a session that does not exist."""
        return BadInput(
            f"There is no session {session} in {self.name}; `swarm sessions{self.options}` lists the sessions"
        )

    @property
    def options(self) -> str:
        """The options that lead another command to the same place, with a space before each."""
        given = {"--stack": self.stack, "--outputs": self.outputs, "--state": self.state}
        given |= {"--profile": self.profile, "--region": self.region}
        return "".join(f" {option} {shlex.quote(str(value))}" for option, value in given.items() if value is not None)

    @property
    def log_options(self) -> str:
        """The same for `swarm logs`, whose --state is a state of the state machine."""
        return self.options.replace(" --state ", " --state-folder ")
