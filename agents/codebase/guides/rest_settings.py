"""docutils' settings, and the texts that it is spared: it reads no configuration, inserts no file and shows no message.

Pure.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

#: docutils takes the square of a word's length, and of the references in one paragraph.
_LONG_WORD = re.compile(r"\S{1000}")
_REFERENCE = re.compile(r"\|\S[^|\n]{0,200}\||`__?(?!\w)|\w__?(?!\w)")
_MOST_REFERENCES = 2_000
_SETTINGS: dict[str, Any] = {
    "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 5,
    "embed_stylesheet": False,
    "_disable_config": True, "syntax_highlight": "none", "doctitle_xform": False, "sectsubtitle_xform": False,
    "docinfo_xform": False, "initial_header_level": 1, "smart_quotes": False, "input_encoding": "unicode",
    "math_output": "LaTeX", "line_length_limit": 20_000, "stylesheet_path": None, "traceback": True,
    "output_encoding": "unicode",
}  # fmt: skip


@cache
def docutils_settings() -> Any:
    """The settings of reader, parser and writer: to put them together takes longer than to read a short text."""
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser
    from docutils.readers.standalone import Reader
    from docutils.writers.html5_polyglot import Writer

    settings = get_default_settings(Parser, Reader, Writer)
    for name, value in _SETTINGS.items():
        setattr(settings, name, value)
    return settings


def is_slow(text: str) -> bool:
    """Whether docutils would take seconds for the text."""
    parts = text.split("\n\n") if len(text) > _MOST_REFERENCES else ()
    return bool(_LONG_WORD.search(text)) or any(len(_REFERENCE.findall(part)) > _MOST_REFERENCES for part in parts)
