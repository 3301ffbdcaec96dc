"""Table 2: what the codec costs, in microseconds a call. One thread, no sockets; the best of several repetitions.

The packets are the benchmark's own: a request of 80 octets, an answer of 250 with two values.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.traffic import answer, request, values
from resolver.wire import peek
from resolver.wire.explain import explain
from resolver.wire.message import decode, encode
from resolver.wire.record import pack_record, unpack_record

REPETITIONS = 5  # the fastest counts: everything else that happens on the machine only adds
TRIAL_CALLS = 200


def table(seconds: float) -> Iterator[dict[str, Any]]:
    """The rows; each is measured for about `seconds`."""
    asked, answered = request(1), answer(1)
    question, reply = decode(asked), decode(answered)
    record = pack_record(values(1))
    calls: dict[str, Callable[[], object]] = {
        "repeat_key of a request": lambda: peek.repeat_key(asked),
        "decode a request": lambda: decode(asked),
        "encode a request": lambda: encode(question),
        "decode an answer": lambda: decode(answered),
        "encode an answer": lambda: encode(reply),
        "unpack a stored record": lambda: unpack_record(record),
        "explain an answer": lambda: explain(answered),
    }
    for name, call in calls.items():
        timer = timeit.Timer(call)
        trial_s = timer.timeit(TRIAL_CALLS) / TRIAL_CALLS
        number = max(1, int(seconds / REPETITIONS / trial_s))
        best = min(timer.repeat(REPETITIONS, number)) / number
        yield {"row": name, "us": best * 1e6}
