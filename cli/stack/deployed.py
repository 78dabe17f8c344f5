"""A deployed stack as the command line finds it: the Pulumi program's outputs, and clients in its region."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cli.errors import BadInput
from components.outputs import StackOutputs

#: `pulumi stack output` asks the state backend, which may be far away, in seconds.
_PATIENCE = 120


class DeployedCloud:
    """A cli.stack.clients.Cloud in an AWS account, with the profile's credentials or those that boto3 finds."""

    def __init__(self, outputs: Mapping[str, Any], profile: str | None = None) -> None:
        self.outputs = outputs
        self._region = str(outputs["region"])
        self._profile = profile

    def client(self, _service: str, /) -> Any:
        """A boto3 client in the stack's region."""
        return client_in(self._region, self._profile, _service)


def client_in(region: str | None, profile: str | None, service: str) -> Any:
    """A boto3 client that waits and retries as a person would."""
    import boto3  # half a second of imports: bad input is refused before
    from botocore.config import Config

    patient = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
    # Of the two variables that AWS's own tools read, boto3 reads AWS_DEFAULT_REGION alone.
    chosen = region or os.environ.get("AWS_REGION") or None
    session = boto3.session.Session(profile_name=profile, region_name=chosen)
    return session.client(service, config=patient)  # type: ignore[call-overload]  # a name known only at run time


def read_outputs(stack: str, file: Path | None) -> dict[str, Any]:
    """The outputs of a stack: from the file, else from `pulumi stack output --json --stack STACK`.

    Raises:
        BadInput: they cannot be read; the message says what to do.
    """
    if file is not None:
        return outputs_of(_read(file), str(file))
    program = shutil.which("pulumi")
    if program is None:
        raise BadInput(
            "The pulumi command is not on PATH. Install it, or write the outputs where it is installed"
            f" (`pulumi stack output --json --stack {stack} > outputs.json`) and give --outputs outputs.json"
        )
    return outputs_of(_asked(program, stack), f"the stack {stack}")


def outputs_of(text: str, source: str) -> dict[str, Any]:
    """The outputs in `text`, complete.

    Raises:
        BadInput: it is no JSON object, or an output is missing; it names the outputs.
    """
    try:
        outputs = json.loads(text)
        StackOutputs.model_validate(outputs)
    except ValueError as error:
        if not isinstance(error, ValidationError):
            raise BadInput(f"The outputs of {source} are not JSON: {error}") from error
        wrong = ", ".join(sorted({".".join(map(str, problem["loc"])) or "all" for problem in error.errors()}))
        raise BadInput(
            f"The outputs of {source} are not those of this program; missing or of another type: {wrong}."
            " Deploy the stack once more with this version (`pulumi up`)."
        ) from error
    return dict(outputs)


def _read(file: Path) -> str:
    try:
        return file.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"--outputs cannot be read: {file}: {error}") from error


def _asked(program: str, stack: str) -> str:
    command = [program, "stack", "output", "--json", "--stack", stack]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f"pulumi did not answer: {error}") from error
    if answer.returncode != 0:
        printed = (answer.stderr or answer.stdout).strip().splitlines()
        raise BadInput(
            f"`pulumi stack output --stack {stack}` failed: {printed[-1] if printed else 'it said nothing'}."
            " Is it run in the project's folder, after `pulumi login`, and has the stack been deployed?"
        )
    return answer.stdout
