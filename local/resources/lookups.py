"""Answers to the program's data sources: who deploys, in which partition, into which zones."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Properties, answers


@answers("aws:index/getCallerIdentity:getCallerIdentity")
def caller_identity(arguments: Properties, cloud: CloudBackend) -> Properties:
    """Who deploys."""
    del arguments
    arn = f"arn:aws:iam::{cloud.account}:user/local"
    return {"id": cloud.account, "accountId": cloud.account, "arn": arn, "userId": "LOCAL"}


@answers("aws:index/getPartition:getPartition")
def partition(arguments: Properties, cloud: CloudBackend) -> Properties:
    """Which AWS."""
    del arguments, cloud
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


@answers("aws:index/getAvailabilityZones:getAvailabilityZones")
def availability_zones(arguments: Properties, cloud: CloudBackend) -> Properties:
    """The region's zones that the filters and excluded ids leave."""
    excluded = set(arguments.get("excludeZoneIds") or [])
    filters = {each["name"]: set(each["values"]) for each in arguments.get("filters") or []}
    opted = filters.get("opt-in-status", set())
    zones = [
        zone
        for zone in cloud.client("ec2").describe_availability_zones()["AvailabilityZones"]
        if zone["ZoneId"] not in excluded and (not opted or zone.get("OptInStatus", "opt-in-not-required") in opted)
    ]
    names = [zone["ZoneName"] for zone in zones]
    return {"id": cloud.region, "names": names, "zoneIds": [zone["ZoneId"] for zone in zones], "groupNames": []}
