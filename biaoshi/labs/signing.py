"""Signatures and certificates for cases: made by the network's own administrators, registered over the protocol."""

from __future__ import annotations

import time

from biaoshi.labs.lab import values_at
from biaoshi.running import Network
from resolver.errors import OperatorError
from resolver.model.identifier import prefix_handle
from resolver.model.value import Value
from resolver.rules import trust
from resolver.rules.keys import SigningKey
from resolver.rules.proof import Credentials
from resolver.rules.trust import DERIVED_PREFIXES, THIS_HANDLE, Right

SIGNATURE_INDEX = 400
LIFE_S = 365 * 86_400


def sign_record(network: Network, prefix: str, node: str, handle: str) -> None:
    """Add to a record an HS_SIGNATURE of its values, by the administrator of its prefix."""
    values = values_at(network, node, handle) or ()
    signer = network.administrator(prefix)
    data = trust.sign_values(handle.encode(), values, signer.user, _key(signer), now_s=int(time.time()), life_s=LIFE_S)
    with network.client(prefix, network.address(node), direct=True) as client:
        client.add(handle, [Value(SIGNATURE_INDEX, trust.SIGNATURE, data)])


def certificate_that(network: Network, prefix: str, parent: str, *, began_s: int, life_s: int) -> bytes:
    """An HS_CERT of a prefix's administrator by that of the prefix above, good from `began_s` on for `life_s`."""
    own, issuer = network.administrator(prefix), network.administrator(parent)
    handle = prefix_handle(prefix.encode())
    rights = (Right(handle, THIS_HANDLE), Right(handle, DERIVED_PREFIXES))
    public = _key(own).public_key()
    return trust.certify(own.user, public, rights, issuer.user, _key(issuer), now_s=began_s, life_s=life_s)


def _key(who: Credentials) -> SigningKey:
    if isinstance(who.key, bytes):
        raise OperatorError("is no key that signs", key="administrator")
    return who.key
