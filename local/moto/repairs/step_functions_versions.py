"""Which version an execution runs: Step Functions says it and lists by it, moto knows of none."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.repairs.step_functions import STARTS, machine_and_qualifier
from local.moto.replacements import replaces

_original_describe = StepFunctionResponse.describe_execution
_original_list = StepFunctionsParserBackend.list_executions


@replaces(StepFunctionResponse, "describe_execution")
def _describe_execution(self: Any) -> ActionResult:
    """moto leaves out the version that an execution runs."""
    described: Any = _original_describe(self)
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    version = _version_arn(execution)
    return ActionResult({**described.result, "stateMachineVersionArn": version} if version else described.result)


@replaces(StepFunctionsParserBackend, "list_executions")
def _list_executions(self: Any, state_machine_arn: str, status_filter: str | None = None, **page: Any) -> Any:
    """Of a version's ARN, Step Functions lists that version's executions; moto lists none. One page is all."""
    machine, qualifier = machine_and_qualifier(state_machine_arn)
    if not qualifier.isdecimal():
        return _original_list(self, machine, status_filter=status_filter, **page)
    listed = [
        execution
        for execution in self.describe_state_machine(machine).executions
        if _version_arn(execution) == state_machine_arn and status_filter in {None, execution.status}
    ]
    newest_first = sorted(listed, key=lambda execution: execution.start_date, reverse=True)
    return newest_first[: page.get("max_results") or 100], None


def _version_arn(execution: Any) -> str | None:
    with STARTS:
        version: str | None = vars(execution).get("version_arn")
    return version
