"""What whoever runs `pulumi up` and `pulumi destroy` may do: cli/bootstrap/deployer-policy.json, by resource kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from components.iam import documents as iam
from tools.deployer_actions import ACTIONS, actions_of, life_of

#: Tag and value by which resources that AWS names itself (networks, keys) are known as ours; account.py sets it.
OURS = {"StringEquals": {"aws:ResourceTag/project": "serverless-swarm"}}

#: What the program asks AWS besides; what pushing and promoting the agents' image takes; what keeping, promoting and
#: uploading objects takes: the commands of docs/deploy.md.
ASKED = ("ec2:DescribeAvailabilityZones",)
PUSHED = actions_of(
    "ecr",
    "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer InitiateLayerUpload UploadLayerPart"
    " CompleteLayerUpload PutImage DescribeImages DescribeImageScanFindings",
)
MOVED = actions_of("s3", "GetObject PutObject")
#: What looking after a stack takes: `swarm doctor`, `swarm smoke`, which a pipeline runs, and the commands on sessions.
OPERATED = (
    *actions_of("dynamodb", "GetItem BatchGetItem Query"),
    *actions_of("states", "ListExecutions DescribeExecution GetExecutionHistory RedriveExecution"),
    *actions_of("ecs", "ListTasks DescribeTasks StopTask DescribeClusters"),
    *actions_of("lambda", "InvokeFunction GetAccountSettings"),
    *actions_of("events", "DescribeRule ListTargetsByRule"),
    "s3:GetBucketNotification",
    "cloudwatch:DescribeAlarms",
    "logs:FilterLogEvents",
    "sns:ListSubscriptionsByTopic",
    "servicequotas:GetServiceQuota",
)
#: What "What is left" on that page removes.
CLEANED = (*actions_of("lambda", "DeleteLayerVersion ListLayerVersions"), "ecs:DeleteTaskDefinitions")
#: Actions for which AWS knows no resource but "*"; `ec2:Describe…` are such, too. Validating a definition is asked on
#: `stateMachine:*`, which no pattern of ours matches (hashicorp/terraform-provider-aws#39472).
EVERYWHERE = frozenset(
    {
        *actions_of("kms", "ListAliases"),
        "states:ValidateStateMachineDefinition",
        "route53:AssociateVPCWithHostedZone",
        *actions_of("ecs", "DeregisterTaskDefinition DescribeTaskDefinition"),
        *actions_of("sns", "Unsubscribe GetSubscriptionAttributes"),
        "logs:DescribeLogGroups",
        "ecr:GetAuthorizationToken",
        *actions_of("ecr", "PutRegistryScanningConfiguration GetRegistryScanningConfiguration"),
        *actions_of("inspector2", "Enable ListAccountPermissions"),
        "lambda:ListLayerVersions",
        "ssm:DescribeParameters",
        "lambda:GetAccountSettings",
        "servicequotas:GetServiceQuota",
        *life_of("KeyGroup", "Update"),
        *life_of("PublicKey"),
        "cloudfront:CreateOriginAccessControl",
    }
)
#: Of tasks without instances AWS knows no resource, only the cluster.
TASKS_LISTED = frozenset({"ecs:ListTasks"})
OF_CLUSTERS = {"ArnLike": {"ecs:cluster": "arn:aws:ecs:*:*:cluster/swarm-*"}}
#: A key has no name and, when it is made, no tag: it is made with our tag in the request, and tagged by that request.
KEY_MADE = frozenset(actions_of("kms", "CreateKey TagResource"))
#: What is asked of a new key before its tag counts, which takes AWS up to five minutes.
KEY_NEW = frozenset(
    actions_of(
        "kms",
        "DescribeKey GetKeyPolicy GetKeyRotationStatus EnableKeyRotation ListResourceTags",
    )
)
#: Used only on behalf of the services that keep what is encrypted.
KEY_USED = frozenset(
    actions_of("kms", "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo")
)
#: A grant lets its holder use the key: only a service may be given one, for a resource of ours that it encrypts.
KEY_GRANTED = frozenset(actions_of("kms", "CreateGrant"))
TO_SERVICES = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
KEY_USERS = ("dynamodb.*.amazonaws.com", "s3.*.amazonaws.com")
#: A network's parts have no names of ours: they are made anywhere, and changed only when they carry our tag.
NETWORK_MADE = frozenset(
    actions_of(
        "ec2",
        "CreateVpc CreateSubnet CreateSecurityGroup CreateRouteTable CreateInternetGateway CreateVpcEndpoint"
        " CreateFlowLogs CreateTags",
    )
)
#: Where the resources of a service lie; `swarm-` begins every name of every environment.
RESOURCES: Mapping[str, tuple[str, ...]] = {
    "budgets": ("arn:aws:budgets::*:budget/swarm-*",),
    # Only functions have names of ours in their ARNs.
    "cloudfront": (
        "arn:aws:cloudfront::*:distribution/*",
        "arn:aws:cloudfront::*:function/swarm-*",
        "arn:aws:cloudfront::*:origin-access-control/*",
        "arn:aws:cloudfront::*:response-headers-policy/*",
    ),
    "cloudwatch": ("arn:aws:cloudwatch:*:*:alarm:swarm-*", "arn:aws:cloudwatch::*:dashboard/swarm-*"),
    "dynamodb": ("arn:aws:dynamodb:*:*:table/swarm-*",),
    "ec2": ("arn:aws:ec2:*:*:*",),
    "ecr": ("arn:aws:ecr:*:*:repository/swarm-*",),
    "ecs": (
        "arn:aws:ecs:*:*:cluster/swarm-*",
        "arn:aws:ecs:*:*:task-definition/swarm-*",
        "arn:aws:ecs:*:*:task/swarm-*/*",
    ),
    "events": ("arn:aws:events:*:*:rule/swarm-*", "arn:aws:events:*:*:event-bus/swarm-*"),
    "iam": ("arn:aws:iam::*:role/swarm-*",),
    "kms": ("arn:aws:kms:*:*:alias/swarm-*", "arn:aws:kms:*:*:key/*"),
    "lambda": ("arn:aws:lambda:*:*:function:swarm-*", "arn:aws:lambda:*:*:layer:swarm-*"),
    "logs": ("arn:aws:logs:*:*:log-group:/aws/*/swarm-*",),
    "s3": ("arn:aws:s3:::swarm-*",),
    "scheduler": ("arn:aws:scheduler:*:*:schedule/*/swarm-*",),
    "sns": ("arn:aws:sns:*:*:swarm-*",),
    "sqs": ("arn:aws:sqs:*:*:swarm-*",),
    "ssm": ("arn:aws:ssm:*:*:parameter/swarm/*",),
    # AWS names the last two for the same actions, though we have neither Express workflows nor ask about Map Runs.
    "states": (
        "arn:aws:states:*:*:stateMachine:swarm-*",
        "arn:aws:states:*:*:execution:swarm-*:*",
        "arn:aws:states:*:*:express:swarm-*:*:*",
        "arn:aws:states:*:*:mapRun:swarm-*/*:*",
    ),
}
#: Services that a role of ours may be handed to.
PASSED_TO = ("bedrock", "ecs-tasks", "events", "lambda", "scheduler", "states", "vpc-flow-logs")
#: Services that make a role for themselves when they are first used.
LINKED_TO = ("ecs.amazonaws.com", "inspector2.amazonaws.com")


@dataclass(frozen=True)
class ActionsUnknown(Exception):
    """A kind of resource has no entry in ACTIONS: whoever deploys would be refused half-way."""

    kind: str

    def __str__(self) -> str:
        return f"{self.kind} has no deployer's actions: add them to tools/deployer.py"


def deployer_policy(kinds: Iterable[str]) -> str:
    """The policy document for programs that declare these kinds.

    Raises:
        ActionsUnknown: a kind is not in ACTIONS.
    """
    wanted: set[str] = {*ASKED, *PUSHED, *MOVED, *OPERATED, *CLEANED, "ecr:GetAuthorizationToken"}
    for kind in sorted(set(kinds)):
        if kind not in ACTIONS:
            raise ActionsUnknown(kind)
        wanted |= set(ACTIONS[kind])
    return iam.document(_statements(wanted))


def _statements(wanted: set[str]) -> list[iam.Statement]:
    special = {"iam:PassRole", "iam:CreateServiceLinkedRole"}
    network = {action for action in wanted if action.startswith("ec2:")}
    described = {action for action in network if action.startswith("ec2:Describe")} - {"ec2:DescribeVpcAttribute"}
    everywhere = (wanted & EVERYWHERE) | described
    made = network & NETWORK_MADE
    rest = wanted - special - everywhere - network - TASKS_LISTED
    statements = [
        iam.allow("ActionsWithoutResources", sorted(everywhere), ["*"]),
        iam.allow("CreateNetwork", sorted(made), RESOURCES["ec2"]),
        iam.allow("ModifyOwnNetwork", sorted(network - made - described), RESOURCES["ec2"], OURS),
    ]
    statements.append(iam.allow("ListTasks", sorted(wanted & TASKS_LISTED), ["*"], OF_CLUSTERS))
    for service in sorted({action.partition(":")[0] for action in rest}):
        actions = [action for action in rest if action.startswith(f"{service}:")]
        statements += _of_service(service, actions)
    to_services = {"StringEquals": {"iam:PassedToService": [f"{name}.amazonaws.com" for name in PASSED_TO]}}
    statements.append(iam.allow("PassRoles", ["iam:PassRole"], RESOURCES["iam"], to_services))
    linked = [f"arn:aws:iam::*:role/aws-service-role/{service}/*" for service in LINKED_TO]
    for_them = {"StringEquals": {"iam:AWSServiceName": list(LINKED_TO)}}
    statements.append(iam.allow("CreateServiceLinkedRoles", ["iam:CreateServiceLinkedRole"], linked, for_them))
    return statements


def _of_service(service: str, actions: list[str]) -> list[iam.Statement]:
    sid, resources = f"Manage{service.capitalize()}", RESOURCES[service]
    match service:
        case "kms":
            aliases = [action for action in actions if "Alias" in action]
            special = KEY_NEW | KEY_USED | KEY_GRANTED
            alias_statement = iam.allow("ManageKeyAliases", aliases, resources)
            keys = [action for action in actions if action not in {*aliases, *special, "kms:CreateKey"}]
            requested = {"StringEquals": {"aws:RequestTag/project": OURS["StringEquals"]["aws:ResourceTag/project"]}}
            through = {"StringLike": {"kms:ViaService": list(KEY_USERS)}}
            every = resources[1:]
            made = [
                iam.allow("CreateKey", sorted(KEY_MADE), ["*"], requested),
                iam.allow("ConfigureNewKey", sorted(KEY_NEW), every),
                iam.allow("UseKey", sorted(KEY_USED), every, through),
                iam.allow("GrantKey", sorted(KEY_GRANTED), every, TO_SERVICES),
                iam.allow("ManageKeys", keys, every, OURS),
            ]
            return [*made, alias_statement] if aliases else []
        case "s3":
            objects = {"s3:DeleteObject", "s3:DeleteObjectVersion", *MOVED}
            on_buckets = [action for action in actions if action not in objects]
            inside = [f"{resource}/*" for resource in resources]
            return [iam.allow(sid, on_buckets, resources), iam.allow("ManageObjects", sorted(objects), inside)]
    return [iam.allow(sid, actions, resources)]
