"""A batch: up to 2,000 records in one call, and what became of each. One that fails does not stop the others.

Arguments, all optional: server, user, the file of its private key.
"""

import sys

from biaoshi import BlockingClient, administrator, credentials, key_in, text

SERVER, USER, KEY = "127.86.5.1:2641", "300:0.NA/88.118.8", ".biaoshi/data/.keys/administrators/88.118.8.pem"
server, user, key = sys.argv[1:] or (SERVER, USER, KEY)

owner = administrator("0.NA/88.118.8")
records = [
    (f"88.118.8/EXAMPLE-{number}", [text(1, "URL", f"https://example.org/{number}"), owner]) for number in range(20)
]
records.append(("88.118.8/JXDY2106023", [text(1, "URL", "https://example.org/taken")]))

with BlockingClient(server, user=credentials(user, key_in(key)), session=True) as client:
    outcomes = client.create_many(records)
    print(sum(outcome.done for outcome in outcomes), "registered")
    for outcome in outcomes:
        if outcome.error is not None:
            print(outcome.error)
    listed = client.list("88.118.8")
    print(sum(handle.startswith(b"88.118.8/EXAMPLE-") for handle in listed), "listed")
    client.delete_many([handle for handle, _ in records[:20]])
