"""What IAM looks at beside the request, out of moto's books."""

from __future__ import annotations

from collections.abc import Sequence

from moto.ecs.models import ecs_backends
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.moto.task_tokens import machine_of_child


class MotoSurroundings:
    """One account and region of moto."""

    def __init__(self, account: str, region: str) -> None:
        self.account = account
        self.region = region

    def documents(self, role: str) -> Sequence[str]:
        """The policies inside a role; none for a role that there is not."""
        roles = iam_backends[self.account]["aws"].roles.values()
        return next((list(each.policies.values()) for each in list(roles) if each.name == role), [])

    def roles(self) -> list[str]:
        """Every role's name."""
        return sorted(role.name for role in iam_backends[self.account]["aws"].roles.values())

    def task_roles(self, task_definition: str) -> Sequence[str]:
        """The roles that running a task hands on."""
        definition = ecs_backends[self.account][self.region].describe_task_definition(task_definition)
        # moto sets either attribute only if it was given.
        named = (getattr(definition, role, None) for role in ("task_role_arn", "execution_role_arn"))
        return [arn for arn in named if arn]

    def bucket_key(self, bucket: str) -> str:
        """The ARN of the KMS key that encrypts a bucket by default; empty for AWS's own."""
        stored_bucket = s3_backends[self.account]["aws"].buckets.get(bucket)
        rule = ((stored_bucket.encryption if stored_bucket else None) or {}).get("Rule") or {}
        first = rule[0] if isinstance(rule, list) else rule
        return str((first.get("ApplyServerSideEncryptionByDefault") or {}).get("KMSMasterKeyID") or "")

    def secret_arn(self, name: str) -> str:
        """A secret's ARN, which ends in six letters of Secrets Manager's own; those are `??????` of none there is."""
        from moto.secretsmanager.models import secretsmanager_backends  # here: few clouds have a secret

        secrets = secretsmanager_backends[self.account][self.region].secrets
        secret = secrets.get(name)
        return (
            str(secret.arn) if secret else f"arn:aws:secretsmanager:{self.region}:{self.account}:secret:{name}-??????"
        )

    def machine_of_token(self, token: str) -> str:
        """The ARN of the state machine that waits for a token, `NAME/LABEL` for a map's child; empty if none does."""
        for execution in stepfunctions_parser_backends[self.account][self.region]._get_executions():
            if token in execution.exec_worker.env.callback_pool_manager._pool:
                return machine_of_child(token) or str(execution.state_machine_arn)
        return ""
