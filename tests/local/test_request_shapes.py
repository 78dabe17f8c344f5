"""What AWS's API models do not allow is refused before moto sees it."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ParamValidationError

from local.moto.request_shapes import check

_SESSION = botocore.session.get_session()


def _check(service: str, operation: str, **params: Any) -> None:
    check(params, _SESSION.get_service_model(service).operation_model(operation))


@pytest.mark.parametrize(
    ("service", "operation", "params", "said"),
    [
        ("lambda", "CreateFunction", {"Timeout": 5_401}, "at most 5400"),
        ("lambda", "CreateFunction", {"MemorySize": 64}, "at least 128"),
        ("lambda", "CreateFunction", {"Architectures": ["riscv"]}, "is none of"),
        ("iam", "CreateRole", {"RoleName": "r" * 65}, "at most 64"),
        ("iam", "CreateRole", {"RoleName": "a role"}, "does not match"),
        ("events", "PutRule", {"Name": "a rule!"}, "does not match"),
        ("logs", "CreateLogGroup", {"logGroupName": "/aws/*"}, "does not match"),
        ("stepfunctions", "CreateStateMachine", {"name": "m" * 81}, "at most 80"),
        ("dynamodb", "CreateTable", {"TableName": "t" * 1_100}, "at most"),
    ],
)
def test_a_value_that_aws_refuses_is_named(service: str, operation: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(ParamValidationError, match=said):
        _check(service, operation, **params)


def test_what_aws_takes_passes() -> None:
    _check("lambda", "CreateFunction", FunctionName="swarm-dev-scan", Timeout=900, MemorySize=1_024)
    _check("iam", "CreateRole", RoleName="swarm-dev-scan", Tags=[{"Key": "project", "Value": "serverless-swarm"}])
