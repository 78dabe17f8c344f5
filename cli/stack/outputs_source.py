"""Where a deployed stack's outputs are found: in a file, from Pulumi, or in the parameter that the stack writes."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import Any

from agents.keys import stack_parameter
from cli.errors import BadInput
from cli.stack.deployed import client_in, outputs_of, read_outputs
from cli.stack.location import Location

_NAME = re.compile(r"^(?:\w[\w.-]*/){0,2}[A-Za-z][\w.-]*$")


@dataclass(frozen=True)
class FoundOutputs:
    """A stack's outputs, and the place that they come from, in words."""

    outputs: dict[str, Any]
    source: str


def find_outputs(where: Location) -> FoundOutputs:
    """The stack's outputs: from --outputs, else from Pulumi where it is installed, else from the stack's parameter.

    Raises:
        BadInput: there is no such stack, or --region names another region than the stack's.
        botocore's errors: the parameter cannot be asked for.
    """
    stack = where.stack or ""
    if not _NAME.match(stack):
        raise BadInput(f"--stack takes the name of a deployed stack, such as dev, not {stack!r}")
    source = _found(stack, where)
    region = source.outputs["region"]
    if where.region not in {None, region}:
        raise BadInput(f"The stack {stack} is in {region}, not in {where.region} ({source.source}): leave --region out")
    return source


def outputs_of_named_stack(where: Location) -> FoundOutputs:
    """The same, of the stack that --stack names and of no other. Raises BadInput, botocore's errors."""
    source = find_outputs(where)
    environment = source.outputs["environment"]
    if environment != str(where.stack).rpartition("/")[2]:
        raise BadInput(f"The outputs of {source.source} are those of {environment}, not of the stack {where.stack}")
    return source


def _found(stack: str, where: Location) -> FoundOutputs:
    if where.outputs is not None:
        return FoundOutputs(read_outputs(stack, where.outputs), f"the file {where.outputs}")
    refused = ""
    if shutil.which("pulumi") is not None:
        try:
            return FoundOutputs(read_outputs(stack, None), "Pulumi")
        except BadInput as error:  # no login, or another folder than the project's: the stack itself may know
            refused = f" Pulumi does not know it either: {error}"
    environment = stack.rpartition("/")[2]
    parameter = _parameter(environment, where)
    if parameter is None:
        place = f"in {where.region}" if where.region else "in the configured region"
        raise BadInput(
            f"There is no stack {environment} {place} of this account: it has no parameter"
            f" {stack_parameter(environment)}. Check --stack, --profile and --region.{refused}"
        )
    return FoundOutputs(outputs_of(parameter, f"the stack {stack}"), f"parameter {stack_parameter(environment)}")


def _parameter(environment: str, where: Location) -> str | None:
    """What the stack has written about itself; None where there is no such stack."""
    from botocore.exceptions import ClientError

    from agents.aws.failures import code_of

    try:
        answer = client_in(where.region, where.profile, "ssm").get_parameter(Name=stack_parameter(environment))
    except ClientError as error:
        if code_of(error) in {"ParameterNotFound", "ParameterVersionNotFound", "ValidationException"}:
            return None
        raise
    return str(answer["Parameter"]["Value"])
