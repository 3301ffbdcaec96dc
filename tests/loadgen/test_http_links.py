"""The protocol's messages in HTTP, as the load generator sends and reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.links import HTTP_OCTETS_MAX, HttpFramer
from resolver.errors import PeerError

KIND = b"Content-Type: application/x-hdl-message"


def response(body: bytes, kind: bytes = KIND, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (status, kind, len(body), body)


@given(st.lists(st.binary(max_size=60), max_size=5), st.lists(st.integers(1, 40), max_size=30))
def test_messages_come_out_whole_however_they_arrive(bodies: list[bytes], cuts: list[int]) -> None:
    octets, framer, found = b"".join(map(response, bodies)), HttpFramer(), []
    for cut in [*cuts, len(octets) + 1]:
        found += framer.feed(octets[:cut])
        octets = octets[cut:]
    assert found == bodies


def test_an_error_page_answers_nobody_and_the_next_message_is_read() -> None:
    octets = response(b"busy", b"Content-Type: text/plain", b"503 Busy") + response(b"message")
    assert HttpFramer().feed(octets) == [b"message"]


@pytest.mark.parametrize(
    "octets", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + KIND + b"\r\n\r\n", b"x" * (HTTP_OCTETS_MAX + 1)]
)
def test_what_is_no_response_ends_the_connection(octets: bytes) -> None:
    with pytest.raises(PeerError):
        HttpFramer().feed(octets)
