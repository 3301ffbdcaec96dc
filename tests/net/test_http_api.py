"""The REST interface of a running network: the table of behaviour.md §4, a foreign client, bad input."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from http_network import PREFIX, TAKEN, Doors, running

from resolver.net.http.door import BODY_OCTETS_MAX

pytestmark = pytest.mark.network
REPO = Path(__file__).parents[2]
OWNER = {
    "index": 100,
    "type": "HS_ADMIN",
    "data": {"format": "admin", "value": {"handle": "0.NA/88.118.8", "index": "200", "permissions": "011111110011"}},
}


def url(index: int, text: str) -> dict[str, Any]:
    return {"index": index, "type": "URL", "data": text}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with running(tmp_path_factory.mktemp("doors")) as doors:
        yield doors


# ---- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/api/handles/{TAKEN}", 200, 1),
        ("/api/handles/88.118.8%2FJXDY2106023", 200, 1),
        ("/api/handles/88.118.8/jxdy2106023", 200, 1),
        (f"/api/handles/{TAKEN}?type=EMAIL", 200, 200),
        ("/api/handles/88.118.8/NOT-THERE", 404, 100),
        ("/api/handles/88.999.8/X", 400, 301),
        ("/api/handles/0.NA/88.118.8", 200, 1),
        ("/api/handles/", 400, 102),
        ("/api/handles?prefix=88.118.8", 401, 402),
        ("/api/handles", 400, 102),
        ("/api/site", 200, 1),
        ("/api/nothing", 404, 4),
        ("/api", 404, 4),
        ("/hrls/handles/88.118.8/JXDY2106023", 404, 4),
        (f"http://somebody.example/api/handles/{TAKEN}", 200, 1),
        ("/api/prefixes", 401, 402),
        ("/api/handles/%zz", 400, 4),
        (f"/api/handles/{TAKEN}?index=one", 400, 4),
        (f"/api/handles/{TAKEN}?index=4294967296", 400, 4),
        (f"/api/handles/{TAKEN}?x=%ff%zz", 400, 4),
        ("/api/sessions", 403, 4),
    ],
)
def test_what_is_asked_has_its_status_and_code(doors: Doors, path: str, status: int, code: int) -> None:
    answer = doors.ask("GET", path)
    assert (answer.status, answer.code) == (status, code)


def test_a_record_comes_in_the_reference_servers_form(doors: Doors) -> None:
    answer = doors.ask("GET", f"/api/handles/{TAKEN}?type=URL")
    value = {
        "index": 1,
        "type": "URL",
        "data": {"format": "string", "value": "https://jxdy.example/p/JXDY2106023"},
        "ttl": 86400,
        "timestamp": "2026-01-01T00:00:00Z",
    }
    assert answer.json == {"responseCode": 1, "handle": TAKEN, "values": [value]}
    assert answer.headers["Content-Type"].startswith("application/json")


def test_the_handle_is_named_as_it_was_asked_for(doors: Doors) -> None:
    assert doors.ask("GET", "/api/handles/88.118.8/jxdy2106023").json["handle"] == "88.118.8/jxdy2106023"


def test_a_recursive_node_answers_for_all_and_post_reads_too(doors: Doors) -> None:
    direct = doors.ask("GET", f"/api/handles/{TAKEN}?type=URL").json
    for body, kind in (({"type": ["URL"]}, "application/json"), (b"type=URL", "application/x-www-form-urlencoded")):
        asked = doors.ask("POST", f"/api/handles/{TAKEN}", body, at=doors.recursive, headers={"Content-Type": kind})
        assert asked.json["values"][0]["data"] == direct["values"][0]["data"]


def test_only_what_is_asked_for_by_index_or_type(doors: Doors) -> None:
    assert [value["index"] for value in doors.ask("GET", f"/api/handles/{TAKEN}?index=100").json["values"]] == [100]
    both = doors.ask("GET", f"/api/handles/{TAKEN}?index=100&type=URL").json["values"]
    assert [value["index"] for value in both] == [1, 100]


def test_head_has_no_body_and_options_says_who_may_ask(doors: Doors) -> None:
    head = doors.ask("HEAD", f"/api/handles/{TAKEN}")
    assert (head.status, head.body) == (200, b"")
    options = doors.ask("OPTIONS", "/anything")
    assert options.headers["Access-Control-Allow-Methods"] == "GET, POST, HEAD, PUT, DELETE"
    assert options.headers["Access-Control-Allow-Origin"] == head.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"type": "\\ud800"}', "application/json"),
        (b'{"\\ud800": [{}]}', "application/json"),
        (b'{"index": [null]}', "application/json"),
        (b"[]", "application/json"),
        (b"type=%ff", "application/x-www-form-urlencoded"),
        (b"type=URL", "text/plain"),
    ],
)
def test_fields_that_cannot_be_read_are_refused_and_counted(doors: Doors, body: bytes, kind: str) -> None:
    def refused() -> float:
        page = urlopen(doors.pages["enterprise-88.118.8"]).read().decode()
        counted = [line for line in page.splitlines() if line.startswith("biaoshi_dropped_total")]
        return sum(float(line.rsplit(" ", 1)[1]) for line in counted if 'reason="refusal"' in line)

    before = refused()
    answer = doors.ask("POST", f"/api/handles/{TAKEN}", body, headers={"Content-Type": kind})
    assert (answer.status, answer.code, refused()) == (400, 4, before + 1)


def test_elsewhere_a_node_without_pages_sends_readers_to_its_interface_and_nobody_else(doors: Doors) -> None:
    for path, there in (
        (f"/{TAKEN}", f"/api/handles/{TAKEN}"),
        ("/", "/api/site"),
        ("http://x.example/a", "/api/handles/a"),
    ):
        answer = doors.ask("GET", path)
        assert (answer.status, answer.headers["Location"]) == (302, there)
    for method in ("PUT", "DELETE", "POST", "CONNECT"):
        assert doors.ask(method, f"/{TAKEN}").status == 405


@pytest.mark.parametrize(
    ("alg", "made"),
    [
        ("SHA1", lambda key, octets: hashlib.sha1(key + octets + key).digest()),
        ("SHA256", lambda key, octets: hashlib.sha256(key + octets + key).digest()),
        ("HmacSHA1", lambda key, octets: hmac.digest(key, octets, "sha1")),
        ("HmacSHA256", lambda key, octets: hmac.digest(key, octets, "sha256")),
        (
            "PBKDF2WithHmacSHA1",
            lambda key, octets: hmac.digest(hashlib.pbkdf2_hmac("sha1", key, b"salt", 1_000, 20), octets, "sha1"),
        ),
    ],
)
def test_who_keeps_a_secret_tells_whether_a_proof_was_made_with_it(
    doors: Doors, alg: str, made: Callable[[bytes, bytes], bytes]
) -> None:
    nonce, cnonce, keeper = b"n" * 16, b"c" * 16, doors.http["secondary-88.118"]
    told = {"alg": alg, "nonce": nonce, "cnonce": cnonce, "salt": b"salt", "iterations": 1_000, "length": 160}
    for octets, valid in ((nonce + cnonce, True), (cnonce + nonce, False)):
        told["signature"] = made(doors.secret.encode(), octets)
        query = urlencode({k: base64.b64encode(v) if isinstance(v, bytes) else v for k, v in told.items()})
        answer = doors.ask("GET", f"/api/verifications/301:0.NA/88.118.8?{query}", at=keeper)
        assert answer.json == {"responseCode": 1, "isValid": valid}


@pytest.mark.parametrize(("method", "status"), [("TRACE", 405), ("PATCH", 405), ("QUERY", 405), ("FROB", 400)])
def test_other_methods_are_not_served(doors: Doors, method: str, status: int) -> None:
    assert doors.ask(method, f"/api/handles/{TAKEN}").status == status


def test_a_callback_is_called_and_anything_else_is_not(doors: Doors) -> None:
    called = doors.ask("GET", "/api/handles/88.118.8/NO?callback=show")
    assert called.body == b'show({"responseCode": 100, "handle": "88.118.8/NO"});'
    assert called.headers["Content-Type"].startswith("application/javascript")
    assert doors.ask("GET", "/api/handles/88.118.8/NO?callback=alert(1)//").code == 100


def test_requests_are_counted_under_their_transport(doors: Doors) -> None:
    def counted() -> float:
        page = urlopen(doors.pages["enterprise-88.118.8"]).read().decode()
        kind = 'code="SUCCESS",node="enterprise-88.118.8",opcode="RESOLUTION",tier="enterprise",transport="http"'
        lines = [
            line
            for line in page.splitlines()
            if line.startswith("biaoshi_requests_total") and 'transport="http"' in line
        ]
        assert lines or not kind
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if 'code="SUCCESS"' in line and "RESOLUTION" in line)

    before = counted() if doors.ask("GET", f"/api/handles/{TAKEN}").status == 200 else -1.0
    for _ in range(3):
        doors.ask("GET", f"/api/handles/{TAKEN}")
    assert counted() == before + 3


# ---- writing ---------------------------------------------------------------------------------------------------------


def test_an_identifiers_whole_life(doors: Doors) -> None:
    admin, path = doors.basic(), "/api/handles/88.118.8/LIFE"
    record = {"values": [url(1, "https://one.example"), OWNER]}
    steps = [
        ("PUT", f"{path}?overwrite=false", record, 201, 1),
        ("PUT", f"{path}?overwrite=false", record, 409, 101),
        ("PUT", path, record, 200, 1),  # overwrites unless told not to
        ("PUT", f"{path}?index=2", {"values": [{"index": 2, "type": "EMAIL", "data": "a@b.example"}]}, 201, 1),
        ("PUT", f"{path}?index=2&overwrite=false", [{"index": 2, "type": "EMAIL", "data": "c"}], 409, 201),
        ("PUT", f"{path}?index=3", [{"index": 2, "type": "EMAIL", "data": "c"}], 400, 4),
        (
            "PUT",
            f"{path}?index=various&overwrite=true",
            {"index": 1, "type": "URL", "data": "https://two.example"},
            200,
            1,
        ),
        ("GET", path, None, 200, 1),
        ("DELETE", f"{path}?index=2", None, 200, 1),
        ("DELETE", f"{path}?index=2", None, 400, 200),
        ("DELETE", path, None, 200, 1),
        ("DELETE", path, None, 404, 100),
        ("GET", path, None, 404, 100),
    ]
    for method, asked, body, status, code in steps:
        answer = doors.ask(method, asked, body, headers=admin)
        assert (answer.status, answer.code) == (status, code), (method, asked, answer.body)
        if code == 1 and method == "GET":
            assert [value["data"]["value"] for value in answer.json["values"][:2]] == [
                "https://two.example",
                "a@b.example",
            ]
        assert code == 4 or answer.json["handle"] == "88.118.8/LIFE"


def test_a_minted_name_begins_as_was_asked(doors: Doors) -> None:
    answer = doors.ask("PUT", "/api/handles/88.118.8/M-?mintNewSuffix=true", [OWNER], headers=doors.basic())
    assert answer.code == 1 and answer.json["handle"].startswith("88.118.8/M-") and len(answer.json["handle"]) > 30
    assert doors.ask("GET", "/api/handles/" + answer.json["handle"]).code == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_without_proof_it_is_asked_for_and_a_wrong_one_hears_nothing(doors: Doors, method: str) -> None:
    body = [url(1, "x")] if method == "PUT" else None
    asked = doors.ask(method, "/api/handles/88.118.8/NEVER" if body else f"/api/handles/{TAKEN}", body)
    assert (asked.status, asked.code) == (401, 402)
    assert asked.headers["WWW-Authenticate"] == 'Basic realm="handle"'
    script = {"X-Requested-With": "XMLHttpRequest"}
    assert (
        "WWW-Authenticate"
        not in doors.ask(method, f"/api/handles/{TAKEN}?overwrite=true", body, headers=script).headers
    )
    for wrong in (doors.basic("not the secret"), {"Authorization": "Basic !!!"}, {"Authorization": "Digest x"}):
        answer = doors.ask("PUT", "/api/handles/88.118.8/NEVER", [url(1, "x")], headers=wrong)
        assert (answer.status, answer.body) == (401, b"")
    assert doors.ask("GET", "/api/handles/88.118.8/NEVER").code == 100


def test_a_wrong_proof_is_refused_even_where_none_is_needed(doors: Doors) -> None:
    path = f"/api/handles/{TAKEN}"
    assert doors.ask("GET", path, headers=doors.basic()).status == 200
    for wrong in (doors.basic("not the secret"), doors.basic(user="301:0.NA/88.118.77"), doors.basic(user="7:88/x")):
        answer = doors.ask("GET", path, headers=wrong)
        assert (answer.status, answer.body) == (401, b"")
    assert doors.ask("GET", path, headers=doors.basic(), at=doors.recursive).status == 200  # it has nobody log in


def test_secrets_are_shown_to_those_who_may_see_them(doors: Doors) -> None:
    path = "/api/handles/88.118.8/SECRET"
    secret = {"index": 1, "type": "NOTE", "data": "between us", "permissions": "1100"}
    assert doors.ask("PUT", path, [secret, OWNER], headers=doors.basic()).code == 1
    assert [value["index"] for value in doors.ask("GET", path).json["values"]] == [100]
    assert doors.ask("GET", f"{path}?publicOnly=false").status == 401
    shown = doors.ask("GET", path, headers=doors.basic()).json["values"]
    assert [value["index"] for value in shown] == [1, 100] and shown[0]["permissions"] == "1100"


def test_lists_have_pages(doors: Doors) -> None:
    whole = doors.ask("GET", f"/api/handles?prefix={PREFIX}", headers=doors.basic()).json
    assert whole["totalCount"] == str(len(whole["handles"])) and len(whole["handles"]) > 100
    page = doors.ask("GET", f"/api/handles?prefix={PREFIX}&page=1&pageSize=7", headers=doors.basic()).json
    assert page["handles"] == whole["handles"][7:14] and (page["page"], page["pageSize"]) == (1, 7)
    assert doors.ask("GET", "/api/prefixes", headers=doors.basic()).json["prefixes"] == ["0.NA/88.118.8"]


def test_a_search_finds_what_everybody_may_read(doors: Doors) -> None:
    admin = doors.basic()
    for name, text in (("S1", "https://find.example/a"), ("S2", "https://find.example/b")):
        assert doors.ask("PUT", f"/api/handles/88.118.8/{name}", [url(1, text), OWNER], headers=admin).code == 1
    hidden = {"index": 1, "type": "URL", "data": "https://find.example/hidden", "permissions": "1100"}
    assert doors.ask("PUT", "/api/handles/88.118.8/S3", [hidden, OWNER], headers=admin).code == 1
    assert doors.ask("GET", "/hrls/handles?URL=*find.example*", headers=admin).json == ["88.118.8/S1", "88.118.8/S2"]
    assert doors.ask("GET", "/hrls/handles?URL=https://find.example/?", headers=admin).json == [
        "88.118.8/S1",
        "88.118.8/S2",
    ]
    assert doors.ask("GET", "/hrls/handles?URL=*find.example*&limit=1&page=1", headers=admin).json == ["88.118.8/S2"]
    assert doors.ask("GET", "/hrls/handles?URL=*find*&EMAIL=*", headers=admin).json == []
    assert doors.ask("GET", "/hrls/handles?URL=*").status == 401
    assert doors.ask("GET", "/hrls/handles", headers=admin).code == 4
    assert doors.ask("GET", "/hrls/handles?URL=*", headers=admin, at=doors.recursive).status == 400


def test_pyhandle_unmodified_registers_reads_searches_modifies_and_deletes(doors: Doors) -> None:
    from pyhandle.handleclient import PyHandleClient
    from pyhandle.handleexceptions import HandleAlreadyExistsException, HandleAuthenticationError

    base, name = f"http://{doors.enterprise}", "88.118.8/PYHANDLE-1"
    client = PyHandleClient("rest").instantiate_with_username_and_password(
        base, "301:0.NA/88.118.8", doors.secret, reverselookup_baseuri=base
    )
    client.register_handle(name, "https://py.example/1", overwrite=False, EMAIL="py@py.example")
    with pytest.raises(HandleAlreadyExistsException):
        client.register_handle(name, "https://py.example/1", overwrite=False)
    assert client.get_value_from_handle(name, "URL") == "https://py.example/1"
    assert client.search_handle(URL="*py.example/1*") == [name]
    client.modify_handle_value(name, URL="https://py.example/2", NOTE="new")
    record = client.retrieve_handle_record(name)
    assert (record["URL"], record["NOTE"], record["EMAIL"]) == ("https://py.example/2", "new", "py@py.example")
    client.delete_handle_value(name, "EMAIL")
    assert "EMAIL" not in client.retrieve_handle_record(name)
    client.delete_handle(name)
    assert client.retrieve_handle_record_json(name) is None
    stranger = PyHandleClient("rest").instantiate_with_username_and_password(
        base, "301:0.NA/88.118.8", "not the secret", reverselookup_baseuri=base
    )
    with pytest.raises(HandleAuthenticationError):
        stranger.register_handle("88.118.8/PYHANDLE-2", "https://py.example")


# ---- the tunnel ------------------------------------------------------------------------------------------------------


def test_a_message_of_the_protocol_goes_through_as_recorded(doors: Doors) -> None:
    frames = json.loads((REPO / "tests" / "vectors" / "conversations" / "resolve_http.json").read_text())[0]["frames"]
    head, _, message = bytes.fromhex(frames[0][1]).partition(b"\r\n\r\n")
    expected = bytes.fromhex(frames[1][1]).partition(b"\r\n\r\n")[2]
    # Our network has another identifier of as many octets; all else is as it was recorded.
    assert (
        doors.ask("PUT", "/api/handles/88.118.8/HELO", [url(1, "https://x.example"), OWNER], headers=doors.basic()).code
        == 1
    )
    ours = message.replace(b"86.1000/hello", b"88.118.8/HELO")
    ip, port = doors.enterprise.rsplit(":", 1)
    with socket.create_connection((ip, int(port)), 30) as link:
        link.sendall(head + b"\r\n\r\n" + ours)
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer.partition(b"\r\n\r\n")[2]) < 20:
            answer += link.recv(65_536)
    said, _, body = answer.partition(b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200") and b"application/x-hdl-message" in said and b"Content-Length" in said
    assert b"chunked" not in said
    assert body[:4] == expected[:4] and body[8:12] == message[8:12] and body[20:28] == expected[20:28]


@pytest.mark.parametrize("body", [b"", b"nonsense", bytes(20), b"\x02\x03\x02\x0b" + bytes(12) + b"\xff\xff\xff\xff"])
def test_what_is_no_message_is_refused_in_the_protocol(doors: Doors, body: bytes) -> None:
    kind = {"Content-Type": "application/x-hdl-message", "Accept": "application/x-hdl-message"}
    answer = doors.ask("POST", "/", body, headers=kind)
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/x-hdl-message"
    assert int.from_bytes(answer.body[24:28], "big") in (2, 4)


def test_load_goes_through_the_tunnel_and_the_tiers_count_it(doors: Doors, capsys: pytest.CaptureFixture[str]) -> None:
    from biaoshi import cli

    command = ["load", "--run-dir", str(doors.run_dir), "--transport", "http", "--rate", "50", "--duration", "1s"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--slo", "p50<2s", "--goal", "1", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert (ended.value.code, said["sent"], said["answered"], said["wrong"]) == (0, 50, 50, 0)
    assert said["tiers"]["recursive"] == {"received": 50, "answered": 50}


# ---- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"values": 7}', "application/json"),
        (b'{"values": [{"index": 1}]}', "application/json"),
        (b'{"values": [{"index": "1", "type": "URL", "data": "x"}]}', "application/json"),
        (b'{"values": [], "handle": "88.118.8/OTHER"}', "application/json"),
        (b'{"values": [], "more": 1}', "application/json"),
        (b'[{"index": 1, "type": "URL", "data": {"format": "site", "value": {}}}]', "application/json"),
        (b'{"values": []}', "text/plain"),
        (b"\xff\xfe", "application/json"),
    ],
)
def test_a_bad_body_is_refused_with_the_reason(doors: Doors, body: bytes, kind: str) -> None:
    answer = doors.ask("PUT", "/api/handles/88.118.8/BAD", body, headers={"Content-Type": kind} | doors.basic())
    assert (answer.status, answer.code) == (400, 4)
    assert answer.json["message"]


def test_a_body_beyond_the_bound_is_refused_before_it_is_read(doors: Doors) -> None:
    ip, port = doors.enterprise.rsplit(":", 1)
    with socket.create_connection((ip, int(port)), 30) as link:
        head = "PUT /api/handles/88.118.8/BIG HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        link.sendall((head + f"Content-Length: {BODY_OCTETS_MAX + 1}\r\n\r\n").encode())
        assert link.recv(65_536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "octets",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(1_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /api/handles/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_refused_and_the_door_stays_open(doors: Doors, octets: bytes) -> None:
    ip, port = doors.enterprise.rsplit(":", 1)
    with socket.create_connection((ip, int(port)), 30) as link, contextlib.suppress(ConnectionError):
        link.sendall(octets)
        link.shutdown(socket.SHUT_WR)
        answer = link.recv(65_536)
        assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert doors.ask("GET", f"/api/handles/{TAKEN}").status == 200


def test_html_in_a_value_stays_text(doors: Doors) -> None:
    path, text = "/api/handles/88.118.8/HTML", "<img src=x onerror=alert(1)>"
    assert doors.ask("PUT", path, [url(1, text), OWNER], headers=doors.basic()).code == 1
    answer = doors.ask("GET", f"{path}?type=URL")
    assert answer.json["values"][0]["data"]["value"] == text
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# ---- the description -------------------------------------------------------------------------------------------------


def test_the_interface_is_described_and_answers_as_described(doors: Doors) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from schemathesis.checks import content_type_conformance, response_schema_conformance, status_code_conformance

    assert doors.ask("GET", "/openapi.json").headers["Location"] == "/api/openapi.json"
    schema = schemathesis.openapi.from_url(f"http://{doors.enterprise}/api/openapi.json")
    described = {
        (path, method)
        for path, methods in schema.raw_schema["paths"].items()
        for method in methods.keys() & {"get", "post", "put", "delete"}
    }
    assert described >= {("/api/handles/{handle}", each) for each in ("get", "post", "put", "delete")}
    assert described >= {("/hrls/handles", "get"), ("/api/sessions", "post"), ("/api/sessions/this", "delete")}
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(7)
        @settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answered(case: Any) -> None:
            nonlocal tried
            response = case.call(timeout=30)
            assert response.status_code < 500 or response.status_code in (501, 503), (case, response.text)
            # A proof that is wrong has no body to judge.
            checks = (
                [status_code_conformance]
                if not response.content
                else [status_code_conformance, content_type_conformance, response_schema_conformance]
            )
            case.validate_response(response, checks=checks)
            tried += 1

        answered()
    assert tried > 100


@pytest.mark.parametrize(
    ("method", "described", "path", "authorized"),
    [
        ("get", "/api/handles/{handle}", f"/api/handles/{TAKEN}", False),
        ("get", "/api/handles/{handle}", "/api/handles/88.118.8/NOT-THERE", False),
        ("get", "/api/handles/{handle}", "/api/handles/0.NA/88.118.8", True),
        ("get", "/api/handles", "/api/handles?prefix=88.118.8&page=0", True),
        ("get", "/api/prefixes", "/api/prefixes", True),
        ("get", "/api/site", "/api/site", False),
        ("get", "/hrls/handles", "/hrls/handles?URL=*", True),
        ("put", "/api/handles/{handle}", "/api/handles/88.118.8/DESCRIBED", True),
    ],
)
def test_answers_have_the_shape_that_is_described(
    doors: Doors, method: str, described: str, path: str, authorized: bool
) -> None:
    from jsonschema_rs import Draft202012Validator

    document = doors.ask("GET", "/api/openapi.json").json
    body = [OWNER] if method == "put" else None
    answer = doors.ask(method.upper(), path, body, headers=doors.basic() if authorized else None)
    responses = document["paths"][described][method]["responses"]
    schema = responses[str(answer.status)]["content"]["application/json"]["schema"]
    assert answer.status in (200, 201, 404)
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)
