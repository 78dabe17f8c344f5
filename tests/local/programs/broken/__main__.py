"""Declares something that its service refuses."""

from __future__ import annotations

import pulumi_aws as aws

aws.iam.RolePolicy("orphan", name="orphan", role="nobody", policy='{"Version": "2012-10-17", "Statement": []}')
