"""What the program asks about its surroundings."""

from __future__ import annotations

import json
from typing import Any

from local.resources.registry import Properties, Site, answers


@answers("aws:index/getCallerIdentity:getCallerIdentity")
def caller_identity(asked: Properties, site: Site) -> Properties:
    """Who deploys."""
    del asked
    arn = f"arn:aws:iam::{site.account}:user/local"
    return {"id": site.account, "accountId": site.account, "arn": arn, "userId": "LOCAL"}


@answers("aws:index/getRegion:getRegion")
def region(asked: Properties, site: Site) -> Properties:
    """Where it is deployed."""
    del asked
    return {
        "id": site.region,
        "name": site.region,
        "region": site.region,
        "description": "a laptop",
        "endpoint": f"ec2.{site.region}.amazonaws.com",
    }


@answers("aws:index/getPartition:getPartition")
def partition(asked: Properties, site: Site) -> Properties:
    """Which AWS."""
    del asked, site
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


@answers("aws:index/getAvailabilityZones:getAvailabilityZones")
def availability_zones(asked: Properties, site: Site) -> Properties:
    """The region's zones that the filters and excluded ids leave."""
    excluded = set(asked.get("excludeZoneIds") or [])
    filters = {each["name"]: set(each["values"]) for each in asked.get("filters") or []}
    opted = filters.get("opt-in-status", set())
    zones = [
        zone
        for zone in site.client("ec2").describe_availability_zones()["AvailabilityZones"]
        if zone["ZoneId"] not in excluded and (not opted or zone.get("OptInStatus", "opt-in-not-required") in opted)
    ]
    names = [zone["ZoneName"] for zone in zones]
    return {"id": site.region, "names": names, "zoneIds": [zone["ZoneId"] for zone in zones], "groupNames": []}


@answers("aws:ec2/getPrefixList:getPrefixList")
def prefix_list(asked: Properties, site: Site) -> Properties:
    """The addresses of a service."""
    lists = site.client("ec2").describe_prefix_lists()["PrefixLists"]
    wanted = asked.get("name") or next((f["values"][0] for f in asked.get("filters") or []), "")
    found: dict[str, Any] = next((each for each in lists if each["PrefixListName"] == wanted), {})
    identity = found.get("PrefixListId", "pl-00000000")
    return {"id": identity, "name": wanted, "cidrBlocks": found.get("Cidrs", [])}


@answers("aws:iam/getPolicyDocument:getPolicyDocument")
def policy_document(asked: Properties, site: Site) -> Properties:
    """A policy document as JSON."""
    del site
    statements = [_statement(statement) for statement in asked.get("statements") or []]
    text = json.dumps({"Version": asked.get("version") or "2012-10-17", "Statement": statements})
    return {"id": str(abs(hash(text))), "json": text, "minifiedJson": text}


def _statement(statement: Properties) -> dict[str, Any]:
    said: dict[str, Any] = {"Effect": statement.get("effect") or "Allow"}
    for name, property_ in (
        ("Sid", "sid"),
        ("Action", "actions"),
        ("Resource", "resources"),
        ("NotAction", "notActions"),
    ):
        if statement.get(property_):
            said[name] = statement[property_]
    if statement.get("principals"):
        said["Principal"] = {each["type"]: each["identifiers"] for each in statement["principals"]}
    conditions: dict[str, dict[str, Any]] = {}
    for each in statement.get("conditions") or []:
        conditions.setdefault(each["test"], {})[each["variable"]] = each["values"]
    if conditions:
        said["Condition"] = conditions
    return said
