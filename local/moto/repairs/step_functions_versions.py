"""Which version an execution runs: Step Functions says it and lists by it, moto knows of none."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from local.moto.repairs.step_functions import STARTS, machine_and_qualifier
from local.moto.replacements import replaces

_original_list = StepFunctionsParserBackend.list_executions


@replaces(StepFunctionsParserBackend, "list_executions")
def _list_executions(self: Any, state_machine_arn: str, status_filter: str | None = None, **page: Any) -> Any:
    """Of a version's ARN, Step Functions lists that version's executions; moto lists none. One page is all."""
    machine, qualifier = machine_and_qualifier(state_machine_arn)
    if not qualifier.isdecimal():
        return _original_list(self, machine, status_filter=status_filter, **page)
    listed = [
        execution
        for execution in self.describe_state_machine(machine).executions
        if version_arn(execution) == state_machine_arn and status_filter in {None, execution.status}
    ]
    newest_first = sorted(listed, key=lambda execution: execution.start_date, reverse=True)
    return newest_first[: page.get("max_results") or 100], None


def version_arn(execution: Any) -> str | None:
    """The version that the execution runs; None where it was started without one."""
    with STARTS:
        version: str | None = vars(execution).get("version_arn")
    return version
