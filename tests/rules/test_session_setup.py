"""Session set-up with what no honest client brings."""

from __future__ import annotations

from office import Office, told

from resolver.wire.codes import Code
from resolver.wire.message import decode

# Found by the fuzzer (seed 13, packet 30,718 at a root): set-up of mode 1 with an RSA key whose modulus is even.
USELESS_KEY = bytes.fromhex(
    "020b020b000000000001003e000000000000015d00000190000000005900000000070000713fb300000001410001000151800000000c302e4e412f"
    "38362e313030300000012c000001210000000b5253415f5055425f4b45590000000000030100010000010100bb9f14ef64b521eca3631ad5855098"
    "bb34b60c66b3d05b4a1f66a4a4cb36a66b49c4b9be42809ad5b3b21ffa8d9c0d01edc3347b6e6fba400cb70d31fcea11d2b0baa3a03ffb26db26d8"
    "9e7a7d8bad5334968ce20b9c7595e9c0985b7380ab6cea33e86bbab3c576a2a01091eaefa982acd0b1cc9e4e23f178b36f186b9d4f82ae5be8bdc9"
    "2f06254659939d4cdee782437156c862a9079fe30580249bdfc5f38604356bb475cfe3acc86b0156531f0f98ca171aead2082423fd7d831831ee75"
    "ac598a4479b11783b412776544184c7e32435d1dd9322a9a18ef146c74f53a196946a8c67afa283ae9013cc9f9cb9586bc9be3b939e5fd7e2ba56d"
    "a4a4cb36a66b49c4b9be42809ad5b3b21ffa8d9c0d01edc3347b6e6fba400cb70d31fcea11d2b0baa3a03ffb26db26d89e7a7d8bad5334968ce20b"
    "9c7595e9c0985b7380ab6cea33e86bbab3c576a2a01091eaefa982acd0b1cc9e4e23f178b36f186b9d4f82ae5be8bdc92f06254659939d4cdee782"
    "437156c862a9079fe30580249bdfc5f38604356bb475cfe3acc86b0156531f0f98ca171aead2082423fd7d831831ee75ac598a4479b11783b41277"
    "6544184c7e32435d1dd9322a9a18ef146c74f53a196946a8c67afa283ae9013cc9f9cb9586bc9be3b939e5fd7e2ba56d3e1cd193f1000000000000"
    "00000000"
)


def test_a_public_key_that_nothing_can_be_encrypted_for_is_refused() -> None:
    response = Office().ask(decode(USELESS_KEY))
    assert told(response) == (Code.SESSION_FAILED, b"the session key cannot be encrypted for this public key")
