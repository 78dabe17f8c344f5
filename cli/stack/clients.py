"""The environment a command talks to: its clients, buckets and table, found through the program's exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from agents.aws.approvals import DynamoDbApprovals
from agents.aws.blob_store import S3BlobStore
from agents.aws.session_items import DynamoDbSessionItems
from agents.aws.system_clock import SystemClock
from agents.ports import Approvals, BlobStore, SessionItems

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient


class Cloud(Protocol):
    """What a command needs of a cloud; local.cloud.LocalCloud is one."""

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The Pulumi program's exports."""

    def client(self, _service: str, /) -> Any:
        """A boto3 client."""


@dataclass(frozen=True)
class Stack:
    """One environment, ready to be used."""

    s3: S3Client
    states: SFNClient
    queues: SQSClient
    blobs: BlobStore
    store: SessionItems
    upload_bucket: str
    state_machine_arn: str
    dead_letter_queue_url: str
    model: str
    release: str
    cap_usd: float
    approvals: Approvals
    approval_url: str


def stack_of(cloud: Cloud) -> Stack:
    """The clients and names of a cloud."""
    outputs = cloud.outputs
    s3, dynamodb, states = (cloud.client(name) for name in ("s3", "dynamodb", "stepfunctions"))
    table, clock = str(outputs["context_table"]), SystemClock()
    return Stack(
        s3=s3,
        states=states,
        queues=cloud.client("sqs"),
        blobs=S3BlobStore(s3, str(outputs["context_bucket"])),
        store=DynamoDbSessionItems(dynamodb, table, clock),
        upload_bucket=str(outputs["upload_bucket"]),
        state_machine_arn=str(outputs["state_machine_arn"]),
        dead_letter_queue_url=str(outputs["dead_letter_queue_url"]),
        model=str(outputs["model"]),
        release=str(outputs["release"]),
        cap_usd=float(outputs["cap_usd"]),
        approvals=DynamoDbApprovals(dynamodb, states, table, clock),
        approval_url=str(outputs.get("approval_url", "")),
    )
