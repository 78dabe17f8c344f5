"""Where Fargate tasks run: public subnets without NAT, or private subnets with VPC endpoints."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from itertools import islice

import pulumi
import pulumi_aws as aws

from components.account import Account

#: What a task in a private subnet must reach: its image, its logs, the task token's API, the model.
INTERFACE_ENDPOINTS = ("ecr.api", "ecr.dkr", "logs", "states")
GATEWAY_ENDPOINTS = ("s3", "dynamodb")
#: Subnets take a sixteenth of the network each.
SUBNET_BITS = 4


@dataclass(frozen=True)
class NetworkArgs:
    """`private` closes the way to the internet; `bedrock` adds the endpoint of the models."""

    stem: str
    account: Account
    cidr: str
    private: bool
    bedrock: bool


class Network(pulumi.ComponentResource):
    """Two subnets in two zones, and a security group that nothing can enter."""

    subnet_ids: tuple[pulumi.Output[str], pulumi.Output[str]]
    security_group_id: pulumi.Output[str]
    assign_public_ip: str
    vpc_id: pulumi.Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:network:Network", name, {}, opts)
        self._name, self._args = name, args
        self._vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": args.stem},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.vpc_id = self._vpc.id
        self._routes = aws.ec2.RouteTable(
            f"{name}-routes", vpc_id=self._vpc.id, tags={"Name": args.stem}, opts=pulumi.ResourceOptions(parent=self)
        )
        first, second = self._create_subnets()
        self.subnet_ids = (first.id, second.id)
        self.assign_public_ip = "DISABLED" if args.private else "ENABLED"
        egress = self._endpoints() if args.private else self._internet()
        group = self._create_group("tasks", "Fargate agents: nothing enters, HTTPS leaves", egress, [])
        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})

    def _create_subnets(self) -> tuple[aws.ec2.Subnet, aws.ec2.Subnet]:
        zones = (self._args.account.first_zone, self._args.account.second_zone)
        blocks = islice(ipaddress.IPv4Network(self._args.cidr).subnets(prefixlen_diff=SUBNET_BITS), 2)
        subnets: list[aws.ec2.Subnet] = []
        for which, zone, block in zip(("first", "second"), zones, blocks, strict=True):
            subnet = aws.ec2.Subnet(
                f"{self._name}-{which}-subnet",
                vpc_id=self._vpc.id,
                availability_zone=zone,
                cidr_block=str(block),
                tags={"Name": f"{self._args.stem}-{which}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
            aws.ec2.RouteTableAssociation(
                f"{self._name}-{which}-routes",
                subnet_id=subnet.id,
                route_table_id=self._routes.id,
                opts=pulumi.ResourceOptions(parent=self),
            )
            subnets.append(subnet)
        return subnets[0], subnets[1]

    def _internet(self) -> list[aws.ec2.SecurityGroupEgressArgs]:
        child = pulumi.ResourceOptions(parent=self)
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-gateway", vpc_id=self._vpc.id, tags={"Name": self._args.stem}, opts=child
        )
        aws.ec2.Route(
            f"{self._name}-to-internet",
            route_table_id=self._routes.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=child,
        )
        return [_https(cidr_blocks=["0.0.0.0/0"], description="AWS and the model, over HTTPS")]

    def _endpoints(self) -> list[aws.ec2.SecurityGroupEgressArgs]:
        entry = aws.ec2.SecurityGroupIngressArgs(
            protocol="tcp", from_port=443, to_port=443, cidr_blocks=[self._args.cidr], description="from the tasks"
        )
        group = self._create_group("endpoints", "VPC endpoints: HTTPS from the tasks", [], [entry])
        services = (*INTERFACE_ENDPOINTS, "bedrock-runtime") if self._args.bedrock else INTERFACE_ENDPOINTS
        for service in services:
            aws.ec2.VpcEndpoint(
                f"{self._name}-{service.replace('.', '-')}",
                vpc_id=self._vpc.id,
                service_name=f"com.amazonaws.{self._args.account.region}.{service}",
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=list(self.subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": f"{self._args.stem}-{service}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
        gateways = [
            aws.ec2.VpcEndpoint(
                f"{self._name}-{service}",
                vpc_id=self._vpc.id,
                service_name=f"com.amazonaws.{self._args.account.region}.{service}",
                vpc_endpoint_type="Gateway",
                route_table_ids=[self._routes.id],
                tags={"Name": f"{self._args.stem}-{service}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
            for service in GATEWAY_ENDPOINTS
        ]
        return [
            _https(security_groups=[group.id], description="to the interface endpoints"),
            _https(prefix_list_ids=[gateway.prefix_list_id for gateway in gateways], description="to S3 and DynamoDB"),
        ]

    def _create_group(
        self,
        purpose: str,
        description: str,
        egress: list[aws.ec2.SecurityGroupEgressArgs],
        ingress: list[aws.ec2.SecurityGroupIngressArgs],
    ) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._name}-{purpose}",
            name=f"{self._args.stem}-{purpose}",
            description=description,
            vpc_id=self._vpc.id,
            egress=egress,
            ingress=ingress,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _https(
    description: str,
    cidr_blocks: list[str] | None = None,
    security_groups: list[pulumi.Output[str]] | None = None,
    prefix_list_ids: list[pulumi.Output[str]] | None = None,
) -> aws.ec2.SecurityGroupEgressArgs:
    return aws.ec2.SecurityGroupEgressArgs(
        protocol="tcp",
        from_port=443,
        to_port=443,
        description=description,
        cidr_blocks=cidr_blocks,
        security_groups=security_groups,
        prefix_list_ids=prefix_list_ids,
    )
