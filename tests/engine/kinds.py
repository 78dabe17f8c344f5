"""What our provider knows of each kind of resource: what replaces it, where it is seen, and what deletes it. Pure.

What replaces comes from the schemas of hashicorp/terraform-provider-aws (internal/service/*), which pulumi-aws bridges:
an argument that is `ForceNew` there. `name` is the argument that Pulumi would choose a value for: where a program
chooses it, and it stays, a replacement deletes the old resource first (pulumi-terraform-bridge, "autonaming").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.privileges.provider_calls import CALLS
from tests.engine.edge_kinds import EDGE_KINDS
from tests.engine.kind import Call, Kind
from tests.engine.network_kinds import NETWORK_KINDS

#: Actions that tag: a kind whose creation calls one has tags.
_TAGGING = ("TagResource", "CreateTags", "TagRole", "TagQueue")


def _of_bucket(suffix: str, found: str, arguments: Mapping[str, Any] | None = None, deletes: str = "") -> Kind:
    """What hangs on a bucket; where S3 has no call that deletes it, an empty one is put."""
    bucket = {"Bucket": "{bucket}"}
    delete = Call("s3", deletes or f"delete_{suffix}", {**bucket, **(arguments or {})})
    return Kind("bucket", Call("s3", f"get_{suffix}", bucket, found), (delete,))


_TARGET = {"Rule": "{rule}"}
_INVOKE = {"FunctionName": "{functionName}"}
_STATEMENT = {"FunctionName": "{function}", "StatementId": "{statementId}"}
_IN_ROLE = {"RoleName": "{role}", "PolicyName": "{name}"}
_MACHINE = {"stateMachineArn": "{id}"}
_BUDGET = {"AccountId": "123456789012", "BudgetName": "{name}"}
_QUEUE = {"QueueUrl": "{queueUrl}"}

_TABLE: Mapping[str, Kind] = {
    "budgets:Budget": Kind(
        "name accountId",
        Call("budgets", "describe_budget", _BUDGET, "Budget"),
        (Call("budgets", "delete_budget", _BUDGET),),
        name="name",
    ),
    "cloudwatch:Dashboard": Kind(
        "dashboardName",
        Call("cloudwatch", "get_dashboard", {"DashboardName": "{id}"}, seen={"dashboardBody": "DashboardBody"}),
        (Call("cloudwatch", "delete_dashboards", {"DashboardNames": ["{id}"]}),),
        name="dashboardName",
    ),
    "cloudwatch:EventBus": Kind(
        "name",
        Call("events", "describe_event_bus", {"Name": "{id}"}),
        (Call("events", "delete_event_bus", {"Name": "{id}"}),),
        name="name",
    ),
    "cloudwatch:EventRule": Kind(
        "name eventBusName",
        Call("events", "describe_rule", {"Name": "{id}"}, seen={"description": "Description"}),
        (Call("events", "delete_rule", {"Name": "{id}"}),),
        name="name",
    ),
    "cloudwatch:EventTarget": Kind(
        "rule targetId eventBusName",
        Call("events", "list_targets_by_rule", _TARGET, "Targets[?Id=='{targetId}'] | [0]"),
        (Call("events", "remove_targets", {**_TARGET, "Ids": ["{targetId}"]}),),
    ),
    "cloudwatch:LogGroup": Kind(
        "name logGroupClass",
        Call(
            "logs",
            "describe_log_groups",
            {"logGroupNamePrefix": "{id}"},
            "logGroups[?logGroupName=='{id}'] | [0]",
            {"retentionInDays": "retentionInDays"},
        ),
        (Call("logs", "delete_log_group", {"logGroupName": "{id}"}),),
        name="name",
    ),
    "cloudwatch:MetricAlarm": Kind(
        "name",
        Call("cloudwatch", "describe_alarms", {"AlarmNames": ["{id}"]}, "MetricAlarms[0]", {"threshold": "Threshold"}),
        (Call("cloudwatch", "delete_alarms", {"AlarmNames": ["{id}"]}),),
        name="name",
    ),
    "dynamodb:Table": Kind(
        "name hashKey rangeKey localSecondaryIndexes",
        Call(
            "dynamodb",
            "describe_table",
            {"TableName": "{id}"},
            "Table",
            {"deletionProtectionEnabled": "DeletionProtectionEnabled"},
        ),
        (Call("dynamodb", "delete_table", {"TableName": "{id}"}),),
        name="name",
    ),
    "ecr:LifecyclePolicy": Kind(
        "repository policy",
        Call("ecr", "get_lifecycle_policy", {"repositoryName": "{id}"}),
        (Call("ecr", "delete_lifecycle_policy", {"repositoryName": "{id}"}),),
    ),
    "ecr:RegistryScanningConfiguration": Kind(
        "",
        Call("ecr", "get_registry_scanning_configuration", {}, "scanningConfiguration", {"scanType": "scanType"}),
        # A registry always has one: without ours it is AWS's own.
        (Call("ecr", "put_registry_scanning_configuration", {"scanType": "BASIC", "rules": []}),),
    ),
    "ecr:Repository": Kind(
        "name encryptionConfigurations",
        Call(
            "ecr",
            "describe_repositories",
            {"repositoryNames": ["{id}"]},
            "repositories[0]",
            {"imageTagMutability": "imageTagMutability"},
        ),
        (Call("ecr", "delete_repository", {"repositoryName": "{id}", "force": "{forceDelete}"}),),
        name="name",
    ),
    "ecs:Cluster": Kind(
        "name",
        Call("ecs", "describe_clusters", {"clusters": ["{id}"]}, "clusters[?status=='ACTIVE'] | [0]"),
        (Call("ecs", "delete_cluster", {"cluster": "{id}"}),),
        name="name",
    ),
    "ecs:ClusterCapacityProviders": Kind(
        "clusterName",
        Call("ecs", "describe_clusters", {"clusters": ["{clusterName}"]}, "clusters[?status=='ACTIVE'] | [0]"),
        (
            Call(
                "ecs",
                "put_cluster_capacity_providers",
                {"cluster": "{clusterName}", "capacityProviders": [], "defaultCapacityProviderStrategy": []},
            ),
        ),
    ),
    "ecs:TaskDefinition": Kind(
        "*",
        Call("ecs", "describe_task_definition", {"taskDefinition": "{arn}"}, "taskDefinition"),
        (Call("ecs", "deregister_task_definition", {"taskDefinition": "{arn}"}),),
        kept_if="skipDestroy",
    ),
    "iam:Role": Kind(
        "name path",
        Call("iam", "get_role", {"RoleName": "{id}"}, "Role"),
        (Call("iam", "delete_role", {"RoleName": "{id}"}),),
        name="name",
    ),
    "iam:RolePolicy": Kind(
        "name role",
        Call("iam", "get_role_policy", _IN_ROLE),
        (Call("iam", "delete_role_policy", _IN_ROLE),),
        name="name",
    ),
    "kms:Alias": Kind(
        "name",
        Call("kms", "list_aliases", {}, "Aliases[?AliasName=='{id}'] | [0]"),
        (Call("kms", "delete_alias", {"AliasName": "{id}"}),),
        name="name",
    ),
    "kms:Key": Kind(
        "keyUsage customerMasterKeySpec multiRegion customKeyStoreId",
        Call("kms", "describe_key", {"KeyId": "{id}"}, "[KeyMetadata][?KeyState=='Enabled'] | [0]"),
        (
            Call(
                "kms",
                "schedule_key_deletion",
                {"KeyId": "{id}", "PendingWindowInDays": "{deletionWindowInDays}"},
            ),
        ),
    ),
    "lambda:Alias": Kind(
        "name functionName",
        Call(
            "lambda",
            "get_alias",
            {**_INVOKE, "Name": "{name}"},
            seen={"functionVersion": "FunctionVersion"},
        ),
        (Call("lambda", "delete_alias", {**_INVOKE, "Name": "{name}"}),),
        name="name",
    ),
    "lambda:Function": Kind(
        "name packageType",
        Call(
            "lambda",
            "get_function",
            {"FunctionName": "{id}"},
            "Configuration",
            {"memorySize": "MemorySize", "timeout": "Timeout"},
        ),
        (Call("lambda", "delete_function", {"FunctionName": "{id}"}),),
        name="name",
        computed=("version", "qualifiedArn", "codeSha256"),
    ),
    "lambda:FunctionEventInvokeConfig": Kind(
        "functionName qualifier",
        Call("lambda", "get_function_event_invoke_config", _INVOKE),
        (Call("lambda", "delete_function_event_invoke_config", _INVOKE),),
    ),
    "lambda:FunctionUrl": Kind(
        "functionName qualifier",
        Call("lambda", "get_function_url_config", _INVOKE, seen={"authorizationType": "AuthType"}),
        (Call("lambda", "delete_function_url_config", _INVOKE),),
        computed=("functionUrl",),
    ),
    "lambda:LayerVersion": Kind(
        "*",
        Call(
            "lambda",
            "list_layer_versions",
            {"LayerName": "{layerName}"},
            "LayerVersions[?LayerVersionArn=='{arn}'] | [0]",
        ),
        (Call("lambda", "delete_layer_version", {"LayerName": "{layerName}", "VersionNumber": "{int:version}"}),),
        kept_if="skipDestroy",
    ),
    "lambda:Permission": Kind(
        "*",
        Call("lambda", "get_policy", {"FunctionName": "{function}"}),
        (Call("lambda", "remove_permission", _STATEMENT),),
    ),
    "s3:Bucket": Kind(
        "bucket objectLockEnabled",
        Call("s3", "head_bucket", {"Bucket": "{id}"}),
        (Call("s3", "delete_bucket", {"Bucket": "{id}"}),),
        name="bucket",
        emptied_if="forceDestroy",
    ),
    "s3:BucketLifecycleConfiguration": _of_bucket(
        "bucket_lifecycle_configuration", "Rules", deletes="delete_bucket_lifecycle"
    ),
    "s3:BucketLogging": _of_bucket(
        "bucket_logging", "LoggingEnabled", {"BucketLoggingStatus": {}}, "put_bucket_logging"
    ),
    "s3:BucketNotification": _of_bucket(
        "bucket_notification_configuration",
        "EventBridgeConfiguration",
        {"NotificationConfiguration": {}},
        "put_bucket_notification_configuration",
    ),
    # moto is handed a part of the policy, or none (local/resources/s3.py): what is seen of it is its bucket.
    "s3:BucketPolicy": Kind(
        "bucket",
        Call("s3", "head_bucket", {"Bucket": "{bucket}"}),
        (Call("s3", "delete_bucket_policy", {"Bucket": "{bucket}"}),),
    ),
    "s3:BucketPublicAccessBlock": _of_bucket("public_access_block", "PublicAccessBlockConfiguration"),
    "s3:BucketServerSideEncryptionConfiguration": _of_bucket("bucket_encryption", "ServerSideEncryptionConfiguration"),
    "s3:BucketVersioning": _of_bucket(
        "bucket_versioning",
        "Status",
        {"VersioningConfiguration": {"Status": "Suspended"}},
        "put_bucket_versioning",
    ),
    "scheduler:Schedule": Kind(
        "name groupName",
        Call("scheduler", "get_schedule", {"Name": "{id}"}, seen={"scheduleExpression": "ScheduleExpression"}),
        (Call("scheduler", "delete_schedule", {"Name": "{id}"}),),
        name="name",
    ),
    "sfn:Alias": Kind(
        "name",
        Call("stepfunctions", "describe_state_machine_alias", {"stateMachineAliasArn": "{id}"}),
        (Call("stepfunctions", "delete_state_machine_alias", {"stateMachineAliasArn": "{id}"}),),
        name="name",
    ),
    "sfn:StateMachine": Kind(
        "name type",
        Call("stepfunctions", "describe_state_machine", _MACHINE, seen={"definition": "definition"}),
        (Call("stepfunctions", "delete_state_machine", _MACHINE),),
        name="name",
        computed=("stateMachineVersionArn", "revisionId"),
    ),
    "sns:Topic": Kind(
        "name fifoTopic",
        Call("sns", "get_topic_attributes", {"TopicArn": "{id}"}, "Attributes"),
        (Call("sns", "delete_topic", {"TopicArn": "{id}"}),),
        name="name",
    ),
    "sns:TopicPolicy": Kind("arn", Call("sns", "get_topic_attributes", {"TopicArn": "{arn}"}, "Attributes.Policy")),
    "sns:TopicSubscription": Kind(
        "topic protocol endpoint",
        Call("sns", "get_subscription_attributes", {"SubscriptionArn": "{id}"}, "Attributes"),
        (Call("sns", "unsubscribe", {"SubscriptionArn": "{id}"}),),
    ),
    "sqs:Queue": Kind(
        "name fifoQueue",
        Call("sqs", "get_queue_attributes", {"QueueUrl": "{id}", "AttributeNames": ["All"]}, "Attributes"),
        (Call("sqs", "delete_queue", {"QueueUrl": "{id}"}),),
        name="name",
    ),
    "sqs:QueuePolicy": Kind(
        "queueUrl",
        Call("sqs", "get_queue_attributes", {**_QUEUE, "AttributeNames": ["Policy"]}, "Attributes.Policy"),
        (Call("sqs", "set_queue_attributes", {**_QUEUE, "Attributes": {"Policy": ""}}),),
    ),
    "ssm:Parameter": Kind(
        "name",
        Call("ssm", "get_parameter", {"Name": "{id}"}, "Parameter", {"insecureValue": "Value"}),
        (Call("ssm", "delete_parameter", {"Name": "{id}"}),),
        name="name",
    ),
}
KINDS: Mapping[str, Kind] = {
    name: replace(kind, tagged=any(action in CALLS[name].create for action in _TAGGING))
    for name, kind in {**_TABLE, **NETWORK_KINDS, **EDGE_KINDS}.items()
}
