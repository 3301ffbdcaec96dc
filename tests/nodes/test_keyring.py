"""Keys of a network: made once, whole, for their owner alone; what they sign is believed from the root down."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from playbook import TEACHING, Country, answer, ask, country

from nodes import keyring
from nodes.config import NetworkPlan, load_network
from nodes.keyring import (
    ADMINISTRATORS,
    administrator_key,
    administrator_secret,
    key_file,
    make_keys,
    public_record,
    signing_key,
)
from resolver.errors import OperatorError
from resolver.model.question import Question
from resolver.model.value import Reference
from resolver.net.virtual import Address, Delivery, always_delivered
from resolver.rules import keys, signing
from resolver.rules.signing import Verdict
from resolver.wire.codes import Code
from resolver.wire.message import Message
from resolver.wire.types import hs_admin, hs_site, hs_vlist
from resolver.wire.types.hs_admin import HsAdmin

ITEM = b"88.118.8/JXDY2106023"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching network with keys that are quickly made, and none for administrators."""
    text = TEACHING.read_text(encoding="utf-8").replace('"catalogues/', f'"{TEACHING.parent}/catalogues/')
    made = tmp_path_factory.mktemp("network") / "teaching.toml"
    made.write_text('key_bits = 1024\nadministrators = "none"\n' + text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def folder(file: Path) -> Path:
    """Its keys."""
    made = file.parent / "keys"
    assert make_keys(load_network(file), made) == 9
    return made


@pytest.fixture(scope="module")
def plan(file: Path, folder: Path) -> NetworkPlan:
    return load_network(file, keys=folder)


def test_every_server_has_a_key_that_only_its_owner_can_read(file: Path, folder: Path) -> None:
    names = {node.name for node in load_network(file).nodes}
    assert {entry.name for entry in folder.iterdir()} == {f"{name}.pem" for name in names}
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    records = {public_record(folder, name) for name in names}
    assert len(records) == len(names) and b"" not in records


def test_the_public_half_belongs_to_the_private_one(folder: Path) -> None:
    key = signing_key(folder, "root-1")
    assert key is not None
    assert keys.record_of(key) == public_record(folder, "root-1")
    assert keys.record_of(keys.private_key(key_file(folder, "root-1").read_bytes())) == public_record(folder, "root-1")


def test_keys_are_made_once_and_only_where_one_is_lacking(file: Path, folder: Path, tmp_path: Path) -> None:
    before = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
    assert make_keys(load_network(file), folder) == 0
    assert {entry.name: entry.read_bytes() for entry in folder.iterdir()} == before
    written = public_record(folder, "root-1").hex()
    text = file.read_text(encoding="utf-8").replace('tier = "root"', f'tier = "root"\npublic_key = "{written}"')
    other = tmp_path / "other.toml"
    other.write_text(text, encoding="utf-8")
    assert make_keys(load_network(other), tmp_path / "keys") == 8  # the root's is its operator's business
    assert load_network(other, keys=tmp_path / "keys").node("root-1").site.servers[0].public_key.hex() == written
    other.write_text(file.read_text(encoding="utf-8").replace("key_bits = 1024", "key_bits = 0"), encoding="utf-8")
    assert make_keys(load_network(other), tmp_path / "none") == 0


def test_a_key_that_somebody_else_made_meanwhile_is_left_in_its_place(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate, plan = keys.generate, load_network(file)

    def generate_slowly(*wanted: str | int) -> keys.SigningKey:
        key_file(tmp_path, "root-1").write_bytes(b"theirs")
        return generate(*wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(keyring.keys, "generate", generate_slowly)
    make_keys(plan, tmp_path)
    assert key_file(tmp_path, "root-1").read_bytes() == b"theirs"
    assert len(list(tmp_path.iterdir())) == 9


@pytest.mark.parametrize(("wanted", "names"), [("prefix", 8), ("network", 1), (None, 8)])
def test_administrators_have_keys_and_secrets_for_their_eyes_only(
    file: Path, folder: Path, tmp_path: Path, wanted: str | None, names: int
) -> None:
    said = "" if wanted is None else f'administrators = "{wanted}"'
    other = tmp_path / "other.toml"
    other.write_text(file.read_text(encoding="utf-8").replace('administrators = "none"', said), encoding="utf-8")
    made = tmp_path / ".keys"
    shutil.copytree(folder, made)
    assert make_keys(load_network(other), made) == names
    assert make_keys(load_network(other), made) == 0
    own = made / ADMINISTRATORS
    assert len(list(own.iterdir())) == 2 * names
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in own.iterdir()} == {0o600}
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    plan = load_network(other, keys=made)
    for node in plan.nodes:
        for handle, values in node.delegations:
            prefix, by_index = handle.removeprefix(b"0.NA/"), {value.index: value for value in values}
            key, secret = administrator_key(made, prefix), administrator_secret(made, prefix)
            assert key is not None and secret is not None and len(secret) == 32
            assert hs_admin.decode(by_index[100].data) == HsAdmin(0xFFF, handle, 200)
            assert hs_vlist.decode(by_index[200].data) == (Reference(handle, 300), Reference(handle, 301))
            assert by_index[300].data == keys.record_of(key)
            assert by_index[301].data == secret and not by_index[301].public_read
            assert secret.decode() not in repr(plan)
    assert administrator_key(folder, b"88") is None and administrator_secret(folder, b"88") is None


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_damaged_key_file_is_named_with_what_to_do(file: Path, folder: Path, damage: bytes, tmp_path: Path) -> None:
    for name in os.listdir(folder):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    key_file(tmp_path, "national-88").write_bytes(damage)
    for use in (lambda: load_network(file, keys=tmp_path), lambda: signing_key(tmp_path, "national-88")):
        with pytest.raises(OperatorError) as refused:
            use()
        assert refused.value.file == str(key_file(tmp_path, "national-88"))
        assert "network up" in str(refused.value) and "AAAA" not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_said_before_anything_starts(file: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")
    with pytest.raises(OperatorError, match="keys cannot be written"):
        make_keys(load_network(file), tmp_path / "data" / ".keys")


def test_a_network_without_keys_is_as_it_was(file: Path, tmp_path: Path) -> None:
    for plan in (load_network(file), load_network(file, keys=tmp_path)):
        assert {server.public_key for node in plan.nodes for server in node.site.servers} == {b""}
    assert signing_key(tmp_path, "root-1") is None


def test_one_key_stands_wherever_a_site_is_told(plan: NetworkPlan, folder: Path) -> None:
    told = {
        server.address: {server.public_key} for node in plan.nodes for server in node.site.servers if server.public_key
    }
    for node in plan.nodes:
        assert told[node.site.servers[node.server_number].address] == {public_record(folder, node.name)}
        for _, values in node.delegations:
            for value in values:
                if value.type.startswith(b"HS_SITE"):
                    for server in hs_site.decode(value.data).servers:
                        assert told[server.address] == {server.public_key}
        roots = [server for root in node.roots for site in root.sites for server in site.servers]
        assert all(told[server.address] == {server.public_key} for server in roots)


# -- certified from the root down -------------------------------------------------------------------------------------


def certified(made: Country, name: str, handle: bytes = ITEM) -> Message | None:
    return ask(made, name, Question(handle, certify=True))


def test_every_kind_of_node_signs_with_the_key_of_its_site(plan: NetworkPlan, folder: Path) -> None:
    made = country(plan, keys=folder)
    for node in plan.nodes:
        reply = certified(made, node.name)
        assert reply is not None and reply.digest is not None
        key = keys.public_key(node.site.servers[node.server_number].public_key)
        assert signing.verify(reply, key) is Verdict.GENUINE
        again = ask(made, node.name, ITEM)
        assert again is not None and again.credential is None


def test_a_certified_resolution_is_certified_at_every_hop(plan: NetworkPlan, folder: Path) -> None:
    made = country(plan, keys=folder)
    asked: list[bytes] = []

    def watch(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        asked.append(bytes(packet))
        return always_delivered(source, target, packet)

    made.world.link = watch
    assert answer(certified(made, "recursive-1")).code == Code.SUCCESS
    upstream = [packet for packet in asked if packet[24:28] == bytes(4)]
    assert len(upstream) == 5  # the client's own, root, national, secondary, enterprise
    assert all(packet[28] & 0x40 for packet in upstream)


FORGERIES = {
    "root-1": (b"national-88", b"national-99"),
    "national-88": (b"Instruments and", b"instruments and"),
    "secondary-88.118": (b"registrar@", b"forgerers@"),
    "enterprise-88.118.8": (b"jxdy.example", b"jxdy.forgery"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_reply_altered_on_its_way_is_not_believed_by_who_asked_certified(
    plan: NetworkPlan, folder: Path, name: str
) -> None:
    made = country(plan, keys=folder)
    altered: list[bytes] = []

    def alter(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        forged = bytes(packet).replace(*FORGERIES[name]) if source[0] == made.ip(name) else bytes(packet)
        if forged != packet:
            altered.append(forged)
        return always_delivered(source, target, forged)

    made.world.link = alter
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    dropped = made.nodes["recursive-1"].counters.dropped
    assert altered and not dropped["unreadable answer"]
    altered.clear()
    true = answer(certified(country(plan, keys=folder), "recursive-1"))
    assert answer(certified(made, "recursive-1")) == true  # over TCP, where nobody alters anything here
    assert len(altered) == dropped["unreadable answer"] > 0


def test_a_server_with_another_key_than_its_site_says_is_not_believed(plan: NetworkPlan, folder: Path) -> None:
    made = country(plan, keys=folder)
    made.nodes["enterprise-88.118.8"].key = signing_key(folder, "root-1")
    assert answer(certified(made, "recursive-1")).code == Code.ERROR
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    made.nodes["enterprise-88.118.8"].key = None  # unsigned is no better
    assert answer(certified(made, "recursive-1")).code == Code.ERROR


def test_prefixes_that_were_looked_up_without_signatures_are_looked_up_again(plan: NetworkPlan, folder: Path) -> None:
    made = country(plan, keys=folder)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    before = made.requests()
    assert answer(certified(made, "recursive-1")).code == Code.SUCCESS
    assert answer(certified(made, "recursive-1")).code == Code.SUCCESS
    asked = {name: count - before[name] for name, count in made.requests().items() if count != before[name]}
    assert asked == {
        "recursive-1": 2, "root-1": 1, "national-88": 1, "secondary-88.118": 1, "enterprise-88.118.8": 2,
    }  # fmt: skip


def test_sites_without_keys_are_believed_as_they_are(file: Path) -> None:
    made = country(load_network(file))
    reply = certified(made, "recursive-1")
    assert answer(reply).code == Code.SUCCESS
    assert reply is not None and reply.credential is None and reply.digest is not None
