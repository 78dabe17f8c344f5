"""Faults beyond one answer: processes that are killed, events that come again, a cloud that starts anew."""

from __future__ import annotations

import os
import random
import resource
import signal
from collections.abc import Iterable

from cli.upload.snapshot import Snapshot, snapshot_of
from local.moto import bridge as moto_bridge
from tests.chaos.cloud import IN_TIME, eventually
from tests.chaos.suite.tap import Armed, Exchange, Seen
from tests.chaos.suite.world import Run, World

#: Bytes of a file on a disk that is nearly full.
_DISK_BYTES = 2048
_WITH_CLOCK = ("open-session", "scan", "analyse-batch", "synthesize", "edit", "critique", "publish", "close-session")


def kills(exchange: Exchange) -> Iterable[bytes]:
    """SIGKILL for the process that asks, which gets no answer."""
    for pid in _pids(exchange.seen)[:1]:
        os.kill(pid, signal.SIGKILL)
    return exchange.reset()


def terminates(exchange: Exchange) -> Iterable[bytes]:
    """SIGTERM for the process that asks, then its answer."""
    for pid in _pids(exchange.seen)[:1]:
        os.kill(pid, signal.SIGTERM)
    return exchange.forward()


def interrupts(exchange: Exchange) -> Iterable[bytes]:
    """Fargate Spot takes the task back: SIGTERM, and SIGKILL after its stop timeout."""
    bridge = moto_bridge.current()
    assert bridge.tasks is not None
    for arn in bridge.tasks.running()[:1]:
        bridge.running[arn].stop_code = "SpotInterruption"
        bridge.tasks.stop(arn, "Your Spot Task was interrupted.")
    return exchange.forward()


def fills_disk(exchange: Exchange) -> Iterable[bytes]:
    """From now on the process that asks can write no file of more than a few bytes."""
    for pid in _pids(exchange.seen)[:1]:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_DISK_BYTES, _DISK_BYTES))
    return exchange.forward()


def _pids(seen: Seen) -> list[int]:
    """The processes that work under the role that signed."""
    bridge, role = moto_bridge.current(), seen.signer
    functions = [each.pid for each in bridge.functions._busy if each.function.role.rpartition("/")[2] == role]
    tasks = list(bridge.tasks._tasks.values()) if bridge.tasks else []
    key = f"role.{role}"
    return functions + [
        each.process.pid for each in tasks if each.process and each.task.environment.get("AWS_ACCESS_KEY_ID") == key
    ]


def full_disk(world: World, chance: random.Random) -> tuple[Run, int]:
    """The disk of a function that works with whole drafts is full; how many states failed for that."""
    world.model.begin(0.02)
    # All 19 reads come before the role's own file of more than the disk takes: a draft, its copy, the site.
    world.tap.armed = Armed(_reads_for_draft, fills_disk, chance.randint(1, 19))
    run = world.run(world.repository(4, 3))
    world.tap.armed = None
    return run, world.failed_attempts(run)


def _reads_for_draft(seen: Seen) -> bool:
    return seen.operation == "s3.GetObject" and seen.signer.endswith(("-edit", "-critique", "-publish"))


def doubled_event(world: World, chance: random.Random) -> tuple[Run, int]:
    """S3 and EventBridge deliver one upload two to four times; how many came while the first was documented."""
    world.model.begin(0.02)
    run = world.run(world.repository(4, 3), deliveries=chance.randint(2, 4))
    first, *others = world.executions(run)
    return run, sum(other["startDate"] < first["stopDate"] for other in others)


def late_event(world: World, chance: random.Random) -> tuple[Run, int]:
    """The upload's event comes once more when everything is over."""
    del chance
    world.model.begin(0.02)
    repository = world.repository(4, 3)
    run = world.run(repository)
    with snapshot_of(repository) as snapshot:
        world.upload(run, snapshot)
        world.finish(run)
    return run, len(run.executions) - 1


def _upload_until(world: World, run: Run, snapshot: Snapshot, request: int) -> int:
    """Upload, and come back at the n-th request of an agent; how many such moments there were."""
    world.tap.armed = armed = Armed(lambda seen: seen.by_agent, Exchange.forward, request)
    world.upload(run, snapshot)
    fired = eventually(lambda: len(armed.fired) or None, every=IN_TIME)
    world.tap.armed = None
    return fired


def two_runs(world: World, chance: random.Random) -> tuple[Run, int]:
    """A second upload of the same snapshot while the first one is documented."""
    world.model.begin(0.05)
    run = Run(world.repository(4, 3))
    with snapshot_of(run.repository) as snapshot:
        fired = _upload_until(world, run, snapshot, chance.randint(1, 50))
        world.upload(run, snapshot)
        world.finish(run)
    return run, fired


def stopped_execution(world: World, chance: random.Random) -> tuple[Run, int]:
    """Somebody stops the execution; the reaper closes its session."""
    world.model.begin(0.05)
    run = Run(world.repository(4, 3))
    with snapshot_of(run.repository) as snapshot:
        fired = _upload_until(world, run, snapshot, chance.randint(3, 50))
        world.stack.states.stop_execution(executionArn=run.executions[0], error="Chaos", cause="stopped")
        world.finish(run)
    return run, fired


def taken_over(world: World, chance: random.Random) -> tuple[Run, int]:
    """Another execution takes the session over while CloseSession of the first, given up for dead, still works.

    The local engine stops an execution only when its functions have returned: the claim is moved as OpenSession does.
    """
    del chance
    world.model.begin(0.02)
    run = Run(world.repository(4, 3))
    moved: list[bool] = []

    def move(exchange: Exchange) -> Iterable[bytes]:
        session = next(iter(world.stack.store.running_sessions()))
        second = session.with_changes(execution=f"{session.execution}-second")
        moved.append(world.stack.store.take_over(second, session.execution))
        return exchange.forward()

    closing = Armed(lambda seen: "close-session" in seen.signer and seen.operation == "s3.PutObject", move)
    world.tap.armed = closing
    with snapshot_of(run.repository) as snapshot:
        world.upload(run, snapshot)
        world.finish(run, reaps=False)
        holder = world.stack.store.session(run.session_id)
        assert moved == [True]
        assert holder.status.open, f"the first execution closed the second one's claim: {holder}"
        assert run.ended[0].status == "FAILED", "the first execution says that it has documented the session"
        world.reap()
        world.upload(run, snapshot)
        world.finish(run)
    return run, len(closing.fired)


def restarted(world: World, chance: random.Random) -> tuple[Run, int]:
    """The laptop's cloud ends between two states, starts again from what it kept, and the upload comes again."""
    world.model.begin(0.05)
    run = Run(world.repository(4, 3))
    with snapshot_of(run.repository) as snapshot:
        fired = _upload_until(world, run, snapshot, chance.randint(5, 50))
        with world.without_cloud():
            run.executions.clear()
        world.upload(run, snapshot)
        world.finish(run)
    return run, fired


def wrong_clock(world: World, chance: random.Random) -> tuple[Run, int]:
    """The clock of one function is two minutes to eight hours ahead or behind, from before the upload to the end."""
    world.model.begin(0.02)
    seconds = chance.choice((-1, 1)) * round(60 * 2 ** chance.uniform(1, 9))
    clock = world.clocks / f"swarm-local-{chance.choice(_WITH_CLOCK)}"
    clock.write_text(str(seconds))
    try:
        run = world.run(world.repository(4, 3))
    finally:
        clock.unlink()
    asked = clock.with_suffix(".read")
    fired = int(asked.exists())
    asked.unlink(missing_ok=True)
    return run, fired
