"""What each stack declares, compared with files that a person can review.

After a change that is meant: UPDATE_GOLDEN=1 python -m pytest tests/components/test_golden.py, then read the diff.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.components.golden_form import input_list, urn_list
from tests.components.mocked_cloud import STACKS, BuiltStack

GOLDEN = Path(__file__).with_name("golden")
BuiltOf = Callable[[str], BuiltStack]


def _hold(path: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; the module's docstring says how to renew it"


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_declares_the_resources_of_its_golden_list(built: BuiltOf, stack: str) -> None:
    _hold(GOLDEN / f"{stack}.urns.txt", urn_list(built(stack)))


@pytest.mark.parametrize("stack", STACKS)
def test_each_resource_has_the_inputs_of_its_golden_file(built: BuiltOf, stack: str) -> None:
    _hold(GOLDEN / f"{stack}.inputs.yaml", input_list(built(stack)))
