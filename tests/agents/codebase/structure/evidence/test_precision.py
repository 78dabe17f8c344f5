"""Shapes that look like a finding and are none, met in real projects; and the ones beside them that are."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.evidence.reading import rules


@pytest.mark.parametrize(
    ("language", "rule", "source", "holds"),
    [
        ("php", "code-execution", "<?php assert(is_string($match[1]));", False),
        ("php", "code-execution", '<?php assert("is_string($match)");', True),
        ("php", "code-execution", "<?php eval($code);", True),
        ("xml", "secret-assignment", '<a publicKeyToken="b77a5c561934e089"/>', False),
        ("ruby", "secret-connection-string", '# url = "postgresql://foo:b4r9x@localhost:9000/foo_test"', False),
        ("ruby", "secret-connection-string", 'url = "postgresql://foo:b4r9x@db.acme.io/foo"', True),
        (
            "csharp",
            "string-growth",
            'class A { void F() { foreach(var x in xs) { string s = ""; s += "a" + x; } } }',
            False,
        ),
        (
            "csharp",
            "string-growth",
            'class A { void F() { string s = ""; foreach(var x in xs) { s += "a" + x; } } }',
            True,
        ),
        ("java", "string-growth", 'class A { void f() { for (;;) { String s = ""; s += "a" + x; } } }', False),
        ("java", "string-growth", 'class A { void f() { String s = ""; for (;;) { s += "a" + x; } } }', True),
        ("kotlin", "string-growth", 'fun f() { for (x in xs) { var s = ""; s += "a" + x } }', False),
        ("ruby", "query-in-loop", "ids.each do |id|\n  User.find_by(id: id)\nend", True),
        ("ruby", "query-in-loop", "transaction do\n  User.find_by(id: id)\nend", False),
        ("javascript", "query-in-loop", "ids.forEach(id => { db.query('select 1', id) })", True),
        ("javascript", "query-in-loop", "withClient(c => { db.query('select 1', id) })", False),
    ],
)
def test_should_tell_a_shape_from_what_only_looks_like_it(language: str, rule: str, source: str, holds: bool) -> None:
    assert (rule in rules(language, source)) is holds
