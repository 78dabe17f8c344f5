"""`swarm doctor` on a stack that lives: well at first, then broken on purpose."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.commands.doctor import examine
from cli.doctor.check_result import CheckSeverity, worst
from local.cloud import LocalCloud
from releases.build import build

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
MANIFEST = json.dumps(
    {"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": {"digest": "sha256:c", "size": 1}, "layers": []}
)
#: What moto calls an image without layers.
DIGEST = "sha256:" + hashlib.sha256(b"").hexdigest()


def test_a_healthy_stack_is_well_and_each_thing_broken_on_purpose_is_found(tmp_path: Path) -> None:
    image = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/swarm-local-agent@{DIGEST}"
    with LocalCloud(settings={"containerImage": image, "release": build().release}) as cloud:
        outputs = cloud.outputs
        unpushed = {finding.check: finding for finding in examine(cloud)}
        pushed = cloud.client("ecr").put_image(
            repositoryName=outputs["image_repository"], imageManifest=MANIFEST, imageTag="r1"
        )
        healthy = examine(cloud)
        file = tmp_path / "outputs.json"
        file.write_text(json.dumps(dict(outputs)), encoding="utf-8")
        command = ["doctor", "--stack", "local", "--outputs", str(file), "--json"]
        by_command = CliRunner().invoke(app, command, env=cloud.variables())

        cloud.client("s3").put_bucket_notification_configuration(
            Bucket=outputs["upload_bucket"], NotificationConfiguration={}
        )
        cloud.client("sqs").send_message(QueueUrl=outputs["dead_letter_queue_url"], MessageBody="{}")
        cloud.client("cloudwatch").set_alarm_state(
            AlarmName=outputs["alarm_names"][0], StateValue="ALARM", StateReason="on purpose"
        )
        cloud.client("events").disable_rule(Name=outputs["upload_rule"])
        cloud.client("lambda").delete_function(FunctionName=outputs["function_names"][3])
        broken = {finding.check: finding for finding in examine(cloud)}

    assert pushed["image"]["imageId"]["imageDigest"] == DIGEST
    assert by_command.exit_code == 0, by_command.output
    assert [one["check"] for one in json.loads(by_command.stdout)["checks"]] == [one.check for one in healthy]
    assert unpushed["image"].level is CheckSeverity.FAILED
    assert worst(healthy) in {CheckSeverity.OK, CheckSeverity.UNKNOWN}, healthy
    # moto knows no quotas; everything else is reported.
    assert {finding.check for finding in healthy if finding.level is CheckSeverity.UNKNOWN} <= {
        "Fargate On-Demand vCPUs",
        "Fargate Spot vCPUs",
        "Lambda concurrency",
    }
    ill = {check for check, finding in broken.items() if finding.level is CheckSeverity.FAILED}
    assert ill == {"upload bucket", "dead letters", "alarms", "upload rule", "functions"}
    assert "EventBridge is off" in broken["upload bucket"].seen
    assert broken["dead letters"].seen.startswith("1 in the queue")
