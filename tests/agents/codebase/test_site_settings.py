"""swarm.toml is read whole or refused in one sentence that names the key."""

from __future__ import annotations

import pytest

from agents.codebase.site_settings import left_out, site_settings


def test_every_key_is_read() -> None:
    read = site_settings('title = "Our API"\nexclude = ["/gen/", "*.sql"]\nlanguage = "de"\n')
    assert (read.title, read.exclude, read.language) == ("Our API", ("/gen/", "*.sql"), "de")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colour = "red"\nname = 1', "unknown keys: colour, name; it may have title, exclude, language"),
        ("title = ", "no TOML"),
        ('language = "xx"', "language"),
        ("exclude = 3", "exclude"),
        ('exclude = [""]', "exclude"),
        ('title = ["a"]', "title"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        site_settings(text)


@pytest.mark.parametrize(
    ("path", "excluded"),
    [("gen/a.py", True), ("src/gen/a.py", False), ("deep/b.sql", True), ("keep.sql", False), ("a.py", False)],
)
def test_patterns_are_those_of_gitignore(path: str, excluded: bool) -> None:
    assert left_out(["/gen/", "*.sql", "!keep.sql"])(path) is excluded


def test_no_pattern_leaves_nothing_out() -> None:
    assert not left_out([])("a.py")
