"""The setting `schedules`: which branches are looked at, and when. Pure.

`PROVIDER:OWNER/NAME@BRANCH EXPRESSION [TIME ZONE]`, several of them separated by `;`. Expressions are those of
EventBridge Scheduler ("Schedule types in EventBridge Scheduler") but for `at(…)`, which runs once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

_SHAPE = re.compile(
    r"(?P<provider>github|gitlab|bitbucket|gitea):"
    r"(?P<repository>[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,10})"
    r"@(?P<branch>[^\s;~^:?*\[\\]+)\s+(?P<expression>(?:rate|cron)\([^()]*\))(?:\s+(?P<zone>[A-Za-z0-9_+/-]+))?"
)
_RATE = re.compile(r"rate\(([1-9][0-9]{0,5}) (minute|hour|day)(s?)\)")
#: A schedule that is looked at more often would only ask the code host the same question.
_SHORTEST_MINUTES = 5
_MINUTES = {"minute": 1, "hour": 60, "day": 1_440}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class ScheduleRefused(ValueError):
    """A part of the setting cannot be used; the message says which, and why."""


@dataclass(frozen=True)
class FetchSchedule:
    """One branch of one repository, and when it is looked at; `zone` is an IANA time zone."""

    provider: str
    repository: str
    branch: str
    expression: str
    zone: str

    @property
    def target(self) -> str:
        """What is looked at, as the setting names it."""
        return f"{self.provider}:{self.repository}@{self.branch}"


@dataclass(frozen=True)
class _CronField:
    """One field of a cron expression: its name, its numbers, their names, and what else it may be."""

    name: str
    first: int
    last: int
    names: tuple[str, ...] = ()
    more: str = ""

    def refusal(self, text: str) -> str:
        """Why the text is no value of this field; empty if it is one."""
        if text == "*" or (text == "?" and "day" in self.name):
            return ""
        if self.more and re.fullmatch(self.more, text):
            return ""
        return next((reason for part in text.split(",") if (reason := self._part(part))), "")

    def _part(self, part: str) -> str:
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if slash and not (step.isdecimal() and 1 <= int(step) <= self.last):
            return f"{self.name}: {part!r} has no step"
        if span == "*" and slash:
            return ""
        bounds = [self._number(first), *([self._number(last)] if dash else [])]
        if None in bounds:
            return f"{self.name}: {part!r} is not {self.first} to {self.last}"
        return ""

    def _number(self, text: str) -> int | None:
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.first
        return int(text) if text.isdecimal() and self.first <= int(text) <= self.last else None


_CRON = (
    _CronField("minutes", 0, 59),
    _CronField("hours", 0, 23),
    _CronField("day of month", 1, 31, more=r"L|([1-9]|[12][0-9]|3[01])W"),
    _CronField("month", 1, 12, _MONTHS),
    _CronField("day of week", 1, 7, _DAYS, more=rf"L|([1-7]|{'|'.join(_DAYS)})(L|#[1-5])"),
    _CronField("year", 1970, 2199),
)


def schedules_of(text: str, hosts: Mapping[str, str]) -> tuple[FetchSchedule, ...]:
    """The schedules of the setting, fetched from these hosts. Raises ScheduleRefused."""
    schedules = tuple(_read(part.strip()) for part in text.split(";") if part.strip())
    targets: set[str] = set()
    for schedule in schedules:
        if schedule.provider not in hosts:
            raise ScheduleRefused(f"{schedule.target}: webhookHosts names no {schedule.provider}")
        if schedule.target in targets:
            raise ScheduleRefused(f"{schedule.target} comes twice; one schedule may name several times of a day")
        targets.add(schedule.target)
    return schedules


def _read(text: str) -> FetchSchedule:
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ScheduleRefused(
            f"{text[:200]!r} is not such as github:acme/engine@main cron(0 3 ? * MON-FRI *) Europe/Berlin;"
            " providers are github, gitlab, bitbucket and gitea, several schedules are separated by ;"
        )
    schedule = FetchSchedule(
        match["provider"], match["repository"], match["branch"], match["expression"], match["zone"] or "UTC"
    )
    for reason in _refusals(schedule):
        raise ScheduleRefused(f"{schedule.target}: {reason}")
    return schedule


def _refusals(schedule: FetchSchedule) -> Iterator[str]:
    branch, zones = schedule.branch, _time_zones()
    if branch.startswith(("-", "/")) or branch.endswith(("/", ".")) or ".." in branch or len(branch) > 255:
        yield f"{branch[:100]!r} is no branch's name"
    if zones and schedule.zone not in zones:  # a machine without time zones leaves the question to AWS
        yield f"{schedule.zone!r} is no time zone such as Europe/Berlin"
    yield from (_rate_refusals if schedule.expression.startswith("rate") else _cron_refusals)(schedule.expression)


@cache
def _time_zones() -> frozenset[str]:
    """Every time zone that Python knows: looking for them opens some 600 files."""
    return frozenset(available_timezones())


def _rate_refusals(expression: str) -> Iterator[str]:
    match = _RATE.fullmatch(expression)
    if match is None or (match[1] == "1") == bool(match[3]):
        yield f"{expression} is not such as rate(1 day) or rate(12 hours)"
    elif int(match[1]) * _MINUTES[match[2]] < _SHORTEST_MINUTES:
        yield f"{expression} is more often than every {_SHORTEST_MINUTES} minutes"


def _cron_refusals(expression: str) -> Iterator[str]:
    fields = expression.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != len(_CRON):
        names = ", ".join(field.name for field in _CRON)
        yield f"{expression} has {len(fields)} fields, not six: {names}"
        return
    yield from (reason for field, text in zip(_CRON, fields, strict=True) if (reason := field.refusal(text)))
    if (fields[2] == "?") == (fields[4] == "?"):
        yield f"{expression}: one of day of month and day of week must be ?, and the other not"
