"""SIEVE against a model of it written the slow way, and its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resolver.cache.sieve import Entry, Sieve

ROOM = 5


class SlowSieve:
    """The same rules over a plain list, oldest first."""

    def __init__(self) -> None:
        self.queue: list[list[object]] = []  # [key, visited]
        self.hand: object | None = None  # the key under the hand

    def keys(self) -> set[object]:
        return {key for key, _ in self.queue}

    def touch(self, key: object) -> None:
        for item in self.queue:
            if item[0] == key:
                item[1] = True

    def remove(self, key: object) -> None:
        for place, item in enumerate(self.queue):
            if item[0] == key:
                if self.hand == key:
                    self.hand = self.queue[place + 1][0] if place + 1 < len(self.queue) else None
                del self.queue[place]
                return

    def put(self, key: object) -> None:
        self.remove(key)
        if len(self.queue) == ROOM:
            place = next((at for at, item in enumerate(self.queue) if item[0] == self.hand), 0)
            while self.queue[place][1]:
                self.queue[place][1] = False
                place = (place + 1) % len(self.queue)
            self.hand = self.queue[place][0]
            self.remove(self.hand)
        self.queue.append([key, False])


keys = st.integers(0, 9)
steps = st.lists(st.tuples(st.sampled_from(["put", "touch", "remove"]), keys), max_size=200)


@given(steps)
def test_it_keeps_what_the_slow_sieve_keeps(story: list[tuple[str, int]]) -> None:
    fast: Sieve[Entry] = Sieve(ROOM)
    slow = SlowSieve()
    for verb, key in story:
        if verb == "put":
            assert fast.put(Entry(key, 1))
            slow.put(key)
        elif verb == "touch":
            if key in fast.table:
                fast.table[key].visited = True
            slow.touch(key)
        else:
            fast.remove(key)
            slow.remove(key)
        assert set(fast.table) == slow.keys()
        assert fast.octets == len(fast) <= ROOM


@given(st.lists(st.tuples(keys, st.integers(1, 2 * ROOM)), max_size=100))
def test_it_never_holds_more_than_its_room(entries: list[tuple[int, int]]) -> None:
    sieve: Sieve[Entry] = Sieve(ROOM)
    for key, octets in entries:
        kept = sieve.put(Entry(key, octets))
        assert kept == (octets <= ROOM)
        assert (key in sieve.table) == kept
        assert sieve.octets == sum(entry.octets for entry in sieve.table.values()) <= ROOM


def test_what_is_used_outlives_what_is_not() -> None:
    sieve: Sieve[Entry] = Sieve(3)
    for key in "abc":
        sieve.put(Entry(key, 1))
    sieve.table["a"].visited = True
    sieve.put(Entry("d", 1))
    assert set(sieve.table) == {"a", "c", "d"}
    assert sieve.evicted == 1


def test_clearing_forgets_everything() -> None:
    sieve: Sieve[Entry] = Sieve(3)
    sieve.put(Entry("a", 2))
    sieve.clear()
    assert (len(sieve), sieve.octets) == (0, 0)
    assert sieve.put(Entry("b", 3))
