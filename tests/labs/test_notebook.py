"""The notebook over the client library runs from top to bottom, as in Jupyter: one namespace, in an event loop."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import json
from pathlib import Path
from typing import Any

import pytest

from nodes import network

REPO = Path(__file__).parents[2]
NOTEBOOK = REPO / "docs" / "labs" / "client-library.ipynb"
FILE = REPO / "configs" / "teaching.toml"


def cells(kind: str) -> list[str]:
    written = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in written["cells"] if cell["cell_type"] == kind]


async def run(sources: list[str]) -> str:
    """What the cells print."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for number, source in enumerate(sources):
            code = compile(source, f"cell {number}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            done = eval(code, namespace)
            if inspect.iscoroutine(done):
                await done
    return said.getvalue()


def test_nothing_of_a_machine_is_stored_in_it() -> None:
    written = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (written["nbformat"], len({cell["id"] for cell in written["cells"]})) == (4, len(written["cells"]))
    for cell in written["cells"]:
        assert cell["cell_type"] in ("markdown", "code")
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None


def test_its_words_are_in_both_languages() -> None:
    for words in cells("markdown"):
        assert any(letter.isascii() and letter.isalpha() for letter in words)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words)


@pytest.mark.network
@pytest.mark.long
def test_it_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path))
    with network.running(FILE, tmp_path, second_octet=network.free_second_octet(FILE)):
        said = asyncio.run(run(cells("code")))
    assert "88.118.8/NO-SUCH 100 HANDLE_NOT_FOUND" in said
    assert "100 registered" in said and "['HANDLE_ALREADY_EXISTS', 'HANDLE_ALREADY_EXISTS']" in said
    assert "warm 热: 0 passed on" in said and "cold 冷: 0 passed on" not in said
    assert "certified 认证: ERROR" in said and "repaired 已修复: b'https://nanxi.example/NX22CH55872'" in said
    assert "101 deleted" in said
