"""Parameters of Systems Manager."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list

#: Bytes of a value in the standard tier; moto takes more.
STANDARD_BYTES = 4096


@realises("aws:ssm/parameter:Parameter")
def parameter(declared: Declared, cloud: CloudBackend) -> Realised:
    """A parameter. Raises ValueError for a value that AWS would refuse in the standard tier."""
    name, value = declared.named("name"), str(declared.inputs["insecureValue"])
    if len(value.encode()) > STANDARD_BYTES:
        raise ValueError(f"the value of {name} has {len(value.encode())} bytes; the standard tier takes 4096")
    cloud.client("ssm").put_parameter(
        Name=name,
        Value=value,
        Type=declared.inputs["type"],
        Tags=tag_list(declared.tags),
        **declared.chosen(Tier="tier", Description="description"),
    )
    arn = f"arn:aws:ssm:{cloud.region}:{cloud.account}:parameter/{name.lstrip('/')}"
    return Realised(name, {"name": name, "arn": arn})
