"""How responses are filled, by the version that the request suggests (behaviour.md §1.2)."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.site import PRIMARY, Interface, Server, Site, address_octets
from resolver.model.value import Value
from resolver.rules import replies
from resolver.rules.replies import Speaker
from resolver.wire.bodies.authentication import Challenge, OldChallenge
from resolver.wire.codes import Code, EnvelopeFlag, OpFlag
from resolver.wire.message import Message, decode, encode

NOW = Now(0, 1_800_000_000 * NS_PER_S)
PRIMARY_SPEAKER, CACHE_SPEAKER = Speaker(7, True), Speaker(9, False)
YES = Answer(Code.SUCCESS, (Value(1, b"URL", b"https://example.invalid/"),))
ITEM = Question(b"86.1000/hello")


def request(
    suggested: tuple[int, int] = (2, 11), version: tuple[int, int] = (2, 3), flags: int = 0x19000000
) -> Message:
    message = replies.request_message(ITEM, 77, NOW)
    envelope = replace(
        message.envelope,
        major=version[0],
        minor=version[1],
        suggested_major=suggested[0],
        suggested_minor=suggested[1],
    )
    read = decode(encode(replace(message, envelope=envelope, header=replace(message.header, flags=flags))))
    assert isinstance(read, Message)
    return read


@pytest.mark.parametrize(
    ("suggested", "version", "answered"),
    [
        ((2, 11), (2, 3), (2, 11)),
        ((2, 1), (2, 1), (2, 1)),
        ((2, 3), (2, 11), (2, 3)),
        ((3, 0), (3, 0), (2, 11)),
        ((0, 0), (2, 7), (2, 7)),
        ((2, 10), (5, 0), (2, 10)),
    ],
)
def test_the_response_speaks_what_the_request_suggests(
    suggested: tuple[int, int], version: tuple[int, int], answered: tuple[int, int]
) -> None:
    envelope = replies.respond(request(suggested, version), YES, PRIMARY_SPEAKER, NOW).envelope
    assert (envelope.major, envelope.minor) == answered
    assert (envelope.suggested_major, envelope.suggested_minor) == (2, 11)


@pytest.mark.parametrize(
    ("asked", "speaker", "answered"),
    [
        (0x19000000, PRIMARY_SPEAKER, 0x99000000),
        (0x19000000, CACHE_SPEAKER, 0x19000000),
        (0x00000000, PRIMARY_SPEAKER, 0x90000000),
        (0x59000000, PRIMARY_SPEAKER, 0xD9000000),
        (0x1B700004, PRIMARY_SPEAKER, 0x99100000),
    ],
)
def test_flags_are_copied_or_set_afresh(asked: int, speaker: Speaker, answered: int) -> None:
    header = replies.respond(request(flags=asked), YES, speaker, NOW).header
    assert header.flags == answered
    assert header.serial == speaker.serial


@pytest.mark.parametrize(
    ("version", "algorithm", "flagged"), [((2, 0), 0, False), ((2, 1), 2, True), ((2, 6), 2, True), ((2, 7), 3, True)]
)
def test_the_digest_asked_for_is_over_the_request_as_sent(
    version: tuple[int, int], algorithm: int, flagged: bool
) -> None:
    asked = request(version, version, flags=0x19800000)
    response = replies.respond(asked, YES, PRIMARY_SPEAKER, NOW)
    digest = {0: hashlib.md5, 2: hashlib.sha1, 3: hashlib.sha256}[algorithm](asked.octets[20:-4]).digest()
    assert response.digest is not None
    assert (response.digest.algorithm, response.digest.octets) == (algorithm, digest)
    assert bool(response.header.flags & OpFlag.REQUEST_DIGEST) == flagged


@pytest.mark.parametrize(
    ("version", "code", "written"),
    [((2, 3), 7, 303), ((2, 3), 202, 201), ((2, 5), 7, 7), ((2, 5), 202, 202), ((2, 3), 100, 100), ((5, 0), 7, 303)],
)
def test_old_versions_know_fewer_codes(version: tuple[int, int], code: int, written: int) -> None:
    assert replies.respond(request(version, version), Answer(code), PRIMARY_SPEAKER, NOW).header.code == written


def test_a_challenge_always_carries_the_digest_and_in_2_0_within_its_body() -> None:
    for version, body in (((2, 11), Challenge), ((2, 1), Challenge), ((2, 0), OldChallenge)):
        asked = request(version, version)
        response = replies.respond(asked, Answer(402), PRIMARY_SPEAKER, NOW, challenge=bytes(16))
        assert isinstance(response.body, body)
        assert (
            (response.digest is not None) == bool(response.header.flags & OpFlag.REQUEST_DIGEST) == (body is Challenge)
        )
        assert decode(encode(response)) == replace(
            response,
            envelope=replace(response.envelope, length=len(encode(response)) - 20),
            header=replace(response.header, body_length=len(encode(response)) - 48),
        )


def test_a_reply_to_a_fragmented_request_keeps_its_flag() -> None:
    asked = request()
    fragmented = replace(asked, envelope=replace(asked.envelope, flags=int(EnvelopeFlag.TRUNCATED)))
    assert replies.respond(fragmented, YES, PRIMARY_SPEAKER, NOW).envelope.flags == EnvelopeFlag.TRUNCATED


def test_a_request_speaks_the_sites_version_but_not_above_our_own() -> None:
    for site_version, spoken in (((2, 5), (2, 5)), ((2, 11), (2, 11)), ((2, 30), (2, 11)), ((3, 0), (2, 11))):
        server = Server(1, address_octets("127.0.0.1"), (Interface(3, 0, 2641),))
        site = Site((server,), serial=4, mask=PRIMARY, major=site_version[0], minor=site_version[1])
        message = replies.request_message(ITEM, 7, NOW, site)
        assert (message.envelope.major, message.envelope.minor, message.header.serial) == (*spoken, 4)
