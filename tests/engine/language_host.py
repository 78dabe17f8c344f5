"""Our language host: what the engine starts as `pulumi-language-python` to run a program or a policy pack.

Pulumi's own is not served by any registry. It runs the program in its own process and this interpreter, and a policy
pack as `python -m pulumi.policy`, as Pulumi's does.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import grpc  # type: ignore[import-untyped]  # neither brings stubs
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # the library has no types
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

_LIMIT = [("grpc.max_receive_message_length", 64 * 1024 * 1024)]


class LanguageHost(LanguageServer):
    """The SDK's server of inline programs, taught to read the program from its folder."""

    def __init__(self, engine: str) -> None:
        super().__init__(lambda: None)
        self._engine = engine

    def Run(self, request: Any, context: Any) -> Any:
        """Run a project's __main__.py."""
        folder = request.info.program_directory or request.pwd
        os.chdir(folder)
        sys.path.insert(0, folder)
        self.program = lambda: _execute(Path(folder) / "__main__.py")
        request.args[:] = [self._engine]
        return super().Run(request, context)  # type: ignore[no-untyped-call]  # the SDK's server has no types

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        """They are installed: it is this interpreter."""
        yield language_pb2.InstallDependenciesResponse()

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        """Start a policy pack, and pass on what it writes: the first line is its port."""
        folder = request.info.program_directory or request.program
        command = [sys.executable, "-u", "-m", "pulumi.policy", *request.args, folder]
        variables = dict(entry.split("=", 1) for entry in request.env)
        with subprocess.Popen(
            command, cwd=folder, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as pack:
            context.add_callback(pack.kill)
            for stream, text in _lines(pack):
                answer = language_pb2.RunPluginResponse()
                setattr(answer, stream, text)
                yield answer
            yield language_pb2.RunPluginResponse(exitcode=pack.wait())

    def Handshake(self, request: Any, context: Any) -> Any:
        """Nothing is agreed on."""
        return language_pb2.LanguageHandshakeResponse()

    def Cancel(self, request: Any, context: Any) -> Any:
        """The engine ends this process."""
        return empty_pb2.Empty()


def _execute(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


def _lines(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """What both streams of a process say, as it says it."""
    said: SimpleQueue[tuple[str, bytes]] = SimpleQueue()

    def read(name: str, stream: IO[bytes]) -> None:
        for line in stream:
            said.put((name, line))
        said.put((name, b""))

    assert process.stdout
    assert process.stderr
    for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
        threading.Thread(target=read, args=(name, stream), daemon=True).start()
    open_streams = 2
    while open_streams:
        name, line = said.get()
        if line:
            yield name, line
        else:
            open_streams -= 1


def main() -> None:
    """Serve until the engine ends this process; its address is the last argument."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_LIMIT)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine's own Ctrl-C; it ends this process itself
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
