"""`make bench-compare REF=…`: this working tree against another commit of it, in turn, on the same core.

    REF -> git worktree in a temporary folder, its C built there -> its nodes ┐ the same network file, traffic
    working tree, changes included                               -> our nodes ┘ and generator, a round each in turn

A figure is ours divided by REF's: of answers a second (above 1 is faster) and of CPU time an answer, user and system of
the server process (below 1 is cheaper). Both are medians over the rounds, with the lowest and the highest ratio.
`--rows` chooses. Afterwards nothing is left of it, after Ctrl-C neither. Exit codes: 0 measured; 1 a figure could not
be had; 2 no such commit, or no means to measure.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.answers import NETWORK, PART_OCTETS
from benchmarks.machine import REPOSITORY, cores
from benchmarks.native import BenchmarkError, build, compile_extension
from benchmarks.rounds import Bench, Compared, Target, move
from benchmarks.traffic import PREFIX, write_catalogue, write_traffic

# What to measure: the network's packet cache in octets, and the node that is asked.
ROWS = {
    "packet cache": (64 << 20, "enterprise"),
    "recursive hit": (64 << 20, "recursive"),
    "90 % hits": (PART_OCTETS, "enterprise"),
    "store (no packet cache)": (0, "enterprise"),
}
ROUNDS, SECONDS = 7, 1.0
WIDTH = 130  # of a table written into a file or a pipe
HEADINGS = ("", "REF/s", "ours/s", "ratio", "lowest", "highest", "REF CPU µs", "ours", "ratio", "bad", "disturbed")
LINE_OCTETS_MAX = 1 << 20
END_LIMIT_S = 30.0
SERVE = """
import json, sys
from pathlib import Path
from nodes.network import free_second_octet, running
file, folder = map(Path, sys.argv[1:])
with running(file, folder, second_octet=free_second_octet(file)) as state:
    print(json.dumps(state), flush=True)
    sys.stdin.read()
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare", description="The working tree against another commit of it."
    )
    parser.add_argument("ref", metavar="REF", help="a commit, branch or tag")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--rounds", type=int, default=ROUNDS, choices=range(1, 101), metavar="N", help="1 to 100")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each side of a round, 0.1 to 60")
    options = parser.parse_args(arguments)
    if not 0.1 <= options.seconds <= 60:
        parser.error("--seconds: give 0.1 to 60")
    commit = _git("rev-parse", "--verify", "--quiet", f"{options.ref}^{{commit}}")
    programs = build()
    notes = Console(stderr=True, highlight=False)
    if not commit:
        notes.print(f"REF={options.ref}: no such commit here; say a branch, a tag or a commit of this repository")
        return 2
    if isinstance(programs, str) or len(cores()) < 2:
        notes.print(programs if isinstance(programs, str) else "server and generator need a core each")
        return 2
    screen = Console(highlight=False)
    if not screen.is_terminal:
        screen = Console(highlight=False, width=WIDTH)
    table = Table(title=f"This working tree against {commit[:12]}", title_justify="left")
    for at, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if at else "left")
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # it cleans up just so
    try:
        with tempfile.TemporaryDirectory(prefix="biaoshi-compare-") as name:
            folder = Path(name)
            bench = Bench(programs, write_traffic(folder), cores())
            write_catalogue(folder / "catalogue.csv")
            notes.print(f"building {commit[:12]}")
            with _tree(commit, folder / "tree") as tree:
                for packet_octets in dict.fromkeys(ROWS[row][0] for row in options.rows):
                    rows = [row for row in options.rows if ROWS[row][0] == packet_octets]
                    with _networks(folder, tree, packet_octets) as sides:
                        for row in rows:
                            notes.print(row)
                            found = _compared(bench, sides, ROWS[row][1], options.rounds, options.seconds)
                            table.add_row(row, *_cells(found))
    except BenchmarkError as error:
        notes.print(str(error), style="red")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if table.rows:
            screen.print(table)
    return 0


@contextlib.contextmanager
def _networks(folder: Path, tree: Path, packet_octets: int) -> Iterator[list[dict[str, Target]]]:
    """REF's nodes by name, and ours, both running."""
    file = folder / "network.toml"
    file.write_text(NETWORK.format(packet_octets=packet_octets, prefix=PREFIX), encoding="utf-8")
    with contextlib.ExitStack() as stack:
        sides = []
        for root in (tree, REPOSITORY):
            run_dir = stack.enter_context(tempfile.TemporaryDirectory(dir=folder))
            sides.append(stack.enter_context(_network(root, file, Path(run_dir))))
        yield sides


def _compared(bench: Bench, sides: list[dict[str, Target]], node: str, rounds: int, seconds: float) -> Compared:
    for nodes in sides:
        for pid in {each.pid for each in nodes.values()}:
            move(pid, bench.server_core if pid == nodes[node].pid else bench.generator_core)
        bench.warm(nodes[node])
    ref, ours = (nodes[node] for nodes in sides)
    return bench.compare(ref, ours, rounds, seconds, lambda: None)


def _cells(found: Compared) -> tuple[str, ...]:
    return (
        f"{found.echo_per_s:,.0f}", f"{found.answers_per_s:,.0f}",
        f"{found.ratio:.3f}", f"{found.ratio_low:.3f}", f"{found.ratio_high:.3f}",
        f"{found.echo_cpu_us:.2f}", f"{found.cpu_us:.2f}", f"{found.cpu_us / found.echo_cpu_us:.2f}",
        str(found.bad), str(found.disturbed),
    )  # fmt: skip


@contextlib.contextmanager
def _tree(commit: str, folder: Path) -> Iterator[Path]:
    """A commit's files, and its C built in their midst; afterwards git has forgotten them."""
    _git("worktree", "add", "--quiet", "--detach", str(folder), commit)
    if not (folder / "pyproject.toml").exists():
        raise BenchmarkError(f"git could not lay {commit[:12]} out in {folder}")
    try:
        for source in sorted([*folder.glob("resolver/**/_*.c"), *folder.glob("loadgen/_*.c")]):
            compile_extension(source)
        yield folder
    finally:
        _git("worktree", "remove", "--force", str(folder))


@contextlib.contextmanager
def _network(root: Path, file: Path, run_dir: Path) -> Iterator[dict[str, Target]]:
    """A network run by the code under `root`; it ends with the block, or when we do."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SERVE, str(file), str(run_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)}, process_group=0,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline(LINE_OCTETS_MAX)
        if not line:
            words = process.communicate()[1].strip().splitlines()
            raise BenchmarkError(f"{root}: the network did not start: {words[-1] if words else 'no reason given'}")
        state: dict[str, Any] = json.loads(line)
        yield {
            node["name"]: Target(
                node["address"].rpartition(":")[0], int(node["address"].rpartition(":")[2]), node["pid"]
            )
            for node in state["nodes"]
        }
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=END_LIMIT_S)  # its stdin ends, and so does it
        process.kill()


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main())
