"""`make bench-compare`: what it refuses, and that nothing of it is left."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import compare, nameserver
from benchmarks.machine import REPOSITORY, cores
from benchmarks.native import BenchmarkError, build, compile_extension

needs_means = pytest.mark.skipif(
    isinstance(build(), str) or len(cores()) < 2 or not (REPOSITORY / ".git").exists(),
    reason="no C compiler, no second core, or no repository here",
)


def worktrees() -> str:
    listed = subprocess.run(["git", "worktree", "list"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return listed.stdout


@needs_means
def test_a_commit_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main(["no-such-branch"]) == 2
    assert "no such commit" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["HEAD", "--seconds", "0"], ["HEAD", "--rounds", "0"], ["HEAD", "--rows", "?"]])
def test_bounds_are_kept(words: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        compare.main(words)
    assert refused.value.code == 2


@needs_means
def test_c_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    source = tmp_path / "_broken.c"
    source.write_text("int f(void) { return missing; }\n")
    with pytest.raises(BenchmarkError, match=r"_broken\.c could not be built"):
        compile_extension(source)


@needs_means
@pytest.mark.long
@pytest.mark.network
def test_a_commit_is_compared_with_the_tree_and_leaves_nothing_behind(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["HEAD", "--rows", "store (no packet cache)", "--rounds", "1", "--seconds", "0.2"]
    assert compare.main(words) == 0
    assert "store" in capsys.readouterr().out
    assert "biaoshi-compare-" not in worktrees()


def test_without_a_name_server_the_table_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    monkeypatch.setattr(nameserver, "found", lambda program: None)
    assert list(nameserver.table(None, tmp_path, 1, 0.1, said.append)) == []  # type: ignore[arg-type]
    assert "nsd" in said[0]
