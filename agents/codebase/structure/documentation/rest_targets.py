"""Addresses that reStructuredText names below a text and its references use. Pure."""

from __future__ import annotations

import re

_TARGET = re.compile(r"^[ \t]*\.\. _([^:\n]{1,200}):[ \t]+(\S{1,500})[ \t]*$", re.MULTILINE)
_REPLACED = re.compile(r"^[ \t]*\.\. \|([^|\n]{1,100})\| replace::[ \t]+(\S.{0,500}?)[ \t]*$", re.MULTILINE)
_SUBSTITUTION = re.compile(r"\|([^|\n]{1,100})\|(?!\w)")
_REFERENCE = re.compile(r"(?<![`:])`([^`<>]{1,200})`_(?!_)|(?<![\w`/.])([A-Za-z][\w-]{0,80})_(?![\w`(\[=]|\.\w)")


def with_targets(text: str) -> str:
    """The text with each reference to an address that stands below it, as `.. _name: address`, made a link.

    What `.. |name| replace:: text` defines stands in its place.
    """
    replaced = dict(_REPLACED.findall(text))
    if replaced:
        text = _REPLACED.sub("", text)
        text = _SUBSTITUTION.sub(lambda match: replaced.get(match.group(1), match.group()), text)
    addresses = {_label(name): address for name, address in _TARGET.findall(text)}
    if not addresses:
        return text
    used: set[str] = set()

    def linked(match: re.Match[str]) -> str:
        label = match.group(1) or match.group(2)
        name = _label(label)
        if name not in addresses:
            return match.group()
        used.add(name)
        return f"`{label} <{addresses[name]}>`_"

    text = _REFERENCE.sub(linked, text)
    return _TARGET.sub(lambda match: "" if _label(match.group(1)) in used else match.group(), text)


def _label(name: str) -> str:
    return " ".join(name.replace("`", "").lower().split())
