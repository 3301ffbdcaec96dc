"""The files for foreign programs: what stands in them, and that nothing foreign is replaced."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import recorded
from playbook import TEACHING, small_nation

from biaoshi.client_config import MANIFEST, Administrator, files_for, write
from nodes.config import load_network
from resolver.errors import OperatorError
from resolver.model.value import Reference
from resolver.rules import keys
from resolver.wire.json_form import site_from_json
from resolver.wire.types import hs_site

KEYS = recorded.document()["keys"]
RSA = keys.private_key(bytes.fromhex(KEYS["clientRsaPrivateCnriHex"]))
WHO = {b"88.118.8": Administrator(Reference(b"0.NA/88.118.8", 300), RSA)}
SAMPLE = "88.118.8/JXDY2106023"


def test_the_reference_client_gets_the_root_and_the_key_in_its_own_form() -> None:
    plan = load_network(TEACHING)
    files = files_for("cnri", plan, WHO, SAMPLE)
    assert sorted(files) == ["README.md", "config.dct", "keys/88.118.8.bin", "local_info.json"]
    (entry,) = json.loads(files["local_info.json"])
    assert entry["nas"] == ["0.NA/0.NA"]
    assert site_from_json(entry["site"]) == plan.node("root-1").site
    assert files["config.dct"].decode().splitlines()[:2] == ["{", '  "auto_update_root_info" = "no"']
    assert files["keys/88.118.8.bin"] == b"\0\0\0\1" + bytes.fromhex(KEYS["clientRsaPrivateCnriHex"])
    words = files["README.md"].decode()
    assert "| 88.118.8 | 127.86.4.1:2641 | `300:0.NA/88.118.8` | `keys/88.118.8.bin` |" in words
    assert SAMPLE in words


def test_the_reference_client_may_ask_the_recursive_node() -> None:
    plan = load_network(TEACHING)
    files = files_for("cnri", plan, {}, SAMPLE, through_recursive=True)
    assert hs_site.decode(files["resolver_site"]) == plan.node("recursive-1").site


def test_with_two_roots_the_prefixes_of_the_second_are_pinned(tmp_path: Path) -> None:
    plan = load_network(small_nation(tmp_path))
    entries = json.loads(files_for("cnri", plan, {}, SAMPLE)["local_info.json"])
    pinned = {handle: site_from_json(entry["site"]) for entry in entries for handle in entry["nas"]}
    services = next(node.roots for node in plan.nodes if node.roots)
    default = next((service for service in services if not service.families), services[0])
    others = {family for service in services if service is not default for family in service.families}
    assert others and pinned["0.NA/0.NA"] in default.sites
    for node in plan.nodes:
        for prefix in node.prefixes if node.tier != "root" else ():
            handle = f"0.NA/{prefix.decode()}"
            assert (handle in pinned) == (prefix.split(b".")[0] in others)


def test_the_sdk_gets_the_recursive_node_the_trust_root_and_pem() -> None:
    files = files_for("sdk", load_network(TEACHING), WHO, SAMPLE, trust=RSA.public_key())
    assert sorted(files) == [
        "BiaoshiNetwork.java", "README.md", "biaoshi-sdk.properties", "keys/88.118.8.pem", "trust-root.pem"
    ]  # fmt: skip
    assert b"recursionServerIp=127.86.5.1\nrecursionServerPort=2641\n" in files["biaoshi-sdk.properties"]
    assert keys.record_of(keys.public_key(files["trust-root.pem"])) == keys.record_of(RSA)
    assert b"trustRootHandle=0.NA/0.NA\n" in files["biaoshi-sdk.properties"]
    java = files["BiaoshiNetwork.java"].decode()
    assert '.recursionServerIp("127.86.5.1")' in java
    assert all(line in java for line in files["trust-root.pem"].decode().splitlines())
    assert keys.record_of(keys.private_key(files["keys/88.118.8.pem"])) == keys.record_of(RSA)


def test_without_a_root_of_trust_the_sdk_is_told_of_none() -> None:
    files = files_for("sdk", load_network(TEACHING), {}, SAMPLE)
    assert "trust-root.pem" not in files
    assert not any(b"trustRoot" in octets for octets in files.values())


def test_keys_that_the_reference_cannot_read_are_refused() -> None:
    odd = {b"88.118.8": Administrator(Reference(b"0.NA/88.118.8", 300), keys.generate("ed25519"))}
    with pytest.raises(OperatorError, match=r"300:0\.NA/88\.118\.8"):
        files_for("cnri", load_network(TEACHING), odd, SAMPLE)
    assert files_for("sdk", load_network(TEACHING), odd, SAMPLE)


def test_files_are_private_written_again_and_old_ones_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    assert write(folder, {"a": b"1", "keys/b": b"2"}) == [folder / "a", folder / "keys/b"]
    assert write(folder, {"a": b"3"})
    assert (folder / "a").read_bytes() == b"3"
    assert not (folder / "keys/b").exists()
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("foreign", ["a", "b"])
def test_a_foreign_or_changed_file_stays_and_nothing_is_written(tmp_path: Path, foreign: str) -> None:
    write(tmp_path, {"a": b"1"})
    (tmp_path / foreign).write_bytes(b"mine")
    with pytest.raises(OperatorError) as refused:
        write(tmp_path, {"0": b"new", "a": b"2", "b": b"3"})
    assert refused.value.file == str(tmp_path / foreign)
    assert (tmp_path / foreign).read_bytes() == b"mine"
    assert not (tmp_path / "0").exists()


def test_links_and_folders_in_the_way_are_foreign_too(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    (tmp_path / "a").symlink_to(target)
    (tmp_path / "b").mkdir()
    for name in ("a", "b"):
        with pytest.raises(OperatorError):
            write(tmp_path, {name: b"1"})
    assert target.read_bytes() == b"mine"


def test_a_damaged_list_of_what_we_wrote_is_not_believed(tmp_path: Path) -> None:
    for words in ("", "[]", "{"):
        (tmp_path / MANIFEST).write_text(words)
        with pytest.raises(OperatorError, match="damaged"):
            write(tmp_path, {"a": b"1"})
