"""The policy of the role that Bedrock takes on in a batch inference job. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from components.iam.documents import allow, document


def job_role(bucket: str, key: str, models: Sequence[str]) -> str:
    """What Bedrock may do in a batch inference job: read its input, write its output, ask its model."""
    read, written = (f"sessions/*/batch-inference/{part}/*" for part in ("input", "output"))
    statements = [
        allow("ReadInput", ["s3:GetObject"], [f"{bucket}/{read}"]),
        allow("WriteOutput", ["s3:PutObject"], [f"{bucket}/{written}"]),
        # Without a condition on the prefix, as in AWS's example: what a job's validation lists is not documented.
        allow("ListFolders", ["s3:ListBucket"], [bucket]),
        # Behind an inference profile Bedrock asks the model under this role.
        allow("InvokeModel", ["bedrock:InvokeModel"], models),
    ]
    if key:
        statements.append(allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], [key]))
    return document(statements)
