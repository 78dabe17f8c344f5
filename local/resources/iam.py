"""IAM roles and their policies: moto keeps them; nothing is refused by them on a laptop."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:iam/role:Role")
def role(declared: Declared, cloud: CloudBackend) -> Realised:
    """A role."""
    name = declared.named("name")
    made = cloud.client("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=declared.inputs["assumeRolePolicy"],
        Tags=tag_list(declared.tags),
        **declared.chosen(Description="description", Path="path", PermissionsBoundary="permissionsBoundary"),
    )["Role"]
    return Realised(name, {"name": name, "arn": made["Arn"], "uniqueId": made["RoleId"]})


@realises("aws:iam/rolePolicy:RolePolicy")
def role_policy(declared: Declared, cloud: CloudBackend) -> Realised:
    """A policy inside a role."""
    name, role_name = declared.named("name"), declared.inputs["role"]
    cloud.client("iam").put_role_policy(RoleName=role_name, PolicyName=name, PolicyDocument=declared.inputs["policy"])
    return Realised(f"{role_name}:{name}", {"name": name})
