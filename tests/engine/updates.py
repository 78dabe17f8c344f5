"""How a changed resource is changed where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.resources import CloudBackend, Declared, realise
from local.resources.cloudfront import access_control, described
from local.resources.lambda_ import limits_of, running_function, variables_of, zip_of
from local.resources.registry import tag_list

Update = Callable[[str, Declared, Declared, CloudBackend], Mapping[str, Any]]
_updates: dict[str, Update] = {}


def changeable(type_: str) -> bool:
    """Whether a resource of this type can be changed where it is, if only in its tags."""
    return type_ in _updates or type_ in _PUT


def update(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    """Change it, and return what AWS computes again. A kind without a function of its own is put once more.

    Raises:
        KeyError: it can be neither put nor changed.
    """
    function = _updates.get(after.type)
    return function(identity, before, after, cloud) if function else dict(_PUT[after.type](after, cloud).outputs)


def _updates_of(*types: str) -> Callable[[Update], Update]:
    def register(function: Update) -> Update:
        _updates.update(dict.fromkeys(types, function))
        return function

    return register


#: Kinds whose creation is a Put: the same call changes them.
_PUT = dict.fromkeys(
    (
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketLogging:BucketLogging",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
    ),
    realise,
)


@_updates_of("aws:budgets/budget:Budget")
def _budget(_: str, __: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("budgets").delete_budget(AccountId=cloud.account, BudgetName=after.inputs["name"])
    return dict(realise(after, cloud).outputs)


@_updates_of("aws:cloudfront/distribution:Distribution")
def _distribution(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    """Described again; the local site goes on as it began, since no life opens it after a change."""
    edge = cloud.client("cloudfront")
    edge.update_distribution(Id=identity, IfMatch="*", DistributionConfig=described(after))
    edge.tag_resource(Resource=before.inputs["arn"], Tags={"Items": tag_list(after.tags)})
    return {}


@_updates_of("aws:cloudfront/originAccessControl:OriginAccessControl")
def _access_control(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("cloudfront").update_origin_access_control(
        Id=identity, IfMatch="*", OriginAccessControlConfig=access_control(after)
    )
    return {}


@_updates_of(
    "aws:cloudfront/function:Function",
    "aws:cloudfront/keyGroup:KeyGroup",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
)
def _edge_part(*_: object) -> Mapping[str, Any]:
    """moto has no call that changes these: the engine alone remembers the change."""
    return {}


@_updates_of("aws:cloudwatch/eventBus:EventBus")
def _event_bus(_: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    """Its tags; moto has no UpdateEventBus, so the engine alone remembers another description."""
    cloud.client("events").tag_resource(ResourceARN=before.inputs["arn"], Tags=tag_list(after.tags))
    return {}


@_updates_of("aws:cloudwatch/logGroup:LogGroup")
def _log_group(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    logs = cloud.client("logs")
    if after.get("retentionInDays"):
        logs.put_retention_policy(logGroupName=identity, retentionInDays=int(after.inputs["retentionInDays"]))
    else:
        logs.delete_retention_policy(logGroupName=identity)
    if after.get("kmsKeyId"):
        logs.associate_kms_key(logGroupName=identity, kmsKeyId=after.inputs["kmsKeyId"])
    elif before.get("kmsKeyId"):
        logs.disassociate_kms_key(logGroupName=identity)
    logs.tag_log_group(logGroupName=identity, tags=dict(after.tags))
    return {}


@_updates_of("aws:dynamodb/table:Table")
def _table(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    dynamodb = cloud.client("dynamodb")
    protected = bool(after.get("deletionProtectionEnabled", False))
    table = dynamodb.update_table(TableName=identity, DeletionProtectionEnabled=protected)["TableDescription"]
    recovery = bool((after.get("pointInTimeRecovery") or {}).get("enabled"))
    dynamodb.update_continuous_backups(
        TableName=identity, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovery}
    )
    encryption = after.get("serverSideEncryption") or {}
    if encryption.get("kmsKeyArn"):
        key = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": encryption["kmsKeyArn"]}
        dynamodb.update_table(TableName=identity, SSESpecification=key)
    dynamodb.tag_resource(ResourceArn=table["TableArn"], Tags=tag_list(after.tags))
    return {}


@_updates_of(
    "aws:ec2/flowLog:FlowLog",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/routeTable:RouteTable",
)
def _network_part(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("ec2").create_tags(Resources=[identity], Tags=tag_list(after.tags))
    return {}


@_updates_of("aws:ec2/route:Route")
def _route(_: str, __: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("ec2").replace_route(
        RouteTableId=after.inputs["routeTableId"],
        DestinationCidrBlock=after.inputs["destinationCidrBlock"],
        GatewayId=after.inputs["gatewayId"],
    )
    return {}


@_updates_of("aws:kms/alias:Alias")
def _key_alias(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("kms").update_alias(AliasName=identity, TargetKeyId=after.inputs["targetKeyId"])
    return {}


@_updates_of("aws:ec2/internetGateway:InternetGateway")
def _gateway(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    ec2 = cloud.client("ec2")
    if before.get("vpcId") != after.get("vpcId"):
        ec2.detach_internet_gateway(InternetGatewayId=identity, VpcId=before.inputs["vpcId"])
        ec2.attach_internet_gateway(InternetGatewayId=identity, VpcId=after.inputs["vpcId"])
    return _network_part(identity, before, after, cloud)


@_updates_of("aws:ec2/securityGroup:SecurityGroup")
def _security_group(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    from local.resources.ec2 import permission

    ec2 = cloud.client("ec2")
    found = ec2.describe_security_groups(GroupIds=[identity])["SecurityGroups"][0]
    for side, present in (("egress", "IpPermissionsEgress"), ("ingress", "IpPermissions")):
        if found[present]:
            getattr(ec2, f"revoke_security_group_{side}")(GroupId=identity, IpPermissions=found[present])
        rules = [permission(rule) for rule in after.get(side, [])]
        if rules:
            getattr(ec2, f"authorize_security_group_{side}")(GroupId=identity, IpPermissions=rules)
    return _network_part(identity, after, after, cloud)


@_updates_of("aws:ec2/vpcEndpoint:VpcEndpoint")
def _endpoint(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    ec2 = cloud.client("ec2")
    moved = {
        f"{what}{argument}": sorted(set(one.get(name, [])) - set(other.get(name, [])))
        for argument, name in (("SubnetIds", "subnetIds"), ("RouteTableIds", "routeTableIds"))
        for what, one, other in (("Add", after, before), ("Remove", before, after))
    }
    if any(moved.values()):
        ec2.modify_vpc_endpoint(VpcEndpointId=identity, **{name: ids for name, ids in moved.items() if ids})
    return _network_part(identity, before, after, cloud)


@_updates_of("aws:ecr/repository:Repository")
def _repository(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    ecr = cloud.client("ecr")
    ecr.put_image_tag_mutability(repositoryName=identity, imageTagMutability=after.get("imageTagMutability", "MUTABLE"))
    arn = f"arn:aws:ecr:{cloud.region}:{cloud.account}:repository/{identity}"
    ecr.tag_resource(resourceArn=arn, tags=tag_list(after.tags))
    return {}


@_updates_of("aws:ecs/cluster:Cluster", "aws:ecs/taskDefinition:TaskDefinition")
def _ecs(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    del identity
    cloud.client("ecs").tag_resource(resourceArn=before.inputs["arn"], tags=tag_list(after.tags, "key", "value"))
    return {}


@_updates_of("aws:iam/role:Role")
def _role(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    iam = cloud.client("iam")
    iam.update_assume_role_policy(RoleName=identity, PolicyDocument=after.inputs["assumeRolePolicy"])
    iam.tag_role(RoleName=identity, Tags=tag_list(after.tags))
    return {}


@_updates_of("aws:kms/key:Key")
def _key(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    kms = cloud.client("kms")
    kms.put_key_policy(KeyId=identity, PolicyName="default", Policy=after.inputs["policy"])
    kms.tag_resource(KeyId=identity, Tags=tag_list(after.tags, "TagKey", "TagValue"))
    return {}


@_updates_of("aws:lambda/function:Function")
def _function(identity: str, before: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    lambda_ = cloud.client("lambda")
    code = zip_of(after, cloud)
    lambda_.update_function_code(FunctionName=identity, ZipFile=code)
    made = lambda_.update_function_configuration(
        FunctionName=identity,
        Role=after.inputs["role"],
        Handler=after.inputs["handler"],
        **limits_of(after),
        Environment={"Variables": variables_of(after)},
        **after.chosen(Description="description", Layers="layers"),
    )
    lambda_.tag_resource(Resource=before.inputs["arn"], Tags=dict(after.tags))
    version = lambda_.publish_version(FunctionName=identity)["Version"]
    cloud.deploy(running_function(after, identity, before.inputs["arn"], code, version))
    qualified = f"{before.inputs['arn']}:{version}"
    return {"version": version, "qualifiedArn": qualified, "codeSha256": made["CodeSha256"]}


@_updates_of("aws:lambda/functionUrl:FunctionUrl")
def _function_url(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("lambda").update_function_url_config(
        FunctionName=identity, AuthType=after.inputs["authorizationType"], **after.chosen(Qualifier="qualifier")
    )
    return {}


@_updates_of("aws:lambda/alias:Alias")
def _function_alias(_: str, __: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("lambda").update_alias(
        FunctionName=after.inputs["functionName"],
        Name=after.inputs["name"],
        FunctionVersion=after.inputs["functionVersion"],
    )
    return {}


@_updates_of("aws:s3/bucket:Bucket")
def _bucket(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("s3").put_bucket_tagging(Bucket=identity, Tagging={"TagSet": tag_list(after.tags)})
    return {}


@_updates_of("aws:scheduler/schedule:Schedule")
def _schedule(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("scheduler").delete_schedule(Name=identity)
    return dict(realise(after, cloud).outputs)


@_updates_of("aws:sfn/stateMachine:StateMachine")
def _machine(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    states = cloud.client("stepfunctions")
    made = states.update_state_machine(
        stateMachineArn=identity,
        definition=after.inputs["definition"],
        roleArn=after.inputs["roleArn"],
        publish=bool(after.get("publish")),
    )
    states.tag_resource(resourceArn=identity, tags=tag_list(after.tags, "key", "value"))
    return {"stateMachineVersionArn": made["stateMachineVersionArn"]}


@_updates_of("aws:sfn/alias:Alias")
def _machine_alias(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    routes = [
        {"stateMachineVersionArn": route["stateMachineVersionArn"], "weight": int(route["weight"])}
        for route in after.inputs["routingConfigurations"]
    ]
    cloud.client("stepfunctions").update_state_machine_alias(stateMachineAliasArn=identity, routingConfiguration=routes)
    return {}


@_updates_of("aws:sns/topic:Topic")
def _topic(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    cloud.client("sns").tag_resource(ResourceArn=identity, Tags=tag_list(after.tags))
    return {}


@_updates_of("aws:sqs/queue:Queue")
def _queue(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    from local.resources.sqs import attributes_of

    queues = cloud.client("sqs")
    queues.set_queue_attributes(QueueUrl=identity, Attributes=attributes_of(after))
    queues.tag_queue(QueueUrl=identity, Tags=dict(after.tags))
    return {}


@_updates_of("aws:ssm/parameter:Parameter")
def _parameter(identity: str, _: Declared, after: Declared, cloud: CloudBackend) -> Mapping[str, Any]:
    ssm = cloud.client("ssm")
    ssm.put_parameter(Name=identity, Value=after.inputs["insecureValue"], Type=after.inputs["type"], Overwrite=True)
    ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=identity, Tags=tag_list(after.tags))
    return {}
