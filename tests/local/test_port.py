"""A port that cannot be used is reported at once, with the variable, its value and what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app as border
from cli.errors import ExitCode
from local.moto.server import HttpServer
from local.port import PORT_VARIABLE, PortUnusable, chosen_port, listening_on


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that something listens on for as long as the test lasts."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


@pytest.mark.parametrize("value", ["abc", "99999", "65536", "-1", " ", "7801 ", "0x10", "1_000", "1e3", "\u0667"])
def test_what_is_no_port_is_named_with_its_variable(value: str) -> None:
    with pytest.raises(PortUnusable, match=f"^{PORT_VARIABLE}=.* is not a port: set {PORT_VARIABLE} to"):
        chosen_port({PORT_VARIABLE: value})


@pytest.mark.parametrize(("value", "port"), [("", 0), ("0", 0), ("1024", 1024), ("65535", 65535)])
def test_a_port_is_taken_and_none_or_0_is_any_free_one(value: str, port: int) -> None:
    assert chosen_port({PORT_VARIABLE: value}) == port
    assert chosen_port({}) == 0


@pytest.mark.timeout(30)
def test_a_server_on_a_busy_port_says_so_instead_of_waiting(busy: int) -> None:
    with pytest.raises(PortUnusable, match=rf"{PORT_VARIABLE}={busy}: .*in use"):
        HttpServer(busy, lambda application: application).start()


def test_a_port_that_needs_a_permission_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(PortUnusable, match=f"{PORT_VARIABLE}=80: .*Permission denied.*from 1024"):
        listening_on(80)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("command", ["run", "local up"])
@pytest.mark.parametrize("value", ["busy", "abc", "99999"])
def test_the_command_ends_at_once_with_exit_code_2(
    command: str, value: str, busy: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    port = str(busy) if value == "busy" else value
    monkeypatch.setenv(PORT_VARIABLE, port)
    given = [str(tmp_path), "--out", str(tmp_path / "out")] if command == "run" else []

    result = CliRunner().invoke(border.app, [*command.split(), *given, "--state", str(tmp_path / "state")])

    assert result.exit_code == ExitCode.BAD_INPUT
    assert f"{PORT_VARIABLE}={port}" in result.stderr
    assert "packed" not in result.stderr
    assert not (tmp_path / "out").exists()
