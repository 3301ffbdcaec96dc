"""Stories: every shipped one is told as it is written; and what cannot be a story is refused, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoshi import cli
from biaoshi.stories.diagram import mermaid_of
from biaoshi.stories.language import Script, read_scripts, rewritten, shipped
from biaoshi.stories.teller import Teller, first_difference
from resolver.errors import OperatorError

SCRIPTS = [script for file in shipped() for script in read_scripts(file)]
LEAST = """\
# for people
== Tried
cite RFC 3652 §3.2
> ask enterprise-88.118.8 88.118.8/JXDY2101056 type=URL
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "tried.story"
    file.write_text(text, encoding="utf-8")
    return file


def ran(*words: str) -> int:
    """The exit code of `biaoshi story …`."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["story", *words])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: f"{script.file.stem}:{script.line}")
def test_a_story_is_told_as_it_is_written(script: Script) -> None:
    assert first_difference(script, Teller(script).tell()) == ""


def test_there_are_enough_of_them_and_each_cites_its_rule() -> None:
    assert len(SCRIPTS) >= 150
    assert [script.title for script in SCRIPTS if not script.cites] == []
    titles = [script.title for script in SCRIPTS]
    assert len(titles) == len(set(titles))
    topics = {script.file.stem for script in SCRIPTS}
    assert {"way", "servers", "cache", "authority", "administration", "sessions", "refusals", "faults"} <= topics


def test_a_story_rewritten_is_told_as_it_is_written_and_people_keep_their_words(tmp_path: Path) -> None:
    file = written(tmp_path, LEAST)
    ran("run", str(file), "--rewrite")
    text = file.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if not line.startswith(" ")] == LEAST.splitlines()
    assert text.count(" -> ") == 2
    (script,) = read_scripts(file)
    assert first_difference(script, Teller(script).tell()) == ""
    assert rewritten(file, [(script, Teller(script).tell())]) == text


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("2.000 ", "2.001 "),
        ("SUCCESS", "SUCCEEDED"),
        ("PD194E", "PD195E"),
        ("enterprise-88.118.8 -> client", "enterprise-88.118.9 -> client"),
        ("serial 1", "serial 2"),
    ],
)
def test_whatever_is_not_as_it_is_written_is_seen(
    words: str, others: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, LEAST.replace("type=URL", "type=URL,MODEL"))
    ran("run", str(file), "--rewrite")
    text = file.read_text(encoding="utf-8")
    assert words in text
    file.write_text(text.replace(words, others), encoding="utf-8")
    capsys.readouterr()
    assert ran("run", str(file)) == 1
    printed = capsys.readouterr().out
    assert f"{file}:2: Tried" in printed
    assert others in printed
    assert words in printed
    assert ran("run", str(file), "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["told"], len(document["differing"])) == (1, 1)


def test_a_line_too_few_and_one_too_many_are_seen(tmp_path: Path) -> None:
    file = written(tmp_path, LEAST)
    ran("run", str(file), "--rewrite")
    lines = file.read_text(encoding="utf-8").splitlines()
    for changed in (lines[:-1], [*lines, lines[-1]]):
        file.write_text("\n".join(changed) + "\n", encoding="utf-8")
        (script,) = read_scripts(file)
        assert "(nothing)" in first_difference(script, Teller(script).tell())


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("== A\n> dance root-1\n", 2, "no such command"),
        ("== A\n\n> ask nowhere 88/x\n", 3, "nowhere"),
        ("== A\n> ask root-1\n", 2, "cannot be understood"),
        ("== A\n> ask root-1 88/x colour=red\n", 2, "no option colour"),
        ("== A\n> ask root-1 88/x index=one\n", 2, "one"),
        ("== A\n> raw root-1 zz\n", 2, "hexadecimal"),
        ("== A\n> wait -1\n", 2, "from 0 to"),
        ("== A\n> wait 1e12\n", 2, "from 0 to"),
        ("== A\n> fault drop\n", 2, "share"),
        ("== A\n> fault cosmic share=0.1\n", 2, "Kinds"),
        ("== A\n> put root-1 0.NA/x 1:URL\n", 2, "unpack"),
        ("== A\n> put root-1 0.NA/x 1:URL:x;colour=red\n", 2, "no setting colour"),
        ("== A\n> set recursive-1 colour=1\n", 2, "no setting colour"),
        ("== A\n> set root-1 stale=1\n", 2, "recursive"),
        ('== A\n> ask root-1 "88/x\n', 2, "quot"),
        ("== A\n stray\n> wait 1\n", 2, "before any command"),
        ("== A\ncite B\n", 1, "commands"),
        ("== A\n" + "> wait 0\n" * 101, 1, "commands"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(
    text: str, place: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, text)
    assert ran("run", str(file)) == 2
    printed = " ".join(capsys.readouterr().err.split())
    assert f"{file.name}:{place}" in printed
    assert words in printed


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        read_scripts(tmp_path / "nowhere.story")
    (tmp_path / "octets.story").write_bytes(b"== \xff\n")
    with pytest.raises(OperatorError, match="cannot be read"):
        read_scripts(tmp_path / "octets.story")


def test_stories_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    ran("list")
    printed = capsys.readouterr().out
    assert f"{len(SCRIPTS)} stories" in printed
    ran("show", "A COLD ITEM")
    printed = capsys.readouterr().out
    assert "recursive-1 -> root-1" in printed
    assert ran("show", "no title has this") == 2


def test_a_story_as_a_mermaid_diagram(capsys: pytest.CaptureFixture[str]) -> None:
    ran("show", "a cold item", "--mermaid")
    printed = capsys.readouterr().out
    assert printed.count("sequenceDiagram") == 1
    assert "recursive_1->>root_1: 2.000 ms udp RESOLUTION" in printed
    assert mermaid_of("none", ["nothing to see"]).endswith("sequenceDiagram")
