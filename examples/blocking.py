"""Register, read, change and delete one identifier, without async.

    biaoshi network up configs/teaching.toml
    python examples/blocking.py

Arguments, all optional: server, user, the file of its private key.
"""

import sys

from biaoshi import BlockingClient, Refused, administrator, credentials, key_in, text

SERVER, USER, KEY = "127.86.5.1:2641", "300:0.NA/88.118.8", ".biaoshi/data/.keys/administrators/88.118.8.pem"
server, user, key = sys.argv[1:] or (SERVER, USER, KEY)

with BlockingClient(server, user=credentials(user, key_in(key))) as client:
    handle = "88.118.8/EXAMPLE-BLOCKING"
    owner = administrator("0.NA/88.118.8")  # without an HS_ADMIN value nobody could change the record later
    client.create(handle, [text(1, "URL", "https://example.org/pump"), text(2, "DESC", "水泵"), owner])
    try:
        client.create(handle, [text(1, "URL", "https://example.org/again")])
    except Refused as refused:
        print(refused.code, refused.code_name)
    client.modify(handle, [text(1, "URL", "https://example.org/moved")])
    client.remove(handle, [2])
    for value in client.resolve(handle, types=["URL"], authoritative=True, certify=True):
        print(value.index, value.type.decode(), value.data.decode())
    client.delete(handle)
    print(client.exists(handle))
