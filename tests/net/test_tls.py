"""TLS with the server's own key: at the HTTP door, and on the Handle port."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_network import TAKEN, Doors, running

from nodes.keyring import public_record
from nodes.state import keys_folder, status
from resolver.model.now import Now
from resolver.model.question import Question
from resolver.net.tls import Tls
from resolver.rules import replies
from resolver.rules.keys import public_key
from resolver.wire.codes import Code
from resolver.wire.framing import TcpFramer
from resolver.wire.message import Message, decode, encode

pytestmark = pytest.mark.network
NOW = Now(0, 1_800_000_000 * 10**9)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with running(tmp_path_factory.mktemp("tls")) as doors:
        yield doors


def trusting() -> ssl.SSLContext:
    """Takes any certificate: its key is what is looked at."""
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_ciphers("DEFAULT:@SECLEVEL=1")
    return made


def node(doors: Doors, key: str, name: str = "enterprise-88.118.8") -> tuple[str, int]:
    ip, port = next(each[key] for each in status(doors.run_dir)["nodes"] if each["name"] == name).rsplit(":", 1)
    return ip, int(port)


def packet(number: int) -> bytes:
    return encode(replies.request_message(Question(TAKEN.encode()), number, NOW))


def is_the_sites(doors: Doors, link: ssl.SSLSocket) -> bool:
    shown = x509.load_der_x509_certificate(link.getpeercert(binary_form=True) or b"").public_key()
    own = public_key(public_record(keys_folder(doors.run_dir), "enterprise-88.118.8"))
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return shown.public_bytes(*form) == own.public_bytes(*form)  # type: ignore[union-attr]


def test_https_answers_with_the_key_of_the_site_and_hears_proofs(doors: Doors) -> None:
    ip, port = node(doors, "https")
    connection = HTTPSConnection(ip, port, timeout=30, context=trusting())
    try:
        connection.request("GET", f"/api/handles/{TAKEN}")
        response = connection.getresponse()
        assert (response.status, b"JXDY2106023" in response.read()) == (200, True)
        assert is_the_sites(doors, connection.sock)
        connection.request("GET", "/api/handles?prefix=88.118.8", headers=doors.basic())
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def test_a_browser_that_knows_the_certificate_trusts_it(doors: Doors) -> None:
    ip, port = node(doors, "https")
    known = ssl.create_default_context(cadata=ssl.get_server_certificate((ip, port)))
    known.set_ciphers("DEFAULT:@SECLEVEL=1")
    with socket.create_connection((ip, port), 30) as link, known.wrap_socket(link, server_hostname=ip) as safe:
        assert safe.version() in ("TLSv1.2", "TLSv1.3")


def test_the_protocol_goes_over_tls_on_its_own_port_pipelined_and_beside_plain_streams(doors: Doors) -> None:
    where = node(doors, "address")
    with (
        socket.create_connection(where, 30) as plain,
        socket.create_connection(where, 30) as link,
        trusting().wrap_socket(link) as safe,
    ):
        assert is_the_sites(doors, safe)
        for each in (safe, plain):
            each.sendall(b"".join(packet(number) for number in range(1, 41)))
            framer, heard = TcpFramer(), []
            while len(heard) < 40:
                octets = each.recv(65_536)
                assert octets
                heard += [decode(answer) for answer in framer.feed(octets)]
            assert all(isinstance(answer, Message) and answer.header.code == Code.SUCCESS for answer in heard)
            assert [answer.envelope.request_id for answer in heard] == list(range(1, 41))


@pytest.mark.parametrize("octets", [b"\x16", b"\x16\x03\x01\x00\x05hello", b"\x16" + b"x" * 5_000])
def test_what_begins_like_tls_and_is_none_is_hung_up_on(doors: Doors, octets: bytes) -> None:
    with socket.create_connection(node(doors, "address"), 30) as link:
        link.sendall(octets)
        link.shutdown(socket.SHUT_WR)
        try:
            while link.recv(65_536):  # an alert, perhaps
                pass
        except ConnectionError:
            pass
    assert doors.ask("GET", f"/api/handles/{TAKEN}").status == 200


def test_octets_come_through_however_they_are_cut(doors: Doors) -> None:
    from nodes.keyring import certificate_file, key_file
    from resolver.net.tls import context

    folder = keys_folder(doors.run_dir)
    file = certificate_file(folder, "enterprise-88.118.8", node(doors, "address")[0])
    server = Tls(context(file, key_file(folder, "enterprise-88.118.8")))
    inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting().wrap_bio(inward, outward)
    heard = b""

    def move() -> None:
        nonlocal heard
        octets = outward.read()
        for at in range(len(octets)):
            heard += server.feed(octets[at : at + 1])
        inward.write(server.seal())

    for _ in range(10):
        try:
            client.do_handshake()
            break
        except ssl.SSLWantReadError:
            move()
    client.write(b"a question")
    move()
    inward.write(server.seal(b"an answer"))
    assert (heard, client.read(100)) == (b"a question", b"an answer")
