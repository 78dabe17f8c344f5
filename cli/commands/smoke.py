"""`swarm smoke --stack dev`: three small repositories through a deployed stack; which paths ran, and what to do."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.errors import SettingsMissing
from agents.settings import ALIAS, AgentSettings
from agents.text.wording import amount, counted
from cli.commands import estimate
from cli.doctor.limits import is_placeholder
from cli.errors import BadInput, ExitCode
from cli.output.checks_table import checks_table
from cli.output.progress import ProgressView, view_for
from cli.smoke.repositories import Sizes, write_repositories
from cli.smoke.verdicts import Outcome, PathVerdict, SmokedStack, verdicts
from cli.smoke.watch import Patience, Watch
from cli.stack.clients import Cloud, stack_of
from cli.stack.deployed import DeployedCloud
from cli.stack.location import Location
from cli.stack.outputs_source import outputs_of_named_stack
from cli.upload.snapshot import Snapshot
from cli.upload.submission import execution_of, submit
from components.outputs import StackOutputs
from local.temporary import temporary_folder

#: What AWS asks for one run besides the model, at most: nine tasks of two minutes, and the functions. A test holds it
#: against the price table.
AWS_USD = 0.05
_NO_IMAGE = "no image: containerImage is the placeholder (docs/deploy.md, The image)"
_FARGATE = ("Spot task", "On-Demand task", "Fargate scan", "Fargate repository")
_COLOURS = {Outcome.PROVEN: "green", Outcome.FAILED: "bold red", Outcome.NOT_TESTED: "bold yellow"}


def smoke(where: Location, minutes: float, as_json: bool, messages: Console, answers: Console) -> ExitCode:
    """Try the stack. DONE only if every path is proven.

    Raises:
        BadInput: the stack's outputs, or the settings of its functions, cannot be read.
        TriggerSilent: an upload started no execution.
    """
    source = outputs_of_named_stack(where)
    with view_for(messages) as view:
        path_verdicts = examined(DeployedCloud(source.outputs, where.profile), minutes * 60, view)
    if as_json:
        answers.file.write(_as_json(str(source.outputs["environment"]), path_verdicts) + os.linesep)
    else:
        answers.print(_as_table(path_verdicts))
        answers.print(_sentence(path_verdicts), markup=False)
    return (
        ExitCode.DONE
        if all(verdict.outcome is Outcome.PROVEN for verdict in path_verdicts)
        else ExitCode.SESSION_FAILED
    )


def examined(cloud: Cloud, seconds: float, view: ProgressView) -> list[PathVerdict]:
    """Upload the repositories, follow their sessions and judge the paths."""
    outputs = StackOutputs.model_validate(cloud.outputs)
    settings = settings_of_functions(cloud, outputs)
    sizes = Sizes.of(settings, image=not is_placeholder(outputs.container_image))
    stack = stack_of(cloud)
    with temporary_folder("swarm-smoke-") as folder:
        snapshots = list(write_repositories(folder, uuid.uuid4().hex[:12], sizes))
        _announce(snapshots, settings, view.say)
        uploads = {snapshot.repository: submit(stack, snapshot) for snapshot in snapshots}
    executions = {name: execution_of(stack, upload) for name, upload in uploads.items()}
    facts = Watch(cloud, stack, executions, view.say).until_all_ended(Patience(seconds))
    return verdicts(facts, SmokedStack(outputs.environment, _untested(outputs, settings, sizes)))


def settings_of_functions(cloud: Cloud, outputs: StackOutputs) -> AgentSettings:
    """The settings that the stack's functions run with: they decide what is too large for Lambda."""
    name = next((function for function in outputs.function_names if function.endswith("-open-session")), "")
    configuration = cloud.client("lambda").get_function_configuration(FunctionName=name, Qualifier=ALIAS)
    try:
        return AgentSettings.from_variables(configuration.get("Environment", {}).get("Variables", {}))
    except SettingsMissing as error:
        raise BadInput(
            f"The settings of {name} cannot be read: {error} Deploy the stack with this version (`pulumi up`)."
        ) from error


def _untested(outputs: StackOutputs, settings: AgentSettings, sizes: Sizes) -> dict[str, str]:
    """Why a path is not tried, by path."""
    reasons: dict[str, str] = {}
    if is_placeholder(outputs.container_image):
        reasons |= dict.fromkeys(_FARGATE, _NO_IMAGE)
    elif not sizes.on_fargate:
        limits = "batchLambdaKilobytes leaves no file between it and fileLimitKilobytes"
        reasons |= dict.fromkeys(
            _FARGATE[:2], f"no file is large enough for Fargate and small enough to read: {limits}"
        )
    if "Fargate repository" not in reasons and not sizes.empty_lines:
        reasons["Fargate repository"] = "the settings let a function hold more than this run's files can have of lines"
    if "Spot task" not in reasons and not settings.fargate_spot:
        reasons["Spot task"] = "fargateSpot is false: this stack uses no Spot"
    if not sizes.gap:
        reasons["gap"] = f"gapTolerancePercent is {settings.gap_tolerance_percent}: a gap would fail the session"
    return reasons


def _announce(snapshots: Sequence[Snapshot], settings: AgentSettings, say: Callable[[str], None]) -> None:
    for snapshot in snapshots:
        say(f"{snapshot.repository}: {counted(snapshot.files, 'file')}, {snapshot.bytes / 1e6:,.2f} MB to upload")
    documented = [snapshot for snapshot in snapshots if snapshot.files]
    cap = settings.cap_usd * len(documented)
    say(
        f"estimate: {_models_cost(documented, settings)} for models (capUsd allows at most ${amount(cap)} for these"
        f" sessions), and less than ${AWS_USD:.2f} for AWS"
    )


def _models_cost(snapshots: Sequence[Snapshot], settings: AgentSettings) -> str:
    if not settings.network_models:
        return "nothing"
    with temporary_folder("swarm-smoke-") as nothing_stored:
        try:
            costs = [
                estimate.estimate_of(snapshot, settings, nothing_stored).estimate.usd.likely for snapshot in snapshots
            ]
        except BadInput as error:  # a model without a price, say: the sessions show what comes of it
            return f"unknown ({error})"
    return f"about ${sum(costs):.4f}"


def _as_json(stack: str, path_verdicts: Sequence[PathVerdict]) -> str:
    proven = all(verdict.outcome is Outcome.PROVEN for verdict in path_verdicts)
    return json.dumps(
        {"stack": stack, "proven": proven, "paths": [asdict(verdict) for verdict in path_verdicts]}, indent=2
    )


def _as_table(path_verdicts: Sequence[PathVerdict]) -> Table:
    table = checks_table()
    for verdict in path_verdicts:
        observation = Text(verdict.seen)
        observation.append(f"\nproves: {verdict.proves}", style="dim")
        if verdict.advice:
            observation.append(f"\n{verdict.advice}", style="bold")
        table.add_row(Text(verdict.outcome, style=_COLOURS[verdict.outcome]), Text(verdict.path), observation)
    return table


def _sentence(path_verdicts: Sequence[PathVerdict]) -> str:
    missing = [verdict.path for verdict in path_verdicts if verdict.outcome is not Outcome.PROVEN]
    if not missing:
        return "Every path works. The refused archive raises the alarm sessions-failed once: its mail should arrive."
    return f"Not proven: {', '.join(missing)}."
