"""What `make package` must have built before the engine reads it."""

from __future__ import annotations

from pathlib import Path

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import SETTINGS

from agents.roster import layers_of
from components.layers import layer_zip
from components.settings.model import Settings
from components.short_agent import FUNCTION_ZIP, PACKAGED_ZIP


def missing_packages(settings: Settings, root: Path) -> str:
    """A sentence about the zips that are not there; empty when all are."""
    wanted = [PACKAGED_ZIP if settings.packaged else FUNCTION_ZIP]
    if settings.packaged:
        layers = {layer for state in settings.functions for layer in layers_of(state, settings.heaviest_model)}
        wanted += [layer_zip(layer, settings.lambda_architecture) for layer in sorted(layers)]
    missing = [path for path in wanted if not (root / path).is_file()]
    if not missing:
        return ""
    return (
        f"not built yet: {', '.join(missing)}. `make package` builds them, for lambdaArchitecture "
        f"{settings.lambda_architecture} as docs/packaging.md says; then run this again."
    )


def under_engine() -> bool:
    """Whether Pulumi's engine runs the program; tests and the local cloud use its mock monitor and read no layer."""
    return not isinstance(SETTINGS.monitor, MockMonitor)
