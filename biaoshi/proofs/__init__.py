"""Proofs: what is claimed about biaoshi (docs/notes/quality.md), line by line, each as one number that anybody can
measure again: `biaoshi prove N`.

A proof tries to break the claim and counts how often that worked. It has to be able to fail: whatever judges is a plain
function over what was seen, and its tests show it something doctored.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line of quality.md: its number, the module whose `prove(trial)` measures it, and what it may at most be."""

    n: int
    module: str
    name: str
    unit: str
    relation: str  # of the value to the goal: "<=" or "<"
    goal: float


PROOFS = (
    Line(1, "biaoshi.proofs.p01_conservation", "requests missing from the books, or too many", "requests", "<=", 0),
    Line(2, "biaoshi.proofs.p02_kills", "records wrong after kill -9 during import", "records", "<=", 0),
    Line(3, "biaoshi.proofs.p03_torn_store", "damaged stores that went unnoticed", "stores", "<=", 0),
    Line(4, "biaoshi.proofs.p04_fsync_first", "acknowledgements sent before their fsync", "acknowledgements", "<=", 0),
    Line(5, "biaoshi.proofs.p05_restart", "from a start to ready and answering", "s", "<", 5),
    Line(6, "biaoshi.proofs.p06_stories", "scripted conversations not told as they are written", "stories", "<=", 0),
    Line(7, "biaoshi.proofs.p07_caches", "steps at which a cache said what it may not, or grew", "steps", "<=", 0),
    Line(9, "biaoshi.proofs.p09_compliance", "odd but legal requests without an answer", "requests", "<=", 0),
    Line(10, "biaoshi.proofs.p10_fuzz", "decoders brought down, held up or filled", "packets", "<=", 0),
    Line(
        11, "biaoshi.proofs.p11_traps", "most requests of one question to authorities that lie", "requests", "<=", 120
    ),
    Line(12, "biaoshi.proofs.p12_replay", "simulations of one seed that told another story", "logs", "<=", 0),
    Line(13, "biaoshi.proofs.p13_coalescing", "requests too many, healthy servers marked bad", "requests", "<=", 0),
    Line(
        14,
        "biaoshi.proofs.p14_overload",
        "goodput and p99 at overload: worst of what is allowed",
        "x",
        "<=",
        1,
    ),
    Line(15, "biaoshi.proofs.p15_after_overload", "until p99 is what it was before an overload", "s", "<=", 2),
    Line(16, "biaoshi.proofs.p16_one_dies", "cached names not answered while one node is dead", "%", "<=", 0.01),
    Line(17, "biaoshi.proofs.p17_all_out", "popular names not answered while all authorities are out", "%", "<=", 1),
    Line(18, "biaoshi.proofs.p18_forgery", "forged replies believed, sources that make nodes shout", "", "<=", 0),
    Line(19, "biaoshi.proofs.p19_one_greedy", "p99 of others beside one who asks 50 times as much", "%", "<", 10),
    Line(20, "biaoshi.proofs.p20_reload", "requests lost to reloads, broken files that went through", "", "<=", 0),
    Line(21, "biaoshi.proofs.p21_coordinated_omission", "p95 off its analytic value, server frozen 1 s", "%", "<=", 5),
    Line(22, "biaoshi.proofs.p22_generator", "rate, lateness, Poisson, Zipf: worst of what is allowed", "x", "<=", 1),
    Line(23, "biaoshi.proofs.p23_percentiles", "percentiles off exact sorting", "%", "<=", 1),
    Line(24, "biaoshi.proofs.p24_capacity", "capacity found off a known knee", "%", "<=", 3),
    Line(25, "biaoshi.proofs.p25_volume", "figures that raw results do not bear out", "figures", "<=", 0),
    Line(26, "biaoshi.proofs.p26_wrong_answers", "wrong answers missed, or imagined", "answers", "<=", 0),
)
