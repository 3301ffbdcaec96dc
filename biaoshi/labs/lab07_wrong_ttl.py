"""A wrong TTL: too short costs the authority a question each time, too long keeps what is no longer true."""

from __future__ import annotations

import time
from collections.abc import Sequence

from biaoshi.client import administrator, text
from biaoshi.labs.lab import CASES, METERS, RECURSIVE, Finding, Lab, Words, case_of, found, values_at
from biaoshi.running import Network

NUMBER = 7
URL, STATUS = 1, 2  # indexes
URL_TTL_S, STATUS_TTL_S = 1, 30 * 86_400  # as they are set up
URL_MIN_S, STATUS_MIN_S, STATUS_MAX_S = 3_600, 5, 60
PAUSE_S = 1.2  # longer than the shortest TTL


def start(network: Network) -> None:
    """Register a batch with two TTLs that somebody has mixed up."""
    with network.client(CASES, network.address(METERS), direct=True) as client:
        client.create(
            case_of(NUMBER),
            [
                text(URL, "URL", "https://jxdy.example/batch/7", ttl=URL_TTL_S),
                text(STATUS, "STATUS", "on sale 在售", ttl=STATUS_TTL_S),
                administrator(f"0.NA/{CASES}"),
            ],
        )


def check(network: Network) -> Sequence[Finding]:
    """Are the TTLs as long as what they are about stays true, and does the recursive node remember?"""
    handle = case_of(NUMBER)
    ttls = {value.index: value.ttl for value in values_at(network, METERS, handle) or ()}
    url_s, status_s = ttls.get(URL), ttls.get(STATUS)
    return [
        found(
            url_s is not None and url_s >= URL_MIN_S,
            Words(f"the URL may be remembered for {url_s} s", f"URL 可被记住 {url_s} 秒"),
            Words(
                f"the URL never changes, and may be remembered for {url_s} s: whoever scans a thousand labels asks"
                f" {METERS} nearly a thousand times. At least {URL_MIN_S} s would do",
                f"URL 从不变化，却只能记住 {url_s} 秒：扫一千次标签，就要问 {METERS} 将近一千次。"
                f"至少应为 {URL_MIN_S} 秒",
            ),
        ),
        found(
            status_s is not None and STATUS_MIN_S <= status_s <= STATUS_MAX_S,
            Words(f"the STATUS may be remembered for {status_s} s", f"STATUS 可被记住 {status_s} 秒"),
            Words(
                f"a recall must be known to everybody within {STATUS_MAX_S} s, and the STATUS may be remembered for"
                f" {status_s} s. From {STATUS_MIN_S} to {STATUS_MAX_S} s is wanted: 0 would forbid caching altogether",
                f"召回必须在 {STATUS_MAX_S} 秒内人人皆知，而 STATUS 可被记住 {status_s} 秒。"
                f"应为 {STATUS_MIN_S} 到 {STATUS_MAX_S} 秒：0 等于完全禁止缓存",
            ),
        ),
        found(
            _remembered(network),
            Words(f"{RECURSIVE}, asked twice for the URL, remembered it", f"问 {RECURSIVE} 两次 URL，它记得住"),
            Words(
                f"{RECURSIVE}, asked for the URL twice, {PAUSE_S} s apart, had to ask {METERS} both times",
                f"相隔 {PAUSE_S} 秒问 {RECURSIVE} 两次 URL，它两次都得去问 {METERS}",
            ),
        ),
    ]


def _remembered(network: Network) -> bool:
    """Whether a second answer comes from memory: then its TTL has run down meanwhile."""
    left = []
    for pause_s in (PAUSE_S, 0.0):
        answer = network.ask(RECURSIVE, case_of(NUMBER), types=("URL",))
        left += [value.ttl for value in answer.values][:1] if answer is not None else []
        time.sleep(pause_s)
    return len(left) == 2 and left[1] < left[0]


LAB = Lab(
    number=NUMBER,
    name="07-wrong-ttl",
    title=Words("A wrong TTL", "设错的 TTL"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"{METERS} is asked for {case_of(NUMBER)} again and again; and the service desk fears that a recall of that"
        " batch would reach its customers a month late.",
        f"{METERS} 反复被问到 {case_of(NUMBER)}；而客服担心，一旦召回这个批次，客户要一个月后才知道。",
    ),
)
