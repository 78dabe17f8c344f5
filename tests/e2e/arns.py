"""Every ARN that a stack's state machine, rules and policies name, looked up in the cloud it was made real in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from local.cloud import LocalCloud

_ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[^\s\"\\]+")
#: ARNs that stand for what a stack does not create, and why.
ELSEWHERE: Mapping[str, str] = {
    r"arn:aws:states:::.+": "an integration of Step Functions: the name of an action, not of a thing",
    r".+:rule/StepFunctionsGetEventsForECSTaskRule": "Step Functions makes this rule itself, at the first `.sync` task",
    r"arn:aws:ecr:.+:repository/.+": "the image's repository is the person's own, named by containerImage",
    r"arn:aws:iam::[0-9]+:root": "the account itself, in the key's policy",
    r".+:execution:.+": "executions come and go; the state machine in the middle of the ARN is looked up",
    r".+:task/.+/\*": "tasks come and go; the cluster in the middle of the ARN is looked up",
    r"arn:aws:cloudfront::[0-9]+:distribution/\*": "in the key's policy: the key is made before the distribution",
    r"arn:aws:logs:[^:]+:[0-9]+:log-group:/aws/\*/.+": "in the key's policy, the pattern that our log groups fit",
}


def named_arns(cloud: LocalCloud) -> dict[str, str]:
    """Each ARN, and where it is named."""
    found: dict[str, str] = {}
    for where, text in _texts(cloud):
        for arn in _ARN.findall(text):
            found.setdefault(arn, where)
    return found


def missing_arns(cloud: LocalCloud) -> list[str]:
    """Those that nothing answers to."""
    exists = _Lookup(cloud).exists
    return [f"{arn} (named in {where})" for arn, where in sorted(named_arns(cloud).items()) if not exists(arn)]


def elsewhere(arn: str) -> bool:
    """Whether the ARN stands for what a stack does not create."""
    return any(re.fullmatch(pattern, arn) for pattern in ELSEWHERE)


def _texts(cloud: LocalCloud) -> Iterator[tuple[str, str]]:
    states, iam, events = (cloud.client(service) for service in ("stepfunctions", "iam", "events"))
    for machine in states.list_state_machines()["stateMachines"]:
        described = states.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
        yield f"state machine {machine['name']}", f'{described["definition"]} "{described["roleArn"]}"'
    for role in iam.get_paginator("list_roles").paginate().build_full_result()["Roles"]:
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
            yield f"policy of {role['RoleName']}", json.dumps(document)
    for rule in events.list_rules()["Rules"]:
        yield f"rule {rule['Name']}", json.dumps(events.list_targets_by_rule(Rule=rule["Name"])["Targets"])
    for url in cloud.client("sqs").list_queues().get("QueueUrls", []):
        attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
        yield f"queue {url}", attributes.get("Policy", "")
    for key in cloud.client("kms").list_keys()["Keys"]:
        policy = cloud.client("kms").get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
        yield f"key {key['KeyId']}", policy


class _Lookup:
    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud = cloud
        self._ask = cache(self._answered)

    def exists(self, arn: str) -> bool:
        """Whether it is there; of a pattern, what stands before it."""
        if ":execution:" in arn:
            prefix, _, name = arn.partition(":execution:")
            return self._ask(f"{prefix}:stateMachine:{re.split('[:/]', name)[0]}")
        if arn.split(":")[2] == "ecs" and arn.endswith("/*"):
            return self._ask(arn.replace(":task/", ":cluster/").removesuffix("/*"))
        if ":stateMachine:" in arn:
            return elsewhere(arn) or self._ask(arn.removesuffix("/*"))
        if ":task-definition/" in arn:
            return self._ask(arn.replace(":*", ":1") if arn.endswith(":*") else arn)
        return elsewhere(arn) or self._ask(arn)

    def _answered(self, arn: str) -> bool:
        service, resource = arn.split(":")[2], arn.split(":", 5)[5]
        look = _LOOKS.get(service)
        if look is None:
            return False
        try:
            look(self._cloud.client, resource)
        except (ClientError, LookupError):
            return False
        return True


Client = Callable[[str], Any]


def _look_up_group(client: Client, resource: str) -> None:
    name = resource.removeprefix("log-group:").removesuffix(":*")
    groups = client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    if name not in {group["logGroupName"] for group in groups}:
        raise LookupError(name)


def _look_up_machine(client: Client, resource: str) -> None:
    machines = client("stepfunctions").list_state_machines()["stateMachines"]
    _, name, *qualifier = resource.split(":")
    (arn,) = [machine["stateMachineArn"] for machine in machines if machine["name"] == name] or [""]
    if not arn:
        raise LookupError(name)
    if qualifier:
        client("stepfunctions").describe_state_machine_alias(stateMachineAliasArn=f"{arn}:{qualifier[0]}")


def _look_up_container(client: Client, resource: str) -> None:
    kind, _, name = resource.partition("/")
    if kind == "task-definition":
        client("ecs").describe_task_definition(taskDefinition=name)
    elif not client("ecs").describe_clusters(clusters=[name])["clusters"]:
        raise LookupError(name)


def _look_up_function(client: Client, resource: str) -> None:
    _, name, *qualifier = resource.split(":")
    if qualifier:
        if qualifier[0].isdecimal():
            client("lambda").get_function(FunctionName=name, Qualifier=qualifier[0])
        elif qualifier[0] == "*":  # every version
            client("lambda").get_function(FunctionName=name)
        else:
            client("lambda").get_alias(FunctionName=name, Name=qualifier[0])
    else:
        client("lambda").get_function(FunctionName=name)


def _look_up_topic(client: Client, resource: str) -> None:
    if not any(topic["TopicArn"].endswith(f":{resource}") for topic in client("sns").list_topics()["Topics"]):
        raise LookupError(resource)


def _look_up_event_resource(client: Client, resource: str) -> None:
    kind, _, name = resource.partition("/")
    if kind == "event-bus":
        client("events").describe_event_bus(Name=name)
    else:
        client("events").describe_rule(Name=name)


_LOOKS: Mapping[str, Callable[[Client, str], object]] = {
    "s3": lambda client, name: client("s3").head_bucket(Bucket=name.partition("/")[0]),
    "dynamodb": lambda client, name: client("dynamodb").describe_table(TableName=name.partition("/")[2]),
    "iam": lambda client, name: client("iam").get_role(RoleName=name.partition("/")[2]),
    "kms": lambda client, name: client("kms").describe_key(KeyId=name.partition("/")[2]),
    "sqs": lambda client, name: client("sqs").get_queue_url(QueueName=name),
    "events": _look_up_event_resource,
    "sns": _look_up_topic,
    "logs": _look_up_group,
    "states": _look_up_machine,
    "ecs": _look_up_container,
    "lambda": _look_up_function,
}
