"""Requests for a person's decision, in the context table beside their session (keys: agents/keys.py).

An item is its Approval as JSON in `body`, without the decision; the decision, the task token and the hashes of the
links are attributes of their own, so that a condition and an update can name each.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from agents import keys
from agents.aws.failures import code_of, our_errors
from agents.aws.items import ContextTable, Item, key_of
from agents.aws.task_callback import StepFunctionsTaskCallback
from agents.contracts.approval import Approval, AwaitApprovalOutput, DraftDecision
from agents.contracts.session import Session, SessionStatus
from agents.errors import TaskTokenRejected
from agents.keys import DAY_SECONDS
from agents.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_stepfunctions import SFNClient

_REFUSED = "ConditionalCheckFailedException"


class DynamoDbApprovals:
    """Approvals over one table and the state machine. Every method may raise StoreThrottled."""

    def __init__(
        self, client: DynamoDBClient, states: SFNClient, table: str, clock: Clock, retention_days: int = 90
    ) -> None:
        self._client, self._states, self._clock = client, states, clock
        self._table = ContextTable(client, table)
        self._retention_seconds = retention_days * DAY_SECONDS

    def ask(self, approval: Approval, task_token: str, link_hash: str) -> None:
        """Write the request in place of an earlier one for this draft; the session is AWAITING_APPROVAL."""
        expires = int(self._clock.now()) + self._retention_seconds
        item: Item = {
            **_key(approval),
            "body": {"S": approval.model_dump_json(exclude={"decision"})},
            "task_token": {"S": task_token},
            "links": {"SS": [link_hash]},
            "expires_at": {"N": str(expires)},
        }
        self._table.put(item)
        self._move(approval, SessionStatus.RUNNING, SessionStatus.AWAITING_APPROVAL)

    def add_link(self, approval: Approval, link_hash: str) -> None:
        """Let another link lead to the request; the earlier ones stay."""
        with our_errors(approval.session_id):
            self._client.update_item(
                TableName=self._table.name,
                Key=_key(approval),
                UpdateExpression="ADD links :link",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":link": {"SS": [link_hash]}},
            )

    def linked(self, session_id: str, revision: int, link_hash: str) -> Approval | None:
        """The request that a link leads to; None when no such link was made."""
        item = self._table.get(keys.approval_item(session_id, revision))
        return _approval(item) if item and link_hash in item["links"]["SS"] else None

    def of(self, session: Session) -> Sequence[Approval]:
        """The requests of the session's execution, by revision."""
        key = keys.approval_item(session.session_id, "")
        approvals = (_approval(item) for item in self._table.query(key.pk, key.sk))
        return sorted((a for a in approvals if a.execution == session.execution), key=lambda a: a.revision)

    def decide(self, approval: Approval, decision: DraftDecision) -> DraftDecision:
        """Write the decision if there is none so far, then answer the task token; the decision that counts.

        The token is answered after every call: an earlier one may have been cut short between the two.
        """
        try:
            with our_errors(approval.session_id):
                self._client.update_item(
                    TableName=self._table.name,
                    Key=_key(approval),
                    UpdateExpression="SET decision = :decision",
                    ConditionExpression="attribute_exists(pk) AND attribute_not_exists(decision)",
                    ExpressionAttributeValues={":decision": {"S": decision.model_dump_json()}},
                )
            self._move(approval, SessionStatus.AWAITING_APPROVAL, SessionStatus.RUNNING)
        except ClientError as error:
            if code_of(error) != _REFUSED:
                raise
        item = self._table.get(keys.approval_item(approval.session_id, approval.revision))
        assert item  # noqa: S101 (nothing deletes a request of an open session)
        counts = DraftDecision.model_validate_json(item["decision"]["S"])
        # A token that is refused has been answered, or its time is up: then ExpireApproval reads the decision here.
        with suppress(TaskTokenRejected), our_errors(approval.session_id):
            answer = AwaitApprovalOutput(decision=counts.decision)
            StepFunctionsTaskCallback(self._states, item["task_token"]["S"]).succeed(answer)
        return counts

    def _move(self, approval: Approval, before: SessionStatus, after: SessionStatus) -> None:
        """The session's status, unless another execution has the session, or it is closed."""
        try:
            with our_errors(approval.session_id):
                self._client.update_item(
                    TableName=self._table.name,
                    Key=key_of(keys.session_item(approval.session_id)),
                    UpdateExpression="SET #status = :after",
                    ConditionExpression="#status = :before AND #execution = :execution",
                    ExpressionAttributeNames={"#status": "status", "#execution": "execution"},
                    ExpressionAttributeValues={
                        ":before": {"S": before},
                        ":after": {"S": after},
                        ":execution": {"S": approval.execution},
                    },
                )
        except ClientError as error:
            if code_of(error) != _REFUSED:
                raise


def _key(approval: Approval) -> Item:
    return key_of(keys.approval_item(approval.session_id, approval.revision))


def _approval(item: Item) -> Approval:
    approval = Approval.model_validate_json(item["body"]["S"])
    if "decision" not in item:
        return approval
    return approval.with_changes(decision=DraftDecision.model_validate_json(item["decision"]["S"]))
