"""`swarm doctor`: examines a deployed stack, and says what to do about each problem."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.doctor import checks as doctor_checks
from cli.doctor import limits as doctor_limits
from cli.doctor.check_result import EXIT_CODES, CheckResult, CheckSeverity, ok, worst
from cli.doctor.facts import Gathered, gather, who
from cli.output.checks_table import checks_table
from cli.stack.clients import Cloud
from cli.stack.deployed import DeployedCloud
from cli.stack.location import Location
from cli.stack.outputs_source import outputs_of_named_stack
from components.outputs import StackOutputs

_COLOURS = {
    CheckSeverity.OK: "green",
    CheckSeverity.UNKNOWN: "dim",
    CheckSeverity.WARNING: "bold yellow",
    CheckSeverity.FAILED: "bold red",
}


def doctor(where: Location, as_json: bool, answers: Console) -> int:
    """Examine the deployed stack and print the findings; 0 all is well, 1 something warns, 2 something failed.

    Raises:
        BadInput: the stack's outputs cannot be found.
    """
    stack_outputs = outputs_of_named_stack(where)
    findings = examine(DeployedCloud(stack_outputs.outputs, where.profile), stack_outputs.source)
    if as_json:
        answers.file.write(as_json_text(findings) + os.linesep)
    else:
        answers.print(as_table(findings))
    return EXIT_CODES[worst(findings)]


def examine(cloud: Cloud, source: str = "") -> list[CheckResult]:
    """Every check on a cloud; without usable credentials, that alone. `source` says where its outputs were found."""
    outputs = StackOutputs.model_validate(cloud.outputs)
    credentials = who(cloud)
    first = doctor_checks.credentials(credentials, outputs)
    if first.level is CheckSeverity.FAILED:
        return [first]
    return [first, *findings_of(gather(cloud, outputs, credentials), outputs, source)]


def findings_of(facts: Gathered, outputs: StackOutputs, source: str = "") -> list[CheckResult]:
    """Every check except the credentials', in the order in which problems are best solved."""
    return [
        ok("outputs", _outputs_sentence(outputs, source)),
        doctor_checks.state_machine(facts.state_machine, facts.alias),
        doctor_checks.functions(facts.functions),
        *(doctor_checks.bucket(name, bucket, name == "upload") for name, bucket in facts.buckets.items()),
        doctor_checks.upload_rule(facts.rule, facts.targets),
        doctor_checks.table(facts.table, facts.backups, outputs),
        doctor_checks.cluster(facts.cluster),
        doctor_limits.image(facts.image, outputs),
        *_model_findings(facts, outputs),
        doctor_limits.lambda_concurrency(facts.lambda_account, outputs),
        *(doctor_limits.fargate_cpu(kind, quota, outputs) for kind, quota in facts.fargate.items()),
        doctor_checks.dead_letters(facts.dead_letters),
        doctor_checks.alarms(facts.alarms, facts.subscriptions, outputs),
    ]


def _outputs_sentence(outputs: StackOutputs, source: str) -> str:
    sentence = f"{outputs.environment} in {outputs.region}, release {outputs.release}, model {outputs.model}"
    return f"{sentence}; read from {source}" if source else sentence


def _model_findings(facts: Gathered, outputs: StackOutputs) -> list[CheckResult]:
    if not facts.models:
        return [ok("model access", f"{outputs.model} needs none")]
    results = [doctor_limits.model_access(name, access, outputs) for name, access in facts.models.items()]
    key = doctor_limits.model_key(facts.model_key, outputs)
    return results if key is None else [*results, key]


def as_json_text(findings: list[CheckResult]) -> str:
    """For scripts: the worst level, and every check."""
    return json.dumps({"level": worst(findings), "checks": [asdict(finding) for finding in findings]}, indent=2)


def as_table(findings: list[CheckResult]) -> Table:
    """For people: one row for each check, with the advice below the result."""
    table = checks_table()
    for finding in findings:
        observation = Text(finding.seen)
        if finding.advice and finding.level is not CheckSeverity.OK:
            observation.append(f"\n{finding.advice}", style="bold" if finding.level is CheckSeverity.FAILED else "")
        table.add_row(Text(finding.level, style=_COLOURS[finding.level]), Text(finding.check), observation)
    return table
