"""The checks of `swarm doctor` on what an account may use: quotas, the model, the image. Pure functions as well."""

from __future__ import annotations

from agents.settings import ECR_IMAGE
from cli.doctor.check_result import MISSING, CheckResult, Facts, failed, ok, refusal_text, refused, unknown, warning
from components.outputs import StackOutputs

#: Functions of one session that may run beside its analysts: the two reviewers.
BESIDE_ANALYSTS = 2
#: Fargate tasks that a quota should allow at once; large repositories need more.
TASKS_AT_ONCE = 4
_PLACEHOLDER = "sha256:" + "0" * 64
_QUOTAS = "Service Quotas in the console, or lower the setting"


def is_placeholder(container_image: str) -> bool:
    """Whether it is the image of the stack files as they are delivered, which exists nowhere."""
    return container_image.endswith(_PLACEHOLDER)


def lambda_concurrency(facts: Facts, outputs: StackOutputs) -> CheckResult:
    """The account allows as many concurrent executions as one session needs."""
    check = "Lambda concurrency"
    if "error" in facts:
        return unknown(
            check, refusal_text(facts), f"Check in the Lambda console: {outputs.analyst_concurrency} are needed."
        )
    limit = facts["AccountLimit"]
    account, free = int(limit["ConcurrentExecutions"]), int(limit["UnreservedConcurrentExecutions"])
    needed = BESIDE_ANALYSTS + (0 if outputs.reserved_concurrency else outputs.analyst_concurrency)
    if free < needed:
        advice = f"Raise `Concurrent executions` of AWS Lambda: {_QUOTAS} analystConcurrency."
        seen = f"{free} of {account} executions are unreserved, one session needs {needed}: analysts will wait"
        return warning(check, seen, advice)
    return ok(check, f"{free} of {account} executions unreserved, one session needs {needed}")


def fargate_cpu(kind: str, facts: Facts, outputs: StackOutputs) -> CheckResult:
    """The quota of vCPUs allows several tasks at once; `kind` is On-Demand or Spot."""
    check = f"Fargate {kind} vCPUs"
    needed = TASKS_AT_ONCE * outputs.task_cpu_units / 1024
    if "error" in facts:
        return unknown(check, refusal_text(facts), f"Check AWS Fargate in Service Quotas: {needed:g} are needed.")
    value = float(facts["Quota"]["Value"])
    task_cpus = outputs.task_cpu_units / 1024
    if value < task_cpus:
        return failed(
            check,
            f"{value:g}, and one task takes {task_cpus:g}",
            f"Raise the quota of AWS Fargate: {_QUOTAS} taskCpuUnits.",
        )
    if value < needed:
        seen = f"{value:g}: {int(value // task_cpus)} tasks at once"
        return warning(check, seen, f"Raise the quota of AWS Fargate: {_QUOTAS} taskCpuUnits.")
    return ok(check, f"{value:g}, enough for {int(value // task_cpus)} tasks at once")


def model_access(name: str, facts: Facts, outputs: StackOutputs) -> CheckResult:
    """The account has access to the model."""
    check = "model access"
    provider, _, model = name.partition(":")
    if provider != "bedrock":
        return unknown(
            check, f"{name} is not an AWS model, so AWS cannot say", "The first session shows whether it answers."
        )
    advice = (
        f"A person with AWS Marketplace permissions must call {model} once in {outputs.region}; Anthropic's models need"
        " the use-case form first: docs/deploy.md, Models on Bedrock."
    )
    if facts.get("error") == MISSING:
        return failed(check, f"{name} does not exist in {outputs.region}", "Set `model` to one that the region has.")
    if "error" in facts:
        return unknown(check, refusal_text(facts), advice)
    refusals = [f"{aspect} is {facts[aspect]}" for aspect in _AVAILABILITY if facts.get(aspect) in _REFUSED]
    agreement = str((facts.get("agreementAvailability") or {}).get("status", ""))
    if agreement in _NO_AGREEMENT:
        refusals.append(f"agreementAvailability is {agreement}")
    if refusals:
        return failed(check, f"{name}: {', '.join(refusals)}", advice)
    return ok(check, f"access to {name} is granted")


def model_key(facts: Facts, outputs: StackOutputs) -> CheckResult | None:
    """The secret with an `openai:` model's key exists; None when the stack names no secret."""
    if not outputs.model_key_secret:
        return None
    create = f"`aws secretsmanager create-secret --name {outputs.model_key_secret}`, and put the key into it."
    gone = refused("model key", facts, create)
    return gone or ok("model key", f"the secret {outputs.model_key_secret} is there")


_AVAILABILITY = ("authorizationStatus", "entitlementAvailability", "regionAvailability")
_REFUSED = {"NOT_AUTHORIZED", "NOT_AVAILABLE"}
#: Nobody has subscribed the account to a third-party model yet, or it is under way, or it failed.
_NO_AGREEMENT = {"NOT_AVAILABLE", "PENDING", "ERROR"}


def image(facts: Facts, outputs: StackOutputs) -> CheckResult:
    """The image that the task definitions name exists."""
    check = "image"
    if is_placeholder(outputs.container_image):
        advice = "Build and push it, set containerImage to its digest, deploy: docs/deploy.md, The image."
        return warning(check, "containerImage is the placeholder: large repositories cannot be documented", advice)
    if ECR_IMAGE.match(outputs.container_image) is None:
        return unknown(
            check,
            "it is not in ECR, and `swarm doctor` asks no other registry",
            f"Check it with `docker pull {outputs.container_image}`.",
        )
    gone = refused(check, facts, "Push it, or set containerImage to a digest that is there: docs/deploy.md, The image.")
    return gone or ok(check, f"{outputs.container_image.rpartition('@')[2][:19]} is there")
