"""What the laptop's account may use at once: as much as there is, or as little as AWS gives a new account."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from local.configuration import ProgramFailed

_UNITS = 1024


@dataclass(frozen=True)
class Quotas:
    """Lambda's concurrent executions, and vCPUs of Fargate, On-Demand and Spot counted apart."""

    concurrent_executions: int = sys.maxsize
    fargate_vcpus: int = sys.maxsize

    def admits_task(self, units: int, running_units: int) -> bool:
        """Whether a task of so many CPU units may start beside those of its kind that run."""
        return running_units + units <= self.fargate_vcpus * _UNITS


GROWN = Quotas()
#: AWS, "Lambda quotas" (new accounts have reduced concurrency, 10 was seen) and "Fargate service quotas".
NEW = Quotas(concurrent_executions=10, fargate_vcpus=6)
ACCOUNTS: Mapping[str, Quotas] = {"grown": GROWN, "new": NEW}
#: A setting of this cloud alone, in a namespace of its own: no stack of AWS chooses its account's quotas.
SETTING = "local-cloud:accountQuotas"


def quotas_of(configuration: Mapping[str, str]) -> Quotas:
    """The quotas that a stack's configuration chooses; without a choice the account has grown. Raises ProgramFailed."""
    chosen = configuration.get(SETTING, "grown")
    if chosen not in ACCOUNTS:
        raise ProgramFailed(f"{SETTING}: {chosen!r} is refused (allowed: {', '.join(ACCOUNTS)})")
    return ACCOUNTS[chosen]
