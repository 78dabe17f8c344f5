"""What the AWS provider calls for each kind of resource: apart from tools/deployer.py, to hold it against.

Sources: the create, read, update and delete functions of hashicorp/terraform-provider-aws (internal/service/*), which
pulumi-aws bridges; the calls that a recorded run of the program on moto made (issue 11, engine.md); KMS' pages
tag-permissions and tag-authorization; DynamoDB's "Encryption at rest" for what a table under a customer's key asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Calls:
    """Actions by when they are asked: `create` before the resource has a tag, `after` right after, the others later.

    `passed_to` is the service that the resource hands a role to.
    """

    create: str
    after: str
    delete: str = ""
    change: str = ""
    passed_to: str = ""


def _tags(service: str, names: str = "TagResource UntagResource") -> str:
    return " ".join(f"{service}:{name}" for name in names.split())


_EC2_TAGS = _tags("ec2", "CreateTags DeleteTags")
CALLS: Mapping[str, Calls] = {
    "budgets:Budget": Calls(
        create="budgets:ModifyBudget budgets:TagResource",
        after="budgets:ViewBudget budgets:ListTagsForResource",
        delete="budgets:ModifyBudget",
        change=f"budgets:ModifyBudget {_tags('budgets')}",
    ),
    "cloudfront:Distribution": Calls(
        create="cloudfront:CreateDistribution cloudfront:TagResource",
        after="cloudfront:GetDistribution cloudfront:ListTagsForResource",
        delete="cloudfront:UpdateDistribution cloudfront:DeleteDistribution",
        change=f"cloudfront:UpdateDistribution {_tags('cloudfront')}",
    ),
    "cloudfront:Function": Calls(
        create="cloudfront:CreateFunction cloudfront:PublishFunction",
        after="cloudfront:DescribeFunction cloudfront:GetFunction",
        delete="cloudfront:DeleteFunction",
        change="cloudfront:UpdateFunction cloudfront:PublishFunction",
    ),
    "cloudfront:KeyGroup": Calls(
        create="cloudfront:CreateKeyGroup",
        after="cloudfront:GetKeyGroup",
        delete="cloudfront:DeleteKeyGroup",
        change="cloudfront:UpdateKeyGroup",
    ),
    "cloudfront:OriginAccessControl": Calls(
        create="cloudfront:CreateOriginAccessControl",
        after="cloudfront:GetOriginAccessControl",
        delete="cloudfront:DeleteOriginAccessControl",
        change="cloudfront:UpdateOriginAccessControl",
    ),
    "cloudfront:PublicKey": Calls(
        create="cloudfront:CreatePublicKey", after="cloudfront:GetPublicKey", delete="cloudfront:DeletePublicKey"
    ),
    "cloudfront:ResponseHeadersPolicy": Calls(
        create="cloudfront:CreateResponseHeadersPolicy",
        after="cloudfront:GetResponseHeadersPolicy",
        delete="cloudfront:DeleteResponseHeadersPolicy",
        change="cloudfront:UpdateResponseHeadersPolicy",
    ),
    "cloudwatch:Dashboard": Calls(
        create="cloudwatch:PutDashboard",
        after="cloudwatch:GetDashboard",
        delete="cloudwatch:DeleteDashboards",
        change="cloudwatch:PutDashboard",
    ),
    "cloudwatch:EventBus": Calls(
        create="events:CreateEventBus events:TagResource",
        after="events:DescribeEventBus events:ListTagsForResource",
        delete="events:DeleteEventBus",
        change=f"events:UpdateEventBus {_tags('events')}",
    ),
    "cloudwatch:EventRule": Calls(
        create="events:PutRule events:TagResource",
        after="events:DescribeRule events:ListTagsForResource",
        delete="events:DeleteRule",
        change=f"events:PutRule {_tags('events')}",
    ),
    "cloudwatch:EventTarget": Calls(
        create="events:PutTargets",
        after="events:ListTargetsByRule",
        delete="events:RemoveTargets",
        change="events:PutTargets",
        passed_to="events",
    ),
    "cloudwatch:LogGroup": Calls(
        create="logs:CreateLogGroup logs:TagResource logs:PutRetentionPolicy",
        after="logs:DescribeLogGroups logs:ListTagsForResource",
        delete="logs:DeleteLogGroup",
        change="logs:PutRetentionPolicy logs:DeleteRetentionPolicy logs:AssociateKmsKey logs:DisassociateKmsKey "
        + _tags("logs"),
    ),
    "cloudwatch:MetricAlarm": Calls(
        create="cloudwatch:PutMetricAlarm cloudwatch:TagResource",
        after="cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource",
        delete="cloudwatch:DeleteAlarms",
        change=f"cloudwatch:PutMetricAlarm {_tags('cloudwatch')}",
    ),
    "dynamodb:Table": Calls(
        create="dynamodb:CreateTable dynamodb:TagResource dynamodb:UpdateTimeToLive dynamodb:UpdateContinuousBackups",
        after="dynamodb:DescribeTable dynamodb:DescribeTimeToLive dynamodb:DescribeContinuousBackups"
        " dynamodb:ListTagsOfResource",
        delete="dynamodb:DeleteTable",
        change="dynamodb:UpdateTable dynamodb:UpdateTimeToLive dynamodb:UpdateContinuousBackups " + _tags("dynamodb"),
    ),
    "ec2:FlowLog": Calls(
        create="ec2:CreateFlowLogs ec2:CreateTags",
        after="ec2:DescribeFlowLogs",
        delete="ec2:DeleteFlowLogs",
        change=_EC2_TAGS,
        passed_to="vpc-flow-logs",
    ),
    "ec2:InternetGateway": Calls(
        create="ec2:CreateInternetGateway ec2:CreateTags",
        after="ec2:AttachInternetGateway ec2:DescribeInternetGateways",
        delete="ec2:DetachInternetGateway ec2:DeleteInternetGateway",
        change=f"ec2:DetachInternetGateway ec2:AttachInternetGateway {_EC2_TAGS}",
    ),
    "ec2:Route": Calls(
        create="",
        after="ec2:CreateRoute ec2:DescribeRouteTables",
        delete="ec2:DeleteRoute",
        change="ec2:ReplaceRoute",
    ),
    "ec2:RouteTable": Calls(
        create="ec2:CreateRouteTable ec2:CreateTags",
        after="ec2:DescribeRouteTables",
        delete="ec2:DeleteRouteTable",
        change=_EC2_TAGS,
    ),
    "ec2:RouteTableAssociation": Calls(
        create="",
        after="ec2:AssociateRouteTable ec2:DescribeRouteTables",
        delete="ec2:DisassociateRouteTable",
        change="ec2:ReplaceRouteTableAssociation",
    ),
    "ec2:SecurityGroup": Calls(
        create="ec2:CreateSecurityGroup ec2:CreateTags",
        after="ec2:RevokeSecurityGroupEgress ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress"
        " ec2:DescribeSecurityGroups",
        delete="ec2:DescribeNetworkInterfaces ec2:DeleteSecurityGroup",
        change="ec2:RevokeSecurityGroupEgress ec2:AuthorizeSecurityGroupEgress ec2:RevokeSecurityGroupIngress"
        f" ec2:AuthorizeSecurityGroupIngress {_EC2_TAGS}",
    ),
    "ec2:Subnet": Calls(
        create="ec2:CreateSubnet ec2:CreateTags",
        after="ec2:ModifySubnetAttribute ec2:DescribeSubnets",
        delete="ec2:DescribeNetworkInterfaces ec2:DeleteSubnet",
        change=f"ec2:ModifySubnetAttribute {_EC2_TAGS}",
    ),
    "ec2:Vpc": Calls(
        create="ec2:CreateVpc ec2:CreateTags",
        after="ec2:DescribeVpcs ec2:DescribeNetworkAcls ec2:DescribeRouteTables ec2:DescribeSecurityGroups"
        " ec2:DescribeVpcAttribute ec2:ModifyVpcAttribute",
        delete="ec2:DeleteVpc",
        change=f"ec2:ModifyVpcAttribute {_EC2_TAGS}",
    ),
    "ec2:VpcEndpoint": Calls(
        create="ec2:CreateVpcEndpoint ec2:CreateTags route53:AssociateVPCWithHostedZone",
        after="ec2:DescribeVpcEndpoints ec2:DescribePrefixLists",
        delete="ec2:DeleteVpcEndpoints",
        change=f"ec2:ModifyVpcEndpoint {_EC2_TAGS}",
    ),
    "ecr:LifecyclePolicy": Calls(
        create="ecr:PutLifecyclePolicy", after="ecr:GetLifecyclePolicy", delete="ecr:DeleteLifecyclePolicy"
    ),
    "ecr:RegistryScanningConfiguration": Calls(
        create="ecr:PutRegistryScanningConfiguration inspector2:Enable inspector2:ListAccountPermissions",
        after="ecr:GetRegistryScanningConfiguration",
        delete="ecr:PutRegistryScanningConfiguration",
        change="ecr:PutRegistryScanningConfiguration",
    ),
    "ecr:Repository": Calls(
        create="ecr:CreateRepository ecr:TagResource",
        after="ecr:DescribeRepositories ecr:ListTagsForResource",
        delete="ecr:DeleteRepository",
        change=f"ecr:PutImageTagMutability ecr:PutImageScanningConfiguration {_tags('ecr')}",
    ),
    "ecs:Cluster": Calls(
        create="ecs:CreateCluster ecs:TagResource",
        after="ecs:DescribeClusters",
        delete="ecs:DeleteCluster",
        change=f"ecs:UpdateCluster {_tags('ecs')}",
    ),
    "ecs:ClusterCapacityProviders": Calls(
        create="ecs:PutClusterCapacityProviders",
        after="ecs:DescribeClusters",
        delete="ecs:PutClusterCapacityProviders",
        change="ecs:PutClusterCapacityProviders",
    ),
    "ecs:TaskDefinition": Calls(
        create="ecs:RegisterTaskDefinition ecs:TagResource",
        after="ecs:DescribeTaskDefinition",
        delete="ecs:DeregisterTaskDefinition",
        change=_tags("ecs"),
        passed_to="ecs-tasks",
    ),
    "iam:Role": Calls(
        create="iam:CreateRole iam:TagRole",
        after="iam:GetRole iam:ListRolePolicies iam:ListAttachedRolePolicies",
        delete="iam:ListInstanceProfilesForRole iam:DeleteRole",
        change=f"iam:UpdateAssumeRolePolicy iam:UpdateRole {_tags('iam', 'TagRole UntagRole')}",
    ),
    "iam:RolePolicy": Calls(
        create="iam:PutRolePolicy",
        after="iam:GetRolePolicy",
        delete="iam:DeleteRolePolicy",
        change="iam:PutRolePolicy",
    ),
    "kms:Alias": Calls(
        create="kms:CreateAlias", after="kms:ListAliases", delete="kms:DeleteAlias", change="kms:UpdateAlias"
    ),
    "kms:Key": Calls(
        create="kms:CreateKey kms:TagResource",
        after="kms:DescribeKey kms:GetKeyPolicy kms:EnableKeyRotation kms:GetKeyRotationStatus kms:ListResourceTags",
        delete="kms:ScheduleKeyDeletion",
        change=f"kms:UpdateKeyDescription kms:PutKeyPolicy kms:EnableKeyRotation {_tags('kms')}",
    ),
    "lambda:Alias": Calls(
        create="lambda:CreateAlias", after="lambda:GetAlias", delete="lambda:DeleteAlias", change="lambda:UpdateAlias"
    ),
    "lambda:Function": Calls(
        create="lambda:CreateFunction lambda:TagResource lambda:PutFunctionConcurrency",
        after="lambda:GetFunction lambda:ListVersionsByFunction lambda:GetFunctionCodeSigningConfig",
        delete="lambda:DeleteFunction",
        change="lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration lambda:GetFunctionConfiguration"
        " lambda:PublishVersion lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency " + _tags("lambda"),
        passed_to="lambda",
    ),
    "lambda:FunctionEventInvokeConfig": Calls(
        create="lambda:PutFunctionEventInvokeConfig",
        after="lambda:GetFunctionEventInvokeConfig",
        delete="lambda:DeleteFunctionEventInvokeConfig",
        change="lambda:PutFunctionEventInvokeConfig",
    ),
    "lambda:FunctionUrl": Calls(
        create="lambda:CreateFunctionUrlConfig",
        after="lambda:GetFunctionUrlConfig",
        delete="lambda:DeleteFunctionUrlConfig",
        change="lambda:UpdateFunctionUrlConfig",
    ),
    "lambda:Permission": Calls(
        create="lambda:AddPermission", after="lambda:GetPolicy", delete="lambda:RemovePermission"
    ),
    # Layers are never deleted by the program (skip_destroy); docs/deploy.md says how a person does.
    "lambda:LayerVersion": Calls(create="lambda:PublishLayerVersion", after="lambda:GetLayerVersion"),
    "s3:Bucket": Calls(
        create="s3:CreateBucket s3:PutBucketTagging s3:TagResource",
        after="s3:ListBucket s3:GetBucketLocation s3:GetBucketTagging s3:GetBucketAcl s3:GetBucketCORS"
        " s3:GetBucketWebsite s3:GetBucketLogging s3:GetBucketRequestPayment s3:GetAccelerateConfiguration"
        " s3:GetReplicationConfiguration s3:GetBucketObjectLockConfiguration s3:GetBucketVersioning"
        " s3:GetLifecycleConfiguration s3:GetEncryptionConfiguration s3:GetBucketPolicy s3:ListTagsForResource",
        delete="s3:ListBucketVersions s3:DeleteBucket",
        change=f"s3:PutBucketTagging {_tags('s3')}",
    ),
    "s3:BucketLifecycleConfiguration": Calls(
        create="s3:PutLifecycleConfiguration",
        after="s3:GetLifecycleConfiguration",
        delete="s3:PutLifecycleConfiguration",
        change="s3:PutLifecycleConfiguration",
    ),
    "s3:BucketLogging": Calls(
        create="s3:PutBucketLogging",
        after="s3:GetBucketLogging",
        delete="s3:PutBucketLogging",
        change="s3:PutBucketLogging",
    ),
    "s3:BucketNotification": Calls(
        create="s3:PutBucketNotification",
        after="s3:GetBucketNotification",
        delete="s3:PutBucketNotification",
        change="s3:PutBucketNotification",
    ),
    "s3:BucketPolicy": Calls(
        create="s3:PutBucketPolicy",
        after="s3:GetBucketPolicy",
        delete="s3:DeleteBucketPolicy",
        change="s3:PutBucketPolicy",
    ),
    "s3:BucketPublicAccessBlock": Calls(
        create="s3:PutBucketPublicAccessBlock",
        after="s3:GetBucketPublicAccessBlock",
        delete="s3:PutBucketPublicAccessBlock",
        change="s3:PutBucketPublicAccessBlock",
    ),
    "s3:BucketServerSideEncryptionConfiguration": Calls(
        create="s3:PutEncryptionConfiguration",
        after="s3:GetEncryptionConfiguration",
        delete="s3:PutEncryptionConfiguration",
        change="s3:PutEncryptionConfiguration",
    ),
    "s3:BucketVersioning": Calls(
        create="s3:PutBucketVersioning",
        after="s3:GetBucketVersioning",
        delete="s3:PutBucketVersioning",
        change="s3:PutBucketVersioning",
    ),
    "scheduler:Schedule": Calls(
        create="scheduler:CreateSchedule",
        after="scheduler:GetSchedule",
        delete="scheduler:DeleteSchedule",
        change="scheduler:UpdateSchedule",
        passed_to="scheduler",
    ),
    "sfn:Alias": Calls(
        create="states:CreateStateMachineAlias",
        after="states:DescribeStateMachineAlias",
        delete="states:DeleteStateMachineAlias",
        change="states:UpdateStateMachineAlias",
    ),
    "sfn:StateMachine": Calls(
        create="states:ValidateStateMachineDefinition states:CreateStateMachine states:TagResource",
        after="states:DescribeStateMachine states:ListStateMachineVersions states:ListTagsForResource",
        delete="states:DeleteStateMachine",
        change="states:ValidateStateMachineDefinition states:UpdateStateMachine states:PublishStateMachineVersion "
        + _tags("states"),
        passed_to="states",
    ),
    "sns:Topic": Calls(
        create="sns:CreateTopic sns:TagResource",
        after="sns:GetTopicAttributes sns:ListTagsForResource",
        delete="sns:DeleteTopic",
        change=f"sns:SetTopicAttributes {_tags('sns')}",
    ),
    "sns:TopicPolicy": Calls(
        create="sns:SetTopicAttributes",
        after="sns:GetTopicAttributes",
        delete="sns:SetTopicAttributes",
        change="sns:SetTopicAttributes",
    ),
    "sns:TopicSubscription": Calls(
        create="sns:Subscribe", after="sns:GetSubscriptionAttributes", delete="sns:Unsubscribe"
    ),
    "sqs:Queue": Calls(
        create="sqs:CreateQueue sqs:TagQueue",
        after="sqs:GetQueueAttributes sqs:ListQueueTags",
        delete="sqs:DeleteQueue",
        change=f"sqs:SetQueueAttributes {_tags('sqs', 'TagQueue UntagQueue')}",
    ),
    "sqs:QueuePolicy": Calls(
        create="sqs:SetQueueAttributes",
        after="sqs:GetQueueAttributes",
        delete="sqs:SetQueueAttributes",
        change="sqs:SetQueueAttributes",
    ),
    "ssm:Parameter": Calls(
        create="ssm:PutParameter ssm:AddTagsToResource",
        after="ssm:GetParameter ssm:DescribeParameters ssm:ListTagsForResource",
        delete="ssm:DeleteParameter",
        change=f"ssm:PutParameter {_tags('ssm', 'AddTagsToResource RemoveTagsFromResource')}",
    ),
}
#: What making the encrypted table asks of the key, on behalf of DynamoDB (DynamoDB, "Encryption at rest").
TABLE_KEY = "kms:Encrypt kms:Decrypt kms:ReEncryptFrom kms:ReEncryptTo kms:GenerateDataKey kms:CreateGrant"
#: Asked on this resource, literally, before the state machine exists (hashicorp/terraform-provider-aws#39472).
LITERAL = {"states:ValidateStateMachineDefinition": "stateMachine:*"}
#: Actions that AWS's list gives no resource: IAM checks them against "*".
WITHOUT_RESOURCE = frozenset(
    [
        "kms:CreateKey",
        "kms:ListAliases",
        "ecs:DescribeTaskDefinition",
        "ecs:DeregisterTaskDefinition",
        "logs:DescribeLogGroups",
        "sns:Unsubscribe",
        "sns:GetSubscriptionAttributes",
        "ecr:GetAuthorizationToken",
        "ecr:GetRegistryScanningConfiguration",
        "ecr:PutRegistryScanningConfiguration",
        "inspector2:Enable",
        "inspector2:ListAccountPermissions",
        "ssm:DescribeParameters",
        *(f"cloudfront:{verb}{kind}" for verb in ("Create", "Get", "Delete") for kind in ("KeyGroup", "PublicKey")),
        "cloudfront:UpdateKeyGroup",
        "cloudfront:CreateOriginAccessControl",
        "lambda:ListLayerVersions",
    ]
)
