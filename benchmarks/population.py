"""Table 4: what the computed population costs an identifier, in microseconds. One thread; the best of some repetitions.

15 billion identifiers in 5,240 shares, falling off as 1/n like the enterprises of a nation. Each call is about another
identifier: ranks drawn evenly, the case without mercy for processor caches. `pair` is there and back again. A record is
looked up as a node does, in a ProceduralStore over an empty memory store. `load` is what a load generator does for each
request before a run: draw a rank (loadgen/popularity.py) and name its identifier.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.codec import REPETITIONS
from loadgen.popularity import Hot, Popularity, Shots
from loadgen.truth import Procedural, identifiers_of
from resolver.model.population import Population
from resolver.stores.memory import MemoryStore
from resolver.stores.procedural import ProceduralStore

SIZE = 15_000_000_000
SHARES = 5_240
BATCH = 100_000
SINGLY = 1_000
SEED = 86
GOAL_BATCH_US, GOAL_SINGLY_US = 1.0, 15.0  # of a pair, and of a record


MIXED = Popularity(misses=0.03, one_hit=0.1, hot=Hot(0.2), shots=Shots(0.2))


def _asked(population: Population, popularity: Popularity) -> object:
    """What a load asks for: an identifier for each of BATCH requests."""
    numbers = np.arange(BATCH)
    return identifiers_of(Procedural(population), popularity.draw(SIZE, numbers, np.linspace(0, 1_000, BATCH), SEED))


def nation() -> Population:
    """The benchmark's population, whole-numbered Zipf shares."""
    weights = [SIZE // number for number in range(1, SHARES + 1)]
    counts = [SIZE * weight // sum(weights) for weight in weights]
    counts[0] += SIZE - sum(counts)
    return Population(SIZE, b"benchmark", tuple((b"88.%d.%d" % (100 + n % 120, n), c) for n, c in enumerate(counts)))


def table(seconds: float) -> Iterator[dict[str, Any]]:
    """The rows; each is measured for about `seconds`."""
    population = nation()
    store = ProceduralStore(MemoryStore(), population, [prefix for prefix, _ in population.shares])
    many = np.random.default_rng(SEED).integers(0, SIZE, BATCH)
    many_identifiers = population.identifiers(many)
    ranks, identifiers = many[:SINGLY].tolist(), many_identifiers[:SINGLY].tolist()
    for identifier in identifiers:
        store.get(identifier)  # makes the templates
    calls: tuple[tuple[str, int, float | None, Callable[[], object]], ...] = (
        ("batch: rank → identifier", BATCH, None, lambda: population.identifiers(many)),
        ("batch: identifier → rank", BATCH, None, lambda: population.ranks(many_identifiers)),
        ("batch: pair", BATCH, GOAL_BATCH_US, lambda: population.ranks(population.identifiers(many))),
        ("load: Zipf draw and identifier", BATCH, GOAL_BATCH_US, lambda: _asked(population, Popularity())),
        ("load: mixed draw and identifier", BATCH, GOAL_BATCH_US, lambda: _asked(population, MIXED)),
        ("singly: rank → identifier", SINGLY, None, lambda: [population.identifier(rank) for rank in ranks]),
        ("singly: identifier → rank", SINGLY, None, lambda: [population.rank(each) for each in identifiers]),
        (
            "singly: pair",
            SINGLY,
            GOAL_SINGLY_US,
            lambda: [population.rank(population.identifier(rank)) for rank in ranks],
        ),
        ("singly: values", SINGLY, None, lambda: [population.values(each) for each in identifiers]),
        ("singly: packed record", SINGLY, GOAL_SINGLY_US, lambda: [store.get(each) for each in identifiers]),
    )
    for name, count, goal, call in calls:
        timer = timeit.Timer(call)
        number = max(1, int(seconds / REPETITIONS / timer.timeit(1)))
        us = min(timer.repeat(REPETITIONS, number)) / number / count * 1e6
        yield {"row": name, "us": us, "goal": goal, "pass": None if goal is None else us <= goal}
