"""Line 7: the caches against a model of what they may say, step by step at random.

A step is one of: remember an answer, ask for one, hear that nobody answered, let time pass, change the room. Beside the
cache a plain table holds every answer ever remembered, with its times. Whatever the cache says must be the last answer
remembered for that question, and

    fresh     before its TTL is over, with TTLs that have run down by what has passed
    stale     after that, within the stale window, only while nobody is to be asked (somebody failed a moment ago)
    never     later, or more octets than there is room for, by its own count and by ours

The packet cache is held to the same, without the stale part. The number is steps at which something else happened.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from biaoshi.proofs.trial import Trial
from resolver.cache.answers import HOLD_OFF_NS, STALE_TTL_S, AnswerCache, Recalled
from resolver.cache.packets import PacketCache
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.value import Value
from resolver.wire import peek
from resolver.wire.codes import Code

STEPS_QUICK, STEPS_FULL = 20_000, 1_000_000
NAMES = 60
TTL_MAX_S, NEGATIVE_S, STALE_S, FAILURE_S = 500, 20, 300, 1
START_WALL_NS = 1_800_000_000 * NS_PER_S
ROOM = (4_000, 12_000, 60_000)


@dataclass(slots=True)
class Told:
    """An answer as it was remembered, and until when it may be given."""

    answer: Answer
    fetched_ns: int
    expires_ns: int
    stale_until_ns: int
    held_until_ns: int = 0


def prove(trial: Trial) -> None:
    """Walk at random, and compare."""
    wanted = STEPS_FULL if trial.full else STEPS_QUICK
    answers, packets = AnswerWalk(random.Random(trial.seed)), PacketWalk(random.Random(trial.seed + 1))
    trial.value = 0
    done = 0
    while done < wanted and not trial.out_of_time:
        for walk in (answers, packets):
            words = walk.step()
            if words:
                trial.value += 1
                trial.fail(f"step {done}: {words}")
        done += 1
        trial.progress(f"{done:,} of {wanted:,} steps")
    trial.facts = {"steps": 2 * done, "answers": answers.seen, "packets": packets.seen}
    for name, seen in (("answers", answers.seen), ("packets", packets.seen)):
        for outcome, times in seen.items():
            if not times:
                trial.fail(f"{name}: no step came to {outcome}, so nothing is said of it")
    if done < wanted and trial.full:
        trial.fail(f"only {done:,} steps in the time given")


class AnswerWalk:
    """The answer cache and its model."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.now_ns = 0
        self.cache = AnswerCache(
            ROOM[0],
            ttl_max_s=TTL_MAX_S,
            negative_ttl_s=NEGATIVE_S,
            stale_s=STALE_S,
            prefetch_share=0.1,
            failure_ttl_s=FAILURE_S,
        )
        self.told: dict[bytes, Told] = {}
        self.seen = {"hit": 0, "negative": 0, "stale": 0, "miss": 0, "refresh": 0, "evicted": 0}

    @property
    def now(self) -> Now:
        """This moment."""
        return Now(self.now_ns, START_WALL_NS + self.now_ns)

    def step(self) -> str:
        """One step; what went wrong in it, or nothing."""
        name = b"88.118.8/%d" % min(self.chance.randrange(NAMES), self.chance.randrange(NAMES))
        roll = self.chance.random()
        if roll < 0.3:
            self._put(name)
        elif roll < 0.8:
            if words := self.judge(name, self.cache.recall(name, self.now)):
                return words
        elif roll < 0.86:
            self._fail(name)
        elif roll < 0.995:
            self.now_ns += int(self.chance.expovariate(1) * 4 * NS_PER_S)
        else:
            self.cache.entries.resize(self.chance.choice(ROOM))
        entries = self.cache.entries
        octets = sum(entry.octets for entry in entries.table.values())
        self.seen["evicted"] = entries.evicted
        if octets != entries.octets or octets > entries.octets_max:
            return f"{octets} octets, {entries.octets} by its own count, where {entries.octets_max} fit"
        return ""

    def judge(self, name: bytes, said: Recalled | None) -> str:
        """What is wrong with what the cache said to a question."""
        told, wall_ns = self.told.get(name), self.now.wall_ns
        if said is None:
            self.seen["miss"] += 1
            return ""  # it may forget
        answer, outcome, repeatable_s, refresh = said
        self.seen[outcome] += 1
        self.seen["refresh"] += refresh
        if told is None:
            return f"{name!r}: an answer that nobody gave"
        if outcome == "stale":
            if not told.expires_ns <= wall_ns < told.stale_until_ns or self.now_ns >= told.held_until_ns:
                return f"{name!r}: stale where it may not be"
            good = all(value.ttl <= STALE_TTL_S for value in answer.values)
        else:
            if wall_ns >= told.expires_ns or wall_ns + repeatable_s * NS_PER_S > told.expires_ns:
                return f"{name!r}: given, or to be repeated, after its time"
            passed_s = (wall_ns - told.fetched_ns) // NS_PER_S
            wanted = [max(0, value.ttl - passed_s) for value in told.answer.values]
            good = [value.ttl for value in answer.values] == wanted
        same = [value.data for value in answer.values] == [value.data for value in told.answer.values]
        return "" if good and same and answer.code == told.answer.code else f"{name!r}: {answer} for {told.answer}"

    def _put(self, name: bytes) -> None:
        wall_ns = self.now.wall_ns
        if self.chance.random() < 0.15:
            answer, life_s, stale_s = Answer(Code.HANDLE_NOT_FOUND), NEGATIVE_S, 0
        else:
            ttl = self.chance.choice((0, 1, 5, 30, 100, 9_999))
            data = b"%d" % self.chance.randrange(1 << 30) + bytes(self.chance.randrange(400))
            answer = Answer(Code.SUCCESS, (Value(1, b"URL", data, ttl=ttl),))
            life_s, stale_s = min(ttl, TTL_MAX_S), STALE_S
        self.cache.put(name, answer, self.now)
        if life_s:
            expires_ns = wall_ns + life_s * NS_PER_S
            self.told[name] = Told(answer, wall_ns, expires_ns, expires_ns + stale_s * NS_PER_S)

    def _fail(self, name: bytes) -> None:
        told, wall_ns = self.told.get(name), self.now.wall_ns
        if self.cache.fails(name, self.now) is not None and told is not None:
            told.held_until_ns = self.now_ns + HOLD_OFF_NS
        elif told is None or wall_ns >= told.expires_ns or name not in self.cache.entries.table:
            self.cache.put(name, Answer(Code.ERROR), self.now)
            self.told[name] = Told(Answer(Code.ERROR), wall_ns, wall_ns + FAILURE_S * NS_PER_S, 0)


class PacketWalk:
    """The packet cache and its model."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.wall_ns = START_WALL_NS
        self.cache = PacketCache(ROOM[1])
        self.told: dict[bytes, tuple[bytes, int]] = {}
        self.seen = {"hit": 0, "miss": 0, "evicted": 0}

    def step(self) -> str:
        """One step; what went wrong in it, or nothing."""
        name, roll = self.chance.randrange(NAMES), self.chance.random()
        request = bytes(8) + peek.pack_u32(self.chance.getrandbits(31)) + bytes(28) + b"%d" % name
        key = b"%d" % name
        if roll < 0.3:
            reply = bytes(44) + b"%d" % self.chance.randrange(1 << 30) + bytes(self.chance.randrange(300))
            life_s = self.chance.choice((1, 5, 60))
            self.cache.remember(request, reply, (0, 1), self.wall_ns, life_s)
            self.told[key] = (reply[44:], self.wall_ns + life_s * NS_PER_S)
        elif roll < 0.9:
            if words := self.judge(key, request):
                return words
        elif roll < 0.995:
            self.wall_ns += int(self.chance.expovariate(1) * 2 * NS_PER_S)
        else:
            self.cache.resize(self.chance.choice(ROOM))
        entries = self.cache.entries
        self.seen["evicted"] = entries.evicted
        return "" if entries.octets <= entries.octets_max else f"{entries.octets} octets where {entries.octets_max} fit"

    def judge(self, key: bytes, request: bytes) -> str:
        """What is wrong with what the cache says to a request."""
        entry = self.cache.get(request, self.wall_ns)
        self.seen["miss" if entry is None else "hit"] += 1
        if entry is None:
            return ""
        body, until_ns = self.told[key]
        said = entry.stream_to(request[peek.REQUEST_ID])
        if self.wall_ns >= until_ns:
            return f"{key!r}: repeated after its time"
        right = said[peek.REQUEST_ID] == request[peek.REQUEST_ID] and said[44:] == body
        return "" if right else f"{key!r}: another reply than was remembered"
