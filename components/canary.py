"""What moves the aliases to a new version by its sessions' figures: the deciding function, called by a schedule."""

from __future__ import annotations

import pulumi

from components.scheduled_call import ScheduledCallArgs, call_on_schedule


class Canary(pulumi.ComponentResource):
    """Has canaries decided about every few minutes."""

    def __init__(self, name: str, args: ScheduledCallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:canary:Canary", name, {}, opts)
        call_on_schedule(name, args, self)
        self.register_outputs({})
