"""What AWS will charge for a session beside the model, line by line, as `swarm estimate` shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from agents.contracts.snapshot import RepositoryRoute, Route
from agents.costs.aws_prices import CostLine, prices
from agents.costs.aws_use import DeployedSizes, PlannedWork, expected_use
from agents.costs.facts import PARTS, Estimate, FileCosts, Range
from agents.costs.run_cost import run_lines
from agents.roles.scanner.plan import FileToPlan, plan_by_imports
from agents.settings import AgentSettings
from cli.output.estimated import rounded
from cli.stack.stack_settings import StackSettings

#: Lines that are a smaller share than this are added up for people; the JSON has all.
_SHOWN_SHARE = 0.05


@dataclass(frozen=True)
class AwsEstimate:
    """Dollars in all, the likely lines they are made of, and where and when the prices were read."""

    usd: Range
    lines: tuple[CostLine, ...]
    region: str
    date: str


def planned_work(
    files: Collection[FileCosts],
    imports: Mapping[str, Collection[str]],
    settings: AgentSettings,
    repository: RepositoryRoute,
) -> PlannedWork:
    """The batches as the scanner will plan them, before anyone has measured how fast a language is read."""
    to_plan = [FileToPlan(file.path, file.bytes, file.language) for file in files if file.fresh]
    batches = [batch for batch, _ in plan_by_imports(to_plan, imports, settings, {})]
    on_fargate = sum(batch.route is Route.FARGATE for batch in batches)
    return PlannedWork(
        on_lambda=len(batches) - on_fargate,
        on_fargate=on_fargate,
        waves=len({batch.wave for batch in batches}),
        repository_on_fargate=repository.route is Route.FARGATE,
    )


def deployed_sizes(stack: StackSettings) -> DeployedSizes:
    """The sizes of the stack's functions and tasks."""
    settings = stack.for_agents
    return DeployedSizes(
        analyst_gigabytes=settings.analyst_memory_megabytes / 1_024,
        repository_gigabytes=settings.repository_memory_megabytes / 1_024,
        other_gigabytes=int(stack.configuration["serverless-swarm:functionMemoryMegabytes"]) / 1_024,
        task_vcpus=settings.task_cpu_units / 1_024,
        task_gigabytes=settings.task_memory_megabytes / 1_024,
        task_disk_gigabytes=settings.task_disk_gigabytes,
    )


def aws_estimate(estimated: Estimate, planned: PlannedWork, sizes: DeployedSizes) -> AwsEstimate:
    """What the session will cost on AWS, at the price table's day and region, before any free tier."""
    lines = {part: run_lines(expected_use(estimated, planned, sizes, part)) for part in PARTS}
    usd = Range(**{part: sum(line.usd for line in each) for part, each in lines.items()})
    table = prices()
    return AwsEstimate(usd, lines["likely"], table.region, table.date.isoformat())


def aws_as_json(aws: AwsEstimate) -> dict[str, object]:
    """The estimate for machines."""
    return {
        "usd": rounded(aws.usd, 6),
        "lines": {
            line.what: {"units": round(line.units, 6), "unit": line.price.unit, "usd": round(line.usd, 6)}
            for line in aws.lines
        },
        "region": aws.region,
        "prices_of": aws.date,
    }


def aws_lines(aws: AwsEstimate) -> Iterator[str]:
    """The estimate for people: the sum, and what it is made of."""
    usd = aws.usd
    yield f"AWS          ${usd.low:.4f} to ${usd.high:.4f}, likely ${usd.likely:.4f}, where the stack is deployed:"
    large = [line for line in aws.lines if line.usd >= _SHOWN_SHARE * aws.usd.likely]
    rest = sum(line.usd for line in aws.lines) - sum(line.usd for line in large)
    for line in sorted(large, key=lambda line: -line.usd):
        yield f"             {line.what:<20} ${line.usd:.4f}"
    yield f"             {'the rest':<20} ${rest:.4f}; prices of {aws.region}, {aws.date}"
