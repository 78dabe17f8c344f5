"""What is in a local cloud, asked service by service: apart from the provider's own table."""

from __future__ import annotations

from typing import Any

import jmespath  # type: ignore[import-untyped]  # the library has no types

from local.cloud import LocalCloud

#: Service, call, and the JMESPath of names in its answer.
_LISTS = (
    ("cloudfront", "list_distributions", "DistributionList.Items[].Id"),
    ("cloudfront", "list_functions", "FunctionList.Items[].Name"),
    ("cloudfront", "list_origin_access_controls", "OriginAccessControlList.Items[].Id"),
    ("cloudfront", "list_public_keys", "PublicKeyList.Items[].Id"),
    ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    ("dynamodb", "list_tables", "TableNames"),
    ("ec2", "describe_flow_logs", "FlowLogs[].FlowLogId"),
    ("ec2", "describe_internet_gateways", "InternetGateways[].InternetGatewayId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints[?State!='deleted'].VpcEndpointId"),
    ("ec2", "describe_vpcs", "Vpcs[?!IsDefault].VpcId"),
    ("ec2", "describe_security_groups", "SecurityGroups[?GroupName!='default'].GroupName"),
    ("ecr", "describe_repositories", "repositories[].repositoryName"),
    ("ecs", "list_task_definitions", "taskDefinitionArns"),
    ("events", "list_event_buses", "EventBuses[?Name!='default'].Name"),
    ("events", "list_rules", "Rules[].Name"),
    ("iam", "list_roles", "Roles[].RoleName"),
    ("kms", "list_aliases", "Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"),
    ("lambda", "list_functions", "Functions[].FunctionName"),
    ("lambda", "list_layers", "Layers[].LayerName"),
    ("logs", "describe_log_groups", "logGroups[].logGroupName"),
    ("s3", "list_buckets", "Buckets[].Name"),
    ("scheduler", "list_schedules", "Schedules[].Name"),
    ("sns", "list_topics", "Topics[].TopicArn"),
    ("sqs", "list_queues", "QueueUrls"),
    ("ssm", "describe_parameters", "Parameters[].Name"),
    ("stepfunctions", "list_state_machines", "stateMachines[].name"),
)


def inventory(cloud: LocalCloud) -> dict[str, list[str]]:
    """Names by service and call; calls that find nothing are left out."""
    found: dict[str, list[str]] = {}
    for service, call, path in _LISTS:
        client: Any = cloud.client(service)
        pages = client.get_paginator(call).paginate() if client.can_paginate(call) else [getattr(client, call)()]
        names = [name for page in pages for name in jmespath.search(path, page) or []]
        if names:
            found[f"{service}:{call}"] = names
    budgets = cloud.client("budgets").describe_budgets(AccountId=cloud.account)["Budgets"]
    if budgets:
        found["budgets:describe_budgets"] = [each["BudgetName"] for each in budgets]
    ecs, keys = cloud.client("ecs"), cloud.client("kms")
    # A deleted cluster stays listed for a while, as INACTIVE.
    clusters = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
    active = [each["clusterName"] for each in clusters if each["status"] == "ACTIVE"]
    if active:
        found["ecs:list_clusters"] = active
    enabled = [each["KeyId"] for each in keys.list_keys()["Keys"]]
    states = {key: keys.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in enabled}
    usable = [key for key, state in states.items() if state == "Enabled"]
    return {**found, "kms:list_keys": usable} if usable else found
