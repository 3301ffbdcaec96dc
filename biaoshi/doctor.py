"""What of this machine helps or hinders biaoshi: findings, each with what to do about it."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from loadgen.machine import cores, cpu_model
from resolver.errors import OperatorError
from resolver.net import batch, rim
from resolver.net.sockets import RECEIVE_BUFFER_OCTETS

GOOD, SLOWER, MISSING = "good", "slower", "missing"  # slower: it works, and could do better
DESCRIPTORS_WANTED = 4_096  # national.toml, sockets of 388 nodes in a handful of processes, with some connections
CORES_WANTED = 2
NET = Path("/proc/sys/net/core")
TOOLS = {
    "nsd": "the name server beside which `make bench` puts ours",
    "dnsperf": "load on the DNS door in `make bench`",
    "perf": "`make profile`",
    "promtool": "checks the Prometheus rules in tests",
    "chromium": "looks at pages in tests",
}
EXTRAS = {
    "gmalg": "SM2, SM3 and SM4: pip install 'biaoshi[gm]'",
    "distributed": "load from many machines: pip install 'biaoshi[dask]'",
}


class Finding(NamedTuple):
    """`state`: good, slower, or missing. `remedy`: what would make it better; empty if nothing need be done."""

    name: str
    state: str
    value: str
    remedy: str = ""


def findings() -> list[Finding]:
    """Everything that was looked at."""
    return [*_rim(), *_machine(), *_network(), *_extras()]


def _rim() -> Iterator[Finding]:
    word = os.environ.get(rim.VARIABLE, "")
    try:
        chosen = rim.chosen()
    except OperatorError as error:
        yield Finding("rim", MISSING, word, str(error))
        return
    built = importlib.util.find_spec("resolver.net._rim") is not None
    if chosen == "c":
        yield Finding("rim", GOOD, "c: remembered answers leave without waking Python")
    elif built:
        yield Finding("rim", SLOWER, f"python, because {rim.VARIABLE}={word}", f"Unset {rim.VARIABLE}")
    else:
        yield Finding("rim", SLOWER, "python: it was installed without a C compiler", _compiler_remedy())
    if chosen == "c":
        there = importlib.util.find_spec("loadgen._volley") is not None
        words = "c: what is due leaves without waking Python" if there else "python: its extension was not built"
        yield Finding("load generator", GOOD if there else SLOWER, words, "" if there else _compiler_remedy())
    if batch.can_batch():
        yield Finding("batches of datagrams", GOOD, "recvmmsg and sendmmsg")
    else:
        yield Finding("batches of datagrams", SLOWER, "one by one", "Run it on 64-bit Linux")


def _compiler_remedy() -> str:
    if shutil.which("cc") or shutil.which("gcc"):
        return "There is a compiler now: install biaoshi again (make clean setup, or pip install --force-reinstall .)"
    return "Install a C compiler (Debian: gcc, libc6-dev), then biaoshi again"


def _machine() -> Iterator[Finding]:
    have = cores()
    remedy = "" if have >= CORES_WANTED else "With one core, load and network take turns: measure on two or more"
    yield Finding("cores", GOOD if have >= CORES_WANTED else SLOWER, f"{have} ({cpu_model()})", remedy)
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", GOOD, f"{version}, {sys.platform}")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = hard == resource.RLIM_INFINITY or hard >= DESCRIPTORS_WANTED
    words = f"{soft:,} (nodes raise it to {hard:,})"
    yield Finding(
        "open files", GOOD if enough else SLOWER, words, "" if enough else f"ulimit -Hn {DESCRIPTORS_WANTED}, as root"
    )


def _network() -> Iterator[Finding]:
    for option, name in (("rmem_max", "receive"), ("wmem_max", "send")):
        try:
            most = int((NET / option).read_text())
        except (OSError, ValueError):
            continue
        enough = most >= RECEIVE_BUFFER_OCTETS
        remedy = (
            "" if enough else f"sysctl -w net.core.{option}={RECEIVE_BUFFER_OCTETS}, as root: bursts are lost sooner"
        )
        yield Finding(f"{name} buffers", GOOD if enough else SLOWER, f"at most {most:,} octets a socket", remedy)
    for ip, words in (("127.86.1.1", "an address for every node"), ("::1", "IPv6 on loopback")):
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.bind((ip, 0))
            yield Finding(words, GOOD, ip)
        except OSError as error:
            remedy = "IPv4 will do" if ":" in ip else 'Write addressing = "ports" in the network file'
            yield Finding(words, SLOWER, f"{ip}: {error.strerror}", remedy)


def _extras() -> Iterator[Finding]:
    for module, words in EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        yield Finding(
            module, GOOD if there else MISSING, "installed" if there else "not installed", "" if there else words
        )
    for tool, words in TOOLS.items():
        path = shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/sbin:/usr/local/sbin")
        yield Finding(tool, GOOD if path else MISSING, "there" if path else "not there", "" if path else f"For {words}")
