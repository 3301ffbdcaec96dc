"""Handles as bytes: how they split, fold, descend and hash.

A handle is `prefix/suffix` in bytes; nobody promises that it is UTF-8 (protocol.md §11 trap 37), so text appears only
at the rim. Folding is ASCII only (trap 29), which is exactly what `bytes.upper` does.

    88.118.8/JXDY2106023      prefix 88.118.8, suffix JXDY2106023
    0.NA/88.118.8             the prefix handle of 88.118.8; its parent is 0.NA/88.118
    88.118.8                  slashless: read as 0.NA/88.118.8
"""

from __future__ import annotations

from collections.abc import Iterator

PREFIX_HANDLE_LEAD = b"0.NA/"
ROOT_SERVICE = b"0.NA/0.NA"
DEPTH_MAX = 64  # dots in a prefix that we walk; a handle of 2,048 octets could hold a thousand


def normal_form(handle: bytes) -> bytes:
    """The handle with a slash: a slashless `88.118` means the prefix handle `0.NA/88.118` (protocol.md §4.2)."""
    return handle if b"/" in handle else PREFIX_HANDLE_LEAD + handle


def fold(handle: bytes, *, case_sensitive: bool = False) -> bytes:
    """The form under which a handle is stored and compared: ASCII letters upper-cased (protocol.md §8).

    With `case_sensitive` the suffix keeps its letters; a handle beginning `0.` folds entirely all the same.
    """
    if not case_sensitive or handle.startswith(b"0."):
        return handle.upper()
    prefix, slash, suffix = handle.partition(b"/")
    return prefix.upper() + slash + suffix


def prefix_of(handle: bytes) -> bytes:
    """What stands before the first slash; `0.NA` for a slashless handle (protocol.md §8)."""
    prefix, slash, _ = handle.partition(b"/")
    return prefix if slash else b"0.NA"


def suffix_of(handle: bytes) -> bytes:
    """What stands behind the first slash; the whole handle if it has none (protocol.md §8)."""
    _, slash, suffix = handle.partition(b"/")
    return suffix if slash else handle


def prefix_handle(prefix: bytes) -> bytes:
    """The handle that describes a prefix: `88.118` -> `0.NA/88.118`."""
    return PREFIX_HANDLE_LEAD + prefix


def is_prefix_handle(handle: bytes) -> bool:
    """Whether a handle describes a prefix (any letter case)."""
    return handle[:5].upper() == PREFIX_HANDLE_LEAD


def ancestors(handle: bytes) -> Iterator[bytes]:
    """The prefix handles above a prefix handle, nearest first: `0.NA/88.118.8` -> `0.NA/88.118`, `0.NA/88`.

    Nothing for other handles. At most DEPTH_MAX of them.
    """
    if not is_prefix_handle(handle):
        return
    prefix = handle[len(PREFIX_HANDLE_LEAD) :]
    for _ in range(DEPTH_MAX):
        prefix, dot, _last = prefix.rpartition(b".")
        if not dot:
            return
        yield handle[: len(PREFIX_HANDLE_LEAD)] + prefix


def text(handle: bytes) -> str:
    """A handle for people: UTF-8 where it is, escapes where it is not."""
    return handle.decode("utf-8", "backslashreplace")
