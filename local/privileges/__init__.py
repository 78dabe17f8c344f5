"""The privilege ledger: which role asked for what, whether its policy allows it, and which permissions nobody used."""

from __future__ import annotations

from local.privileges.calls import Call, Request, Surroundings, calls_of
from local.privileges.gate import PrivilegeGate
from local.privileges.identity import access_key, credentials, role_of
from local.privileges.ledger import Ledger, Refusal
from local.privileges.policy import ConditionUnknown, Permission, Policy

__all__ = [
    "Call",
    "ConditionUnknown",
    "Ledger",
    "Permission",
    "Policy",
    "PrivilegeGate",
    "Refusal",
    "Request",
    "Surroundings",
    "access_key",
    "calls_of",
    "credentials",
    "role_of",
]
