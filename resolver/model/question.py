"""Question and answer: what is wanted, and the end of it (or a pointer to the next site)."""

from __future__ import annotations

from collections.abc import Sequence

from resolver.model.frozen import frozen
from resolver.model.value import Value, type_matches


@frozen
class Question:
    """Which values of which handle. Both lists empty: all of them; else the union of both (protocol.md §4.2).

    `public_only` leaves values out that not everybody may read (flag PO); `authoritative` wants a primary and no
    cache (AT); `certify` wants a signature (CT); `do_not_refer` no referral (DNR). `recursion_count` grows by one
    at each node that asks on. `identity`: where the national SDK says who asks (flag RECU_AUTH), length and octets, for
    whoever answers; nobody on the way looks into it.
    """

    handle: bytes
    indexes: tuple[int, ...] = ()
    types: tuple[bytes, ...] = ()
    public_only: bool = True
    authoritative: bool = False
    certify: bool = False
    do_not_refer: bool = False
    recursion_count: int = 0
    identity: bytes = b""

    def selects(self, value: Value) -> bool:
        """Whether the lists select this value."""
        if not self.indexes and not self.types:
            return True
        return value.index in self.indexes or any(type_matches(asked, value.type) for asked in self.types)


@frozen
class Answer:
    """What a question came to: a response code, values (also of a referral), words for an error.

    `referral_handle` is the handle of a 302 or 303 answer (usually empty).
    """

    code: int
    values: Sequence[Value] = ()
    message: bytes = b""
    referral_handle: bytes = b""
