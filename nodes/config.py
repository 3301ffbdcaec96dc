"""A network file (TOML) becomes a plan: which node stands where, what it holds and whom it delegates to.

    file --tomllib--> dict --schema.py--> NetworkConfig --expansion.py--> the same without [nation] --this module-->
    NetworkPlan, a tuple of NodePlan

Everything that can be refused is refused here, before anything starts, as an OperatorError that names file, key path,
value and remedy. Delegations are not written down: a prefix stands under the longest dotted prefix above it.

    root        0.NA                      knows 0.NA/0.NA (the root sites) and 0.NA/88
    national    88                        knows 0.NA/88.118
    secondary   88.118, hosted 88.118.9   knows 0.NA/88.118.8 and 0.NA/88.118.9, and the records of hosted enterprises
    enterprise  88.118.8                  knows its records
    recursive                             knows the root sites

Several identifier systems: a root with `families` answers for those first labels, one without for all others.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from pydantic import ValidationError

from nodes.catalogue import read_catalogue
from nodes.certificates import CERTIFICATE_INDEX, certificate
from nodes.expansion import expand, with_absolute_paths, zipf_shares
from nodes.files import explained, find_file, is_file, key_path, named_in, nearest, read_toml, short
from nodes.keyring import EVERYBODY, administrator_record, administrator_secret, public_record
from nodes.latency import Latency
from nodes.regions import CITIES, region_of_city
from nodes.schema import (
    NODES_OF_A_TIER_MAX,
    NODES_OF_AN_OCTET,
    PREFIX_KEYS_MAX,
    SITES_OF_A_PREFIX_MAX,
    DoorsConfig,
    NetworkConfig,
    NodeConfig,
    json_schema,
)
from resolver.errors import CallerError, OperatorError, PeerError
from resolver.model.identifier import PREFIX_HANDLE_LEAD, ROOT_SERVICE, fold, prefix_handle, prefix_of, text
from resolver.model.population import Population
from resolver.model.site import PRIMARY, Interface, Protocol, Server, Site, address_octets, server_number
from resolver.model.value import ADMIN_READ, ADMIN_WRITE, Reference, Value
from resolver.rules.resolution import RootService
from resolver.wire.types import hs_admin, hs_pubkey, hs_site, hs_vlist

__all__ = [
    "CachePlan", "CataloguePlan", "LimitsPlan", "NetworkConfig", "NetworkPlan", "NodePlan", "expanded",
    "json_schema", "load_network", "records_of", "sample_of", "truth_of",
]  # fmt: skip

TIERS = ("root", "national", "secondary", "enterprise", "recursive")
SAMPLES_TRIED = 4_000  # procedural identifiers of a prefix; of 250 servers, one gets none of them in 10^7 cases
DNS_TIERS = ("national", "recursive")  # who has a DNS door
HTTP_TIERS = ("secondary", "enterprise", "recursive")  # who has an HTTP door
ITEM_TIERS = ("secondary", "enterprise")  # where item records live
HANDLE_PORT = 2641  # the protocol's own, UDP and TCP
SDK_PORT = 3641  # where the national SDK looks for its recursive node (behaviour.md §5.1)
KEY_OCTETS_MAX = 1 << 16  # an HS_PUBKEY record; the longest keys in use take 1 KB
FILE_OCTETS_MAX = 4 << 20  # a network file; 400 nodes need some 100 KB
CONFIGURED_AT = (
    1_767_225_600  # 2026-01-01T00:00:00Z: timestamp of what a configuration says, so answers are reproducible
)
ADMIN_INDEX, NAMESPACE_INDEX = 100, 101
GROUP_INDEX, KEY_INDEX, SECRET_INDEX = 200, 300, 301  # by convention, as 100 is (behaviour.md §2)
ALL_RIGHTS = 0x0FFF
BOTH_KINDS = 3  # an interface for administration and queries


@dataclass(frozen=True, slots=True)
class CataloguePlan:
    """A file of records that live at a node."""

    file: Path


@dataclass(frozen=True, slots=True)
class CachePlan:
    """Bounds of a node's caches, in octets and seconds; `prefetch_share` of an answer's life."""

    answer_octets: int
    packet_octets: int
    negative_ttl_s: int
    ttl_max_s: int
    time_scale: float
    stale_s: int = 0
    prefetch_share: float = 0.0
    failure_ttl_s: int = 0


@dataclass(frozen=True, slots=True)
class LimitsPlan:
    """What a node refuses to exceed; 0 is no bound."""

    in_flight: int
    in_flight_per_server: int
    retry_share: float
    source_requests_per_s: int = 0
    source_surplus_octets_per_s: int = 0
    source_dry_run: bool = False
    requests_per_day: int = 0
    registrations_per_day: int = 0
    prefixes_per_day: int = 0
    failed_authentications_per_minute: int = 0


@dataclass(frozen=True, slots=True)
class DoorsPlan:
    """Ports of a node's doors, at its own address; 0: it has no such door. The rest as in the file; `zones` of national
    and recursive nodes: the former answer from them, the latter ask those.
    """

    http: int = 0
    https: int = 0
    client_certificates: Path | None = None
    dns: int = 0
    zone: str = ""
    zones: tuple[Path, ...] = ()
    dns_answers_per_s: int = 0
    plain_proof: bool = True


@dataclass(frozen=True, slots=True)
class QueryLogPlan:
    """Of how many requests one is written down, 0: none; how large the file may be."""

    one_in: int = 0
    octets_max: int = 64 << 20


@dataclass(frozen=True, slots=True)
class FaultsPlan:
    """What goes wrong on purpose at a node's door (resolver/net/faults.py)."""

    corrupt_values: float
    seed: int


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One node: one server of one site.

    `prefixes` are homed here (own and hosted); `delegations` are the prefix handles it answers about others;
    `server_number` is its position in `site.servers`. `roots`: where it asks. `extra_ports` are served like
    `port`. `key_bits`: of the RSA key that is made for it (keyring.py); 0: none, or the file names a public key of its
    own. `population` is the network's, if some of it lives under `prefixes`. `place` is a provincial capital, or "".
    `follows`: the primary whose store this mirror reads instead of one of its own; "" if it has its own.
    `doors`: by what else it can be asked. `workers`: readers beside its process; `pin`: to which
    processors they keep: these, True for one after the other.
    """

    name: str
    tier: str
    ip: str
    port: int
    extra_ports: tuple[int, ...]
    prefixes: tuple[bytes, ...]
    site: Site
    server_number: int
    delegations: tuple[tuple[bytes, tuple[Value, ...]], ...] = field(repr=False)  # they hold secret keys
    catalogues: tuple[CataloguePlan, ...]
    roots: tuple[RootService, ...]
    process: str
    cache: CachePlan
    limits: LimitsPlan
    store: str
    key_bits: int
    place: str
    population: Population | None
    faults: FaultsPlan | None
    server_admins: tuple[Reference, ...] = ()
    follows: str = ""
    doors: DoorsPlan = DoorsPlan()
    query_log: QueryLogPlan = QueryLogPlan()
    workers: int = 0
    pin: bool | tuple[int, ...] = False

    @property
    def procedural(self) -> int:
        """How many identifiers of the population live at the node's site; they are computed, not stored."""
        return 0 if self.population is None else self.population.slice_of(self.prefixes)

    @property
    def address(self) -> str:
        """`IP:port`, as status shows it."""
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """All nodes of a network file, in its order. `file` is the one that was read.

    `population` is procedural: its identifiers are computed when asked for, beside the stored ones. `latency` is for
    virtual time. `time_scale`: seconds of TTLs that go by in one. `administrators`: by what names their keys are kept
    (keyring.py), RSA of `administrator_bits`. `names` and `tiers`: of the nodes, by IP address.
    """

    name: str
    file: Path
    addressing: str
    second_octet: int
    time_scale: float
    nodes: tuple[NodePlan, ...]
    population: Population | None
    latency: Latency | None
    administrators: tuple[str, ...] = ()
    administrator_bits: int = 0
    names: Mapping[str, str] = field(init=False, repr=False, compare=False)
    tiers: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {node.ip: node.name for node in self.nodes})
        object.__setattr__(self, "tiers", {node.ip: node.tier for node in self.nodes})

    @property
    def processes(self) -> tuple[str, ...]:
        """The process names, in order of first mention."""
        return tuple(dict.fromkeys(node.process for node in self.nodes))

    def node(self, name: str) -> NodePlan:
        """The node of this name. OperatorError if there is none."""
        for node in self.nodes:
            if node.name == name:
                return node
        near = nearest(name, [node.name for node in self.nodes])
        raise OperatorError("no node of this name", file=str(self.file), key="nodes", value=name, remedy=near)


def load_network(
    file: Path, *, second_octet: int | None = None, keys: Path | None = None, time_scale: float | None = None
) -> NetworkPlan:
    """Read and check a network file and all it names. `second_octet` and `time_scale` override the file's.

    `keys`: the run directory's (keyring.py), whose public halves go into every HS_SITE; without it sites have none.

    A relative `configs/…` that is not there is looked up among the shipped files. OperatorError names file, key path,
    value and remedy.
    """
    found = find_file(file)
    config = _read_config(found, second_octet, time_scale)
    return _Planner(found, _expanded(found, config), written=len(config.nodes), keys=keys).plan()


def expanded(file: Path) -> NetworkConfig:
    """A network file with every node written down and every path absolute: it says the same from anywhere.

    OperatorError as from `load_network`: what cannot be planned is not expanded either.
    """
    load_network(file)
    found = find_file(file)
    return with_absolute_paths(_expanded(found, _read_config(found, None)), found.parent)


def _read_config(file: Path, second_octet: int | None, time_scale: float | None = None) -> NetworkConfig:
    document = read_toml(file, FILE_OCTETS_MAX, "Records belong into catalogue files")
    if second_octet is not None:
        document["second_octet"] = second_octet
    if time_scale is not None and isinstance(document.setdefault("cache", {}), dict):
        document["cache"]["time_scale"] = time_scale
    try:
        return NetworkConfig.model_validate(document)
    except ValidationError as error:
        raise explained(error, NetworkConfig, file=str(file)) from None


def _expanded(file: Path, config: NetworkConfig) -> NetworkConfig:
    """What a [nation] stands for, behind the nodes that are written down; then nothing is left to rules."""

    def refuse(problem: str, key: str, value: object, remedy: str) -> OperatorError:
        return OperatorError(problem, file=str(file), key=key, value=value, remedy=remedy)

    nodes, enterprises = (
        config.nodes,
        [
            prefix
            for node in config.nodes
            for prefix in node.prefixes
            if node.tier in ITEM_TIERS and prefix.count(".") > 1
        ],
    )
    if config.nation is not None:
        nation = expand(config.nation, refuse, nearest)
        nodes, enterprises = [*nodes, *nation.nodes], list(nation.enterprises)
    population = config.population
    if population is not None and not population.shares:
        if population.size < len(enterprises) or not enterprises:
            raise refuse(
                f"every enterprise prefix holds one identifier at least, and there are {len(enterprises)} of them",
                "population.size",
                population.size,
                "Make the population larger" if enterprises else "Add an enterprise, or leave [population] out",
            )
        population = population.model_copy(update={"shares": zipf_shares(enterprises, population.size)})
    return config.model_copy(update={"nodes": nodes, "nation": None, "population": population})


def records_of(plan: NodePlan) -> Iterator[tuple[bytes, tuple[Value, ...]]]:
    """All records this very node holds: of its catalogues the handles that hash to its server, and every delegation:
    whichever server of the site is asked about a prefix, it must find the ancestors to refer to (behaviour.md §1.4).
    """
    yield from plan.delegations
    for catalogue in plan.catalogues:
        for record in read_catalogue(catalogue.file):
            if _falls_on(plan, record.handle):
                yield record.handle, record.values


def truth_of(plan: NetworkPlan) -> Iterator[tuple[bytes, tuple[Value, ...]]]:
    """Every item record of the network once, handle as written, secret values included."""
    seen = dict.fromkeys(catalogue.file for node in plan.nodes for catalogue in node.catalogues)
    for file in seen:
        for record in read_catalogue(file):
            yield record.handle, record.values


def sample_of(plan: NodePlan) -> bytes | None:
    """A handle that this very node answers itself to anybody, or None (recursive nodes, empty shares).

    From a catalogue if there is one, else a procedural one, else a prefix handle.
    """
    for record in (record for catalogue in plan.catalogues for record in read_catalogue(catalogue.file)):
        if (
            _falls_on(plan, record.handle)
            and fold(prefix_of(record.handle)) in map(fold, plan.prefixes)
            and all(value.public_read for value in record.values)
        ):
            return record.handle
    if plan.population is not None:
        for prefix in plan.prefixes:
            for number in range(SAMPLES_TRIED):
                handle = plan.population.member(prefix, number)
                if handle is not None and _falls_on(plan, handle):
                    return handle
    return next((handle for handle, _ in plan.delegations if _falls_on(plan, handle)), None)


def _falls_on(plan: NodePlan, handle: bytes) -> bool:
    return server_number(handle, len(plan.site.servers), plan.site.hash_option) == plan.server_number


@dataclass(slots=True)
class _SitePlan:
    """A [[nodes]] table while the plan is made."""

    position: int
    config: NodeConfig
    written: bool  # in the file; else it comes from [nation]
    prefixes: tuple[bytes, ...]  # with those of the mirrored node
    unhomed: tuple[bytes, ...]
    names: tuple[str, ...] = ()
    addresses: tuple[tuple[str, int], ...] = ()
    extra_ports: tuple[tuple[int, ...], ...] = ()
    site: Site = field(default_factory=lambda: Site(()))
    catalogues: tuple[CataloguePlan, ...] = ()

    def key(self, *rest: int | str) -> str:
        """Where in the file it stands: `nodes[3].prefixes[0]`, or `nation: secondary-88.101.prefixes[0]`."""
        if self.written:
            return key_path(["nodes", self.position, *rest])
        return f"nation: {key_path([self.config.name, *rest])}"


class _Planner:
    """Checks what no schema can say, in the order in which a reader of the file would ask, and builds the plan."""

    def __init__(self, file: Path, config: NetworkConfig, *, written: int, keys: Path | None) -> None:
        """`config` is expanded; the first `written` of its nodes stand in the file."""
        self.file = file
        self.config = config
        self.keys = keys
        self.sites = [
            _SitePlan(
                position,
                node,
                position < written,
                tuple(prefix.encode() for prefix in node.prefixes),
                tuple(prefix.encode() for prefix in node.unhomed_prefixes),
            )
            for position, node in enumerate(config.nodes)
        ]
        self.homes: dict[bytes, _SitePlan] = {}  # folded homed prefix -> the site that holds it first
        self.mirrors: dict[str, list[_SitePlan]] = {}  # name of a primary -> its mirrors
        self.faults: dict[str, FaultsPlan] = {}  # by name of a node or site
        self.zones: tuple[Path, ...] = ()
        self.residents: Counter[str] = Counter()  # of an address
        self.who_has_keys = "none"
        self.known: dict[str, tuple[bytes, bytes] | None] = {}  # administrators' public keys and secrets, by name
        self.roots: dict[tuple[bytes, ...], list[_SitePlan]] = {}  # families -> the equal roots of one system

    def plan(self) -> NetworkPlan:
        self.name_nodes()
        self.check_tiers()
        self.check_places()
        self.find_roots()
        self.follow_mirrors()
        self.find_homes()
        self.assign_addresses()
        self.build_sites()
        self.check_catalogues()
        self.check_zones()
        self.who_has_keys = self.keys_for()
        delegations = self.delegate()
        services = tuple(
            RootService(tuple(root.site for root in equals), families) for families, equals in self.roots.items()
        )
        population = self.populate()
        self.place_faults()
        nodes = [
            self.node_plan(site, number, delegations, services, population)
            for site in self.sites
            for number in range(len(site.names))
        ]
        latency = self.config.latency
        return NetworkPlan(
            self.file.stem,
            self.file,
            self.config.addressing,
            self.config.second_octet,
            self.config.cache.time_scale,
            tuple(nodes),
            population,
            None if latency is None else Latency(latency.base_us, latency.us_per_km),
            self.administrators(nodes),
            self.config.key_bits,
        )

    def keys_for(self) -> str:
        """Whether administrators' keys are made for the network, for each prefix, or for none."""
        if not self.config.key_bits:
            return "none"
        many = sum(1 for _ in self.prefix_entries()) > PREFIX_KEYS_MAX
        return self.config.administrators or ("network" if many else "prefix")

    def administrators(self, nodes: list[NodePlan]) -> tuple[str, ...]:
        """The names of the administrators' keys."""
        if self.who_has_keys == "none":
            return ()
        if self.who_has_keys == "network":
            return (EVERYBODY,)
        handles = sorted({fold(handle) for node in nodes for handle, _ in node.delegations})
        return tuple(text(handle[len(PREFIX_HANDLE_LEAD) :]) for handle in handles)

    def administrator(self, handle: bytes) -> tuple[bytes, bytes] | None:
        """The HS_PUBKEY record and the secret of a prefix handle's administrator; None if there are no keys (yet)."""
        if self.keys is None or self.who_has_keys == "none":
            return None
        prefix = fold(handle)[len(PREFIX_HANDLE_LEAD) :]
        name = EVERYBODY if self.who_has_keys == "network" else text(prefix)
        if name not in self.known:
            record, secret = administrator_record(self.keys, name), administrator_secret(self.keys, prefix)
            self.known[name] = (record, secret) if record and secret else None
        return self.known[name]

    def certificate(self, handle: bytes) -> bytes:
        """The HS_CERT of a prefix handle's administrator; empty if there is none (yet)."""
        if self.keys is None or self.who_has_keys == "none":
            return b""
        return certificate(self.keys, handle[len(PREFIX_HANDLE_LEAD) :])

    def refuse(self, problem: str, key: str, value: object, remedy: str) -> OperatorError:
        return OperatorError(problem, file=str(self.file), key=key, value=value, remedy=remedy)

    def name_nodes(self) -> None:
        taken: dict[str, _SitePlan] = {}
        for site in self.sites:
            name, count = site.config.name, site.config.servers
            site.names = (name,) if count == 1 else tuple(f"{name}-{number}" for number in range(1, count + 1))
            for each in site.names:
                if each in taken:
                    raise self.refuse(
                        f"two nodes are called {each}, here and at {taken[each].key()}",
                        site.key("name"),
                        name,
                        "Give each node a name of its own",
                    )
                taken[each] = site

    def check_tiers(self) -> None:
        """What each tier may say about itself."""
        tiers = {node.tier for node in self.config.nodes}
        for site in self.sites:
            node = site.config
            if node.mirror_of is not None:
                continue
            if node.tier != "root" and node.families:
                raise self.refuse(
                    "only a root answers for families", site.key("families"), node.families, "Leave it out"
                )
            if node.tier == "root" and (node.prefixes or node.unhomed_prefixes):
                raise self.refuse(
                    "a root node holds the root data and no prefix of its own",
                    site.key("prefixes" if node.prefixes else "unhomed_prefixes"),
                    node.prefixes or node.unhomed_prefixes,
                    "Leave it out",
                )
            if node.tier == "recursive" and (node.prefixes or node.unhomed_prefixes or node.catalogues):
                raise self.refuse(
                    "a recursive node holds nothing, it asks",
                    site.key(),
                    node.name,
                    "Leave prefixes and catalogues out",
                )
            if node.tier == "recursive" and "root" not in tiers:
                raise self.refuse(
                    "a recursive node without a root to begin at",
                    site.key("tier"),
                    node.tier,
                    "Add a node of tier root",
                )
            if node.tier in ("national", "secondary") and not node.prefixes:
                raise self.refuse(
                    f"a {node.tier} node without a prefix", site.key("prefixes"), node.prefixes, "Name its prefix"
                )
            if node.tier == "enterprise" and not node.prefixes and not node.unhomed_prefixes:
                raise self.refuse(
                    "an enterprise node without a prefix", site.key("prefixes"), node.prefixes, "Name its prefix"
                )
            if node.tier in ("root", "national") and node.catalogues:
                raise self.refuse(
                    f"a {node.tier} node holds prefix records only",
                    site.key("catalogues"),
                    node.catalogues,
                    "Item records live at enterprise nodes, or at the secondary node that hosts the enterprise",
                )

    def check_places(self) -> None:
        for site in self.sites:
            place = site.config.place
            if place and region_of_city(place) is None:
                raise self.refuse("not a city known here", site.key("place"), place, nearest(place, list(CITIES)))

    def find_roots(self) -> None:
        """Roots that name the same families are equals; no family has two systems."""
        claimed: dict[bytes, tuple[_SitePlan, tuple[bytes, ...]]] = {}
        for site in self.sites:
            if site.config.tier != "root":
                continue
            families = tuple(fold(family.encode()) for family in site.config.families)
            for number, family in enumerate(families):
                other, theirs = claimed.setdefault(family, (site, families))
                if theirs != families or families.index(family) != number:
                    raise self.refuse(
                        f"this family is claimed at {other.key('families')} already",
                        site.key("families", number),
                        text(family),
                        "A family has one root service; equal roots name the same families in the same order",
                    )
            self.roots.setdefault(families, []).append(site)

    def roots_of(self, family: bytes) -> list[_SitePlan]:
        """The equal roots that answer for a first label; none if nobody does."""
        for families, equals in self.roots.items():
            if family in families:
                return equals
        return self.roots.get((), [])

    def follow_mirrors(self) -> None:
        by_name = {site.config.name: site for site in self.sites}
        for site in self.sites:
            wanted = site.config.mirror_of
            if wanted is None:
                continue
            original = by_name.get(wanted)
            if original is None or original is site:
                raise self.refuse(
                    "a mirror of no other node", site.key("mirror_of"), wanted, nearest(wanted, list(by_name))
                )
            if original.config.mirror_of is not None or original.config.tier != site.config.tier:
                raise self.refuse(
                    "what is mirrored must be of the same tier and no mirror itself",
                    site.key("mirror_of"),
                    wanted,
                    "Name the primary",
                )
            if site.config.tier in ("root", "recursive"):
                raise self.refuse(
                    f"{site.config.tier} nodes are equals, none mirrors another",
                    site.key("mirror_of"),
                    wanted,
                    "Leave mirror_of out",
                )
            for key in ("prefixes", "unhomed_prefixes", "catalogues"):
                if getattr(site.config, key):
                    raise self.refuse(
                        "a mirror holds what its primary holds",
                        site.key(key),
                        getattr(site.config, key),
                        f"Leave {key} out",
                    )
            site.prefixes, site.unhomed = original.prefixes, original.unhomed
            self.mirrors.setdefault(wanted, []).append(site)

    def followed(self, site: _SitePlan) -> str:
        """The primary whose store a mirror reads: sites of several servers hash differently, memory is not shared."""
        primary = next((each for each in self.sites if each.config.name == site.config.mirror_of), None)
        if primary is None or self.config.store != "lmdb" or len(site.names) > 1 or len(primary.names) > 1:
            return ""
        return primary.names[0]

    def find_homes(self) -> None:
        """Every prefix has one home (and its mirrors) and, above it, somebody who delegates to it."""
        taken: dict[bytes, tuple[_SitePlan, tuple[str, int]]] = {}
        for site, where, prefix in self.prefix_entries():
            folded = fold(prefix)
            if folded in taken:
                other, there = taken[folded]
                raise self.refuse(
                    f"this prefix is taken at {other.key(*there)}",
                    site.key(*where),
                    text(prefix),
                    "A prefix has one home; a complete copy of it says mirror_of",
                )
            if folded == b"0" or folded.startswith(b"0."):
                raise self.refuse(
                    "prefixes beginning 0 belong to the system",
                    site.key(*where),
                    text(prefix),
                    "Use a national prefix such as 88",
                )
            taken[folded] = (site, where)
            if prefix in site.prefixes:
                self.homes[folded] = site
        for site, where, prefix in self.prefix_entries():
            self.check_parent(site, where, prefix)

    def prefix_entries(self) -> Iterator[tuple[_SitePlan, tuple[str, int], bytes]]:
        """Every prefix written in the file, with the end of its key path."""
        for site in self.sites:
            if site.config.mirror_of is None:
                for number, prefix in enumerate(site.prefixes):
                    yield site, ("prefixes", number), prefix
                for number, prefix in enumerate(site.unhomed):
                    yield site, ("unhomed_prefixes", number), prefix

    def parent_of(self, prefix: bytes) -> _SitePlan | None:
        """The site that delegates a prefix: home of the longest prefix above it, a root for a prefix without dot."""
        above = fold(prefix).rpartition(b".")[0]
        while above:
            if above in self.homes:
                return self.homes[above]
            above = above.rpartition(b".")[0]
        if b"." in prefix:
            return None
        return next(iter(self.roots_of(fold(prefix))), None)

    def check_parent(self, site: _SitePlan, where: tuple[str, int], prefix: bytes) -> None:
        tier = site.config.tier
        if tier == "national" and b"." in prefix:
            raise self.refuse(
                "a national prefix is one label",
                site.key(*where),
                text(prefix),
                "Write 88; 88.118 belongs to a secondary node",
            )
        parent = self.parent_of(prefix)
        hosted = parent is site and tier == "secondary"
        wanted = {"national": "root", "secondary": "national", "enterprise": "secondary"}[tier]
        if hosted or (parent is not None and parent.config.tier == wanted):
            return
        key, above = site.key(*where), text(prefix.rpartition(b".")[0])
        if parent is None:
            if above or not self.roots:
                problem = "delegated by nobody: no node holds the prefix above it"
                remedy = f"Add the node that holds {above}" if above else "Add a node of tier root"
            else:
                problem = "delegated by nobody: no root answers for this family"
                remedy = "Add it to the families of a root, or add a root without families"
            raise self.refuse(problem, key, text(prefix), remedy)
        raise self.refuse(
            f"stands below {parent.config.name} (tier {parent.config.tier}), must stand below a {wanted} node",
            key,
            text(prefix),
            f"Add a {wanted} node that holds {above}" if above else f"Write it below a {wanted} node's prefix",
        )

    def assign_addresses(self) -> None:
        taken: dict[tuple[str, int], str] = {}
        running = dict.fromkeys(TIERS, 0)
        next_port = self.config.first_port
        for site in self.sites:
            node = site.config
            if node.addresses and len(node.addresses) != node.servers:
                raise self.refuse(
                    f"{len(node.addresses)} addresses for {node.servers} servers",
                    site.key("addresses"),
                    node.addresses,
                    "Write one address for each server",
                )
            addresses, extras = [], []
            for number in range(node.servers):
                running[node.tier] += 1
                extra: tuple[int, ...] = ()
                if node.addresses:
                    ip, port = self.parse_address(site, number)
                elif self.config.addressing == "ports":
                    ip, port = "127.0.0.1", next_port
                    next_port += 2 if node.tier == "recursive" else 1
                    extra = (port + 1,) if node.tier == "recursive" else ()
                else:
                    if running[node.tier] > NODES_OF_A_TIER_MAX:
                        raise self.refuse(
                            f"more than {NODES_OF_A_TIER_MAX} {node.tier} nodes: a tier has no more addresses",
                            site.key("servers") if node.servers > 1 else site.key("tier"),
                            running[node.tier],
                            'Use addressing = "ports", or write addresses',
                        )
                    tens, last = divmod(running[node.tier] - 1, NODES_OF_AN_OCTET)
                    third = TIERS.index(node.tier) + 1 + 10 * tens
                    ip = f"127.{self.config.second_octet}.{third}.{last + 1}"
                    port = HANDLE_PORT
                if node.tier == "recursive" and port == HANDLE_PORT:
                    extra = (SDK_PORT,)
                key = site.key("addresses", number) if node.addresses else site.key("name")
                for each in (port, *extra):
                    if (ip, each) in taken:
                        raise self.refuse(
                            f"address taken by {taken[ip, each]}",
                            key,
                            f"{ip}:{each}",
                            "Give each node an address or a port of its own",
                        )
                    if each > 65_535:
                        raise self.refuse("ports run out", "first_port", self.config.first_port, "Begin lower")
                    taken[ip, each] = key
                addresses.append((ip, port))
                extras.append(extra)
            site.addresses, site.extra_ports = tuple(addresses), tuple(extras)
            self.residents.update(ip for ip, _ in addresses)

    def parse_address(self, site: _SitePlan, number: int) -> tuple[str, int]:
        written = site.config.addresses[number]
        host, colon, port = written.rpartition(":")
        if not colon or written.endswith("]") or (written.count(":") > 1 and not host.endswith("]")):
            host, port = written, str(HANDLE_PORT)
        try:
            ip = ip_address(host.removeprefix("[").removesuffix("]"))
            if ip.is_unspecified or not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65_535):
                raise ValueError  # others are told this address, so it cannot be "any"
        except ValueError:
            raise self.refuse(
                "not an address", site.key("addresses", number), written, "Write 127.0.0.1:2641 or [::1]:2641"
            ) from None
        return str(ip), int(port)

    def build_sites(self) -> None:
        for site in self.sites:
            node = site.config
            written = self.public_key(site)
            servers = []
            for number, (ip, port) in enumerate(site.addresses):
                ports = (port, *site.extra_ports[number])
                interfaces = [
                    Interface(BOTH_KINDS, protocol, each) for each in ports for protocol in (Protocol.UDP, Protocol.TCP)
                ]
                key = written or (b"" if self.keys is None else public_record(self.keys, site.names[number]))
                servers.append(Server(number + 1, address_octets(ip), tuple(interfaces), key))
            primary = node.mirror_of is None and node.tier != "recursive"
            site.site = Site(
                tuple(servers),
                mask=PRIMARY if primary else 0,
                attributes=((b"desc", (node.description or node.name).encode()),),
            )

    def public_key(self, site: _SitePlan) -> bytes:
        """The HS_PUBKEY record of `public_key`: hex digits, or the octets of a file."""
        written = site.config.public_key
        if not written:
            return b""
        remedy = "Write the record's hex digits or name a file that holds the record"
        try:
            try:
                record = bytes.fromhex(written)
            except ValueError:
                with (self.file.parent / written).open("rb") as stream:
                    record = stream.read(KEY_OCTETS_MAX)
            hs_pubkey.decode(record)
        except (OSError, ValueError):
            raise self.refuse(
                "neither hex digits nor a file that can be read", site.key("public_key"), short(written), remedy
            ) from None
        except PeerError as error:
            raise self.refuse(
                f"not an HS_PUBKEY record: {error}", site.key("public_key"), short(written), remedy
            ) from None
        return record

    def check_catalogues(self) -> None:
        """Every record is read once: it parses, lives under this node's prefixes and stands there only once."""
        for site in self.sites:
            homed = {fold(prefix) for prefix in site.prefixes + site.unhomed}
            seen: set[bytes] = set()
            plans = []
            for number, written in enumerate(site.config.catalogues):
                file = named_in(self.file.parent, written)
                if file is None:
                    raise self.refuse(
                        "no such file",
                        site.key("catalogues", number),
                        written,
                        "Paths are relative to the network file",
                    )
                for record in read_catalogue(file):
                    if fold(prefix_of(record.handle)) not in homed:
                        raise OperatorError(
                            f"this handle does not live at {site.config.name}",
                            file=f"{file}:{record.line}",
                            key="handle",
                            value=text(record.handle),
                            remedy=f"Its prefix must be one of {', '.join(map(text, site.prefixes + site.unhomed))}",
                        )
                    if fold(record.handle) in seen:
                        raise OperatorError(
                            "this handle stands here twice (letter case does not count)",
                            file=f"{file}:{record.line}",
                            key="handle",
                            value=text(record.handle),
                            remedy="Keep one of them",
                        )
                    seen.add(fold(record.handle))
                plans.append(CataloguePlan(file))
            site.catalogues = tuple(plans)
        for site in self.sites:
            if site.config.mirror_of is not None:
                site.catalogues = next(s for s in self.sites if s.config.name == site.config.mirror_of).catalogues

    def check_zones(self) -> None:
        """Every zone file is read once, and no two are of one zone."""
        doors = self.config.doors
        if doors.client_certificates and not is_file(self.file.parent / doors.client_certificates):
            remedy = "Paths are relative to the network file"
            raise self.refuse("no such file", "doors.client_certificates", doors.client_certificates, remedy)
        if not doors.zones and doors.zone == DoorsConfig().zone:
            return
        from resolver.net.dns import zone_name  # not before a file has zones: it takes a tenth of a second
        from resolver.rules.dns_zone import read_zone

        taken = {zone_name(doors.zone): "doors.zone"}
        for number, written in enumerate(doors.zones):
            key = f"doors.zones[{number}]"
            file = named_in(self.file.parent, written)
            if file is None:
                raise self.refuse("no such file", key, written, "Paths are relative to the network file")
            origin = read_zone(file).origin
            if origin in taken:
                raise self.refuse(f"the zone of {taken[origin]}", key, written, "Give each zone one file")
            taken[origin] = key
            self.zones += (file,)

    def delegate(self) -> dict[str, list[tuple[bytes, tuple[Value, ...]]]]:
        """The prefix handles that each [[nodes]] name answers about others."""
        records: dict[str, list[tuple[bytes, tuple[Value, ...]]]] = {site.config.name: [] for site in self.sites}
        encoded = {site.config.name: hs_site.encode(site.site) for site in self.sites}
        for equals in self.roots.values():
            sites = [encoded[root.config.name] for root in equals]
            certified = self.certificate(ROOT_SERVICE)
            values = _prefix_values(ROOT_SERVICE, sites, self.administrator(ROOT_SERVICE), certified, leads_on=False)
            for root in equals:
                records[root.config.name].append((ROOT_SERVICE, values))
        for site, where, prefix in self.prefix_entries():
            copies = [site, *self.mirrors.get(site.config.name, ())]
            if len(copies) > SITES_OF_A_PREFIX_MAX:
                raise self.refuse(
                    f"more than {SITES_OF_A_PREFIX_MAX} sites",
                    site.key(*where),
                    text(prefix),
                    "Give some mirrors another primary",
                )
            parent = self.parent_of(prefix)
            assert parent is not None  # check_parent
            if parent.config.tier == "root":
                holders = self.roots_of(fold(prefix))
            else:
                primary = parent.config.mirror_of or parent.config.name
                holders = [self.homes[fold(parent.prefixes[0])], *self.mirrors.get(primary, ())]
            leads_on = site.config.tier in ("national", "secondary") and parent is not site
            handle = prefix_handle(prefix)
            sites = [encoded[copy.config.name] for copy in copies]
            certified = self.certificate(handle)
            values = _prefix_values(handle, sites, self.administrator(handle), certified, leads_on=leads_on)
            for holder in holders:
                records[holder.config.name].append((handle, values))
        return records

    def populate(self) -> Population | None:
        """The population, every share of which is homed where items live."""
        config = self.config.population
        if config is None:
            return None
        for prefix in config.shares:
            home = self.homes.get(fold(prefix.encode()))
            if home is None or home.config.tier not in ITEM_TIERS:
                raise self.refuse(
                    "homed by no enterprise or secondary node",
                    key_path(["population", "shares", prefix]),
                    config.shares[prefix],
                    "Leave this share out, or add a node that holds the prefix",
                )
        try:
            shares = tuple((fold(prefix.encode()), count) for prefix, count in config.shares.items())
            return Population(config.size, config.key.encode(), shares)
        except CallerError as error:
            raise self.refuse(
                str(error), "population.shares", config.size, "Shares add up to the size, each prefix comes once"
            ) from None

    def place_faults(self) -> None:
        """Decide at which nodes something goes wrong on purpose; refuse one that is not there."""
        faults = self.config.faults
        if faults is None or not faults.corrupt_values:
            return
        known = [site.config.name for site in self.sites]
        for position, name in enumerate(faults.nodes):
            if name not in known:
                key = key_path(["faults", "nodes", position])
                raise self.refuse("no node of this name", key, name, nearest(name, known))
        recursive = [site.config.name for site in self.sites if site.config.tier == "recursive"]
        self.faults = dict.fromkeys(faults.nodes or recursive or known, FaultsPlan(faults.corrupt_values, faults.seed))

    def node_plan(
        self,
        site: _SitePlan,
        number: int,
        delegations: dict[str, list[tuple[bytes, tuple[Value, ...]]]],
        roots: tuple[RootService, ...],
        population: Population | None,
    ) -> NodePlan:
        node, config = site.config, self.config
        ip, port = site.addresses[number]
        region = region_of_city(node.place)
        inhabited = population is not None and population.slice_of(site.prefixes) > 0
        return NodePlan(
            name=site.names[number],
            tier=node.tier,
            ip=ip,
            port=port,
            extra_ports=site.extra_ports[number],
            prefixes=(b"0.NA",) if node.tier == "root" else site.prefixes,
            site=site.site,
            server_number=number,
            delegations=tuple(delegations[node.name]),
            catalogues=site.catalogues,
            roots=roots,
            process=node.process or ("recursive" if node.tier == "recursive" else "authorities"),
            cache=CachePlan(**config.cache.model_dump()),
            limits=LimitsPlan(**config.limits.model_dump()),
            store=config.store,
            key_bits=0 if node.public_key else config.key_bits,
            place="" if region is None else region.capital,
            population=population if inhabited else None,
            faults=self.faults.get(node.name),
            server_admins=_server_admins(site),
            follows=self.followed(site),
            doors=self.doors(node, ip),
            query_log=QueryLogPlan(**config.query_log.model_dump()),
            workers=self.workers(node),
            pin=node.pin if isinstance(node.pin, bool) else tuple(node.pin),
        )

    def workers(self, node: NodeConfig) -> int:
        """How many readers a node has, where there can be any."""
        if node.workers and sys.platform != "linux":
            key = key_path(["nodes", self.config.nodes.index(node), "workers"])
            raise self.refuse("readers need Linux", key, node.workers, "Leave workers out")
        return node.workers

    def doors(self, node: NodeConfig, ip: str) -> DoorsPlan:
        """A node's doors. They have one port for all nodes, so an address that several share has none."""
        doors, alone = self.config.doors, self.residents[ip] == 1
        has_key = self.keys is not None and self.config.key_bits > 0 and not node.public_key
        return DoorsPlan(
            http=doors.http if alone and node.tier in HTTP_TIERS else 0,
            https=doors.https if alone and node.tier in HTTP_TIERS and has_key else 0,
            client_certificates=self.file.parent / doors.client_certificates if doors.client_certificates else None,
            dns=doors.dns if alone and node.tier in DNS_TIERS else 0,
            zone=doors.zone,
            zones=self.zones,
            dns_answers_per_s=doors.dns_answers_per_s,
            plain_proof=doors.plain_proof,
        )


def _server_admins(site: _SitePlan) -> tuple[Reference, ...]:
    """Who may home prefixes at a site's servers: whom the file names, else the administrators of its first prefix."""
    if site.config.server_admins:
        written = (each.partition(":") for each in site.config.server_admins)
        return tuple(Reference(handle.encode(), int(index)) for index, _, handle in written)
    own = (b"0.NA",) if site.config.tier == "root" else (*site.prefixes, *site.unhomed)
    return tuple(Reference(prefix_handle(prefix), GROUP_INDEX) for prefix in own[:1])


def _prefix_values(
    handle: bytes, sites: list[bytes], administrator: tuple[bytes, bytes] | None, certified: bytes, *, leads_on: bool
) -> tuple[Value, ...]:
    """The values of a prefix handle: HS_SITE of every site, HS_SITE.PREFIX where a level below is asked there; who
    administers it, with their keys and certificate if there are any.
    """
    types = (b"HS_SITE", b"HS_SITE.PREFIX") if leads_on else (b"HS_SITE",)
    typed = [(value_type, record) for value_type in types for record in sites]
    keys: tuple[Value, ...] = ()
    if administrator is not None:
        group = hs_vlist.encode((Reference(handle, KEY_INDEX), Reference(handle, SECRET_INDEX)))
        record, secret = administrator
        keys = (
            Value(GROUP_INDEX, b"HS_VLIST", group, timestamp=CONFIGURED_AT),
            Value(KEY_INDEX, b"HS_PUBKEY", record, timestamp=CONFIGURED_AT),
            Value(SECRET_INDEX, b"HS_SECKEY", secret, permissions=ADMIN_READ | ADMIN_WRITE, timestamp=CONFIGURED_AT),
        )
    admin = hs_admin.encode(hs_admin.HsAdmin(ALL_RIGHTS, handle, GROUP_INDEX if keys else KEY_INDEX))
    namespace = b"<namespace><contact>registrar@example.invalid</contact><status>active</status></namespace>"
    return (
        *(Value(index, kind, record, timestamp=CONFIGURED_AT) for index, (kind, record) in enumerate(typed, 1)),
        Value(ADMIN_INDEX, b"HS_ADMIN", admin, timestamp=CONFIGURED_AT),
        Value(NAMESPACE_INDEX, b"HS_NAMESPACE", namespace, timestamp=CONFIGURED_AT),
        *keys,
        *([Value(CERTIFICATE_INDEX, b"HS_CERT", certified, timestamp=CONFIGURED_AT)] if certified else ()),
    )
