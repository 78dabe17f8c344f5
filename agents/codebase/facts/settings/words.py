"""What settings and commands are called. Pure."""

import re

VARIABLE = "environment variable"
PROPERTY = "property"
DJANGO = "Django setting"
#: What can be the name of a setting.
NAME = re.compile(r"^[A-Za-z_][\w.:-]{0,120}$")
#: The source of commands that Django's `manage.py` runs, each in a file of its name.
MANAGEMENT = "Django"
#: The source of commands that are files of a folder `commands`: its folders and their names are what one types.
OCLIF = "oclif"
#: The source of commands that are scripts: one types the file.
SCRIPT = "PowerShell script"
