"""The policy pack: `pulumi up --policy-pack policy_pack` starts this program and asks it about every resource."""

from __future__ import annotations

import sys
from pathlib import Path

from pulumi_policy import EnforcementLevel, PolicyPack

# Pulumi starts the pack in its own folder; the rules are the project's.
sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from policy_pack.policies import policies  # noqa: E402  (needs the path above)

PolicyPack("serverless-swarm", policies(), EnforcementLevel.MANDATORY)
