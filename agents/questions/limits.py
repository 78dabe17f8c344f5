"""How much one question and its reply may hold: the roles keep to these limits, the estimate counts with them. Pure.

That of most replies is in agents/contracts/usage.py.
"""

from __future__ import annotations

from typing import Final

#: Characters of the texts that one question shows.
TEXT_LIMIT: Final = 240_000
#: Bytes of the repository's outline in each of the analyst's questions, about 2,000 tokens.
OUTLINE_BYTES: Final = 8_000
#: Tokens of what lies around one file.
SURROUNDINGS_TOKENS: Final = 3_000
#: Pieces of evidence in one question of a reviewer, and tokens of its reply: a finding is about 150.
EVIDENCE_OF_QUESTION: Final = 40
REVIEW_OUTPUT_TOKENS: Final = 8_192
#: Statements about one module, and modules, that the synthesizer is shown.
STATEMENTS_OF_MODULE: Final = 40
MOST_MODULES: Final = 60
#: Terms of the glossary: the most used ones.
MOST_TERMS: Final = 60
#: Characters of one page that the critic is shown.
PAGE_CHARACTERS: Final = 6_000
#: So much of the pages' text may be new; beyond it, the critic judges all pages again.
MOST_CHANGED_PAGES: Final = 1 / 4
