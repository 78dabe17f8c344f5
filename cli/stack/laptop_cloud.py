"""Starts a cloud on this machine, and describes it for other commands."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from agents.aws.failures import code_of
from cli.checkout import check_checkout
from cli.errors import BadInput
from cli.interrupts import interrupts_wait
from cli.stack.clients import Cloud
from cli.stack.cloud_identity import identity_of, name_of
from cli.stack.model_options import keep_key, with_key
from cli.stack.site_key import keep_laptops_key
from cli.stack.stack_settings import StackSettings
from local.at_once import agents_at_once
from local.builder import CloudBuilder
from local.port import PortUnusable, check_port, chosen_port
from local.shared_clouds import shared
from local.state.request_guard import STATE_UNUSABLE
from releases.build import build

if TYPE_CHECKING:
    from local.cloud import LocalCloud
    from local.processes.child_processes import Processes
    from local.resident import Resident


def settings_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The command's settings, with the release of the present code and the name of the secret with the model's key.

    The laptop runs one agent a processor at once: the scanner plans a small repository's batches for as many.
    """
    return {"release": build().release, "analystConcurrency": str(agents_at_once()), **with_key(settings)}


def check_own_port(free: bool) -> None:
    """Raises BadInput when the port that was chosen is none, or, if it has to be `free`, is taken."""
    try:
        port = chosen_port()
        if port and free:
            check_port(port)
    except PortUnusable as error:
        raise BadInput(str(error)) from error


@contextmanager
def own_cloud(
    settings: StackSettings,
    folder: Path,
    overrides: Mapping[str, str],
    processes: Processes | None = None,
    builder: CloudBuilder | None = None,
) -> Iterator[LocalCloud]:
    """The program's cloud in this process, with the model's key in it. Raises BadInput.

    `overrides` are the command's own settings, with the release and the secret of the model's key. The functions run in
    `processes`, and the `builder` builds it, where these have begun already.
    """
    check_checkout()
    saved_as = name_of(identity_of(settings, overrides))
    with interrupts_wait():
        from local.cloud import (  # a second of imports: bad input is refused before
            LocalCloud,
            ProgramFailed,
            StateUnusable,
        )
        from local.saved_cloud import SavedCloud

    saved = SavedCloud(folder, saved_as)
    if not saved.known:
        of_all = shared(saved_as)
        if of_all is None or not saved.take(of_all):
            with builder or CloudBuilder() as process:
                process.build(settings.stack, overrides, folder, saved_as)
            if of_all is not None:
                of_all.take(saved)
    if builder is not None:
        builder.close()  # it may have begun for nothing
    try:
        cloud = LocalCloud(
            settings.stack, state=folder, settings=overrides, warm=True, saved_as=saved_as, processes=processes
        )
    except (ProgramFailed, StateUnusable, PortUnusable) as error:
        raise BadInput(str(error)) from error
    with cloud:
        keep_key(overrides, cloud)
        keep_laptops_key(cloud, folder)
        yield cloud


def resident_entry(cloud: LocalCloud, identity: Mapping[str, str]) -> Resident:
    """The entry by which other commands find this process' cloud."""
    from local.resident import Resident

    return Resident(os.getpid(), cloud.endpoint_url, cloud.region, identity, dict(cloud.outputs), cloud.secret)


def trouble_of(cloud: Cloud) -> str:
    """Why the cloud can store nothing more, in a sentence; empty while it can, and after it has ended."""
    try:
        cloud.client("stepfunctions").list_state_machines(maxResults=1)
    except ClientError as error:
        return str(error.response["Error"]["Message"]) if code_of(error) == STATE_UNUSABLE else ""
    except BotoCoreError:
        return ""
    return ""
