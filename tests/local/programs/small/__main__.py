"""A bucket, a table, a function, a task and a state machine over them."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

HERE = Path(__file__).parent
config = pulumi.Config()
greeting = config.require("greeting")


def trusting(service: str) -> str:
    """A role's trust."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


tags = aws.ProviderDefaultTagsArgs(tags={"environment": "test"})
provider = aws.Provider("aws", region=config.require("region"), default_tags=tags)
here = pulumi.ResourceOptions(provider=provider)

bucket = aws.s3.Bucket("uploads", bucket="small-uploads", opts=here)
aws.s3.BucketVersioning(
    "versions",
    bucket=bucket.bucket,
    versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
    opts=here,
)
aws.s3.BucketNotification("events", bucket=bucket.bucket, eventbridge=True, opts=here)
table = aws.dynamodb.Table(
    "context",
    name="small-context",
    billing_mode="PAY_PER_REQUEST",
    hash_key="pk",
    range_key="sk",
    attributes=[aws.dynamodb.TableAttributeArgs(name=n, type="S") for n in ("pk", "sk")],
    ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
    opts=here,
)
role = aws.iam.Role("role", name="small", assume_role_policy=trusting("lambda.amazonaws.com"), opts=here)
function = aws.lambda_.Function(
    "work",
    name="small-work",
    runtime="python3.13",
    handler="work.handle",
    code=pulumi.FileArchive("code"),
    role=role.arn,
    timeout=10,
    memory_size=256,
    environment=aws.lambda_.FunctionEnvironmentArgs(variables={"GREETING": greeting}),
    publish=True,
    opts=here,
)
alias = aws.lambda_.Alias(
    "live", name="live", function_name=function.name, function_version=function.version, opts=here
)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/20", enable_dns_hostnames=True, opts=here)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.0.0/24", opts=here)
group = aws.ec2.SecurityGroup("group", name="small", vpc_id=vpc.id, opts=here)
cluster = aws.ecs.Cluster("cluster", name="small", opts=here)
container = {
    "name": "agent",
    "image": "small",
    "command": ["python", "task.py"],
    "environment": [{"name": "GREETING", "value": greeting}],
    "stopTimeout": 2,
}
task = aws.ecs.TaskDefinition(
    "task",
    family="small",
    container_definitions=json.dumps([container]),
    network_mode="awsvpc",
    cpu="256",
    memory="512",
    requires_compatibilities=["FARGATE"],
    opts=here,
)


def definition(values: dict[str, str]) -> str:
    """The machine, filled."""
    text = (HERE / "machine.asl.json").read_text("utf-8")
    for name, value in values.items():
        text = text.replace("${" + name + "}", value)
    return text


machine = aws.sfn.StateMachine(
    "machine",
    name="small",
    role_arn=role.arn,
    definition=pulumi.Output.all(
        Function=alias.arn,
        Cluster=cluster.arn,
        Task=task.arn,
        Subnet=subnet.id,
        Group=group.id,
        Bucket=bucket.bucket,
    ).apply(definition),
    publish=True,
    opts=here,
)
live = aws.sfn.Alias(
    "machine-live",
    name="live",
    routing_configurations=[
        aws.sfn.AliasRoutingConfigurationArgs(state_machine_version_arn=machine.state_machine_version_arn, weight=100)
    ],
    opts=here,
)
letters = aws.sqs.Queue("letters", name="small-letters", opts=here)
pattern = {
    "source": ["aws.s3"],
    "detail-type": ["Object Created"],
    "detail": {"bucket": {"name": ["small-uploads"]}, "object": {"key": [{"prefix": "uploads/"}]}},
}
rule = aws.cloudwatch.EventRule("rule", name="small", event_pattern=json.dumps(pattern), opts=here)
letter = aws.cloudwatch.EventTargetDeadLetterConfigArgs(arn=letters.arn)
aws.cloudwatch.EventTarget(
    "nowhere",
    rule=rule.name,
    target_id="nowhere",
    arn="arn:aws:states:eu-west-1:123456789012:stateMachine:nowhere",
    role_arn=role.arn,
    dead_letter_config=letter,
    opts=here,
)
aws.cloudwatch.EventTarget(
    "start", rule=rule.name, target_id="start", arn=live.arn, role_arn=role.arn, dead_letter_config=letter, opts=here
)
pulumi.export("machine", machine.arn)
pulumi.export("alias", live.arn)
pulumi.export("bucket", bucket.bucket)
pulumi.export("table", table.name)
pulumi.export("letters", letters.url)
pulumi.export("function", alias.arn)
pulumi.export("cluster", cluster.arn)
pulumi.export("tags", function.tags_all)
pulumi.export("greeting", greeting)
