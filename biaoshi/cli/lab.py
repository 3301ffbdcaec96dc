"""`biaoshi lab`: list, show, start, check, reset."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import note, print_json, print_markdown, print_table
from nodes import state
from resolver.errors import OperatorError, Unreachable

if TYPE_CHECKING:
    from biaoshi.labs.lab import Lab, Mark, Words

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Exercises on the running teaching network, each marked by looking at the network. 实验

    \b
    biaoshi network up configs/teaching.toml
    biaoshi lab list                       ten exercises, from "who answers for 88?" to "survive the busy hour"
    biaoshi lab show 1                     what is to be done; --hint, --solution
    biaoshi lab start 4                    break something; then find out what, and repair it
    biaoshi lab check 4                    what is as wanted, and what is still wrong
    biaoshi lab reset                      the network as its file says it, in one command

    A check looks at the network alone: what nodes answer, count and are. How it came to be so is yours.
    """,
)


class Language(StrEnum):
    """In which language a lab speaks."""

    en = "en"
    zh = "zh"


Number = Annotated[str, typer.Argument(metavar="N", help="Which, as `biaoshi lab list` numbers them.")]
Lang = Annotated[
    Language | None, typer.Option("--lang", help="en or zh.", show_default="zh where $LANG begins so, else en")
]
NOT_PASSED, NOT_MEASURED = 1, 5


@app.command("list")
def list_labs(json: Json = False) -> None:
    """List the labs (列出实验).

    Exit codes: 0.
    """
    from biaoshi.labs import LABS

    if json:
        print_json(
            [
                {
                    "lab": lab.number,
                    "title": lab.title.en,
                    "title_zh": lab.title.zh,
                    "breaks": lab.start is not None,
                    "points": lab.points,
                }
                for lab in LABS
            ]
        )
        return
    rows = [
        (
            str(lab.number),
            lab.title.en,
            lab.title.zh,
            "break and repair 排障" if lab.start else "explore 探究",
            str(lab.points),
        )
        for lab in LABS
    ]
    print_table(["N", "LAB", "实验", "KIND 类型", "POINTS 分值"], rows)


@app.command()
def show(
    number: Number,
    hint: Annotated[bool, typer.Option("--hint", help="The hint.")] = False,
    solution: Annotated[bool, typer.Option("--solution", help="The commands that solve it.")] = False,
    lang: Lang = None,
    run_dir: RunDir = None,
) -> None:
    """Show what is to be done in a lab (显示实验).

    Addresses are those of the running network, if one runs.

    \b
    biaoshi lab show 4
    biaoshi lab show 4 --hint
    biaoshi lab show 4 --lang zh

    Exit codes: 0; 2 no such lab.
    """
    from biaoshi.labs import texts

    lab, language = _lab(number), _language(lang)
    try:
        octet = state.read_state(state.choose_run_dir(run_dir))["second_octet"]
    except Unreachable:
        octet = 86
    text = texts.text_of(lab.name, language).replace("127.86.", f"127.{octet}.")
    if hint:
        print_markdown(texts.folded(text, "hint"))
    if solution:
        typer.echo(texts.folded(text, "solution"))  # to be copied: never wrapped
    if not hint and not solution:
        print_markdown(texts.page(text))


@app.command()
def start(number: Number, lang: Lang = None, run_dir: RunDir = None) -> None:
    """Set a lab up: break what it wants repaired (开始实验).

    By what everybody has: faults on links, stopped nodes, records changed over the protocol. One lab at a time; cut
    short, it puts the network back.

    \b
    biaoshi lab start 4

    Exit codes: 0 set up; 2 no such lab, another network, or something is broken already; 3 no network runs.
    """
    from biaoshi.labs import order
    from biaoshi.running import attached

    lab, language = _lab(number), _language(lang)
    network = attached(run_dir)
    with _or_anew():
        order.start(lab, network)
    typer.echo(f"{lab.number}. {_said(lab.title, language)}")
    if lab.start is None:
        typer.echo({"en": "there is nothing to set up", "zh": "无需准备"}[language])
    else:
        typer.echo(_said(lab.symptom, language))
    typer.echo(f"next: biaoshi lab show {lab.number}")


@app.command()
def check(
    number: Annotated[
        str | None, typer.Argument(metavar="[N]", help="Which, as `biaoshi lab list` numbers them.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All labs.")] = False,
    student: Annotated[str | None, typer.Option(metavar="NAME", help="Whose marks they are.")] = None,
    marks: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Append a line for each lab to this CSV file.")
    ] = None,
    lang: Lang = None,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Look at the network, and say what is as wanted and what is still wrong (检查实验).

    A lab has passed when every point is made.

    \b
    biaoshi lab check 4
    biaoshi lab check --all --student "李华 2023-17" --marks class.csv
    biaoshi lab check 4 --json | jq .points

    \b
    The CSV file has the columns time, student, lab, title, passed, points, points_max, network; nothing in it is a
    formula to a spreadsheet. Check before `biaoshi lab reset`: that takes the answers away, too.

    \b
    Exit codes: 0 passed; 1 not yet; 2 no such lab, another network, a file that is none of marks; 3 no network runs;
    5 this machine was too busy to measure (lab 10).
    """
    from biaoshi.labs import LABS
    from biaoshi.labs import lab as labs
    from biaoshi.labs.marks import append, student_named
    from biaoshi.running import attached

    if (number is None) == (not every):
        raise OperatorError("which lab?", key="N", remedy="Say a number, or --all")
    if (student is None) != (marks is None):
        raise OperatorError(
            "a name and a file belong together", key="--student", remedy="Say --student NAME --marks FILE"
        )
    name = None if student is None else student_named(student)
    chosen, language = (LABS if number is None else (_lab(number),)), _language(lang)
    network = attached(run_dir)
    done = []
    for lab in chosen:
        note(f"looking at lab {lab.number} …")
        try:
            mark = labs.check(lab, network)
        except labs.TooBusyError as busy:
            typer.echo(f"biaoshi: lab {lab.number} could not be measured: {busy}. Try again", err=True)
            raise typer.Exit(NOT_MEASURED) from None
        done.append(mark)
        if not json:
            _show_mark(mark, language)
    if name is not None and marks is not None:
        append(marks, name, state.read_state(network.run_dir)["network"], done)
    if json:
        print_json([_document(mark) for mark in done] if every else _document(done[0]))
    elif every:
        passed = sum(mark.passed for mark in done)
        points, most = sum(mark.points for mark in done), sum(mark.lab.points for mark in done)
        typer.echo(f"\n{passed} of {len(done)} labs passed 通过, {points} of {most} points 得分")
    if not all(mark.passed for mark in done):
        raise typer.Exit(NOT_PASSED)


@app.command()
def reset(run_dir: RunDir = None, json: Json = False) -> None:
    """Bring the network back to what its file says (恢复网络).

    Clears faults, starts nodes, puts prefixes, prefix records and catalogues' records back, deletes what labs
    registered (cases and answers), and has recursive nodes forget. What else was registered stays.

    Exit codes: 0 as in the file; 2 another network; 3 no network runs.
    """
    from biaoshi.labs import LABS, order
    from biaoshi.running import attached

    network = attached(run_dir)
    with _or_anew():
        done = order.reset(network, [handle for lab in LABS for handle in lab.handles])
    if json:
        print_json({"done": done})
    else:
        typer.echo("\n".join(done))
        typer.echo("the network is as its file says 网络已恢复")


@contextmanager
def _or_anew() -> Iterator[None]:
    """What a node refuses even the network's own administrators cannot be put back over the protocol."""
    from biaoshi.client import Refused
    from biaoshi.trace import printable

    try:
        yield
    except Refused as refused:
        raise OperatorError(
            f"a node refuses: {printable(str(refused))}",
            remedy="Somebody has changed who may administer it. Begin with a new network: `biaoshi network down`,"
            " remove the data folder of its run directory, `biaoshi network up`",
        ) from None


def _lab(written: str) -> Lab:
    from biaoshi.labs import LABS

    for lab in LABS:
        if written == str(lab.number):
            return lab
    raise OperatorError(
        "no such lab", key="N", value=written[:40], remedy=f"{LABS[0].number} to {LABS[-1].number}: biaoshi lab list"
    )


def _language(chosen: Language | None) -> str:
    """The one that is wanted, else that of the terminal."""
    if chosen is not None:
        return chosen.value
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if said.startswith("zh") else "en"


def _said(words: Words, language: str) -> str:
    return words.zh if language == "zh" else words.en


def _show_mark(mark: Mark, language: str) -> None:
    verdict = {"en": ("not yet", "passed"), "zh": ("尚未完成", "通过")}[language][mark.passed]
    typer.echo(f"{mark.lab.number}. {_said(mark.lab.title, language)}: {verdict}, {mark.points}/{mark.lab.points}")
    for finding in mark.findings:
        typer.echo(f"   {'✓' if finding.passed else '✗'} {_said(finding.words, language)}")


def _document(mark: Mark) -> dict[str, Any]:
    return {
        "lab": mark.lab.number,
        "title": mark.lab.title.en,
        "title_zh": mark.lab.title.zh,
        "passed": mark.passed,
        "points": mark.points,
        "points_max": mark.lab.points,
        "findings": [
            {"passed": finding.passed, "words": finding.words.en, "words_zh": finding.words.zh}
            for finding in mark.findings
        ],
    }
