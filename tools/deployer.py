"""What whoever runs `pulumi up` and `pulumi destroy` must be allowed: docs/deployer-policy.json, by resource kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from components.iam import documents as iam

#: Tag and value by which resources that AWS names itself (networks, keys) are known as ours; account.py sets it.
OURS = {"StringEquals": {"aws:ResourceTag/project": "serverless-swarm"}}


def _of(service: str, names: str) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names.split())


_NETWORK_TAGS = _of("ec2", "CreateTags DeleteTags")
#: Actions by kind of resource: create, read, change, tag and delete it. A kind that is missing here fails a test.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "cloudwatch:EventRule": _of(
        "events", "PutRule DescribeRule DeleteRule TagResource UntagResource ListTagsForResource"
    ),
    "cloudwatch:EventTarget": _of("events", "PutTargets RemoveTargets ListTargetsByRule"),
    "cloudwatch:LogGroup": _of(
        "logs",
        "CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey"
        " DisassociateKmsKey TagResource UntagResource ListTagsForResource",
    ),
    "cloudwatch:MetricAlarm": _of(
        "cloudwatch", "PutMetricAlarm DescribeAlarms DeleteAlarms TagResource UntagResource ListTagsForResource"
    ),
    "dynamodb:Table": _of(
        "dynamodb",
        "CreateTable DescribeTable UpdateTable DeleteTable DescribeTimeToLive UpdateTimeToLive"
        " DescribeContinuousBackups UpdateContinuousBackups TagResource UntagResource ListTagsOfResource",
    ),
    "ec2:InternetGateway": (
        *_of("ec2", "CreateInternetGateway AttachInternetGateway DetachInternetGateway DeleteInternetGateway"),
        *_of("ec2", "DescribeInternetGateways"),
        *_NETWORK_TAGS,
    ),
    "ec2:Route": _of("ec2", "CreateRoute ReplaceRoute DeleteRoute DescribeRouteTables"),
    "ec2:RouteTable": (*_of("ec2", "CreateRouteTable DeleteRouteTable DescribeRouteTables"), *_NETWORK_TAGS),
    "ec2:RouteTableAssociation": _of("ec2", "AssociateRouteTable DisassociateRouteTable DescribeRouteTables"),
    "ec2:SecurityGroup": (
        *_of("ec2", "CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups AuthorizeSecurityGroupEgress"),
        *_of("ec2", "AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress"),
        *_of("ec2", "DescribeNetworkInterfaces"),
        *_NETWORK_TAGS,
    ),
    "ec2:Subnet": (*_of("ec2", "CreateSubnet DeleteSubnet DescribeSubnets ModifySubnetAttribute"), *_NETWORK_TAGS),
    "ec2:Vpc": (
        *_of("ec2", "CreateVpc DeleteVpc DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute DescribeNetworkAcls"),
        *_of("ec2", "DescribeRouteTables DescribeSecurityGroups"),
        *_NETWORK_TAGS,
    ),
    "ec2:VpcEndpoint": (
        *_of("ec2", "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint DescribeVpcEndpoints DescribePrefixLists"),
        *_NETWORK_TAGS,
        # AWS's list of actions names it as dependent on an interface endpoint with private DNS.
        "route53:AssociateVPCWithHostedZone",
    ),
    "ecr:LifecyclePolicy": _of("ecr", "PutLifecyclePolicy GetLifecyclePolicy DeleteLifecyclePolicy"),
    "ecr:Repository": _of(
        "ecr",
        "CreateRepository DescribeRepositories DeleteRepository PutImageTagMutability PutImageScanningConfiguration"
        " TagResource UntagResource ListTagsForResource",
    ),
    "ecs:Cluster": (
        *_of("ecs", "CreateCluster DescribeClusters UpdateCluster UpdateClusterSettings DeleteCluster"),
        *_of("ecs", "TagResource UntagResource ListTagsForResource"),
        "iam:CreateServiceLinkedRole",
    ),
    "ecs:ClusterCapacityProviders": _of("ecs", "PutClusterCapacityProviders DescribeClusters"),
    "ecs:TaskDefinition": (
        *_of("ecs", "RegisterTaskDefinition DescribeTaskDefinition DeregisterTaskDefinition TagResource"),
        "iam:PassRole",
    ),
    "iam:Role": _of(
        "iam",
        "CreateRole GetRole UpdateRole UpdateAssumeRolePolicy DeleteRole ListRolePolicies ListAttachedRolePolicies"
        " ListInstanceProfilesForRole TagRole UntagRole",
    ),
    "iam:RolePolicy": _of("iam", "PutRolePolicy GetRolePolicy DeleteRolePolicy"),
    "kms:Alias": _of("kms", "CreateAlias UpdateAlias DeleteAlias ListAliases"),
    "kms:Key": _of(
        "kms",
        "CreateKey DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation ListResourceTags"
        " TagResource UntagResource ScheduleKeyDeletion UpdateKeyDescription CreateGrant"
        # Whoever makes a table or writes an object under a customer's key uses it (DynamoDB, "Encryption at rest").
        " Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
    ),
    "lambda:Alias": _of("lambda", "CreateAlias GetAlias UpdateAlias DeleteAlias"),
    "lambda:Function": (
        *_of("lambda", "CreateFunction GetFunction GetFunctionConfiguration UpdateFunctionCode DeleteFunction"),
        *_of(
            "lambda", "UpdateFunctionConfiguration PublishVersion ListVersionsByFunction GetFunctionCodeSigningConfig"
        ),
        *_of("lambda", "PutFunctionConcurrency DeleteFunctionConcurrency TagResource UntagResource ListTags"),
        "iam:PassRole",
    ),
    "lambda:FunctionEventInvokeConfig": _of(
        "lambda", "PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig"
    ),
    "lambda:Permission": _of("lambda", "AddPermission RemovePermission GetPolicy"),
    "lambda:LayerVersion": _of("lambda", "PublishLayerVersion GetLayerVersion"),
    "s3:Bucket": _of(
        "s3",
        "CreateBucket DeleteBucket ListBucket GetBucketLocation GetBucketAcl GetBucketCORS GetBucketWebsite"
        " GetBucketLogging GetBucketRequestPayment GetAccelerateConfiguration GetReplicationConfiguration"
        " GetBucketObjectLockConfiguration GetBucketTagging PutBucketTagging ListBucketVersions DeleteObject"
        " DeleteObjectVersion TagResource UntagResource ListTagsForResource",
    ),
    "s3:BucketLifecycleConfiguration": _of("s3", "PutLifecycleConfiguration GetLifecycleConfiguration"),
    "s3:BucketNotification": _of("s3", "PutBucketNotification GetBucketNotification"),
    "s3:BucketPolicy": _of("s3", "PutBucketPolicy GetBucketPolicy DeleteBucketPolicy"),
    "s3:BucketPublicAccessBlock": _of("s3", "PutBucketPublicAccessBlock GetBucketPublicAccessBlock"),
    "s3:BucketServerSideEncryptionConfiguration": _of("s3", "PutEncryptionConfiguration GetEncryptionConfiguration"),
    "s3:BucketVersioning": _of("s3", "PutBucketVersioning GetBucketVersioning"),
    "scheduler:Schedule": (
        *_of("scheduler", "CreateSchedule GetSchedule UpdateSchedule DeleteSchedule"),
        "iam:PassRole",
    ),
    "sfn:Alias": _of(
        "states",
        "CreateStateMachineAlias DescribeStateMachineAlias UpdateStateMachineAlias DeleteStateMachineAlias"
        " ListStateMachineAliases",
    ),
    "sfn:StateMachine": (
        *_of("states", "CreateStateMachine DescribeStateMachine UpdateStateMachine DeleteStateMachine"),
        *_of("states", "PublishStateMachineVersion ListStateMachineVersions DeleteStateMachineVersion"),
        *_of("states", "TagResource UntagResource ListTagsForResource ValidateStateMachineDefinition"),
        "iam:PassRole",
    ),
    "sns:Topic": _of(
        "sns",
        "CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic TagResource UntagResource ListTagsForResource",
    ),
    "sns:TopicPolicy": _of("sns", "GetTopicAttributes SetTopicAttributes"),
    "sns:TopicSubscription": _of("sns", "Subscribe Unsubscribe GetSubscriptionAttributes"),
    "sqs:Queue": _of(
        "sqs",
        "CreateQueue GetQueueAttributes SetQueueAttributes GetQueueUrl DeleteQueue TagQueue UntagQueue ListQueueTags",
    ),
    "sqs:QueuePolicy": _of("sqs", "GetQueueAttributes SetQueueAttributes"),
    "ssm:Parameter": _of(
        "ssm",
        "PutParameter GetParameter DescribeParameters DeleteParameter AddTagsToResource RemoveTagsFromResource"
        " ListTagsForResource",
    ),
}
#: What the program asks AWS besides; what pushing and promoting the agents' image takes; what keeping, promoting and
#: uploading objects takes: the commands of docs/deploy.md.
ASKED = ("ec2:DescribeAvailabilityZones",)
PUSHED = _of(
    "ecr",
    "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer InitiateLayerUpload UploadLayerPart"
    " CompleteLayerUpload PutImage DescribeImages",
)
MOVED = _of("s3", "GetObject PutObject")
#: What "What is left" on that page removes.
CLEANED = (*_of("lambda", "DeleteLayerVersion ListLayerVersions"), "ecs:DeleteTaskDefinitions")
#: Actions for which AWS knows no resource but "*"; `ec2:Describe…` are such, too. Validating a definition is asked on
#: `stateMachine:*`, which no pattern of ours matches (hashicorp/terraform-provider-aws#39472).
EVERYWHERE = frozenset(
    {
        *_of("kms", "ListAliases"),
        "states:ValidateStateMachineDefinition",
        "route53:AssociateVPCWithHostedZone",
        *_of("ecs", "DeregisterTaskDefinition DescribeTaskDefinition"),
        *_of("sns", "Unsubscribe GetSubscriptionAttributes"),
        "logs:DescribeLogGroups",
        "ecr:GetAuthorizationToken",
        "lambda:ListLayerVersions",
        "ssm:DescribeParameters",
    }
)
#: A key has no name and, when it is made, no tag: it is made with our tag in the request, and tagged by that request.
KEY_MADE = frozenset(_of("kms", "CreateKey TagResource"))
#: What is asked of a new key before its tag counts, which takes AWS up to five minutes.
KEY_NEW = frozenset(
    _of(
        "kms",
        "DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation ListResourceTags CreateGrant",
    )
)
#: Used only on behalf of the services that keep what is encrypted.
KEY_USED = frozenset(
    _of("kms", "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo")
)
KEY_USERS = ("dynamodb.*.amazonaws.com", "s3.*.amazonaws.com")
#: A network's parts have no names of ours: they are made anywhere, and changed only when they carry our tag.
NETWORK_MADE = frozenset(
    _of(
        "ec2",
        "CreateVpc CreateSubnet CreateSecurityGroup CreateRouteTable CreateInternetGateway CreateVpcEndpoint"
        " CreateTags",
    )
)
#: Where the resources of a service lie; `swarm-` begins every name of every environment.
RESOURCES: Mapping[str, tuple[str, ...]] = {
    "cloudwatch": ("arn:aws:cloudwatch:*:*:alarm:swarm-*",),
    "dynamodb": ("arn:aws:dynamodb:*:*:table/swarm-*",),
    "ec2": ("arn:aws:ec2:*:*:*",),
    "ecr": ("arn:aws:ecr:*:*:repository/swarm-*",),
    "ecs": ("arn:aws:ecs:*:*:cluster/swarm-*", "arn:aws:ecs:*:*:task-definition/swarm-*"),
    "events": ("arn:aws:events:*:*:rule/swarm-*",),
    "iam": ("arn:aws:iam::*:role/swarm-*",),
    "kms": ("arn:aws:kms:*:*:alias/swarm-*", "arn:aws:kms:*:*:key/*"),
    "lambda": ("arn:aws:lambda:*:*:function:swarm-*", "arn:aws:lambda:*:*:layer:swarm-*"),
    "logs": ("arn:aws:logs:*:*:log-group:/aws/*/swarm-*",),
    "s3": ("arn:aws:s3:::swarm-*",),
    "scheduler": ("arn:aws:scheduler:*:*:schedule/*/swarm-*",),
    "sns": ("arn:aws:sns:*:*:swarm-*",),
    "sqs": ("arn:aws:sqs:*:*:swarm-*",),
    "ssm": ("arn:aws:ssm:*:*:parameter/swarm/*",),
    "states": ("arn:aws:states:*:*:stateMachine:swarm-*",),
}
#: Services that a role of ours may be handed to.
PASSED_TO = ("bedrock", "ecs-tasks", "events", "lambda", "scheduler", "states")


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
    wanted: set[str] = {*ASKED, *PUSHED, *MOVED, *CLEANED, "ecr:GetAuthorizationToken"}
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
    rest = wanted - special - everywhere - network
    statements = [
        iam.allow("ActionsWithoutResources", sorted(everywhere), ["*"]),
        iam.allow("CreateNetwork", sorted(made), RESOURCES["ec2"]),
        iam.allow("ModifyOwnNetwork", sorted(network - made - described), RESOURCES["ec2"], OURS),
    ]
    for service in sorted({action.partition(":")[0] for action in rest}):
        actions = [action for action in rest if action.startswith(f"{service}:")]
        statements += _of_service(service, actions)
    to_services = {"StringEquals": {"iam:PassedToService": [f"{name}.amazonaws.com" for name in PASSED_TO]}}
    statements.append(iam.allow("PassRoles", ["iam:PassRole"], RESOURCES["iam"], to_services))
    for_ecs = {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}
    linked = ["arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*"]
    statements.append(iam.allow("CreateEcsServiceLinkedRole", ["iam:CreateServiceLinkedRole"], linked, for_ecs))
    return statements


def _of_service(service: str, actions: list[str]) -> list[iam.Statement]:
    sid, resources = f"Manage{service.capitalize()}", RESOURCES[service]
    match service:
        case "kms":
            aliases = [action for action in actions if "Alias" in action]
            alias_statement = iam.allow("ManageKeyAliases", aliases, resources)
            keys = [action for action in actions if action not in {*aliases, *KEY_NEW, *KEY_USED, "kms:CreateKey"}]
            requested = {"StringEquals": {"aws:RequestTag/project": OURS["StringEquals"]["aws:ResourceTag/project"]}}
            through = {"StringLike": {"kms:ViaService": list(KEY_USERS)}}
            every = resources[1:]
            made = [
                iam.allow("CreateKey", sorted(KEY_MADE), ["*"], requested),
                iam.allow("ConfigureNewKey", sorted(KEY_NEW), every),
                iam.allow("UseKeyThroughServices", sorted(KEY_USED), every, through),
                iam.allow("ManageKeys", keys, every, OURS),
            ]
            return [*made, alias_statement] if aliases else []
        case "s3":
            objects = {"s3:DeleteObject", "s3:DeleteObjectVersion", *MOVED}
            on_buckets = [action for action in actions if action not in objects]
            inside = [f"{resource}/*" for resource in resources]
            return [iam.allow(sid, on_buckets, resources), iam.allow("ManageObjects", sorted(objects), inside)]
    return [iam.allow(sid, actions, resources)]
