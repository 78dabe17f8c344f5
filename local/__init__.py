"""The cloud on a laptop."""

from local.moto.economy import economy_is_on
from local.moto.economy.botocore_files import parse_once

if economy_is_on():
    parse_once()  # before moto is imported: its modules open sessions as they load
