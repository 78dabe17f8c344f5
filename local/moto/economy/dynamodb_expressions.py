"""What takes moto longer than it needs with the expressions of a DynamoDB request: each is parsed, and checked, once.

The requests of a session have a dozen different expressions. moto parses a condition four times for each item of a
transaction, and walks the tree of an update ten times to check it.
"""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models.dynamo_type import DDBType, DynamoType
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.expressions import UpdateExpressionParser

from local.moto.replacements import saves_time

_CLAUSE = re.compile(r"\b(SET|ADD)\b")
_CHANGES = {
    "SET": re.compile(r"\s*(#?\w+)\s*=\s*(:\w+)\s*"),
    "ADD": re.compile(r"\s*(#?\w+)\s+(:\w+)\s*"),
}

_original_make = UpdateExpressionParser.make
_original_parse = ConditionExpressionParser.parse
_original_init = validators.Validator.__init__
_original_validate = validators.Validator.validate
_original_execute = UpdateExpressionExecutor.execute

_EMPTY = ({"S": ""}, {"B": ""}, {"B": b""})
_ZERO = DynamoType({DDBType.NUMBER: "0"})
_MOST_CONDITIONS = 512
_conditions: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {}
#: The checks that moto has made: see `_check_of`.
_passed: set[Any] = set()


class _Change(NamedTuple):
    """`SET attribute = value` or `ADD attribute value`, of a whole attribute, by a value of the request."""

    action: str
    attribute: str
    value: str


class _SimpleUpdate(NamedTuple):
    """A checked update of `_Change`s only: it stands where moto has its tree."""

    changes: tuple[_Change, ...]
    values: Mapping[str, dict[str, Any]]

    def normalize(self) -> None:
        """Nothing: the changes are of different attributes."""


@saves_time(UpdateExpressionParser, "make")
def _make(expression: str) -> Any:
    """moto parses each update expression twice, letter by letter; it copies the tree before it changes it."""
    return _tree_of(expression)


@lru_cache(maxsize=128)
def _tree_of(expression: str) -> Any:
    tree = _original_make(expression)
    tree.pickled = pickle.dumps(tree, pickle.HIGHEST_PROTOCOL)
    tree.changes = _changes_in(expression)
    return tree


def _changes_in(expression: str) -> tuple[_Change, ...]:
    """The changes of an expression that has no others; empty for every other expression."""
    nothing, *clauses = _CLAUSE.split(expression)
    actions, lists = clauses[::2], clauses[1::2]
    found = [
        (action, _CHANGES[action].fullmatch(change))
        for action, changes in zip(actions, lists, strict=True)
        for change in changes.split(",")
    ]
    if nothing.strip() or not all(match for _, match in found):
        return ()
    return tuple(_Change(action, match[1], match[2]) for action, match in found if match)


@saves_time(validators, "deepcopy")
def _copy_of(tree: Any) -> Any:
    """moto copies an expression's tree node by node: a third of an update's time. Reading it back takes a seventh."""
    pickled = getattr(tree, "pickled", None)
    return copy.deepcopy(tree) if pickled is None else pickle.loads(pickled)  # noqa: S301  written above


@saves_time(validators.Validator, "__init__")
def _init(
    self: Any,
    expression: Any,
    expression_attribute_names: dict[str, str] | None,
    expression_attribute_values: dict[str, dict[str, Any]] | None,
    item: Any,
    table: Any,
) -> None:
    """moto copies the tree for its checks; a simple update that has passed them needs no copy."""
    names, values = expression_attribute_names or {}, expression_attribute_values or {}
    changes = getattr(expression, "changes", ())
    self.check = _check_of(changes, names, values, table) if changes else None
    self.simple = None
    if self.check in _passed:
        simple = _SimpleUpdate(tuple(_named(changes, names)), values)
        self.simple = simple if _fits(simple, item) else None
    if self.simple is None:
        _original_init(self, expression, expression_attribute_names, expression_attribute_values, item, table)


@saves_time(validators.Validator, "validate")
def _validate(self: Any) -> Any:
    """moto walks an update's tree ten times. A simple update passes when the same one has passed before."""
    if self.simple is not None:
        return self.simple
    checked = _original_validate(self)
    if self.check is not None:
        _passed.add(self.check)
    return checked


def _check_of(
    changes: tuple[_Change, ...], names: Mapping[str, str], values: Mapping[str, dict[str, Any]], table: Any
) -> Any:
    """All that moto's checks of a simple update depend on; None where they depend on more, or must fail."""
    types = {name: next(iter(value)) for name, value in values.items()}
    if any(change.value not in types or values[change.value] in _EMPTY for change in changes):
        return None
    keys = (*table.table_key_attrs, *table.attribute_keys, *(str(sorted(each.items())) for each in table.attr))
    return changes, frozenset(names.items()), frozenset(types.items()), keys


def _named(changes: tuple[_Change, ...], names: Mapping[str, str]) -> Iterator[_Change]:
    return (change._replace(attribute=names.get(change.attribute, change.attribute)) for change in changes)


def _fits(update: _SimpleUpdate, item: Any) -> bool:
    """Whether all that is to be added is a number, to a number or to nothing."""
    added = [change for change in update.changes if change.action == "ADD"]
    return all(
        DDBType.NUMBER in update.values[change.value]
        and (change.attribute not in item.attrs or item.attrs[change.attribute].type == DDBType.NUMBER)
        for change in added
    )


@saves_time(UpdateExpressionExecutor, "execute")
def _execute(self: Any, node: Any = None) -> None:
    """A simple update has no tree to be walked."""
    if not isinstance(self.update_ast, _SimpleUpdate):
        _original_execute(self, node)
        return
    for action, attribute, name in self.update_ast.changes:
        value = DynamoType(self.update_ast.values[name])
        present = self.item.attrs.get(attribute, _ZERO)
        self.item.attrs[attribute] = present + value if action == "ADD" else value


@saves_time(ConditionExpressionParser, "parse")
def _parse_condition(self: Any) -> Any:
    """moto parses the condition of each item of a transaction four times; an error is not kept."""
    given = repr((self.condition_expression, self.expression_attribute_names, self.expression_attribute_values))
    known = _conditions.get(given)
    if known is None:
        parsed = _original_parse(self)
        if len(_conditions) >= _MOST_CONDITIONS:
            _conditions.clear()
        # moto changes none of the three; it adds to the parser's own lists.
        _conditions[given] = parsed, tuple(self.expr_attr_names_found), tuple(self.expr_attr_values_found)
        return parsed
    parsed, names_found, values_found = known
    self.expr_attr_names_found.extend(names_found)
    self.expr_attr_values_found.extend(values_found)
    return parsed
