"""The cases: files of this package, each one conversation.

    title = "A handle that is not there"
    cites = ["behaviour.md §1.3, opcode 1", "RFC 3652 §3.2.2"]
    needs = ["sample"]                # of NEEDS; a case that needs a user writes
    over = ["udp", "tcp"]             # it is held once over each; both if not said
    given = "item"                    # a record of ours, ${item}, is created before and deleted afterwards

    [[step]]
    send = {opcode = "RESOLUTION", flags = ["+CERTIFY", "-PUBLIC_ONLY"], version = "2.3", suggests = "2.11",
            body = {layout = "ResolutionRequest", handle = "${missing}"}}
    expect = {code = "HANDLE_NOT_FOUND", body = {layout = "ErrorBody"}}

`send.body` is the form of resolver/wire/document.py; ${words} stand for what run.py knows of the target. Besides:
    send.packet (hex, sent as it is), serial, expiration, session, request_code, tail (hex behind the body), cut
    (octets missing at the body's end), no_credential, length (claimed by the envelope), encrypted
    prove = user | wrong key | stranger     a challenge is answered; what comes then is expected
    prove = foreign id | other nonce        it is answered with another challenge's id, or nonce
    prove = again                           it is answered twice
    session = begin | use | altered | repeated | none | end    Diffie-Hellman set-up; with, without, with a bad MAC
`expect`: code (or several), opcode, body (what must be in it), flags (+ set, - clear), version, request_id, session,
    digest, signed, expires, challenged, handles, fragmented, silence. Without `request_id` and `opcode` both are the
    request's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from resolver.errors import CallerError

NEEDS = ("sample", "items", "prefixes", "user", "primary", "key")
TRANSPORTS = ("udp", "tcp")
CASE_KEYS = {"title", "cites", "needs", "over", "given", "step"}
STEP_KEYS = {"send", "prove", "session", "expect"}
SEND_KEYS = {
    "opcode", "flags", "version", "suggests", "body", "packet", "serial", "session", "request_code", "tail",
    "no_credential", "length", "encrypted", "expiration", "cut",
}  # fmt: skip
PROOFS = ("user", "wrong key", "stranger", "foreign id", "other nonce", "again")
SESSIONS = ("begin", "use", "altered", "repeated", "none", "end")
EXPECT_KEYS = {
    "code", "opcode", "body", "flags", "version", "request_id", "session", "digest", "signed", "expires", "challenged",
    "handles", "fragmented", "silence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One request, and what must come back."""

    send: Mapping[str, Any]
    expect: Mapping[str, Any]
    prove: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation. `cites`: where it is written that it must go so."""

    name: str
    title: str
    cites: tuple[str, ...]
    needs: frozenset[str]
    over: tuple[str, ...]
    given: str | None
    steps: tuple[Step, ...]

    @property
    def writes(self) -> bool:
        """Whether it changes what the target holds."""
        return "user" in self.needs


def all_cases() -> tuple[Case, ...]:
    """Every case of the package, by name."""
    package = files("biaoshi.conformance")
    found = [read_case(file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in _in(package, ".toml")]
    found += [_vector(file.name.removesuffix(".hex"), file.read_text("ascii")) for file in _in(package, ".hex")]
    return tuple(sorted(found, key=lambda case: (case.writes, case.name)))


def _in(package: Traversable, ending: str) -> Iterator[Traversable]:
    folder = package / ("cases" if ending == ".toml" else "vectors")
    yield from (file for file in folder.iterdir() if file.name.endswith(ending))


def read_case(name: str, text: str) -> Case:
    """A case from its file. CallerError that names what cannot be: the files are ours."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CallerError(f"case {name}: {problem}") from None

    def check(where: str, given: Mapping[str, Any], known: set[str]) -> None:
        if odd := given.keys() - known:
            raise CallerError(f"case {name}: {where} does not have {', '.join(sorted(odd))}")

    def one_of(where: str, word: Any, known: Sequence[str]) -> str | None:
        if word is not None and word not in known:
            raise CallerError(f"case {name}: {where} is none of {', '.join(known)}")
        return None if word is None else str(word)

    check("a case", said, CASE_KEYS)
    steps = []
    for step in said["step"]:
        check("a step", step, STEP_KEYS)
        check("send", step["send"], SEND_KEYS)
        check("expect", step["expect"], EXPECT_KEYS)
        steps.append(
            Step(
                step["send"],
                step["expect"],
                one_of("prove", step.get("prove"), PROOFS),
                one_of("session", step.get("session"), SESSIONS),
            )
        )
    for need in said.get("needs", ()):
        one_of("needs", need, NEEDS)
    for transport in said.get("over", ()):
        one_of("over", transport, TRANSPORTS)
    return Case(
        name,
        said["title"],
        tuple(said["cites"]),
        frozenset(said.get("needs", ())),
        tuple(said.get("over", TRANSPORTS)),
        one_of("given", said.get("given"), ("item",)),
        tuple(steps),
    )


def _vector(name: str, packet: str) -> Case:
    """A packet of the reference encoder: whatever the node holds, it is read, and answered by its rules."""
    return Case(
        f"vector-{name}",
        f"The reference's packet {name} is understood",
        ("protocol.md §2, version agreement", "behaviour.md §1.2"),
        frozenset(),
        TRANSPORTS,
        None,
        (Step({"packet": packet.strip()}, {"understood": True}),),
    )
