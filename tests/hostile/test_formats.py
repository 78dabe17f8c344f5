"""A file of a format that is read for more than symbols has one outcome, in bounded time and memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.case import Case
from tests.hostile.formats import formats
from tests.hostile.test_files import test_a_file_has_its_one_outcome as has_its_one_outcome

#: One of ten is tried with each change.
CASES = [
    pytest.param(case, id=case.name.replace(" ", "-"), marks=[] if number % 10 == 0 else [pytest.mark.slow])
    for number, case in enumerate(formats())
]


@pytest.mark.parametrize("case", CASES)
def test_a_file_of_a_format_has_its_one_outcome(
    case: Case[tuple[str, bytes]], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    has_its_one_outcome(case, tmp_path, record_property)
