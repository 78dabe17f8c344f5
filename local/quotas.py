"""What the laptop's account may use at once: as much as there is, or as little as AWS gives a new account."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

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
