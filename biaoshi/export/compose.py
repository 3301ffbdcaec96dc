"""A compose file (compose-spec): a service for each node, at a fixed address of one bridge network.

Keys are made once, by the service `keys`, in a volume that the nodes read: no file that is written here holds a secret.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from biaoshi.export.container import DATA, KEYS, STOP_S, USER, WATCH_PORT, Contained, node_command
from biaoshi.export.yaml import Data, documents
from nodes.config import NodePlan

FILE = "compose.yaml"
NETWORK = "identifiers"
HEALTHY = (
    "from urllib.request import build_opener, ProxyHandler; "
    f"build_opener(ProxyHandler({{}})).open('http://127.0.0.1:{WATCH_PORT}/readyz', timeout=2)"
)


def compose(contained: Contained, subnet: IPv4Network) -> dict[str, Data]:
    """The document."""
    nodes = contained.plan.nodes
    keys: dict[str, Data] = {"keys": _keys(contained)} if contained.keyed else {}
    entrance = next((node.name for node in nodes if node.tier == "recursive"), None)
    stored = [node for node in nodes if _keeps(node)]
    return {
        "name": f"biaoshi-{contained.name}",
        "services": {**keys, **{node.name: _node(contained, node, node.name == entrance) for node in nodes}},
        "networks": {NETWORK: {"ipam": {"config": [{"subnet": str(subnet)}]}}},
        "volumes": {name: {} for name in [*keys, *(f"data-{node.name}" for node in stored)]},
    }


def files(contained: Contained, subnet: IPv4Network) -> dict[str, bytes]:
    """What goes into the folder."""
    about = (
        f"Network {contained.plan.name}: {len(contained.plan.nodes)} nodes, each in its container.\n"
        f"    docker compose up --build --detach\n"
        f"Every node shows /metrics, /healthz and /readyz at port {WATCH_PORT} of its address."
    )
    return {**contained.files, FILE: documents([compose(contained, subnet)], about).encode()}


def _keeps(node: NodePlan) -> bool:
    return node.store == "lmdb" and node.tier != "recursive"


def _common(contained: Contained) -> dict[str, Data]:
    return {
        "image": contained.image,
        "build": {"context": "."},
        "user": f"{USER}:{USER}",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }


def _keys(contained: Contained) -> dict[str, Data]:
    return {
        **_common(contained),
        "command": ["biaoshi", "network", "keys", contained.file, KEYS],
        "network_mode": "none",
        "volumes": [f"keys:{KEYS}"],
        "restart": "no",
    }


def _node(contained: Contained, node: NodePlan, entrance: bool) -> dict[str, Data]:
    mounts = [f"keys:{KEYS}:ro"] if contained.keyed else []
    if _keeps(node):
        mounts.append(f"data-{node.name}:{DATA}")
    said: dict[str, Data] = {
        **_common(contained),
        "command": node_command(contained, node),
        "networks": {NETWORK: {"ipv4_address": node.ip}},
        "volumes": mounts,
        "tmpfs": ["/tmp", *([] if _keeps(node) else [f"{DATA}:uid={USER},gid={USER},mode=0700"])],
        "labels": {"biaoshi.tier": node.tier},
        "healthcheck": {"test": ["CMD", "python", "-c", HEALTHY], "interval": "10s", "timeout": "3s", "retries": 3},
        "ulimits": {"nofile": 65_536},
        "stop_grace_period": f"{STOP_S}s",
        "restart": "unless-stopped",
    }
    if contained.keyed:
        said["depends_on"] = {"keys": {"condition": "service_completed_successfully"}}
    if entrance:
        published: list[Data] = [f"127.0.0.1:{node.port}:{node.port}/{kind}" for kind in ("udp", "tcp")]
        if node.doors.http:
            published.append(f"127.0.0.1:{node.doors.http}:{node.doors.http}/tcp")
        said["ports"] = published
    return said
