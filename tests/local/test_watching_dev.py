"""Dev is watched by its alarms and by the free scan of each pushed image; what costs money is off."""

from __future__ import annotations

import pytest

from local.cloud import LocalCloud
from releases.build import build

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


def test_dev_has_alarms_with_a_topic_and_a_scan_of_each_pushed_image_and_nothing_that_costs() -> None:
    with LocalCloud("dev", settings={"packaged": "false", "release": build().release}) as cloud:
        topic, names = cloud.outputs["alarm_topic_arn"], cloud.outputs["alarm_names"]
        alarms = cloud.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
        flows = cloud.client("ec2").describe_flow_logs()["FlowLogs"]
        s3, buckets = cloud.client("s3"), cloud.client("s3").list_buckets()["Buckets"]
        logged = [one["Name"] for one in buckets if "LoggingEnabled" in s3.get_bucket_logging(Bucket=one["Name"])]
        budgets = cloud.client("budgets").describe_budgets(AccountId=cloud.account).get("Budgets", [])
        (repository,) = cloud.client("ecr").describe_repositories()["repositories"]
    assert len(alarms) == 7
    assert all(alarm["AlarmActions"] == [topic] for alarm in alarms)
    assert topic.endswith(":swarm-dev-alarms")
    assert (flows, logged, budgets) == ([], [], [])
    assert repository["imageScanningConfiguration"]["scanOnPush"] is True
