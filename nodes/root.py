"""Root node (根节点): the top of one identifier system; for each national prefix, who answers (`0.NA/88`).

It homes the prefix `0.NA` and so answers for every prefix handle; for those below a national prefix, with a referral.
"""

from nodes.authority import build

__all__ = ["build"]
