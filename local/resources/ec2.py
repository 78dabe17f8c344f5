"""The network: moto checks that it fits together, nothing runs in it."""

from __future__ import annotations

from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


def _tagged(declared: Declared, kind: str) -> dict[str, Any]:
    if not declared.tags:
        return {}
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tag_list(declared.tags)}]}


def _arn(cloud: CloudBackend, kind: str, identity: str) -> str:
    return f"arn:aws:ec2:{cloud.region}:{cloud.account}:{kind}/{identity}"


@realises("aws:ec2/vpc:Vpc")
def vpc(declared: Declared, cloud: CloudBackend) -> Realised:
    """A network; DNS host names are on or off as declared, and awsvpc tasks want them on."""
    ec2 = cloud.client("ec2")
    identity = ec2.create_vpc(CidrBlock=declared.inputs["cidrBlock"], **_tagged(declared, "vpc"))["Vpc"]["VpcId"]
    for attribute, on in (("enableDnsSupport", True), ("enableDnsHostnames", False)):
        value = {"Value": bool(declared.get(attribute, on))}
        ec2.modify_vpc_attribute(VpcId=identity, **{attribute[0].upper() + attribute[1:]: value})
    groups = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [identity]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [identity]}])["RouteTables"]
    outputs = {
        "arn": _arn(cloud, "vpc", identity),
        "defaultSecurityGroupId": groups[0]["GroupId"] if groups else "",
        "mainRouteTableId": tables[0]["RouteTableId"] if tables else "",
    }
    return Realised(identity, outputs)


@realises("aws:ec2/subnet:Subnet")
def subnet(declared: Declared, cloud: CloudBackend) -> Realised:
    """A subnet."""
    ec2 = cloud.client("ec2")
    made = ec2.create_subnet(
        VpcId=declared.inputs["vpcId"],
        CidrBlock=declared.inputs["cidrBlock"],
        **declared.chosen(AvailabilityZone="availabilityZone"),
        **_tagged(declared, "subnet"),
    )["Subnet"]
    if declared.get("mapPublicIpOnLaunch"):
        ec2.modify_subnet_attribute(SubnetId=made["SubnetId"], MapPublicIpOnLaunch={"Value": True})
    arn = _arn(cloud, "subnet", made["SubnetId"])
    return Realised(made["SubnetId"], {"arn": arn, "availabilityZone": made["AvailabilityZone"]})


@realises("aws:ec2/internetGateway:InternetGateway")
def internet_gateway(declared: Declared, cloud: CloudBackend) -> Realised:
    """A way out."""
    ec2 = cloud.client("ec2")
    tagged = _tagged(declared, "internet-gateway")
    identity = ec2.create_internet_gateway(**tagged)["InternetGateway"]["InternetGatewayId"]
    if declared.get("vpcId"):
        ec2.attach_internet_gateway(InternetGatewayId=identity, VpcId=declared.inputs["vpcId"])
    return Realised(identity, {"arn": _arn(cloud, "internet-gateway", identity)})


@realises("aws:ec2/routeTable:RouteTable")
def route_table(declared: Declared, cloud: CloudBackend) -> Realised:
    """A route table and the routes written in it."""
    ec2 = cloud.client("ec2")
    identity = ec2.create_route_table(VpcId=declared.inputs["vpcId"], **_tagged(declared, "route-table"))["RouteTable"][
        "RouteTableId"
    ]
    for written in declared.get("routes", []):
        _create_route(ec2, identity, written, written.get("cidrBlock"))
    return Realised(identity, {"arn": _arn(cloud, "route-table", identity)})


@realises("aws:ec2/route:Route")
def route(declared: Declared, cloud: CloudBackend) -> Realised:
    """A route."""
    table = declared.inputs["routeTableId"]
    _create_route(cloud.client("ec2"), table, declared.inputs, declared.get("destinationCidrBlock"))
    return Realised(f"r-{table}")


def _create_route(ec2: Any, table: str, written: Any, destination: str | None) -> None:
    gateway = {"GatewayId": written["gatewayId"]} if written.get("gatewayId") else {}
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=destination or "0.0.0.0/0", **gateway)


@realises("aws:ec2/routeTableAssociation:RouteTableAssociation")
def route_table_association(declared: Declared, cloud: CloudBackend) -> Realised:
    """Which subnet uses which table."""
    identity = cloud.client("ec2").associate_route_table(
        RouteTableId=declared.inputs["routeTableId"], SubnetId=declared.inputs["subnetId"]
    )["AssociationId"]
    return Realised(identity)


@realises("aws:ec2/securityGroup:SecurityGroup")
def security_group(declared: Declared, cloud: CloudBackend) -> Realised:
    """A security group and the rules written in it. As with Pulumi, what is not declared is not allowed out either."""
    name = declared.named("name")
    ec2 = cloud.client("ec2")
    identity = ec2.create_security_group(
        GroupName=name,
        Description=declared.get("description", "Managed by Pulumi"),
        VpcId=declared.inputs["vpcId"],
        **_tagged(declared, "security-group"),
    )["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=identity, IpPermissions=[everything])
    for side in ("ingress", "egress"):
        rules = [permission(rule) for rule in declared.get(side, [])]
        if rules:
            getattr(ec2, f"authorize_security_group_{side}")(GroupId=identity, IpPermissions=rules)
    return Realised(identity, {"name": name, "arn": _arn(cloud, "security-group", identity)})


def permission(rule: Any) -> dict[str, Any]:
    """A rule of a security group as the API takes it."""
    permission: dict[str, Any] = {"IpProtocol": str(rule["protocol"])}
    if permission["IpProtocol"] != "-1":
        permission |= {"FromPort": int(rule["fromPort"]), "ToPort": int(rule["toPort"])}
    if rule.get("cidrBlocks"):
        permission["IpRanges"] = [{"CidrIp": block} for block in rule["cidrBlocks"]]
    if rule.get("prefixListIds"):
        permission["PrefixListIds"] = [{"PrefixListId": identity} for identity in rule["prefixListIds"]]
    if rule.get("securityGroups"):
        permission["UserIdGroupPairs"] = [{"GroupId": group} for group in rule["securityGroups"]]
    return permission


@realises("aws:ec2/vpcEndpoint:VpcEndpoint")
def vpc_endpoint(declared: Declared, cloud: CloudBackend) -> Realised:
    """A private door to a service."""
    ec2 = cloud.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId=declared.inputs["vpcId"],
        ServiceName=declared.inputs["serviceName"],
        VpcEndpointType=declared.get("vpcEndpointType", "Gateway"),
        **declared.chosen(
            RouteTableIds="routeTableIds",
            SubnetIds="subnetIds",
            SecurityGroupIds="securityGroupIds",
            PrivateDnsEnabled="privateDnsEnabled",
            PolicyDocument="policy",
        ),
        **_tagged(declared, "vpc-endpoint"),
    )["VpcEndpoint"]
    identity = made["VpcEndpointId"]
    lists = (
        ec2.describe_prefix_lists()["PrefixLists"] if declared.get("vpcEndpointType", "Gateway") == "Gateway" else []
    )
    named: dict[str, Any] = next(
        (each for each in lists if each["PrefixListName"] == declared.inputs["serviceName"]), {}
    )
    prefix_list = named.get("PrefixListId", "pl-00000000")
    return Realised(identity, {"arn": _arn(cloud, "vpc-endpoint", identity), "prefixListId": prefix_list})


@realises("aws:ec2/flowLog:FlowLog")
def flow_log(declared: Declared, cloud: CloudBackend) -> Realised:
    """Flow logs of a network: described, never written."""
    group = str(declared.inputs["logDestination"])
    answer = cloud.client("ec2").create_flow_logs(
        ResourceIds=[declared.inputs["vpcId"]],
        ResourceType="VPC",
        # moto knows the log group by its name alone.
        LogGroupName=group.partition(":log-group:")[2],
        MaxAggregationInterval=int(declared.get("maxAggregationInterval", 600)),
        **declared.chosen(
            TrafficType="trafficType", LogDestinationType="logDestinationType", DeliverLogsPermissionArn="iamRoleArn"
        ),
        **_tagged(declared, "vpc-flow-log"),
    )
    (identity,) = answer["FlowLogIds"]
    return Realised(identity, {"arn": _arn(cloud, "vpc-flow-log", identity)})
