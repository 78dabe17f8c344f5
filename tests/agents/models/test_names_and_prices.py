"""A model's name and its price: nothing is guessed."""

from __future__ import annotations

import pytest

from agents.models.names import parse_name
from agents.models.prices import FREE, TokenPrice, TokenPriceUnknown, batch_price_of, parse_prices, price_of, table


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("extractive", ("extractive", "extractive", "")),
        ("bedrock:eu.amazon.nova-lite-v1:0", ("bedrock", "eu.amazon.nova-lite-v1:0", "")),
        ("openai:gpt-5-mini", ("openai", "gpt-5-mini", "")),
        ("openai:qwen@http://127.0.0.1:8000/v1/", ("openai", "qwen", "http://127.0.0.1:8000/v1")),
    ],
)
def test_a_name_is_taken_apart(name: str, parts: tuple[str, str, str]) -> None:
    assert tuple(parse_name(name)) == parts


@pytest.mark.parametrize("name", ["", "gpt-5", "openai:", "openai:x@ftp://y", "openai:x@http://user@host", "azure:x"])
def test_a_name_that_means_nothing_is_refused_with_the_ones_that_do(name: str) -> None:
    with pytest.raises(ValueError, match="say extractive, bedrock"):
        parse_name(name)


@pytest.mark.parametrize(
    ("name", "input_price"),
    [
        ("bedrock:eu.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3),
        ("bedrock:global.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.0),
        ("bedrock:amazon.nova-micro-v1:0", 0.035),
        ("bedrock:arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0", 0.8),
        ("openai:gpt-4o-mini-2024-07-18", 0.15),
    ],
)
def test_profiles_dates_and_versions_share_their_models_price(name: str, input_price: float) -> None:
    assert price_of(name).input == pytest.approx(input_price)


def test_an_unknown_models_price_is_asked_for_and_not_guessed() -> None:
    with pytest.raises(TokenPriceUnknown, match="modelPrices=openai:new-model=<in>/<out>"):
        price_of("openai:new-model")
    with pytest.raises(TokenPriceUnknown):
        price_of("openai:gpt-5@https://models.example.com/v1")


def test_a_given_price_comes_before_the_table() -> None:
    assert price_of("openai:gpt-5", "openai:gpt-5=7/8") == TokenPrice(7, 8, 7, 7)


def test_a_model_on_this_machine_is_free_unless_a_price_is_given() -> None:
    assert price_of("openai:qwen@http://localhost:8000/v1") == FREE
    assert price_of("openai:qwen@http://localhost:8000/v1", "openai:qwen=1/1").output == 1


@pytest.mark.parametrize("given", ["x", "openai:x=1", "openai:x=a/b", "openai:x=-1/2", "openai:x=inf/1", "=1/2/3"])
def test_an_unreadable_price_is_named(given: str) -> None:
    with pytest.raises(ValueError, match="modelPrices"):
        parse_prices(given)


def test_the_table_has_a_date_sources_and_four_prices_for_each_model() -> None:
    assert table()["dated"] >= "2026"
    assert table()["sources"]
    for name, prices in table()["models"].items():
        assert set(prices) - {"cache_write_hour"} == {"input", "output", "cache_read", "cache_write"}, name
        assert 0 < prices["input"] < prices["output"], name


def test_the_most_a_call_can_cost_is_above_what_it_does_cost() -> None:
    price = price_of("openai:gpt-5-mini")
    assert price.at_most(3_000, 500) >= price.cost(1_000, 500)


def test_cached_tokens_are_cheaper_and_counted_once() -> None:
    price = TokenPrice(10, 20, 1, 12)
    assert price.cost(1_000_000, 0, cache_read=400_000, cache_write=100_000) == pytest.approx(5 + 0.4 + 1.2)


def test_batch_inference_costs_half_whether_the_price_is_listed_or_given() -> None:
    name = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"
    on_demand, batch = price_of(name), batch_price_of(name)
    assert (batch.input, batch.output) == (on_demand.input / 2, on_demand.output / 2)
    assert batch_price_of("bedrock:own", "bedrock:own=1/3") == TokenPrice(0.5, 1.5, 0.5, 0.5)
    assert table()["batch_inference"]["source"].startswith("https://")


@pytest.mark.parametrize(("tier", "factor"), [("", 1), ("default", 1), ("flex", 0.5), ("priority", 1.75)])
def test_a_tier_has_its_share_of_the_price_whether_it_is_listed_or_given(tier: str, factor: float) -> None:
    nova = "bedrock:eu.amazon.nova-pro-v1:0"
    assert price_of(nova, tier=tier) == pytest.approx([part * factor for part in price_of(nova)])
    assert price_of(nova, f"{nova}=1/3", tier).output == pytest.approx(3 * factor)
    assert table()["service_tiers"]["source"].startswith("https://")


def test_a_write_to_a_cache_of_an_hour_costs_twice_the_input_and_to_another_a_quarter_more() -> None:
    hour = price_of("bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0")
    minutes = price_of("bedrock:anthropic.claude-3-7-sonnet-20250219-v1:0")
    assert hour.cache_write == pytest.approx(2 * hour.input)
    assert minutes.cache_write == pytest.approx(1.25 * minutes.input)
    in_job = batch_price_of("bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0")
    assert in_job.cache_write == in_job.input


def test_only_bedrock_is_asked_in_batches() -> None:
    with pytest.raises(ValueError, match="Bedrock's"):
        batch_price_of("openai:gpt-5-mini")
    with pytest.raises(TokenPriceUnknown):
        batch_price_of("bedrock:nobody.knows-v1:0")
