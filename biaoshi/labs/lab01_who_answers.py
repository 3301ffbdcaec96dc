"""Who answers for 88? A delegation is asked for, level by level, and what was found is registered."""

from __future__ import annotations

from collections.abc import Sequence

from biaoshi.labs.lab import (
    NATIONAL,
    ROOT,
    Finding,
    Lab,
    Words,
    answers,
    case_of,
    found,
    same_server,
    servers_of,
    shown,
    values_at,
)
from biaoshi.running import Network

NUMBER = 1
QUESTIONS = ((1, "88", ROOT), (2, "88.300", NATIONAL))  # index of the answer, the prefix, who knows


def check(network: Network) -> Sequence[Finding]:
    """Do the answers say what root and national node say?"""
    written = answers(network, NUMBER)
    findings = []
    for index, prefix, knows in QUESTIONS:
        said = written.get(index, "")
        servers = servers_of(values_at(network, knows, f"0.NA/{prefix}", ("HS_SITE",)) or ())
        right = any(same_server(network, said, server) for server in servers)
        if said:
            wrong = Words(
                f"ANSWER:{index} says {shown(said)}; {knows} says another address for {prefix}",
                f"ANSWER:{index} 写的是 {shown(said)}；{knows} 对 {prefix} 给出的是另一个地址",
            )
        else:
            wrong = Words(
                f"{case_of(NUMBER)} has no ANSWER:{index} yet: who answers for {prefix}?",
                f"{case_of(NUMBER)} 还没有 ANSWER:{index}：谁负责应答 {prefix}？",
            )
        so = Words(f"{knows} says the same of {prefix}", f"{knows} 对 {prefix} 的说法与此一致")
        findings.append(found(right, so, wrong))
    return findings


LAB = Lab(
    number=NUMBER,
    name="01-who-answers",
    title=Words("Who answers for 88?", "谁负责应答 88？"),
    points=2,
    check=check,
    handles=(case_of(NUMBER),),
)
