"""`biaoshi story`: list, show, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biaoshi.cli.network import Json
from biaoshi.cli.terminal import print_json
from resolver.errors import OperatorError

if TYPE_CHECKING:
    from biaoshi.stories.language import Script

SHOWN_MAX = 10  # differing stories of a run; --json names all

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Scripted conversations with whole networks in virtual time, each a sequence diagram. 会话故事

    \b
    biaoshi story list                       what there is
    biaoshi story show "a cold item"         the diagrams of the stories whose titles have these words
    biaoshi story show "a cold item" --mermaid
    biaoshi story run                        tell all of ours, and compare every packet with what is written
    biaoshi story run mine.story --rewrite   write down what is seen

    A .story file is made of titles (==), commands (>) and what follows from them; see docs/stories.md.
    """,
)

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]…", help="Files of stories.", show_default="ours")]


@app.command("list")
def list_stories(files: Files = None, json: Json = False) -> None:
    """List stories (列出故事).

    \b
    biaoshi story list

    Exit codes: 0; 2 a file cannot be understood: file, line, remedy.
    """
    scripts = _scripts(files)
    if json:
        print_json([{"file": each.file.name, "title": each.title, "cites": list(each.cites)} for each in scripts])
        return
    topic = ""
    for script in scripts:
        if script.file.stem != topic:
            topic = script.file.stem
            typer.echo(f"\n{topic}")
        typer.echo(f"  {script.title}")
    typer.echo(f"\n{len(scripts)} stories")


@app.command()
def show(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Of the title.")],
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a Mermaid sequence diagram.")] = False,
) -> None:
    """Tell stories and print their diagrams (显示时序图).

    \b
    biaoshi story show "a cold item" --mermaid

    Exit codes: 0; 2 no title has these words.
    """
    from biaoshi.stories.diagram import mermaid_of
    from biaoshi.stories.teller import Teller

    found = [script for script in _scripts(None) if words.lower() in script.title.lower()]
    if not found:
        raise OperatorError("no title has these words", key="WORDS", value=words, remedy="See `biaoshi story list`")
    for script in found:
        seen = Teller(script).tell()
        if mermaid:
            typer.echo(mermaid_of(script.title, [line for lines in seen for line in lines]))
            continue
        typer.echo(f"== {script.title}")
        for cite in script.cites:
            typer.echo(f"cite {cite}")
        for command, lines in zip(script.commands, seen, strict=True):
            typer.echo(f"> {command.text}")
            for line in lines:
                typer.echo(line)
        typer.echo("")


@app.command()
def run(
    files: Files = None,
    rewrite: Annotated[bool, typer.Option("--rewrite", help="Write down what is seen, instead of comparing.")] = False,
    json: Json = False,
) -> None:
    """Tell stories, and compare every packet with what is written (运行故事).

    Exit codes: 0 all are told as they are written; 1 some are not; 2 a file cannot be understood: file, line, remedy.
    """
    from biaoshi.stories.language import read_scripts, rewritten, shipped
    from biaoshi.stories.teller import Teller, first_difference

    told, differing = 0, []
    for file in files or shipped():
        pairs = []
        for script in read_scripts(file):
            seen = Teller(script).tell()
            pairs.append((script, seen))
            told += 1
            difference = first_difference(script, seen)
            if difference and not rewrite:
                differing.append({"file": str(file), "line": script.line, "title": script.title, "first": difference})
        if rewrite:
            file.write_text(rewritten(file, pairs), encoding="utf-8")
    if json:
        print_json({"told": told, "differing": differing})
    else:
        for each in differing[:SHOWN_MAX]:
            typer.echo(f"{each['file']}:{each['line']}: {each['title']}\n{each['first']}")
        if len(differing) > SHOWN_MAX:
            typer.echo(f"and {len(differing) - SHOWN_MAX} more")
        typer.echo(f"{told} stories {'written down' if rewrite else f'told, {len(differing)} differ'}")
    raise typer.Exit(1 if differing else 0)


def _scripts(files: list[Path] | None) -> list[Script]:
    from biaoshi.stories.language import read_scripts, shipped

    return [script for file in files or shipped() for script in read_scripts(file)]
