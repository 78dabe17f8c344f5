"""What each integration of the state machine takes and can answer: parameters, reserved ones, error names. Data only.

Sources: AWS's pages connect-lambda, connect-ecs and connect-ddb ("Supported APIs"); `ValidateStateMachineDefinition` as
recorded in radkawar/stackd, testdata/aws/stepfunctions (September 2026); the error shapes of botocore's models, against
which tests/workflow/test_integrations.py holds every list here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

LAMBDA = "arn:aws:states:::lambda:invoke"
LAMBDA_TOKEN = "arn:aws:states:::lambda:invoke.waitForTaskToken"  # noqa: S105 (a resource's name)
TASK_SYNC = "arn:aws:states:::ecs:runTask.sync"
TASK_TOKEN = "arn:aws:states:::ecs:runTask.waitForTaskToken"  # noqa: S105 (a resource's name)
GET_ITEM = "arn:aws:states:::dynamodb:getItem"
PUT_ITEM = "arn:aws:states:::dynamodb:putItem"
READ_ITEMS = "arn:aws:states:::s3:getObject"
WRITE_RESULTS = "arn:aws:states:::s3:putObject"


@dataclass(frozen=True)
class Integration:
    """One service integration.

    `parameters` is what the definition may name; a name outside is refused when the state machine is created.
    `transient` are errors after which the same call may succeed; every state that uses the integration retries them.
    `final` are those that repeat until a person changes something: States.ALL catches them.
    """

    operation: tuple[str, str]
    parameters: frozenset[str]
    transient: frozenset[str] = frozenset()
    final: Mapping[str, str] = field(default_factory=dict)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUN_TASK = _names(
    "Cluster Group LaunchType NetworkConfiguration Overrides PlacementConstraints PlacementStrategy PlatformVersion"
    " PropagateTags TaskDefinition EnableExecuteCommand CapacityProviderStrategy Tags"
)
#: With `.sync` Step Functions fills these in itself; a definition that names one, also by path, is refused
#: (stackd ecs_schema_admission.json, labels sync-started-by and sync-count-path).
RESERVED_WITH_SYNC = _names("StartedBy Count")
_TASK_TRANSIENT = _names(
    # AmazonECS.Unknown: `failures` in the answer of RunTask (connect-ecs), when there is no capacity or no vCPU left
    # in the quota. The same was reported as ECS.AmazonECSException (repost.aws, ecs-fargate-runtask-capacity).
    "AmazonECS.Unknown ECS.AmazonECSException ECS.ClientException ECS.InvalidParameterException ECS.ServerException"
    " ECS.ThrottlingException"
)
_TASK_FINAL = {
    "ECS.AccessDeniedException": "a role lacks a permission",
    "ECS.BlockedException": "AWS has blocked the account",
    "ECS.ClusterNotFoundException": "the cluster is gone: deploy",
    "ECS.ConflictException": "the same client token with another request; we send none",
    "ECS.PlatformTaskDefinitionIncompatibilityException": "the task definition does not fit the platform version",
    "ECS.PlatformUnknownException": "no such platform version",
    "ECS.UnsupportedFeatureException": "the region lacks what the request names",
}
_TABLE_TRANSIENT = _names(
    "DynamoDB.ProvisionedThroughputExceededException DynamoDB.ThrottlingException DynamoDB.RequestLimitExceeded"
    " DynamoDB.InternalServerError"
)
_TABLE_FINAL = {
    "DynamoDB.ResourceNotFoundException": "the table is gone: deploy",
    # Faults of form come by this name (localstack's snapshot of an item without a key).
    "DynamoDB.AmazonDynamoDBException": "the request's form is wrong, or a permission is missing",
}
_WRITE_FINAL = {
    "DynamoDB.ConditionalCheckFailedException": "no item of the state machine has a condition",
    "DynamoDB.ItemCollectionSizeLimitExceededException": "the table has no local index",
    "DynamoDB.TransactionConflictException": "no agent uses transactions",
    "DynamoDB.ReplicatedWriteConflictException": "the table has no replica",
}
_LAMBDA_TRANSIENT = _names(
    "Lambda.TooManyRequestsException Lambda.EC2ThrottledException Lambda.ServiceException Lambda.AWSLambdaException"
    " Lambda.SdkClientException Lambda.ClientExecutionTimeoutException"
)
_NO_VPC = "functions are in no network of ours"
_NO_FILE_SYSTEM = "functions mount no file system"
_NO_SNAPSHOT = "functions do not use SnapStart"
_REQUEST = "the request is wrong: a fault of ours"
_CODE_ARTIFACT = "functions have no code from CodeArtifact or a runtime version of a user's choice"
_KMS = "a person took the key, or its permission, away"
_LAMBDA_FINAL = {
    **dict.fromkeys(
        _names(
            "Lambda.InvalidSecurityGroupIDException Lambda.SubnetIPAddressLimitReachedException"
            " Lambda.EC2UnexpectedException Lambda.InvalidSubnetIDException Lambda.EC2AccessDeniedException"
            " Lambda.ENILimitReachedException Lambda.ENINotReadyException"
        ),
        _NO_VPC,
    ),
    **dict.fromkeys(
        _names(
            "Lambda.EFSMountConnectivityException Lambda.EFSIOException Lambda.EFSMountTimeoutException"
            " Lambda.EFSMountFailureException Lambda.S3FilesMountConnectivityException"
            " Lambda.S3FilesMountFailureException Lambda.S3FilesMountTimeoutException"
        ),
        _NO_FILE_SYSTEM,
    ),
    **dict.fromkeys(
        _names(
            "Lambda.SnapStartTimeoutException Lambda.SnapStartNotReadyException Lambda.SnapStartException"
            " Lambda.SnapStartRegenerationFailureException"
        ),
        _NO_SNAPSHOT,
    ),
    **dict.fromkeys(
        _names(
            "Lambda.RequestTooLargeException Lambda.UnsupportedMediaTypeException"
            " Lambda.SerializedRequestEntityTooLargeException Lambda.InvalidParameterValueException"
            " Lambda.InvalidRequestContentException Lambda.ModeNotSupportedException"
            " Lambda.RecursiveInvocationException Lambda.DurableExecutionAlreadyStartedException"
        ),
        _REQUEST,
    ),
    **dict.fromkeys(
        _names(
            "Lambda.RuntimeAliasDeletedException Lambda.CodeArtifactUserDeletedException"
            " Lambda.CodeArtifactUserPendingException Lambda.CodeArtifactUserFailedException"
            " Lambda.RuntimeVersionDeletedException"
        ),
        _CODE_ARTIFACT,
    ),
    **dict.fromkeys(
        _names("Lambda.KMSAccessDeniedException Lambda.KMSDisabledException Lambda.KMSNotFoundException"), _KMS
    ),
    "Lambda.KMSInvalidStateException": _KMS,
    "Lambda.ResourceNotFoundException": "the function or its alias is gone: deploy",
    "Lambda.NoPublishedVersionException": "the function has no version: deploy",
    "Lambda.ResourceConflictException": "the function is being deployed; the alias names a finished version",
    "Lambda.ResourceNotReadyException": "a version that an alias names is ready",
    "Lambda.InvalidRuntimeException": "the runtime is not supported any more: deploy",
    "Lambda.InvalidZipFileException": "the zip cannot be read: build and deploy",
    "Lambda.ServiceQuotaExceededException": "a person raises the quota",
    "Lambda.AccessDeniedException": "a role lacks a permission",
}
_INVOKE = Integration(
    ("lambda", "Invoke"),
    _names("ClientContext FunctionName InvocationType Qualifier Payload"),
    _LAMBDA_TRANSIENT,
    _LAMBDA_FINAL,
)
INTEGRATIONS: Mapping[str, Integration] = {
    # LogType is in no list of AWS's, and was accepted (localstack, test_invoke_unsupported_param, 2025-11-06).
    LAMBDA: replace(_INVOKE, parameters=_INVOKE.parameters | {"LogType"}),
    LAMBDA_TOKEN: _INVOKE,
    TASK_SYNC: Integration(("ecs", "RunTask"), _RUN_TASK, _TASK_TRANSIENT, _TASK_FINAL),
    # Count is accepted with a token (stackd, callback-count-two). StartedBy was recorded by nobody: we do not name it.
    TASK_TOKEN: Integration(("ecs", "RunTask"), _RUN_TASK | {"Count"}, _TASK_TRANSIENT, _TASK_FINAL),
    GET_ITEM: Integration(
        ("dynamodb", "GetItem"),
        _names(
            "Key TableName AttributesToGet ConsistentRead ExpressionAttributeNames ProjectionExpression"
            " ReturnConsumedCapacity"
        ),
        _TABLE_TRANSIENT,
        _TABLE_FINAL,
    ),
    PUT_ITEM: Integration(
        ("dynamodb", "PutItem"),
        _names(
            "Item TableName ConditionalOperator ConditionExpression Expected ExpressionAttributeNames"
            " ExpressionAttributeValues ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues"
        ),
        _TABLE_TRANSIENT,
        {**_TABLE_FINAL, **_WRITE_FINAL},
    ),
    # A Map's reader and writer fail as States.ItemReaderFailed and States.ResultWriterFailed; States.ALL catches both.
    READ_ITEMS: Integration(("s3", "GetObject"), _names("Bucket Key VersionId ExpectedBucketOwner")),
    WRITE_RESULTS: Integration(("s3", "PutObject"), _names("Bucket Prefix ExpectedBucketOwner")),
}


def unsupported(resource: str, parameters: Mapping[str, Any]) -> list[str]:
    """Names in a state's Parameters, by value or by path, that Step Functions refuses for this integration."""
    supported = INTEGRATIONS[resource].parameters
    return sorted(name for name in (key.removesuffix(".$") for key in parameters) if name not in supported)
