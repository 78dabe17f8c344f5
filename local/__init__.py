"""The cloud on a laptop."""

from local.moto.botocore_files import parse_once

parse_once()  # before moto is imported: its modules open sessions as they load
