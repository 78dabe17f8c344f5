"""What a model's tokens cost: one dated table with its sources, beside it what a setting says. Nothing is guessed.

Pure.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from agents.bedrock import caches_for_an_hour
from agents.models.names import ModelName, parse_name
from agents.settings import PROFILE_GEOGRAPHIES

#: Bytes of a prompt by this are more tokens than any tokeniser that we met made of it.
BYTES_PER_TOKEN_AT_LEAST = 3
#: Characters per token on average; what an estimate counts with.
CHARACTERS_PER_TOKEN = 4
#: More characters than the tokens of any text have on average; a reply of more is none that was bounded by its tokens.
CHARACTERS_PER_TOKEN_AT_MOST = 32
#: No request and no record has so many tokens: a service that says so counts something else.
MOST_TOKENS = 10**12
_MILLION = 1_000_000
#: Bedrock's names carry a profile's geography in front, a date and a version behind.
_GEOGRAPHY = re.compile(rf"^bedrock:({PROFILE_GEOGRAPHIES})\.")
_VERSION = re.compile(r"(-\d{8}|-\d{4}-\d{2}-\d{2})?(-v\d+(:\d+)?(:\d+k)?)?$")
_ARN = re.compile(r"^bedrock:arn:.*/(?P<model>[^/]+)$")
_GLOBAL_DISCOUNT = 1 / 1.1
_HAS_GLOBAL_PRICE = re.compile(r"claude-(opus|sonnet|haiku)-4-[5-9]")


class TokenPrice(NamedTuple):
    """US dollars per million tokens."""

    input: float
    output: float
    cache_read: float
    cache_write: float

    def cost(self, input_tokens: int, output_tokens: int, cache_read: int = 0, cache_write: int = 0) -> float:
        """US dollars. `input_tokens` are all that were read, those of the cache included."""
        fresh = max(0, input_tokens - cache_read - cache_write)
        parts = (fresh * self.input, output_tokens * self.output, cache_read * self.cache_read)
        return (sum(parts) + cache_write * self.cache_write) / _MILLION

    def at_most(self, input_bytes: int, max_output_tokens: int) -> float:
        """US dollars that one request cannot exceed: a third of its bytes as tokens, and every token it may answer."""
        tokens = math.ceil(input_bytes / BYTES_PER_TOKEN_AT_LEAST)
        return (tokens * max(self.input, self.cache_write) + max_output_tokens * self.output) / _MILLION


FREE = TokenPrice(0.0, 0.0, 0.0, 0.0)


class TokenPriceUnknown(ValueError):
    """The table does not know the model's price; the message says how to give it."""


def price_of(name: str, given: str = "", tier: str = "") -> TokenPrice:
    """The model's price: from `given` (`openai:my-model=0.5/1.5,…`, dollars per million tokens), else the table.

    `tier` is a service tier of Bedrock, empty for the default. A model on this machine is free unless a price is given.

    Raises:
        TokenPriceUnknown: neither knows it.
        ValueError: `given` cannot be read, or there can be no such model.
    """
    on_demand = _on_demand(name, given)
    factor = float(table()["service_tiers"]["factors"][tier or "default"])
    return on_demand if factor == 1 else TokenPrice(*(round(part * factor, 9) for part in on_demand))


def _on_demand(name: str, given: str) -> TokenPrice:
    parsed = parse_name(name)
    prices = parse_prices(given)
    if parsed in prices:
        return prices[parsed]
    anywhere = parsed._replace(base_url="")
    if anywhere in prices:
        return prices[anywhere]
    if parsed.provider == "extractive" or parsed.on_this_machine:
        return FREE
    listed = None if parsed.base_url and parsed.provider == "openai" else _listed(parsed)
    if listed is None:
        raise TokenPriceUnknown(
            f"the price of {parsed.plain} is not in the table of {table()['dated']}: give it in dollars per million"
            f" tokens in and out, --setting modelPrices={parsed.plain}=<in>/<out>"
        )
    return listed


def batch_price_of(name: str, given: str = "") -> TokenPrice:
    """The model's price in a batch inference job: a fixed share of its price on demand, given or listed.

    Raises:
        TokenPriceUnknown: as price_of.
        ValueError: the model is none of Bedrock's, and no other has batch inference.
    """
    if parse_name(name).provider != "bedrock":
        raise ValueError(f"{name}: batch inference is Bedrock's, and so must be the model")
    factor = float(table()["batch_inference"]["factor"])
    on_demand = price_of(name, given)
    read, answered = (round(part * factor, 9) for part in (on_demand.input, on_demand.output))
    return TokenPrice(read, answered, read, read)  # a job has no prompt cache


def refuse_unused_prices(given: str, models: Collection[str]) -> None:
    """Raises ValueError when a price names none of these models: nothing would be paid by it, and no cap would hold."""
    requested = {parse_name(name) for name in models if name}
    for priced in parse_prices(given):
        if priced not in requested and priced not in {name._replace(base_url="") for name in requested}:
            there = ", ".join(sorted(str(name) for name in requested))
            raise ValueError(f"modelPrices: {priced} is no model of this run, whose models are {there}")


def parse_prices(given: str) -> dict[ModelName, TokenPrice]:
    """A setting's prices by model; a name without a base URL is the model at any.

    Raises:
        ValueError: a part is not `model=in/out`, or its model cannot be; it names the part.
    """
    prices: dict[ModelName, TokenPrice] = {}
    for part in filter(None, (piece.strip() for piece in given.split(","))):
        model, equals, pair = part.rpartition("=")
        numbers = pair.split("/")
        try:
            read, answered = (float(number) for number in numbers)
        except ValueError:
            read = answered = math.nan
        if not equals or not (0 <= read < math.inf and 0 <= answered < math.inf):
            raise ValueError(f"modelPrices: {part!r} is not model=<dollars per million in>/<out>")
        prices[parse_name(model.strip())] = TokenPrice(read, answered, read, read)
    return prices


@cache
def table() -> dict[str, Any]:
    """The price table as it is stored: date, sources, models."""
    loaded: dict[str, Any] = json.loads(files("agents.models").joinpath("price_table.json").read_text("utf-8"))
    return loaded


def _listed(parsed: ModelName) -> TokenPrice | None:
    models: dict[str, dict[str, float]] = table()["models"]
    in_arn = _ARN.match(parsed.plain)
    named = f"bedrock:{in_arn['model']}" if in_arn else parsed.plain
    base = _VERSION.sub("", _GEOGRAPHY.sub("bedrock:", named))
    entry = models.get(named) or models.get(base)
    if entry is None:
        return None
    # Every write of ours to the model's cache lives as long as the model allows (agents/models/asking.py).
    written = entry["cache_write_hour" if caches_for_an_hour(named) else "cache_write"]
    price = TokenPrice(entry["input"], entry["output"], entry["cache_read"], written)
    if named.startswith("bedrock:global.") and _HAS_GLOBAL_PRICE.search(named):
        price = TokenPrice(*(round(part * _GLOBAL_DISCOUNT, 6) for part in price))
    return price
