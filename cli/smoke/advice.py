"""What to do about a path that failed, from its error and ECS's own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """An error's name and cause, a task's exit code and ECS's reason; `stored` when the work was done all the same."""

    error: str = ""
    cause: str = ""
    exit_code: int | None = None
    reason: str = ""
    stored: bool = False

    @property
    def text(self) -> str:
        """All words, to be searched."""
        return f"{self.error} {self.cause} {self.reason}"

    @property
    def seen(self) -> str:
        """The failure in one line."""
        parts = [self.error, self.cause]
        parts += [self.reason] if self.reason not in self.cause else []
        code = f"exit code {self.exit_code}"
        parts += [code] if self.exit_code is not None and code not in self.cause else []
        return ": ".join(part for part in parts if part)[:500]


def _says(pattern: str) -> Callable[[Failure], bool]:
    expression = re.compile(pattern, re.IGNORECASE)
    return lambda failure: expression.search(failure.text) is not None


_PERMISSION = (
    "Permission: the role that the message names lacks the action. Deploy again (`pulumi up`); if it stays, look for a"
    " service control policy or a permissions boundary that takes it away (docs/privileges.md)."
)

_CALLBACK = (
    "Task token: the work is stored, and the answer did not reach the state machine. The task's role needs"
    " states:SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat, and a private subnet the endpoint `states`."
    " Deploy again (`pulumi up`)."
)
_IMAGE = (
    "Image: containerImage is not in its registry, cannot be pulled from these subnets, or is of another architecture"
    " than lambdaArchitecture. `swarm doctor` looks for it; docs/deploy.md, The image."
)
_COMMAND = (
    "Image: the container cannot start. Build the image again for lambdaArchitecture and do not change its command;"
    " docs/deploy.md, The image."
)
_NETWORK = (
    "Network: the task reached no AWS service. Its subnets need a route to the internet, or with privateSubnets the"
    " endpoints ecr.api, ecr.dkr, logs, states, s3 and dynamodb; its security group must let HTTPS out."
)
_CAPACITY = (
    "Capacity: ECS started no task. Raise the quota of Fargate's vCPUs (`swarm doctor` shows both), or try again"
    " later: the zones may have no capacity."
)
_LOG = "Read the last lines of the log group {logs}; docs/operations.md, Errors, has the name."
#: The first that fits; the order is from the particular to the general.
_ADVICE: tuple[tuple[Callable[[Failure], bool], str], ...] = (
    (_says(r"AccessDenied|not authori[sz]ed|no identity-based policy"), _PERMISSION),
    (lambda failure: failure.stored, _CALLBACK),
    (_says(r"CannotPull|pull.?image|manifest unknown|image.+not found|exec format"), _IMAGE),
    (_says(r"CannotStartContainer|CannotCreateContainer"), _COMMAND),
    (
        _says(r"ResourceInitializationError|timed? ?out.+(connect|endpoint)|Could not connect|EndpointConnection"),
        _NETWORK,
    ),
    (_says(r"AmazonECS\.Unknown|ECS\.\w+Exception|capacity|number of vCPUs"), _CAPACITY),
)


def advice(failure: Failure, logs: str) -> str:
    """What to do; `logs` is the log group of what failed."""
    return next((text for fits, text in _ADVICE if fits(failure)), _LOG.format(logs=logs))
