"""Names and types of the variables that components set and shells read: one model, both directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PREFIX = "SWARM_"
#: What ecs:runTask adds to one task, and nothing else does: `session_id` or `session_id/batch_id`, and the task token.
REQUEST_VARIABLE = "SWARM_REQUEST"
TASK_TOKEN_VARIABLE = "SWARM_TASK_TOKEN"  # noqa: S105 (the variable's name, not a token)

#: A state that runs our code: its handler is `agents.shells.lambda_handler.<snake_case>`.
StateName = Literal[
    "OpenSession",
    "Scan",
    "AnalyseBatch",
    "SecurityAgent",
    "PerformanceAgent",
    "Synthesize",
    "Edit",
    "Critique",
    "Publish",
    "CloseSession",
]

#: A dependency layer: what every agent imports, the grammars that read code, what builds a site.
LayerName = Literal["base", "structure", "site"]


def layers_of(state: StateName) -> tuple[LayerName, ...]:
    """The dependency layers that the state's function carries."""
    own: dict[StateName, tuple[LayerName, ...]] = {"AnalyseBatch": ("structure",), "Publish": ("site",)}
    return ("base", *own.get(state, ()))


class AgentEnvironment(BaseModel):
    """What one function or task is told about its environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: str
    state: StateName
    context_table: str
    context_bucket: str
    upload_bucket: str
    model: str = "extractive"
    release: str = "unreleased"
    scan_lambda_bytes: int = Field(default=50_000_000, description="archives above this are scanned on Fargate")
    batch_lambda_bytes: int = Field(default=2_000_000, description="batches above this are analysed on Fargate")
    batch_target_bytes: int = Field(default=250_000, description="how much source one batch aims for")
    batch_target_files: int = Field(default=40, description="how many files one batch holds at most")
    file_limit_bytes: int = Field(default=5_000_000, description="files above this become gaps")
    repository_limit_files: int = 100_000
    repository_limit_bytes: int = Field(default=2_000_000_000, description="unpacked")
    analyst_concurrency: int = 40
    heartbeat_seconds: int = 30
    gap_tolerance_percent: int = Field(default=20, ge=0, le=100)
    approval_score: int = Field(default=80, ge=0, le=100)
    on_revision_limit: Literal["publish", "fail"] = "publish"
    cap_usd: float = 10.0
    retention_days: int = 90

    def variables(self) -> dict[str, str]:
        """The environment variables, for a function's or container's description."""
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in self.model_dump().items()}

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> AgentEnvironment:
        """Read them back.

        Raises:
            pydantic.ValidationError: a variable is missing or unreadable; it names the variable.
        """
        names = {f"{PREFIX}{name.upper()}": name for name in cls.model_fields}
        return cls.model_validate({names[key]: value for key, value in variables.items() if key in names})
