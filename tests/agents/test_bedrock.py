"""What Bedrock's models take, by name; every word that goes to AWS is one that its API model has."""

from __future__ import annotations

import botocore.session
import pytest

from agents.bedrock import SERVICE_TIERS, caches_for_an_hour, supports_batch_inference, takes_tier
from agents.models import converse
from agents.models.prices import table

HAIKU = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA = "bedrock:eu.amazon.nova-pro-v1:0"
LLAMA = "bedrock:us.meta.llama3-3-70b-instruct-v1:0"


def _words(service: str, shape: str) -> list[str]:
    model = botocore.session.get_session().get_service_model(service)
    return list(model.shape_for(shape).enum)  # type: ignore[attr-defined]  # only text shapes have words, and these are texts


@pytest.mark.parametrize(
    "name",
    [
        HAIKU,
        NOVA,
        LLAMA,
        "bedrock:mistral.mistral-large-2407-v1:0",
        "bedrock:openai.gpt-oss-120b-1:0@http://127.0.0.1:1",
        "bedrock:arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
    ],
)
def test_a_model_of_awss_list_answers_jobs_whatever_its_geography_or_address(name: str) -> None:
    assert supports_batch_inference(name)


@pytest.mark.parametrize(
    "name",
    [
        "extractive",
        "openai:amazon.nova-pro-v1:0",
        "bedrock:cohere.command-r-v1:0",
        "bedrock:own@http://amazon.nova-pro.example.com",
        "bedrock:arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/0123456789ab",
    ],
)
def test_a_model_that_the_list_does_not_name_answers_none(name: str) -> None:
    assert not supports_batch_inference(name)


def test_a_cache_lives_an_hour_for_recent_claude_alone() -> None:
    assert [caches_for_an_hour(name) for name in (HAIKU, NOVA, LLAMA)] == [True, False, False]
    assert not caches_for_an_hour("bedrock:anthropic.claude-3-7-sonnet-20250219-v1:0")


@pytest.mark.parametrize(
    ("name", "tiers"),
    [
        (HAIKU, ["default", "reserved"]),
        (NOVA, ["default", "flex", "priority"]),
        (LLAMA, ["default"]),
        ("openai:gpt-5", []),
    ],
)
def test_each_model_has_the_tiers_that_aws_lists(name: str, tiers: list[str]) -> None:
    assert sorted(tier for tier in SERVICE_TIERS if takes_tier(name, tier)) == tiers
    assert not takes_tier(name, "cheap")


def test_every_word_for_aws_is_one_of_its_own() -> None:
    assert sorted(SERVICE_TIERS) == sorted(_words("bedrock-runtime", "ServiceTierType"))
    assert "1h" in _words("bedrock-runtime", "CacheTTL")
    assert converse.INVOCATION_TYPE in _words("bedrock", "ModelInvocationType")


def test_an_hour_of_cache_has_a_price_exactly_where_there_is_such_a_cache() -> None:
    for name, prices in table()["models"].items():
        assert ("cache_write_hour" in prices) == caches_for_an_hour(name), name
        assert prices.get("cache_write_hour", 2 * prices["input"]) == pytest.approx(2 * prices["input"]), name
    assert set(table()["service_tiers"]["factors"]) == set(SERVICE_TIERS)
