"""Runs the Pulumi program under Pulumi's own mock monitor, and makes what it declares real."""

from __future__ import annotations

import contextvars
import logging
import runpy
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, set_all_config
from pulumi.runtime.settings import SETTINGS, get_root_resource, get_stack, set_root_resource
from pulumi.runtime.stack import run_pulumi_func

from components.guardrails import DeclaredResource, GuardrailsBroken, Rule, effective_tags, enforce
from local.configuration import ProgramFailed
from local.moto.identifiers import identified_by, random_afterwards
from local.privileges.deployer import Deployer
from local.program_loop import program_loop
from local.resource_positions import without_positions
from local.resources import CloudBackend, Declared, look_up, realise


class _Monitor(mocks.MockMonitor):
    """Pulumi's mock monitor, which also knows which resource it was at when something failed."""

    def __init__(self, realiser: _Realiser) -> None:
        super().__init__(realiser)
        self._realiser = realiser

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the name of the remote call
        urn = self.make_urn(request.parent, request.type, request.name)
        self._realiser.here.urn = urn
        self._realiser.here.protect = bool(request.protect)
        try:
            return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # Pulumi's mocks have no types
        except Exception as problem:
            self._realiser.failed(urn, problem)
            raise


class _Realiser(mocks.Mocks):
    """Answers the monitor: components are nothing, aws:* becomes real, one resource at a time."""

    def __init__(self, cloud: CloudBackend, deployer: Deployer | None) -> None:
        self._cloud, self._deployer = cloud, deployer
        self._one_at_a_time = threading.Lock()
        self._providers: dict[str, Mapping[str, Any]] = {}
        self.declared: list[DeclaredResource] = []
        self.here = threading.local()
        self.failure: tuple[str, Exception] | None = None

    def failed(self, urn: str, problem: Exception) -> None:
        """Remember the first failure; the others follow from it."""
        self.failure = self.failure or (urn, problem)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Make one resource real."""
        urn = self.here.urn
        if args.typ == "pulumi:providers:aws":
            self._providers[urn] = args.inputs
            return args.name, dict(args.inputs)
        if not args.custom:
            return None, dict(args.inputs)
        tags = effective_tags(self._providers.get((args.provider or "").rpartition("::")[0], {}), args.inputs)
        with self._one_at_a_time:
            resource = DeclaredResource(args.typ, args.name, urn, args.inputs, tags, self.here.protect)
            self.declared.append(resource)
            if self._deployer is not None:
                self._deployer.may("create", resource)
            identified_by(urn)
            realised = realise(Declared(args.typ, args.name, urn, args.inputs, tags), self._cloud)
        return realised.id, {**args.inputs, "tagsAll": tags, **realised.outputs}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:  # type: ignore[override]  # a tuple needs a list of failures
        """Answer a data source."""
        try:
            return {**args.args, **look_up(args.token, args.args, self._cloud)}
        except Exception as problem:
            self.failed(args.token, problem)
            raise


def run_program(
    program: Path,
    project: str,
    stack: str,
    settings: Mapping[str, str],
    cloud: CloudBackend,
    rules: Sequence[Rule] = (),
    deployer: Deployer | None = None,
) -> Mapping[str, Any]:
    """Run it to its end, hold what it declared against the rules, and return what it exports. Raises ProgramFailed.

    Each resource takes calls that the deployer must be allowed; without a deployer all are.
    The run has a thread, an event loop and context variables of its own, so that Pulumi's settings end with it.
    """
    realiser = _Realiser(cloud, deployer)
    outcome: dict[str, Any] = {}

    def work() -> None:
        try:
            outcome["exports"] = _run(program, project, stack, settings, realiser)
        except BaseException as problem:  # noqa: BLE001  handed to the caller's thread
            outcome["problem"] = problem

    thread = threading.Thread(target=contextvars.Context().run, args=(work,), name="pulumi-program")
    thread.start()
    thread.join()
    if realiser.failure is not None:
        urn, problem = realiser.failure
        raise ProgramFailed(f"{urn}: {type(problem).__name__}: {problem}") from problem
    if "problem" in outcome:
        problem = outcome["problem"]
        raise ProgramFailed(f"{program.name}: {type(problem).__name__}: {problem}") from problem
    _hold(program, realiser.declared, rules)
    exports: Mapping[str, Any] = outcome["exports"]
    return exports


def _hold(program: Path, declared: Sequence[DeclaredResource], rules: Sequence[Rule]) -> None:
    try:
        advice = enforce(declared, rules)
    except GuardrailsBroken as problem:
        raise ProgramFailed(f"{program.name}: {problem}") from problem
    for violation in advice:
        logging.getLogger(__name__).warning("%s", violation)


def _run(program: Path, project: str, stack: str, settings: Mapping[str, str], realiser: _Realiser) -> dict[str, Any]:
    sys.path.insert(0, str(program.parent))
    quiet = logging.getLogger("pulumi.program")
    quiet.setLevel(logging.CRITICAL)  # a failure is raised, once, with its URN
    try:
        with random_afterwards(), without_positions(), program_loop() as loop:
            set_root_resource(None)  # type: ignore[arg-type]  # None is its first value, too
            mocks.set_mocks(
                realiser, project=project, stack=stack, preview=False, logger=quiet, monitor=_Monitor(realiser)
            )
            set_all_config(dict(settings))
            SETTINGS.outputs.clear()  # a program that failed leaves its unfinished outputs to the next one
            return loop.run_until_complete(_to_the_end(program))
    finally:
        with suppress(ValueError):  # the program may have taken it away
            sys.path.remove(str(program.parent))
        set_root_resource(None)  # type: ignore[arg-type]  # None is its first value, too
        SETTINGS.outputs.clear()


async def _to_the_end(program: Path) -> dict[str, Any]:
    await run_pulumi_func(lambda: _execute(program))
    root: Any = get_root_resource()
    exports: dict[str, Any] = {}
    for name, value in dict(root.outputs).items():
        exports[name] = await pulumi.Output.from_input(value).future()
    return exports


def _execute(program: Path) -> None:
    assert get_stack()  # noqa: S101  the mocks are set
    runpy.run_path(str(program), run_name="__main__")
