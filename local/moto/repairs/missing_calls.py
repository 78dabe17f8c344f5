"""Calls of a deployment that moto answers with an error 500, which the SDK repeats for minutes."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.replacements import replaces


@replaces(LogsResponse, "associate_kms_key")
def associate_kms_key(self: Any) -> ActionResult:
    """A log group is encrypted with a customer's key from now on."""
    _encrypt_log_group(self, self._get_param("kmsKeyId"))
    return EmptyResult()


@replaces(LogsResponse, "disassociate_kms_key")
def disassociate_kms_key(self: Any) -> ActionResult:
    """A log group is encrypted with AWS's own key again."""
    _encrypt_log_group(self, None)
    return EmptyResult()


@replaces(StepFunctionResponse, "list_state_machine_versions")
def list_state_machine_versions(self: Any) -> ActionResult:
    """The published versions of a state machine, newest first."""
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    versions = [
        {"stateMachineVersionArn": each.arn, "creationDate": each.creation_date}
        for _, each in sorted(machine.versions.items(), reverse=True)
    ]
    return ActionResult({"stateMachineVersions": versions})


def _encrypt_log_group(self: Any, key: str | None) -> None:
    name = self._get_param("logGroupName")
    if name not in self.logs_backend.groups:
        raise ResourceNotFoundException
    vars(self.logs_backend.groups[name])["kms_key_id"] = key
