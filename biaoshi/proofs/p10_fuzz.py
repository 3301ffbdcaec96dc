"""Line 10: no octets whatever bring a decoder down, hold it up or fill its memory.

Seeds are what this package sends and stores (requests, answers, records, typed data, keys); what is thrown is seeds
with octets turned, cut out, doubled and put in, lengths made enormous, and noise. Counted is

    crashes   anything raised but PeerError, the words for bad input
    hangs     a decoder that takes more than HANG_S of processor time, three times in a row
    growth    memory that is still there at the end, beyond GROWTH_OCTETS_MAX

There is one rim (`biaoshi_build_info` says which); a second would have to answer the same corpus alike.
"""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from biaoshi.proofs.odd_requests import odd_requests
from biaoshi.proofs.trial import Trial
from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.question import Answer
from resolver.model.site import PRIMARY, Interface, Protocol, Server, Site, address_octets
from resolver.model.value import Reference, Value
from resolver.rules import keys, replies, session_keys
from resolver.rules.proof import Credentials, Demand, answer, proves_secret, verify_request
from resolver.rules.replies import Speaker
from resolver.rules.session_keys import Algorithm
from resolver.wire.bodies.digest import SHA256, Digest
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, EnvelopeFlag
from resolver.wire.explain import explain
from resolver.wire.framing import Reassembler, TcpFramer, split
from resolver.wire.message import EncryptedMessage, Message, decode, encode, keep, read_packet
from resolver.wire.record import pack_record, unpack_record
from resolver.wire.types import TYPES, hs_admin, hs_site, hs_vlist

PACKETS_QUICK, PACKETS_FULL = 40_000, 2_000_000
HANG_S = 0.05
GROWTH_OCTETS_MAX = 2 << 20
WARM_SHARE = 10  # of what is thrown, one in so many comes before memory is looked at
MUTATIONS_MAX = 4
NOISE_OCTETS_MAX = 600

Decoder = Callable[[bytes], object]
ITEM = b"88.118.8/JXDY2106023"


def prove(trial: Trial) -> None:
    """Throw at every decoder in turn."""
    trial.value = 0
    facts = trial.facts = {"packets": 0, "refused": 0, "crashes": 0, "hangs": 0, "growth_octets": 0}
    all_decoders, seeds = decoders(), corpus()
    chance = random.Random(trial.seed)
    most = PACKETS_FULL if trial.full else PACKETS_QUICK
    found: Counter[str] = Counter()
    tracemalloc.start()
    try:
        before = 0
        for number in range(most):
            if number == most // WARM_SHARE:
                before = _memory()
            name = chance.choice(tuple(all_decoders))
            octets = mutated(chance, seeds)
            said = throw(all_decoders[name], octets)
            facts["packets"] += 1
            facts["refused"] += said == "refused"
            if said not in (None, "refused"):
                facts["hangs" if said == "hang" else "crashes"] += 1
                found[f"{name}: {said}"] += 1
                trial.value += 1
                trial.fail(f"{name}, {said}: {octets.hex()[:200]}")
            trial.progress(f"{number + 1:,} of {most:,} thrown, {trial.value:g} found")
            if trial.out_of_time:
                if trial.full:
                    trial.fail(f"out of time after {number + 1:,} of {most:,}")
                break
        facts["growth_octets"] = max(0, _memory() - before)
    finally:
        tracemalloc.stop()
    if facts["growth_octets"] > GROWTH_OCTETS_MAX:
        trial.value += 1
        trial.fail(f"{facts['growth_octets']:,} octets more are held at the end than at the beginning")


def _memory() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def throw(decoder: Decoder, octets: bytes) -> str | None:
    """What comes of it: None, "refused", "hang", or what was raised."""
    for _ in range(3):  # the machine may have been busy; a decoder that hangs does so again
        begun = time.process_time()
        try:
            decoder(octets)
        except PeerError:
            said = "refused"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        else:
            said = ""
        if time.process_time() - begun <= HANG_S:
            return said or None
    return "hang"


def decoders() -> dict[str, Decoder]:
    """Everything that reads what others wrote, by name."""
    key = session_keys.new_key(lambda octets: bytes(octets), Algorithm.AES)
    demand = Demand(bytes(16), Digest(SHA256, bytes(32)))
    found: dict[str, Decoder] = {
        "message": decode,
        "message, written again": lambda octets: encode(decode(octets)),
        "anything": lambda octets: keep(Reader(octets)),
        "explanation": explain,
        "record": unpack_record,
        "public key": keys.public_key,
        "secret's answer": lambda octets: proves_secret(octets, b"secret", demand),
        "stream": lambda octets: TcpFramer().feed(octets),
        "fragment": _fragment,
        "encrypted": lambda octets: _decrypted(octets, key),
    }
    for name, codec in TYPES.items():
        found[name.decode()] = codec.decode
    return found


def _fragment(octets: bytes) -> object:
    """A fragment, as nodes see it: with an envelope, and the flag that says so."""
    if len(octets) < 20:
        return None
    return Reassembler(8, 1 << 20).add(0, octets[:2] + bytes([octets[2] | EnvelopeFlag.TRUNCATED]) + octets[3:], 0)


def _decrypted(octets: bytes, key: session_keys.SessionKey) -> object:
    if len(octets) < 20:
        return None
    packet = read_packet(Reader(octets[:2] + bytes([octets[2] | EnvelopeFlag.ENCRYPTED]) + octets[3:]))
    return session_keys.decrypt(packet, key) if isinstance(packet, EncryptedMessage) else None


def corpus() -> list[bytes]:
    """What is mutated."""
    return list(_seeds())


def _seeds() -> Iterator[bytes]:
    requests = list(odd_requests(ITEM).values())
    yield from requests
    interface = Interface(3, Protocol.UDP, 2641)
    site = Site((Server(1, address_octets("127.86.4.1"), (interface,)),), mask=PRIMARY, attributes=((b"desc", b"x"),))
    rsa = keys.record_of(keys.generate("rsa", 1_024))
    owner = Reference(b"0.NA/88.118.8", 300)
    values = (
        Value(1, b"HS_SITE", hs_site.encode(site)),
        Value(100, b"HS_ADMIN", hs_admin.encode(hs_admin.HsAdmin(0xFFF, owner.handle, 200))),
        Value(200, b"HS_VLIST", hs_vlist.encode((owner, owner))),
        Value(300, b"HS_PUBKEY", rsa, ttl_type=1, references=(owner,)),
        Value(2, b"URL", "https://id.example/产品".encode()),
    )
    yield pack_record(values)
    yield from (value.data for value in values)
    speaker, now = Speaker(1, True), Now(0, 1_800_000_000 * 10**9)
    request = replies.request_message(replies.question_of(_plain(requests[0]), ResolutionRequest(ITEM)), 1, now)
    response = encode(replies.respond(_plain(encode(request)), Answer(Code.SUCCESS, values), speaker, now))
    yield response
    yield from split(response)
    yield encode(replies.respond(_plain(encode(request)), Answer(Code.PREFIX_REFERRAL, values[:1]), speaker, now))
    yield encode(replies.respond_site_info(_plain(encode(request)), site, speaker, now))
    demand = Demand(bytes(16), Digest(SHA256, bytes(32)))
    shown = answer(demand, Credentials(replace(owner, index=301), b"secret"), bytes(16))
    yield shown.answer
    yield verify_request(shown, demand).answer


def _plain(packet: bytes) -> Message:
    return decode(packet)


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A seed that has suffered, or noise."""
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(NOISE_OCTETS_MAX))
    octets = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(0, MUTATIONS_MAX)):
        at = chance.randrange(len(octets) + 1)
        way = chance.randrange(6)
        if way == 0 and at < len(octets):
            octets[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del octets[at:]
        elif way == 2:
            del octets[at : at + chance.randint(1, 8)]
        elif way == 3:
            octets[at:at] = chance.randbytes(chance.randint(1, 8))
        elif way == 4:
            octets[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00"))
        else:
            octets[at:at] = chance.choice(seeds)[: chance.randrange(64)]
    return bytes(octets)
