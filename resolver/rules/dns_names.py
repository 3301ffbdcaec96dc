"""Identifiers as domain names below a zone, and back (docs/dns.md).

    88.118.8/JXDY2106023     JXDY2106023._id.8.118.88.<zone>
    88.118.8/T.METER         T.METER._id.8.118.88.<zone>
    88.118.8/电表/1           =e7=94=b5=e8=a1=a8=2f1._id.8.118.88.<zone>
    0.NA/88.118.8            8.118.88.<zone>

The prefix stands as in-addr.arpa has its numbers, so a zone can be delegated where the prefix is. In labels letters,
digits, `-` and `_` mean themselves, `=hh` is any other octet, and a label that ends in `=` goes on in the next one
(quoted-printable, RFC 2045 §6.7). Letter case is lost, as it is in a handle (behaviour.md §2).
"""

from __future__ import annotations

import re

from resolver.errors import BiaoshiError
from resolver.model.identifier import PREFIX_HANDLE_LEAD

LABEL_OCTETS_MAX = 63
NAME_OCTETS_MAX = 255  # all labels, each with its length, and the root's
SEPARATOR = b"_id"
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_ESCAPED = re.compile(rb"=([0-9a-f]{2})", re.IGNORECASE)

Labels = tuple[bytes, ...]


class NoName(BiaoshiError):
    """An identifier that no domain name stands for, or a name that stands for none."""


def labels_of(handle: bytes) -> Labels:
    """The labels of an identifier below the zone, leftmost first. NoName if they would not fit a domain name."""
    if handle[: len(PREFIX_HANDLE_LEAD)].upper() == PREFIX_HANDLE_LEAD:
        prefix, suffix = handle[len(PREFIX_HANDLE_LEAD) :], None
    else:
        prefix, slash, suffix = handle.partition(b"/")
        if not slash:
            raise NoName("an identifier has a slash")
    above = tuple(_escaped(label) for label in reversed(prefix.split(b".")))
    labels = above if suffix is None else (*_suffix_labels(suffix), SEPARATOR, *above)
    if any(not 0 < len(label) <= LABEL_OCTETS_MAX for label in labels):
        raise NoName("a label of the prefix is empty, or longer than a domain name's")
    if sum(len(label) + 1 for label in labels) >= NAME_OCTETS_MAX:
        raise NoName("longer than a domain name may be")
    return labels


def _escaped(octets: bytes) -> bytes:
    return b"".join(bytes([octet]) if octet in _PLAIN else b"=%02x" % octet for octet in octets)


def _suffix_labels(suffix: bytes) -> Labels:
    """A suffix, cut at its dots; where that would leave nothing between them, the dot is an octet like any other."""
    if not suffix:
        raise NoName("the suffix is empty")
    parts = suffix.split(b".")
    if not all(parts):
        parts = [suffix]
    labels: list[bytes] = []
    for part in parts:
        line = _escaped(part)
        while len(line) > LABEL_OCTETS_MAX:
            cut = LABEL_OCTETS_MAX - 1
            if b"=" in line[cut - 2 : cut]:  # not within an escape
                cut = line.rindex(b"=", 0, cut)
            labels.append(line[:cut] + b"=")
            line = line[cut:]
        labels.append(line)
    return tuple(labels)


def handle_of(labels: Labels) -> bytes | None:
    """The identifier that labels below the zone stand for; None for those between: the separator's own name. NoName if
    they stand for none.
    """
    folded = [label.lower() for label in labels]
    if SEPARATOR not in folded:
        return PREFIX_HANDLE_LEAD + _prefix_of(labels)
    at = len(folded) - 1 - folded[::-1].index(SEPARATOR)
    if at == len(labels) - 1:
        raise NoName("no prefix behind the separator")
    prefix = _prefix_of(labels[at + 1 :])
    if at == 0:
        return None
    suffix, joined = b"", True
    for label in labels[:at]:
        if not joined:
            suffix += b"."
        joined = label.endswith(b"=")
        suffix += _unescaped(label.removesuffix(b"=") if joined else label)
    if joined:
        raise NoName("the last label is to go on")
    return prefix + b"/" + suffix


def _prefix_of(labels: Labels) -> bytes:
    return b".".join(_unescaped(label) for label in reversed(labels))


def _unescaped(label: bytes) -> bytes:
    plain = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), label)
    if label.count(b"=") != len(_ESCAPED.findall(label)):
        raise NoName("an equals sign that two hexadecimal digits do not follow")
    return plain
