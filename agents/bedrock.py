"""What Bedrock's models take, by their names: batch inference jobs, a prompt cache of an hour, service tiers.

No call of Bedrock answers that: ListFoundationModels knows ON_DEMAND and PROVISIONED alone. So each table is AWS's page
as it was read; a region, or one version of a family, may still refuse.

Pure.
"""

from __future__ import annotations

import re
from typing import Literal

ServiceTier = Literal["default", "priority", "flex", "reserved"]
SERVICE_TIERS: tuple[ServiceTier, ...] = ("default", "priority", "flex", "reserved")
#: When the pages of this module were read.
READ = "2026-02"

#: https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html
_IN_JOBS = re.compile(
    r"(amazon\.nova-(micro|lite|pro|premier|2-lite)|anthropic\.claude-|deepseek\.v3|meta\.llama(3-[1-3]|4)"
    r"|mistral\.(mistral-(large|small)|ministral)|openai\.gpt-oss-|qwen\.qwen3-)"
)
#: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
_CACHED_AN_HOUR = re.compile(r"anthropic\.claude-(haiku|sonnet|opus)-4-[5-9]")
#: https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
_FLEX_AND_PRIORITY = re.compile(
    r"(amazon\.nova-(premier|pro|2-lite|2-pro)|deepseek\.v3|google\.gemma-3-|minimax\.minimax-m2|moonshot\.kimi-k2"
    r"|mistral\.(magistral-small|voxtral|ministral-3-|mistral-large-3)|nvidia\.nemotron-nano|openai\.gpt-oss-"
    r"|qwen\.qwen3-)"
)
#: https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html
_WRITES_WEIGH_FIVE = re.compile(r"anthropic\.claude-(3-7|(haiku|sonnet|opus)-4)")
_RESERVED = re.compile(r"anthropic\.claude-(opus-4-[56]|sonnet-4-5|haiku-4-5)")


def supports_batch_inference(name: str) -> bool:
    """Whether the model answers batch inference jobs."""
    return _is_of(name, _IN_JOBS)


def caches_for_an_hour(name: str) -> bool:
    """Whether a cache point of the model may live an hour; every other one lives five minutes."""
    return _is_of(name, _CACHED_AN_HOUR)


def takes_tier(name: str, tier: str) -> bool:
    """Whether the model answers in this service tier; the default one is every model's of Bedrock."""
    tables = {"default": re.compile(""), "flex": _FLEX_AND_PRIORITY, "priority": _FLEX_AND_PRIORITY}
    table = {**tables, "reserved": _RESERVED}.get(tier)
    return table is not None and _is_of(name, table)


def quota_weight(name: str) -> int:
    """How many tokens of the account's quota a token takes that the model writes."""
    return 5 if _is_of(name, _WRITES_WEIGH_FIVE) else 1


def _is_of(name: str, table: re.Pattern[str]) -> bool:
    """Whether a `bedrock:` name, its profile's geography or ARN included, is of the table."""
    provider, _, rest = name.partition(":")
    return provider == "bedrock" and table.search(rest.partition("@")[0]) is not None
