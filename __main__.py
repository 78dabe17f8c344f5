"""The Pulumi program: settings -> Platform -> exports."""

from __future__ import annotations

from pathlib import Path

import pulumi

from components.account import provider
from components.packages import missing_packages, under_engine
from components.platform import Platform
from components.release_check import release_problem
from components.settings.configuration import read_settings
from components.settings.model import SettingsRefused


def main() -> None:
    """Describe the selected stack. Raises pulumi.RunError: the engine shows its message without a traceback."""
    try:
        settings = read_settings()
    except SettingsRefused as refused:
        raise pulumi.RunError(str(refused)) from None
    root = Path(__file__).parent
    missing = missing_packages(settings, root) if under_engine() else ""
    problem = missing or release_problem(settings, root)
    if problem:
        raise pulumi.RunError(problem)
    # The components and their resources inherit the protection.
    opts = pulumi.ResourceOptions(providers=[provider(settings)], protect=settings.protected)
    platform = Platform("swarm", settings, opts)
    for name, value in platform.outputs.items():
        pulumi.export(name, value)


main()
