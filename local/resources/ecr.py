"""ECR repositories; no image is ever pulled on a laptop."""

from __future__ import annotations

from local.resources.registry import Declared, Realised, Site, realises, tag_list


@realises("aws:ecr/repository:Repository")
def repository(declared: Declared, site: Site) -> Realised:
    """A repository of images."""
    name = declared.named("name")
    made = site.client("ecr").create_repository(
        repositoryName=name,
        tags=tag_list(declared.tags),
        **declared.chosen(
            imageTagMutability="imageTagMutability", imageScanningConfiguration="imageScanningConfiguration"
        ),
    )["repository"]
    outputs = {"name": name, "arn": made["repositoryArn"], "repositoryUrl": made["repositoryUri"]}
    return Realised(name, {**outputs, "registryId": site.account})


@realises("aws:ecr/lifecyclePolicy:LifecyclePolicy")
def lifecycle_policy(declared: Declared, site: Site) -> Realised:
    """Which images to forget."""
    name = declared.inputs["repository"]
    site.client("ecr").put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=declared.inputs["policy"])
    return Realised(name)
