"""Calls about a map run: its children are listed, its figures are those of AWS, and refusals have AWS's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.exceptions import AWSError, InvalidArn, ResourceNotFound
from moto.stepfunctions.parser.api import MapRunStatus
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.map_run_record import (
    MapRunRecord,
)
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.listing import page_of, refuse_unknown
from local.moto.map_run_children import children_of, counts_of
from local.moto.repairs.step_functions_redrive import redrives_of
from local.moto.repairs.step_functions_refusals import UNLIMITED
from local.moto.replacements import replaces

_ARN = re.compile(r"arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:mapRun:[^/:\s]+/[^/:\s]+:[^/:\s]+")
_STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE")
_REDRIVES = ("REDRIVEN", "NOT_REDRIVEN")
_original_list = StepFunctionResponse.list_executions


@replaces(StepFunctionResponse, "list_executions")
def _list_executions(self: Any) -> ActionResult:
    """moto lists no map run's children, knows no filter by redrives, and says of an execution nothing of them."""
    refuse_unknown(self, "statusFilter", _STATUSES)
    refuse_unknown(self, "redriveFilter", _REDRIVES)
    machine, map_run = self._get_param("stateMachineArn"), self._get_param("mapRunArn")
    if bool(machine) == bool(map_run):
        raise _invalid("Specify either a state machine ARN or a map run ARN")
    if self._get_param("statusFilter") == "PENDING_REDRIVE" and not map_run:
        raise _invalid("The status PENDING_REDRIVE needs a map run ARN")
    if map_run:
        children = list(children_of(_record(self, map_run)).by_index.values())
        return _page(self, (child.listed for child in reversed(children)))
    if not self._get_param("redriveFilter"):
        answer = _original_list(self)
        answer.result["executions"] = [each | _redrives(self, each) for each in answer.result["executions"]]
        return answer
    found = self.stepfunction_backend.describe_state_machine(machine).executions
    listed = (_listed(execution) for execution in reversed(found))
    return _page(self, (each | _redrives(self, each) for each in listed))


def _page(self: Any, listed: Iterator[dict[str, Any]]) -> ActionResult:
    status, redriven = self._get_param("statusFilter"), self._get_param("redriveFilter")
    chosen = [
        each
        for each in listed
        if status in {None, each["status"]} and redriven in {None, _REDRIVES[each["redriveCount"] == 0]}
    ]
    entries, token = page_of(self, chosen, "executionArn")
    return ActionResult({"executions": entries} | ({"nextToken": token} if token else {}))


def _listed(execution: Any) -> dict[str, Any]:
    listed = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.start_date,
    }
    return listed | ({"stopDate": execution.stop_date} if execution.stop_date else {})


def _redrives(self: Any, listed: dict[str, Any]) -> dict[str, Any]:
    redrives = redrives_of(self.stepfunction_backend.describe_execution(listed["executionArn"]))
    return {"redriveCount": redrives.count} | ({"redriveDate": redrives.date} if redrives.date else {})


def _record(self: Any, arn: str) -> Any:
    """moto's record of a map run. Raises InvalidArn or ResourceNotFound."""
    if not _ARN.fullmatch(arn):
        raise InvalidArn(f"Invalid Arn: '{arn}'")
    for execution in self.stepfunction_backend._get_executions():
        record = execution.exec_worker.env.map_run_record_pool_manager.get(arn)
        if record is not None:
            return record
    raise ResourceNotFound(arn)


@replaces(StepFunctionResponse, "describe_map_run")
def _describe_map_run(self: Any) -> ActionResult:
    """AWS counts the items that wait, too, and those that ran; moto counts starts, and its refusals have no code."""
    record = _record(self, self._get_param("mapRunArn") or "")
    described: dict[str, Any] = dict(record.describe())
    counts = counts_of(record)
    described |= {"itemCounts": counts, "executionCounts": counts} | _tolerated(record)
    redriven = [child for child in children_of(record).by_index.values() if child.redriven]
    described["redriveCount"] = max((child.redrives for child in redriven), default=0)
    if redriven:
        described["redriveDate"] = max(child.redriven for child in redriven if child.redriven)
    return ActionResult(described)


def _tolerated(record: Any) -> dict[str, Any]:
    """A tolerance that is not written is 0 for AWS; the interpreter holds one that nothing exceeds."""
    count, percentage = record.tolerated_failure_count, record.tolerated_failure_percentage
    return {
        "toleratedFailureCount": 0 if count == UNLIMITED else count,
        "toleratedFailurePercentage": 0.0 if count not in {0, UNLIMITED} and percentage == 100 else percentage,
    }


_ORIGINAL_STOP = MapRunRecord.set_stop


@replaces(MapRunRecord, "set_stop")
def _stop(self: Any, status: Any) -> None:
    """A map run whose execution is stopped is ABORTED; moto calls it SUCCEEDED."""
    aborted = any(child.status == "ABORTED" for child in children_of(self).by_index.values())
    _ORIGINAL_STOP(self, MapRunStatus.ABORTED if aborted and status == MapRunStatus.SUCCEEDED else status)


@replaces(StepFunctionResponse, "update_map_run")
def _update_map_run(self: Any) -> ActionResult:
    """AWS refuses an update of nothing, of a map run that is over, and what is no number in its range."""
    record = _record(self, self._get_param("mapRunArn") or "")
    most = {"maxConcurrency": None, "toleratedFailureCount": None, "toleratedFailurePercentage": 100}
    given = {name: self._get_param(name) for name in most}
    for name, value in given.items():
        if value is not None and (value < 0 or value > (most[name] or value)):
            raise _invalid(f"Value '{value}' at '{name}' is out of its range")
    if all(value is None for value in given.values()):
        raise _invalid("Specify at least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage")
    if record.stop_date is not None:
        raise _invalid(f"The map run is {record.status} and cannot be updated")
    record.update(*given.values())
    return EmptyResult()


_original_map_runs = StepFunctionResponse.list_map_runs


@replaces(StepFunctionResponse, "list_map_runs")
def _list_map_runs(self: Any) -> ActionResult:
    """moto gives all of them in one page, whatever it is asked for; of an execution that has not begun, an error."""
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.exec_worker is None or execution.exec_worker.env is None:
        return ActionResult({"mapRuns": []})
    listed = list(_original_map_runs(self).result["mapRuns"])
    entries, token = page_of(self, listed[::-1], "mapRunArn")
    return ActionResult({"mapRuns": entries} | ({"nextToken": token} if token else {}))


def _invalid(problem: str) -> AWSError:
    return AWSError(problem, "ValidationException", 400)
