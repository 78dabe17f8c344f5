"""What saves time with the values of items: moto still takes the time, and they compare, copy and weigh as in moto."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import dynamo_type
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL
from tests.local.still import Counted, repair_of, still_needs
from tests.local.test_moto_economy import VALUES

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]
OF_VALUES = tuple(
    f"DynamoType.{name}" for name in ("__init__", "__hash__", "__eq__", "cast_value", "__deepcopy__", "size")
)
OF_ITEMS = ("Item.size", "LimitedSizeDict.__setitem__")


@pytest.fixture(scope="module", autouse=True)
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:  # puts the replacements in place
        yield running


def questions(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> int:
    """How often values are asked for their type."""
    counted = [Counted(getattr(DynamoType, name)) for name in ("is_number", "is_set", "is_list", "is_map")]
    for each in counted:
        monkeypatch.setattr(DynamoType, each.function.__name__, lambda self, each=each: each(self))
    do()
    monkeypatch.undo()
    return sum(each.calls for each in counted)


@still_needs(*OF_VALUES)
@pytest.mark.parametrize("name", OF_VALUES)
def test_moto_still_asks_each_text_for_its_type(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, other = DynamoType({"S": "a"}), DynamoType({"S": "b"})
    uses: dict[str, Callable[[], object]] = {
        "__init__": lambda: DynamoType({"S": "a"}),
        "__hash__": lambda: hash(text),
        "__eq__": lambda: text == other,
        "cast_value": lambda: text.cast_value,
        "__deepcopy__": lambda: copy.deepcopy(text),
        "size": lambda: text.size(),
    }
    use = uses[name.removeprefix("DynamoType.")]

    assert questions(monkeypatch, use) == 0
    with without("DynamoType.cast_value", name):  # which two of the others use
        assert questions(monkeypatch, use) > 0


@still_needs(*OF_ITEMS)
@pytest.mark.parametrize("name", OF_ITEMS)
def test_moto_still_encodes_every_name_to_count_its_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    item = Item(DynamoType({"S": "a"}), None, {"one": {"S": "a"}, "two": {"S": "b"}})
    counted = Counted(dynamo_type.bytesize)
    monkeypatch.setattr(dynamo_type, "bytesize", counted)

    def use() -> None:
        item.size()
        item.attrs["one"] = DynamoType({"S": "c"})

    use()
    assert counted.calls == 0
    with without(name):
        use()
    assert counted.calls >= 2


def as_moto(use: Callable[[], Any]) -> Any:
    with without(*OF_VALUES, *OF_ITEMS):
        return use()


def outcome(use: Callable[[], Any]) -> Any:
    try:
        return use()
    except Exception as error:  # noqa: BLE001  whichever it is, it must be moto's
        return type(error), str(error)


@given(VALUES, VALUES)
def test_a_value_is_what_it_is_in_moto(first: dict[str, Any], second: dict[str, Any]) -> None:
    def seen() -> list[Any]:
        one, other = DynamoType(first), DynamoType(second)
        copied = copy.deepcopy(one)
        return [
            outcome(use)
            for use in (
                lambda: hash(one),
                lambda: (one == other, one == copied, other == one, one != other),
                lambda: one < other,
                lambda: (one.size(), other.size(), copied.size()),
                lambda: (one.cast_value, copied.to_regular_json()),
                lambda: one == None,  # noqa: E711  an error in moto
            )
        ]

    assert seen() == as_moto(seen)


@pytest.mark.parametrize("wrong", [{}, {"S": "a", "N": "1"}, {"X": "a"}, {"S": ["a"]}, {"S": "\ud800"}, "text", None])
def test_a_value_that_is_none_is_refused_as_by_moto(wrong: Any) -> None:
    def seen() -> list[Any]:
        return [outcome(lambda: hash(DynamoType(wrong))), outcome(lambda: Item(DynamoType(wrong), None, {"a": wrong}))]

    assert [each if isinstance(each, (int, tuple)) else type(each) for each in seen()] == [
        each if isinstance(each, (int, tuple)) else type(each) for each in as_moto(seen)
    ]


def test_a_set_that_is_copied_is_a_set_of_its_own() -> None:
    numbers = DynamoType({"NS": ["1"]})

    copy.deepcopy(numbers).value.append("2")

    assert numbers.value == ["1"]


@pytest.mark.parametrize("letter", ["a", "é", "€"])
def test_an_item_may_be_as_large_as_in_moto(letter: str) -> None:
    most = 405_000 // len(letter.encode())

    def fits(length: int) -> bool:
        attributes = LimitedSizeDict()
        attributes["n"] = DynamoType({"N": "1"})
        try:
            attributes["body"] = DynamoType({"S": letter * length})
        except ItemSizeTooLarge:
            return False
        return True

    def largest() -> int:
        return max(length for length in range(most - 20, most + 20) if fits(length))

    assert most - 20 < largest() == as_moto(largest) < most


def test_the_originals_are_motos() -> None:
    assert repair_of("cast_value").original.fget.__module__ == dynamo_type.__name__
