"""Trust: who signed the values of a handle, and whether a chain of certificates leads from them to the root.

    HS_SIGNATURE of 88.118.8/item       digests of its values, iss 300:0.NA/88.118.8
    HS_CERT at 0.NA/88.118.8            sub 300:0.NA/88.118.8, its key and rights, iss 300:0.NA/88.118
    ...
    HS_CERT at 0.0/0.0                  sub = iss = 300:0.0/0.0: its key is one that whoever verifies knows already

The next link stands where the claim `chain` says, else it is the newest HS_CERT about the issuer at the issuer's
handle. Every link is checked: the signature by the parent's key, its dates, and that the parent's rights cover the
handle that is verified, all the way up (protocol.md §7; behaviour.md §5.4; followed from the reference's and the
national SDK's programs, which report the same failures).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from resolver.errors import CallerError, PeerError
from resolver.model.identifier import PREFIX_HANDLE_LEAD, prefix_of, suffix_of, text
from resolver.model.question import Question
from resolver.model.value import Reference, Value
from resolver.rules import jws, keys
from resolver.rules.effects import Find
from resolver.rules.jws import Json, Jws
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.wire.codes import Code, code_name
from resolver.wire.values import encode_value

CERTIFICATE, SIGNATURE = b"HS_CERT", b"HS_SIGNATURE"
ROOT_HANDLE = b"0.0/0.0"  # the reference's; the national system agreed on one of its own
LINKS_MAX = 50
SIGNATURES_MAX = 16  # of one record that are looked at
LIST_MAX = 2_048  # entries of a claim: rights, links, digests
DIGEST_FROM = 8  # a value's digest leaves out index and timestamp
_DIGEST_HASHES = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
EVERYTHING, THIS_HANDLE = "everything", "thisHandle"
DERIVED_PREFIXES, UNDER_PREFIX = "derivedPrefixes", "handlesUnderThisPrefix"
RIGHTS = (EVERYTHING, THIS_HANDLE, DERIVED_PREFIXES, UNDER_PREFIX)


class Reason(Enum):
    """Why something is trusted or not."""

    TRUSTED = "trusted"
    NO_SIGNATURE = "no signature"
    MALFORMED = "malformed"
    OTHER_HANDLE = "signed for another handle"
    ALTERED = "altered"
    FORGED = "not signed by its issuer's key"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_ISSUER = "wrong issuer"
    BROKEN_CHAIN = "broken chain"
    PERMISSIONS_EXCEEDED = "permissions exceeded"
    UNKNOWN_ROOT = "unknown root"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is believed without proof: the root's handle, and the keys it may have."""

    handle: bytes
    keys: tuple[VerifyingKey, ...]

    def knows(self, subject: Reference, key: VerifyingKey) -> bool:
        """Whether this is the root."""
        record = keys.record_of(key)
        return same_handle(subject.handle, self.handle) and any(record == keys.record_of(known) for known in self.keys)


@dataclass(frozen=True, slots=True)
class Right:
    """One entry of `perms`."""

    handle: bytes
    right: str

    def covers(self, handle: bytes) -> bool:
        """Whether it reaches to `handle`."""
        if self.right == EVERYTHING:
            return True
        if self.right == THIS_HANDLE:
            return same_handle(handle, self.handle) or _is_under(handle, self.handle)
        if self.right == UNDER_PREFIX:
            return _is_under(handle, self.handle)
        # A handle below a derived prefix counts with its prefix.
        own = handle if handle[:5].upper() == PREFIX_HANDLE_LEAD else PREFIX_HANDLE_LEAD + prefix_of(handle)
        return self.right == DERIVED_PREFIXES and own.upper().startswith(self.handle.upper() + b".")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a signature says. Times are seconds since 1970; None: not said."""

    subject: bytes
    issuer: bytes
    issued_s: int | None = None
    not_before_s: int | None = None
    expires_s: int | None = None
    chain: tuple[Reference, ...] = ()
    rights: tuple[Right, ...] = ()
    key: VerifyingKey | None = None
    digest_algorithm: str | None = None
    digests: tuple[tuple[int, bytes], ...] = ()

    @property
    def self_issued(self) -> bool:
        """Whether the issuer speaks of itself: the end of a chain."""
        return self.subject == self.issuer


@dataclass(frozen=True, slots=True)
class Link:
    """One signature of a chain, the first about the values, the others certificates."""

    claims: Claims
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of it. `signed`: indexes of the values that are as they were signed; `unsigned`: all others.

    `detail` says more than `reason` about what was found.
    """

    reason: Reason
    detail: str = ""
    links: tuple[Link, ...] = ()
    signed: tuple[int, ...] = ()
    unsigned: tuple[int, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether the values it calls signed may be believed."""
        return self.reason is Reason.TRUSTED


class _BrokenError(Exception):
    """A chain that cannot be followed further."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason, self.detail = reason, detail


# ---- verifying -------------------------------------------------------------------------------------------------------


async def verify(handle: bytes, values: Sequence[Value], anchor: Anchor, now_s: int) -> Report:
    """Whether the values of a handle are trusted: by one of its HS_SIGNATURE values, if any of them leads to the root.

    `values`: all that are publicly readable, with TTLs as they are registered, not as a cache lets them run down.
    """
    signatures = [value for value in values if value.type.upper() == SIGNATURE]
    others = [value for value in values if value.type.upper() != SIGNATURE]
    first: Report | None = None
    for signature in signatures[:SIGNATURES_MAX]:
        report = await _verify_one(handle, others, signature.data, anchor, now_s)
        if report.trusted:
            return report
        first = first or report
    return first or Report(Reason.NO_SIGNATURE, unsigned=tuple(value.index for value in others))


async def verify_certificate(data: bytes, anchor: Anchor, now_s: int) -> Report:
    """Whether an HS_CERT leads to the root, and the rights of its issuers reach to its subject's handle."""
    try:
        certificate = jws.read(data)
        claims = claims_of(certificate)
    except PeerError as problem:
        return Report(Reason.MALFORMED, problem.text)
    return await _follow(reference_of(claims.subject).handle, certificate, claims, anchor, now_s)


async def _verify_one(handle: bytes, values: Sequence[Value], data: bytes, anchor: Anchor, now_s: int) -> Report:
    unsigned = tuple(value.index for value in values)
    try:
        signature = jws.read(data)
        claims = claims_of(signature)
    except PeerError as problem:
        return Report(Reason.MALFORMED, problem.text, unsigned=unsigned)
    if claims.digest_algorithm is None:
        return Report(Reason.MALFORMED, "a signature of no values", unsigned=unsigned)
    followed = await _follow(handle, signature, claims, anchor, now_s)
    actual = {value.index: digest_of(value, claims.digest_algorithm) for value in values}
    claimed = dict(claims.digests)
    signed = tuple(index for index in actual if index in claimed and hmac.compare_digest(actual[index], claimed[index]))
    unsigned = tuple(index for index in actual if index not in claimed)
    spoiled = [index for index in claimed if index not in signed]
    reason, detail = followed.reason, followed.detail
    forged = followed.links[0].reason is Reason.FORGED  # then nothing it says counts
    if not forged and not same_handle(handle, claims.subject):
        reason, detail = Reason.OTHER_HANDLE, text(claims.subject)
    elif not forged and spoiled:
        words = ", ".join(f"{index} {'changed' if index in actual else 'missing'}" for index in spoiled)
        reason, detail = Reason.ALTERED, f"values by index: {words}"
    return Report(reason, detail, followed.links, signed, unsigned)


async def _follow(handle: bytes, child: Jws, claims: Claims, anchor: Anchor, now_s: int) -> Report:
    """Up the chain from one signature. The report's reason is that of the first link that fails, from below."""
    links: list[Link] = []
    seen: set[Reference] = set()
    chain: tuple[Reference, ...] = ()
    while not claims.self_issued:
        try:
            if len(links) >= LINKS_MAX:
                raise _BrokenError(Reason.BROKEN_CHAIN, f"more than {LINKS_MAX} links")
            chain = chain or claims.chain or (Reference(reference_of(claims.issuer).handle, 0),)
            where, chain = chain[0], chain[1:]
            if where in seen:
                raise _BrokenError(Reason.BROKEN_CHAIN, f"a circle through {_name(where)}")
            seen.add(where)
            parent, parent_claims = await _certificate(where, claims.issuer)
        except _BrokenError as broken:
            links.append(Link(claims, broken.reason, broken.detail))
            return _report(links)
        links.append(_link(handle, child, claims, parent_claims, now_s))
        child, claims = parent, parent_claims
    link = _link(handle, child, claims, claims, now_s)
    if link.reason is Reason.TRUSTED and not (claims.key and anchor.knows(reference_of(claims.subject), claims.key)):
        link = Link(claims, Reason.UNKNOWN_ROOT, f"{text(claims.subject)} with a key that nobody vouched for")
    return _report([*links, link])


def _report(links: Sequence[Link]) -> Report:
    worst = next((link for link in links if link.reason is not Reason.TRUSTED), links[-1])
    detail = worst.detail if worst.reason is Reason.TRUSTED else f"{_about(worst.claims)}: {worst.detail}"
    return Report(worst.reason, detail, tuple(links))


def _link(handle: bytes, child: Jws, claims: Claims, parent: Claims, now_s: int) -> Link:
    if parent.key is None:
        return Link(claims, Reason.FORGED, f"the certificate of {text(claims.issuer)} has no key")
    if not jws.verifies(child, parent.key):
        return Link(claims, Reason.FORGED, f"{child.algorithm} by the key of {text(claims.issuer)} does not verify")
    if claims.expires_s is not None and now_s > claims.expires_s:
        return Link(claims, Reason.EXPIRED, f"{now_s - claims.expires_s} s ago")
    if claims.not_before_s is not None and now_s < claims.not_before_s:
        return Link(claims, Reason.NOT_YET_VALID, f"for another {claims.not_before_s - now_s} s")
    if not any(right.covers(handle) for right in parent.rights):
        return Link(claims, Reason.PERMISSIONS_EXCEEDED, f"{text(claims.issuer)} may not speak for {text(handle)}")
    return Link(claims, Reason.TRUSTED)


async def _certificate(where: Reference, subject: bytes) -> tuple[Jws, Claims]:
    """The certificate about `subject` in one value, or (index 0) the newest in a record. _BrokenError if there is
    none.
    """
    question = (
        Question(where.handle, indexes=(where.index,)) if where.index else Question(where.handle, types=(CERTIFICATE,))
    )
    answer = await Find(question)
    if answer.code != Code.SUCCESS:
        words = f"{_name(where)} answers {code_name(answer.code)}"
        raise _BrokenError(Reason.BROKEN_CHAIN, words)
    found: list[tuple[Jws, Claims]] = []
    others = 0
    for value in answer.values[:LIST_MAX]:
        if value.type.upper() != CERTIFICATE or where.index not in (0, value.index):
            continue
        try:
            certificate = jws.read(value.data)
            claims = claims_of(certificate)
        except PeerError as problem:
            if where.index:
                raise _BrokenError(Reason.BROKEN_CHAIN, f"{_name(where)}: {problem.text}") from None
            continue
        if _same_party(claims.subject, subject):
            found.append((certificate, claims))
        else:
            others += 1
    if not found:
        if others:
            raise _BrokenError(Reason.WRONG_ISSUER, f"{_name(where)} certifies others, not {text(subject)}")
        raise _BrokenError(Reason.BROKEN_CHAIN, f"no certificate at {_name(where)}")
    return max(found, key=lambda pair: -1 if pair[1].issued_s is None else pair[1].issued_s)


# ---- making ----------------------------------------------------------------------------------------------------------


def sign_values(
    handle: bytes,
    values: Iterable[Value],
    signer: Reference,
    key: SigningKey,
    *,
    now_s: int,
    life_s: int,
    chain: Sequence[Reference] = (),
) -> bytes:
    """The data of an HS_SIGNATURE of `values`. CallerError if there are none, or the key cannot sign."""
    digests = [
        {"index": value.index, "digest": base64.b64encode(digest_of(value, "SHA-256")).decode()}
        for value in values
        if value.type.upper() != SIGNATURE
    ]
    if not digests:
        raise CallerError("no values to sign")
    payload: Json = {"digests": {"alg": "SHA-256", "digests": digests}, **_chain(chain)}
    return jws.sign(payload | _dates(text(handle), _name(signer), now_s, life_s), key)


def certify(
    subject: Reference,
    public: VerifyingKey,
    rights: Sequence[Right],
    issuer: Reference,
    key: SigningKey,
    *,
    now_s: int,
    life_s: int,
    chain: Sequence[Reference] = (),
) -> bytes:
    """The data of an HS_CERT: `issuer` says that `subject` has this key and these rights."""
    perms = [
        {"handle": text(right.handle), "perm": right.right} if right.handle else {"perm": right.right}
        for right in rights
    ]
    payload: Json = {"perms": perms, "publicKey": jws.key_to_json(public), **_chain(chain)}
    return jws.sign(payload | _dates(_name(subject), _name(issuer), now_s, life_s), key)


def _chain(chain: Sequence[Reference]) -> Json:
    return {"chain": [_name(link) for link in chain]} if chain else {}


def _dates(subject: str, issuer: str, now_s: int, life_s: int) -> Json:
    # Valid since a little before, for those whose clocks are slow.
    return {"sub": subject, "iss": issuer, "iat": now_s, "nbf": now_s - 600, "exp": now_s + life_s}


# ---- the words in it -------------------------------------------------------------------------------------------------


def claims_of(signature: Jws) -> Claims:
    """The claims. PeerError if they are none. Nothing is verified by this."""
    said = jws.json_object(signature.payload, "payload")
    digests = said.get("digests")
    algorithm: str | None = None
    entries: list[tuple[int, bytes]] = []
    if digests is not None:
        algorithm = digests.get("alg") if isinstance(digests, dict) else None
        if not isinstance(algorithm, str) or algorithm not in _DIGEST_HASHES:
            raise PeerError(f"digests by none of {', '.join(_DIGEST_HASHES)}")
        entries = [_digest(entry) for entry in _list(digests, "digests")]
    return Claims(
        _words(said, "sub"),
        _words(said, "iss"),
        _moment(said, "iat"),
        _moment(said, "nbf"),
        _moment(said, "exp"),
        tuple(reference_of(_octets(link)) for link in _list(said, "chain")),
        tuple(_right(entry) for entry in _list(said, "perms")),
        None if said.get("publicKey") is None else jws.key_from_json(said["publicKey"]),
        algorithm,
        tuple(entries),
    )


def digest_of(value: Value, algorithm: str) -> bytes:
    """The digest of a value as HS_SIGNATURE has it: without index and timestamp."""
    return hashlib.new(_DIGEST_HASHES[algorithm], encode_value(value)[DIGEST_FROM:]).digest()


def reference_of(words: bytes) -> Reference:
    """`index:handle`, or a handle alone, which is index 0."""
    index, colon, handle = words.partition(b":")
    if colon and index.isdigit() and len(index) <= 10 and int(index) <= 0xFFFFFFFF:
        return Reference(handle, int(index))
    return Reference(words, 0)


def same_handle(one: bytes, other: bytes) -> bool:
    """Whether two handles are equal: prefixes without letter case, suffixes with it, except below `0.NA`."""
    if prefix_of(one).upper() != prefix_of(other).upper():
        return False
    if one[:2] == b"0.":
        return one.upper() == other.upper()
    return suffix_of(one) == suffix_of(other)


def _same_party(one: bytes, other: bytes) -> bool:
    first, second = reference_of(one), reference_of(other)
    return first.index == second.index and same_handle(first.handle, second.handle)


def _is_under(handle: bytes, prefix: bytes) -> bool:
    lead = prefix.upper()
    return lead.startswith(PREFIX_HANDLE_LEAD) and handle.upper().startswith(lead[len(PREFIX_HANDLE_LEAD) :] + b"/")


def _name(reference: Reference) -> str:
    return f"{reference.index}:{text(reference.handle)}" if reference.index else text(reference.handle)


def _about(claims: Claims) -> str:
    return f"{'signature' if claims.digests else 'certificate'} about {text(claims.subject)}"


def _digest(entry: Any) -> tuple[int, bytes]:
    if isinstance(entry, dict):
        index, digest = entry.get("index"), entry.get("digest")
        if isinstance(index, int) and not isinstance(index, bool) and isinstance(digest, str):
            try:
                return index, base64.b64decode(digest, validate=True)
            except ValueError:
                pass
    raise PeerError("a digest that is none")


def _right(entry: Any) -> Right:
    if not isinstance(entry, dict) or not isinstance(entry.get("perm"), str):
        raise PeerError("a permission that is none")
    handle = entry.get("handle")
    return Right(b"" if handle is None else _octets(handle), entry["perm"])


def _list(said: Json, name: str) -> list[Any]:
    listed = said.get(name)
    if listed is None:
        return []
    if not isinstance(listed, list) or len(listed) > LIST_MAX:
        raise PeerError(f"{name} is no list of at most {LIST_MAX}")
    return listed


def _words(said: Json, name: str) -> bytes:
    return _octets(said.get(name))


def _octets(words: Any) -> bytes:
    if not isinstance(words, str):
        raise PeerError("a name that is no text")
    try:
        return words.encode()
    except UnicodeEncodeError:
        raise PeerError("a name with half a surrogate pair") from None


def _moment(said: Json, name: str) -> int | None:
    moment = said.get(name)
    if moment is None:
        return None
    if isinstance(moment, bool) or not isinstance(moment, int):
        raise PeerError(f"{name} is no number of seconds")
    return moment
