"""A prefix without a home: a secondary node has an enterprise's records, and does not know that it answers for them."""

from __future__ import annotations

from collections.abc import Sequence

from biaoshi.labs.lab import (
    METERS,
    RECURSIVE,
    SECONDARY_118,
    Finding,
    Lab,
    Words,
    case_of,
    code_at,
    found,
    outcome,
    restart,
)
from biaoshi.running import Network
from resolver.wire.codes import Code

NUMBER = 4
PREFIX, OWN_PREFIX = "88.118.9", "88.118"
ITEM = "88.118.9/QH-21A-5034"


def start(network: Network) -> None:
    """Take the prefix's home away."""
    with network.client(OWN_PREFIX, network.address(SECONDARY_118), direct=True) as client:
        client.unhome(PREFIX)
    restart(network, RECURSIVE)


def check(network: Network) -> Sequence[Finding]:
    """Is it answered where it is, on the whole way, and nowhere else?"""
    here = code_at(network, SECONDARY_118, ITEM)
    answer = outcome(here)
    at_home = found(
        here == Code.SUCCESS,
        Words(f"{SECONDARY_118} answers for {ITEM}", f"{SECONDARY_118} 应答 {ITEM}"),
        Words(
            f"{SECONDARY_118} answers {answer.en} for {ITEM}. The records are there: a node answers only for prefixes"
            " that it holds to be its own. Which are they?",
            f"{SECONDARY_118} 对 {ITEM} 答复 {answer.zh}。记录还在：节点只应答它认为归属自己的前缀。现在有哪些？",
        ),
    )
    if not at_home.passed:
        return [at_home]
    way = outcome(code_at(network, RECURSIVE, ITEM))
    stranger = code_at(network, METERS, ITEM)
    return [
        at_home,
        found(
            way.en == "SUCCESS",
            Words(f"{RECURSIVE} finds it, from the root down", f"{RECURSIVE} 自根节点起能找到它"),
            Words(
                f"{RECURSIVE} says {way.en}: look at the hops. Who sends it where?",
                f"{RECURSIVE} 答复 {way.zh}：请看每一跳，谁把它指向了哪里？",
            ),
        ),
        found(
            stranger == Code.SERVER_NOT_RESP,
            Words(f"{METERS} does not claim it", f"{METERS} 没有冒领该前缀"),
            Words(
                f"{METERS} claims {PREFIX}, too, and has none of its records: whoever is sent there hears that they do"
                " not exist",
                f"{METERS} 也声称负责 {PREFIX}，却没有它的任何记录：被指到那里的请求会得到“不存在”",
            ),
        ),
    ]


LAB = Lab(
    number=NUMBER,
    name="04-unhomed-prefix",
    title=Words("A prefix without a home", "无归属的前缀"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"Qinghe Bearings complains: nobody finds its bearings any more, for example {ITEM}.",
        f"清河轴承来电投诉：谁也查不到它的轴承了，例如 {ITEM}。",
    ),
)
