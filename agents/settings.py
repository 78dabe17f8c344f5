"""The settings that agents read: one model, from the stack's file to the variables of a function. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from agents.bedrock import SERVICE_TIERS
from agents.errors import SettingsMissing

PREFIX = "SWARM_"
#: The longest `Timeout` that Lambda takes of CreateFunction; a test holds it against botocore's model.
LAMBDA_SECONDS_LIMIT = 5_400
#: What ecs:runTask adds to one task, and nothing else does: the fields of its state's request with slashes between
#: them, such as `session_id/batch_id`, the execution and how often the state was tried again, and the task token.
REQUEST_VARIABLE = "SWARM_REQUEST"
EXECUTION_VARIABLE = "SWARM_EXECUTION"
RETRIES_VARIABLE = "SWARM_RETRIES"
TASK_TOKEN_VARIABLE = "SWARM_TASK_TOKEN"  # noqa: S105 (the variable's name, not a token)

#: Set on a laptop: the folder that spans go to, a file for each session.
TRACE_FOLDER_VARIABLE = "SWARM_TRACE_FOLDER"

#: The alias of every function and of the state machine through which the platform calls them.
ALIAS = "live"
#: How the name of a Bedrock inference profile begins: the geography in which it may choose a region.
#: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
PROFILE_GEOGRAPHIES = "global|us-gov|us|eu|apac|ap|jp|au|ca|sa"

#: An image in ECR, by digest or tag: the groups are account, region, repository and what follows an @.
ECR_IMAGE = re.compile(
    r"^(?P<account>[0-9]{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<name>[^@:]+)"
    r"(?:@(?P<digest>.+)|:.*)?$"
)

#: The model that needs no network: it extracts sentences instead of writing them.
EXTRACTIVE = "extractive"
MODEL_PATTERN = r"(extractive|(bedrock|openai):[A-Za-z0-9._:/-]{1,200}(@https?://[A-Za-z0-9._:/-]{1,200})?)"

#: `owner/name`, where `*` stands for any characters of one part.
_LISTED = r"[A-Za-z0-9_*][A-Za-z0-9_.*-]*(/[A-Za-z0-9_*][A-Za-z0-9_.*-]*)+"
#: A code host; without TLS only on this machine, where tests run one.
_HOST = (
    r"(github|gitlab|bitbucket|gitea|plain)="
    r"(https://[A-Za-z0-9.-]+(:[0-9]+)?|http://(localhost|127\.0\.0\.1)(:[0-9]+)?)(/[A-Za-z0-9._~-]+)*"
)
_TIER = f"({'|'.join(SERVICE_TIERS)})"


class SharedSettings(BaseModel):
    """What the stack's file and the agents have in common. In YAML the keys are camelCase; Pulumi.yaml describes each.

    No field has a default: a value that is forgotten is an error that names it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    environment: str = Field(pattern=r"^[a-z][a-z0-9]{1,11}$")
    release: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    model: str = Field(pattern=f"^{MODEL_PATTERN}$")
    economy_model: str = Field(pattern=f"^({MODEL_PATTERN})?$")
    role_models: str = Field(pattern=f"^([a-z]+={MODEL_PATTERN}(,[a-z]+={MODEL_PATTERN})*)?$")
    service_tiers: str = Field(pattern=f"^({_TIER}|[a-z]+={_TIER}(,[a-z]+={_TIER})*)?$")
    model_prices: str = Field(max_length=2_000)
    model_key_secret: str = Field(pattern=r"^[A-Za-z0-9/_+=.@-]{0,256}$")
    model_timeout_seconds: int = Field(ge=1, le=600)
    model_calls_at_once: int = Field(ge=1, le=64)
    inference: Literal["realtime", "batch"]
    batch_inference_minimum_records: int = Field(ge=1, le=50_000)
    batch_inference_poll_seconds: int = Field(ge=1, le=3_600)
    batch_inference_seconds: int = Field(ge=1, le=86_400)
    cap_usd: float = Field(ge=0, le=10_000)
    day_cap_usd: float = Field(ge=0, le=100_000)
    analyst_concurrency: int = Field(ge=1, le=1_000)
    heartbeat_seconds: int = Field(ge=10, le=600)
    lambda_seconds: int = Field(ge=60, le=LAMBDA_SECONDS_LIMIT)
    fargate_spot: bool
    gap_tolerance_percent: int = Field(ge=0, le=100)
    approval_score: int = Field(ge=0, le=100)
    on_revision_limit: Literal["publish", "ask", "fail"]
    approve_before_publish: bool
    approval_hours: float = Field(ge=0.001, le=168)
    approval_default: Literal["publish", "reject"]
    approval_webhook_secret: str = Field(pattern=r"^[A-Za-z0-9/_+=.@-]{0,256}$")
    scan_lambda_megabytes: int = Field(ge=0, le=400)
    batch_lambda_kilobytes: int = Field(ge=0, le=50_000)
    repository_lambda_megabytes: int = Field(ge=0, le=20_000)
    batch_target_kilobytes: int = Field(ge=1, le=50_000)
    batch_target_files: int = Field(ge=1, le=1_000)
    file_limit_kilobytes: int = Field(ge=1, le=100_000)
    repository_limit_files: int = Field(ge=1, le=1_000_000)
    repository_limit_megabytes: int = Field(ge=1, le=20_000)
    analyst_memory_megabytes: int = Field(ge=512, le=10_240)
    repository_memory_megabytes: int = Field(ge=512, le=10_240)
    task_cpu_units: int = Field(ge=1_024, le=8_192)
    task_memory_megabytes: int = Field(ge=2_048, le=61_440)
    task_disk_gigabytes: int = Field(ge=21, le=200)
    webhook_repositories: str = Field(max_length=2_000, pattern=f"^({_LISTED}(,{_LISTED})*)?$")
    webhook_branches: str = Field(max_length=1_000, pattern=r"^([^,\s]+(,[^,\s]+)*)?$")
    webhook_hosts: str = Field(max_length=1_000, pattern=f"^({_HOST}(,{_HOST})*)?$")
    trace_endpoint: str = Field(
        pattern=r"^(https://[A-Za-z0-9._~:/-]{1,200}|http://127\.0\.0\.1:[0-9]{1,5}(/[A-Za-z0-9/-]*)?)?$"
    )
    canary_percent: int = Field(ge=0, le=100)
    canary_minutes: int = Field(ge=1, le=10_080)
    canary_minimum_sessions: int = Field(ge=1, le=100)
    retention_days: int = Field(ge=1, le=3_650)
    site_retention_days: int = Field(ge=1, le=3_650)
    site_sign_in_issuer: str = Field(
        pattern=r"^(https://[A-Za-z0-9._~:/-]{1,200}|http://127\.0\.0\.1:[0-9]{1,5}(/[A-Za-z0-9/-]*)?)?$"
    )
    site_sign_in_client_id: str = Field(pattern=r"^[!-~]{0,200}$")
    site_sign_in_domains: str = Field(pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+(,[a-z0-9-]+(\.[a-z0-9-]+)+)*)?$")

    def model_of(self, role: str) -> str:
        """The model that answers this role: its own, or everybody's."""
        return self.models_by_role().get(role, self.model)

    def models_by_role(self) -> dict[str, str]:
        """Roles that have a model of their own. Raises ValueError for a part that is not `role=model`."""
        parts = [part.partition("=") for part in self.role_models.split(",") if part.strip()]
        unreadable = [role for role, _, model in parts if not (role.strip() and model.strip())]
        if unreadable:
            raise ValueError(f"roleModels: {unreadable[0]!r} is not role=model")
        return {role.strip(): model.strip() for role, _, model in parts}

    def tier_of(self, role: str) -> str:
        """The service tier in which Bedrock answers this role; empty where none is named."""
        return self.tiers_by_role().get(role, "" if "=" in self.service_tiers else self.service_tiers)

    def tiers_by_role(self) -> dict[str, str]:
        """Roles that have a service tier of their own."""
        parts = [part.partition("=") for part in self.service_tiers.split(",") if "=" in part]
        return {role: tier for role, _, tier in parts}

    def hosts_by_provider(self) -> dict[str, str]:
        """The address of each kind of code host that snapshots are fetched from."""
        parts = [part.partition("=") for part in self.webhook_hosts.split(",") if part]
        return {provider: address for provider, _, address in parts}

    def full_name(self, provider: str, repository: str) -> str:
        """A repository's name with its host, such as `github.com/owner/name`: `owner/name` may be on several hosts."""
        address = urlsplit(self.hosts_by_provider()[provider])
        path = address.path.rstrip("/").removesuffix("/api/v3")
        return f"{address.netloc.removeprefix('api.')}{path}/{repository}"

    @property
    def webhook_secret(self) -> str:
        """The name of the secret that signs webhooks."""
        return f"swarm-{self.environment}-webhook"

    @property
    def code_host_secret(self) -> str:
        """The name of the secret with the code hosts' tokens."""
        return f"swarm-{self.environment}-code-hosts"

    @property
    def fetch_function(self) -> str:
        """The name of the function that fetches snapshots."""
        return f"swarm-{self.environment}-fetch-snapshot"

    @property
    def reap_function(self) -> str:
        """The name of the function that ends sessions whose execution is over."""
        return f"swarm-{self.environment}-reap"

    @property
    def canaries(self) -> bool:
        """Whether a new version first gets a share of the sessions."""
        return 0 < self.canary_percent < 100

    @property
    def event_bus(self) -> str:
        """The name of the bus that carries the events of sessions."""
        return f"swarm-{self.environment}"

    @property
    def asks_for_approval(self) -> bool:
        """Whether a person may be asked before a draft is published."""
        return self.approve_before_publish or self.on_revision_limit == "ask"

    @property
    def sign_in_domains(self) -> tuple[str, ...]:
        """The domains of the e-mail addresses that may sign in; none where everybody may whom the provider knows."""
        return tuple(self.site_sign_in_domains.split(",")) if self.site_sign_in_domains else ()

    @property
    def network_models(self) -> tuple[str, ...]:
        """The models outside our code that some role asks; none when all is extractive."""
        economy = [self.economy_model] if self.economy_model else []
        named = (self.model, *self.models_by_role().values(), *economy)
        return tuple(dict.fromkeys(model for model in named if model != EXTRACTIVE))

    def calls_at_once(self, role: str) -> int:
        """How many questions of the role the model answers side by side; 0 for the extractive model."""
        return 0 if self.model_of(role) == EXTRACTIVE else self.model_calls_at_once

    def questions_at_once(self, role: str) -> int:
        """How many questions the role has under way; 0 for the extractive model, which needs no second thread.

        A quarter more than the model answers: some are prepared, and some answers read, while it works on the others.
        """
        return self.calls_at_once(role) * 5 // 4


class AgentSettings(SharedSettings):
    """What one function or task reads from its environment variables."""

    state: str = Field(description="the state in agents/roster.py whose code runs")
    context_table: str
    context_bucket: str
    upload_bucket: str
    site_bucket: str = Field(description="where the site is hosted; empty if no site is, and for other states")
    site_key_id: str = Field(description="CloudFront's id of the readers' key; empty but for the state that signs in")
    cluster_arn: str = Field(description="where the tasks run; empty for states that do not look at tasks")
    approval_url: str = Field(description="where people decide, ending with a slash; empty for other states")
    approval_topic: str = Field(description="ARN of the topic for messages to people; empty for other states")
    state_machine_alias: str = Field(description="ARN; empty but for the state that decides about canaries")
    release_bucket: str = Field(description="where the trail is; empty but for the state that decides about canaries")
    function_names: str = Field(description="the stack's functions, with commas; empty but for the same state")
    batch_inference_role: str = Field(description="ARN of the role that Bedrock reads and writes under, or empty")

    def writer_of(self, role: str) -> str:
        """The role's model as a page names it: without the address that it is reached at."""
        return self.model_of(role).partition("@")[0]

    @property
    def all_models(self) -> str:
        """Every model that answers in a session, as one text: part of the session's key."""
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
            SettingsMissing: variables are missing or unreadable; the message names each.
        """
        names = {f"{PREFIX}{name.upper()}": name for name in cls.model_fields}
        try:
            return cls.model_validate({names[key]: value for key, value in variables.items() if key in names})
        except ValidationError as error:
            fields = {to_camel(name): name for name in cls.model_fields}
            problems = [
                f"{PREFIX}{fields.get(str(problem['loc'][0]), str(problem['loc'][0])).upper()}: {problem['msg']}"
                for problem in error.errors()
            ]
            raise SettingsMissing("environment variables are missing or unreadable: " + "; ".join(problems)) from error
