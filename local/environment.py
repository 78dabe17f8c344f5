"""`eval "$(python -m local.environment)"`: the variables with which other tools look into a cloud that is up.

The cloud on this machine answers whoever signs with its keys; `swarm local up` and the keeper of a run leave them in
the state folder, in a file that its owner alone can read.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from local.privileges.identity import CloudKeys
from local.resident import CloudKind, Resident, holder_in
from local.state.database import default_folder, state_option


def variables_of(resident: Resident) -> dict[str, str]:
    """What makes a tool of AWS's a client of this cloud, with everything allowed."""
    return {
        "AWS_ENDPOINT_URL": resident.endpoint_url,
        "AWS_REGION": resident.region,
        "AWS_DEFAULT_REGION": resident.region,
        **CloudKeys(resident.secret).operator.variables,
    }


def main() -> None:
    """Print them as lines for a shell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--state", type=Path, default=default_folder(), help="the folder that the cloud's command was given"
    )
    folder: Path = parser.parse_args().state
    holder = holder_in(folder)
    resident = holder.cloud if holder is not None and holder.kind is not CloudKind.RUN else None
    if resident is None:
        sys.exit(f"No cloud is up in {folder}: start one with `swarm local up{state_option(folder)}`")
    for name, value in variables_of(resident).items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")


if __name__ == "__main__":
    main()
