"""The actions of each kind of resource that the program declares: create, read, change, tag and delete it."""

from __future__ import annotations

from collections.abc import Mapping


def actions_of(service: str, names: str) -> tuple[str, ...]:
    """The IAM actions of one service, from their names."""
    return tuple(f"{service}:{name}" for name in names.split())


def life_of(kind: str, verbs: str = "") -> tuple[str, ...]:
    """CloudFront's actions to create, get and delete one kind, and those of other verbs."""
    return tuple(f"cloudfront:{verb}{kind}" for verb in ("Create", "Get", "Delete", *verbs.split()))


_NETWORK_TAGS = actions_of("ec2", "CreateTags DeleteTags")
#: Actions by kind of resource: create, read, change, tag and delete it. A kind that is missing here fails a test.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "budgets:Budget": actions_of("budgets", "ModifyBudget ViewBudget TagResource UntagResource ListTagsForResource"),
    "cloudfront:Distribution": (
        *life_of("Distribution", "Update"),
        *actions_of("cloudfront", "TagResource UntagResource ListTagsForResource"),
    ),
    "cloudfront:Function": life_of("Function", "Describe Update Publish"),
    "cloudfront:KeyGroup": life_of("KeyGroup", "Update"),
    "cloudfront:OriginAccessControl": life_of("OriginAccessControl", "Update"),
    # A public key is replaced, not updated: nothing of it changes but its name and itself.
    "cloudfront:PublicKey": life_of("PublicKey"),
    "cloudfront:ResponseHeadersPolicy": life_of("ResponseHeadersPolicy", "Update"),
    "cloudwatch:Dashboard": actions_of("cloudwatch", "PutDashboard GetDashboard DeleteDashboards"),
    "cloudwatch:EventBus": actions_of(
        "events",
        "CreateEventBus DescribeEventBus UpdateEventBus DeleteEventBus TagResource UntagResource ListTagsForResource",
    ),
    "cloudwatch:EventRule": actions_of(
        "events", "PutRule DescribeRule DeleteRule TagResource UntagResource ListTagsForResource"
    ),
    "cloudwatch:EventTarget": actions_of("events", "PutTargets RemoveTargets ListTargetsByRule"),
    "cloudwatch:LogGroup": actions_of(
        "logs",
        "CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey"
        " DisassociateKmsKey TagResource UntagResource ListTagsForResource",
    ),
    "cloudwatch:MetricAlarm": actions_of(
        "cloudwatch", "PutMetricAlarm DescribeAlarms DeleteAlarms TagResource UntagResource ListTagsForResource"
    ),
    "dynamodb:Table": actions_of(
        "dynamodb",
        "CreateTable DescribeTable UpdateTable DeleteTable DescribeTimeToLive UpdateTimeToLive"
        " DescribeContinuousBackups UpdateContinuousBackups TagResource UntagResource ListTagsOfResource",
    ),
    "ec2:FlowLog": (
        *actions_of("ec2", "CreateFlowLogs DeleteFlowLogs DescribeFlowLogs"),
        *_NETWORK_TAGS,
        "iam:PassRole",
    ),
    "ec2:InternetGateway": (
        *actions_of("ec2", "CreateInternetGateway AttachInternetGateway DetachInternetGateway DeleteInternetGateway"),
        *actions_of("ec2", "DescribeInternetGateways"),
        *_NETWORK_TAGS,
    ),
    "ec2:Route": actions_of("ec2", "CreateRoute ReplaceRoute DeleteRoute DescribeRouteTables"),
    "ec2:RouteTable": (*actions_of("ec2", "CreateRouteTable DeleteRouteTable DescribeRouteTables"), *_NETWORK_TAGS),
    "ec2:RouteTableAssociation": actions_of(
        "ec2", "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation DescribeRouteTables"
    ),
    "ec2:SecurityGroup": (
        *actions_of(
            "ec2", "CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups AuthorizeSecurityGroupEgress"
        ),
        *actions_of("ec2", "AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress"),
        *actions_of("ec2", "DescribeNetworkInterfaces"),
        *_NETWORK_TAGS,
    ),
    "ec2:Subnet": (
        *actions_of("ec2", "CreateSubnet DeleteSubnet DescribeSubnets ModifySubnetAttribute"),
        *_NETWORK_TAGS,
    ),
    "ec2:Vpc": (
        *actions_of(
            "ec2", "CreateVpc DeleteVpc DescribeVpcs DescribeVpcAttribute ModifyVpcAttribute DescribeNetworkAcls"
        ),
        *actions_of("ec2", "DescribeRouteTables DescribeSecurityGroups"),
        *_NETWORK_TAGS,
    ),
    "ec2:VpcEndpoint": (
        *actions_of(
            "ec2", "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint DescribeVpcEndpoints DescribePrefixLists"
        ),
        *_NETWORK_TAGS,
        # AWS's list of actions names it as dependent on an interface endpoint with private DNS.
        "route53:AssociateVPCWithHostedZone",
    ),
    "ecr:LifecyclePolicy": actions_of("ecr", "PutLifecyclePolicy GetLifecyclePolicy DeleteLifecyclePolicy"),
    "ecr:RegistryScanningConfiguration": (
        *actions_of("ecr", "PutRegistryScanningConfiguration GetRegistryScanningConfiguration"),
        # AWS's page on enhanced scanning, "IAM permissions required": it switches Amazon Inspector on.
        *actions_of("inspector2", "Enable ListAccountPermissions"),
        "iam:CreateServiceLinkedRole",
    ),
    "ecr:Repository": actions_of(
        "ecr",
        "CreateRepository DescribeRepositories DeleteRepository PutImageTagMutability PutImageScanningConfiguration"
        " TagResource UntagResource ListTagsForResource",
    ),
    "ecs:Cluster": (
        *actions_of("ecs", "CreateCluster DescribeClusters UpdateCluster UpdateClusterSettings DeleteCluster"),
        *actions_of("ecs", "TagResource UntagResource ListTagsForResource"),
        "iam:CreateServiceLinkedRole",
    ),
    "ecs:ClusterCapacityProviders": actions_of("ecs", "PutClusterCapacityProviders DescribeClusters"),
    "ecs:TaskDefinition": (
        *actions_of("ecs", "RegisterTaskDefinition DescribeTaskDefinition DeregisterTaskDefinition TagResource"),
        "iam:PassRole",
    ),
    "iam:Role": actions_of(
        "iam",
        "CreateRole GetRole UpdateRole UpdateAssumeRolePolicy DeleteRole ListRolePolicies ListAttachedRolePolicies"
        " ListInstanceProfilesForRole TagRole UntagRole",
    ),
    "iam:RolePolicy": actions_of("iam", "PutRolePolicy GetRolePolicy DeleteRolePolicy"),
    "kms:Alias": actions_of("kms", "CreateAlias UpdateAlias DeleteAlias ListAliases"),
    "kms:Key": actions_of(
        "kms",
        "CreateKey DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation ListResourceTags"
        " TagResource UntagResource ScheduleKeyDeletion UpdateKeyDescription CreateGrant"
        # Whoever makes a table or writes an object under a customer's key uses it (DynamoDB, "Encryption at rest").
        " Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
    ),
    "lambda:Alias": actions_of("lambda", "CreateAlias GetAlias UpdateAlias DeleteAlias"),
    "lambda:Function": (
        *actions_of("lambda", "CreateFunction GetFunction GetFunctionConfiguration UpdateFunctionCode DeleteFunction"),
        *actions_of(
            "lambda", "UpdateFunctionConfiguration PublishVersion ListVersionsByFunction GetFunctionCodeSigningConfig"
        ),
        *actions_of("lambda", "PutFunctionConcurrency DeleteFunctionConcurrency TagResource UntagResource ListTags"),
        "iam:PassRole",
    ),
    "lambda:FunctionEventInvokeConfig": actions_of(
        "lambda", "PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig"
    ),
    "lambda:FunctionUrl": actions_of(
        "lambda", "CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig"
    ),
    "lambda:Permission": actions_of("lambda", "AddPermission RemovePermission GetPolicy"),
    "lambda:LayerVersion": actions_of("lambda", "PublishLayerVersion GetLayerVersion"),
    "s3:Bucket": actions_of(
        "s3",
        "CreateBucket DeleteBucket ListBucket GetBucketLocation GetBucketAcl GetBucketCORS GetBucketWebsite"
        " GetBucketLogging GetBucketRequestPayment GetAccelerateConfiguration GetReplicationConfiguration"
        " GetBucketObjectLockConfiguration GetBucketTagging PutBucketTagging ListBucketVersions DeleteObject"
        " DeleteObjectVersion TagResource UntagResource ListTagsForResource",
    ),
    "s3:BucketLifecycleConfiguration": actions_of("s3", "PutLifecycleConfiguration GetLifecycleConfiguration"),
    "s3:BucketLogging": actions_of("s3", "PutBucketLogging GetBucketLogging"),
    "s3:BucketNotification": actions_of("s3", "PutBucketNotification GetBucketNotification"),
    "s3:BucketPolicy": actions_of("s3", "PutBucketPolicy GetBucketPolicy DeleteBucketPolicy"),
    "s3:BucketPublicAccessBlock": actions_of("s3", "PutBucketPublicAccessBlock GetBucketPublicAccessBlock"),
    "s3:BucketServerSideEncryptionConfiguration": actions_of(
        "s3", "PutEncryptionConfiguration GetEncryptionConfiguration"
    ),
    "s3:BucketVersioning": actions_of("s3", "PutBucketVersioning GetBucketVersioning"),
    "scheduler:Schedule": (
        *actions_of("scheduler", "CreateSchedule GetSchedule UpdateSchedule DeleteSchedule"),
        "iam:PassRole",
    ),
    "sfn:Alias": actions_of(
        "states",
        "CreateStateMachineAlias DescribeStateMachineAlias UpdateStateMachineAlias DeleteStateMachineAlias"
        " ListStateMachineAliases",
    ),
    "sfn:StateMachine": (
        *actions_of("states", "CreateStateMachine DescribeStateMachine UpdateStateMachine DeleteStateMachine"),
        *actions_of("states", "PublishStateMachineVersion ListStateMachineVersions DeleteStateMachineVersion"),
        *actions_of("states", "TagResource UntagResource ListTagsForResource ValidateStateMachineDefinition"),
        "iam:PassRole",
    ),
    "sns:Topic": actions_of(
        "sns",
        "CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic TagResource UntagResource ListTagsForResource",
    ),
    "sns:TopicPolicy": actions_of("sns", "GetTopicAttributes SetTopicAttributes"),
    "sns:TopicSubscription": actions_of("sns", "Subscribe Unsubscribe GetSubscriptionAttributes"),
    "sqs:Queue": actions_of(
        "sqs",
        "CreateQueue GetQueueAttributes SetQueueAttributes GetQueueUrl DeleteQueue TagQueue UntagQueue ListQueueTags",
    ),
    "sqs:QueuePolicy": actions_of("sqs", "GetQueueAttributes SetQueueAttributes"),
    "ssm:Parameter": actions_of(
        "ssm",
        "PutParameter GetParameter DescribeParameters DeleteParameter AddTagsToResource RemoveTagsFromResource"
        " ListTagsForResource",
    ),
}
