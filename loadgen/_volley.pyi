from collections.abc import Sequence
from typing import Any

class Volley:
    # due, sent, received, octets, codes, verdicts, which, choice, links (buffers), per_target, epoll, first_id
    def __init__(self, *buffers_and_numbers: Any) -> None: ...
    def put(self, request: bytes, answer: bytes, mask: bytes, limits: tuple[tuple[int, int, int], ...], /) -> int: ...
    def go(
        self, number: int, end: int, start_ns: int, until_ns: int, spin_ns: int, /
    ) -> tuple[int, int, bytes, int, int, Sequence[bytes]]: ...
