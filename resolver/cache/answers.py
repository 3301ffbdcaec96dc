"""The answer cache: question -> answer, on nodes that resolve for others; and where referrals led.

An answer lives as long as its shortest TTL (never longer than a configured cap), a negative one for a short fixed time.
Answers leave with what remains of their TTLs. Times are wall-clock, as TTLs are. With a time scale of 144 so many
seconds of a TTL go by in one of the clock, as they must where a day of load goes by in ten minutes.

A referral is remembered for the neighbours of the prefix handle that was asked for: what led to 0.NA/88.118.8 stands
under 88.118, and whoever looks for 0.NA/88.118.9 goes on from there. The one met before it stands one level higher,
under 88: a root is not asked again for every secondary node. That a referral is about a level is a guess (RFC 3651 does
not say which one it is about), so whoever is misled by one begins at the root.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from resolver.cache.sieve import Entry, Sieve
from resolver.model.identifier import ancestors, fold, normal_form
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.value import TTL_ABSOLUTE, TTL_RELATIVE, Value
from resolver.wire.codes import Code
from resolver.wire.values import PackedValues

NEGATIVE = frozenset({Code.HANDLE_NOT_FOUND, Code.VALUES_NOT_FOUND})
CERTIFIED = "certified"
REFERRAL = "referral"  # tells keys of referrals from those of questions, which begin with octets
LASTING = frozenset({Code.SUCCESS, Code.PREFIX_REFERRAL})
ENTRY_OVERHEAD_OCTETS = 600  # dict slot, key tuple, entry, answer and its tuples
VALUE_OVERHEAD_OCTETS = 280  # a Value and the objects it holds
PLACE_OVERHEAD_OCTETS = 120  # where a packed value's TTL stands


def question_key(question: Question) -> Hashable:
    """What two questions must share to have one answer: the folded handle, both lists, and whether it was certified."""
    key = fold(normal_form(question.handle)), question.indexes, tuple(kind.upper() for kind in question.types)
    return (*key, CERTIFIED) if question.certify else key


def lifetime_s(answer: Answer, wall_s: int, ttl_max_s: int, negative_ttl_s: int) -> int:
    """For how many seconds an answer may be given again; 0: not at all."""
    if answer.code in NEGATIVE:
        return negative_ttl_s
    if answer.code not in LASTING:
        return 0
    least = ttl_max_s
    if isinstance(answer.values, PackedValues):
        for _, ttl in answer.values.relative:
            if ttl < least:
                least = ttl
        for until in answer.values.absolute:
            least = min(least, until - wall_s)
    else:
        for value in answer.values:
            if value.ttl_type == TTL_RELATIVE:
                least = min(least, value.ttl)
            elif value.ttl_type == TTL_ABSOLUTE:
                least = min(least, value.ttl - wall_s)
    return max(0, least)


class AnswerEntry(Entry):
    """One remembered answer, as it was when fetched. `made`: what its user has made of it, for the next time."""

    __slots__ = ("answer", "expires_wall_ns", "fetched_wall_ns", "made")

    def __init__(self, key: Hashable, answer: Answer, fetched_wall_ns: int, expires_wall_ns: int) -> None:
        if isinstance(answer.values, PackedValues):
            size = len(answer.values.octets) + PLACE_OVERHEAD_OCTETS * len(answer.values.relative)
        else:
            size = sum(VALUE_OVERHEAD_OCTETS + len(value.data) + 96 * len(value.references) for value in answer.values)
        super().__init__(key, size + ENTRY_OVERHEAD_OCTETS)
        self.answer = answer
        self.fetched_wall_ns = fetched_wall_ns
        self.expires_wall_ns = expires_wall_ns
        self.made: object = None


class AnswerCache:
    """Answers by question, bounded in octets."""

    def __init__(self, octets_max: int, *, ttl_max_s: int, negative_ttl_s: int, time_scale: float = 1.0) -> None:
        self.entries: Sieve[AnswerEntry] = Sieve(octets_max)
        self.time_scale = time_scale
        self.ttl_max_s = ttl_max_s
        self.negative_ttl_s = negative_ttl_s

    def get(self, key: Hashable, now: Now) -> Answer | None:
        """The answer to a question key with its TTLs run down to `now`, or None if unknown or expired."""
        entry = self.alive(key, now)
        if entry is None:
            return None
        return aged(entry.answer, int((now.wall_ns - entry.fetched_wall_ns) * self.time_scale) // NS_PER_S)

    def look(self, key: Hashable, now: Now) -> Answer | None:
        """The answer as it was fetched, for whoever does not mind its TTLs; None as above."""
        entry = self.alive(key, now)
        return None if entry is None else entry.answer

    def alive(self, key: Hashable, now: Now) -> AnswerEntry | None:
        """The entry of a question key, marked as used; None if unknown or expired."""
        entry = self.entries.table.get(key)
        if entry is None:
            return None
        if now.wall_ns >= entry.expires_wall_ns:
            self.entries.remove(key)
            return None
        entry.visited = True
        return entry

    def remaining_s(self, key: Hashable, now: Now) -> int:
        """Whole seconds an answer may still be given; 0 if it is not here."""
        entry = self.entries.table.get(key)
        return 0 if entry is None else max(0, (entry.expires_wall_ns - now.wall_ns) // NS_PER_S)

    def put(self, key: Hashable, answer: Answer, now: Now) -> int:
        """Remember an answer for as long as it may live, in seconds of the clock; 0: less than one, or not at all."""
        return 0 if answer.code == Code.PREFIX_REFERRAL else self._put(key, answer, now)

    def referral(self, handle: bytes, now: Now) -> tuple[bytes, Answer] | None:
        """(the prefix handle above it, the referral) nearest above a prefix handle; None if none is remembered."""
        entry = self.referral_entry(fold(normal_form(handle)), now)
        return None if entry is None else (entry.key[1], entry.answer)  # type: ignore[index]

    def referral_entry(self, folded: bytes, now: Now) -> AnswerEntry | None:
        """The entry of the referral nearest above a folded prefix handle."""
        for above in ancestors(folded):
            entry = self.entries.table.get((REFERRAL, above))
            if entry is not None and now.wall_ns < entry.expires_wall_ns:
                entry.visited = True
                return entry
        return None

    def put_referrals(self, handle: bytes, last: Answer, earlier: Answer | None, now: Now) -> None:
        """Remember where the walk to a prefix handle led, for its neighbours, and for theirs."""
        for above, referral in zip(ancestors(fold(normal_form(handle))), (last, earlier), strict=False):
            if referral is not None:
                self._put((REFERRAL, above), referral, now)

    def forget_referral(self, above: bytes) -> None:
        """Nobody answers where it led."""
        if (REFERRAL, above) in self.entries.table:
            self.entries.remove((REFERRAL, above))

    def _put(self, key: Hashable, answer: Answer, now: Now) -> int:
        lifetime = lifetime_s(answer, now.wall_s, self.ttl_max_s, self.negative_ttl_s)
        if lifetime > 0:
            lifetime_ns = int(lifetime * NS_PER_S / self.time_scale)
            entry = AnswerEntry(key, answer, now.wall_ns, now.wall_ns + lifetime_ns)
            return lifetime_ns // NS_PER_S if self.entries.put(entry) else 0
        return 0


def aged(answer: Answer, elapsed_s: int) -> Answer:
    """The answer with `elapsed_s` seconds taken off every relative TTL (never below 0)."""
    if elapsed_s <= 0 or not answer.values:
        return answer
    if isinstance(answer.values, PackedValues):
        return replace(answer, values=answer.values.aged(elapsed_s))

    def run_down(value: Value) -> Value:
        if value.ttl_type != TTL_RELATIVE:
            return value
        return replace(value, ttl=max(0, value.ttl - elapsed_s))

    return replace(answer, values=tuple(run_down(value) for value in answer.values))
