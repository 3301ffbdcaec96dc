"""What a reader decides and what it passes on, as conversations; and the memory it shares with its home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nodes.config import load_network
from nodes.metrics import Whole
from nodes.node import Identity
from nodes.parts import standing_of
from nodes.readers import ByDatagram, ByStream, Reader, Readers
from nodes.reading import ReaderNode, learnt_of
from nodes.relay import Kind
from nodes.reloading import renewed
from nodes.segment import CLOSED, PASSED, ROWS, Segment, SharedCounters
from resolver.cache.generations import EPOCH
from resolver.errors import OperatorError
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Question
from resolver.model.route import Route
from resolver.model.value import Value
from resolver.rules import replies
from resolver.stores.memory import MemoryStore
from resolver.wire.message import encode
from resolver.wire.record import pack_record

FILE = """
[[nodes]]
name = "root-1"
tier = "root"
[[nodes]]
name = "national-88"
tier = "national"
prefixes = ["88"]
workers = {workers}
pin = {pin}
"""
NOW = Now(5 * NS_PER_S, 1_800_000_000 * NS_PER_S)
ITEM = b"88/item"
CLIENT = Route("udp", ("127.0.0.1", 4_711))


def planned(folder: Path, workers: int = 2, pin: str = "false"):  # type: ignore[no-untyped-def]
    file = folder / "net.toml"
    file.write_text(FILE.format(workers=workers, pin=pin), encoding="utf-8")
    return load_network(file)


class Shelf:
    """A store in which one sees what was there when `version` was last asked for, as over LMDB."""

    def __init__(self) -> None:
        self.written: dict[bytes, bytes] = {}
        self.store = MemoryStore()

    def put(self, handle: bytes, url: bytes) -> None:
        self.written[handle.upper()] = pack_record((Value(1, b"URL", url),))

    def version(self) -> int:
        self.store.commit(list(self.written.items()))
        return 0


class Stage:
    """A reader and its segment; what it passes on."""

    def __init__(self, folder: Path) -> None:
        plan = planned(folder).node("national-88")
        self.segment, self.shelf, self.passed = Segment(2), Shelf(), list[bytes]()
        self.shelf.put(ITEM, b"old")
        self.node = ReaderNode(
            Identity(plan.name, plan.tier, plan.site),
            standing_of(plan),
            self.shelf,
            generations=self.segment.generations,
            counters=self.segment.counters(0),
            packet_octets_max=1 << 20,
            entropy=os.urandom,
            pass_on=lambda packet, route: self.passed.append(packet),
            hang_up=lambda connection: None,
        )

    def ask(self, packet: bytes) -> bytes | None:
        """Its answer, or None if it passed the question on."""
        before = len(self.passed)
        said = self.node.receive_datagram(packet, CLIENT, NOW)
        assert bool(said) == (len(self.passed) == before)
        return bytes(said[0]) if said else None


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def question(handle: bytes, number: int = 1, **more: object) -> bytes:
    return encode(replies.request_message(Question(handle, **more), number, NOW))  # type: ignore[arg-type]


def test_plain_look_ups_are_answered_and_everything_else_is_passed_on(stage: Stage) -> None:
    for _ in range(2):
        assert b"old" in (stage.ask(question(ITEM)) or b"")
    for odd in (question(b"88/none"), question(ITEM, certify=True), question(b"99/x"), b"", b"rubbish", bytes(44)):
        assert stage.ask(odd) is None
    assert len(stage.passed) == 6
    books = stage.segment.counters(0)
    whole = Whole(books, ())
    assert whole.received == {("udp", "RESOLUTION", "SUCCESS"): 2, **dict.fromkeys(_silent(whole), 0)}
    assert books.gauges[PASSED] == 6


def _silent(whole: Whole) -> list[tuple[str, str, str]]:
    return [kind for kind, times in whole.received.items() if not times]


def test_what_was_written_is_read_anew_and_what_was_not_is_repeated(stage: Stage) -> None:
    assert b"old" in (stage.ask(question(ITEM)) or b"")
    stage.shelf.put(ITEM, b"new")  # committed, and not yet acknowledged
    assert b"old" in (stage.ask(question(ITEM)) or b"")
    stage.segment.generations.written(ITEM)
    assert b"new" in (stage.ask(question(ITEM)) or b"")


def test_a_closed_reader_passes_everything_on(stage: Stage) -> None:
    stage.ask(question(ITEM))
    stage.segment.words[CLOSED] = 1
    stage.segment.words[EPOCH] += 1
    assert stage.ask(question(ITEM)) is None
    stage.segment.words[CLOSED] = 0
    assert stage.ask(question(ITEM)) is not None


def test_a_reader_repeats_what_its_home_remembers_unless_that_was_taken_back(stage: Stage, tmp_path: Path) -> None:
    home = Stage(tmp_path)  # any node that remembers
    home.node.packets.go_by(stage.segment.generations)
    answer = home.ask(question(ITEM))
    assert answer is not None
    unknown = question(b"88/none")
    home.node.packets.remember(unknown, answer, (0, 1), NOW.wall_ns, 60)
    told = learnt_of(home.node, unknown, NOW)
    assert told is not None and learnt_of(home.node, question(b"88/else"), NOW) is None
    stage.node.learn(told)
    assert stage.ask(question(b"88/none", 9)) is not None
    stage.segment.generations.written(b"88/NONE")
    assert stage.ask(question(b"88/none")) is None
    stage.node.learn(told)
    assert stage.ask(question(b"88/none")) is None, "it was remembered before that write"
    home.node.packets.remember(unknown, answer, (0, 1), NOW.wall_ns, 60)
    told = learnt_of(home.node, unknown, NOW)
    assert told is not None
    stage.segment.generations.all_written()
    stage.node.learn(told)
    assert stage.ask(question(b"88/none")) is None, "everything was taken back since"


class Line:
    """One end of a line that writes down what is said."""

    open = True

    def __init__(self) -> None:
        self.said: list[tuple[object, ...]] = []

    def say(self, *frame: object) -> None:
        self.said.append(frame)


def test_an_answer_for_a_stream_never_reaches_the_successor_of_its_reader(stage: Stage, tmp_path: Path) -> None:
    readers = Readers(planned(tmp_path).nodes, "group", tmp_path, None)
    reader, post = Reader(readers, 0), readers.post_of(planned(tmp_path).node("national-88"), stage.node)
    before, after = Line(), Line()
    reader.line = before  # type: ignore[assignment]
    turn = ByStream(post, reader, 7, 3, question(ITEM))
    datagram = ByDatagram(post, reader, 0, ("127.0.0.1", 4_711), question(ITEM))
    reader.line = after  # type: ignore[assignment]
    turn.answer(b"for the client at turn 7 of the one before")
    datagram.answer(b"for a socket that both have")
    assert [frame[0] for frame in before.said] == [Kind.TURN]
    assert [frame[0] for frame in after.said] == [Kind.ANSWER]


def test_books_outlive_their_reader_and_kinds_beyond_their_number_are_one() -> None:
    segment = Segment(2)
    first = segment.counters(1)
    first.request("udp", "RESOLUTION", "SUCCESS")
    first.dropped["overload"] += 3
    first.at_once(2, 4_000, NOW.wall_ns)
    again = segment.counters(1)
    again.request("udp", "RESOLUTION", "SUCCESS")
    again.dropped["overload"] += 1
    for number in range(2 * ROWS):
        again.request("tcp", f"kind {number}", "SUCCESS")
    (empty, books) = segment.read()
    whole = Whole(books, ())
    assert whole.received["udp", "RESOLUTION", "SUCCESS"] == 2
    assert whole.received.total() == 2 + 2 * ROWS
    assert whole.dropped == {"overload": 4} and sum(whole.duration.counts) == 2
    assert not Whole(empty, ()).received
    assert isinstance(books, SharedCounters) and len(books.slots) < ROWS


# ---- the network file ------------------------------------------------------------------------------------------------


def test_readers_are_a_matter_of_the_network_file(tmp_path: Path) -> None:
    plan = planned(tmp_path, 3, "[0]")
    assert [(node.workers, node.pin) for node in plan.nodes] == [(0, False), (3, (0,))]
    with pytest.raises(OperatorError, match=r"nodes\[1\]\.workers"):
        planned(tmp_path, 65)


def test_their_number_does_not_change_while_they_run(tmp_path: Path) -> None:
    running = planned(tmp_path, 2)
    with pytest.raises(OperatorError, match=r"nodes\.national-88\.workers"):
        renewed(running, planned(tmp_path, 3))


def test_readers_keep_to_processors_that_are_there(tmp_path: Path) -> None:
    ours = sorted(os.sched_getaffinity(0))
    readers = Readers(planned(tmp_path, 3, "true").nodes, "group", tmp_path, None)
    assert [readers.processor_of(number) for number in range(3)] == [ours[n % len(ours)] for n in range(3)]
    assert Readers(planned(tmp_path, 3).nodes, "group", tmp_path, None).processor_of(0) is None
    readers = Readers(planned(tmp_path, 3, "[4000]").nodes, "group", tmp_path, None)
    with pytest.raises(OperatorError, match=r"nodes\.national-88\.pin"):
        readers.processor_of(0)
