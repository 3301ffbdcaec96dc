"""A network as containers: the documents pass the schemas of those who read them, and what they start is that network.

Containers are not run here. But their commands are, each node in a process of its own, at addresses on loopback.
"""

import asyncio
import contextlib
import importlib.resources
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from typer.testing import CliRunner

from biaoshi.cli import app
from biaoshi.export import compose, kubernetes
from biaoshi.export.container import Contained, contain
from biaoshi.export.yaml import documents
from nodes.network import free_second_octet
from resolver.errors import OperatorError
from resolver.model.question import Question
from resolver.net.client import ask

CONFIGS = Path(__file__).parents[2] / "configs"
SHIPPED = ["teaching", "national"]
COMPOSE_NET, CLUSTER_NET = IPv4Network("10.86.0.0/16"), IPv4Network("10.110.0.0/16")
CLUSTER = "1.31"  # the manifests use nothing newer


@pytest.fixture(scope="module", params=SHIPPED)
def contained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Contained:
    return contain(CONFIGS / f"{request.param}.toml", COMPOSE_NET, "biaoshi:latest", tmp_path_factory.mktemp("scratch"))


def compose_schema() -> dict[str, Any]:
    vendored = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema: dict[str, Any] = json.loads(vendored.read_text(encoding="utf-8"))
    return schema


def faults_of(document: Any) -> list[str]:
    validator = jsonschema.validators.validator_for(compose_schema())(compose_schema())
    return [error.json_path for error in validator.iter_errors(document)]


def test_compose_files_pass_the_schema_of_the_compose_specification(contained: Contained) -> None:
    document = yaml.safe_load(compose.files(contained, COMPOSE_NET)[compose.FILE])
    assert faults_of(document) == []
    services = document["services"]
    assert set(services) == {"keys", *(node.name for node in contained.plan.nodes)}
    assert {name: each["networks"]["identifiers"]["ipv4_address"] for name, each in services.items() if name != "keys"}
    used = {mount.split(":")[0] for each in services.values() for mount in each["volumes"]}
    assert used == set(document["volumes"])


def test_the_schema_sees_a_compose_file_that_is_none() -> None:
    assert faults_of({"services": {"keys": {"image": "biaoshi", "volume": []}}}) == ["$.services.keys"]


def by_kind(contained: Contained) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """The manifests, those together that differ in names and numbers alone: one of each is shown to the schema."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for document in yaml.load_all(kubernetes.files(contained)[kubernetes.FILE], yaml.CSafeLoader):
        found.setdefault(shape(document), []).append(document)
    return found


def shape(data: Any) -> tuple[Any, ...]:
    """What a document is made of, without what is said."""
    if isinstance(data, dict):
        return tuple((key, shape(value)) for key, value in data.items())
    return tuple(map(shape, data)) if isinstance(data, list) else (type(data),)


def test_kubernetes_manifests_pass_the_schemas_of_the_api(contained: Contained) -> None:
    for alike in by_kind(contained).values():
        kubernetes_validate.validate(alike[0], CLUSTER, strict=True)


@pytest.mark.long
def test_every_single_manifest_passes(contained: Contained) -> None:
    for alike in by_kind(contained).values():
        for document in alike:
            kubernetes_validate.validate(document, CLUSTER, strict=True)


def test_every_node_has_a_service_at_its_address_and_a_set_behind_it(contained: Contained) -> None:
    documents = [document for alike in by_kind(contained).values() for document in alike]
    kinds = Counter(document["kind"] for document in documents)
    count = len(contained.plan.nodes)
    assert kinds == {
        "Namespace": 1, "PersistentVolumeClaim": 1, "Job": 1, "Service": count, "StatefulSet": count,
    }  # fmt: skip
    services = {each["metadata"]["name"]: each["spec"] for each in documents if each["kind"] == "Service"}
    assert {each["clusterIP"] for each in services.values()} == {node.ip for node in contained.plan.nodes}
    for each in documents:
        if each["kind"] == "StatefulSet":
            labels = each["spec"]["template"]["metadata"]["labels"]
            assert labels == services[each["spec"]["serviceName"]]["selector"]


def test_the_schema_sees_a_manifest_that_is_none() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "n"}, "spec": {"clusterIp": "10.86.1.1"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(service, CLUSTER, strict=True)


def test_addresses_are_all_different_and_in_the_subnet(contained: Contained) -> None:
    addresses = [node.ip for node in contained.plan.nodes]
    assert len(set(addresses)) == len(addresses)
    assert all(IPv4Address(ip) in COMPOSE_NET for ip in addresses)


def test_mirrors_do_not_look_for_a_store_in_another_container(contained: Contained) -> None:
    assert [node.name for node in contained.plan.nodes if node.follows] == []


def test_nothing_that_is_written_holds_a_secret(contained: Contained) -> None:
    for name, octets in compose.files(contained, COMPOSE_NET).items():
        assert b"PRIVATE KEY" not in octets and b"secret" not in octets.lower(), name


@pytest.mark.parametrize(
    "data",
    [
        {"a": ["no", "on", "1", "1.5", "-x", ":", "# no", "", "null", "a: b", "线"], "b": {}, "c": []},
        [{"a": {"b": [1, 2.5, True, None]}}, "x", [["nested"], []]],
        {"with space": 'quote " and \\ and \n', "0x10": "0x10", "~": "~", "yes": {"no": "yes"}},
    ],
)
def test_what_is_written_as_yaml_is_read_as_it_was(data: Any) -> None:
    assert list(yaml.safe_load_all(documents([data, data], "two\nlines"))) == [data, data]


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["network", *arguments])
    if isinstance(done.exception, OperatorError):
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_writes_a_folder_again_but_not_over_what_is_not_its_own(tmp_path: Path) -> None:
    out = tmp_path / "deploy"
    for kind in ("compose", "kubernetes", "compose"):
        run("export", kind, "configs/teaching.toml", "--out", str(out))
        assert (out / f"{kind}.yaml").exists()
    assert not (out / "kubernetes.yaml").exists()
    (out / "compose.yaml").write_text("mine")
    assert "not written by this command" in run("export", "compose", "configs/teaching.toml", "--out", str(out), code=2)
    assert (out / "compose.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["swarm", "configs/teaching.toml"], "no such kind"),
        (["compose", "missing.toml"], "no such file"),
        (["compose", "configs/teaching.toml", "--subnet", "10.0.0.0/24"], "not a /16"),
        (["compose", "configs/teaching.toml", "--subnet", "fd00::/16"], "not a /16"),
        (["kubernetes", "configs/teaching.toml", "--image", "a b"], "not the name of an image"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_nothing_written(
    tmp_path: Path, options: list[str], complaint: str
) -> None:
    assert complaint in run("export", *options, "--out", str(tmp_path / "deploy"), code=2)
    assert not (tmp_path / "deploy").exists()


def test_names_that_kubernetes_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text("".join(f'[[nodes]]\nname = "{name}"\ntier = "root"\n' for name in ("r.1", "r-1")))
    made = contain(file, CLUSTER_NET, "biaoshi:latest", tmp_path)
    with pytest.raises(OperatorError, match="no name of its own"):
        kubernetes.manifests(made)


@pytest.mark.network
@pytest.mark.long
def test_nodes_started_one_by_one_as_containers_start_them_are_the_network(tmp_path: Path) -> None:
    octet = free_second_octet(CONFIGS / "teaching.toml")
    net = IPv4Network(f"127.{octet}.0.0/16")
    image = tmp_path / "image"
    image.mkdir()
    made = contain(CONFIGS / "teaching.toml", net, "biaoshi:latest", image)
    run("keys", str(image / "teaching.toml"), str(tmp_path / "keys"))
    here = {"/srv/biaoshi": str(image), "/keys": str(tmp_path / "keys"), "python": sys.executable}
    nodes: list[subprocess.Popen[bytes]] = []
    try:
        for service in compose.compose(made, net)["services"].values():  # type: ignore[union-attr,call-overload]
            command = service["command"]
            if "--node" not in command:
                continue
            name = command[command.index("--node") + 1]
            ip = service["networks"]["identifiers"]["ipv4_address"]
            places = {**here, "/data": str(tmp_path / name), "0.0.0.0": ip}
            for place, instead in places.items():
                command = [
                    part.replace(place, instead) if part != "/data" else str(tmp_path / name) for part in command
                ]
            ready, told = os.pipe()
            nodes.append(
                subprocess.Popen([*command, "--ready-fd", str(told)], pass_fds=[told], stderr=subprocess.DEVNULL)
            )
            os.close(told)
            with os.fdopen(ready) as line:
                said = json.loads(line.readline())
            assert said["ready"], said
        recursive = next(node for node in made.plan.nodes if node.tier == "recursive")
        address = (recursive.ip, recursive.port)
        answer = asyncio.run(ask(address, Question(b"88.118.8/JXDY2106023", certify=True))).answer
        assert (answer.code, len(answer.values)) == (1, 7)
    finally:
        for node in nodes:
            with contextlib.suppress(ProcessLookupError):
                node.send_signal(signal.SIGTERM)
        for node in nodes:
            node.wait(20)
