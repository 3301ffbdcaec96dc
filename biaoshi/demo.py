"""The whole story in about a minute: a network, one resolution cold and warm, load, verdict, and nothing left behind.

Everything happens in a temporary run directory and at addresses that were free, so it disturbs no other network. The
network lives no longer than this process, however that ends. What stays is the report: a page, and the result it comes
from, in the usual run directory, or where that cannot be written, in the temporary folder.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from biaoshi import resolution
from biaoshi.cli import load
from biaoshi.cli.resolve import VALUE_HEADINGS
from biaoshi.cli.terminal import print_table
from biaoshi.console.beside import console_beside
from biaoshi.trace import Names, Resolution, draw_text, value_rows
from loadgen.measure import Order
from loadgen.pacing import constant
from loadgen.page import write_page
from loadgen.results import Result, write_result
from nodes import network
from nodes.files import find_file
from nodes.state import State, choose_run_dir
from resolver.errors import OperatorError, Unreachable
from resolver.model.question import Question

FILE = Path("configs/teaching.toml")
RATE_PER_S = 3_500
PEAK_FACTOR = 3.0  # a day's peak over its mean (docs/notes/field.md: 2.5 to 3, our assumption)
GOAL_PER_DAY = 100_000_000
DURATION_S = 20.0
RESULT, PAGE = "demo.load", "demo.html"
TERMINATED = 128 + signal.SIGTERM


def run(duration_s: float = DURATION_S, *, stay: bool = False) -> int:
    """Tell the story on stdout; the exit code is the verdict of the load (contract.md, "Command line").

    `stay`: keep network and console until Ctrl-C.
    """
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        with tempfile.TemporaryDirectory(prefix="biaoshi-demo-") as folder:
            return _tell(Path(folder), duration_s, stay=stay)
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number: int, frame: FrameType | None) -> None:
    """SIGTERM as an exception, so that everything is tidied up on the way out."""
    sys.exit(TERMINATED)


def _tell(run_dir: Path, duration_s: float, *, stay: bool) -> int:
    file = find_file(FILE)
    _heading(
        "1/5 A network 启动网络",
        f"Five tiers of nodes, described by {FILE}: real processes that speak the Handle protocol over UDP and TCP.\n"
        "根、国家顶级、二级、企业与递归节点，均为真实进程。",
    )
    octet = network.free_second_octet(file)
    with console_beside(run_dir) as console, network.running(file, run_dir, second_octet=octet) as state:
        for node in state["nodes"]:
            print(f"  {node['tier']:<11}{node['name']:<24}{node['address']:<20}{node['records']:>6} records")
        address = console.line()
        print(f"\nWatch it, and break it, in a browser meanwhile 可在浏览器中观看与操作:\n  {address}")
        handle = _sample(state)
        _heading(
            "2/5 One identifier, asked for the first time 首次解析（冷）",
            f"The recursive node asks downwards for {handle}: who answers for its prefix? Then the enterprise itself.\n"
            "递归节点自根向下逐级询问前缀归属，最后向企业节点取值。",
        )
        answer = _resolve(handle, state)
        print_table(VALUE_HEADINGS, value_rows(answer))
        _heading(
            "3/5 The same again 再次解析（热）",
            "Now the recursive node remembers, and nobody else is asked. 递归节点命中缓存，不再询问上级。",
        )
        _resolve(handle, state)
        _heading(
            f"4/5 Load 加载: {RATE_PER_S:,} questions a second for {duration_s:g} s",
            f"That is the busiest hour of a day of {RATE_PER_S * 86_400 / PEAK_FACTOR / 1e6:,.0f} million resolutions "
            f"whose peak is {PEAK_FACTOR:g} times the mean.\n"
            "Questions leave on schedule whatever the answers do; every answer is compared with the catalogue.\n"
            "按计划时刻发送，应答逐条与目录比对；峰值为均值的三倍。",
        )
        result = load.carry_out(_order(run_dir, duration_s))
        _heading("5/5 Verdict 结论")
        code = load.show(result, json=False)
        page = _keep(result)
        if stay:
            print(f"\nNetwork and console stay until Ctrl-C 网络与控制台保留，按 Ctrl-C 结束:\n  {address}")
            print(f"Report 报告: {page}", flush=True)
            while True:
                signal.pause()
    print("\nThe network is down, nothing of it is left. 网络已停止，无残留。")
    print(f"Next 接下来: biaoshi network up {FILE}   biaoshi resolve {handle} --trace   biaoshi --help")
    print(f"Report 报告: {page}")
    return code


def _keep(result: Result) -> Path:
    """Write the result and its page; return the page's path."""
    for folder in (choose_run_dir(None), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_result(folder / RESULT, result)
            write_page(folder / PAGE, result)
        except (OSError, OperatorError):
            continue
        return (folder / PAGE).resolve()
    raise OperatorError("cannot keep the report", file=PAGE, remedy="Say where it may be written: BIAOSHI_RUN_DIR")


def _heading(title: str, words: str = "") -> None:
    print(f"\n== {title} ==" + (f"\n{words}" if words else ""), flush=True)


def _sample(state: State) -> str:
    """An identifier that an enterprise node answers itself."""
    return next(str(node["sample"]) for node in state["nodes"] if node["tier"] == "enterprise" and node["sample"])


def _resolve(handle: str, state: State) -> Resolution:
    """One traced resolution through the recursive node, drawn."""
    nodes = state["nodes"]
    ip, _, port = next(node["address"] for node in nodes if node["tier"] == "recursive").rpartition(":")
    result = resolution.resolve(Question(handle.encode()), (ip, int(port)), nodes)
    print(draw_text(result, Names(nodes)), flush=True)
    if not result.values:
        raise Unreachable(f"the demonstration's own identifier {handle} was not answered")
    return result


def _order(run_dir: Path, duration_s: float) -> Order:
    known = load.running_network(None, run_dir, ())
    return Order(
        network=known.name,
        targets=known.targets,
        truth=known.truth,
        pages=known.pages,
        tiers=known.tiers,
        pacing=constant(RATE_PER_S),
        duration_s=duration_s,
        goal_per_day=GOAL_PER_DAY,
        peak_factor=PEAK_FACTOR,
        mode="frugal",  # two cores carry the nodes too: sleeping between questions leaves the cores to them
    )
