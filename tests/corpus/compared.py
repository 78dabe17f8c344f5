"""What differs between what a case expects and what was seen."""

from __future__ import annotations

from tests.corpus.cases import Expected


def differences(expected: Expected, seen: Expected) -> list[str]:
    """Each field that the case writes and that was seen otherwise, in words."""
    found = []
    for name in expected.model_fields_set - {"output_has", "cause"}:
        wanted, real = getattr(expected, name), getattr(seen, name)
        if wanted != real:
            found.append(f"{name} is {_short(real)}, expected {_short(wanted)}")
    for name, wanted in expected.output_has.items():
        output = seen.output if isinstance(seen.output, dict) else {}
        if name not in output or output[name] != wanted:
            found.append(f"output.{name} is {_short(output.get(name))}, expected {_short(wanted)}")
    if expected.names("cause") and (expected.cause or "") not in (seen.cause or ""):
        found.append(f"cause is {_short(seen.cause)}, expected {_short(expected.cause)} in it")
    return sorted(found)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}…"
