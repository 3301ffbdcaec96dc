"""A small network with doors, for tests of them: addresses, keys, and an HTTP client that hides nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nodes import network
from nodes.keyring import administrator_secret
from nodes.state import keys_folder

CONFIGS = Path(__file__).parents[2] / "configs"
PREFIX, TAKEN = "88.118.8", "88.118.8/JXDY2106023"
NODES = """
key_bits = BITS
nodes = [
    {name = "root-1", tier = "root"},
    {name = "national-88", tier = "national", prefixes = ["88"]},
    {name = "secondary-88.118", tier = "secondary", prefixes = ["88.118"]},
    {name = "enterprise-88.118.8", tier = "enterprise", prefixes = ["88.118.8"], catalogues = ["CATALOGUE"]},
    {name = "recursive-1", tier = "recursive"},
]
"""


@dataclass(frozen=True)
class Answer:
    """An HTTP response, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> int:
        return int(self.json["responseCode"])


@dataclass(frozen=True)
class Doors:
    """The doors of a running network."""

    run_dir: Path
    http: dict[str, str]  # by node
    pages: dict[str, str]  # of metrics, by node

    @property
    def enterprise(self) -> str:
        return self.http["enterprise-88.118.8"]

    @property
    def recursive(self) -> str:
        return self.http["recursive-1"]

    @property
    def secret(self) -> str:
        secret = administrator_secret(keys_folder(self.run_dir), PREFIX.encode())
        assert secret is not None
        return secret.decode()

    def basic(self, secret: str | None = None, user: str = "301:0.NA/88.118.8") -> dict[str, str]:
        told = f"{quote(user, safe='')}:{self.secret if secret is None else secret}"
        return {"Authorization": "Basic " + base64.b64encode(told.encode()).decode()}

    def ask(
        self, method: str, path: str, body: Any = None, *, at: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """A request as it is written: neither path nor body are touched."""
        told = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            told.setdefault("Content-Type", "application/json")
        connection = HTTPConnection(at or self.enterprise, timeout=30)
        try:
            connection.request(method, path, body, told)
            response: HTTPResponse = connection.getresponse()
            return Answer(response.status, dict(response.headers.items()), response.read())
        finally:
            connection.close()


@contextmanager
def running(folder: Path, more: str = "", *, bits: int = 1_024) -> Iterator[Doors]:
    file = folder / "network.toml"
    catalogue = str(CONFIGS / "catalogues" / "88.118.8.csv")
    file.write_text(NODES.replace("CATALOGUE", catalogue).replace("BITS", str(bits)) + more)
    with network.running(file, folder / "run", second_octet=network.free_second_octet(file)) as state:
        nodes = state["nodes"]
        http = {node["name"]: node["http"] for node in nodes if node["http"]}
        yield Doors(folder / "run", http, {node["name"]: node["metrics"] for node in nodes})
