"""What may stand in a network file, and what it means: the pydantic models behind `biaoshi config schema`.

Every key has a description that says what it takes; it is also the remedy that a refusal names. What no schema can say
(prefixes under prefixes, addresses that clash) is checked in config.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NODES_OF_AN_OCTET = 250  # the last octet of 127.<second octet>.<tier>.<n>; the next 250 have <tier + 10> there, …
NODES_OF_A_TIER_MAX = 25 * NODES_OF_AN_OCTET  # … up to <tier + 240>
SITES_OF_A_PREFIX_MAX = 40  # HS_SITE and HS_SITE.PREFIX values of a prefix handle stay below index 100
HOSTED_MAX = 100_000  # each is a record at its secondary node and a share of the population: half a minute to plan
PREFIX_KEYS_MAX = 50  # administrators' keys that are made unasked; each takes a twentieth of a second
PROCESSES_MAX = 64  # of one tier; more are slower than few on any machine this runs on
WORKERS_MAX = 64  # of one node
POPULATION_MAX = 10**15  # 600 billion are registered (field.md); beyond it lie wider numbers than the arrays'

PrefixText = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f./]+(\.[^\s\x00-\x1f./]+)*$", max_length=255)]
LabelText = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f./]+$", max_length=63)]
ReferenceText = Annotated[str, Field(pattern=r"^[0-9]{1,9}:[^\s\x00-\x1f/]+/[^\s\x00-\x1f]*$", max_length=511)]
NameText = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=63)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CacheConfig(_Table):
    """What nodes remember. Bounds in octets; nothing is reserved before it is needed."""

    packet_octets: int = Field(
        default=16 << 20,
        ge=0,
        le=1 << 40,
        description="Bound of each node's packet cache in octets, a number from 0 (off).",
    )
    answer_octets: int = Field(
        default=64 << 20,
        ge=0,
        le=1 << 40,
        description="Bound of each recursive node's answer cache in octets, from 0 (off).",
    )
    negative_ttl_s: int = Field(
        default=30,
        ge=0,
        le=86_400,
        description="Seconds for which a recursive node remembers that something is not there.",
    )
    ttl_max_s: int = Field(
        default=172_800, ge=0, le=31_536_000, description="Longest time in seconds for which an answer is remembered."
    )
    stale_s: int = Field(
        default=86_400,
        ge=0,
        le=31_536_000,
        description=(
            "Seconds for which an expired answer may still be given when no server answers (RFC 8767), 0: never. A "
            "day: as long as a repair may take."
        ),
    )
    prefetch_share: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        allow_inf_nan=False,
        description=(
            "Last part of an answer's life, 0 to 0.5, in which it is fetched anew if somebody asks for it; 0: never. A "
            "tenth: what is asked for ten times in its life is hardly ever waited for."
        ),
    )
    failure_ttl_s: int = Field(
        default=1,
        ge=0,
        le=300,
        description=(
            "Seconds for which a recursive node remembers that nobody answered (RFC 9520), 0: not at all. One: no more "
            "than one try a second for each name."
        ),
    )
    time_scale: float = Field(
        default=1.0,
        ge=1,
        le=10_000,
        allow_inf_nan=False,
        description="Seconds of TTLs that go by in one, from 1: the scale of a compressed day of load.",
    )


class LimitsConfig(_Table):
    """What a node refuses to exceed."""

    in_flight: int = Field(
        default=4096, ge=1, le=1_000_000, description="Resolutions that a recursive node runs at once, at least 1."
    )
    in_flight_per_server: int = Field(
        default=1024,
        ge=1,
        le=1_000_000,
        description=(
            "Questions of one node that wait at one address at once, at least 1. A quarter of in_flight: a server that "
            "is silent does not take all the places."
        ),
    )
    retry_share: float = Field(
        default=0.2,
        ge=0,
        le=10,
        allow_inf_nan=False,
        description=(
            "How much a node sends again, as a share of what it sends for the first time; five hundred are saved up. "
            "A fifth: a network that fails is not asked much more than one that works."
        ),
    )
    source_requests_per_s: int = Field(
        default=200_000,
        ge=0,
        le=10**9,
        description=(
            "Requests a second that each node, or each reader of one, hears from one address; beyond it silence over "
            "UDP, code 3 elsewhere. 0: any. Two hundred thousand: no client that means well asks more, and no load of "
            "ours."
        ),
    )
    source_surplus_octets_per_s: int = Field(
        default=100_000_000,
        ge=0,
        le=10**12,
        description=(
            "Octets a second by which a node's (or a reader's) answers to one address over UDP may exceed twice what "
            "came from there; beyond it code 3, or silence: nobody can make it shout at somebody else. 0: any."
        ),
    )
    source_dry_run: bool = Field(
        default=False,
        description="Whether what exceeds the two limits of a source is only counted, and answered all the same.",
    )
    requests_per_day: int = Field(
        default=0,
        ge=0,
        le=10**12,
        description="Requests that each node answers on one day (UTC); beyond it code 603 or 3. 0: any.",
    )
    registrations_per_day: int = Field(
        default=0,
        ge=0,
        le=10**12,
        description="Identifiers that can be registered at a node on one day (UTC); beyond it code 604 or 3. 0: any.",
    )
    prefixes_per_day: int = Field(
        default=0,
        ge=0,
        le=10**12,
        description="Prefixes that can be registered at each node on one day (UTC); beyond it code 605 or 3. 0: any.",
    )
    failed_authentications_per_minute: int = Field(
        default=6_000,
        ge=0,
        le=10**9,
        description="Failed proofs that each node hears from one address in a minute; beyond it code 3. 0: any.",
    )


class DoorsConfig(_Table):
    """By what else than the protocol nodes can be asked."""

    http: int = Field(
        default=8000,
        ge=0,
        le=65_535,
        description=(
            "TCP port of the HTTP door of enterprise, secondary and recursive nodes, at each node's own address; 0: "
            "none. With addressing = ports there is none."
        ),
    )
    https: int = Field(
        default=8443,
        ge=0,
        le=65_535,
        description=(
            "TCP port of the same over TLS, with the server's own key; 0: none. Without keys (key_bits = 0) none."
        ),
    )
    client_certificates: str = Field(
        default="",
        description=(
            "File of certificates (PEM), relative to this file, which HTTPS clients' must be among or signed by; "
            "empty: clients show none."
        ),
    )
    dns: int = Field(
        default=8053,
        ge=0,
        le=65_535,
        description=(
            "Port of the DNS door (UDP and TCP) of national and recursive nodes, at each node's own address; 0: none. "
            "With addressing = ports there is none."
        ),
    )
    zone: str = Field(
        default="id.example",
        max_length=200,
        description="Domain below which every identifier has a name, such as id.example.",
    )
    zones: list[str] = Field(
        default=[],
        max_length=100,
        description="Zone files of the national nodes' domain-name service, relative to this file.",
    )
    dns_answers_per_s: int = Field(
        default=100_000,
        ge=0,
        le=10**9,
        description=(
            "Answers a second over UDP that one address gets from each DNS door; beyond it only the word to come again "
            "over TCP. 0: any."
        ),
    )
    plain_proof: bool = Field(
        default=True,
        description=(
            "Whether Basic authorisation is heard over plain HTTP from this machine; from elsewhere it never is."
        ),
    )


class QueryLogConfig(_Table):
    """A sample of the requests that nodes get, with identifiers and addresses: RUN_DIR/data/.queries."""

    one_in: int = Field(
        default=0,
        ge=0,
        le=10**9,
        description="Of so many requests one is written down, from 1 (each); 0: none, and no request costs anything.",
    )
    octets_max: int = Field(
        default=64 << 20,
        ge=1 << 16,
        le=1 << 40,
        description="Octets of a process's file, from 65536; then it becomes the one before, which is overwritten.",
    )


class FaultsConfig(_Table):
    """What goes wrong on purpose, so that whoever watches can be watched. Nothing, unless it stands here."""

    corrupt_values: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of successful look-ups, 0 to 1, in whose answer one bit of one value is turned.",
    )
    seed: int = Field(default=1, ge=0, le=(1 << 63) - 1, description="Decides which answers; the same ones every time.")
    nodes: list[NameText] = Field(
        default=[],
        description="Names of the nodes that answer so; none named: the recursive nodes, or all if there are none.",
    )


class NodeConfig(_Table):
    """One node, or the nodes NAME-1, NAME-2… of a site with several servers."""

    name: NameText = Field(description="Unique name of letters, digits, dots and hyphens, shown in traces and metrics.")
    tier: Literal["root", "national", "secondary", "enterprise", "recursive"] = Field(
        description="Place in the hierarchy: root, national, secondary, enterprise or recursive."
    )
    prefixes: list[PrefixText] = Field(
        default=[],
        description=(
            "Prefixes homed here, dotted labels such as 88.118.8, each delegated by the node that holds the prefix "
            "above it. A secondary node lists its own prefix and those of the enterprises it hosts."
        ),
    )
    unhomed_prefixes: list[PrefixText] = Field(
        default=[],
        description=(
            "Prefixes delegated to this node that it does not serve: routing points here, the node answers "
            "SERVER_NOT_RESP. An enterprise that never homed its prefix looks like this."
        ),
    )
    catalogues: list[str] = Field(
        default=[],
        description="Files with the records of the prefixes, .csv or .jsonl, relative to this file.",
    )
    servers: int = Field(
        default=1,
        ge=1,
        le=NODES_OF_AN_OCTET,
        description="Servers that share the handles by hash, 1 to 250; above 1 the nodes are NAME-1, NAME-2 and so on.",
    )
    families: list[LabelText] = Field(
        default=[],
        description=(
            "Of a root node: the national prefixes, such as 88, of its identifier system. Roots with the same families "
            "are equals; leave it out at the one system that answers for every family no other root claims."
        ),
    )
    mirror_of: NameText | None = Field(
        default=None,
        description="Name of the node whose complete copy this one is; prefixes and catalogues are taken from there.",
    )
    addresses: list[str] = Field(
        default=[],
        description=(
            "One 'IP', 'IP:port' or '[IPv6]:port' per server, where it listens and what its HS_SITE says. "
            "Leave it out and addresses are assigned."
        ),
    )
    description: str = Field(
        default="", max_length=200, description="Who this is, for people; the HS_SITE's attribute desc."
    )
    public_key: str = Field(
        default="",
        description="The site's HS_PUBKEY record, as hex digits or as a file relative to this file. Empty: none.",
    )
    place: str = Field(
        default="",
        max_length=40,
        description=(
            "City where the node stands, a provincial capital such as Nanjing or 南京; for latencies in virtual time."
        ),
    )
    server_admins: list[ReferenceText] = Field(
        default=[],
        description=(
            "index:handle of those who may home prefixes at this node and list them, or of their group. Left out: the "
            "administrators of its first prefix, 200:0.NA/<prefix>."
        ),
    )
    workers: int = Field(
        default=0,
        ge=0,
        le=WORKERS_MAX,
        description=(
            "Readers of each node, 0 to 64 (Linux): processes that take requests at the node's addresses, answer what "
            "is asked again and what plainly stands in the store, and have the rest decided by the node's own process. "
            "Nodes of one process share readers; each has caches and source limits of its own. 0: no readers."
        ),
    )
    pin: bool | list[Annotated[int, Field(ge=0, le=4_095)]] = Field(
        default=False,
        description=(
            "Whether each reader keeps to one processor: true, one after the other; or the processors' numbers. Of "
            "nodes that share readers the first that says so decides."
        ),
    )
    process: NameText | None = Field(
        default=None,
        description="Nodes of one process name share a process. Default: recursive for that tier, else authorities.",
    )


class ProcessesConfig(_Table):
    """How many processes share the generated nodes of a tier; root and national nodes share one called upper."""

    secondary: int = Field(default=1, ge=1, le=PROCESSES_MAX, description="Processes of the secondary nodes, 1 to 64.")
    enterprise: int = Field(
        default=2, ge=1, le=PROCESSES_MAX, description="Processes of the enterprise nodes, 1 to 64."
    )
    recursive: int = Field(default=2, ge=1, le=PROCESSES_MAX, description="Processes of the recursive nodes, 1 to 64.")


class NationConfig(_Table):
    """A nation by counts and rules, expanded to nodes in the same way every time: `biaoshi network expand FILE`."""

    sites: list[str] = Field(
        min_length=1,
        max_length=SITES_OF_A_PREFIX_MAX,
        description=(
            "Cities of the national top-level nodes, provincial capitals such as Beijing or 北京, at least one: the "
            "first is the primary, the others are its mirrors."
        ),
    )
    recovery_sites: list[str] = Field(
        default=[],
        max_length=SITES_OF_A_PREFIX_MAX,
        description="Cities of the disaster-recovery sites: mirrors too, named last.",
    )
    secondary_nodes: dict[LabelText, Annotated[int, Field(ge=1, le=NODES_OF_A_TIER_MAX)]] = Field(
        min_length=1,
        description=(
            'How many secondary nodes, 1 to 6250, below each national prefix: {"88" = 100, "86" = 20}. They are dealt '
            "over provinces and industries, and called 88.101, 88.102 and so on."
        ),
    )
    enterprise_nodes: int = Field(
        ge=1,
        le=NODES_OF_A_TIER_MAX,
        description="How many enterprises, the largest, have a node of their own, 1 to 6250.",
    )
    hosted_enterprises: int = Field(
        default=0, ge=0, le=HOSTED_MAX, description="How many enterprises are hosted by secondary nodes, 0 to 100000."
    )
    recursive_nodes: int = Field(ge=1, le=NODES_OF_A_TIER_MAX, description="How many recursive nodes, 1 to 6250.")
    leading_region: str = Field(
        default="320000",
        max_length=40,
        description="The province with the largest part of the enterprises: its GB/T 2260 code, 320000, or its name.",
    )
    leading_percent: int = Field(
        default=50,
        ge=1,
        le=99,
        description="Its part of all enterprises in percent, 1 to 99; the others share the rest.",
    )
    processes: ProcessesConfig = Field(
        default=ProcessesConfig(), description="How many processes share the nodes of each tier."
    )


class PopulationConfig(_Table):
    """Identifiers that are computed when asked for, not stored: procedural, and every output says so."""

    size: int = Field(
        ge=1,
        le=POPULATION_MAX,
        description="How many identifiers, at least one for each enterprise prefix, up to 10^15.",
    )
    key: str = Field(min_length=1, max_length=255, description="Any text: another key, another population.")
    shares: dict[PrefixText, Annotated[int, Field(ge=1)]] = Field(
        default={},
        description=(
            'How many of them each prefix holds, {"88.118.8" = 600, …}; the sum is size. Left out: every prefix of an '
            "enterprise holds some, by Zipf's law in the order of size (a nation) or of this file."
        ),
    )


class LatencyConfig(_Table):
    """One-way latency between two places: base_us + us_per_km × distance. Used in virtual time only."""

    base_us: int = Field(ge=0, le=10_000_000, description="Microseconds within a city, from 0.")
    us_per_km: int = Field(ge=0, le=1_000, description="Microseconds for each kilometre as the crow flies, 0 to 1000.")


class NetworkConfig(_Table):
    """A whole network of identifier nodes on this machine."""

    addressing: Literal["loopback", "ports"] = Field(
        default="loopback",
        description=(
            "loopback: every node has 127.<second_octet>.<tier 1 to 5>.<n> and the protocol's ports (Linux); beyond "
            "n = 250 it goes on with <tier + 10>.1, up to 6250 nodes of a tier. "
            "ports: every node is on 127.0.0.1 with ports of its own."
        ),
    )
    second_octet: int = Field(
        default=86,
        ge=1,
        le=254,
        description="Second octet of loopback addresses, 1 to 254; another one for each network.",
    )
    first_port: int = Field(
        default=26410, ge=1024, le=60_000, description="First port number, 1024 to 60000, when addressing is ports."
    )
    store: Literal["lmdb", "memory"] = Field(
        default="lmdb", description="Where records are kept: lmdb (a file) or memory."
    )
    key_bits: Literal[0, 1024, 2048, 3072, 4096] = Field(
        default=2048,
        description=(
            "Bits of the RSA key that each server gets at the network's first start, for signatures and sessions: "
            "1024, 2048, 3072, 4096, or 0 for no key and no signatures. The public half stands in HS_SITE."
        ),
    )
    administrators: Literal["network", "prefix", "none"] | None = Field(
        default=None,
        description=(
            "Who may write, with keys made at the first start (RUN_DIR/data/.keys/administrators): prefix, a key and a "
            "secret for each prefix; network, the same for all; or none. They stand in every prefix record. Left out: "
            f"prefix for up to {PREFIX_KEYS_MAX} prefixes, network beyond."
        ),
    )
    cache: CacheConfig = Field(default=CacheConfig(), description="Bounds of what every node remembers.")
    limits: LimitsConfig = Field(default=LimitsConfig(), description="Bounds of what every node does at once.")
    doors: DoorsConfig = Field(default=DoorsConfig(), description="By what else nodes can be asked: HTTP.")
    query_log: QueryLogConfig = Field(default=QueryLogConfig(), description="Which requests are written down.")
    faults: FaultsConfig | None = Field(default=None, description="What goes wrong on purpose.")
    latency: LatencyConfig | None = Field(
        default=None, description="Latency between places, for stories in virtual time; real sockets take no notice."
    )
    population: PopulationConfig | None = Field(
        default=None, description="Procedural identifiers that the nodes answer beside stored ones."
    )
    nation: NationConfig | None = Field(default=None, description="A nation by counts and rules, beside [[nodes]].")
    nodes: list[NodeConfig] = Field(min_length=1, description="The nodes, one [[nodes]] table each, at least one.")


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a network file, descriptions included."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **NetworkConfig.model_json_schema()}
