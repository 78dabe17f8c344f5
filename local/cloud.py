"""The cloud on a laptop: the real Pulumi program, made real on moto, with functions and tasks as processes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.moto_api._internal.models import moto_api_backend
from moto.s3.models import s3_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from agents.settings import TRACE_FOLDER_VARIABLE
from local.at_once import agents_at_once
from local.clients import Clients
from local.configuration import ProgramFailed, configuration
from local.ecs.runner import TaskRunner
from local.function_urls.events import UrlAnswer, busy
from local.function_urls.server import FunctionUrlServer
from local.lambda_.environment import Function
from local.lambda_.libraries import OF_EVERY_SESSION, turn_of
from local.lambda_.pool import FunctionPool
from local.log_lines import function_group, put_lines
from local.moto import bridge as moto_bridge
from local.moto import repairs
from local.moto.configuration import moto_configured
from local.moto.economy.requests import programs as parsed_programs
from local.moto.functions import called_by_url
from local.moto.repairs.ecs import transitions_by_hand
from local.moto.repairs.step_functions import forget_clients
from local.moto.server import Application, HttpServer
from local.port import PORT_VARIABLE, PortUnusable, chosen_port
from local.privileges import CloudKeys, Ledger, PrivilegeGate, SignatureGate
from local.privileges.deployer import POLICY_FILE, Deployer
from local.privileges.surroundings import MotoSurroundings
from local.processes.child_processes import Processes
from local.quotas import quotas_of
from local.root import ROOT
from local.saved_cloud import RealisedCloud, SavedCloud
from local.secret import chosen_secret
from local.sites.distribution import Distribution
from local.sites.server import SiteServer
from local.state.request_guard import StateGuard
from local.state.store import StateStore, StateUnusable
from local.temporary import temporary_folder
from local.traces import trace_folder

if TYPE_CHECKING:
    from components.guardrails import Rule

__all__ = ["PORT_VARIABLE", "LocalCloud", "PortUnusable", "ProgramFailed", "StateUnusable"]

_EnteredT = TypeVar("_EnteredT")
_one_at_a_time = threading.Lock()


class LocalCloud:
    """One stack of the program, running in this process until it is closed; one at a time per process.

    `settings` overrides the stack file's configuration. `state` is the folder that outlives the run, None is none.
    A `warm` cloud starts the functions that a session will call while it is being built itself. With `saved_as`, a
    fingerprint of all that makes the cloud what it is, it is loaded from the folder `saved_in`, which is the state
    folder unless another is named, or saved there for the next. Its functions run in `processes`, which it closes.
    """

    def __init__(
        self,
        stack: str = "local",
        *,
        state: Path | None = None,
        settings: Mapping[str, str] | None = None,
        workers: int | None = None,
        program: Path | None = None,
        rules: Sequence[Rule] | None = None,
        privileges: bool | None = None,
        warm: bool = False,
        saved_as: str = "",
        saved_in: Path | None = None,
        processes: Processes | None = None,
    ) -> None:
        """Start it.

        Raises:
            ProgramFailed, StateUnusable, PortUnusable: each message says what to do.
            RuntimeError: another cloud runs in this process.
        """
        self._rules, self._own_program = rules, program is None
        # Without roles' policies for a program that a test brings; a call that one refuses gets AWS's AccessDenied.
        self._privileges = privileges if privileges is not None else program is None
        self._program = (program or ROOT / "__main__.py").resolve()
        self._project, self._configuration = configuration(self._program.parent, stack, settings or {})
        self.region = self._region()
        self.account = DEFAULT_ACCOUNT_ID
        self.root = self._program.parent
        self.outputs: Mapping[str, Any] = {}
        self.secret = chosen_secret()
        self.keys = CloudKeys(self.secret)
        self._books = MotoSurroundings(self.account, self.region)
        self.ledger = Ledger(self._books.documents)
        self._quotas = quotas_of(self._configuration)
        self._clients: Clients | None = None
        self._closed = False
        self._is_called = saved_in is None  # else it is built to be saved, and its functions need not be ready
        saved_in = saved_in or state
        self._saved = SavedCloud(saved_in, saved_as) if saved_in is not None and saved_as else None
        self._savable = True
        self._deployed: list[Function] = []
        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("a local cloud is already running in this process")
        self._undo: list[Any] = [_one_at_a_time.release]
        self._processes = processes
        try:
            self._start(stack, state, workers or agents_at_once(), ahead=warm)
        except BaseException:
            self.close()
            raise

    @property
    def trouble(self) -> str:
        """Why nothing more can be kept, in a sentence; empty while all is well."""
        return self._kept.trouble

    def _region(self) -> str:
        named = (f"{self._project}:region", "aws:region")
        return next((self._configuration[name] for name in named if name in self._configuration), "us-east-1")

    def _start(self, stack: str, folder: Path | None, workers: int, *, ahead: bool) -> None:
        self._kept = state_store = StateStore(folder)
        self._undo.append(state_store.close)
        self.workdir = self._enter(temporary_folder("swarm-cloud-"))
        self.traces = trace_folder(folder) if folder else None
        self._serve()
        # The receiver of changes stays until the processes have ended: they settle the money of their calls last.
        self._undo.append(lambda: moto_bridge.use(None))
        of_role = self.keys.variables_of_role
        processes = self._processes or Processes(forks=self._is_called)
        self._undo.append(processes.close)
        self._functions = FunctionPool(
            self.workdir / "functions",
            self.variables(),
            workers,
            processes,
            # A session's functions stay for the next one: starting a process takes longer than most calls.
            spare=len(OF_EVERY_SESSION),
            ahead=ahead,
            credentials=of_role,
            publish=self._log_function,
        )
        self._undo.append(self._functions.close)
        bridge = moto_bridge.Bridge(self._functions, state_store, self.root, self.keys, self._quotas)
        bridge.tasks = TaskRunner(self.variables(), self.workdir / "tasks", bridge.task_exited)
        self._undo.append(bridge.tasks.close)
        self._undo.append(bridge.close)
        moto_bridge.use(bridge)
        self._undo.append(self._stop_executions)
        loaded = self._loaded()
        self.outputs = self._built(stack) if loaded is None else loaded
        state_store.restore_items(dynamodb_backends[self.account][self.region])
        state_store.restore_objects(s3_backends[self.account]["aws"])

    def _loaded(self) -> Mapping[str, Any] | None:
        realised = self._saved.read(self.endpoint_url) if self._saved is not None else None
        if realised is None:
            return None
        # Processes begin one after another, and importing the model's libraries for one takes two seconds.
        for function in sorted(realised.functions, key=lambda function: turn_of(function.environment)):
            self._functions.register(function)
        parsed_programs.update(realised.programs)
        return realised.outputs

    def _built(self, stack: str) -> Mapping[str, Any]:
        outputs = self._run_program(stack, self._configuration)
        if self._saved is not None and not self._savable:
            self._saved.write_unsavable()
        elif self._saved is not None:
            realised = RealisedCloud(outputs, tuple(self._deployed), dict(parsed_programs))
            self._saved.write(realised, self.endpoint_url, self.secret)
        return outputs

    def _run_program(self, stack: str, values: Mapping[str, str]) -> Mapping[str, Any]:
        from local.program import run_program  # Pulumi is not needed for a cloud that is loaded

        deployer = self._deployer() if self._privileges else None
        return run_program(self._program, self._project, stack, values, self, self.rules, deployer)

    @property
    def rules(self) -> Sequence[Rule]:
        """The guardrails that the program is held to: the project's own, and for a test's program what it asks for."""
        from components.guardrails import RULES  # likewise

        return self._rules if self._rules is not None else (RULES if self._own_program else ())

    def deploy_beside(self, stack: str, settings: Mapping[str, str]) -> Mapping[str, Any]:
        """Deploy a second stack into this cloud, whose region it must share; its outputs. Raises ProgramFailed."""
        _, values = configuration(self._program.parent, stack, settings)
        return self._run_program(stack, values)

    def _deployer(self) -> Deployer | None:
        """Whoever would deploy on AWS, as docs/deploy.md lets them; None where the program came without that page."""
        file = self.root / POLICY_FILE
        return Deployer(file.read_text(encoding="utf-8"), self.region, self.account) if file.is_file() else None

    def _serve(self) -> None:
        self._enter(moto_configured())
        # Nobody starts a machine image here, and inventing moto's takes a second.
        self._set("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        moto_api_backend.reset()
        repairs.apply()
        self._undo.append(repairs.take_out)
        transitions_by_hand()
        server = HttpServer(chosen_port(), self._gated)
        server.start()
        self._undo.append(server.stop)
        self._undo.append(forget_clients)
        port = server.get_host_and_port()[1]
        self.endpoint_url = f"http://127.0.0.1:{port}"
        self._clients = Clients(self.endpoint_url, self.region, self.keys.operator)
        self._set("MOTO_PORT", str(port))  # the interpreter calls the server it runs in

    def _gated(self, application: Application) -> Application:
        inner: Application = StateGuard(application, lambda: self.trouble)
        if self._privileges:
            inner = PrivilegeGate(inner, self.ledger, self._books)
        return SignatureGate(inner, self.keys)

    def _enter(self, context: AbstractContextManager[_EnteredT]) -> _EnteredT:
        entered = context.__enter__()
        self._undo.append(lambda: context.__exit__(None, None, None))
        return entered

    def _set(self, name: str, value: str) -> None:
        earlier = os.environ.get(name)
        os.environ[name] = value
        self._undo.append(lambda: _put_back(name, earlier))

    def variables(self) -> dict[str, str]:
        """What a process needs to be this cloud's client, and nobody else's."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            **self.keys.operator.variables,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **({TRACE_FOLDER_VARIABLE: str(self.traces)} if self.traces else {}),
        }

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud, one a service."""
        assert self._clients is not None  # noqa: S101  asked of a cloud that serves
        return self._clients.client(service)

    def deploy(self, function: Function) -> None:
        """Make a function's code callable."""
        self._functions.register(function)
        self._deployed.append(function)

    def host(self, distribution: Distribution) -> str:
        """Serve a distribution from now on; the domain under which it is reached."""
        self._savable = False  # what is served beside moto is not in its state
        server = SiteServer(distribution)
        self._undo.append(server.close)
        return server.domain

    def serve_function(self, name: str) -> str:
        """Serve a function to HTTP requests from now on; the URL, which ends with a slash."""
        self._savable = False
        server = FunctionUrlServer(lambda event: self.call_by_url(name, event))
        self._undo.append(server.close)
        return server.url

    def call_by_url(self, name: str, event: Mapping[str, object]) -> tuple[bytes, bool] | UrlAnswer:
        """A function's result and whether it failed, or Lambda's own answer."""
        bridge = moto_bridge.current()
        with bridge.admitted() as admitted:
            if not admitted:
                return busy()
            return bridge.invoke(called_by_url(self.account, self.region, name), json.dumps(event).encode())

    def _log_function(self, name: str, logged: bytes) -> None:
        put_lines(self.account, self.region, function_group(name), "local", logged)

    def await_warm(self) -> None:
        """Wait until the functions that begin warm have; whoever is in a hurry need not."""
        self._functions.await_warm()

    def roles(self) -> Sequence[str]:
        """The name of every role."""
        return self._books.roles()

    def _stop_executions(self) -> None:
        for backends in stepfunctions_parser_backends.values():
            for backend in backends.values():
                for execution in backend._get_executions("RUNNING"):
                    backend.stop_execution(execution.execution_arn)

    def close(self) -> None:
        """End every process, stop serving; what was to be kept is kept already. Closing twice is nothing."""
        if self._closed:
            return
        self._closed = True
        failures: list[Exception] = []
        for undo in reversed(self._undo):
            try:
                undo()
            except Exception as problem:  # noqa: BLE001  whatever fails, the rest must still be taken down
                failures.append(problem)
        if self._clients is not None:
            self._clients.close()
        if failures:
            raise failures[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
