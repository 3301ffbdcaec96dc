"""The client library against a running network: every version, transport, kind of key and way to a session."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playbook import TEACHING

from biaoshi.client import BATCH_MAX, BlockingClient, Client, Refused, administrator, credentials, text
from nodes import network, state
from nodes.keyring import administrator_key, administrator_secret
from resolver.errors import CallerError, PeerError, Unreachable
from resolver.net.line import Line
from resolver.net.pump import clock
from resolver.rules import keys, petition
from resolver.rules.petition import Terms
from resolver.rules.proof import Credentials
from resolver.wire.bodies.administration import ValuesRequest
from resolver.wire.bodies.session import CLIENT_KEY, DIFFIE_HELLMAN, KEY_BY_HANDLE, SERVER_KEY
from resolver.wire.codes import Code, Opcode

pytestmark = pytest.mark.network

VERSIONS = ((2, 1), (2, 3), (2, 5), (2, 7), (2, 10), (2, 11))
PREFIX = "88.118.8"
OWNER = administrator(f"0.NA/{PREFIX}")


class Running:
    """Addresses and keys of the running network."""

    def __init__(self, run_dir: Path, document: dict[str, Any]) -> None:
        addresses = {node["name"]: node["address"] for node in document["nodes"]}
        self.recursive, self.enterprise = addresses["recursive-1"], addresses[f"enterprise-{PREFIX}"]
        self.secondary = addresses["secondary-88.118"]
        folder = state.keys_folder(run_dir)
        key, secret = administrator_key(folder, PREFIX.encode()), administrator_secret(folder, PREFIX.encode())
        assert key is not None and secret is not None
        self.by_key = credentials(f"300:0.NA/{PREFIX}", key)
        self.by_secret = credentials(f"301:0.NA/{PREFIX}", secret)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    run_dir = tmp_path_factory.mktemp("run")
    file = run_dir / "teaching.toml"
    file.write_text("key_bits = 1024\n" + TEACHING.read_text(encoding="utf-8"), encoding="utf-8")
    with network.running(file, run_dir, second_octet=network.free_second_octet(file)) as document:
        yield Running(run_dir, document)


def life_of(handle: str, client: BlockingClient) -> None:
    """Create, read, modify, list and delete."""
    assert client.create(handle, [text(1, "URL", "https://a.example"), OWNER]) == handle.encode()
    with pytest.raises(Refused, match="HANDLE_ALREADY_EXISTS"):
        client.create(handle, [text(1, "URL", "https://b.example")])
    client.add(handle, [text(2, "EMAIL", "a@example.invalid")])
    client.modify(handle, [text(1, "URL", "https://c.example")])
    client.remove(handle, [2])
    values = client.resolve(handle, secret=True)
    assert [(value.index, value.data) for value in values if value.index < 100] == [(1, b"https://c.example")]
    assert handle.upper().encode() in client.list(PREFIX)
    client.delete(handle)
    with pytest.raises(Refused, match="HANDLE_NOT_FOUND"):
        client.resolve(handle, authoritative=True)


WAYS: list[dict[str, Any]] = [{}, {"session": True}, {"session": True, "encrypt": True}]


def live_in(version: tuple[int, int], tcp: bool, user: Credentials, way: dict[str, Any], there: Running) -> None:
    handle = f"{PREFIX}/life-{version[1]}-{tcp}-{user.user.index}-{len(way)}"
    with BlockingClient(there.recursive, user=user, tcp=tcp, version=version, **way) as client:
        life_of(handle, client)


@pytest.mark.parametrize("number", range(len(VERSIONS)), ids=[".".join(map(str, version)) for version in VERSIONS])
def test_a_handle_lives_its_life_in_every_version(number: int, there: Running) -> None:
    user = there.by_key if number % 2 else there.by_secret
    live_in(VERSIONS[number], number % 4 < 2, user, WAYS[number % 3], there)


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: ".".join(map(str, version)))
def test_a_handle_lives_its_life_in_every_way(version: tuple[int, int], there: Running) -> None:
    for tcp, user, way in product((False, True), (there.by_key, there.by_secret), WAYS):
        live_in(version, tcp, user, way, there)


@pytest.mark.parametrize("mode", [CLIENT_KEY, SERVER_KEY, KEY_BY_HANDLE, DIFFIE_HELLMAN])
def test_every_way_to_a_session(mode: int, there: Running) -> None:
    key = there.by_key.key
    assert not isinstance(key, bytes)
    options = {"session": True, "session_mode": mode, "session_key": key, "encrypt": True, "direct": True}
    with BlockingClient(there.enterprise, user=there.by_key, **options) as client:
        life_of(f"{PREFIX}/mode-{mode}", client)


def test_the_national_sdks_login(there: Running) -> None:
    host, _, port = there.enterprise.rpartition(":")

    async def story() -> list[int]:
        line = Line((host, int(port)), tcp=True)
        terms = Terms(clock, secrets.token_bytes, version=(2, 10), suggested=(2, 11))
        logged_in = await line.drive(petition.log_in(terms, there.by_key))
        body = ValuesRequest(f"{PREFIX}/by-login".encode(), (text(1, "URL", "https://a.example"), OWNER))
        created = await line.drive(petition.petition(Opcode.CREATE_HANDLE, body, terms))
        other = Line((host, int(port)), tcp=True)
        elsewhere = await other.drive(petition.petition(Opcode.DELETE_HANDLE, body, terms))
        line.close()
        other.close()
        return [messages[0].header.code for messages in (logged_in, created, elsewhere)]

    assert asyncio.run(story()) == [Code.SUCCESS, Code.SUCCESS, Code.SESSION_TIMEOUT]


def test_a_batch_says_of_each_record_what_became_of_it(there: Running) -> None:
    async def story() -> None:
        async with Client(there.recursive, user=there.by_secret, tcp=True, session=True) as client:
            records = [(f"{PREFIX}/batch-{number}", [text(1, "URL", "x:"), OWNER]) for number in range(60)]
            records.insert(30, (f"{PREFIX}/ABOUT", [text(1, "URL", "x:")]))
            outcomes = await client.create_many(records)
            assert [outcome.done for outcome in outcomes] == [number != 30 for number in range(61)]
            assert isinstance(outcomes[30].error, Refused) and outcomes[30].error.code == Code.HANDLE_ALREADY_EXISTS
            listed = await client.list(PREFIX)  # in several messages
            assert {f"{PREFIX}/BATCH-{number}".encode() for number in range(60)} <= set(listed)
            assert all(
                outcome.done for outcome in await client.delete_many([name for name, _ in records if "batch" in name])
            )
            with pytest.raises(CallerError, match="at most 2,000"):
                await client.create_many([("x/y", [])] * (BATCH_MAX + 1))

    asyncio.run(story())


def test_certified_answers_are_checked(there: Running) -> None:
    with BlockingClient(there.recursive) as client:
        assert client.resolve(f"{PREFIX}/ABOUT", certify=True) == client.resolve(f"{PREFIX}/ABOUT")
        server = next(iter(client._client._servers.values()))
        server.terms.server_key = keys.public_key(keys.record_of(keys.generate("rsa", 1024)))
        with pytest.raises((PeerError, Unreachable)):
            client.resolve(f"{PREFIX}/ABOUT", certify=True)


def test_who_has_no_right_is_told_so(there: Running) -> None:
    wrong = Credentials(there.by_secret.user, b"not the secret")
    for user, code in ((wrong, "AUTHENTICATION_FAILED"), (None, "AUTHENTICATION_NEEDED")):
        with BlockingClient(there.recursive, user=user) as client, pytest.raises(Refused, match=code):
            client.create(f"{PREFIX}/nobodys", [text(1, "URL", "x:")])
    with BlockingClient(there.secondary, direct=True) as client, pytest.raises(Refused):
        client.create("99.1/elsewhere", [text(1, "URL", "x:")])
