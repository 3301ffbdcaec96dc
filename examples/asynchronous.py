"""The same, asynchronously: several identifiers at a time.

Arguments, all optional: server, user, the file of its private key.
"""

import asyncio
import sys

from biaoshi import Client, administrator, credentials, key_in, text

SERVER, USER, KEY = "127.86.5.1:2641", "300:0.NA/88.118.8", ".biaoshi/data/.keys/administrators/88.118.8.pem"


async def life_of(client: Client, handle: str) -> None:
    """Create, read, modify, read again, delete."""
    await client.create(handle, [text(1, "URL", "https://example.org/1"), administrator("0.NA/88.118.8")])
    before, *_ = await client.resolve(handle, authoritative=True)
    await client.modify(handle, [text(1, "URL", "https://example.org/2")])
    after, *_ = await client.resolve(handle, authoritative=True)
    await client.delete(handle)
    print(handle, before.data.decode(), after.data.decode())


async def main(server: str, user: str, key: str) -> None:
    async with Client(server, user=credentials(user, key_in(key))) as client:
        await asyncio.gather(*(life_of(client, f"88.118.8/EXAMPLE-ASYNC-{number}") for number in range(3)))


asyncio.run(main(*(sys.argv[1:] or (SERVER, USER, KEY))))
