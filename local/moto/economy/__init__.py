"""What only saves time: moto and botocore answer the same without it, except about EC2's machine types.

`SWARM_LOCAL_ECONOMY=off` leaves all of it out, for whoever suspects that one of these replacements changes an answer.
The repairs beside this folder change answers, so nothing switches them off.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

ECONOMY_VARIABLE = "SWARM_LOCAL_ECONOMY"


def economy_is_on(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether to save time; it is saved unless the variable is `off`.

    Raises:
        SystemExit: the variable is neither `on` nor `off`. This is asked while modules load, before a command could
            turn an error into its message and the exit code for bad input.
    """
    value = variables.get(ECONOMY_VARIABLE) or "on"
    if value not in {"on", "off"}:
        sys.stderr.write(f"{ECONOMY_VARIABLE}={value}: set it to `on` or `off`, or unset it\n")
        raise SystemExit(2)
    return value == "on"
