"""A small repository that has something for a page of every kind: `python -m bench.every_page FOLDER` writes it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: Texts by path; each lists names and lines, which no model may add to.
OF_EVERY_PAGE: Final[Mapping[str, str]] = {
    "hive/web.py": 'from flask import Flask\napp = Flask("hive")\n@app.get("/bees")\ndef bees():\n    """Bees."""\n',
    "hive/cli.py": 'import os\nimport click\n@click.command()\ndef count():\n    os.getenv("HIVE")\n',
    "hive/ports.py": "from abc import ABC\nclass Port(ABC): ...\nclass A(Port): ...\nclass B(Port): ...\n",
    "counter.py": 'def tally():\n    """Tallies bees."""\n',
    "hive/models.py": "from django.db import models\nclass Timed(models.Model):\n    made = models.DateTimeField()\n"
    "    class Meta:\n        abstract = True\nclass Queen(Timed):\n    name = models.TextField()\n",
    "api/openapi.yaml": "openapi: 3.1.0\npaths:\n  /queens:\n    get:\n      summary: Lists queens.\n",
    "main.tf": 'variable "size" {\n  description = <<EOT\nHow many { bees }.\n\nFew, or many.\nEOT\n}\n',
    "docs/dance.md": "# Dancing\n\nHow bees dance.\n",
    "schema.sql": "CREATE TABLE bees (id INT PRIMARY KEY);\n",
    "compose.yaml": "services:\n  hive:\n    image: hive\n",
    "pyproject.toml": '[project]\nname = "hive"\n',
    "web/package.json": '{"name": "hive-web", "dependencies": {"next": "1"}}\n',
    "web/app/bees/route.ts": "export function GET() {}\n",
    "prisma/schema.prisma": "model Bee {\n  id Int @id\n}\n",
    "Jenkinsfile": "pipeline { stages { stage('Build') { } } }\n",
    "tests/test_bees.py": "from hive import web\n\n\ndef test_bees():\n    web.bees()\n",
}


def main() -> None:
    """Write the repository into a folder that is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    if folder.exists():
        parser.error(f"{folder} is there already: name a new folder")
    for name, text in OF_EVERY_PAGE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
