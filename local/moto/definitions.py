"""A state machine's definition in a form that moto's grammar reads."""

from __future__ import annotations

import re

_WHOLE_PERCENTAGE = re.compile(r'("ToleratedFailurePercentage"\s*:\s*[0-9]+)(?![0-9.eE])')


def with_decimal_percentages(definition: str) -> str:
    """The definition with `5.0` for a tolerated percentage of `5`.

    moto's grammar takes a decimal point only, where AWS's own examples are whole numbers.
    """
    return _WHOLE_PERCENTAGE.sub(r"\1.0", definition)
