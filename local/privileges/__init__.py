"""The privilege ledger: which role asked for what, whether its policy allows it, and which permissions nobody used."""

from __future__ import annotations

from local.privileges.calls import Call, Request, Surroundings, calls_of
from local.privileges.gate import PrivilegeGate
from local.privileges.identity import AccessKey, CloudKeys, role_of
from local.privileges.ledger import Ledger, Refusal
from local.privileges.policy import ConditionUnknown, Permission, Policy
from local.privileges.signed import SignatureGate

__all__ = [
    "AccessKey",
    "Call",
    "CloudKeys",
    "ConditionUnknown",
    "Ledger",
    "Permission",
    "Policy",
    "PrivilegeGate",
    "Refusal",
    "Request",
    "SignatureGate",
    "Surroundings",
    "calls_of",
    "role_of",
]
