"""What only saves time: moto and botocore answer the same without it.

`SWARM_LOCAL_ECONOMY=off` leaves all of it out, for whoever suspects that one of these replacements changes an answer.
The repairs beside this folder change answers, so nothing switches them off.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

ECONOMY_VARIABLE = "SWARM_LOCAL_ECONOMY"


def economy_is_on(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether to save time; it is saved unless the variable is `off`.

    Raises:
        ValueError: the variable is neither `on` nor `off`.
    """
    value = variables.get(ECONOMY_VARIABLE) or "on"
    if value not in {"on", "off"}:
        raise ValueError(f"{ECONOMY_VARIABLE}={value}: set it to `on` or `off`, or unset it")
    return value == "on"
