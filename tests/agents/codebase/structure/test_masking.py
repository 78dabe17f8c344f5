"""No value of a secret leaves a reader: not in names, signatures, docs, imports, and not beyond a rule's limit."""

from __future__ import annotations

import pytest

from agents.codebase import published
from agents.codebase.published import hidden_in, published_lines
from agents.codebase.structure.evidence import RULE_LIMIT
from agents.codebase.structure.reader import TreeSitterReader

KEY = "AKIAQ3EGRIVZ7MPTLK2B"
BODY = "MIIEpAIBAAKCAQEAx3Yt9Zq1Vw7Lr5Kp2Nn8Bb4Cc6Dd0Ee"


def test_signatures_and_docs_show_stars_in_a_secrets_place() -> None:
    text = f'"""Call with {KEY}."""\n\n\ndef call(key="{KEY}"):\n    """Use {KEY}, always."""\n'
    found = TreeSitterReader().read("a.py", "python", text)
    assert KEY not in found.model_dump_json()
    assert found.symbols[0].doc == "Use ********, always."


def test_a_private_keys_lines_are_masked_in_a_doc() -> None:
    block = f"-----BEGIN PRIVATE KEY-----\n    {BODY}\n    -----END PRIVATE KEY-----"
    text = f'def key():\n    """Sample:\n\n    {block}\n    """\n'
    assert BODY not in TreeSitterReader().read("a.py", "python", text).model_dump_json()


def test_a_file_without_secrets_is_left_as_it_is() -> None:
    found = TreeSitterReader().read("a.py", "python", 'def call(key="plain"):\n    """Use it."""\n')
    assert (found.symbols[0].signature, found.symbols[0].doc) == ('def call(key="plain")', "Use it.")


def test_evidence_of_secrets_covers_every_line_that_holds_one() -> None:
    count = RULE_LIMIT + 10
    text = "".join(f'k{n} = "AKIAQ3EGRIVZ7MPT{n:04d}"\n' for n in range(count))
    found = TreeSitterReader().read("a.py", "python", text)
    covered = {line for one in found.evidence for line in range(one.lines.start, one.lines.end + 1)}
    assert covered == set(range(1, count + 1))


def test_a_secret_that_is_no_evidence_still_has_its_page_searched() -> None:
    """A document quotes a key to talk about it: that is no evidence, and no reason to show it."""
    texts = {"markdown": f"Keys look like {KEY}.\n", "json": f'{{"look": "{KEY}"}}\n', "vue": f"<p>{KEY}</p>\n"}
    for language, text in texts.items():
        structure = TreeSitterReader().read("a", language, text)
        assert structure.holds_secrets, language
        assert KEY not in "\n".join(published_lines(text, hidden_in(structure))), language


@pytest.mark.parametrize("language", ["python", "markdown", "json", "vue", "sql"])
def test_a_file_without_secrets_is_searched_once(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x = 1\n"
    structure = TreeSitterReader().read("a", language, text)
    monkeypatch.setattr(published, "without_secrets", lambda _: pytest.fail("it is searched a second time"))
    assert published_lines(text, hidden_in(structure)) == ["x = 1", ""]


def test_a_file_that_nobody_has_read_is_searched() -> None:
    assert KEY not in "\n".join(published_lines(f"key = '{KEY}'\n", hidden_in(None)))
