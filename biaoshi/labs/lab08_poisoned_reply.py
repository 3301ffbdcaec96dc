"""A poisoned reply: somebody on the way alters answers, and a cache goes on telling them after he is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from biaoshi.client import administrator, text
from biaoshi.labs.lab import CASES, METERS, RECURSIVE, Finding, Lab, Words, case_of, found, restart, trust_of, values_at
from biaoshi.labs.signing import sign_record
from biaoshi.running import Network

NUMBER = 8
HOTLINE = "HOTLINE"
SEED = 8  # the one with which a digit of the number becomes another digit


def start(network: Network) -> None:
    """Register a signed record, put two liars on the way to it, and have the recursive node learn it through them."""
    handle = case_of(NUMBER)
    values = [
        text(1, "URL", "https://jxdy.example/battery/8"),
        text(2, HOTLINE, "+86 10 5550 0108"),
        text(3, "CAPACITY", "60 kWh"),
        text(4, "MADE", "2026-03-14"),
        administrator(f"0.NA/{CASES}"),
    ]
    with network.client(CASES, network.address(METERS), direct=True) as client:
        client.create(handle, values)
    sign_record(network, CASES, METERS, handle)
    restart(network, RECURSIVE)
    network.fault("forge", source=METERS, target=RECURSIVE, one_way=True, share=1.0)
    network.fault("corrupt_values", source=METERS, target=RECURSIVE, one_way=True, share=1.0, seed=SEED)
    network.ask(RECURSIVE, handle, types=(HOTLINE,))


def check(network: Network) -> Sequence[Finding]:
    """Is nobody lying any more, is the lie forgotten, and do the signatures hold?"""
    handle = case_of(NUMBER)
    altered = any(fault["kind"] == "corrupt_values" for fault in network.faults)
    same = all(_same(network, handle, types) for types in ((HOTLINE,), ()))
    trust = trust_of(network, handle)
    return [
        found(
            not altered,
            Words("nobody alters answers on the way", "途中没有人篡改应答"),
            Words(
                f"answers are still altered on their way to {RECURSIVE}. Of what strikes there, what does harm, and"
                " what only looks as if it did?",
                f"去往 {RECURSIVE} 的应答仍在途中被篡改。那里起作用的故障，哪个造成危害，哪个只是看上去吓人？",
            ),
        ),
        found(
            same,
            Words(f"{RECURSIVE} says the same as {METERS}", f"{RECURSIVE} 与 {METERS} 说法一致"),
            Words(
                f"{RECURSIVE} and {METERS} do not say the same of {handle}: whoever asks now hears a lie that was once"
                " believed",
                f"对 {handle}，{RECURSIVE} 与 {METERS} 的说法不同：现在来问的人，听到的是一个曾被信以为真的谎言",
            ),
        ),
        found(
            trust == "TRUSTED",
            Words("its signature leads to the root", "它的签名可以追溯到根"),
            Words(
                f"asked anew, its signature comes to {trust}: what arrives is not what was signed",
                f"重新查询后，签名验证结果为 {trust}：收到的不是当初签名的内容",
            ),
        ),
    ]


def _same(network: Network, handle: str, types: tuple[str, ...]) -> bool:
    """Whether what the recursive node says is what the authority says, but for what is left of TTLs."""
    told, truth = network.ask(RECURSIVE, handle, types=types), values_at(network, METERS, handle, types)
    if told is None or truth is None:
        return False
    return {value.index: replace(value, ttl=0) for value in told.values} == {
        value.index: replace(value, ttl=0) for value in truth
    }


LAB = Lab(
    number=NUMBER,
    name="08-poisoned-reply",
    title=Words("A poisoned reply", "被投毒的应答"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"Customers who call the hotline in the record of {case_of(NUMBER)} reach a stranger. At the enterprise the"
        " record is right.",
        f"客户拨打 {case_of(NUMBER)} 记录里的热线，接电话的是陌生人。而企业那边的记录是对的。",
    ),
)
