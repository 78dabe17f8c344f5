"""Names and types of the variables that components set and shells read: one model, both directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PREFIX = "SWARM_"
#: What ecs:runTask adds to one task, and nothing else does: `session_id` or `session_id/batch_id`, and the task token.
REQUEST_VARIABLE = "SWARM_REQUEST"
TASK_TOKEN_VARIABLE = "SWARM_TASK_TOKEN"  # noqa: S105 (the variable's name, not a token)

#: A state that runs our code; and Reap and ReportTaskEnd, which a schedule and a rule run: the handler of each is
#: `agents.shells.lambda_handler.<snake_case>`.
StateName = Literal[
    "OpenSession",
    "Scan",
    "SubmitBatchInference",
    "CheckBatchInference",
    "CollectBatchInference",
    "AnalyseBatch",
    "SecurityAgent",
    "PerformanceAgent",
    "Synthesize",
    "Edit",
    "Critique",
    "Publish",
    "CloseSession",
    "Reap",
    "ReportTaskEnd",
]

#: A dependency layer: what every agent imports, the grammars that read code, a model's clients, what builds a site.
LayerName = Literal["base", "structure", "models", "site"]
#: States whose agents ask a language model.
MODEL_STATES: frozenset[StateName] = frozenset(
    {"AnalyseBatch", "SecurityAgent", "PerformanceAgent", "Synthesize", "Edit", "Critique"}
)


def layers_of(state: StateName, model: str) -> tuple[LayerName, ...]:
    """The dependency layers that the state's function carries; `extractive` is no model on the network."""
    own: dict[StateName, tuple[LayerName, ...]] = {
        "SubmitBatchInference": ("structure",),
        "CollectBatchInference": ("structure",),
        "AnalyseBatch": ("structure",),
        "Publish": ("site",),
    }
    if model != "extractive":
        own["Scan"] = ("structure",)  # a language model is told what a file's imports hold, so the scanner reads them
    asks: tuple[LayerName, ...] = ("models",) if state in MODEL_STATES and model != "extractive" else ()
    return ("base", *own.get(state, ()), *asks)


def asked_in_batches(model: str) -> bool:
    """Whether we know a batch inference job's records for the model: Claude's on Bedrock."""
    return model.startswith("bedrock:") and "anthropic.claude" in model.partition("@")[0]


class AgentSettings(BaseModel):
    """What one function or task is told about its environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: str
    state: StateName
    context_table: str
    context_bucket: str
    upload_bucket: str
    cluster_arn: str = Field(default="", description="where the tasks run; told to who looks at tasks")
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
    lambda_seconds: int = Field(default=900, ge=1, description="how long a function that works may run")
    fargate_spot: bool = Field(default=False, description="analysts' Fargate tasks are tried on Spot first")
    analyst_memory_megabytes: int = Field(default=2048, description="memory of the analyst's function, MiB")
    task_memory_megabytes: int = Field(default=8192, description="memory of the smallest task an analyst gets, MiB")
    task_cpu_units: int = Field(default=2048, description="CPU of the smallest task an analyst gets, 1024 a vCPU")
    task_disk_gigabytes: int = Field(default=21, ge=21, le=200, description="disk of every task of an analyst")
    repository_lambda_bytes: int = Field(
        default=200_000_000, description="source above this is analysed on Fargate only"
    )
    gap_tolerance_percent: int = Field(default=20, ge=0, le=100)
    approval_score: int = Field(default=80, ge=0, le=100)
    on_revision_limit: Literal["publish", "fail"] = "publish"
    role_models: str = Field(default="", description="`analyst=bedrock:…,critic=…`: roles with a model of their own")
    economy_model: str = Field(default="", description="describes files of little value when the budget is tight")
    model_prices: str = Field(default="", description="`model=in/out,…`, dollars per million tokens")
    model_key_secret: str = Field(default="", description="name of the secret that holds the key of models outside AWS")
    model_timeout_seconds: int = Field(default=120, ge=1, le=600, description="a call that takes longer is given up")
    model_calls_at_once: int = Field(default=12, ge=1, le=64, description="questions that one agent asks side by side")
    inference: Literal["realtime", "batch"] = "realtime"
    batch_inference_role: str = Field(default="", description="ARN of the role that Bedrock reads and writes under")
    batch_inference_minimum_records: int = Field(default=100, ge=1, description="fewer are asked in realtime")
    batch_inference_poll_seconds: int = Field(default=60, ge=1, description="until the first look; then ever longer")
    batch_inference_seconds: int = Field(default=86_400, ge=1, description="a job that takes longer is stopped")
    cap_usd: float = 10.0
    day_cap_usd: float = Field(default=100.0, description="of all sessions of the environment in one day, UTC")
    retention_days: int = 90

    def model_of(self, role: str) -> str:
        """The model that answers this role; `role` is its package's name."""
        return self.models_by_role().get(role, self.model)

    def writer_of(self, role: str) -> str:
        """The same as a page names it: without the address that it is reached at."""
        return self.model_of(role).partition("@")[0]

    def calls_at_once(self, role: str) -> int:
        """How many questions the role asks side by side; the extractive model answers in this process, one by one."""
        return 1 if self.model_of(role) == "extractive" else self.model_calls_at_once

    def models_by_role(self) -> dict[str, str]:
        """Roles that have a model of their own. Raises ValueError for a part that is not `role=model`."""
        parts = [part.partition("=") for part in self.role_models.split(",") if part.strip()]
        unreadable = [role for role, _, model in parts if not (role.strip() and model.strip())]
        if unreadable:
            raise ValueError(f"roleModels: {unreadable[0]!r} is not role=model")
        return {role.strip(): model.strip() for role, _, model in parts}

    @property
    def all_models(self) -> str:
        """Every model that has a say in a session, as one text: part of the session's key."""
        own = [f"{role}={model}" for role, model in sorted(self.models_by_role().items()) if model != self.model]
        economy = [f"economy={self.economy_model}"] if self.economy_model else []
        return ",".join([self.model, *own, *economy])

    def variables(self) -> dict[str, str]:
        """The environment variables, for a function's or container's description."""
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in self.model_dump().items()}

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> AgentSettings:
        """Read them back.

        Raises:
            pydantic.ValidationError: a variable is missing or unreadable; it names the variable.
        """
        names = {f"{PREFIX}{name.upper()}": name for name in cls.model_fields}
        return cls.model_validate({names[key]: value for key, value in variables.items() if key in names})
