"""What the small program's container does: exits as its variables say, or answers its task token."""

from __future__ import annotations

import json
import os
import sys
import time

import boto3


def main() -> int:
    """Do what SWARM_REQUEST says: `exit N`, `succeed`, `fail`, `sleep` or `silent`."""
    request, token = os.environ["SWARM_REQUEST"], os.environ.get("SWARM_TASK_TOKEN", "")
    word, _, argument = request.partition(" ")
    if word == "exit":
        return int(argument)
    if word in {"sleep", "silent"}:
        time.sleep(120)
        return 0
    states = boto3.client("stepfunctions")
    if word == "succeed":
        states.send_task_success(taskToken=token, output=json.dumps({"said": os.environ["GREETING"]}))
    else:
        states.send_task_failure(taskToken=token, error="PoisonedItem", cause="because")
    return 0


if __name__ == "__main__":
    sys.exit(main())
