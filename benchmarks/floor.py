"""What a plain socket loop in Python costs: read a datagram, look it up in a dict, send what is there, one at a time.

    python -m benchmarks.floor ADDRESS PORT

Nodes exchange datagrams by the batch (resolver/net/batch.py) and so may be faster. It answers the benchmark's own
requests, prints "ready" and ends on SIGTERM, or when its stdin does.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys

from benchmarks.traffic import HANDLES, answer, request
from resolver.wire import peek

DRAIN_MAX = 64  # datagrams taken before the loop may look at anything else
PACKET_OCTETS_MAX = 2048


def serve(ip: str, port: int) -> None:
    """Answer until told to stop."""
    replies = {peek.repeat_key(request(number)): bytearray(answer(number)) for number in range(HANDLES)}
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setblocking(False)
    listening.bind((ip, port))
    receive, send = listening.recvfrom, listening.sendto

    def drain() -> None:
        try:
            for _ in range(DRAIN_MAX):
                packet, source = receive(PACKET_OCTETS_MAX)
                reply = replies.get(packet[:8] + packet[12:36] + packet[40:])  # repeat_key, without a call
                if reply is not None:
                    reply[8:12] = packet[8:12]
                    send(reply, source)
        except BlockingIOError:
            return

    async def run() -> None:
        loop = asyncio.get_running_loop()
        finished = loop.create_future()
        loop.add_reader(listening, drain)

        def starter_spoke() -> None:
            if not os.read(sys.stdin.fileno(), 4096):  # nothing to read: whoever started us is gone
                loop.remove_reader(sys.stdin)
                finished.set_result(None)

        loop.add_reader(sys.stdin, starter_spoke)
        print("ready", flush=True)
        await finished

    asyncio.run(run())


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
