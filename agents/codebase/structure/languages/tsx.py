"""TypeScript with JSX: the same table, read by the grammar's other half."""

from __future__ import annotations

from dataclasses import replace

from agents.codebase.structure.languages import typescript

TABLE = replace(typescript.TABLE, name="tsx", entry="language_tsx")
