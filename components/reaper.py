"""What ends orphaned tasks and sessions whose execution died: the reaper's function, called by a schedule."""

from __future__ import annotations

import pulumi

from components.scheduled_call import ScheduledCallArgs, call_on_schedule


class Reaper(pulumi.ComponentResource):
    """Calls the reaper every few minutes. An orphaned task's own heartbeat ends it sooner; this is for the others."""

    def __init__(self, name: str, args: ScheduledCallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:reaper:Reaper", name, {}, opts)
        call_on_schedule(name, args, self)
        self.register_outputs({})
