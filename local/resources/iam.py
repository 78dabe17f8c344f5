"""IAM roles and their policies: moto keeps them; nothing is refused by them on a laptop."""

from __future__ import annotations

from local.resources.registry import Declared, Realised, Site, realises, tag_list


@realises("aws:iam/role:Role")
def role(declared: Declared, site: Site) -> Realised:
    """A role."""
    name = declared.named("name")
    made = site.client("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=declared.inputs["assumeRolePolicy"],
        Tags=tag_list(declared.tags),
        **declared.chosen(Description="description", Path="path", PermissionsBoundary="permissionsBoundary"),
    )["Role"]
    return Realised(name, {"name": name, "arn": made["Arn"], "uniqueId": made["RoleId"]})


@realises("aws:iam/policy:Policy")
def policy(declared: Declared, site: Site) -> Realised:
    """A policy of our own."""
    name = declared.named("name")
    made = site.client("iam").create_policy(
        PolicyName=name, PolicyDocument=declared.inputs["policy"], Tags=tag_list(declared.tags)
    )["Policy"]
    return Realised(made["Arn"], {"name": name, "arn": made["Arn"], "policyId": made["PolicyId"]})


@realises("aws:iam/rolePolicy:RolePolicy")
def role_policy(declared: Declared, site: Site) -> Realised:
    """A policy inside a role."""
    name, role_name = declared.named("name"), declared.inputs["role"]
    site.client("iam").put_role_policy(RoleName=role_name, PolicyName=name, PolicyDocument=declared.inputs["policy"])
    return Realised(f"{role_name}:{name}", {"name": name})


@realises("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
def role_policy_attachment(declared: Declared, site: Site) -> Realised:
    """A policy on a role; AWS's own policies are not in moto, and are taken as attached."""
    role_name, arn = declared.inputs["role"], declared.inputs["policyArn"]
    if ":aws:policy/" not in arn:
        site.client("iam").attach_role_policy(RoleName=role_name, PolicyArn=arn)
    return Realised(f"{role_name}-{arn}")
