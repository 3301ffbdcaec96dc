"""When a process is gone: not before its sockets are."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from nodes.processes import started, wait_gone

PORT = 2641
# Some threads and some memory: enough for its leader to be a zombie while the others still let go.
HOLDER = f"""
import socket, threading, time
held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
held.bind(("127.233.2.1", {PORT}))
memory = bytearray(64 << 20)
for at in range(0, len(memory), 4096):
    memory[at] = 1
for _ in range(6):
    threading.Thread(target=lambda: [sum(range(2000)) for _ in iter(int, 1)], daemon=True).start()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.network
def test_a_killed_process_is_gone_when_its_last_thread_has_let_go_of_its_sockets() -> None:
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None and holder.stdout.readline() == b"ready\n"
            identity = holder.pid, started(holder.pid) or 0
            os.kill(holder.pid, signal.SIGKILL)
            assert wait_gone([identity], 10)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
                taken.bind(("127.233.2.1", PORT))
