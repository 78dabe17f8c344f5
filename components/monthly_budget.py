"""An AWS Budget: a mail when the account's bill of this month passes, or will pass, an amount."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

#: When a mail is sent: the kind of spend, and its share of the amount in percent.
NOTICES = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


@dataclass(frozen=True)
class MonthlyBudgetArgs:
    """`usd` is the amount of a month, `mail` the address that is notified; AWS asks nobody to confirm it."""

    stem: str
    usd: int
    mail: str


class MonthlyBudget(pulumi.ComponentResource):
    """Watches the whole account's bill.

    A filter by our tags would see no dollar until the payer account activates them as cost allocation tags, and would
    so never warn.
    """

    def __init__(self, name: str, args: MonthlyBudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:monthly_budget:MonthlyBudget", name, {}, opts)
        aws.budgets.Budget(
            f"{name}-budget",
            name=f"{args.stem}-monthly",
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.usd),
            limit_unit="USD",
            notifications=[
                aws.budgets.BudgetNotificationArgs(
                    comparison_operator="GREATER_THAN",
                    notification_type=kind,
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    subscriber_email_addresses=[args.mail],
                )
                for kind, percent in NOTICES
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
