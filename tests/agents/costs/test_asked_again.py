"""After a change an estimate counts the questions that are asked again, and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from agents.contracts.asked import AskedQuestion
from agents.contracts.base import Lines
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, Module, ModuleBrief, Part, SynthesizerBrief
from agents.costs.asked_again import asked_again
from agents.costs.estimate import estimate
from agents.costs.facts import Estimate, FileCosts, RoleModel
from agents.models.prices import TokenPrice
from agents.roster import MODEL_ROLES

PAID = {role: RoleModel("openai:any", TokenPrice(1.0, 5.0, 1.0, 1.0)) for role in MODEL_ROLES}
FOLDERS = [f"part{number}" for number in range(8)]
PATHS = [f"{folder}/f{number}.py" for folder in FOLDERS for number in range(10)]


def statement(path: str) -> CitedStatement:
    return CitedStatement(text="Does its part.", path=path, lines=Lines(start=1, end=2))


def module(folder: str) -> ModuleBrief:
    paths = [path for path in PATHS if path.startswith(f"{folder}/")]
    described = Module(name=folder, files=tuple(paths), languages={"python": len(paths)}, symbols=9)
    return ModuleBrief(module=described, statements=tuple(statement(path) for path in paths for _ in "ab"))


def before() -> Mapping[str, Sequence[AskedQuestion]]:
    """A session about eight folders of ten files; each answer about a folder, and its page, cites the first two."""
    modules = tuple(map(module, FOLDERS))
    overview = SynthesizerBrief(part=Part.OVERVIEW, repository="demo", modules=modules)
    merged = [AskedQuestion(about="", brief=overview, cites=("part0/f0.py",))]
    pages = [AskedQuestion(about="index.md", brief=EditorBrief(page="index.md", title="demo", statements=()))]
    for part in modules:
        name, cites = part.module.name, part.module.files[:2]
        brief = SynthesizerBrief(part=Part.MODULE, repository="demo", modules=(part,))
        page = EditorBrief(page=f"{name}.md", title=name, statements=part.statements[:3], module=part.module)
        merged.append(AskedQuestion(about=name, brief=brief, cites=cites))
        pages.append(AskedQuestion(about=page.page, brief=page, cites=cites))
    return {"synthesizer": merged, "editor": pages}


def estimated(*fresh: str, without: str = "", alone: bool = False) -> Estimate:
    """After the session above, or without a session before."""
    paths = [path for path in dict.fromkeys([*PATHS, *fresh]) if path != without]
    files = [FileCosts(path, "python", 4_000, 120, fresh=path in fresh) for path in paths]
    return estimate(files, PAID, 10.0, again=asked_again({} if alone else before(), files))


def requests(one: Estimate) -> dict[str, int]:
    return {role.role: round(role.requests.likely) for role in one.roles if round(role.requests.likely)}


@pytest.mark.parametrize(
    ("fresh", "without", "asked"),
    [
        pytest.param((), "", {}, id="nothing"),
        pytest.param(("part3/f7.py",), "", {"analyst": 1, "critic": 1}, id="a file that no answer cites"),
        pytest.param(
            ("part3/f1.py",), "", {"analyst": 1, "synthesizer": 1, "editor": 1, "critic": 1}, id="one that is cited"
        ),
        pytest.param(
            ("part0/f0.py",), "", {"analyst": 1, "synthesizer": 2, "editor": 2, "critic": 1}, id="by the overview, too"
        ),
        pytest.param(
            tuple(f"part3/f{number}.py" for number in range(4, 8)),
            "",
            {"analyst": 4, "synthesizer": 1, "editor": 1, "critic": 1},
            id="a good part of a folder",
        ),
        pytest.param((), "part3/f1.py", {"synthesizer": 1, "editor": 1, "critic": 1}, id="a file is gone"),
        pytest.param(
            ("new/f0.py", "new/f1.py"),
            "",
            {"analyst": 2, "synthesizer": 2, "editor": 2, "critic": 1},
            id="a new folder",
        ),
    ],
)
def test_only_what_a_change_touches_is_asked_again(fresh: tuple[str, ...], without: str, asked: dict[str, int]) -> None:
    assert requests(estimated(*fresh, without=without)) == asked


def test_the_critic_reads_more_where_more_pages_are_written_anew_and_all_pages_where_each_is() -> None:
    changes = (["part1/f0.py"], [f"part{number}/f0.py" for number in range(5)], PATHS)
    read = [estimated(*change).roles[-1].input_tokens.likely for change in changes]
    assert read[0] < read[1] < read[2]
    assert read[2] == estimated(*PATHS, alone=True).roles[-1].input_tokens.likely


def test_without_a_record_of_the_session_before_everything_is_asked() -> None:
    fresh = estimated("part3/f7.py", alone=True)
    assert requests(fresh)["editor"] == 10  # the overview, the architecture, and eight folders


def test_the_low_figures_hold_that_every_answer_stands() -> None:
    one = estimated("part3/f1.py")
    assert {role.role for role in one.roles if role.requests.low} == {"analyst"}


def test_the_high_figures_are_those_without_a_session_before() -> None:
    after, alone = estimated("part3/f7.py"), estimated("part3/f7.py", alone=True)
    assert after.usd.high == alone.usd.high
    assert after.usd.likely * 10 < alone.usd.likely
