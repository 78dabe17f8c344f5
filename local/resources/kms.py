"""KMS keys."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:kms/key:Key")
def key(declared: Declared, cloud: CloudBackend) -> Realised:
    """A key."""
    kms = cloud.client("kms")
    made = kms.create_key(
        Tags=tag_list(declared.tags, "TagKey", "TagValue"),
        **declared.chosen(Description="description", Policy="policy"),
    )["KeyMetadata"]
    if declared.get("enableKeyRotation"):
        kms.enable_key_rotation(KeyId=made["KeyId"])
    return Realised(made["KeyId"], {"arn": made["Arn"], "keyId": made["KeyId"]})


@realises("aws:kms/alias:Alias")
def alias(declared: Declared, cloud: CloudBackend) -> Realised:
    """A key's alias."""
    name = declared.named("name")
    cloud.client("kms").create_alias(AliasName=name, TargetKeyId=declared.inputs["targetKeyId"])
    return Realised(name, {"name": name, "arn": f"arn:aws:kms:{cloud.region}:{cloud.account}:{name}"})
