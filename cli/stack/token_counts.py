"""Has Bedrock count the tokens of questions, with the credentials of the person who asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from agents.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.contracts.base import Contract
    from agents.models.counting import TokenCounter
    from agents.ports import Question
    from cli.stack.stack_settings import StackSettings

#: An estimate does not wait longer for one count; then it estimates.
_SECONDS: Final = 10.0


def token_count(stack: StackSettings) -> Callable[[str, Question[Contract]], int] | None:
    """Counts the input tokens of a question to a model of Bedrock; None where the stack has no such model.

    It raises errors of ours: the credentials are missing, may not call CountTokens, or the model takes no part in it.
    """
    if not any(model.startswith("bedrock:") for model in stack.for_agents.network_models):
        return None
    region = stack.configuration["serverless-swarm:region"]

    def client(base_url: str, timeout_seconds: float) -> Any:
        config = Config(connect_timeout=5, read_timeout=timeout_seconds, retries={"total_max_attempts": 1})
        return boto3.session.Session().client(
            "bedrock-runtime", region_name=region, endpoint_url=base_url or None, config=config
        )

    @cache
    def counter(model: str) -> TokenCounter:
        # A second of imports, for those who have such a model.
        from agents.models.access import ModelAccess
        from agents.models.counting import TokenCounter

        return TokenCounter(model, ModelAccess(bedrock=client, timeout_seconds=_SECONDS))

    def count(model: str, question: Question[Contract]) -> int:
        try:
            return counter(model).count(question)
        except BotoCoreError as error:  # a profile that does not exist, before any request
            raise ModelUnavailable(str(error)) from error

    return count
