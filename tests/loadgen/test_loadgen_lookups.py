"""Look-ups: the request for each slot, and the verdict on its answer."""

from __future__ import annotations

import numpy as np
from scripted_responder import answer_octets

from loadgen.comparison import Comparison
from loadgen.popularity import Zipf
from loadgen.results import Verdict
from loadgen.truth import Stored
from loadgen.workloads.lookups import Lookups, Requests
from resolver.model.value import Value
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.message import decode

BEGAN = 1_800_000_000
URL = Value(1, b"URL", b"https://example.org/a", timestamp=1_767_225_600)


def test_a_request_is_that_of_a_client_that_knows_nothing_about_the_server() -> None:
    assert Requests(BEGAN).about(b"88.1/A") == bytes.fromhex(
        "0203020b 00000000 00000000 00000000 0000002e"  # 2.3 suggesting 2.11; session, request id, sequence; 46 octets
        "00000001 00000000 19000000 ffff0000 6b4a7ac0 00000012"  # look-up; CA REC PO; serial unknown; in twelve hours
        "00000006 38382e312f41 00000000 00000000 00000000"  # handle; no indexes, no types, no credential
    )


def test_requests_of_one_length_differ_in_the_handle_only() -> None:
    requests, types = Requests(BEGAN, (b"HS_SITE",)), []
    for handle in (b"88.118.8", b"88.118.9", b"88.118.10", b"88.118.7"):
        body = decode(bytes(requests.about(handle))).body
        assert isinstance(body, ResolutionRequest)
        assert body.handle == handle
        types.append(body.types)
    assert types == [(b"HS_SITE",)] * 4


def test_every_slot_asks_for_the_identifier_of_its_rank_and_is_judged_by_it() -> None:
    truth = Stored([(b"88.1/%d" % number, (URL,)) for number in range(50)], seed=4)
    ranks = Zipf(50).draw(np.arange(40), 4)
    identifiers = truth.identifiers(ranks)
    made = Lookups(identifiers, ranks, Comparison(truth.values, BEGAN), BEGAN)
    assert len(set(identifiers)) > 10
    for slot, identifier in enumerate(identifiers):
        right = answer_octets(decode(bytes(made.request(slot))), (URL,))
        assert identifier in right
        assert made.judge(slot, right, len(right)) == (1, Verdict.RIGHT)
        other = next(number for number, each in enumerate(identifiers) if each != identifier)
        assert made.judge(other, right, len(right))[1] == Verdict.WRONG
