"""DynamoDB tables."""

from __future__ import annotations

from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:dynamodb/table:Table")
def table(declared: Declared, cloud: CloudBackend) -> Realised:
    """A table on demand, with its time to live and recovery."""
    name = declared.named("name")
    dynamodb = cloud.client("dynamodb")
    created = dynamodb.create_table(**_description(declared, name))["TableDescription"]
    ttl = declared.get("ttl")
    if ttl and ttl.get("enabled", True):
        dynamodb.update_time_to_live(
            TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": ttl["attributeName"]}
        )
    if (declared.get("pointInTimeRecovery") or {}).get("enabled"):
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    return Realised(name, {"name": name, "arn": created["TableArn"], "streamArn": created.get("LatestStreamArn", "")})


def _description(declared: Declared, name: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "TableName": name,
        "AttributeDefinitions": [
            {"AttributeName": a["name"], "AttributeType": a["type"]} for a in declared.inputs["attributes"]
        ],
        "KeySchema": _keys(declared.inputs),
        "BillingMode": declared.get("billingMode", "PROVISIONED"),
        "DeletionProtectionEnabled": declared.get("deletionProtectionEnabled", False),
        "Tags": tag_list(declared.tags),
    }
    if described["BillingMode"] == "PROVISIONED":
        described["ProvisionedThroughput"] = {
            "ReadCapacityUnits": int(declared.get("readCapacity", 1)),
            "WriteCapacityUnits": int(declared.get("writeCapacity", 1)),
        }
    indexes = [
        {"IndexName": i["name"], "KeySchema": _keys(i), "Projection": {"ProjectionType": i["projectionType"]}}
        for i in declared.get("globalSecondaryIndexes", [])
    ]
    if indexes:
        described["GlobalSecondaryIndexes"] = indexes
    encryption = declared.get("serverSideEncryption")
    if encryption and encryption.get("enabled") and encryption.get("kmsKeyArn"):
        described["SSESpecification"] = {
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": encryption["kmsKeyArn"],
        }
    return described


def _keys(described: Any) -> list[dict[str, str]]:
    keys = [{"AttributeName": described["hashKey"], "KeyType": "HASH"}]
    if described.get("rangeKey"):
        keys.append({"AttributeName": described["rangeKey"], "KeyType": "RANGE"})
    return keys
