"""Two servers, one prefix: a hash of the identifier says which of them holds it; the level above names both."""

from __future__ import annotations

from collections.abc import Sequence

from biaoshi.labs.lab import (
    BOXES_1,
    BOXES_2,
    NODES,
    RECURSIVE,
    Finding,
    Lab,
    Words,
    answers,
    case_of,
    code_at,
    found,
    same_server,
    servers_of,
    shown,
    values_at,
)
from biaoshi.running import Network
from resolver.wire.codes import Code

NUMBER = 2
BOXES = ((1, "88.300.21/BOX-D168141"), (2, "88.300.21/BOX-Y633125"))
TELLER, PREFIX = 3, "0.NA/88.300.21"


def check(network: Network) -> Sequence[Finding]:
    """Do the answers say what the servers say?"""
    written = answers(network, NUMBER)
    findings = []
    for index, box in BOXES:
        said = written.get(index, "")
        holder = next((name for name in (BOXES_1, BOXES_2) if code_at(network, name, box) == Code.SUCCESS), None)
        findings.append(
            found(
                holder is not None and same_server(network, said, network.address(holder)),
                Words(f"the server of ANSWER:{index} holds {box}", f"ANSWER:{index} 的服务器确实持有 {box}"),
                _missing(index)
                if not said
                else Words(
                    f"ANSWER:{index} says {shown(said)}; ask that server for {box}, directly, and read the code",
                    f"ANSWER:{index} 写的是 {shown(said)}；请直接向这台服务器询问 {box}，看看代码",
                ),
            )
        )
    said = written.get(TELLER, "")
    tells = [
        name
        for name in NODES
        if name != RECURSIVE and len(servers_of(values_at(network, name, PREFIX, ("HS_SITE",)) or ())) > 1
    ]
    findings.append(
        found(
            any(same_server(network, said, network.address(name)) for name in tells),
            Words("that node names both servers", "该节点确实给出了两台服务器"),
            _missing(TELLER)
            if not said
            else Words(
                f"ANSWER:{TELLER} says {shown(said)}; asked for the HS_SITE of {PREFIX}, it does not name two servers",
                f"ANSWER:{TELLER} 写的是 {shown(said)}；向它询问 {PREFIX} 的 HS_SITE，得不到两台服务器",
            ),
        )
    )
    return findings


def _missing(index: int) -> Words:
    return Words(f"{case_of(NUMBER)} has no ANSWER:{index} yet", f"{case_of(NUMBER)} 还没有 ANSWER:{index}")


LAB = Lab(
    number=NUMBER,
    name="02-two-servers",
    title=Words("Two servers, one prefix", "一个前缀，两台服务器"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
)
