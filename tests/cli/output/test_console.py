"""Nothing that a command prints gives the terminal an order: a title, a link, what its clipboard holds."""

from __future__ import annotations

import io

import pytest
import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from cli.command_runner import run_safely
from cli.errors import BadInput, printable
from cli.output.console import PlainConsole
from cli.output.progress import LiveView, Progress

ORDERS = {
    "clipboard": "a\x1b]52;c;ZXZpbA==\x07b",
    "title": "a\x1b]0;evil\x1b\\b",
    "link": "a\x1b]8;;http://127.0.0.1:9\x1b\\b\x1b]8;;\x1b\\",
    "screen": "a\x1b[2J\x1b[Hb",
    "eight bits": "a\x9b2J\x9d0;evil\x9cb",
    "turned text": "a\u202eb\u2066c",
    "no Unicode": "a\udcffb",
}


def _table(text: str) -> Table:
    table = Table.grid()
    table.add_row(Text(text), "x")
    return table


@pytest.mark.parametrize("what", ORDERS)
@pytest.mark.parametrize("form", [str, Text, _table])
def test_an_order_to_the_terminal_is_shown_and_not_sent(what: str, form: type[str] | type[Text]) -> None:
    printed = io.StringIO()
    console = PlainConsole(file=printed, force_terminal=True, color_system=None, highlight=False, width=200)
    shown: RenderableType = form(ORDERS[what])

    console.print(shown, markup=False)

    assert not set(printed.getvalue()) & set("\x1b\x07\x9b\x9c\x9d\u202e\u2066\udcff")
    assert printable(printed.getvalue()) == printed.getvalue()
    assert "\\" in printed.getvalue()


def test_words_of_every_script_stay_as_they_are() -> None:
    words = "caf\u00e9 \u65e5\u672c \u0627\u0644\u0639 \U0001f469\u200d\U0001f467\n\tnext"
    assert printable(words) == words


def test_the_live_line_still_moves_the_cursor() -> None:
    printed = io.StringIO()
    with LiveView(PlainConsole(file=printed, force_terminal=True, width=80)) as view:
        view.show(Progress(1.0, "Scan"))
    assert "\x1b[" in printed.getvalue()


def test_the_reason_of_a_server_is_shown_without_its_orders(capfd: pytest.CaptureFixture[str]) -> None:
    def refused(messages: Console, answers: Console) -> int:
        messages.print(f"reading {ORDERS['title']}", markup=False)
        answers.print(f"answer {ORDERS['link']}", markup=False)
        raise BadInput(f"git cannot clone: {ORDERS['clipboard']}")

    with pytest.raises(typer.Exit):
        run_safely(refused, debug=False, interrupted="")

    out, err = capfd.readouterr()
    assert "\x1b" not in out + err
    assert "swarm: git cannot clone: a\\x1b]52;c;ZXZpbA==" in err
