"""AWS Budgets: described; nothing is spent and no mail is sent on a laptop."""

from __future__ import annotations

from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises


@realises("aws:budgets/budget:Budget")
def budget(declared: Declared, cloud: CloudBackend) -> Realised:
    """A budget and its notifications; moto knows no tags of it."""
    name = declared.named("name")
    cloud.client("budgets").create_budget(
        AccountId=cloud.account,
        Budget={
            "BudgetName": name,
            "BudgetType": declared.inputs["budgetType"],
            "TimeUnit": declared.inputs["timeUnit"],
            "BudgetLimit": {"Amount": declared.inputs["limitAmount"], "Unit": declared.inputs["limitUnit"]},
        },
        NotificationsWithSubscribers=[_notice(notification) for notification in declared.get("notifications", [])],
    )
    return Realised(f"{cloud.account}:{name}", {"arn": f"arn:aws:budgets::{cloud.account}:budget/{name}"})


def _notice(written: Any) -> dict[str, Any]:
    return {
        "Notification": {
            "NotificationType": written["notificationType"],
            "ComparisonOperator": written["comparisonOperator"],
            "Threshold": float(written["threshold"]),
            "ThresholdType": written["thresholdType"],
        },
        "Subscribers": [
            {"SubscriptionType": "EMAIL", "Address": address} for address in written["subscriberEmailAddresses"]
        ],
    }
