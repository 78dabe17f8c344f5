"""The port of the local cloud: chosen by an environment variable, refused in one sentence when it cannot be used."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping

HOST = "127.0.0.1"
#: Whoever wants to look into the running cloud (`aws --endpoint-url …`, a stub beside it) chooses its port by this.
PORT_VARIABLE = "SWARM_LOCAL_PORT"
_HIGHEST = 65_535
_NUMBER = re.compile(r"[0-9]{1,5}", re.ASCII)
_ADVICE = f"set {PORT_VARIABLE} to a port that nothing else uses, from 1024 to {_HIGHEST}, or unset it"


class PortUnusable(Exception):
    """The port cannot be used; the message names the variable, its value and what to do."""


def chosen_port(variables: Mapping[str, str] = os.environ) -> int:
    """The port that the person has chosen; 0, as when the variable is empty or not set, is any free one.

    Raises:
        PortUnusable: the value is no port.
    """
    text = variables.get(PORT_VARIABLE, "")
    if not text:
        return 0
    if _NUMBER.fullmatch(text) is None or int(text) > _HIGHEST:
        raise PortUnusable(f"{PORT_VARIABLE}={text} is not a port: {_ADVICE}")
    return int(text)


def check_port(port: int) -> None:
    """Raises PortUnusable when nothing could listen on the port just now."""
    listening_on(port).close()


def listening_on(port: int) -> socket.socket:
    """A socket that listens on the port of this machine alone. Raises PortUnusable."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # The port of a cloud that has just ended is free, though its last connections are remembered for a minute.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
    except OSError as problem:
        listening.close()
        raise PortUnusable(
            f"{PORT_VARIABLE}={port}: the local cloud cannot listen on {HOST}:{port} ({problem.strerror}): {_ADVICE}"
        ) from problem
    return listening
