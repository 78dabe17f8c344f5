"""Declares a type that the local cloud does not know."""

from __future__ import annotations

import pulumi_aws as aws

aws.sfn.Activity("activity", name="activity")
