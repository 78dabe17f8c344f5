"""Idle costs little, nothing is expensive in silence, and docs/costs.md says what the functions say."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache

import pytest

from agents.costs import aws_use
from agents.costs.aws_prices import CostLine, prices
from agents.costs.run_cost import RunFigures, run_lines, transitions
from tests.components.mocked_cloud import ROOT, STACKS
from tests.guardrails.declared import EVERYTHING, changed_stack, invented, stack
from tools.idle_cost import FREE_WHEN_IDLE, ResourcePriceUnknown, StoredData, idle_lines
from workflow import definition
from workflow.definition import JsonObject

PAGE = ROOT / "docs" / "costs.md"
#: Where a session leaves its choices if there is something to do and the first draft is approved; elsewhere by Default.
APPROVED = {"ChoosePlan": "ReadPlan", "RevisionGate": "ApprovalGate"}


def states_entered(machine: JsonObject, choices: Mapping[str, str]) -> list[str]:
    """The states of an execution without a failure, both branches of a Parallel included and a Map's children not."""
    entered: list[str] = []
    name = machine["StartAt"]
    while name:
        body = machine["States"][name]
        entered.append(name)
        for branch in body.get("Branches", ()):
            entered += states_entered(branch, choices)
        name = choices.get(name, body.get("Default")) if body["Type"] == "Choice" else body.get("Next")
    return entered


PARENT_STATES = states_entered(definition.load(), APPROVED)
BATCH_STATES = states_entered(definition.load()["States"]["AnalyseFiles"]["ItemProcessor"], {})
#: The example of docs/costs.md: 24 s at 1 GB in nine functions, 15 s at 2 GB for each of ten batches.
EXAMPLE = RunFigures(
    lambda_gb_seconds=24 * 1 + 10 * 15 * 2,
    lambda_requests=9 + 10,
    transitions=transitions(parent_states=len(PARENT_STATES), batches=10),
    item_writes=900,
    item_reads=900,
    object_writes=60,
    object_reads=120,
    log_gigabytes=0.001,
)
FARGATE = RunFigures(
    lambda_gb_seconds=0, lambda_requests=0, transitions=0, fargate_seconds=600, fargate_disk_gigabytes=50, traces=0
)


def _total(lines: Iterable[CostLine]) -> float:
    return sum(line.usd for line in lines)


def test_an_idle_dev_costs_less_than_a_dollar_a_month() -> None:
    assert 0 < _total(idle_lines(stack("dev"))) < 1


def test_the_whole_of_prods_bill_is_endpoints_a_key_a_dashboard_seven_alarms_and_what_is_kept() -> None:
    lines = {line.what: line.usd for line in idle_lines(stack("prod"))}
    assert lines["Interface VPC endpoints"] == pytest.approx(4 * 2 * 730 * 0.011)
    assert lines["KMS keys"] == 1
    assert lines["Alarms"] == pytest.approx(0.7)
    assert lines["Dashboards"] == 3
    calls = sum(usd for what, usd in lines.items() if what.startswith("Scheduled calls"))
    assert calls < 0.26  # the reaper and the canary
    assert lines["Flow logs taken in"] < 0.01
    rest = 68.94 + calls + lines["Flow logs taken in"]
    assert _total(idle_lines(stack("prod"), StoredData(0, 0, 0, 0, 0))) == pytest.approx(rest)


def test_a_budget_is_free_and_enhanced_scanning_is_not() -> None:
    assert _added("dev", _WATCHING["monthlyBudgetUsd: 100"]) == 0
    assert _added("dev", _WATCHING["imageScanning: enhanced"]) == pytest.approx(0.3)
    assert _added("dev", _WATCHING["flowLogs: true"]) == 0
    assert 0 < _added("prod", _WATCHING["flowLogs: true"]) < 0.01


@pytest.mark.parametrize("name", [*STACKS, EVERYTHING])
def test_every_kind_of_every_stack_has_a_price_or_a_reason_for_none(name: str) -> None:
    assert idle_lines(stack(name))


def test_a_kind_without_a_price_is_named() -> None:
    with pytest.raises(ResourcePriceUnknown, match="rds:Instance"):
        idle_lines([invented("aws:rds/instance:Instance")])


def test_a_nat_gateway_and_an_alarm_are_not_free() -> None:
    assert _total(idle_lines([invented("aws:ec2/natGateway:NatGateway")])) > 30
    alarms = [invented("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricName": "Errors"})] * 3
    assert _total(idle_lines(alarms)) == pytest.approx(0.3)


def test_a_schedule_pays_for_its_calls_though_nothing_runs() -> None:
    schedule = invented("aws:scheduler/schedule:Schedule", {"scheduleExpression": "rate(5 minutes)"})
    lines = {line.what: line.units for line in idle_lines([schedule])}
    assert lines["Scheduled calls"] == 730 * 12


@pytest.mark.parametrize(
    ("expression", "calls_a_day"),
    [
        ("rate(12 hours)", 2),
        ("rate(2 days)", 0.5),
        ("cron(0 3 ? * MON *)", 1),
        ("cron(0,30 * * * ? *)", 48),
        ("cron(0/15 8-17 ? * MON-FRI *)", 40),
    ],
)
def test_a_schedule_is_priced_by_its_expression(expression: str, calls_a_day: float) -> None:
    schedule = invented("aws:scheduler/schedule:Schedule", {"scheduleExpression": expression})
    lines = {line.what: line.units for line in idle_lines([schedule])}
    assert lines["Scheduled calls"] == pytest.approx(calls_a_day * 730 / 24)


def test_a_gateway_endpoint_is_free() -> None:
    gateway = invented("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"})
    assert idle_lines([gateway]) == ()


def test_every_reason_for_no_price_is_given() -> None:
    assert all(FREE_WHEN_IDLE.values())


def test_every_price_has_a_date_a_unit_and_a_page_of_aws() -> None:
    assert prices().date >= datetime.date(2026, 11, 1)
    assert all(price.unit and price.source.startswith("https://aws.amazon.com/") for price in prices().price.values())


def test_a_session_costs_what_the_formula_says() -> None:
    lines = {line.what: line.usd for line in run_lines(EXAMPLE)}
    assert lines["Lambda, time"] == pytest.approx(324 * 0.0000133334)
    assert lines["State transitions"] == pytest.approx((31 + 10 * 3) * 0.000025)
    assert "Fargate, CPU" not in lines
    assert _total(run_lines(EXAMPLE)) < 0.01


def test_the_page_counts_the_states_as_the_machine_has_them() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    revision = PARENT_STATES[PARENT_STATES.index("ChooseEditor") : PARENT_STATES.index("RevisionGate") + 1]
    named = ", ".join(f"`{name}`" for name in revision)
    assert f"enters {len(PARENT_STATES)} states" in text
    assert len(PARENT_STATES) == aws_use.PARENT_STATES
    assert f"a further revision enters {len(revision)} more ({named})" in text
    assert ", ".join(f"`{name}`" for name in BATCH_STATES) in text
    assert transitions(0, batches=1) == len(BATCH_STATES) == 3


def test_fargate_is_paid_by_size_and_time_and_its_first_20_gb_are_not() -> None:
    lines = {line.what: line.usd for line in run_lines(FARGATE)}
    assert lines["Fargate, CPU"] == pytest.approx(2 * 600 / 3600 * 0.03238)
    assert lines["Fargate, disk"] == pytest.approx(30 * 600 / 3600 * 0.000111)


def _costs(lines: Iterable[CostLine], digits: int) -> str:
    found = tuple(lines)
    rows = [f"| {line.what} | {line.units:,.7g} | {line.price.unit} | {line.usd:,.{digits}f} |" for line in found]
    total = f"| **total** | | | **{_total(found):,.{digits}f}** |"
    return "\n".join(["| what | units | unit | USD |", "|---|---|---|---|", *rows, total])


def _prices() -> str:
    table = prices()
    rows = [
        f"| {name.replace('_', ' ')} | {price.usd:.10f}".rstrip("0").rstrip(".")
        + f" | {price.unit} | {price.seen} | <{price.source}> |"
        for name, price in table.price.items()
    ]
    explained = (
        f"{table.region}, read on {table.date}. `page`: a stored copy of AWS's own page. `quoted`: AWS's price list\n"
        "or a bill for this region, as a public repository quotes it; AWS's page was not open then."
    )
    return "\n".join([explained, "", "| price | USD | unit | seen | source |", "|---|---|---|---|---|", *rows])


#: A stack without any of the settings that watch it, and what each of them adds.
_UNWATCHED = {"flowLogs": "false", "accessLogs": "false"}
_WATCHING = {
    "flowLogs: true": {"flowLogs": "true"},
    "accessLogs: true": {"accessLogs": "true"},
    "monthlyBudgetUsd: 100": {"monthlyBudgetUsd": "100", "alarmEmail": "someone@example.com"},
    "imageScanning: enhanced": {"imageScanning": "enhanced"},
}


@cache
def _unwatched(name: str) -> float:
    return _total(idle_lines(changed_stack(name, **_UNWATCHED)))


def _added(name: str, changes: Mapping[str, str]) -> float:
    return _total(idle_lines(changed_stack(name, **{**_UNWATCHED, **changes}))) - _unwatched(name)


def _settings() -> str:
    rows = [f"| `{what}` | {_added('dev', on):.3f} | {_added('prod', on):.3f} |" for what, on in _WATCHING.items()]
    return "\n".join(["| setting | dev, USD a month | prod, USD a month |", "|---|---|---|", *rows])


BLOCKS = {
    "settings": _settings,
    "idle dev": lambda: _costs(idle_lines(stack("dev")), 3),
    "idle prod": lambda: _costs(idle_lines(stack("prod")), 3),
    "run example": lambda: _costs(run_lines(EXAMPLE), 6),
    "run fargate": lambda: _costs(run_lines(FARGATE), 6),
    "prices": _prices,
}


@pytest.mark.parametrize("block", BLOCKS)
def test_the_page_states_what_the_functions_say(block: str) -> None:
    pattern = re.compile(rf"(<!-- {block} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    text, stated = PAGE.read_text(encoding="utf-8"), f"\n{BLOCKS[block]()}\n\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text = pattern.sub(lambda found: found[1] + stated + found[3], text)
        PAGE.write_text(text, encoding="utf-8")
    assert [found[2] for found in pattern.finditer(text)] == [stated]
