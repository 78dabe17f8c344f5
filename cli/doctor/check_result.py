"""What a check of `swarm doctor` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: What AWS answered about one thing, or `{"error": name, "message": text}` where it refused.
Facts = Mapping[str, Any]
#: The error's name of a thing that does not exist, whatever the service calls it.
MISSING = "Missing"


class CheckSeverity(StrEnum):
    """How serious a result is. UNKNOWN: AWS refused to answer, and no session depends on the answer."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    FAILED = "failed"


#: Exit code by the worst level.
EXIT_CODES = {CheckSeverity.OK: 0, CheckSeverity.UNKNOWN: 0, CheckSeverity.WARNING: 1, CheckSeverity.FAILED: 2}


@dataclass(frozen=True)
class CheckResult:
    """The result of one check: what it saw, and what to do if it is not ok."""

    check: str
    level: CheckSeverity
    seen: str
    advice: str = ""


def ok(check: str, seen: str) -> CheckResult:
    """It works."""
    return CheckResult(check, CheckSeverity.OK, seen)


def unknown(check: str, seen: str, advice: str) -> CheckResult:
    """AWS refused to answer."""
    return CheckResult(check, CheckSeverity.UNKNOWN, seen, advice)


def warning(check: str, seen: str, advice: str) -> CheckResult:
    """It works now, and may fail later."""
    return CheckResult(check, CheckSeverity.WARNING, seen, advice)


def failed(check: str, seen: str, advice: str) -> CheckResult:
    """It does not work."""
    return CheckResult(check, CheckSeverity.FAILED, seen, advice)


def refused(check: str, facts: Facts, missing: str) -> CheckResult | None:
    """The finding when AWS refused to answer; `missing` is the advice when the thing is not there."""
    if "error" not in facts:
        return None
    if facts["error"] == MISSING:
        return failed(check, "it does not exist", missing)
    return failed(check, refusal_text(facts), "Give these credentials permission to read it, or use others.")


def refusal_text(facts: Facts) -> str:
    """AWS's refusal in one line."""
    message = " ".join(str(facts.get("message", "")).split())
    return f"{facts['error']}: {message}"[:160].rstrip(": ")


def worst(findings: Sequence[CheckResult]) -> CheckSeverity:
    """The worst level of all."""
    return max((finding.level for finding in findings), key=list(CheckSeverity).index, default=CheckSeverity.OK)
