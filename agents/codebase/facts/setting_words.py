"""What settings are called. Pure."""

import re

VARIABLE = "environment variable"
PROPERTY = "property"
DJANGO = "Django setting"
#: What can be the name of a setting.
NAME = re.compile(r"^[A-Za-z_][\w.:-]{0,120}$")
