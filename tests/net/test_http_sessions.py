"""Sessions of the HTTP door: proof by secret key, by private key, by client certificate; and who has none."""

from __future__ import annotations

import base64
import json
import os
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from http_network import Doors, running

from nodes.keyring import administrator_key, certificate_file, public_record
from nodes.state import keys_folder, status
from resolver.net.http.sessions import SESSIONS_MAX
from resolver.rules import proof
from resolver.rules.keys import SigningKey, private_pem, public_key
from resolver.rules.replies import HIGHEST

pytestmark = pytest.mark.network
ADMIN = b"0.NA/88.118.8"
OWNER = {
    "index": 100,
    "type": "HS_ADMIN",
    "data": {"format": "admin", "value": {"handle": "0.NA/88.118.8", "index": 200, "permissions": "111111111111"}},
}
STARTS = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(key: Any, name: str, issuer: str, by: RSAPrivateKey, *, ca: bool) -> bytes:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    made = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(STARTS)
    made = made.not_valid_after(STARTS + timedelta(days=3_650))
    made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    return made.sign(by, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[RSAPrivateKey, Path]:
    """Who signs clients' certificates."""
    key, folder = generate_private_key(65_537, 2_048), tmp_path_factory.mktemp("sessions")
    (folder / "clients.pem").write_bytes(certificate(key.public_key(), "clients", "clients", key, ca=True))
    return key, folder


@pytest.fixture(scope="module")
def doors(authority: tuple[RSAPrivateKey, Path]) -> Iterator[Doors]:
    with running(authority[1], '\n[doors]\nclient_certificates = "clients.pem"\n', bits=2_048) as doors:
        yield doors


class Client:
    """An HTTPS client with at most one certificate of its own."""

    def __init__(self, doors: Doors, name: str = "enterprise-88.118.8", own: Path | None = None) -> None:
        self.door = next(each["https"] for each in status(doors.run_dir)["nodes"] if each["name"] == name)
        self.tls = ssl.create_default_context()
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self.tls.set_ciphers("DEFAULT:@SECLEVEL=1")
        if own is not None:
            self.tls.load_cert_chain(own)

    def __call__(self, method: str, path: str, body: Any = None, authorization: str = "") -> tuple[int, Any, list[str]]:
        ip, port = self.door.rsplit(":", 1)
        connection = HTTPSConnection(ip, int(port), timeout=30, context=self.tls)
        headers = {"Authorization": authorization} if authorization else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            octets = response.read()
            said = json.loads(octets) if octets else None
            return response.status, said, response.headers.get_all("WWW-Authenticate") or []
        finally:
            connection.close()


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def header(**told: str) -> str:
    return "Handle " + ", ".join(f'{key}="{value}"' for key, value in told.items())


def shown(session: dict[str, str], user: str, kind: str, key: SigningKey | bytes, alg: str = "SHA256") -> str:
    """An Authorization header that proves to be somebody."""
    cnonce = os.urandom(16)
    octets = base64.b64decode(session["nonce"]) + cnonce
    if isinstance(key, bytes):
        signature = proof.keyed_mac({"SHA256": 0x03, "HmacSHA256": 0x13, "SHA1": 0x02}[alg], key, octets)
    else:
        name, signature = proof.sign(key, octets, HIGHEST)
        alg = name.decode()
    return header(
        version="0", sessionId=session["sessionId"], id=quote(user, safe=""), type=kind, cnonce=b64(cnonce), alg=alg,
        signature=b64(signature),
    )  # fmt: skip


def admin_key(doors: Doors) -> SigningKey:
    key = administrator_key(keys_folder(doors.run_dir), b"88.118.8")
    assert key is not None
    return key


def life(client: Client, name: str, authorization: str) -> list[int]:
    """Statuses of a whole life under one authorization."""
    path, record = f"/api/handles/88.118.8/{name}", [{"index": 1, "type": "URL", "data": "https://x.example"}, OWNER]
    added = [{"index": 2, "type": "NOTE", "data": "y", "permissions": "1100"}]
    steps = (("PUT", path, record), ("PUT", f"{path}?index=2", added), ("GET", path, None), ("DELETE", path, None))
    return [client(method, asked, body, authorization)[0] for method, asked, body in steps]


@pytest.mark.parametrize("alg", ["SHA256", "HmacSHA256", "SHA1"])
def test_a_secret_key_is_proven_once_and_the_session_named_afterwards(doors: Doors, alg: str) -> None:
    client = Client(doors)
    status_code, session, _ = client("POST", "/api/sessions")
    assert status_code == 200 and "authenticated" not in session
    proven = shown(session, "301:0.NA/88.118.8", "HS_SECKEY", doors.secret.encode(), alg)
    status_code, entered, _ = client("PUT", "/api/sessions/this", None, proven)
    assert (status_code, entered["authenticated"], entered["id"]) == (200, True, "301:0.NA/88.118.8")
    again = header(sessionId=session["sessionId"])
    assert life(client, f"S-{alg}", again) == [201, 201, 200, 200]
    assert client("DELETE", "/api/sessions/this", None, again)[0] == 204
    assert life(client, f"S-{alg}", again)[0] == 401
    assert client("GET", "/api/sessions/this", None, again)[0] == 404


def test_a_private_key_is_proven_with_the_first_request_to_whoever_invited(doors: Doors) -> None:
    client = Client(doors)
    status_code, _, invited = client("GET", "/api/handles?prefix=88.118.8")
    assert status_code == 401 and any(each.startswith("Basic") for each in invited)
    told = next(each for each in invited if each.startswith("Handle "))
    session = dict(part.split("=", 1) for part in told.removeprefix("Handle ").replace('"', "").split(", "))
    proven = shown(session, "300:0.NA/88.118.8", "HS_PUBKEY", admin_key(doors))
    status_code, listed, _ = client("GET", "/api/handles?prefix=88.118.8", None, proven)
    assert status_code == 200 and int(listed["totalCount"]) > 100
    assert life(client, "P-1", header(sessionId=session["sessionId"])) == [201, 201, 200, 200]


def test_secret_values_are_seen_in_a_session(doors: Doors) -> None:
    client, path = Client(doors), "/api/handles/88.118.8/HIDDEN"
    session = client("POST", "/api/sessions")[1]
    client("PUT", "/api/sessions/this", None, shown(session, "300:0.NA/88.118.8", "HS_PUBKEY", admin_key(doors)))
    secret = {"index": 1, "type": "NOTE", "data": "between us", "permissions": "1100"}
    again = header(sessionId=session["sessionId"])
    assert client("PUT", path, [secret, OWNER], again)[0] == 201
    assert [value["index"] for value in client("GET", path, None, again)[1]["values"]] == [1, 100]
    assert [value["index"] for value in client("GET", path)[1]["values"]] == [100]


def test_a_server_proves_to_a_client_that_asks_who_it_is(doors: Doors) -> None:
    client, cnonce = Client(doors), os.urandom(16)
    session = client("POST", "/api/sessions")[1]
    asked = header(sessionId=session["sessionId"], cnonce=b64(cnonce))
    said = client("GET", "/api/sessions/this", None, asked)[1]
    own = public_key(public_record(keys_folder(doors.run_dir), "enterprise-88.118.8"))
    octets = base64.b64decode(session["nonce"]) + cnonce
    assert proof.verifies(own, said["serverAlg"].encode(), base64.b64decode(said["serverSignature"]), octets)


def wrong_proofs(doors: Doors, session: dict[str, str]) -> list[str]:
    good = shown(session, "301:0.NA/88.118.8", "HS_SECKEY", doors.secret.encode())
    other = {**session, "nonce": b64(os.urandom(16))}
    return [
        shown(session, "301:0.NA/88.118.8", "HS_SECKEY", b"not the secret"),
        shown(other, "301:0.NA/88.118.8", "HS_SECKEY", doors.secret.encode()),
        shown(session, "300:0.NA/88.118.8", "HS_PUBKEY", generate_private_key(65_537, 1_024)),
        shown(session, "300:0.NA/88.118.77", "HS_PUBKEY", admin_key(doors)),
        good.replace('type="HS_SECKEY"', 'type="HS_NONE"'),
        good.replace('alg="SHA256"', 'alg="CRC32"'),
        good.replace('signature="', 'signature="!!'),
        good.replace("301%3A", ""),
        header(sessionId=session["sessionId"]),
        header(sessionId="0" * 32),
        header(sessionId=session["sessionId"], clientCert="true"),
        "Handle nonsense",
    ]


def test_a_wrong_proof_opens_nothing(doors: Doors) -> None:
    client = Client(doors)
    for number in range(12):
        session = client("POST", "/api/sessions")[1]
        told = wrong_proofs(doors, session)[number]
        status_code, said, _ = client("DELETE", "/api/handles/88.118.8/JXDY2106023", None, told)
        assert (status_code, said) == (401, None), told
    assert client("GET", "/api/handles/88.118.8/JXDY2106023")[0] == 200


def test_those_who_prove_nothing_do_not_push_out_who_has(doors: Doors) -> None:
    client = Client(doors)
    session = client("POST", "/api/sessions")[1]
    client("PUT", "/api/sessions/this", None, shown(session, "301:0.NA/88.118.8", "HS_SECKEY", doors.secret.encode()))
    invited = client("POST", "/api/sessions")[1]
    ip, port = client.door.rsplit(":", 1)
    connection = HTTPSConnection(ip, int(port), timeout=30, context=client.tls)
    for _ in range(SESSIONS_MAX):
        connection.request("POST", "/api/sessions")
        assert connection.getresponse().read()
    connection.close()
    assert client("GET", "/api/sessions/this", None, header(sessionId=invited["sessionId"]))[0] == 404
    assert client("GET", "/api/sessions/this", None, header(sessionId=session["sessionId"]))[1]["authenticated"]


def test_a_session_is_of_one_node_and_of_tls(doors: Doors) -> None:
    client = Client(doors)
    session = client("POST", "/api/sessions")[1]
    client("PUT", "/api/sessions/this", None, shown(session, "301:0.NA/88.118.8", "HS_SECKEY", doors.secret.encode()))
    again = header(sessionId=session["sessionId"])
    assert Client(doors, "secondary-88.118")("GET", "/api/sessions/this", None, again)[0] == 404
    assert doors.ask("GET", "/api/handles?prefix=88.118.8", headers={"Authorization": again}).status == 401
    assert doors.ask("POST", "/api/sessions").status == 403


def test_a_client_certificate_is_proof_if_its_key_is_the_users(
    doors: Doors, authority: tuple[RSAPrivateKey, Path], tmp_path: Path
) -> None:
    own, file = admin_key(doors), tmp_path / "client.pem"
    assert isinstance(own, RSAPrivateKey)

    def client_of(name: str, key: RSAPrivateKey) -> Client:
        shown_by = certificate(key.public_key(), name, "clients", authority[0], ca=False)
        file.write_bytes(private_pem(key) + shown_by)
        return Client(doors, own=file)

    asks = header(clientCert="true")
    assert life(client_of("300:0.NA/88.118.8", generate_private_key(65_537, 2_048)), "C-1", asks)[0] == 401
    assert life(client_of("nobody", generate_private_key(65_537, 2_048)), "C-1", asks)[0] == 401
    assert life(client_of("300:0.NA/88.118.8", own), "C-1", asks) == [201, 201, 200, 200]
    assert life(Client(doors), "C-1", asks)[0] == 401


def pyhandle_life(client: Any, name: str) -> None:
    client.register_handle(name, "https://py.example/1", overwrite=False, EMAIL="py@py.example")
    client.modify_handle_value(name, URL="https://py.example/2")
    client.delete_handle_value(name, "EMAIL")
    record = client.retrieve_handle_record(name)
    assert record["URL"] == "https://py.example/2" and "EMAIL" not in record
    client.delete_handle(name)
    assert client.retrieve_handle_record_json(name) is None


def test_pyhandle_unmodified_writes_over_tls_by_password_and_by_certificate(
    doors: Doors, authority: tuple[RSAPrivateKey, Path], tmp_path: Path
) -> None:
    from pyhandle.clientcredentials import PIDClientCredentials
    from pyhandle.handleclient import PyHandleClient

    own, door = admin_key(doors), Client(doors).door
    assert isinstance(own, RSAPrivateKey)
    # It checks the server's certificate, which is that of the server's own key.
    known = certificate_file(keys_folder(doors.run_dir), "enterprise-88.118.8", door.rsplit(":", 1)[0])
    password = PyHandleClient("rest").instantiate_with_username_and_password(
        f"https://{door}", "301:0.NA/88.118.8", doors.secret, HTTPS_verify=str(known)
    )
    pyhandle_life(password, "88.118.8/PY-1")
    mine = tmp_path / "mine.pem"
    mine.write_bytes(
        private_pem(own) + certificate(own.public_key(), "300:0.NA/88.118.8", "clients", authority[0], ca=False)
    )
    shown_by = PIDClientCredentials(
        handle_server_url=f"https://{door}", client="rest", prefix="88.118.8", certificate_and_key=str(mine)
    )
    certified = PyHandleClient("rest").instantiate_with_credentials(
        shown_by, HTTPS_verify=str(known), handleowner="200:0.NA/88.118.8"
    )
    pyhandle_life(certified, "88.118.8/PY-2")
