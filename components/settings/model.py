"""The settings of one environment, and every rule that they are held to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError

from agents import keys
from agents.bedrock import READ, supports_batch_inference, takes_tier
from agents.roster import MODEL_ROLES, functions_of
from agents.settings import ECR_IMAGE, EXTRACTIVE, SharedSettings
from components.settings.schedules import FetchSchedule, ScheduleRefused, schedules_of

NAMESPACE = "serverless-swarm"
#: The periods that CloudWatch Logs takes, in days.
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
#: CPU units of a Fargate task, and the MiB of memory that each may have.
TASK_MEMORY = {
    1024: range(2048, 8193, 1024),
    2048: range(4096, 16385, 1024),
    4096: range(8192, 30721, 1024),
    8192: range(16384, 61441, 4096),
}


#: Issuers whose accounts are not of one company.
PROVIDERS_OF_EVERYBODY = frozenset({"https://accounts.google.com", "https://appleid.apple.com"})


class SettingsRefused(ValueError):
    """The stack's configuration is not usable; the message lists every problem with its key."""


class Settings(SharedSettings):
    """One environment's settings: what its agents read, and what only the platform needs."""

    schedules: str = Field(max_length=20_000)
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")
    owner: str = Field(min_length=1, max_length=128)
    cost_centre: str = Field(min_length=1, max_length=128)
    reserved_concurrency: int = Field(ge=0, le=10_000)
    log_retention_days: LogRetentionDays
    log_level: Literal["ALL", "ERROR", "FATAL", "OFF"]
    tracing: bool
    lambda_architecture: Literal["arm64", "x86_64"]
    packaged: bool
    function_memory_megabytes: int = Field(ge=512, le=10_240)
    task_cpu_units: Literal[1024, 2048, 4096, 8192]
    task_disk_gigabytes: int = Field(ge=21, le=200)
    container_image: str = Field(pattern=r"^[a-z0-9][A-Za-z0-9._:/-]*@sha256:[0-9a-f]{64}$")
    vpc_cidr: str
    private_subnets: bool
    alarm_email: str = Field(pattern=r"^([^@\s]{1,64}@[^@\s]{1,190})?$")
    runbook_url: str = Field(pattern=r"^(https://[^\s#]{1,500})?$")
    monthly_budget_usd: int = Field(ge=0, le=1_000_000)
    dashboard: bool
    flow_logs: bool
    access_logs: bool
    image_scanning: Literal["basic", "enhanced"]
    customer_key: bool
    protected: bool
    site_access: Literal["none", "private", "public"]
    site_public_key: str = Field(pattern=r"^(MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A[A-Za-z0-9+/]{360})?$")
    site_domain: str = Field(pattern=r"^([a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+)?$")
    site_certificate: str = Field(pattern=r"^(arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-f0-9-]+)?$")

    @property
    def analyst_model(self) -> str:
        """The model that describes files."""
        return self.model_of("analyst")

    @property
    def hosted(self) -> bool:
        """Whether published sites are served over CloudFront."""
        return self.site_access != "none"

    @property
    def site_key_secret(self) -> str:
        """The name of the secret with the private half of the readers' key; empty where none is used."""
        return keys.site_key_secret(self.environment) if self.site_access == "private" else ""

    @property
    def signs_in(self) -> bool:
        """Whether readers of the sites sign in at a provider."""
        return bool(self.site_sign_in_issuer)

    @property
    def functions(self) -> tuple[str, ...]:
        """The states that have a function in this stack."""
        return functions_of(
            self.signs_in,
            self.asks_for_approval,
            bool(self.webhook_repositories),
            bool(self.schedules),
            self.canaries,
        )

    @property
    def sign_in_secret(self) -> str:
        """The name of the secret with the client secret at the provider; empty where nobody signs in."""
        return keys.sign_in_secret(self.environment) if self.signs_in else ""

    @property
    def heaviest_model(self) -> str:
        """What the functions of agents that ask a model must carry: a network model's layer if any role has one."""
        return self.network_models[0] if self.network_models else EXTRACTIVE

    def conflicts(self) -> list[str]:
        """Values that are each allowed and impossible together, as sentences that name the keys."""
        checks = (
            self._network_conflicts(),
            self._task_conflicts(),
            self._batch_conflicts(),
            self._alarm_conflicts(),
            self._inference_conflicts(),
            self._tier_conflicts(),
            self._site_conflicts(),
            self._webhook_conflicts(),
        )
        return [problem for problems in checks for problem in problems]

    def _network_conflicts(self) -> Iterable[str]:
        try:
            network = ipaddress.IPv4Network(self.vpc_cidr)
        except ValueError:
            yield f"vpcCidr: {self.vpc_cidr!r} is not a private IPv4 network such as 10.20.0.0/20"
        else:
            if not network.is_private or not 16 <= network.prefixlen <= 24:
                yield f"vpcCidr: {self.vpc_cidr} must be a private IPv4 network from /16 to /24"
        if self.private_subnets and not ECR_IMAGE.match(self.container_image):
            yield "privateSubnets, containerImage: private subnets reach no registry but ECR in this region"
        if self.private_subnets and any(model.startswith("openai:") for model in self.network_models):
            yield "privateSubnets, model: private subnets reach no model outside AWS; use bedrock: or extractive"

    def _task_conflicts(self) -> Iterable[str]:
        allowed = TASK_MEMORY[self.task_cpu_units]
        if self.task_memory_megabytes not in allowed:
            sizes = f"{allowed.start} to {allowed.stop - 1} MiB in steps of {allowed.step}"
            yield (
                f"taskCpuUnits, taskMemoryMegabytes: with {self.task_cpu_units} units of CPU Fargate gives {sizes}, "
                f"not {self.task_memory_megabytes}"
            )

    def _alarm_conflicts(self) -> Iterable[str]:
        if self.monthly_budget_usd and not self.alarm_email:
            yield (
                "monthlyBudgetUsd, alarmEmail: a budget tells by e-mail that it is used up, and nobody would read it;"
                " set alarmEmail, or 0 for no budget"
            )

    def _site_conflicts(self) -> Iterable[str]:
        if self.site_access == "private" and not self.site_public_key:
            yield (
                "siteAccess, sitePublicKey: private needs the public half of the key that signs readers' cookies;"
                f" `swarm site-key --stack {self.environment}` makes the key and prints it"
            )
        if bool(self.site_domain) != bool(self.site_certificate):
            yield "siteDomain, siteCertificate: a domain needs its certificate, and a certificate its domain"
        yield from self._sign_in_conflicts()

    def _sign_in_conflicts(self) -> Iterable[str]:
        issuer = self.site_sign_in_issuer
        if bool(issuer) != bool(self.site_sign_in_client_id):
            yield "siteSignInIssuer, siteSignInClientId: a sign-in needs both, the provider's issuer and our id there"
        if self.signs_in and self.site_access != "private":
            yield "siteSignInIssuer, siteAccess: only readers of private sites sign in; set siteAccess to private"
        if self.site_sign_in_domains and not issuer:
            yield "siteSignInDomains, siteSignInIssuer: without a provider nobody signs in with an e-mail address"
        if issuer in PROVIDERS_OF_EVERYBODY and not self.site_sign_in_domains:
            yield (
                f"siteSignInDomains, siteSignInIssuer: {issuer} signs in everybody who has an account there;"
                " name the domains of the e-mail addresses that may read"
            )
        if issuer.startswith("http:") and self.packaged:
            yield f"siteSignInIssuer: {issuer} is an address of a laptop; a provider's begins with https:"

    def _webhook_conflicts(self) -> Iterable[str]:
        if self.webhook_repositories and not self.webhook_hosts:
            yield "webhookRepositories, webhookHosts: name the host that the repositories are fetched from"

        try:
            schedules_of(self.schedules, self.hosts_by_provider())
        except ScheduleRefused as refused:
            yield f"schedules: {refused}"

    @property
    def fetch_schedules(self) -> tuple[FetchSchedule, ...]:
        """The branches that are looked at from time to time."""
        return schedules_of(self.schedules, self.hosts_by_provider())

    def _inference_conflicts(self) -> Iterable[str]:
        if self.inference == "batch" and not supports_batch_inference(self.analyst_model):
            yield (
                f"inference, model: the analyst's model is {self.analyst_model}, and no batch inference job asks it;"
                " docs/models.md names the models of Bedrock that jobs ask. Choose one, or inference realtime"
            )

    def _tier_conflicts(self) -> Iterable[str]:
        unknown = sorted(set(self.tiers_by_role()) - set(MODEL_ROLES))
        if unknown:
            yield f"serviceTiers: there is no role {unknown[0]}; the roles are {', '.join(MODEL_ROLES)}"
        served = {role: (self.model_of(role), self.tier_of(role)) for role in MODEL_ROLES}
        for model, tier in dict.fromkeys(served.values()):
            if tier and not takes_tier(model, tier):
                roles = ", ".join(role for role, pair in served.items() if pair == (model, tier))
                yield (
                    f"serviceTiers, model: {model}, the model of {roles}, has no tier {tier} in AWS's list of {READ};"
                    " docs/models.md names the models that have. Name the tier for single roles, as in critic=flex"
                )

    def _batch_conflicts(self) -> Iterable[str]:
        if 0 < self.reserved_concurrency < self.analyst_concurrency:
            yield (
                f"reservedConcurrency, analystConcurrency: {self.analyst_concurrency} batches at once do not fit "
                f"{self.reserved_concurrency} reserved executions; reserve as many, or 0 for none"
            )
        if self.file_limit_kilobytes > self.repository_limit_megabytes * 1_000:
            yield "fileLimitKilobytes, repositoryLimitMegabytes: one file may not be larger than the repository"


def parse_settings(raw: Mapping[str, Any]) -> Settings:
    """The settings in `raw`, keyed in camelCase without the namespace.

    Raises:
        SettingsRefused: a key is unknown, missing, of the wrong type or in an impossible mix with another.
    """
    try:
        settings = Settings.model_validate(_with_numbers(raw))
    except ValidationError as error:
        problems = [
            _sentence(detail["loc"], detail["type"], detail["msg"], detail["input"]) for detail in error.errors()
        ]
    else:
        problems = settings.conflicts()
        if not problems:
            return settings
    raise SettingsRefused(
        "\n".join(["the stack's configuration is refused:", *(f"  {problem}" for problem in problems)])
    )


def setting_keys() -> dict[str, str]:
    """Field name by YAML key."""
    return {field.alias or name: name for name, field in Settings.model_fields.items()}


def _with_numbers(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Pulumi hands every value over as text, and pydantic reads all types from text but a Literal of numbers."""
    numbers = {"logRetentionDays", "taskCpuUnits"}
    return {k: int(v) if k in numbers and isinstance(v, str) and v.isdecimal() else v for k, v in raw.items()}


def _sentence(location: tuple[int | str, ...], kind: str, message: str, given: object) -> str:
    key = ".".join(str(part) for part in location)
    if kind == "missing":
        return f"{key}: missing; Pulumi.yaml describes it{_allowed(key)}"
    if kind == "extra_forbidden":
        return f"{key}: unknown key; the known ones are described in Pulumi.yaml"
    return f"{key}: {given!r} is refused: {message[0].lower()}{message[1:]}{_allowed(key)}"


def _allowed(key: str) -> str:
    name = setting_keys().get(key)
    if name is None:
        return ""
    field = Settings.model_fields[name]
    if get_args(field.annotation):
        return f" (allowed: {', '.join(str(value) for value in get_args(field.annotation))})"
    rules = [str(rule) for rule in field.metadata]
    type_name = getattr(field.annotation, "__name__", str(field.annotation))
    return f" (allowed: {', '.join([type_name, *rules])})"
