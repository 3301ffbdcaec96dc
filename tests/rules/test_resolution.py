"""The resolver's walk, driven by hand: what it asks, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest
from playbook import play

from resolver.model.question import Answer, Question
from resolver.model.site import PRIMARY, Interface, Protocol, Server, Site, address_octets
from resolver.model.value import Value
from resolver.rules.effects import Ask, Effect, Find
from resolver.rules.resolution import NO_SERVER_ANSWERED, NOWHERE, REFERRALS_MAX, RootService, resolve
from resolver.rules.selection import (
    FAILURE_NS,
    RETRIES_KEPT,
    TCP_WAITS_NS,
    UDP_WAITS_NS,
    Loads,
    ResponseTimes,
    Retries,
)
from resolver.wire.bodies import Digest, VerifyRequest
from resolver.wire.codes import Code
from resolver.wire.types import hs_site

BOTH = (Interface(3, Protocol.UDP, 2641), Interface(3, Protocol.TCP, 2641))


def site(ip: str, *, mask: int = PRIMARY, interfaces: tuple[Interface, ...] = BOTH) -> Site:
    return Site((Server(1, address_octets(ip), interfaces),), mask=mask)


def names(ip: str, kind: bytes = b"HS_SITE") -> Value:
    return Value(1, kind, hs_site.encode(site(ip)))


ROOT, LEAF, MIRROR = site("127.86.1.1"), site("127.86.4.1"), site("127.86.4.2", mask=0)
LEAF_FOUND = Answer(Code.SUCCESS, (names("127.86.4.1"),))
YES = Answer(Code.SUCCESS, (Value(1, b"URL", b"https://example.invalid/"),))
NO = Answer(Code.HANDLE_NOT_FOUND)
ITEM = Question(b"88.118.8/item")
PREFIX = Question(b"0.NA/88.118.8")


def walk(
    question: Question,
    times: ResponseTimes | None = None,
    roots: tuple[RootService, ...] = (RootService((ROOT,)),),
    referral: Answer | None = None,
) -> Coroutine[Effect, Any, Answer]:
    return resolve(question, roots, times or ResponseTimes(), referral)


def told(effects: list[Effect]) -> list[str]:
    """Effects in short: `find HANDLE` or `udp IP`."""
    return [
        f"find {effect.question.handle.decode()}"
        if isinstance(effect, Find)
        else f"{effect.protocol.name.lower()} {effect.server.ip}"
        for effect in effects
    ]


def test_an_item_is_asked_at_the_site_its_prefix_names() -> None:
    asked, answer = play(walk(ITEM), LEAF_FOUND, YES)
    assert told(asked) == ["find 0.NA/88.118.8", "udp 127.86.4.1"]
    assert answer == YES


def test_a_prefix_handle_is_asked_at_the_root_and_down_the_referrals() -> None:
    to_national = Answer(Code.PREFIX_REFERRAL, (names("127.86.2.1", b"HS_SITE.PREFIX"),))
    to_secondary = Answer(Code.PREFIX_REFERRAL, (names("127.86.3.1", b"HS_NA_DELEGATE"),))
    asked, answer = play(walk(PREFIX), to_national, to_secondary, LEAF_FOUND)
    assert told(asked) == ["udp 127.86.1.1", "udp 127.86.2.1", "udp 127.86.3.1"]
    assert answer == LEAF_FOUND


TO_SECONDARY = Answer(Code.PREFIX_REFERRAL, (names("127.86.3.1", b"HS_SITE.PREFIX"),))


def test_with_a_remembered_referral_the_walk_goes_on_from_there() -> None:
    asked, answer = play(walk(PREFIX, referral=TO_SECONDARY), LEAF_FOUND)
    assert (told(asked), answer) == (["udp 127.86.3.1"], LEAF_FOUND)


@pytest.mark.parametrize("code", [Code.HANDLE_NOT_FOUND, Code.SERVER_NOT_RESP])
def test_where_a_remembered_referral_misleads_the_root_is_asked_after_all(code: Code) -> None:
    asked, answer = play(walk(PREFIX, referral=TO_SECONDARY), Answer(code), LEAF_FOUND)
    assert (told(asked), answer) == (["udp 127.86.3.1", "udp 127.86.1.1"], LEAF_FOUND)


def test_a_remembered_referral_to_silence_is_an_error_and_no_second_wait() -> None:
    asked, answer = play(walk(PREFIX, referral=TO_SECONDARY), None, None)
    assert told(asked) == ["udp 127.86.3.1", "tcp 127.86.3.1"]
    assert answer is not None and answer.code == Code.ERROR


def test_a_slashless_prefix_is_asked_at_the_root() -> None:
    asked, answer = play(walk(Question(b"88.118.8")), LEAF_FOUND)
    assert (told(asked), answer) == (["udp 127.86.1.1"], LEAF_FOUND)


def test_a_prefix_that_is_not_found_ends_the_walk() -> None:
    asked, answer = play(walk(ITEM), NO)
    assert (told(asked), answer) == (["find 0.NA/88.118.8"], NO)


def test_a_prefix_without_a_site_is_no_such_handle() -> None:
    _, answer = play(walk(ITEM), Answer(Code.SUCCESS, (Value(1, b"DESC", b"nothing to ask"),)))
    assert answer is not None and answer.code == Code.HANDLE_NOT_FOUND


def test_an_unreadable_site_is_skipped() -> None:
    broken = Value(1, b"HS_SITE", b"\x00\x01")
    asked, answer = play(walk(ITEM), Answer(Code.SUCCESS, (broken, names("127.86.4.1"))), YES)
    assert (told(asked)[1:], answer) == (["udp 127.86.4.1"], YES)


def test_a_service_handle_is_found_and_its_sites_asked() -> None:
    service = Answer(Code.SUCCESS, (Value(1, b"HS_SERV", b"0.SERV/cold-chain"),))
    asked, answer = play(walk(ITEM), service, LEAF_FOUND, YES)
    assert told(asked) == ["find 0.NA/88.118.8", "find 0.SERV/cold-chain", "udp 127.86.4.1"]
    assert answer == YES


def test_a_service_referral_by_handle_alone_is_followed() -> None:
    referral = Answer(Code.SERVICE_REFERRAL, referral_handle=b"0.SERV/elsewhere")
    asked, answer = play(walk(ITEM), LEAF_FOUND, referral, Answer(Code.SUCCESS, (names("127.86.4.9"),)), YES)
    assert told(asked)[1:] == ["udp 127.86.4.1", "find 0.SERV/elsewhere", "udp 127.86.4.9"]
    assert answer == YES


def test_a_referral_to_nowhere_is_an_error() -> None:
    _, answer = play(walk(PREFIX), Answer(Code.PREFIX_REFERRAL))
    assert answer == Answer(Code.ERROR, message=NOWHERE)


def test_referrals_in_a_circle_end() -> None:
    again = Answer(Code.PREFIX_REFERRAL, (names("127.86.1.1", b"HS_SITE.PREFIX"),))
    asked, answer = play(walk(PREFIX), *[again] * (REFERRALS_MAX + 5))
    assert len(asked) == REFERRALS_MAX
    assert answer is not None and answer.code == Code.RECURSION_COUNT_TOO_HIGH


def test_silence_over_udp_leads_to_every_site_and_then_to_tcp() -> None:
    two = Answer(Code.SUCCESS, (names("127.86.4.1"), names("127.86.4.2")))
    asked, answer = play(walk(ITEM), two, *[None] * 5, YES)
    over_udp = ["udp 127.86.4.1", "udp 127.86.4.2"]
    assert told(asked)[1:] == [*over_udp, *over_udp, "tcp 127.86.4.1", "tcp 127.86.4.2"]
    assert answer == YES
    waits = [ask.waits_ns for ask in asked if isinstance(ask, Ask)]
    assert waits == [UDP_WAITS_NS[:1]] * 2 + [UDP_WAITS_NS[1:]] * 2 + [TCP_WAITS_NS] * 2, (
        "each one send before a second"
    )


def test_silence_everywhere_is_an_error() -> None:
    asked, answer = play(walk(ITEM), LEAF_FOUND, None, None)
    assert told(asked)[1:] == ["udp 127.86.4.1", "tcp 127.86.4.1"]
    assert answer == Answer(Code.ERROR, message=NO_SERVER_ANSWERED)


def test_code_2_moves_on_and_any_other_code_is_final() -> None:
    failing = Answer(Code.ERROR, message=b"Internal Error")
    asked, answer = play(walk(ITEM), LEAF_FOUND, failing, NO)
    assert (told(asked)[1:], answer) == (["udp 127.86.4.1", "tcp 127.86.4.1"], NO)
    unhomed = Answer(Code.SERVER_NOT_RESP)
    assert play(walk(ITEM), LEAF_FOUND, unhomed)[1] == unhomed


def test_the_fastest_site_is_asked_first_and_a_failed_one_last() -> None:
    times = ResponseTimes()
    times.answered("127.86.4.1", 9_000_000)
    times.answered("127.86.4.2", 2_000_000)
    times.refused("127.86.4.3")
    assert times.of("127.86.4.3") == FAILURE_NS
    found = Answer(Code.SUCCESS, tuple(names(f"127.86.4.{n}") for n in (3, 1, 2)))
    asked, _ = play(walk(ITEM, times), found, None, None, None)
    assert told(asked)[1:] == ["udp 127.86.4.2", "udp 127.86.4.1", "udp 127.86.4.3", "udp 127.86.4.2"]


def test_silence_counts_as_long_as_it_lasted_and_twice_as_long_the_next_time() -> None:
    times = ResponseTimes()
    times.answered("127.86.4.1", 3_000_000)
    estimates = []
    for number in range(10):
        times.failed("127.86.4.1", UDP_WAITS_NS[0], 1, number)
        estimates.append(times.of("127.86.4.1") // 10**6)
    assert estimates == [3, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]


def test_silence_about_one_thing_alone_marks_nobody() -> None:
    times = ResponseTimes()
    times.answered("127.86.4.1", 3_000_000)
    for _ in range(9):
        times.failed("127.86.4.1", UDP_WAITS_NS[0], 1, b"one")
    assert times.of("127.86.4.1") == 3_000_000
    times.answered("127.86.4.1", 3_000_000, at_ns=2)
    times.failed("127.86.4.1", UDP_WAITS_NS[0], 3, b"other")
    assert times.of("127.86.4.1") == 3_000_000, "an answer clears the suspicion"


def test_who_answered_others_meanwhile_is_well() -> None:
    times = ResponseTimes()
    times.answered("127.86.4.1", 3_000_000, at_ns=700)
    for about in (b"one", b"other"):
        times.failed("127.86.4.1", UDP_WAITS_NS[0], 600, about)
    assert times.of("127.86.4.1") == 3_000_000
    for about in (b"one", b"other"):
        times.failed("127.86.4.1", UDP_WAITS_NS[0], 701, about)
    assert times.of("127.86.4.1") == UDP_WAITS_NS[0]


def test_who_is_passed_over_has_another_chance_in_time() -> None:
    times = ResponseTimes()
    times.answered("127.86.4.1", 1_000_000)
    times.refused("127.86.4.2")
    found = Answer(Code.SUCCESS, (names("127.86.4.1"), names("127.86.4.2")))
    first = []
    for _ in range(1_000):
        asked, _ = play(walk(ITEM, times), found, YES)
        first.append(told(asked)[1])
    assert first.index("udp 127.86.4.2") in range(600, 800), "of a thousand questions one or two meet it"


def test_what_is_sent_again_is_a_share_of_what_is_sent() -> None:
    retries = Retries(share=0.25)
    assert sum(retries.spend() for _ in range(2 * RETRIES_KEPT)) == RETRIES_KEPT
    for _ in range(40):
        retries.earn()
    assert sum(retries.spend() for _ in range(40)) == 10
    for _ in range(10 * RETRIES_KEPT):
        retries.earn()
    assert retries.left <= RETRIES_KEPT + 1, "no more is saved up"


def test_no_address_has_more_waiting_than_it_may() -> None:
    loads = Loads(2)
    assert [loads.take("127.86.4.1") for _ in range(3)] == [True, True, False]
    assert loads.take("127.86.4.2")
    loads.leave("127.86.4.1")
    assert loads.of("127.86.4.1") == 1 and loads.take("127.86.4.1")


def test_one_answer_ends_a_failure() -> None:
    times = ResponseTimes()
    times.refused("127.86.4.1")
    times.answered("127.86.4.1", 3_000_000)
    assert times.of("127.86.4.1") == 3_000_000


def test_an_authoritative_question_goes_to_primary_sites_only() -> None:
    both = Answer(Code.SUCCESS, (Value(1, b"HS_SITE", hs_site.encode(MIRROR)), names("127.86.4.1")))
    asked, answer = play(walk(Question(b"88.118.8/item", authoritative=True)), both, YES)
    assert (told(asked)[1:], answer) == (["udp 127.86.4.1"], YES)


def test_udp_is_sent_three_times_and_tcp_once() -> None:
    asked, _ = play(walk(ITEM), LEAF_FOUND, None, None)
    udp, tcp = (effect for effect in asked if isinstance(effect, Ask))
    assert [wait // 1_000_000 for wait in udp.waits_ns] == [500, 1_000, 1_500]
    assert len(tcp.waits_ns) == 1


def test_a_server_out_of_service_is_not_asked() -> None:
    closed = site("127.86.4.7", interfaces=(Interface(0, Protocol.UDP, 2641), Interface(1, Protocol.TCP, 2641)))
    asked, answer = play(walk(ITEM), Answer(Code.SUCCESS, (Value(1, b"HS_SITE", hs_site.encode(closed)),)))
    assert told(asked) == ["find 0.NA/88.118.8"]
    assert answer == Answer(Code.ERROR, message=NO_SERVER_ANSWERED)


def test_each_family_of_prefixes_is_asked_at_its_own_root() -> None:
    roots = (RootService((ROOT,)), RootService((MIRROR,), (b"10", b"20")))
    for handle, ip in (
        (b"0.NA/88.118", "127.86.1.1"),
        (b"0.na/10.1000", "127.86.4.2"),
        (b"20", "127.86.4.2"),
        (b"0.NA/100.1", "127.86.1.1"),
        (b"0.0/0.0", "127.86.1.1"),
    ):
        asked, _ = play(walk(Question(handle), roots=roots), YES)
        assert told(asked) == [f"udp {ip}"], handle


def test_a_family_without_a_root_is_told_apart_from_a_root_that_is_silent() -> None:
    _, answer = play(walk(PREFIX, roots=(RootService((ROOT,), (b"10",)),)))
    assert answer == Answer(Code.HANDLE_NOT_FOUND)


def test_a_proof_is_taken_where_its_user_lives_the_way_a_question_would_go() -> None:
    proof = VerifyRequest(b"88.118.8/me", 301, bytes(16), Digest(3, bytes(32)), b"")
    rule = resolve(Question(b"88.118.8/me", certify=True), (RootService((ROOT,)),), ResponseTimes(), proof=proof)
    asked, answer = play(rule, LEAF_FOUND, Answer(Code.AUTHENTICATION_FAILED))
    assert told(asked) == ["find 0.NA/88.118.8", "udp 127.86.4.1"]
    assert isinstance(asked[1], Ask) and asked[1].proof == proof
    assert answer == Answer(Code.AUTHENTICATION_FAILED)
