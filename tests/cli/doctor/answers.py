"""What a healthy stack answers, and the outputs it was found by."""

from __future__ import annotations

from typing import Any

from cli.doctor.facts import Gathered
from components.outputs import StackOutputs

ACCOUNT = "111122223333"
MACHINE = f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:swarm-dev-documentation"
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/swarm-dev-agent@sha256:" + "a" * 64
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:swarm-dev-alarms"
GONE = {"error": "Missing", "message": "not there"}
REFUSED = {"error": "AccessDenied", "message": "you may not"}


def outputs(**changes: Any) -> StackOutputs:
    """The outputs of an invented stack."""
    return StackOutputs.model_validate(
        {
            "environment": "dev",
            "region": "eu-west-1",
            "upload_bucket": "uploads",
            "context_bucket": "context",
            "context_table": "table",
            "state_machine_arn": MACHINE,
            "cluster_arn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/swarm-dev",
            "model": "extractive",
            "network_models": [],
            "model_key_secret": "",
            "release": "r1",
            "cap_usd": 10,
            "state_machine_alias_arn": f"{MACHINE}:live",
            "function_names": ["swarm-dev-scan", "swarm-dev-edit"],
            "upload_rule": "swarm-dev-upload",
            "dead_letter_queue_url": "https://queue.example/swarm-dev-dead-letters",
            "alarm_names": ["swarm-dev-sessions-failed"],
            "alarm_topic_arn": "",
            "release_bucket": "releases",
            "image_repository": "swarm-dev-agent",
            "image_repository_url": IMAGE.partition("@")[0],
            "container_image": IMAGE,
            "analyst_concurrency": 40,
            "reserved_concurrency": 0,
            "task_cpu_units": 2048,
            "fargate_spot": True,
            "protected": False,
            "event_bus": "swarm-dev",
            "webhook_url": "",
            "sign_in_secret": "",
            "approval_url": "",
            "site_access": "none",
            "site_bucket": "",
            "site_domain": "",
            "site_key_id": "",
            "site_key_secret": "",
            "site_public_key": "",
            **changes,
        }
    )


def healthy(**changes: Any) -> Gathered:
    """What AWS answers about it."""
    bucket = {"versioning": {"Status": "Enabled"}, "notification": {}}
    facts: dict[str, Any] = {
        "credentials": {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:role/operator"},
        "state_machine": {"name": "swarm-dev-documentation", "status": "ACTIVE"},
        "alias": {"routingConfiguration": [{"stateMachineVersionArn": f"{MACHINE}:7", "weight": 100}]},
        "functions": {"swarm-dev-scan": {"State": "Active", "LastUpdateStatus": "Successful"}, "swarm-dev-edit": {}},
        "buckets": {
            "upload": {**bucket, "notification": {"EventBridgeConfiguration": {}}},
            "context": bucket,
            "release": bucket,
        },
        "rule": {"Name": "swarm-dev-upload", "State": "ENABLED"},
        "targets": {"Targets": [{"Id": "documentation"}]},
        "table": {"Table": {"TableStatus": "ACTIVE", "DeletionProtectionEnabled": True}},
        "backups": recovery("ENABLED"),
        "cluster": {"clusters": [{"status": "ACTIVE"}]},
        "dead_letters": {"Attributes": {"ApproximateNumberOfMessages": "0"}},
        "alarms": {"MetricAlarms": [{"AlarmName": "swarm-dev-sessions-failed", "StateValue": "OK"}]},
        "subscriptions": {},
        "lambda_account": concurrency(1000, 1000),
        "fargate": {"On-Demand": {"Quota": {"Value": 100.0}}, "Spot": {"Quota": {"Value": 100.0}}},
        "models": {},
        "model_key": {},
        "image": {"imageDetails": [{}]},
    }
    return Gathered(**{**facts, **changes})


def recovery(status: str) -> dict[str, Any]:
    """DescribeContinuousBackups."""
    return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}}


def concurrency(account: int, free: int) -> dict[str, Any]:
    """GetAccountSettings."""
    return {"AccountLimit": {"ConcurrentExecutions": account, "UnreservedConcurrentExecutions": free}}
