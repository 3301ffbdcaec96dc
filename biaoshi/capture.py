"""A running network's packets as a pcap file: what its addresses say on the loopback interface, seen by a raw socket.

    file header    u32 0xA1B23C4D (nanoseconds) | u16 2 | u16 4 | 0 | 0 | u32 most octets | u32 1 (Ethernet)
    each packet    u32 seconds | u32 nanoseconds | u32 octets | u32 octets | the frame, as the interface has it

The interface shows every frame twice, as it leaves and as it comes; the first time is left out.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from resolver.errors import OperatorError

FRAME_OCTETS_MAX = 65_550
FILE_HEADER = struct.pack("=IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, FRAME_OCTETS_MAX, 1)
PACKET_HEADER = struct.Struct("=IIII")
ETHERNET_OCTETS, IPV4 = 14, b"\x08\x00"
ALL_PROTOCOLS, OUTGOING = 0x0003, 4
BUFFER_OCTETS = 16 << 20
LOOK_S = 0.2


@dataclass(slots=True)
class Captured:
    """How much there is; `lost`: frames the kernel had no room for."""

    packets: int = 0
    octets: int = 0
    lost: int = 0


def capture(
    file: Path,
    addresses: Collection[str],
    ports: Collection[int],
    *,
    seconds: float,
    packets_max: int,
    interface: str = "lo",
    progress: Callable[[Captured], None] = lambda so_far: None,
) -> Captured:
    """Write what is said from or to these addresses at these ports, until the time or the number is reached, or Ctrl-C.

    OperatorError if this machine does not let us, or the file cannot be written.
    """
    if sys.platform != "linux":
        raise OperatorError("packets are captured on Linux only", key="capture", remedy="Use Wireshark itself")
    ours = {socket.inet_aton(ip) for ip in addresses if ":" not in ip}
    done = Captured()
    try:
        with contextlib.ExitStack() as stack:
            sock = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS)))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
            sock.bind((interface, 0))
            sock.setblocking(False)
            out = stack.enter_context(file.open("wb"))
            out.write(FILE_HEADER)
            _copy(sock, out.write, ours, ports, time.monotonic() + seconds, packets_max, done, progress)
            done.lost = _lost(sock)
    except PermissionError as error:
        if error.filename:
            raise OperatorError(f"cannot be written: {error.strerror}", file=str(file)) from None
        raise OperatorError(
            "this user may not see other programs' packets",
            key="capture",
            remedy="Run it as root, or setcap cap_net_raw+ep on the Python interpreter",
        ) from None
    except OSError as error:
        raise OperatorError(f"{error.strerror}", file=str(error.filename or file), key=interface) from None
    return done


def _copy(
    sock: socket.socket,
    write: Callable[[bytes], object],
    ours: Collection[bytes],
    ports: Collection[int],
    until: float,
    packets_max: int,
    done: Captured,
    progress: Callable[[Captured], None],
) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        while done.packets < packets_max and (left := until - time.monotonic()) > 0:
            if not select.select([sock], [], [], min(LOOK_S, left))[0]:
                progress(done)
                continue
            frame, source = sock.recvfrom(FRAME_OCTETS_MAX)
            if source[2] == OUTGOING or not _wanted(frame, ours, ports):
                continue
            now_ns = time.time_ns()
            write(PACKET_HEADER.pack(now_ns // 10**9, now_ns % 10**9, len(frame), len(frame)) + frame)
            done.packets += 1
            done.octets += len(frame)


def _wanted(frame: bytes, ours: Collection[bytes], ports: Collection[int]) -> bool:
    """Whether a frame is IPv4, UDP or TCP, from or to one of our addresses, at one of the ports."""
    if frame[12:14] != IPV4 or len(frame) < ETHERNET_OCTETS + 20:
        return False
    if frame[26:30] not in ours and frame[30:34] not in ours:
        return False
    at = ETHERNET_OCTETS + 4 * (frame[ETHERNET_OCTETS] & 15)
    if frame[23] not in (socket.IPPROTO_UDP, socket.IPPROTO_TCP) or len(frame) < at + 4:
        return False
    return not ports or any(number in ports for number in struct.unpack_from(">HH", frame, at))


def _lost(sock: socket.socket) -> int:
    """PACKET_STATISTICS: (packets, drops) since it was last read."""
    with contextlib.suppress(OSError):
        return int(struct.unpack("=II", sock.getsockopt(263, 6, 8))[1])
    return 0


def may_capture() -> bool:
    """Whether this user is let."""
    if sys.platform != "linux":
        return False
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return os.path.exists("/sys/class/net/lo")
