"""A session: who asks is proven once, every message carries a MAC, and nobody else can read along.

Arguments, all optional: server, user, the file of its private key.
"""

import sys
from dataclasses import replace

from biaoshi import BlockingClient, administrator, credentials, key_in, text

SERVER, USER, KEY = "127.86.5.1:2641", "300:0.NA/88.118.8", ".biaoshi/data/.keys/administrators/88.118.8.pem"
server, user, key = sys.argv[1:] or (SERVER, USER, KEY)

with BlockingClient(server, user=credentials(user, key_in(key)), tcp=True, session=True, encrypt=True) as client:
    handle = "88.118.8/EXAMPLE-SESSION"
    for_administrators = replace(text(2, "EMAIL", "keeper@example.org"), permissions=0b1100)
    client.create(handle, [text(1, "URL", "https://example.org/"), for_administrators, administrator("0.NA/88.118.8")])
    print("everybody reads", [value.index for value in client.resolve(handle)])
    print("an administrator reads", [value.index for value in client.resolve(handle, secret=True)])
    client.delete(handle)
