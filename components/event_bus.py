"""The bus on which other programs hear of sessions: docs/events.md says what is sent."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True)
class EventBusArgs:
    """The bus's name, which agents know before it exists."""

    name: str


class EventBus(pulumi.ComponentResource):
    """Carries the events of sessions and releases; rules on it are their readers' own."""

    bus_name: pulumi.Output[str]

    def __init__(self, name: str, args: EventBusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:event_bus:EventBus", name, {}, opts)
        bus = aws.cloudwatch.EventBus(
            f"{name}-bus",
            name=args.name,
            description="Sessions that started, wait for approval, were published, rejected or superseded, or failed",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.bus_name = bus.name
        self.register_outputs({"bus_name": self.bus_name})
