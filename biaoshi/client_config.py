"""The files that point foreign programs at the running network: `biaoshi network client-config` (behaviour.md §9).

    cnri    the reference client's configuration folder ($HOME/.handle, or -Dnet.handle.configDir=DIR)
        local_info.json   our root for everything; prefixes of other roots pinned to their own sites
        config.dct        no updating from the world's root
        resolver_site     only with `through_recursive`: public reads go to the recursive node
        keys/…            administrators' private keys, as the reference's own files (admpriv.bin)
    sdk     the national SDK
        biaoshi-sdk.properties   where the recursive node listens, and the trust root
        BiaoshiNetwork.java      the same as the call that must come first: the SDK reads no file by itself
        trust-root.pem           the root's public key
        keys/…                   administrators' private keys, PKCS#8 PEM
    both    README.md     what was written, and how to use it

What we wrote is listed with its digest in MANIFEST. A file that is there and is not ours, or was changed since, is
never replaced: then nothing is written at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nodes.config import NetworkPlan, NodePlan
from resolver.errors import CallerError, OperatorError
from resolver.model.identifier import ROOT_SERVICE, fold, prefix_handle, text
from resolver.model.site import Protocol, Site
from resolver.model.value import Reference
from resolver.rules import keys
from resolver.rules.gm import Sm2PublicKey
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.rules.resolution import RootService
from resolver.wire.json_form import site_to_json
from resolver.wire.types import hs_site

PROGRAMS = ("cnri", "sdk")
MANIFEST = ".biaoshi-client-config.json"
MANIFEST_OCTETS_MAX = 4 << 20
TRUST_ROOT = "0.NA/0.NA"  # nodes/certificates.py
TIMEOUT_MS, SDK_TIMEOUT_S = 3_000, 5


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who may write under a prefix, and the key that proves it."""

    user: Reference
    key: SigningKey

    @property
    def name(self) -> str:
        """`index:handle`."""
        return f"{self.user.index}:{text(self.user.handle)}"


def files_for(
    program: str,
    plan: NetworkPlan,
    administrators: Mapping[bytes, Administrator],
    sample: str,
    *,
    trust: VerifyingKey | None = None,
    through_recursive: bool = False,
) -> dict[str, bytes]:
    """The files by relative path. `administrators` by prefix; `sample`: an identifier for the examples; `trust`: the
    key of the root of trust.

    OperatorError if the network has no recursive node that the program needs.
    """
    made = _cnri(plan, administrators, through_recursive) if program == "cnri" else _sdk(plan, administrators, trust)
    return made | {"README.md": _readme(program, plan, administrators, sorted(made), sample).encode()}


def write(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files, or none of them. OperatorError if one is there that we did not write, or that was changed."""
    ours = _manifest(folder)
    for name in {**ours, **files}:
        file = folder / name
        if file.is_symlink() or (file.exists() and not _ours(file, files.get(name), ours.get(name))):
            raise OperatorError(
                "is there, and was not written by this command or has been changed since",
                file=str(file),
                remedy="Move it away, or choose another folder",
            )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ours.keys() - files.keys():  # of another time, with other options
        (folder / name).unlink(missing_ok=True)
    for name, octets in files.items():
        file = folder / name
        file.parent.mkdir(mode=0o700, exist_ok=True)
        _write(file, octets)
    digests = {name: hashlib.sha256(octets).hexdigest() for name, octets in files.items()}
    _write(folder / MANIFEST, json.dumps(digests, indent=1).encode() + b"\n")
    return [folder / name for name in files]


def _write(file: Path, octets: bytes) -> None:
    """Replace a file in one step. For its owner's eyes only: some hold keys."""
    fresh = file.with_name(file.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(octets)
    os.replace(fresh, file)


def _manifest(folder: Path) -> dict[str, str]:
    try:
        with (folder / MANIFEST).open("rb") as stream:
            said = json.loads(stream.read(MANIFEST_OCTETS_MAX))
    except FileNotFoundError:
        return {}
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise OperatorError("is damaged", file=str(folder / MANIFEST), remedy="Remove the folder, or choose another")
    return {str(name): str(digest) for name, digest in said.items()}


def _ours(file: Path, wanted: bytes | None, digest: str | None) -> bool:
    octets = file.read_bytes() if file.is_file() else None
    return octets is not None and (octets == wanted or hashlib.sha256(octets).hexdigest() == digest)


# ---- the reference client --------------------------------------------------------------------------------------------


def _cnri(plan: NetworkPlan, administrators: Mapping[bytes, Administrator], recursive: bool) -> dict[str, bytes]:
    entries = [
        {"nas": [text(handle) for handle in handles], "site": site_to_json(site)} for handles, site in _pinned(plan)
    ]
    files = {
        "local_info.json": _json(entries),
        # StreamTable, the reference's own notation. Without the first line it asks the world's root at first use.
        "config.dct": (f'{{\n  "auto_update_root_info" = "no"\n  "tcp_timeout" = "{TIMEOUT_MS}"\n}}\n').encode(),
    }
    if recursive:
        files["resolver_site"] = hs_site.encode(_recursive(plan).site)
    for prefix, administrator in administrators.items():
        try:
            files[f"keys/{text(prefix)}.bin"] = keys.private_bin(administrator.key)
        except CallerError as problem:
            raise OperatorError(f"the key of {administrator.name} cannot be given to it: {problem}") from None
    return files


def _pinned(plan: NetworkPlan) -> list[tuple[list[bytes], Site]]:
    """Prefix handles, in upper case, and a site that answers for them; several entries for several sites.

    The client knows one root: the one without families. What other roots delegate is named prefix by prefix.
    """
    services = next((node.roots for node in plan.nodes if node.roots), None) or (
        RootService(tuple(dict.fromkeys(node.site for node in plan.nodes if node.tier == "root"))),
    )
    default = next((service for service in services if not service.families), services[0])
    pinned = [([ROOT_SERVICE], site) for site in default.sites]
    foreign = {family for service in services if service is not default for family in service.families}
    for node in plan.nodes:
        handles = [fold(prefix_handle(prefix)) for prefix in node.prefixes if prefix.split(b".")[0] in foreign]
        if handles and node.server_number == 0 and node.tier != "root":
            pinned.append((handles, node.site))
    return pinned


# ---- the national SDK ------------------------------------------------------------------------------------------------


def _sdk(
    plan: NetworkPlan, administrators: Mapping[bytes, Administrator], trust: VerifyingKey | None
) -> dict[str, bytes]:
    recursive = _recursive(plan)
    pem = b"" if trust is None else _public_pem(trust)
    properties = {
        "recursionServerIp": recursive.ip,
        "recursionServerPort": str(recursive.port),
        "promiseTimeout": str(SDK_TIMEOUT_S),
    }
    if pem:
        properties["trustRootHandle"] = TRUST_ROOT
    lines = [f"# The network {plan.name}; the SDK's own default is the production address.".encode()]
    lines += [f"{name}={value}".encode() for name, value in properties.items()]
    files = {
        "biaoshi-sdk.properties": b"\n".join((*lines, b"")),
        "BiaoshiNetwork.java": _java(plan, recursive, pem).encode(),
    }
    if pem:
        files["trust-root.pem"] = pem
    for prefix, administrator in administrators.items():
        files[f"keys/{text(prefix)}.pem"] = keys.private_pem(administrator.key)
    return files


def _public_pem(key: VerifyingKey) -> bytes:
    if isinstance(key, Sm2PublicKey):
        return key.pem()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _java(plan: NetworkPlan, recursive: NodePlan, pem: bytes) -> str:
    trust = ""
    if pem:
        quoted = " +\n                        ".join(f'"{line}\\n"' for line in pem.decode().splitlines())
        trust = (
            f'                .trustRootHandle("{TRUST_ROOT}")\n                .trustRootPubKeyPem(\n'
            f"                        {quoted})\n"
        )
    return f"""\
import cn.teleinfo.idpointer.sdk.client.GlobalIdClientFactory;
import cn.teleinfo.idpointer.sdk.config.IDClientConfig;

/** Points the SDK at the network {plan.name}. Call init() once, before anything else of the SDK. */
public final class BiaoshiNetwork {{
    private BiaoshiNetwork() {{}}

    public static void init() {{
        GlobalIdClientFactory.init(IDClientConfig.builder()
                .recursionServerIp("{recursive.ip}")
                .recursionServerPort({recursive.port})
                .promiseTimeout({SDK_TIMEOUT_S})
{trust}                .build());
    }}
}}
"""


# ---- both ------------------------------------------------------------------------------------------------------------


def _recursive(plan: NetworkPlan) -> NodePlan:
    for node in plan.nodes:
        if node.tier == "recursive":
            return node
    raise OperatorError("this network has no recursive node", file=str(plan.file), remedy="Add one to its file")


def _address(plan: NetworkPlan, prefix: bytes) -> str:
    """Where whoever writes under a prefix turns to: `IP:port` of its first server over TCP."""
    node = next(node for node in plan.nodes if prefix in node.prefixes and node.tier != "recursive")
    return f"{node.ip}:{node.site.servers[0].port(Protocol.TCP) or node.port}"


def _readme(
    program: str, plan: NetworkPlan, who: Mapping[bytes, Administrator], names: Sequence[str], sample: str
) -> str:
    listed = "\n".join(f"- `{name}`" for name in names)
    extension = "bin" if program == "cnri" else "pem"
    people = "\n".join(
        f"| {text(prefix)} | {_address(plan, prefix)} | `{each.name}` | `keys/{text(prefix)}.{extension}` |"
        for prefix, each in who.items()
    )
    headings = "| prefix 前缀 | server 服务器 | administrator 管理员 | private key 私钥 |\n|---|---|---|---|"
    table = f"\n{headings}\n{people}\n"
    use = _USE_CNRI if program == "cnri" else _USE_SDK
    return (
        f"# {'CNRI Handle client' if program == 'cnri' else 'National SDK'} → {plan.name}\n\n"
        f"Written by `biaoshi network client-config {program}` for the network of {plan.file.name}. Its addresses hold "
        "while that network runs; the keys open nothing else.\n"
        "由 `biaoshi network client-config` 生成，仅在该网络运行期间有效；私钥只对该网络有效。\n\n"
        f"{listed}\n\n{use.replace('SAMPLE', sample)}{table if who else ''}"
    )


_USE_CNRI = """\
## Use 使用

```sh
java -Dnet.handle.configDir="$PWD" -cp 'handle-9.3.1/lib/*' net.handle.apps.simple.HDLTrace SAMPLE
```

or copy the files to `$HOME/.handle`, or in a program
`resolver.setConfiguration(new FilesystemConfiguration(new File(dir)))`. The private keys are in the form of
`admpriv.bin`, without a passphrase: the tools take them with `index:handle` as printed below.
"""
_USE_SDK = """\
## Use 使用

```java
BiaoshiNetwork.init();   // once, before the first use; a second init throws
GlobalIdClientFactory.getIdResolver().resolveHandle("SAMPLE");
```

To write, open a client to the server of the prefix, with its administrator and private key (PKCS#8 PEM):
`GlobalIdClientFactory.getIdClientFactory().newInstance(new InetSocketAddress(host, port), user, index, privateKey)`.
"""


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
