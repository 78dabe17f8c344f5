"""The Pulumi program: settings -> Platform -> exports."""

from __future__ import annotations

import pulumi

from components.account import provider
from components.configuration import read_settings
from components.platform import Platform


def main() -> None:
    """Describe the selected stack."""
    settings = read_settings()
    platform = Platform("swarm", settings, pulumi.ResourceOptions(providers=[provider(settings)]))
    for name, value in platform.outputs.exports().items():
        pulumi.export(name, value)


main()
