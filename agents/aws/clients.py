"""boto3 clients: made when first asked for, once per process, never at import."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_bedrock import BedrockClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_ecs import ECSClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_stepfunctions import SFNClient

# botocore puts its own together anew for each request, an eighth of a call's processor time.
_NAMED = Config(user_agent=f"serverless-swarm boto3/{boto3.__version__} botocore/{botocore.__version__}")
# A function asks as many questions at once, and writes each answer: a connection beyond the pool's ten is made anew.
_PATIENT = _NAMED.merge(
    Config(
        connect_timeout=5,
        read_timeout=60,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=64,
    )
)
# A heartbeat that hangs is a missed heartbeat: it is better tried again soon.
_BRISK = _NAMED.merge(Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}))


@cache
def dynamodb() -> DynamoDBClient:
    """DynamoDB."""
    return boto3.client("dynamodb", config=_PATIENT)


@cache
def s3() -> S3Client:
    """S3."""
    return boto3.client("s3", config=_PATIENT)


@cache
def step_functions() -> SFNClient:
    """Step Functions."""
    return boto3.client("stepfunctions", config=_BRISK)


@cache
def functions() -> LambdaClient:
    """Lambda."""
    return boto3.client("lambda", config=_BRISK)


@cache
def secrets_manager() -> SecretsManagerClient:
    """Secrets Manager."""
    return boto3.client("secretsmanager", config=_BRISK)


def bedrock_runtime(base_url: str, timeout_seconds: float) -> Any:
    """The Bedrock runtime; its throttles are retried in one place, the state machine."""
    config = Config(
        connect_timeout=5, read_timeout=timeout_seconds, retries={"total_max_attempts": 1}, max_pool_connections=64
    )
    return boto3.client("bedrock-runtime", endpoint_url=base_url or None, config=config)


@cache
def bedrock(base_url: str) -> BedrockClient:
    """Bedrock's control plane, which keeps batch inference jobs; throttles are retried by the state machine."""
    config = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1})
    return boto3.client("bedrock", endpoint_url=base_url or None, config=config)


@cache
def sns(region: str) -> Any:
    """SNS, in the region of a topic."""
    return boto3.client("sns", config=_BRISK, region_name=region)


@cache
def events() -> Any:
    """EventBridge."""
    return boto3.client("events", config=_BRISK)


@cache
def ecs() -> ECSClient:
    """ECS."""
    return boto3.client("ecs", config=_PATIENT)
