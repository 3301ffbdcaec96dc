"""The cases of `biaoshi conform`: whole, well cited, green at our own rules, red where a node answers otherwise."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import recorded
from office import OWNER, PREFIX_RECORD, SECRET_OWNER, Office, group
from playbook import TEACHING, Country, country
from recorded import VECTORS

from biaoshi.conformance import run
from biaoshi.conformance.cases import Case, all_cases, read_case
from biaoshi.conformance.run import FAIL, PASS, SKIP, Outcome, Target
from biaoshi.conformance.talk import Heard
from nodes.authority import AuthorityNode
from nodes.config import load_network
from nodes.keyring import administrator_key, administrator_secret, make_keys
from resolver.errors import CallerError, PeerError, Unreachable
from resolver.model.identifier import prefix_handle
from resolver.model.now import Now
from resolver.model.value import Reference, Value
from resolver.rules import administration, replies
from resolver.rules.proof import Credentials
from resolver.rules.session_setup import opened
from resolver.wire.buffer import Reader
from resolver.wire.framing import split
from resolver.wire.message import EncryptedMessage, decode, encode, read_packet

CASES = {case.name: case for case in all_cases()}
WRITING = [name for name, case in CASES.items() if case.writes]
NOTES = Path(__file__).parents[2] / "docs" / "notes"
KEY_BITS = "key_bits = 1024\n"
ITEM = Value(1, b"URL", b"https://example.invalid/1")


class Desk:
    """A server that is nothing but the rules: what a case sends goes straight to them."""

    def __init__(self) -> None:
        owners = group(OWNER.user, SECRET_OWNER.user)
        self.office = Office(
            {b"88.1/ITEM": (ITEM,)}, elsewhere={b"0.NA/88.1": (*PREFIX_RECORD[:1], owners, *PREFIX_RECORD[2:])}
        )
        self.office.wall_s = int(time.time())

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        """See Talk."""
        desk = self.office.desk
        try:
            read = read_packet(Reader(packet))
            request = opened(read, desk) if isinstance(read, EncryptedMessage) else decode(packet)
        except PeerError as problem:
            return Heard((encode(replies.refuse_undecoded(problem, Now(0, 0))),))
        ruling = self.office.decide(request)
        packets = tuple(desk.packet_of(response, ruling.session) for response in ruling.responses)
        return Heard(packets, fragmented=transport == "udp" and len(split(packets[0])) > 1)


def target(user: Credentials | None = OWNER, desk: Desk | None = None) -> Target:
    desk = desk or Desk()
    return Target(desk, desk.office.desk.standing.site, "88.1/ITEM", user, "88.1")


@pytest.mark.parametrize("user", [OWNER, SECRET_OWNER], ids=["HS_PUBKEY", "HS_SECKEY"])
@pytest.mark.parametrize("name", WRITING)
def test_our_rules_are_as_every_case_that_writes_wants_them(name: str, user: Credentials) -> None:
    there = target(user)
    for transport in CASES[name].over[: 2 if user is OWNER else 1]:
        outcome = run.hold(CASES[name], there, transport)
        assert (outcome.verdict, outcome.words) == (PASS, ())
    assert there.talk.office.values(b"88.1/ITEM") == (ITEM,)  # type: ignore[attr-defined]
    assert len(list(there.talk.office.store.scan())) == 1, "everything it made is deleted"  # type: ignore[attr-defined]


# ---- whole nodes -----------------------------------------------------------------------------------------------------


@dataclass
class Virtual:
    """A node of a network in virtual time."""

    made: Country
    name: str
    heard: list[bytes] = field(default_factory=list)

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        """See Talk."""
        reply = self.made.world.ask(self.made.ip(self.name), packet, tcp=transport == "tcp")
        if reply is None:
            return Heard(())
        self.heard.append(reply)
        return Heard((reply,), fragmented=transport == "udp" and len(split(reply)) > 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Country:
    """The teaching network with short keys, its clock at the present."""
    folder = tmp_path_factory.mktemp("teaching")
    file = folder / "teaching.toml"
    words = TEACHING.read_text(encoding="utf-8").replace('"catalogues/', f'"{TEACHING.parent}/catalogues/')
    file.write_text(KEY_BITS + words, encoding="utf-8")
    make_keys(load_network(file), folder / "keys")
    made = country(load_network(file, keys=folder / "keys"), keys=folder / "keys")
    made.world.start_wall_ns = time.time_ns()
    return made


def folder_of(made: Country) -> Path:
    """Where the network's keys lie."""
    return made.plan.file.parent / "keys"


SAMPLES = {
    "enterprise-88.118.8": "88.118.8/JXDY2106023",
    "secondary-88.118": "88.118.9/QH-21A-5034",
    "national-88": "0.NA/88.118",
    "root-1": "0.NA/88",
    "recursive-1": "88.118.8/JXDY2106023",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_our_nodes_are_as_every_case_that_reads_wants_them(made: Country, name: str) -> None:
    there = Target(Virtual(made, name), made.plan.node(name).site, SAMPLES[name])
    outcomes = run.run(CASES.values(), there, lambda outcome: None)
    assert [(o.case.name, o.transport, o.words) for o in outcomes if o.verdict == FAIL] == []
    assert sum(outcome.verdict == PASS for outcome in outcomes) >= 70


@pytest.mark.parametrize(
    ("name", "prefix", "index"),
    [
        ("enterprise-88.118.8", b"88.118.8", 300),
        ("enterprise-88.300.21-2", b"88.300.21", 300),
        ("root-1", b"0.NA", 301),
    ],
)
def test_our_nodes_are_as_every_case_that_writes_wants_them_and_keep_their_secrets(
    made: Country, name: str, prefix: bytes, index: int
) -> None:
    key, secret = administrator_key(folder_of(made), prefix), administrator_secret(folder_of(made), prefix)
    assert key is not None and secret is not None
    node, talk = made.nodes[name], Virtual(made, name)
    assert isinstance(node, AuthorityNode)
    before = list(node.store.scan())
    sample = next((key.decode() for key, _ in before if key.startswith(prefix + b"/")), f"0.NA/{prefix.decode()}")
    user = Credentials(Reference(prefix_handle(prefix), index), key if index == 300 else secret)
    there = Target(talk, made.plan.node(name).site, sample, user, run.prefix_in(user.user))
    # Over one transport each: both are in the story of a real network.
    writing = [replace(case, over=case.over[-1:]) for case in CASES.values() if case.writes]
    outcomes = run.run(writing, there, lambda outcome: None)
    assert [(o.case.name, o.transport, o.words) for o in outcomes if o.verdict == FAIL] == []
    assert list(node.store.scan()) == before, "what was refused changed nothing, what was made is deleted"
    hidden = (secret, secret.hex().encode(), base64.b64encode(secret))
    assert not any(each in packet for packet in talk.heard for each in hidden)


# ---- a node that answers otherwise -----------------------------------------------------------------------------------


@dataclass
class Saboteur:
    """Somebody between a case and its target, who changes what comes back."""

    inner: Desk | Virtual
    change: Callable[[bytes], bytes | None]

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        """See Talk."""
        heard = self.inner.exchange(transport, packet, patience_s=patience_s)
        changed = [self.change(each) for each in heard.packets]
        return replace(heard, packets=tuple(each for each in changed if each is not None))


def _with(place: slice, octets: bytes) -> Callable[[bytes], bytes]:
    return lambda packet: packet[: place.start] + octets + packet[place.stop :]


SABOTAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "silence": lambda packet: None,
    "garbage": lambda packet: bytes(64),
    "half of it": lambda packet: packet[: len(packet) // 2],
    "another code": _with(slice(24, 28), (3).to_bytes(4, "big")),
}


def held(case: Case, change: Callable[[bytes], bytes | None], made: Country) -> Outcome:
    if case.writes:
        desk = Desk()
        there = replace(target(desk=desk), talk=Saboteur(desk, change))
    else:
        virtual = Virtual(made, "national-88" if "prefixes" in case.needs else "enterprise-88.118.8")
        there = Target(Saboteur(virtual, change), made.plan.node(virtual.name).site, SAMPLES[virtual.name])
    return run.hold(case, there, case.over[0])


@pytest.mark.parametrize("name", CASES)
def test_no_case_is_content_with_another_code(made: Country, name: str) -> None:
    if any("code" in step.expect for step in CASES[name].steps):  # else it is about versions, flags, signatures
        outcome = held(CASES[name], SABOTAGE["another code"], made)
        assert outcome.verdict == FAIL
        assert outcome.words


@pytest.mark.parametrize("how", SABOTAGE)
@pytest.mark.parametrize("name", ["resolve-all", "flags-copied", "certified-old", "bad-body", "vector-get_siteinfo"])
def test_no_case_is_content_with_nonsense(made: Country, name: str, how: str) -> None:
    if how != "another code":
        assert held(CASES[name], SABOTAGE[how], made).verdict == FAIL


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("resolve-all", _with(slice(8, 12), bytes(4)), "request id"),
        ("resolve-all", _with(slice(20, 24), (999).to_bytes(4, "big")), "opcode"),
        ("resolve-all", _with(slice(4, 8), (5).to_bytes(4, "big")), "session id"),
        ("resolve-all", _with(slice(28, 32), bytes(4)), "RECURSIVE"),
        ("resolve-all", _with(slice(36, 40), (5).to_bytes(4, "big")), "expires"),
        ("version-2-7", _with(slice(0, 2), b"\2\5"), "version"),
        ("version-2-7", lambda packet: packet[:45] + bytes(32) + packet[77:], "digest"),
        ("certified", lambda packet: packet[:-1] + bytes((packet[-1] ^ 1,)), "not signed"),
        ("vector-resolution_all_2.11", _with(slice(0, 2), b"\2\3"), "version 2.3"),
        ("write-create", _with(slice(4, 8), (1 << 31).to_bytes(4, "big")), "session id is"),
    ],
)
def test_what_is_otherwise_is_said(
    made: Country, name: str, change: Callable[[bytes], bytes | None], words: str
) -> None:
    outcome = held(CASES[name], change, made)
    assert outcome.verdict == FAIL
    assert any(words in each for each in outcome.words), outcome.words


def test_a_target_that_cannot_be_reached_is_an_outcome_of_a_case_and_an_end_of_all() -> None:
    class Nobody:
        def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
            raise Unreachable("127.0.0.1:1 refuses TCP")

    with pytest.raises(Unreachable):
        run.site_of(Nobody())
    there = replace(target(), talk=Nobody())
    assert run.hold(CASES["site-info"], there, "tcp").words == ("127.0.0.1:1 refuses TCP",)


def test_what_a_target_lacks_skips_a_case_and_says_so() -> None:
    outcome = run.hold(CASES["write-create"], target(user=None), "tcp")
    assert (outcome.verdict, outcome.words) == (SKIP, ("writes: only with --user and --key",))


# ---- the files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_every_citation_leads_somewhere(name: str) -> None:
    headings = {
        note: set(re.findall(r"^#+ (\d+(?:\.\d+)?)", (NOTES / note).read_text(encoding="utf-8"), re.MULTILINE))
        for note in ("behaviour.md", "protocol.md")
    }
    assert CASES[name].cites
    for citation in CASES[name].cites:
        if found := re.fullmatch(r"(behaviour|protocol)\.md (.*)", citation):
            sections = re.findall(r"§(\d+(?:\.\d+)?)", found[2])
            assert sections and set(sections) <= headings[f"{found[1]}.md"], citation
        elif found := re.fullmatch(r"conversation (\w+)", citation):
            assert (VECTORS / "conversations" / f"{found[1]}.json").exists(), citation
        else:
            assert re.fullmatch(r"RFC 365[012] §[\d.]+", citation), citation


WRITES = {op.name for op in administration.WRITES}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.writes])
def test_without_a_user_no_case_could_change_anything_that_is_there(name: str) -> None:
    for step in CASES[name].steps:
        if step.send.get("opcode") in WRITES and "cut" not in step.send:
            assert step.send["body"]["handle"] == "${missing}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "Invalid value"),
        ('title = "x"\ncites = []\nodd = 1\nstep = []', "odd"),
        ('title = "x"\ncites = []\n[[step]]\nsend = {}\nexpect = {wish = 1}', "wish"),
        ('title = "x"\ncites = []\n[[step]]\nsend = {say = 1}\nexpect = {}', "say"),
        ('title = "x"\ncites = []\n[[step]]\nsend = {}\nexpect = {}\nprove = "magic"', "prove"),
        ('title = "x"\ncites = []\n[[step]]\nsend = {}\nexpect = {}\nsession = "magic"', "session"),
        ('title = "x"\ncites = []\nneeds = ["luck"]\nstep = []', "needs"),
        ('title = "x"\ncites = []\nover = ["pigeon"]\nstep = []', "over"),
    ],
)
def test_a_case_file_with_a_mistake_is_refused(text: str, words: str) -> None:
    with pytest.raises(CallerError, match=words):
        read_case("mistaken", text)


def test_the_vectors_are_the_references(name: str = "vector-") -> None:
    originals = recorded.packets()
    vectors = [case for case in CASES.values() if case.name.startswith(name)]
    assert len(vectors) >= 20
    for case in vectors:
        assert case.steps[0].send["packet"] == originals[case.name.removeprefix(name)].hex()
