"""What holds for every resource of every stack."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from agents.roster import ROSTER, functions_of
from agents.settings import AgentSettings
from components.iam.workflow_policy import _LOG_DELIVERY, _TRACES
from components.outputs import StackOutputs, exports
from components.short_agent import dashed
from tests.components.mocked_cloud import STACKS, BuiltStack, Declared, build_stack

BuiltOf = Callable[[str], BuiltStack]

#: Actions for which AWS knows no resource but "*", as workflow_policy.py says beside each.
WITHOUT_RESOURCE = {*_LOG_DELIVERY, *_TRACES, "ecr:GetAuthorizationToken", "ecs:ListTasks"}
#: Outputs that a stack may leave empty: dev hosts no sites, and `extractive` is not on the network.
SITE = {"site_bucket", "site_domain", "site_key_id", "site_key_secret", "site_public_key"}
#: States whose code also runs as a Fargate task.
ON_FARGATE = {row.state for row in ROSTER.values() if row.fargate_state}
#: Characters of a role's inline policies without white space (IAM's quota "Role inline policy size").
INLINE_POLICIES_OF_A_ROLE = 10_240
MAY_BE_EMPTY = {"network_models", "model_key_secret", "sign_in_secret", "webhook_url", "approval_url"} | SITE


def _role_policies(stack: BuiltStack) -> Iterator[tuple[Declared, Mapping[str, Any]]]:
    for policy in stack.of("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            yield policy, statement


@pytest.mark.parametrize("stack", STACKS)
def test_no_role_has_longer_policies_than_iam_takes(built: BuiltOf, stack: str) -> None:
    lengths: Counter[str] = Counter()
    for policy in built(stack).of("aws:iam/rolePolicy:RolePolicy"):
        document = json.dumps(json.loads(policy.inputs["policy"]), separators=(",", ":"))
        lengths[policy.inputs["role"]] += len(document)
    assert lengths
    assert {role: length for role, length in lengths.items() if length > INLINE_POLICIES_OF_A_ROLE} == {}


@pytest.mark.parametrize("stack", STACKS)
def test_no_resource_stands_outside_its_component(built: BuiltOf, stack: str) -> None:
    orphans = [r.urn for r in built(stack).resources if r.token.startswith("aws:") and "swarm:" not in r.urn]
    assert orphans == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_goes_through_the_provider_whose_tags_name_who_asks_and_who_pays(
    built: BuiltOf, stack: str
) -> None:
    (provider,) = built(stack).of("pulumi:providers:aws")
    tags = json.loads(provider.inputs["defaultTags"])["tags"]
    assert set(tags) == {"project", "environment", "owner", "cost-centre", "managed-by"}
    strangers = [r.urn for r in built(stack).resources if r.token.startswith("aws:") and provider.urn not in r.provider]
    assert strangers == []


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_declares_the_same_resources_though_no_output_is_known(built: BuiltOf, stack: str) -> None:
    preview = build_stack(stack, preview=True)
    assert [r.urn for r in preview.resources] == [r.urn for r in built(stack).resources]
    assert preview.exports["state_machine_arn"] is None


def test_two_environments_share_no_name(built: BuiltOf) -> None:
    def names(stack: BuiltStack) -> set[str]:
        own = {"name", "bucket", "family"}
        inside_a_role_or_function = {"aws:iam/rolePolicy:RolePolicy", "aws:lambda/alias:Alias", "aws:sfn/alias:Alias"}
        found = [r for r in stack.resources if r.token not in inside_a_role_or_function]
        return {str(r.inputs[key]) for r in found for key in own if key in r.inputs}

    twin = build_stack("dev", environment="twin")
    assert names(built("dev")) & names(twin) == set()
    assert names(built("dev")) & names(built("prod")) == set()
    assert all("-dev" in name or "/dev/" in name for name in names(built("dev")))


def test_another_region_needs_no_change_of_code() -> None:
    moved = build_stack("dev", region="ap-southeast-2")
    assert moved.exports["region"] == "ap-southeast-2"
    assert not [r.urn for r in moved.resources if "eu-west-1" in json.dumps(r.inputs, default=str)]


@pytest.mark.parametrize("stack", STACKS)
def test_exports_are_what_the_command_line_and_the_local_cloud_read(built: BuiltOf, stack: str) -> None:
    assert set(built(stack).exports) == set(StackOutputs.model_fields)
    StackOutputs.model_validate(built(stack).exports)
    empty = {name for name, value in built(stack).exports.items() if value in (None, "", [])}
    assert empty <= MAY_BE_EMPTY
    assert (empty & SITE == set()) == (built(stack).exports["site_access"] == "private")


def test_an_output_that_is_in_no_list_is_refused() -> None:
    with pytest.raises(TypeError, match="bucket_of_nobody"):
        exports(**dict.fromkeys(StackOutputs.model_fields), bucket_of_nobody="")


@pytest.mark.parametrize("stack", STACKS)
def test_every_agent_has_a_role_of_its_own(built: BuiltOf, stack: str) -> None:
    roles = [function.inputs["role"] for function in built(stack).of("aws:lambda/function:Function")]
    assert len(roles) == len(set(roles)) == len(functions_of(canaries=stack == "prod"))
    tasks = built(stack).of("aws:ecs/taskDefinition:TaskDefinition")
    task_roles = [task.inputs[key] for task in tasks for key in ("taskRoleArn", "executionRoleArn")]
    assert len(set(task_roles)) == len(task_roles) == 2 * len(ON_FARGATE)


@pytest.mark.parametrize("stack", STACKS)
def test_no_role_may_do_everything_or_touch_everything(built: BuiltOf, stack: str) -> None:
    for policy, statement in _role_policies(built(stack)):
        assert not [action for action in statement["Action"] if "*" in action], policy.urn
        if "*" in statement["Resource"]:
            assert set(statement["Action"]) <= WITHOUT_RESOURCE, policy.urn


def test_each_agent_writes_only_under_its_own_keys(built: BuiltOf) -> None:
    written = {
        policy.inputs["role"]: [resource.split("/", 1)[1] for resource in statement["Resource"]]
        for policy, statement in _role_policies(built("dev"))
        if statement["Sid"] == "WriteContext"
    }
    assert written["swarm-dev-critique"] == ["sessions/*/critiques/*", "sessions/*/turns/critic/*"]
    assert written["swarm-dev-analyse-batch"] == ["analyses/*", "sessions/*/turns/analyst/*"]
    assert "swarm-dev-open-session" not in written


def test_only_tasks_answer_task_tokens_and_not_that_of_the_scan(built: BuiltOf) -> None:
    answering = {p.inputs["role"] for p, s in _role_policies(built("prod")) if s["Sid"] == "AnswerTaskToken"}
    assert answering == {f"swarm-prod-{dashed(state)}-task" for state in ON_FARGATE - {"Scan"}}
    task_end = [s for p, s in _role_policies(built("prod")) if p.inputs["role"] == "swarm-prod-report-task-end"]
    assert {action for s in task_end for action in s["Action"] if action.startswith("states:")} == {
        "states:SendTaskFailure"
    }


@pytest.mark.parametrize("stack", STACKS)
def test_each_function_gets_the_variables_that_its_shell_reads(built: BuiltOf, stack: str) -> None:
    for function in built(stack).of("aws:lambda/function:Function"):
        environment = AgentSettings.from_variables(function.inputs["environment"]["variables"])
        assert function.inputs["handler"] == "agents.shells.lambda_handler.handler"
        assert environment.context_table == built(stack).exports["context_table"]
        assert function.inputs["runtime"] == "python3.13"


@pytest.mark.parametrize("stack", STACKS)
def test_each_container_is_pinned_read_only_and_not_root(built: BuiltOf, stack: str) -> None:
    for task in built(stack).of("aws:ecs/taskDefinition:TaskDefinition"):
        (container,) = json.loads(task.inputs["containerDefinitions"])
        assert re.search(r"@sha256:[0-9a-f]{64}$", container["image"])
        assert container["readonlyRootFilesystem"] is True
        assert container["user"].split(":")[0] != "0"
        assert container["command"] == ["python", "-m", "agents.shells.fargate_task"]
        assert container["stopTimeout"] == 120
        variables = {entry["name"]: entry["value"] for entry in container["environment"]}
        assert task.inputs["family"].endswith(f"-{dashed(AgentSettings.from_variables(variables).state)}-task")


@pytest.mark.parametrize("stack", STACKS)
def test_the_upload_rule_starts_the_alias_and_keeps_what_it_cannot_deliver(built: BuiltOf, stack: str) -> None:
    rule, target = _rule(built(stack), "-upload")
    assert target.inputs["arn"].endswith(":live")
    assert target.inputs["deadLetterConfig"]["arn"].endswith("-dead-letters")
    pattern = json.loads(rule.inputs["eventPattern"])
    assert pattern["detail"]["bucket"]["name"] == [built(stack).exports["upload_bucket"]]
    assert pattern["detail"]["object"]["key"] == [{"prefix": "uploads/"}]


def _rule(stack: BuiltStack, suffix: str) -> tuple[Any, Any]:
    """The rule of this name and its one target."""
    (rule,) = (r for r in stack.of("aws:cloudwatch/eventRule:EventRule") if r.inputs["name"].endswith(suffix))
    targets = stack.of("aws:cloudwatch/eventTarget:EventTarget")
    (target,) = (t for t in targets if t.inputs["rule"] == rule.inputs["name"])
    return rule, target


@pytest.mark.parametrize("stack", STACKS)
def test_the_end_of_every_task_of_the_cluster_is_reported_to_the_task_end_role_without_the_tasks_token(
    built: BuiltOf, stack: str
) -> None:
    rule, target = _rule(built(stack), "-task-stopped")
    pattern = json.loads(rule.inputs["eventPattern"])
    assert pattern["detail"] == {"clusterArn": [built(stack).exports["cluster_arn"]], "lastStatus": ["STOPPED"]}
    assert target.inputs["arn"].endswith("-report-task-end:live")
    assert target.inputs["inputTransformer"] == {
        "inputPaths": {"task": "$.detail.taskArn"},
        "inputTemplate": '{"task_arn": <task>}',
    }
    (permission,) = built(stack).of("aws:lambda/permission:Permission")
    assert (permission.inputs["qualifier"], permission.inputs["principal"]) == ("live", "events.amazonaws.com")
    assert permission.inputs["sourceArn"].endswith("-task-stopped")


@pytest.mark.parametrize("stack", STACKS)
def test_every_bucket_is_private_versioned_encrypted_and_expires(built: BuiltOf, stack: str) -> None:
    for bucket in built(stack).of("aws:s3/bucket:Bucket"):
        name = bucket.inputs["bucket"]
        companions = {r.token.split(":")[-1] for r in built(stack).resources if r.inputs.get("bucket") == name}
        assert companions >= {
            "BucketPublicAccessBlock",
            "BucketVersioning",
            "BucketPolicy",
            "BucketServerSideEncryptionConfiguration",
            "BucketLifecycleConfiguration",
        }


@pytest.mark.parametrize("stack", STACKS)
def test_every_log_group_expires(built: BuiltOf, stack: str) -> None:
    groups = built(stack).of("aws:cloudwatch/logGroup:LogGroup")
    # One for each function, for each task definition, for the state machine and in prod for the flow logs.
    others = len(ON_FARGATE) + (2 if stack == "prod" else 1)
    assert len(groups) == len(functions_of(canaries=stack == "prod")) + others
    assert all(group.inputs["retentionInDays"] >= 1 for group in groups)


def test_prod_is_protected_and_encrypted_with_a_key_of_its_own(built: BuiltOf) -> None:
    (table,) = built("prod").of("aws:dynamodb/table:Table")
    assert table.inputs["deletionProtectionEnabled"] is True
    assert table.inputs["serverSideEncryption"]["kmsKeyArn"]
    assert all(bucket.inputs["forceDestroy"] is False for bucket in built("prod").of("aws:s3/bucket:Bucket"))
    assert not built("dev").of("aws:kms/key:Key")


def test_prod_tasks_have_no_way_to_the_internet_and_dev_tasks_no_nat(built: BuiltOf) -> None:
    assert not built("prod").of("aws:ec2/internetGateway:InternetGateway")
    assert len(built("prod").of("aws:ec2/vpcEndpoint:VpcEndpoint")) == 6
    assert built("dev").of("aws:ec2/internetGateway:InternetGateway")
    assert not built("dev").of("aws:ec2/natGateway:NatGateway")


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_enters_a_task(built: BuiltOf, stack: str) -> None:
    (tasks,) = [g for g in built(stack).of("aws:ec2/securityGroup:SecurityGroup") if g.name == "network-tasks"]
    assert not tasks.inputs.get("ingress")
    assert all(rule["fromPort"] == rule["toPort"] == 443 for rule in tasks.inputs["egress"])


def test_a_bedrock_model_is_the_only_model_its_agents_may_ask() -> None:
    asking = build_stack("dev", model="bedrock:anthropic.claude-example-v1:0")
    asked = {p.inputs["role"]: s["Resource"] for p, s in _role_policies(asking) if s["Sid"] == "InvokeModel"}
    assert asked["swarm-dev-edit"] == ["arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-example-v1:0"]
    assert "swarm-dev-scan" not in asked
