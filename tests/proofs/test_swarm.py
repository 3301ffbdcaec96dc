"""The swarm: some seeds, told twice; and its checkers, shown what must not pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from biaoshi import cli, swarm
from biaoshi.swarm import HOME, RECURSIVE, Story, tell
from nodes.country import Country
from resolver.net.faults import FaultRule, Faults
from resolver.stores.memory import MemoryStore

CALM = next(seed for seed in range(1, 50) if not Story(seed).at_the_link)  # faults at doors: links may be meddled with


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_seed_is_clean(seed: int) -> None:
    verdict = tell(seed)
    assert verdict.wrong == ()
    assert verdict.answered > 100
    assert verdict.acknowledged > 0


def test_a_seed_is_told_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    logs = []
    for hash_seed in ("0", "1", "random"):
        log = tmp_path / f"{hash_seed}.log"
        words = ["-m", "biaoshi", "swarm", "--seed", "5", "--log", str(log)]
        subprocess.run(
            [sys.executable, *words], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": hash_seed}
        )
        logs.append(log.read_bytes())
    assert logs[0] == logs[1] == logs[2]
    assert logs[0].count(b"\n") > 500
    assert b" tcp " in logs[0]


def test_seeds_differ() -> None:
    assert len({tell(seed).crc for seed in range(1, 6)}) == 5


def seen(meddle: Callable[[Country], None], seed: int = CALM) -> set[str]:
    """The kinds of wrong that are seen when somebody meddles with the country."""
    return {words.partition(":")[0] for words in Story(seed, meddle=meddle).tell().wrong}


def test_an_invented_value_is_seen() -> None:
    def meddle(made: Country) -> None:
        rule = FaultRule("corrupt_values", frozenset({HOME}), settings={"share": 0.2})
        strike, link = Faults([rule], "here"), made.world.link
        made.world.link = lambda source, target, packet: [
            (delay_ns, part)
            for delay_ns, packet in link(source, target, packet)
            for _, part in strike(packet, swarm.Way("udp", HOME if source[0] == made.ip(HOME) else "other"))
        ]

    assert "invented" in seen(meddle)


def test_a_write_that_is_lost_after_it_was_acknowledged_is_seen() -> None:
    def meddle(made: Country) -> None:
        def lose() -> None:
            store = MemoryStore()
            store.commit(swarm.stage().records[HOME])
            made.stores[HOME] = store
            made.kill(HOME)
            made.start(HOME)

        made.world.at(swarm.TROUBLE_NS, lose)

    assert seen(meddle) & {"durable", "repaired"}


def test_an_answer_that_is_too_old_is_seen() -> None:
    def meddle(made: Country) -> None:
        node = made.nodes[RECURSIVE]
        node.answers.time_scale = node.packets.time_scale = 0.01  # type: ignore[attr-defined]

    assert "stale" in seen(meddle)


def test_a_request_that_was_not_counted_is_seen() -> None:
    seed = next(seed for seed in range(1, 50) if Story(seed).at_the_link)

    def meddle(made: Country) -> None:
        machine = made.nodes["root-1"]
        machine.receive_datagram = lambda packet, origin, now: ()  # type: ignore[method-assign]
        made.world.instead(made.ip("root-1"), made.at_the_door("root-1"))

    assert "conservation" in seen(meddle, seed)


def test_a_node_that_stays_away_is_seen() -> None:
    def meddle(made: Country) -> None:
        made.kill(HOME)
        made.start = lambda name: None  # type: ignore[method-assign]

    assert "repaired" in seen(meddle)


def test_what_goes_round_in_a_circle_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swarm, "EVENTS_MAX", 500)
    verdict = tell(CALM)
    assert any("does not end" in words for words in verdict.wrong)


def test_a_failing_seed_prints_how_to_tell_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(swarm, "EVENTS_MAX", 500)
    with pytest.raises(SystemExit) as ended:
        cli.main(["swarm", "--seed", "7"])
    assert ended.value.code == 1
    assert "biaoshi swarm --seed 7 --log" in capsys.readouterr().err


def test_seeds_are_shared_among_processes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["swarm", "--seeds", "25", "--first", "100", "--executor", "local:2", "--json"])
    assert ended.value.code == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["seeds"], document["failed"]) == (25, [])


@pytest.mark.parametrize("words", [["--seed", "x"], ["--seeds", "0"], ["--log", "a.log"], ["--executor", "moon:1"]])
def test_what_cannot_be_told_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["swarm", *words])
    assert ended.value.code == 2
