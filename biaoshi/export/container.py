"""What every container of an exported network shares: the network file as containers need it, and their image.

    NETWORK.toml     every node written down, with an address of its own in the subnet; what it names lies beside it
    Dockerfile       Debian's Python with biaoshi's wheel, and the network file

A node's address is the last two octets of the loopback address it would have, behind the subnet's first two. Mirrors
read their primary's store, which containers do not share: where there are mirrors, stores are in memory, so each loads
the catalogues, and what is written later is gone after a restart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

from nodes.config import NetworkPlan, NodePlan, expanded, load_network
from nodes.expansion import to_toml
from nodes.files import find_file
from nodes.schema import NODES_OF_AN_OCTET, NetworkConfig, NodeConfig
from resolver.errors import OperatorError

TIERS = ("root", "national", "secondary", "enterprise", "recursive")  # the third octet, as on loopback
HOME = "/srv/biaoshi"  # the network file, in the image
DATA, KEYS = "/data", "/keys"
WATCH_PORT = 9464
USER = 65_532  # nobody of any system
STOP_S = 5  # a node drains for two
FILE_OCTETS_MAX = 64 << 20
IMAGE = re.compile(r"[a-z0-9]([a-z0-9._/:-]{0,253}[a-z0-9])?")

DOCKERFILE = f"""\
# One image for every node. Build it in this folder, with biaoshi's wheel in it:
#     python3 -m pip wheel --no-deps --wheel-dir . PATH/TO/BIAOSHI
FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends python3 python3-venv \\
 && rm -rf /var/lib/apt/lists/* \\
 && python3 -m venv /opt/biaoshi
COPY *.whl /tmp/
RUN /opt/biaoshi/bin/pip install --no-cache-dir /tmp/*.whl && rm /tmp/*.whl
COPY *.toml {HOME}/
COPY files {HOME}/files
RUN chmod -R a+rX {HOME} && mkdir -p {DATA} {KEYS} && chown {USER}:{USER} {DATA} {KEYS}
ENV PATH=/opt/biaoshi/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 BIAOSHI_RUN_DIR={DATA}
USER {USER}:{USER}
WORKDIR {HOME}
"""


@dataclass(frozen=True, slots=True)
class Contained:
    """A network as containers see it: its plan, the files that go into the image, and the image's name."""

    plan: NetworkPlan
    files: dict[str, bytes]
    image: str

    @property
    def name(self) -> str:
        """The network's, a label (RFC 1123)."""
        return self.plan.name

    @property
    def file(self) -> str:
        """The network file, in the image."""
        return f"{HOME}/{self.name}.toml"

    @property
    def keyed(self) -> bool:
        """Whether its servers or administrators have keys."""
        return bool(self.plan.administrators) or any(node.key_bits for node in self.plan.nodes)


def contain(file: Path, subnet: IPv4Network, image: str, scratch: Path) -> Contained:
    """The network of FILE with an address in the subnet for each node. `scratch`: an empty folder, to check it in.

    OperatorError if FILE cannot be planned, or something it names not be read.
    """
    if not IMAGE.fullmatch(image):
        raise OperatorError("not the name of an image", key="--image", value=image, remedy="Such as biaoshi:latest")
    source = find_file(file)
    config = expanded(file)
    copied: dict[str, bytes] = {}
    place = _copier(source.parent, copied)
    doors = config.doors.model_copy(
        update={
            "zones": [place(zone) for zone in config.doors.zones],
            "client_certificates": place(config.doors.client_certificates),
        }
    )
    mirrored = any(node.mirror_of for node in config.nodes)
    contained = config.model_copy(
        update={
            "addressing": "loopback",
            "store": "memory" if mirrored else config.store,
            "doors": doors,
            "nodes": _placed(config, subnet, place),
        }
    )
    name = f"{label(source.stem)}.toml"
    files = {name: f"# Made from {source.name}: biaoshi network export.\n{to_toml(contained)}".encode()}
    files |= copied or {"files/.none": b""}  # so that the image's COPY finds the folder
    for each, octets in files.items():
        (scratch / each).parent.mkdir(exist_ok=True)
        (scratch / each).write_bytes(octets)
    plan = load_network(scratch / name)
    return Contained(plan, {**files, "Dockerfile": DOCKERFILE.encode()}, image)


def node_command(contained: Contained, node: NodePlan) -> list[str]:
    """What a node's container runs."""
    return [
        *("python", "-m", "nodes.home", "--file", contained.file, "--node", node.name, "--data-dir", DATA),
        *(("--keys-dir", KEYS) if contained.keyed else ()),
        *("--watch", f"0.0.0.0:{WATCH_PORT}"),
    ]


def ports(node: NodePlan) -> list[tuple[str, int, str]]:
    """Everything a node listens on: name, port, TCP or UDP."""
    found = []
    for number, port in enumerate((node.port, *node.extra_ports)):
        name = f"handle-{number}" if number else "handle"
        found += [(f"{name}-udp", port, "UDP"), (f"{name}-tcp", port, "TCP")]
    for name, port in (("http", node.doors.http), ("https", node.doors.https)):
        if port:
            found.append((name, port, "TCP"))
    if node.doors.dns:
        found += [("dns-udp", node.doors.dns, "UDP"), ("dns-tcp", node.doors.dns, "TCP")]
    return found


def label(name: str) -> str:
    """A name as a label of RFC 1123: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "network"


def _placed(config: NetworkConfig, subnet: IPv4Network, place: Callable[[str], str]) -> list[NodeConfig]:
    """The nodes with their addresses, and what they name beside the file."""
    lead = str(subnet.network_address).rsplit(".", 2)[0]
    running = dict.fromkeys(TIERS, 0)
    nodes = []
    for node in config.nodes:
        addresses = []
        for _ in range(node.servers):
            tens, last = divmod(running[node.tier], NODES_OF_AN_OCTET)
            running[node.tier] += 1
            addresses.append(f"{lead}.{TIERS.index(node.tier) + 1 + 10 * tens}.{last + 1}")
        hexadecimal = re.fullmatch(r"[0-9A-Fa-f\s]*", node.public_key)
        nodes.append(
            node.model_copy(
                update={
                    "addresses": addresses,
                    "catalogues": [place(name) for name in node.catalogues],
                    "public_key": node.public_key if hexadecimal else place(node.public_key),
                    "process": None,
                }
            )
        )
    return nodes


def _copier(folder: Path, copied: dict[str, bytes]) -> Callable[[str], str]:
    """A function that takes a file that is named into the image, and says how it is called there."""
    names: dict[Path, str] = {}

    def place(written: str) -> str:
        if not written:
            return ""
        file = (folder / written).resolve()
        if file not in names:
            try:
                with file.open("rb") as stream:
                    octets = stream.read(FILE_OCTETS_MAX + 1)
            except OSError as error:
                raise OperatorError(f"cannot be read: {error.strerror}", file=str(file)) from None
            if len(octets) > FILE_OCTETS_MAX:
                raise OperatorError(
                    f"larger than {FILE_OCTETS_MAX} octets", file=str(file), remedy="Import it into the running node"
                )
            names[file] = f"files/{len(names) + 1}-{file.name}"
            copied[names[file]] = octets
        return names[file]

    return place
