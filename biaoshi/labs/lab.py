"""What a lab is: a goal that a running network shows as reached or not.

    start   breaks something, by what everybody has (faults, stopped nodes, records changed over the protocol)
    check   looks at the network alone, and says of each thing whether it is as wanted, in words that teach

A lab that breaks something first registers its case, an identifier: so the network itself knows whether it was started.
What a student found out is written into the network as well, as the values ANSWER of an identifier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from biaoshi import verification
from biaoshi.client import address_of
from biaoshi.resolution import HANDLE_PORT, join
from biaoshi.running import Network
from biaoshi.trace import printable
from resolver.errors import BiaoshiError, OperatorError, PeerError, Unreachable
from resolver.model.identifier import text as handle_text
from resolver.model.site import Protocol
from resolver.model.value import Value
from resolver.rules.trust import Anchor
from resolver.wire.codes import Code, code_name
from resolver.wire.types import hs_site

ROOT, NATIONAL, RECURSIVE = "root-1", "national-88", "recursive-1"
SECONDARY_118, SECONDARY_300 = "secondary-88.118", "secondary-88.300"
METERS, BOXES_1, BOXES_2, TEA = (
    "enterprise-88.118.8", "enterprise-88.300.21-1", "enterprise-88.300.21-2", "enterprise-88.300.35",
)  # fmt: skip
NODES = (ROOT, NATIONAL, SECONDARY_118, SECONDARY_300, METERS, BOXES_1, BOXES_2, TEA, RECURSIVE)
CASES = "88.118.8"  # the prefix under which cases and answers are registered
SHOWN_MAX = 60  # characters of what students registered that are repeated to them


class Words(NamedTuple):
    """The same in both languages."""

    en: str
    zh: str


SILENT = Words("", "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `words`: what is so, or what is still wrong and where to look."""

    passed: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Lab:
    """An exercise. `name`: of its text in docs/labs; `points`: how many findings its check has. `handles`: what it has
    in the network beside the file's records. `start` None: there is nothing to set up; `symptom`: what is said then.
    """

    number: int
    name: str
    title: Words
    points: int
    check: Callable[[Network], Sequence[Finding]]
    handles: tuple[str, ...]
    start: Callable[[Network], None] | None = None
    symptom: Words = SILENT

    @property
    def case(self) -> str:
        """The identifier of its case, or of the answers to it."""
        return case_of(self.number)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a check came to."""

    lab: Lab
    findings: tuple[Finding, ...]

    @property
    def points(self) -> int:
        """How much is as wanted."""
        return sum(finding.passed for finding in self.findings)

    @property
    def passed(self) -> bool:
        """Whether all is."""
        return self.points == self.lab.points


def case_of(number: int) -> str:
    """Where a lab's case is registered, and the answers to its questions."""
    return f"{CASES}/LAB-{number}"


def found(passed: bool, so: Words, wrong: Words) -> Finding:
    """A finding, with the words for how it came out."""
    return Finding(passed, so if passed else wrong)


class TooBusyError(BiaoshiError):
    """A check that measures could not: this machine was too busy."""


# -- what is done with a lab ---------------------------------------------------------------------


def check(lab: Lab, network: Network) -> Mark:
    """Look at the network, and judge. OperatorError if it is not the network of the labs."""
    is_theirs(network)
    if not network.nodes[METERS]["ready"]:
        words = Words(
            f"{METERS} does not run: cases and answers are registered there",
            f"{METERS} 没有运行：案例和答案都注册在那里",
        )
        return Mark(lab, (Finding(False, words),))
    if lab.start is not None and values_at(network, METERS, lab.case) is None:
        words = Words(
            f"this lab breaks something first: biaoshi lab start {lab.number}",
            f"本实验先要制造一个问题：biaoshi lab start {lab.number}",
        )
        return Mark(lab, (Finding(False, words),))
    return Mark(lab, tuple(lab.check(network)))


def is_theirs(network: Network) -> None:
    """OperatorError if the labs are not for this network."""
    known = network.nodes
    for name in NODES:
        if name not in known:
            raise OperatorError(
                "the labs are for another network",
                file=str(network.file),
                key="nodes",
                value=name,
                remedy="Start theirs: biaoshi network up configs/teaching.toml",
            )


# -- asking -------------------------------------------------------------------------------------------------------


def values_at(network: Network, node: str, handle: str, types: tuple[str, ...] = ()) -> tuple[Value, ...] | None:
    """The values of a handle at a node that answers for it; None if there are none to be had."""
    answer = network.ask(node, handle, types=types, authoritative=True)
    return tuple(answer.values) if answer is not None and answer.code == Code.SUCCESS else None


def answers(network: Network, number: int) -> dict[int, str]:
    """What a student registered as ANSWER values, by index."""
    values = values_at(network, METERS, case_of(number)) or ()
    return {value.index: handle_text(value.data).strip() for value in values if value.type.upper() == b"ANSWER"}


def trust_of(network: Network, handle: str) -> str:
    """What the signatures of a handle (INDEX:HANDLE: of a certificate) come to, asked at the recursive node: a name of
    trust.Reason, or of what went wrong.
    """
    root = network.administrator("0.NA").key
    assert not isinstance(root, bytes)
    anchor = Anchor(b"0.NA/0.NA", (root.public_key(),))
    try:
        report = verification.verify(address_of(network.recursive), handle.encode(), anchor)
    except verification.NotThereError as answer:
        return str(answer)
    except (Unreachable, PeerError):
        return "NO_ANSWER"
    return report.reason.name


def shown(words: str) -> str:
    """What somebody registered, short and harmless enough to be repeated."""
    clean = printable(words)
    return clean if len(clean) <= SHOWN_MAX else clean[:SHOWN_MAX] + "…"


def outcome(code: int | None) -> Words:
    """What a node answered, by its code; None: nothing."""
    return Words("nothing", "没有应答") if code is None else Words(code_name(code), code_name(code))


def code_at(network: Network, node: str, handle: str) -> int | None:
    """The code with which a node answers, from no cache."""
    answer = network.ask(node, handle, authoritative=True)
    return None if answer is None else answer.code


def data_at(values: Sequence[Value], index: int) -> str | None:
    """The data of the value at an index, as text."""
    return next((handle_text(value.data) for value in values if value.index == index), None)


def servers_of(values: Sequence[Value]) -> list[str]:
    """`IP:port` of every server that HS_SITE values name; what cannot be read names none."""
    servers = []
    for value in values:
        if value.type.upper() == b"HS_SITE":
            try:
                site = hs_site.decode(value.data)
            except PeerError:
                continue
            servers += [join((each.ip, each.port(Protocol.UDP) or HANDLE_PORT)) for each in site.servers]
    return servers


def same_server(network: Network, written: str, address: str) -> bool:
    """Whether somebody means the server at `IP:port`: they may write that, the address alone, or the node's name."""
    name = next((node["name"] for node in network.nodes.values() if node["address"] == address), "")
    return written.casefold() in (address, address.rpartition(":")[0], name.casefold())


# -- breaking and repairing ---------------------------------------------------------------------------------------


def restart(network: Network, name: str) -> None:
    """Have a node forget what it only remembered."""
    network.stop(name)
    network.start(name)
