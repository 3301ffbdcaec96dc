"""Couriers: plain questions about items and their prefixes, carried in octets.

Most of what misses a recursive node's caches is a plain question about an item. Who answers for its prefix is known, or
is found by a walk of plain referrals; then that server is asked, and says yes. A courier carries such a question
without decoding a message or driving a rule, for a third of the work. What it sends and counts is what an errand would
send and count (a test holds that), and whatever turns out otherwise is handed to the seeker as it stands: an errand
that has asked its question already.

    item   --> is its prefix known? --yes--> ask its server --a plain yes--> reply, remembered
                 | no                                       '- silence, an error, anything else --> errand
    prefix <-----'
           --> ask where a referral led its neighbours, or else a root
                 --a plain referral--> ask there --a plain yes--> go on with the items that wait
                                                 '- anything else --> errand
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from nodes.node import LATER
from nodes.seeker import Seeker, Sent, Waiter
from resolver.cache.answers import AnswerCache, AnswerEntry
from resolver.errors import PeerError
from resolver.model.identifier import ancestors, prefix_handle
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.route import Endpoint, Origin, Route
from resolver.model.site import QUERY, Protocol, Site
from resolver.model.value import Value
from resolver.rules import shortcut
from resolver.rules.replies import HIGHEST
from resolver.rules.resolution import RECURSION_MAX, REFERRALS_MAX, SITE_TYPES, root_sites, site_of
from resolver.rules.selection import SITES_MAX, UDP_WAITS_NS
from resolver.rules.shortcut import Asked
from resolver.wire import peek
from resolver.wire.codes import Code, EnvelopeFlag, Opcode
from resolver.wire.framing import split
from resolver.wire.values import PackedValues, decode_values

if TYPE_CHECKING:
    from nodes.recursive import RecursiveNode

WAIT_NS = UDP_WAITS_NS[0]


class Way:
    """A server to ask: the only one of its site."""

    __slots__ = ("endpoint", "serial")

    def __init__(self, endpoint: Endpoint, serial: int) -> None:
        self.endpoint = endpoint
        self.serial = serial


class Client:
    """Whoever asked, as they asked."""

    __slots__ = ("arrived_mono_ns", "asked", "handle", "packet", "route")

    def __init__(self, packet: bytes, asked: Asked, handle: bytes, route: Route, arrived_mono_ns: int) -> None:
        self.packet = packet
        self.asked = asked
        self.handle = handle
        self.route = route
        self.arrived_mono_ns = arrived_mono_ns


class Courier:
    """One question under way. `folded`: the handle it is about; `way`: who has been asked, if anybody has."""

    __slots__ = ("asked_mono_ns", "began_mono_ns", "folded", "over", "recursion", "request_id", "way")
    lists = shortcut.NO_LISTS
    types: tuple[bytes, ...] = ()

    def __init__(self, folded: bytes, recursion: int, began_mono_ns: int) -> None:
        self.folded = folded
        self.recursion = recursion
        self.began_mono_ns = began_mono_ns
        self.way: Way | None = None
        self.request_id = b""
        self.asked_mono_ns = 0
        self.over = False

    @property
    def handle(self) -> bytes:
        """The handle as it is asked for."""
        return self.folded


class ItemCourier(Courier):
    """About an item, for clients. `found`: what its prefix came to."""

    __slots__ = ("clients", "found", "spelled")

    def __init__(self, folded: bytes, client: Client) -> None:
        super().__init__(folded, client.asked.recursion + 1, client.arrived_mono_ns)
        self.clients = [client]
        self.spelled = client.handle
        self.found: Answer | None = None

    @property
    def handle(self) -> bytes:
        """As the first client spelled it."""
        return self.spelled


class PrefixCourier(Courier):
    """About a prefix, for the couriers of its items. `referral`: the last one it met, and `met` whether on its own walk
    or remembered; `earlier`: the one met before it; `followers`: neighbours that wait until it has found the way.
    """

    __slots__ = ("earlier", "followers", "items", "met", "parent", "referral")
    lists = shortcut.SITE_LISTS
    types = SITE_TYPES

    def __init__(self, folded: bytes, item: ItemCourier, parent: bytes, began_mono_ns: int) -> None:
        super().__init__(folded, item.recursion, began_mono_ns)
        self.items = [item]
        self.parent = parent
        self.referral: Answer | None = None
        self.earlier: Answer | None = None
        self.met = 0
        self.followers: list[PrefixCourier] = []


class Couriers:
    """The couriers of one recursive node. They share the seeker's caches, bounds and ids."""

    def __init__(self, node: RecursiveNode, seeker: Seeker, answers: AnswerCache) -> None:
        self.node = node
        self.seeker = seeker
        self.answers = answers
        self.over = False  # as an alarm of the seeker's it always counts
        self._under_way: dict[Hashable, Courier] = {}  # by question key
        self._asking: dict[bytes, Courier] = {}  # by request id, as octets
        self._waits: deque[Courier] = deque()  # in the order they asked, and all wait equally long
        self._alarm = False
        self._pathfinders: dict[bytes, PrefixCourier] = {}  # by parent prefix handle, as the seeker's
        seeker.rival = self.give_way

    @property
    def under_way(self) -> int:
        """Questions that they carry at this moment."""
        return len(self._under_way)

    def take(self, packet: bytes, origin: Origin, now: Now) -> bytes | None:
        """Take a client's question, to be answered LATER, or the reply, if there is too much to do already; None: it is
        not a courier's, and nothing has happened.
        """
        item = shortcut.read_item(packet)
        if item is None:
            return None
        asked, handle = item
        folded = handle.upper()
        key = (folded, (), ())  # question_key of a plain question
        if key in self.answers.entries.table and (self.answers.alive(key, now) or self.answers.held(key, now)):
            return None
        if self.seeker.seeks(key) or asked.recursion > RECURSION_MAX:
            return None
        cache = self.node.counters.cache
        courier = self._under_way.get(key)
        if courier is not None:
            assert isinstance(courier, ItemCourier)
            courier.clients.append(Client(packet, asked, handle, origin.route(), now.mono_ns))
            cache["answer", "joined"] += 1
        else:
            prefix = prefix_handle(folded[: folded.index(b"/")])
            entry = self.answers.alive((prefix, (), SITE_TYPES), now)
            ways = NOWHERE if entry is None else ways_in(entry)
            if self.seeker.full:
                return self._shed(asked, key, origin.transport, now)
            if entry is not None and not ways:
                return None
            courier = ItemCourier(folded, Client(packet, asked, handle, origin.route(), now.mono_ns))
            self._begin(key, courier)
            if entry is None:
                self._find(courier, prefix, now)
            else:
                cache["prefix", "hit"] += 1
                if self.answers.wants_refresh(entry, now):
                    self._refresh(prefix, now)
                courier.found = entry.answer
                self._ask(courier, ways, now)
        if self.node.packets.open:
            cache["packet", "miss"] += 1
        cache["answer", "miss"] += 1
        return LATER

    def _shed(self, asked: Asked, key: Hashable, transport: str, now: Now) -> bytes | None:
        """Refuse a question before any work; not one for which something old may be given."""
        if self.answers.stale(key, now) is not None:
            return None
        self.node.counters.dropped["busy"] += 1
        self.node.counters.request(transport, Opcode.RESOLUTION.name, Code.SERVER_TOO_BUSY.name)
        return shortcut.busy(asked, self.node.speaker, now.wall_s)

    def _refresh(self, prefix: bytes, now: Now) -> None:
        """Have a prefix that is about to expire looked up anew."""
        if (prefix, (), SITE_TYPES) not in self._under_way:
            self.node.prefetch(Question(prefix, types=SITE_TYPES), (prefix, (), SITE_TYPES), now)

    def hear(self, packet: bytes, endpoint: Endpoint, now: Now) -> bool:
        """Take a server's packet if it is for a courier; False if not."""
        courier = self._asking.get(packet[peek.REQUEST_ID])
        if courier is None or courier.way is None or courier.way.endpoint != endpoint:
            return False
        if packet[2] & EnvelopeFlag.TRUNCATED:
            key = (endpoint.ip, endpoint.port, int.from_bytes(courier.request_id, "big"))
            try:
                whole = self.seeker.fragments.add(key, packet, now.mono_ns)
            except PeerError:
                self.node.counters.dropped["unreadable answer"] += 1
                return True
            if whole is None:
                return True
            packet = whole
        values = shortcut.read_values(packet, courier.folded, now.wall_s)
        if values is not None:
            self._answered(courier, endpoint, values, now)
        elif not isinstance(courier, PrefixCourier) or not self._referred(courier, packet, endpoint, now):
            self._hand_over(courier, now)
            self.seeker.received(packet, endpoint, now)
        return True

    def give_way(self, key: Hashable, now: Now) -> None:
        """Hand the courier of a question over: somebody wants to join who goes the long way."""
        courier = self._under_way.get(key)
        if courier is not None:
            self._hand_over(courier, now)

    def overdue(self, now: Now) -> None:
        """Who has waited long enough becomes an errand, which asks again; the alarm is set for the next."""
        self._alarm = False
        while self._waits:
            courier = self._waits[0]
            if not courier.over and now.mono_ns < courier.asked_mono_ns + WAIT_NS:
                self._set_alarm(courier.asked_mono_ns + WAIT_NS)
                return
            self._waits.popleft()
            if not courier.over:
                self._hand_over(courier, now)

    # -- finding the prefix -------------------------------------------------------------------------------------

    def _find(self, item: ItemCourier, prefix: bytes, now: Now) -> None:
        key = (prefix, (), SITE_TYPES)
        courier = self._under_way.get(key)
        if courier is not None:
            assert isinstance(courier, PrefixCourier)
            courier.items.append(item)
            self.node.counters.cache["prefix", "miss"] += 1
            self.node.counters.cache["prefix", "joined"] += 1
            return
        parent = next(ancestors(prefix), b"")
        if not parent or self.seeker.seeks(key) or self.seeker.finding(parent):
            question = Question(prefix, types=SITE_TYPES, recursion_count=item.recursion)
            self.seeker.find(question, self._waiter(item), now)
            return
        self.node.counters.cache["prefix", "miss"] += 1
        courier = PrefixCourier(prefix, item, parent, now.mono_ns)
        self._begin(key, courier)
        self._set_out(courier, now)

    def _set_out(self, courier: PrefixCourier, now: Now) -> None:
        """From where a referral led its neighbours, behind one that is finding the way, or from the root."""
        entry = self.answers.referral_entry(courier.folded, now)
        if entry is not None:
            courier.referral, ways = entry.answer, ways_in(entry, b".PREFIX")
        elif (pathfinder := self._pathfinders.get(courier.parent)) is not None:
            pathfinder.followers.append(courier)
            return
        else:
            self._pathfinders[courier.parent] = courier
            ways = ways_to(root_sites(courier.folded, self.seeker.roots))
        if ways:
            self._ask(courier, ways, now)
        else:
            self._hand_over(courier, now)

    def _referred(self, courier: PrefixCourier, packet: bytes, endpoint: Endpoint, now: Now) -> bool:
        """Go where a plain referral points; False if this is none."""
        values = shortcut.read_referral(packet, now.wall_s)
        ways = NOWHERE if values is None else _ways_in_octets(values.octets, b".PREFIX")
        if values is None or not ways:
            return False
        self._heard(courier, endpoint, now)
        if courier.met:
            courier.earlier = courier.referral
        courier.met += 1
        courier.referral = Answer(Code.PREFIX_REFERRAL, values)
        if courier.met < REFERRALS_MAX:
            self._ask(courier, ways, now)
        else:
            self._end(courier)
            self._conclude(courier, Answer(Code.RECURSION_COUNT_TOO_HIGH), now)
        return True

    def _conclude(self, courier: PrefixCourier, answer: Answer, now: Now) -> None:
        for item in courier.items:
            self._found(item, answer, now)
        self._lead(courier, now)

    def _found(self, item: ItemCourier, answer: Answer, now: Now) -> None:
        if item.over:
            return
        item.found = answer
        ways = ways_of(answer)
        if ways:
            self._ask(item, ways, now)
        else:
            self._hand_over(item, now)

    def _waiter(self, item: ItemCourier) -> Waiter:
        return lambda errand, answer, now: self._found(item, answer, now)

    def _lead(self, courier: PrefixCourier, now: Now) -> None:
        """Let those set out that waited for this one to find the way."""
        if self._pathfinders.get(courier.parent) is courier:
            del self._pathfinders[courier.parent]
        followers, courier.followers = courier.followers, []
        for follower in followers:
            if follower.over:
                continue
            if self.seeker.finding(courier.parent):
                self._hand_over(follower, now)
            else:
                self._set_out(follower, now)

    # -- one question -------------------------------------------------------------------------------------------

    def _begin(self, key: Hashable, courier: Courier) -> None:
        self._under_way[key] = courier
        self.seeker.errands += 1

    def _ask(self, courier: Courier, ways: Ways, now: Now) -> None:
        way = ways[0] if len(ways) == 1 else self._chosen(ways)
        if not self.seeker.loads.take(way.endpoint.ip):
            self._hand_over(courier, now)  # which looks for another server
            return
        number = self.seeker.fresh_id()
        request_id = peek.pack_u32(number)
        while request_id in self._asking or (way.endpoint, number) in self.seeker.askings:
            number = self.seeker.fresh_id()
            request_id = peek.pack_u32(number)
        courier.way = way
        courier.request_id = request_id
        courier.asked_mono_ns = now.mono_ns
        self._asking[request_id] = courier
        question = shortcut.write_question(
            courier.handle, number, way.serial, courier.recursion, now.wall_s, courier.lists
        )
        self.node.outbox.append((way.endpoint, (question,)))
        self.seeker.retries.earn()
        self._waits.append(courier)
        if not self._alarm:
            self._set_alarm(now.mono_ns + WAIT_NS)

    def _chosen(self, ways: Ways) -> Way:
        """The quickest, as `selection.attempts` has it."""
        times = self.seeker.times
        chosen = min(ways, key=lambda each: times.of(each.endpoint.ip))
        for way in ways:
            if way is not chosen:
                times.passed_over(way.endpoint.ip)
        return chosen

    def _set_alarm(self, deadline_ns: int) -> None:
        self._alarm = True
        self.seeker.call_at(deadline_ns, self)

    def _heard(self, courier: Courier, endpoint: Endpoint, now: Now) -> None:
        """What follows every answer that is one: the next question may be asked."""
        del self._asking[courier.request_id]
        courier.way = None
        self.seeker.loads.leave(endpoint.ip)
        took_ns = now.mono_ns - courier.asked_mono_ns
        self.seeker.times.answered(endpoint.ip, took_ns, now.mono_ns)
        self.seeker.pressure.took(took_ns, self.seeker.errands)
        tier = self.seeker.tiers.get(endpoint.ip, "unknown")
        self.node.counters.asked(tier, "answered", took_ns / NS_PER_S)

    def _answered(self, courier: Courier, endpoint: Endpoint, values: PackedValues, now: Now) -> None:
        self._heard(courier, endpoint, now)
        self._end(courier)
        answer = Answer(Code.SUCCESS, values)
        lifetime_s = self.answers.put((courier.folded, (), courier.types), answer, now)
        if isinstance(courier, ItemCourier):
            self._reply(courier, values, lifetime_s, now)
        elif isinstance(courier, PrefixCourier):
            if courier.met and courier.referral is not None:
                self.answers.put_referrals(courier.folded, courier.referral, courier.earlier, now)
            self._conclude(courier, answer, now)

    def _reply(self, courier: ItemCourier, values: PackedValues, lifetime_s: int, now: Now) -> None:
        node = self.node
        for client in courier.clients:
            reply = shortcut.write_answer(client.asked, client.handle, values.octets, node.speaker, now.wall_s)
            node.passed_on(client.packet, reply, client.route.transport, values, lifetime_s, now)
            packets = split(reply) if client.route.transport == "udp" else (reply,)
            node.outbox.append((client.route, packets))
            node.counters.later(node.counters.resolutions, now.mono_ns - client.arrived_mono_ns, now.wall_ns)

    def _end(self, courier: Courier) -> None:
        courier.over = True
        self.seeker.errands -= 1
        del self._under_way[courier.folded, (), courier.types]
        if courier.way is not None:
            del self._asking[courier.request_id]
            self.seeker.loads.leave(courier.way.endpoint.ip)

    def _hand_over(self, courier: Courier, now: Now) -> None:
        """Make an errand of a courier."""
        self._end(courier)
        question = Question(courier.handle, types=courier.types, recursion_count=courier.recursion)
        waiters, found, referral, earlier, sent = [], None, None, None, None
        if isinstance(courier, ItemCourier):
            found = courier.found
            waiters = [
                self.node.answerer(client.packet, client.route, client.arrived_mono_ns) for client in courier.clients
            ]
        elif isinstance(courier, PrefixCourier):
            waiters = [self._waiter(item) for item in courier.items]
            referral, earlier = (courier.referral, courier.earlier) if courier.met else (None, None)
        if courier.way is not None:
            number = int.from_bytes(courier.request_id, "big")
            sent = Sent(courier.way.endpoint, number, courier.asked_mono_ns)
        key = (courier.folded, (), courier.types)
        began = courier.began_mono_ns
        self.seeker.adopt(
            question, key, waiters, began, now, found=found, referral=referral, earlier=earlier, sent=sent
        )
        if isinstance(courier, PrefixCourier):
            self._lead(courier, now)


Ways = tuple[Way, ...]
NOWHERE: Ways = ()


def ways_in(entry: AnswerEntry, suffix: bytes = b"") -> Ways:
    """The ways that a remembered answer shows: found once, and then they lie beside it."""
    if entry.made is None:
        entry.made = ways_of(entry.answer, suffix)
    assert isinstance(entry.made, tuple)
    return entry.made


def ways_of(answer: Answer, suffix: bytes = b"") -> Ways:
    """The ways that a prefix's record shows, or, with `suffix` b".PREFIX", a prefix referral; none if they are not all
    plain: sites of one server each, named by HS_SITE itself.
    """
    if answer.code != (Code.PREFIX_REFERRAL if suffix else Code.SUCCESS):
        return NOWHERE
    if isinstance(answer.values, PackedValues):
        return _ways_in_octets(answer.values.octets, suffix)
    return _ways_in(answer.values, suffix)


@lru_cache(maxsize=4_096)  # the enterprises that one node hosts have the same record but for its handle
def _ways_in_octets(octets: bytes, suffix: bytes) -> Ways:
    try:
        return _ways_in(decode_values(octets), suffix)
    except PeerError:
        return NOWHERE


def _ways_in(values: Sequence[Value], suffix: bytes) -> Ways:
    kind = b"HS_SITE" + suffix
    if any(value.type.upper() not in (kind, b"HS_NAMESPACE") for value in values):
        return NOWHERE
    try:
        return ways_to([site_of(value.data) for value in values if value.type.upper() == kind])
    except PeerError:
        return NOWHERE


def ways_to(sites: Sequence[Site]) -> Ways:
    """A way to each site; none if they are not all plain."""
    ways: list[Way] = []
    for site in sites:
        port = site.servers[0].port(Protocol.UDP, QUERY) if len(site.servers) == 1 else None
        if port is None or (site.major, site.minor) != HIGHEST or len(ways) == SITES_MAX:
            return NOWHERE
        ways.append(Way(Endpoint(site.servers[0].ip, port, "udp"), site.serial))
    return tuple(ways)
