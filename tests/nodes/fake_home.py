"""A process group in small: keeps the supervisor's protocol (parent pipe, ready pipe, SIGTERM) and opens the nodes'
UDP sockets, but answers nothing. FIXTURE_MODE says how it misbehaves; the process named in FIXTURE_PROCESS does.

    refuse  an error line with exit 4        crash  ends without a word
    mute    never becomes ready              deaf   ignores SIGTERM and the parent pipe
"""

import argparse
import json
import os
import select
import signal
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


parser = argparse.ArgumentParser()
for option in ("--file", "--process", "--data-dir", "--keys-dir"):
    parser.add_argument(option, required=True)
for option in ("--second-octet", "--parent-fd", "--ready-fd", "--metrics-port"):
    parser.add_argument(option, type=int, required=True)
parser.add_argument("--time-scale", type=float, required=True)
options = parser.parse_args()
mode = os.environ.get("FIXTURE_MODE", "") if options.process == os.environ.get("FIXTURE_PROCESS") else ""


def say(report: dict[str, object]) -> None:
    os.write(options.ready_fd, json.dumps(report).encode() + b"\n")


if mode == "refuse":
    say({"ready": False, "error": "store damaged on purpose", "exit": 4})
    sys.exit(4)
if mode == "crash":
    sys.exit("crashed on purpose")
if mode == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

# Which nodes are ours stands in the state file (the default of a network file: recursive nodes, and all the others).
state = json.loads((Path(options.data_dir).parent / "state.json").read_text())
nodes = [node for node in state["nodes"] if (node["tier"] == "recursive") == (options.process == "recursive")]
sockets = []
for node in nodes:
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ip, _, port = node["address"].rpartition(":")
    door.bind((ip, int(port)))
    sockets.append(door)
page = HTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=page.serve_forever, daemon=True).start()
print(json.dumps({"event": "fixture started"}), file=sys.stderr, flush=True)
if mode != "mute":
    told = [
        {"name": node["name"], "records": 7, "sample": f"{node['name']}/1", "http": None, "dns": None} for node in nodes
    ]
    url = f"http://127.0.0.1:{page.server_port}/metrics"
    say({"ready": True, "pid": os.getpid(), "metrics": url, "nodes": told})
if mode == "deaf":
    threading.Event().wait()
select.select([options.parent_fd], [], [])
