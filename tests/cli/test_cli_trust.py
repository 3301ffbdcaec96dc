"""`biaoshi sign`, `verify`, `conform` and `network client-config` on one running network."""

import base64
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from nodes import network
from nodes.keyring import administrator_key, administrator_secret
from nodes.state import keys_folder, status
from resolver.rules import keys

pytestmark = pytest.mark.network

CONFIGS = Path(__file__).parents[2] / "configs"
FILE = CONFIGS / "teaching.toml"
# What of the teaching network is on the way to one enterprise, with keys that are quickly made.
NODES = """
key_bits = 1024
nodes = [
    {name = "root-1", tier = "root"},
    {name = "national-88", tier = "national", prefixes = ["88"]},
    {name = "secondary-88.118", tier = "secondary", prefixes = ["88.118"]},
    {name = "enterprise-88.118.8", tier = "enterprise", prefixes = ["88.118.8"], catalogues = ["CATALOGUE"]},
    {name = "recursive-1", tier = "recursive"},
]
"""
ROOT, SIGNER = "88.118.8/ROOT", "88.118.8/REGISTRAR"
ROOT_USER, USER = f"300:{ROOT}", f"300:{SIGNER}"
ITEM = "88.118.8/SIGNED"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run directory with a network in it."""
    folder = tmp_path_factory.mktemp("network")
    file = folder / "network.toml"
    file.write_text(NODES.replace("CATALOGUE", str(CONFIGS / "catalogues" / "88.118.8.csv")))
    with network.running(file, folder / "run", second_octet=network.free_second_octet(file)):
        yield folder / "run"


@pytest.fixture
def biaoshi(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator["TrustLine"]:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(run_dir))
    yield TrustLine(tmp_path, capsys)


class TrustLine(CommandLine):
    """The command line, and what stories of trust do over and over. `folder`: where their files go."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(capsys)
        self.folder = folder

    def register(self, *records: dict[str, Any]) -> None:
        catalogue = self.folder / "catalogue.jsonl"
        catalogue.write_text("".join(json.dumps(record) + "\n" for record in records))
        self("import", str(catalogue), "--node", "enterprise-88.118.8")

    def verdict(self, *arguments: str, code: int) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(
            self("verify", *arguments, "--root", ROOT, "--root-key", str(self.folder / "root.pem"), "--json", code=code)
        )
        return said

    def key(self, name: str, kind: str) -> str:
        file = self.folder / name
        file.write_bytes(keys.private_pem(keys.generate(kind)))
        return str(file)


def text(value: str) -> dict[str, Any]:
    return {"index": 1, "type": "URL", "data": {"format": "string", "value": value}, "ttl": 3600}


def test_a_record_is_signed_certified_trusted_and_then_tampered_with(biaoshi: TrustLine) -> None:
    root, signer = biaoshi.key("root.pem", "ec"), biaoshi.key("signer.pem", "rsa")
    biaoshi.register({"handle": ITEM, "values": [text("https://example.invalid/1")]})
    assert biaoshi.verdict(ITEM, code=1)["reason"] == "NO_SIGNATURE"

    certify = ("sign", "--certificate", "--key", root, "--user", ROOT_USER)
    own = json.loads(biaoshi(*certify, ROOT_USER, "--public-key", root, "--permission", "everything"))
    may = ("--permission", "handlesUnderThisPrefix@0.NA/88.118.8")
    given = json.loads(biaoshi(*certify, USER, "--public-key", signer, *may, "--expires", "30d"))
    assert (own["handle"], given["handle"]) == (ROOT, SIGNER)
    signed = json.loads(biaoshi("sign", ITEM, "--key", signer, "--user", USER))
    biaoshi.register(own, given, {**signed, "values": [text("https://example.invalid/1"), *signed["values"]]})

    said = biaoshi.verdict(ITEM, code=0)
    assert (said["trusted"], said["reason"], said["signed"], said["unsigned"]) == (True, "TRUSTED", [1], [])
    assert [link["subject"] for link in said["chain"]] == [ITEM, USER, ROOT_USER]
    for _ in range(2):  # a cache in between lets TTLs run down, and they are signed
        biaoshi("resolve", ITEM)
        assert biaoshi.verdict(ITEM, code=0)["trusted"]
    assert "可信" in biaoshi("verify", ITEM, "--root", ROOT, "--root-key", root)
    assert biaoshi.verdict(f"400:{SIGNER}", code=0)["trusted"]

    biaoshi.register({**signed, "values": [text("https://evil.invalid/1"), *signed["values"]]})
    assert biaoshi.verdict(ITEM, code=1)["reason"] == "ALTERED"
    assert "被篡改" in biaoshi("verify", ITEM, "--root", ROOT, "--root-key", root, code=1)

    # The network's own root is another one.
    assert "根不可信" in biaoshi("verify", f"400:{ROOT}", "--root", ROOT, code=1)

    stale = json.loads(biaoshi("sign", ITEM, "--key", signer, "--user", USER, "--expires", "2020-01-01"))
    biaoshi.register({**stale, "values": [text("https://evil.invalid/1"), *stale["values"]]})
    assert biaoshi.verdict(ITEM, code=1)["reason"] == "EXPIRED"
    missing = json.loads(biaoshi("sign", ITEM, "--key", signer, "--user", "300:88.118.8/NOBODY"))
    biaoshi.register({**missing, "values": [text("https://evil.invalid/1"), *missing["values"]]})
    assert biaoshi.verdict(ITEM, code=1)["reason"] == "BROKEN_CHAIN"


def test_a_networks_own_administrators_are_trusted_up_to_its_root(biaoshi: TrustLine) -> None:
    biaoshi.register({"handle": "88.118.8/OWN", "values": [text("https://example.invalid/own")]})
    biaoshi.register(json.loads(biaoshi("sign", "88.118.8/OWN", "--whole")))
    said = json.loads(biaoshi("verify", "88.118.8/OWN", "--json"))
    assert said["trusted"]
    assert [link["issuer"] for link in said["chain"]] == [
        "300:0.NA/88.118.8",
        "300:0.NA/88.118",
        "300:0.NA/88",
        "300:0.NA/0.NA",
        "300:0.NA/0.NA",
    ]
    assert json.loads(biaoshi("verify", "400:0.NA/88.118", "--json"))["trusted"]


def test_what_cannot_be_signed_or_verified_is_said(biaoshi: TrustLine) -> None:
    key = biaoshi.key("key.pem", "ed25519")
    assert biaoshi("verify", "88.118.8/NOTHING", code=1) == ""
    assert biaoshi("sign", "88.118.8/NOTHING", "--key", key, "--user", USER, code=1) == ""
    item = "88.118.8/JXDY2106023"
    assert biaoshi("sign", item, "--key", key, "--user", USER, "--index", "77", code=1) == ""
    for arguments, words in (
        (("sign", item, "--key", key, "--user", SIGNER), "INDEX:HANDLE"),
        (("sign", item, "--key", key, "--user", USER, "--expires", "soon"), "365d"),
        (("sign", item, "--key", str(FILE), "--user", USER), "not a private key"),
        (("sign", item, "--key", str(FILE.with_name("none.pem")), "--user", USER), "No such file"),
        (("sign", item, "--certificate", "--key", key, "--user", USER), "INDEX:HANDLE"),
        (("sign", f"300:{item}", "--certificate", "--key", key, "--user", USER), "--permission"),
        (
            ("sign", f"300:{item}", "--certificate", "--key", key, "--user", USER, "--permission", "all"),
            "thisHandle",
        ),
        (("verify", item, "--root-key", str(FILE)), "not a key"),
    ):
        assert words in biaoshi.refused(*arguments, code=2)


# ---- conform, client-config ------------------------------------------------------------------------------------------


def test_conform_holds_its_cases_with_every_node_and_says_where_each_is_written(biaoshi: TrustLine) -> None:
    for node in json.loads(biaoshi("network", "status", "--json"))["nodes"]:
        said = json.loads(biaoshi("conform", node["address"], "--json"))
        assert (said["target"], said["fail"]) == (node["address"], 0)
        assert said["pass"] >= 70
        assert all(case["cites"] for case in said["cases"])
        assert {case["verdict"] for case in said["cases"] if case["writes"]} == {"skip"}
    line = biaoshi("conform", node["address"], "--case", "site-info").splitlines()[0]
    assert line.startswith("PASS 通过  udp  site-info: ")
    assert "behaviour.md §1.3" in line


def test_conform_refuses_what_it_should_not_touch(biaoshi: TrustLine, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n")
    assert "--i-operate 192.0.2.7" in biaoshi.refused("conform", "192.0.2.7:2641", code=2)
    for arguments, words in (
        (("127.0.0.1:2641", "--case", "nothing"), "--list"),
        (("127.0.0.1:2641", "--user", USER), "--secret-file"),
        (("127.0.0.1:2641", "--secret-file", str(secret)), "--user"),
        (("127.0.0.1:2641", "--user", SIGNER, "--secret-file", str(secret)), "INDEX:HANDLE"),
        (("127.0.0.1:0",), "not an address"),
    ):
        assert words in biaoshi.refused("conform", *arguments, code=2)
    assert biaoshi("conform", "127.0.0.1:1", code=3) == ""
    assert "write-create: " in biaoshi("conform", "127.0.0.1:1", "--list")


def test_conform_writes_with_a_key_and_nobody_says_a_secret(biaoshi: TrustLine, run_dir: Path) -> None:
    folder = keys_folder(run_dir)
    secret = administrator_secret(folder, b"88.118.8")
    assert secret is not None
    (biaoshi.folder / "secret").write_bytes(secret)
    node = next(each for each in status(run_dir)["nodes"] if each["tier"] == "enterprise")
    before = biaoshi("export", "--node", node["name"])
    assert before.count("\n") > 200
    user = ("--user", "301:0.NA/88.118.8", "--secret-file", str(biaoshi.folder / "secret"))
    names = ("write-create", "write-wrong-key", "write-other-nonce", "session-modify", "session-bad-mac", "bad-body")
    chosen = [word for name in names for word in ("--case", name)]
    said = json.loads(biaoshi("conform", node["address"], *user, *chosen, "--json"))
    assert (said["pass"], said["fail"], said["skip"]) == (12, 0, 0)
    wrong = ("--user", "301:0.NA/88.118.8", "--secret-file", str(FILE), "--case", "write-create")
    shown = biaoshi("conform", node["address"], *wrong, code=1) + json.dumps(said)
    assert "AUTHENTICATION_FAILED" in shown
    assert biaoshi("export", "--node", node["name"]) == before

    private = administrator_key(folder, b"88.118.8")
    assert isinstance(private, RSAPrivateKey)
    number = private.private_numbers().d
    hidden = [secret, base64.b64encode(secret), secret.hex().encode(), b"%d" % number, b"%x" % number]
    pages = {each["metrics"] for each in status(run_dir)["nodes"]}
    said_by_nodes = [urllib.request.urlopen(page, timeout=5).read() for page in pages]
    said_by_nodes += [file.read_bytes() for file in (run_dir / "logs").rglob("*") if file.is_file()]
    said_by_nodes += [(run_dir / "state.json").read_bytes(), shown.encode()]
    assert len(said_by_nodes) > 5
    assert not [place for place in said_by_nodes for each in hidden if each in place]
