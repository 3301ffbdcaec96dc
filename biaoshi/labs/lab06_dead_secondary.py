"""A dead secondary node: what still works without it, because somebody remembers, and what does not."""

from __future__ import annotations

from collections.abc import Sequence

from biaoshi.labs.lab import RECURSIVE, SECONDARY_300, Finding, Lab, Words, case_of, code_at, found, outcome, restart
from biaoshi.running import Network
from resolver.wire.codes import Code

NUMBER = 6
REMEMBERED = "88.300.35/NX22CH31080"
LOST = "88.300.21/BOX-Y633125"
LOST_PREFIX = "0.NA/88.300.21"


def start(network: Network) -> None:
    """Let the recursive node know the way to one enterprise below, and kill the node that knows both."""
    restart(network, RECURSIVE)
    network.ask(RECURSIVE, REMEMBERED)
    network.kill(SECONDARY_300)


def check(network: Network) -> Sequence[Finding]:
    """Does everybody run, does it answer, and is what was lost found again?"""
    down = [node["name"] for node in network.nodes.values() if not node["ready"]]
    names = ", ".join(down)
    answer = None if SECONDARY_300 in down else code_at(network, SECONDARY_300, LOST_PREFIX)
    way = outcome(code_at(network, RECURSIVE, LOST))
    return [
        found(
            not down,
            Words("every node is ready", "所有节点就绪"),
            Words(
                f"{names} is not ready. Whatever it alone knows, nobody can learn at present",
                f"{names} 未就绪。只有它知道的事，现在谁也无从得知",
            ),
        ),
        found(
            answer == Code.SUCCESS,
            Words(f"{SECONDARY_300} tells who answers for 88.300.21", f"{SECONDARY_300} 能说出谁负责 88.300.21"),
            Words(
                f"{SECONDARY_300}, asked who answers for 88.300.21, says {outcome(answer).en}",
                f"问 {SECONDARY_300} 谁负责 88.300.21，得到：{outcome(answer).zh}",
            ),
        ),
        found(
            way.en == "SUCCESS",
            Words(f"{RECURSIVE} finds {LOST}", f"{RECURSIVE} 能找到 {LOST}"),
            Words(
                f"{RECURSIVE} says {way.en} for {LOST}: at which hop does the way end?",
                f"{RECURSIVE} 对 {LOST} 答复 {way.zh}：路断在哪一跳？",
            ),
        ),
    ]


LAB = Lab(
    number=NUMBER,
    name="06-dead-secondary",
    title=Words("A dead secondary node", "二级节点宕机"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"Some people get answers and some do not: {REMEMBERED} is found, {LOST} is not.",
        f"有人查得到，有人查不到：{REMEMBERED} 查得到，{LOST} 查不到。",
    ),
)
