"""`swarm mcp` over a real process, spoken to by the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from mcp import ClientSession, StdioServerParameters, stdio_client

from cli.commands.mcp import mcp
from cli.errors import BadInput
from tests.cli.site.samples import write_site

ROOT = Path(__file__).resolve().parents[3]


def _with_client(out: Path, use: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    server = StdioServerParameters(command=sys.executable, args=["-m", "cli", "mcp", "--site", str(out)], cwd=str(ROOT))

    async def session() -> Any:
        async with stdio_client(server) as (read, write), ClientSession(read, write) as client:
            await client.initialize()
            return await use(client)

    return asyncio.run(asyncio.wait_for(session(), 60))


def test_the_five_tools_answer_and_refuse_over_stdio(tmp_path: Path) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search", {"query": "greet"}),
        ("read_page", {"path": "index.md"}),
        ("definition", {"name": "greet"}),
        ("references", {"name": "hello"}),
        ("citations", {"citation": "demo/greet.py#L4-L6"}),
        ("citations", {"citation": "../../etc/passwd"}),
        ("read_page", {"path": "../session.json"}),
        ("search", {"query": "greet", "limit": 0}),
        ("definition", {"name": 3}),
    ]

    async def use(client: ClientSession) -> Any:
        tools = (await client.list_tools()).tools
        return tools, [await client.call_tool(name, arguments) for name, arguments in calls]

    tools, answers = _with_client(write_site(tmp_path / "out"), use)
    assert sorted(tool.name for tool in tools) == ["citations", "definition", "read_page", "references", "search"]
    assert all(tool.annotations.read_only_hint for tool in tools)
    texts = ["\n".join(part.text for part in answer.content) for answer in answers]
    assert [answer.is_error for answer in answers] == [False] * 5 + [True] * 4, texts
    assert json.loads(texts[4])["text"].startswith("def greet")
    assert "demo/greet.py#L6" in texts[3]
    assert "cites no file" in texts[5]
    assert "no page" in texts[6]
    assert "1 to 50" in texts[7]


def test_the_command_without_its_package_names_the_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "cli.site.mcp_server", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "mcp"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", cast("ModuleType", None))
    with pytest.raises(BadInput, match=r"package mcp: install .*\.\[ask\]"):
        mcp(write_site(tmp_path / "out"))


def test_the_command_refuses_a_folder_without_a_site(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "cli", "mcp", "--site", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no finished site" in ran.stderr
