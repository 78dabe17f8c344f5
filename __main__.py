"""The Pulumi program: settings -> Platform -> exports."""

from __future__ import annotations

import pulumi

from components.account import provider
from components.platform import Platform
from components.settings.configuration import read_settings


def main() -> None:
    """Describe the selected stack."""
    settings = read_settings()
    platform = Platform("swarm", settings, pulumi.ResourceOptions(providers=[provider(settings)]))
    for name, value in platform.outputs.exports().items():
        pulumi.export(name, value)


main()
