"""What the AWS provider calls for each kind of resource: apart from tools/deployer.py, to hold it against.

Sources: the create, read and delete functions of hashicorp/terraform-provider-aws (internal/service/*), which
pulumi-aws bridges; the calls that a recorded run of the program on moto made (issue 11, engine.md); KMS' pages
tag-permissions and tag-authorization; DynamoDB's "Encryption at rest" for what a table under a customer's key asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Calls:
    """Actions by when they are asked: `create` before the resource has a tag, `read` right after, `delete` later."""

    create: str
    read: str
    delete: str = ""
    passes_role: bool = False


CALLS: Mapping[str, Calls] = {
    "cloudwatch:EventRule": Calls(
        "events:PutRule events:TagResource", "events:DescribeRule events:ListTagsForResource", "events:DeleteRule"
    ),
    "cloudwatch:EventTarget": Calls(
        "events:PutTargets", "events:ListTargetsByRule", "events:RemoveTargets", passes_role=True
    ),
    "cloudwatch:LogGroup": Calls(
        "logs:CreateLogGroup logs:TagResource logs:PutRetentionPolicy",
        "logs:DescribeLogGroups logs:ListTagsForResource",
        "logs:DeleteLogGroup",
    ),
    "cloudwatch:MetricAlarm": Calls(
        "cloudwatch:PutMetricAlarm cloudwatch:TagResource",
        "cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource",
        "cloudwatch:DeleteAlarms",
    ),
    "dynamodb:Table": Calls(
        "dynamodb:CreateTable dynamodb:TagResource dynamodb:UpdateTimeToLive dynamodb:UpdateContinuousBackups",
        "dynamodb:DescribeTable dynamodb:DescribeTimeToLive dynamodb:DescribeContinuousBackups"
        " dynamodb:ListTagsOfResource",
        "dynamodb:DeleteTable dynamodb:UpdateTable",
    ),
    "ec2:InternetGateway": Calls(
        "ec2:CreateInternetGateway ec2:CreateTags",
        "ec2:DescribeInternetGateways",
        "ec2:AttachInternetGateway ec2:DetachInternetGateway ec2:DeleteInternetGateway",
    ),
    "ec2:Route": Calls("", "ec2:DescribeRouteTables", "ec2:CreateRoute ec2:DeleteRoute"),
    "ec2:RouteTable": Calls("ec2:CreateRouteTable ec2:CreateTags", "ec2:DescribeRouteTables", "ec2:DeleteRouteTable"),
    "ec2:RouteTableAssociation": Calls(
        "", "ec2:DescribeRouteTables", "ec2:AssociateRouteTable ec2:DisassociateRouteTable"
    ),
    "ec2:SecurityGroup": Calls(
        "ec2:CreateSecurityGroup ec2:CreateTags",
        "ec2:DescribeSecurityGroups ec2:DescribeNetworkInterfaces",
        "ec2:RevokeSecurityGroupEgress ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress"
        " ec2:DeleteSecurityGroup",
    ),
    "ec2:Subnet": Calls(
        "ec2:CreateSubnet ec2:CreateTags", "ec2:DescribeSubnets", "ec2:ModifySubnetAttribute ec2:DeleteSubnet"
    ),
    "ec2:Vpc": Calls(
        "ec2:CreateVpc ec2:CreateTags",
        "ec2:DescribeVpcs ec2:DescribeNetworkAcls ec2:DescribeRouteTables ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcAttribute ec2:ModifyVpcAttribute ec2:DeleteVpc",
    ),
    "ec2:VpcEndpoint": Calls(
        "ec2:CreateVpcEndpoint ec2:CreateTags route53:AssociateVPCWithHostedZone",
        "ec2:DescribeVpcEndpoints ec2:DescribePrefixLists",
        "ec2:ModifyVpcEndpoint ec2:DeleteVpcEndpoints",
    ),
    "ecr:LifecyclePolicy": Calls("ecr:PutLifecyclePolicy", "ecr:GetLifecyclePolicy", "ecr:DeleteLifecyclePolicy"),
    "ecr:Repository": Calls(
        "ecr:CreateRepository ecr:TagResource",
        "ecr:DescribeRepositories ecr:ListTagsForResource",
        "ecr:DeleteRepository",
    ),
    "ecs:Cluster": Calls("ecs:CreateCluster ecs:TagResource", "ecs:DescribeClusters", "ecs:DeleteCluster"),
    "ecs:ClusterCapacityProviders": Calls("ecs:PutClusterCapacityProviders", "ecs:DescribeClusters"),
    "ecs:TaskDefinition": Calls(
        "ecs:RegisterTaskDefinition ecs:TagResource",
        "ecs:DescribeTaskDefinition",
        "ecs:DeregisterTaskDefinition",
        passes_role=True,
    ),
    "iam:Role": Calls(
        "iam:CreateRole iam:TagRole",
        "iam:GetRole iam:ListRolePolicies iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole iam:DeleteRole",
    ),
    "iam:RolePolicy": Calls("iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"),
    "kms:Alias": Calls("kms:CreateAlias", "kms:ListAliases", "kms:DeleteAlias"),
    "kms:Key": Calls(
        "kms:CreateKey kms:TagResource",
        "kms:DescribeKey kms:GetKeyPolicy kms:EnableKeyRotation kms:GetKeyRotationStatus kms:ListResourceTags",
        "kms:ScheduleKeyDeletion",
    ),
    "lambda:Alias": Calls("lambda:CreateAlias", "lambda:GetAlias", "lambda:UpdateAlias lambda:DeleteAlias"),
    "lambda:Function": Calls(
        "lambda:CreateFunction lambda:TagResource lambda:PutFunctionConcurrency",
        "lambda:GetFunction lambda:ListVersionsByFunction lambda:GetFunctionCodeSigningConfig",
        "lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration lambda:PublishVersion lambda:DeleteFunction",
        passes_role=True,
    ),
    "lambda:FunctionEventInvokeConfig": Calls(
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:DeleteFunctionEventInvokeConfig",
    ),
    "lambda:Permission": Calls("lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"),
    "lambda:LayerVersion": Calls("lambda:PublishLayerVersion", "lambda:GetLayerVersion"),
    "s3:Bucket": Calls(
        "s3:CreateBucket s3:PutBucketTagging s3:TagResource",
        "s3:ListBucket s3:GetBucketLocation s3:GetBucketTagging s3:GetBucketAcl s3:GetBucketCORS s3:GetBucketWebsite"
        " s3:GetBucketLogging s3:GetBucketRequestPayment s3:GetAccelerateConfiguration s3:GetReplicationConfiguration"
        " s3:GetBucketObjectLockConfiguration s3:GetBucketVersioning s3:GetLifecycleConfiguration"
        " s3:GetEncryptionConfiguration s3:GetBucketPolicy s3:ListTagsForResource",
        "s3:ListBucketVersions s3:DeleteBucket",
    ),
    "s3:BucketLifecycleConfiguration": Calls("s3:PutLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    "s3:BucketNotification": Calls("s3:PutBucketNotification", "s3:GetBucketNotification"),
    "s3:BucketPolicy": Calls("s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"),
    "s3:BucketPublicAccessBlock": Calls("s3:PutBucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    "s3:BucketServerSideEncryptionConfiguration": Calls(
        "s3:PutEncryptionConfiguration", "s3:GetEncryptionConfiguration"
    ),
    "s3:BucketVersioning": Calls("s3:PutBucketVersioning", "s3:GetBucketVersioning"),
    "scheduler:Schedule": Calls(
        "scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:DeleteSchedule", passes_role=True
    ),
    "sfn:Alias": Calls(
        "states:CreateStateMachineAlias", "states:DescribeStateMachineAlias", "states:DeleteStateMachineAlias"
    ),
    "sfn:StateMachine": Calls(
        "states:ValidateStateMachineDefinition states:CreateStateMachine states:TagResource",
        "states:DescribeStateMachine states:ListStateMachineVersions states:ListTagsForResource",
        "states:UpdateStateMachine states:PublishStateMachineVersion states:DeleteStateMachine",
        passes_role=True,
    ),
    "sns:Topic": Calls(
        "sns:CreateTopic sns:TagResource", "sns:GetTopicAttributes sns:ListTagsForResource", "sns:DeleteTopic"
    ),
    "sns:TopicPolicy": Calls("sns:SetTopicAttributes", "sns:GetTopicAttributes"),
    "sns:TopicSubscription": Calls("sns:Subscribe", "sns:GetSubscriptionAttributes", "sns:Unsubscribe"),
    "sqs:Queue": Calls("sqs:CreateQueue sqs:TagQueue", "sqs:GetQueueAttributes sqs:ListQueueTags", "sqs:DeleteQueue"),
    "sqs:QueuePolicy": Calls("sqs:SetQueueAttributes", "sqs:GetQueueAttributes", "sqs:SetQueueAttributes"),
    "ssm:Parameter": Calls(
        "ssm:PutParameter ssm:AddTagsToResource",
        "ssm:GetParameter ssm:DescribeParameters ssm:ListTagsForResource",
        "ssm:DeleteParameter",
    ),
}
#: What making the encrypted table asks of the key, on behalf of DynamoDB (DynamoDB, "Encryption at rest").
TABLE_KEY = "kms:Encrypt kms:Decrypt kms:ReEncryptFrom kms:ReEncryptTo kms:GenerateDataKey"
#: Asked on this literal resource, before the state machine exists (hashicorp/terraform-provider-aws#39472).
LITERAL = {"states:ValidateStateMachineDefinition": "arn:aws:states:eu-west-1:123456789012:stateMachine:*"}
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
        "lambda:ListLayerVersions",
        "ssm:DescribeParameters",
    ]
)
