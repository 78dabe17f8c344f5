"""The kinds of resources that a network is made of; see tests/engine/kinds.py. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.kind import Call, Kind


def _ec2(kind: str, ids: str, operation: str, replaced_by: str, *delete: Call, name: str = "") -> Kind:
    lists = kind[0].upper() + kind[1:]
    return Kind(replaced_by, Call("ec2", f"describe_{operation}", {ids: ["{id}"]}, f"{lists}[0]"), delete, name)


_ROUTE = {"RouteTableId": "{routeTableId}", "DestinationCidrBlock": "{destinationCidrBlock}"}
NETWORK_KINDS: Mapping[str, Kind] = {
    "ec2:FlowLog": _ec2(
        "flowLogs", "FlowLogIds", "flow_logs", "*", Call("ec2", "delete_flow_logs", {"FlowLogIds": ["{id}"]})
    ),
    "ec2:InternetGateway": _ec2(
        "internetGateways",
        "InternetGatewayIds",
        "internet_gateways",
        "",
        Call("ec2", "detach_internet_gateway", {"InternetGatewayId": "{id}", "VpcId": "{vpcId}"}),
        Call("ec2", "delete_internet_gateway", {"InternetGatewayId": "{id}"}),
    ),
    "ec2:Route": Kind(
        "routeTableId destinationCidrBlock",
        Call(
            "ec2",
            "describe_route_tables",
            {"RouteTableIds": ["{routeTableId}"]},
            "RouteTables[0].Routes[?DestinationCidrBlock=='{destinationCidrBlock}'] | [0]",
        ),
        (Call("ec2", "delete_route", _ROUTE),),
    ),
    "ec2:RouteTable": _ec2(
        "routeTables",
        "RouteTableIds",
        "route_tables",
        "vpcId",
        Call("ec2", "delete_route_table", {"RouteTableId": "{id}"}),
    ),
    "ec2:RouteTableAssociation": Kind(
        "subnetId gatewayId",
        Call(
            "ec2",
            "describe_route_tables",
            {"RouteTableIds": ["{routeTableId}"]},
            "RouteTables[0].Associations[?RouteTableAssociationId=='{id}'] | [0]",
        ),
        (Call("ec2", "disassociate_route_table", {"AssociationId": "{id}"}),),
    ),
    "ec2:SecurityGroup": _ec2(
        "securityGroups",
        "GroupIds",
        "security_groups",
        "name description vpcId",
        Call("ec2", "delete_security_group", {"GroupId": "{id}"}),
        name="name",
    ),
    "ec2:Subnet": _ec2(
        "subnets",
        "SubnetIds",
        "subnets",
        "vpcId cidrBlock availabilityZone",
        Call("ec2", "delete_subnet", {"SubnetId": "{id}"}),
    ),
    "ec2:Vpc": _ec2("vpcs", "VpcIds", "vpcs", "cidrBlock", Call("ec2", "delete_vpc", {"VpcId": "{id}"})),
    "ec2:VpcEndpoint": _ec2(
        "vpcEndpoints",
        "VpcEndpointIds",
        "vpc_endpoints",
        "vpcId serviceName vpcEndpointType",
        Call("ec2", "delete_vpc_endpoints", {"VpcEndpointIds": ["{id}"]}),
    ),
}
