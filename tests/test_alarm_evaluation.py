"""The evaluator of alarms answers AWS's own examples as AWS does.

The rows are the two tables, in their order, of doc_source/AlarmThatSendsEmail.md in
https://github.com/awsdocs/amazon-cloudwatch-user-guide, which
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html was made of. The rows
`----X` and `---X-` are in the text below its tables, and an earlier edition had `----X` as a row of both.
"""

from __future__ import annotations

import pytest

from tests.alarm_evaluation import RETAINED, evaluated

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
LOOKS = {"0": False, "X": True, "-": None}
NOTHING = "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("points", "to_alarm", "states"),
    [
        ("0-X-X", 3, ("OK", "OK", "OK", "OK")),
        ("0----", 3, ("OK", "OK", "OK", "OK")),
        ("-----", 3, (NOTHING, RETAINED, "ALARM", "OK")),
        ("0XX-X", 3, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("--X--", 3, ("ALARM", RETAINED, "ALARM", "OK")),
        ("0-X-X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("00X0X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("0-X--", 2, ("OK", "OK", "ALARM", "OK")),
        ("----0", 2, ("OK", "OK", "ALARM", "OK")),
        ("---X-", 2, ("ALARM", RETAINED, "ALARM", "OK")),
        ("----X", 3, (NOTHING, RETAINED, "ALARM", "OK")),
        ("---X-", 3, (NOTHING, RETAINED, "ALARM", "OK")),
        ("----X", 2, (NOTHING, RETAINED, "ALARM", "OK")),
    ],
)
def test_the_examples_of_three_periods_have_the_states_that_aws_documents(
    points: str, to_alarm: int, states: tuple[str, ...]
) -> None:
    looks = [LOOKS[point] for point in points]
    assert tuple(evaluated(looks, to_alarm, 3, treatment) for treatment in TREATMENTS) == states
