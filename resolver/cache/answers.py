"""The answer cache: question -> answer, on nodes that resolve for others; and where referrals led.

An answer lives as long as its shortest TTL (never longer than a configured cap), a negative one for a short fixed time.
Answers leave with what remains of their TTLs. Times are wall-clock, as TTLs are. With a time scale of 144 so many
seconds of a TTL go by in one of the clock, as they must where a day of load goes by in ten minutes.

A referral is remembered for the neighbours of the prefix handle that was asked for: what led to 0.NA/88.118.8 stands
under 88.118, and whoever looks for 0.NA/88.118.9 goes on from there. The one met before it stands one level higher,
under 88: a root is not asked again for every secondary node. That a referral is about a level is a guess (RFC 3651 does
not say which one it is about), so whoever is misled by one begins at the root.

An answer that has expired may still be better than none (RFC 8767), so it stays for a while:

    fetched            refresh             expires                          stale_until
      |----- fresh ------|--- prefetch ------|------------- stale -------------|  forgotten
                          still given;        given if no server answers, for STALE_TTL_S;
                          fetched anew        then nobody is asked before `held_until`
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import NamedTuple

from resolver.cache.sieve import Entry, Sieve
from resolver.model.identifier import ancestors, fold, normal_form
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.value import TTL_ABSOLUTE, TTL_RELATIVE, Value
from resolver.wire.codes import Code
from resolver.wire.values import PackedValues, decode_values

NEGATIVE = frozenset({Code.HANDLE_NOT_FOUND, Code.VALUES_NOT_FOUND})
CERTIFIED = "certified"
REFERRAL = "referral"  # tells keys of referrals from those of questions, which begin with octets
LASTING = frozenset({Code.SUCCESS, Code.PREFIX_REFERRAL})
ENTRY_OVERHEAD_OCTETS = 600  # dict slot, key tuple, entry, answer and its tuples
VALUE_OVERHEAD_OCTETS = 280  # a Value and the objects it holds
PLACE_OVERHEAD_OCTETS = 120  # where a packed value's TTL stands
STALE_TTL_S = 30  # what is left of an expired answer's TTLs when it is given all the same (RFC 8767 §4)
HOLD_OFF_NS = 5 * NS_PER_S  # after a failure or while a refresh is under way, before the next try (RFC 8767 §5: ≤ 30 s)
PREFETCH_LIFE_MIN_S = 10  # what lives shorter is gone before a refresh could pay
FAILURES = frozenset({Code.ERROR, Code.SERVER_TOO_BUSY})  # nobody answered: no answer to keep in place of an older one


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
    """One remembered answer, as it was when fetched. `made`: what its user has made of it, for the next time.

    From `refresh_wall_ns` on whoever hits it should have it fetched anew; until `stale_until_wall_ns` it may be given
    for want of a better one; before `held_until_mono_ns` nobody is to be asked for it again.
    """

    __slots__ = (
        "answer",
        "expires_wall_ns",
        "fetched_wall_ns",
        "held_until_mono_ns",
        "made",
        "refresh_wall_ns",
        "stale_until_wall_ns",
    )

    def __init__(
        self,
        key: Hashable,
        answer: Answer,
        fetched_wall_ns: int,
        expires_wall_ns: int,
        *,
        refresh_wall_ns: int,
        stale_until_wall_ns: int,
    ) -> None:
        if isinstance(answer.values, PackedValues):
            size = len(answer.values.octets) + PLACE_OVERHEAD_OCTETS * len(answer.values.relative)
        else:
            size = sum(VALUE_OVERHEAD_OCTETS + len(value.data) + 96 * len(value.references) for value in answer.values)
        super().__init__(key, size + ENTRY_OVERHEAD_OCTETS)
        self.answer = answer
        self.fetched_wall_ns = fetched_wall_ns
        self.expires_wall_ns = expires_wall_ns
        self.refresh_wall_ns = refresh_wall_ns
        self.stale_until_wall_ns = stale_until_wall_ns
        self.held_until_mono_ns = 0
        self.made: object = None


class Recalled(NamedTuple):
    """What the cache says to a question: an answer with TTLs run down, how that is counted ("hit", "negative",
    "stale"), for how many seconds it may be repeated without looking here again, and whether it should be fetched anew.
    """

    answer: Answer
    outcome: str
    repeatable_s: int
    refresh: bool = False


class AnswerCache:
    """Answers by question, bounded in octets."""

    def __init__(
        self,
        octets_max: int,
        *,
        ttl_max_s: int,
        negative_ttl_s: int,
        time_scale: float = 1.0,
        stale_s: int = 0,
        prefetch_share: float = 0.0,
        failure_ttl_s: int = 0,
    ) -> None:
        """`stale_s`: seconds for which expired answers stay; `prefetch_share`: of an answer's life, the last part in
        which it is fetched anew; `failure_ttl_s`: seconds for which it is known that nobody answered (RFC 9520).
        """
        self.entries: Sieve[AnswerEntry] = Sieve(octets_max)
        self.time_scale = time_scale
        self.ttl_max_s = ttl_max_s
        self.negative_ttl_s = negative_ttl_s
        self.stale_s = stale_s
        self.prefetch_share = prefetch_share
        self.failure_ttl_s = failure_ttl_s

    def configure(
        self,
        octets_max: int,
        *,
        ttl_max_s: int,
        negative_ttl_s: int,
        stale_s: int,
        prefetch_share: float,
        failure_ttl_s: int,
    ) -> None:
        """Go on with other bounds; what is remembered lives as long as it was to live."""
        self.entries.resize(octets_max)
        self.ttl_max_s, self.negative_ttl_s, self.stale_s = ttl_max_s, negative_ttl_s, stale_s
        self.prefetch_share, self.failure_ttl_s = prefetch_share, failure_ttl_s

    def recall(self, key: Hashable, now: Now) -> Recalled | None:
        """The answer to a question key: while it is fresh, or in place of asking somebody who did not answer a moment
        ago; else None.
        """
        entry = self.alive(key, now)
        if entry is not None:
            fresh = aged(entry.answer, int((now.wall_ns - entry.fetched_wall_ns) * self.time_scale) // NS_PER_S)
            return Recalled(fresh, outcome_of(fresh), *self._repeatable(entry, now))
        entry = self.held(key, now)
        return None if entry is None else Recalled(stale_answer(entry), "stale", 0)

    def look(self, key: Hashable, now: Now) -> Answer | None:
        """The answer as it was fetched, for whoever does not mind its TTLs; None as above."""
        entry = self.alive(key, now) or self.held(key, now)
        return None if entry is None else entry.answer

    def alive(self, key: Hashable, now: Now) -> AnswerEntry | None:
        """The entry of a key, counted as used; None if unknown or expired."""
        entry = self.entries.table.get(key)
        if entry is None:
            return None
        if now.wall_ns >= entry.expires_wall_ns:
            if now.wall_ns >= entry.stale_until_wall_ns:
                self.entries.remove(key)
            return None
        entry.visited = True
        return entry

    def stale(self, key: Hashable, now: Now) -> AnswerEntry | None:
        """The entry of a key if it has expired and may be given for want of a better answer."""
        entry = self.entries.table.get(key)
        if entry is None or not entry.expires_wall_ns <= now.wall_ns < entry.stale_until_wall_ns:
            return None
        entry.visited = True
        return entry

    def held(self, key: Hashable, now: Now) -> AnswerEntry | None:
        """The same, if nobody is to be asked for it yet."""
        entry = self.stale(key, now)
        return entry if entry is not None and now.mono_ns < entry.held_until_mono_ns else None

    def fails(self, key: Hashable, now: Now) -> Answer | None:
        """Hear that nobody answered: what may be said all the same, and for a while at once; None if nothing may."""
        entry = self.stale(key, now)
        if entry is None:
            return None
        entry.held_until_mono_ns = now.mono_ns + HOLD_OFF_NS
        return stale_answer(entry)

    def _repeatable(self, entry: AnswerEntry, now: Now) -> tuple[int, bool]:
        """For how many seconds nobody need look here, and whether to have the entry fetched anew, now."""
        if now.wall_ns < entry.refresh_wall_ns:
            return (entry.refresh_wall_ns - now.wall_ns) // NS_PER_S, False
        if now.mono_ns < entry.held_until_mono_ns:
            return 0, False
        # Not beyond its life: that it is being fetched is no reason to give it expired.
        entry.held_until_mono_ns = now.mono_ns + min(HOLD_OFF_NS, entry.expires_wall_ns - now.wall_ns)
        return 0, True

    def wants_refresh(self, entry: AnswerEntry, now: Now) -> bool:
        """Whether whoever hits an entry, alive, should have it fetched anew. Said once in a hold-off."""
        return now.wall_ns >= entry.refresh_wall_ns and self._repeatable(entry, now)[1]

    def put(self, key: Hashable, answer: Answer, now: Now) -> int:
        """Remember an answer; for how many seconds of the clock it may be repeated without looking here again; 0: less
        than one, or not at all.
        """
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
        failed = answer.code in FAILURES
        if failed:
            # What is known, were it for the last second, is worth more than that nobody answers.
            lifetime = 0 if self.alive(key, now) is not None else self.failure_ttl_s
        else:
            lifetime = lifetime_s(answer, now.wall_s, self.ttl_max_s, self.negative_ttl_s)
        if lifetime <= 0:
            return 0
        lifetime_ns = int(lifetime * NS_PER_S / self.time_scale) if not failed else lifetime * NS_PER_S
        expires, refresh, stale_until = (now.wall_ns + lifetime_ns,) * 3
        if answer.code == Code.SUCCESS:
            stale_until += int(self.stale_s * NS_PER_S / self.time_scale)
            if lifetime >= PREFETCH_LIFE_MIN_S:
                refresh -= int(lifetime_ns * self.prefetch_share)
        entry = AnswerEntry(key, answer, now.wall_ns, expires, refresh_wall_ns=refresh, stale_until_wall_ns=stale_until)
        return (refresh - now.wall_ns) // NS_PER_S if self.entries.put(entry) else 0


def outcome_of(answer: Answer | None) -> str:
    """How a look-up in the answer cache is counted."""
    if answer is None:
        return "miss"
    return "negative" if answer.code in NEGATIVE or answer.code in FAILURES else "hit"


def stale_answer(entry: AnswerEntry) -> Answer:
    """An expired answer as it is given for want of a better one: its TTLs are STALE_TTL_S, or less if they were."""
    packed = entry.answer.values
    values = decode_values(packed.octets) if isinstance(packed, PackedValues) else packed
    short = [
        replace(value, ttl=STALE_TTL_S, ttl_type=TTL_RELATIVE)
        if value.ttl_type != TTL_RELATIVE or value.ttl > STALE_TTL_S
        else value
        for value in values
    ]
    return replace(entry.answer, values=tuple(short))


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
