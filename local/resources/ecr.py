"""ECR repositories; no image is ever pulled on a laptop."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:ecr/repository:Repository")
def repository(declared: Declared, cloud: CloudBackend) -> Realised:
    """A repository of images."""
    name = declared.named("name")
    made = cloud.client("ecr").create_repository(
        repositoryName=name,
        tags=tag_list(declared.tags),
        **declared.chosen(
            imageTagMutability="imageTagMutability", imageScanningConfiguration="imageScanningConfiguration"
        ),
    )["repository"]
    outputs = {"name": name, "arn": made["repositoryArn"], "repositoryUrl": made["repositoryUri"]}
    return Realised(name, {**outputs, "registryId": cloud.account})


@realises("aws:ecr/lifecyclePolicy:LifecyclePolicy")
def lifecycle_policy(declared: Declared, cloud: CloudBackend) -> Realised:
    """Which images to forget."""
    name = declared.inputs["repository"]
    cloud.client("ecr").put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=declared.inputs["policy"])
    return Realised(name)


@realises("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration")
def scanning(declared: Declared, cloud: CloudBackend) -> Realised:
    """How the account's images are scanned: moto remembers it and scans nothing."""
    rules = [
        {
            "scanFrequency": rule["scanFrequency"],
            "repositoryFilters": [
                {"filter": names["filter"], "filterType": names["filterType"]} for names in rule["repositoryFilters"]
            ],
        }
        for rule in declared.get("rules", [])
    ]
    cloud.client("ecr").put_registry_scanning_configuration(scanType=declared.inputs["scanType"], rules=rules)
    return Realised(cloud.account, {"registryId": cloud.account})
