"""Each setting that watches a stack makes what it promises, on a cloud of prod with all of them switched on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.cloud import LocalCloud
from releases.build import build

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

MAIL = "someone@example.com"
SWITCHED_ON = {
    "alarmEmail": MAIL,
    "monthlyBudgetUsd": "100",
    "flowLogs": "true",
    "accessLogs": "true",
    "imageScanning": "enhanced",
}


@pytest.fixture(scope="module")
def watched() -> Iterator[LocalCloud]:
    with LocalCloud("prod", settings={**SWITCHED_ON, "packaged": "false", "release": build().release}) as cloud:
        yield cloud


def test_flow_logs_log_all_traffic_of_the_network_into_a_group_that_expires(watched: LocalCloud) -> None:
    (flow,) = watched.client("ec2").describe_flow_logs()["FlowLogs"]
    (vpc,) = watched.client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["swarm-prod"]}])["Vpcs"]
    (group,) = watched.client("logs").describe_log_groups(logGroupNamePrefix=flow["LogGroupName"])["logGroups"]
    assert (flow["ResourceId"], flow["TrafficType"]) == (vpc["VpcId"], "ALL")
    assert (flow["DeliverLogsStatus"], group["retentionInDays"]) == ("SUCCESS", 365)
    assert flow["DeliverLogsPermissionArn"].endswith(":role/swarm-prod-flow-logs")


def test_access_logs_of_every_bucket_but_their_own_go_to_one_bucket_where_they_expire(watched: LocalCloud) -> None:
    s3 = watched.client("s3")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    logging = {name: s3.get_bucket_logging(Bucket=name).get("LoggingEnabled") for name in names}
    (logs,) = [name for name, where in logging.items() if where is None]
    assert {where["TargetBucket"] for where in logging.values() if where} == {logs}
    prefixes = {where["TargetPrefix"] for where in logging.values() if where}
    rules = s3.get_bucket_lifecycle_configuration(Bucket=logs)["Rules"]
    assert {rule["Filter"]["Prefix"]: rule["Expiration"]["Days"] for rule in rules} == dict.fromkeys(prefixes, 365)
    (encrypted,) = s3.get_bucket_encryption(Bucket=logs)["ServerSideEncryptionConfiguration"]["Rules"]
    assert encrypted["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_the_budget_writes_to_the_mail_before_and_when_the_months_amount_is_used_up(watched: LocalCloud) -> None:
    budgets, account = watched.client("budgets"), watched.account
    budget = budgets.describe_budget(AccountId=account, BudgetName="swarm-prod-monthly")["Budget"]
    notices = budgets.describe_notifications_for_budget(AccountId=account, BudgetName="swarm-prod-monthly")
    assert (budget["BudgetLimit"], budget["TimeUnit"]) == ({"Amount": "100", "Unit": "USD"}, "MONTHLY")
    assert {(one["NotificationType"], one["Threshold"]) for one in notices["Notifications"]} == {
        ("ACTUAL", 80.0),
        ("ACTUAL", 100.0),
        ("FORECASTED", 100.0),
    }


def test_enhanced_scanning_names_the_stacks_own_repository(watched: LocalCloud) -> None:
    scanning = watched.client("ecr").get_registry_scanning_configuration()["scanningConfiguration"]
    assert scanning["scanType"] == "ENHANCED"
    (rule,) = scanning["rules"]
    assert rule["scanFrequency"] == "CONTINUOUS_SCAN"
    assert [one["filter"] for one in rule["repositoryFilters"]] == ["swarm-prod-agent"]


def test_alarms_reach_the_mail(watched: LocalCloud) -> None:
    topic = watched.outputs["alarm_topic_arn"]
    alarms = watched.client("cloudwatch").describe_alarms(AlarmNames=watched.outputs["alarm_names"])["MetricAlarms"]
    assert len(alarms) == 7
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == [topic] for alarm in alarms)
    subscribed = watched.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [one["Endpoint"] for one in subscribed] == [MAIL]
