"""The cloud on a laptop."""

from local.moto.economy import economy_is_on
from local.moto.economy.botocore_files import parse_once
from local.moto.economy.machine_types import leave_out_machine_types

if economy_is_on():
    leave_out_machine_types()
    parse_once()  # before moto is imported: its modules open sessions as they load
