"""Get site info, opcode 2: the request is a handle nobody looks at, the answer a bare HS_SITE record."""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.model.site import Site
from resolver.wire.buffer import Reader, Writer
from resolver.wire.types import hs_site


@frozen
class SiteInfoAnswer:
    """An HS_SITE record without a length around it: it ends where the body ends, to the octet (traps 14, 36)."""

    site: Site

    @classmethod
    def read(cls, r: Reader) -> Self:
        site = hs_site.read(r)
        r.finish("site info")
        return cls(site)

    def write(self, w: Writer) -> None:
        hs_site.write(w, self.site)
