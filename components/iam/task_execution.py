"""What ECS itself may do to start a task."""

from __future__ import annotations

from agents.settings import ECR_IMAGE
from components.iam.documents import allow, document, write_logs


def task_execution(image: str, partition: str, log_group: str) -> str:
    """What ECS itself needs to start a task: pull the image, open its log streams."""
    statements = [write_logs(log_group)]
    parts = ECR_IMAGE.match(image)
    if parts:
        repository = f"arn:{partition}:ecr:{parts['region']}:{parts['account']}:repository/{parts['name']}"
        layers = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        statements.append(allow("PullImage", layers, [repository]))
        # GetAuthorizationToken has no resource: AWS knows only "*" for it.
        statements.append(allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]))
    return document(statements)
