"""`swarm check` as a person or a job of CI runs it: what it prints, and its exit codes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agents.codebase.published import Hidden
from agents.roles.publisher.source_view import source_page
from cli.app import app
from cli.commands.check import target_from
from cli.errors import BadInput, ExitCode
from tests.cli.check.repositories import CODE, commit

CHANGED = CODE.replace("hello", "bye")


def swarm(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *(str(word) for word in words)])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    commit(root, {"a.py": CODE, "README.md": "Use `shout` for people far away.\n"})
    commit(root, {"a.py": CHANGED[: CHANGED.index("def shout")] + "def cry(a, b):\n    return a\n"})
    return root


def test_it_lists_every_kind(repository: Path) -> None:
    result = swarm("HEAD~1..HEAD", "--repository", repository)
    assert result.exit_code == ExitCode.DONE
    assert "a.py#L1-L3 greet: body changed: “Greet a person by name.”" in result.stdout
    assert "a.py#L6-L7 function cry" in result.stdout
    assert "shout: named in README.md#L1" in result.stdout
    assert "api/a.py.md: describes a.py" in result.stdout


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        ("statements", ExitCode.SESSION_FAILED),
        ("undocumented", ExitCode.SESSION_FAILED),
        ("removed", ExitCode.SESSION_FAILED),
        ("statements,removed", ExitCode.SESSION_FAILED),
        ("any", ExitCode.SESSION_FAILED),
        ("comments", ExitCode.BAD_INPUT),
    ],
)
def test_fail_on_decides_the_exit_code(repository: Path, fail_on: str, code: ExitCode) -> None:
    assert swarm("HEAD~1..HEAD", "--repository", repository, "--fail-on", fail_on).exit_code == code


@pytest.mark.parametrize("fail_on", ["statements", "undocumented", "removed", "any"])
def test_nothing_fails_where_nothing_is_touched(repository: Path, fail_on: str) -> None:
    assert swarm("HEAD..HEAD", "--repository", repository, "--fail-on", fail_on).exit_code == ExitCode.DONE


def test_json_is_one_document(repository: Path) -> None:
    result = swarm("HEAD~1..HEAD", "--repository", repository, "--json", "--fail-on", "any")
    data = json.loads(result.stdout)
    assert (data["version"], data["failed"]) == (1, True)
    assert data["counts"] == {"statements": 1, "undocumented": 1, "removed": 1}
    assert data["statements"][0]["before"] == {"path": "a.py", "start": 1, "end": 3}
    assert data["removed"][0]["named_in"] == [
        {"path": "README.md", "line": 1, "text": "Use `shout` for people far away."}
    ]


def test_json_has_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    commit(tmp_path, {name: CODE})
    commit(tmp_path, {name: CHANGED})
    data = json.loads(swarm("HEAD~1", "--repository", tmp_path, "--json").stdout)
    assert data["statements"][0]["before"]["path"] == name
    assert swarm("HEAD~1", "--repository", tmp_path).exit_code == ExitCode.DONE
    assert swarm("HEAD~1", "--repository", tmp_path, "--comment-file", tmp_path / "c.md").exit_code == ExitCode.DONE


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere..HEAD",), "There is no commit nowhere"),
        (("HEAD~1..HEAD", "--site", "nowhere"), "holds no finished site"),
        (("HEAD~1..HEAD", "--post", "svn"), "the hosts are"),
        (("HEAD~1..HEAD", "--post", "github", "--pull-request", "x"), "it is a whole number"),
        (("nowhere", "elsewhere"), "There is no such file or folder: nowhere"),
    ],
)
def test_bad_input_is_one_sentence(repository: Path, words: tuple[str, ...], reason: str) -> None:
    result = swarm(*words, "--repository", repository)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert reason in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_folder_without_git_is_bad_input(tmp_path: Path) -> None:
    result = swarm("HEAD~1..HEAD", "--repository", tmp_path)
    assert (result.exit_code, "is not in a git repository" in result.stderr) == (ExitCode.BAD_INPUT, True)


def test_a_comment_without_a_token_is_bad_input(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SWARM_COMMENT_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    words = ("--post", "github", "--project", "o/r", "--pull-request", "7")
    result = swarm("HEAD~1..HEAD", "--repository", repository, *words)
    assert (result.exit_code, "SWARM_COMMENT_TOKEN" in result.stderr) == (ExitCode.BAD_INPUT, True)


def test_the_comment_is_written_to_a_file(repository: Path, tmp_path: Path) -> None:
    place = tmp_path / "comment.md"
    swarm("HEAD~1..HEAD", "--repository", repository, "--comment-file", place)
    assert place.read_text(encoding="utf-8").startswith("<!-- swarm check -->\n**Documentation check**")


def test_two_folders_are_compared_without_git(tmp_path: Path) -> None:
    for name, text in (("old", CODE), ("new", CHANGED)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(text)
    result = swarm(tmp_path / "old", tmp_path / "new", "--fail-on", "statements")
    assert (result.exit_code, "a.py#L1-L3 greet: body changed" in result.stdout) == (ExitCode.SESSION_FAILED, True)


def site(folder: Path, *statements: str) -> Path:
    """A finished site of CODE, with one page of statements."""
    pages = {
        "index.md": "# demo\n\n" + "\n\n".join(statements) + "\n",
        "source/a.py.html": source_page("source/a.py.html", "a.py", CODE, Hidden(), None),
    }
    symbol = {"name": "greet", "kind": "function", "lines": [1, 3], "signature": "def greet(name)"}
    head = {"version": 1, "repository": "demo", "pages": [["index.md", "overview", "demo"]]}
    row = {"path": "a.py", "lines": 7, "source": "source/a.py.html", "symbols": [symbol], "imports": []}
    pages["index.jsonl"] = json.dumps(head) + "\n" + json.dumps(row) + "\n"
    for name, text in pages.items():
        place = folder / "site" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


GREETS = r"It greets people\. [a\.py\#L1-L3](source/a.py.html#L1-L3)"
SHOUTS = r"It is loud for people far away\. [a\.py\#L6-L7](source/a.py.html#L6-L7)"
BOTH = r"It has two functions\. [a\.py\#L1-L7](source/a.py.html#L1-L7)"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (CHANGED, [("It greets people.", "body", False), ("It has two functions.", "body", True)]),
        (CODE.replace('    return "', '    # why\n\n    return "'), []),
        (CODE[CODE.index("def shout") :] + "\n\n" + CODE[: CODE.index("def shout")], []),
        (
            CODE.replace("Greet a", "Wave at a"),
            [("It greets people.", "documentation comment", False)],
        ),
        (
            CODE[: CODE.index("def shout")],
            [("It is loud for people far away.", "removed", False), ("It has two functions.", "body", True)],
        ),
    ],
)
def test_statements_of_a_site_are_touched_by_the_lines_they_cite(
    tmp_path: Path, after: str, expected: list[tuple[str, str, bool]]
) -> None:
    commit(tmp_path / "r", {"a.py": CODE})
    commit(tmp_path / "r", {"a.py": after})
    made = site(tmp_path / "out", GREETS, SHOUTS, BOTH)
    data = json.loads(swarm("HEAD~1..HEAD", "--repository", tmp_path / "r", "--site", made, "--json").stdout)
    assert [(one["text"], one["reason"], one["wide"]) for one in data["statements"]] == expected


def test_statements_that_did_not_fit_before_are_counted_only(tmp_path: Path) -> None:
    commit(tmp_path / "r", {"a.py": CHANGED})
    commit(tmp_path / "r", {"a.py": CHANGED.replace("bye", "good day")})
    made = site(tmp_path / "out", GREETS)
    data = json.loads(swarm("HEAD~1..HEAD", "--repository", tmp_path / "r", "--site", made, "--json").stdout)
    assert (data["statements"], data["stale_before"]) == ([], 1)


def test_the_variables_of_ci_name_the_pull_request() -> None:
    github = {"GITHUB_API_URL": "https://git.example.org/api/v3", "GITHUB_REPOSITORY": "o/r"}
    assert target_from("github", "", "", 7, github).api == "https://git.example.org/api/v3"
    gitlab = {"CI_API_V4_URL": "https://git.example.org/api/v4", "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7"}
    assert (target_from("gitlab", "", "", 0, gitlab).project, target_from("gitlab", "", "", 0, gitlab).number) == (
        "12",
        7,
    )
    bitbucket = {"BITBUCKET_REPO_FULL_NAME": "o/r", "BITBUCKET_PR_ID": "7"}
    assert target_from("bitbucket", "", "", 0, bitbucket).number == 7
    with pytest.raises(BadInput, match="needs --project"):
        target_from("github", "", "", 0, {})
