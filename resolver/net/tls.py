"""TLS with a server's own key, on the Handle port and at the HTTP door (behaviour.md §3.3: the certificate's key is the
site's).

On the Handle port a stream may begin with a TLS handshake: its first octet is 22, which no version of the protocol is.
The certificate is signed by the key itself; whoever wants to know who it is compares the key with the one in HS_SITE.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

HANDSHAKE = 22  # the first octet of a TLS record that begins a conversation
READ_OCTETS = 1 << 16
LIFE = timedelta(days=3_650)
STARTS = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that a slow clock does not find it in the future

Contexts = Callable[[], ssl.SSLContext]


def certificate(key: RSAPrivateKey, name: str, ip: str) -> bytes:
    """A certificate for a server of this name and address, signed by its own key; PEM."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ip))])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(STARTS)
        .not_valid_after(STARTS + LIFE)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def context(certificate_file: Path, key_file: Path) -> ssl.SSLContext:
    """A server's context: TLS 1.2 and newer."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(certificate_file, key_file)
    except ssl.SSLError:  # a key of 1,024 bits, as network files may ask for, is weak, and still the site's
        made.set_ciphers("DEFAULT:@SECLEVEL=1")
        made.load_cert_chain(certificate_file, key_file)
    return made


class Tls:
    """The server's side of TLS on one stream: octets in, octets out."""

    def __init__(self, made: ssl.SSLContext) -> None:
        self._inward, self._outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._engine = made.wrap_bio(self._inward, self._outward, server_side=True)
        self._agreed = False

    def feed(self, octets: bytes) -> bytes:
        """What the client says, in clear. ssl.SSLError if that is no TLS, or none that we speak."""
        self._inward.write(octets)
        clear = bytearray()
        try:
            if not self._agreed:
                self._engine.do_handshake()
                self._agreed = True
            while part := self._engine.read(READ_OCTETS):
                clear += part
        except ssl.SSLWantReadError:
            pass
        return bytes(clear)

    def seal(self, octets: bytes = b"") -> bytes:
        """What goes to the client: these octets, and what TLS itself has to say."""
        if octets:
            self._engine.write(octets)
        return self._outward.read()
