"""A [nation] table becomes nodes: a few counts and these rules, the same outcome every time, in whole numbers only.

    national    one node a city: the first is the primary, all others are its mirrors
    secondary   below each national prefix one in every region first, then wherever one lacks most by the weights:
                88.101 is in the leading region, 88.102 in the next; industries in the order of their table
    enterprise  the largest first, to the region that lacks most, there to its secondary nodes in turn: 88.101.1, …
                the first `enterprise_nodes` of them have a node, the others are hosted by their secondary node
    recursive   one in every region first, then as above

Weights: the leading region has `leading_percent` of all, the others share the rest as 1, 1/2, 1/3, … in the order of
their table. "Lacks most" is Webster's method of dealing seats. It has a property that matters here: the dealing for
a larger count begins like that for a smaller one, so names keep their places when a count grows.

What comes out is NodeConfig, as if somebody had written it: `to_toml` prints it.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from nodes.files import named_in
from nodes.industries import INDUSTRIES
from nodes.regions import CITIES, REGIONS, Region, region_named, region_of_city
from nodes.schema import NationConfig, NetworkConfig, NodeConfig
from resolver.errors import OperatorError

SECONDARY_FIRST = 101  # secondary nodes are numbered with three digits, as in the field
PRECISION = 10**12  # of weights and quotients in whole numbers

Refuse = Callable[[str, str, object, str], OperatorError]  # problem, key path, value, remedy
Nearest = Callable[[str, list[str]], str]


@dataclass(slots=True)
class _Secondary:
    """A secondary node while enterprises are dealt to it."""

    prefix: str
    region: Region
    description: str
    enterprises: int = 0
    hosted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The nodes of a nation, and its enterprises' prefixes, the largest enterprise first."""

    nodes: tuple[NodeConfig, ...]
    enterprises: tuple[str, ...]


def expand(nation: NationConfig, refuse: Refuse, nearest: Nearest) -> Expansion:
    """The nodes a nation consists of. What `refuse` makes of it is raised for cities and regions that are none."""
    leading = region_named(nation.leading_region)
    if leading is None:
        known = [name for region in REGIONS for name in region.names]
        remedy = nearest(nation.leading_region, known)
        raise refuse("not a province", "nation.leading_region", nation.leading_region, remedy)
    regions = (leading, *(region for region in REGIONS if region is not leading))
    weights = _weights(len(regions), nation.leading_percent)
    secondaries = _secondaries(nation, regions, weights)
    covered = len({each.region.code for each in secondaries})
    enterprises, own = [], []
    for number, each in enumerate(_dealt_enterprises(nation, regions[:covered], secondaries)):
        each.enterprises += 1
        prefix = f"{each.prefix}.{each.enterprises}"
        enterprises.append(prefix)
        if number < nation.enterprise_nodes:
            own.append(_enterprise_node(prefix, each, number, nation))
        else:
            each.hosted.append(prefix)
    nodes = (
        *_national_nodes(nation, refuse, nearest),
        *(_secondary_node(each, number, nation) for number, each in enumerate(secondaries)),
        *own,
        *_recursive_nodes(nation, regions, weights),
    )
    return Expansion(nodes, tuple(enterprises))


def zipf_shares(prefixes: Sequence[str], size: int) -> dict[str, int]:
    """`size` identifiers over prefixes by Zipf's law with exponent 1: at least one each, the first gets what is left.

    ValueError if there are fewer identifiers than prefixes.
    """
    if size < len(prefixes):
        raise ValueError("every prefix holds one at least")
    weights = [PRECISION // place for place in range(1, len(prefixes) + 1)]
    total, free = sum(weights), size - len(prefixes)
    shares = {prefix: 1 + free * weight // total for prefix, weight in zip(prefixes, weights, strict=True)}
    shares[prefixes[0]] += size - sum(shares.values())
    return shares


def dealt(weights: Sequence[int], count: int, *, each_first: bool = False) -> Iterator[int]:
    """To which of the weighted places `count` things go, one after another (Webster: weight / (2 × had + 1)).

    `each_first`: every place gets its first thing before any gets a second one.
    """
    had = [0] * len(weights)
    if each_first:
        for place in range(min(count, len(weights))):
            had[place] = 1
            yield place
    lacking = [(-(weight * PRECISION // (2 * had[place] + 1)), place) for place, weight in enumerate(weights)]
    heapq.heapify(lacking)
    for _ in range(count - sum(had)):
        _, place = lacking[0]
        yield place
        had[place] += 1
        heapq.heapreplace(lacking, (-(weights[place] * PRECISION // (2 * had[place] + 1)), place))


def _weights(count: int, leading_percent: int) -> list[int]:
    others = [PRECISION // place for place in range(1, count)]
    return [sum(others) * leading_percent // (100 - leading_percent), *others]


def _secondaries(nation: NationConfig, regions: Sequence[Region], weights: Sequence[int]) -> list[_Secondary]:
    made: list[_Secondary] = []
    for family, count in nation.secondary_nodes.items():
        for number, place in enumerate(dealt(weights, count, each_first=True), SECONDARY_FIRST):
            region, industry = regions[place], INDUSTRIES[len(made) % len(INDUSTRIES)]
            # Short: it stands in the HS_SITE of every referral here, which ought to fit one datagram.
            made.append(_Secondary(f"{family}.{number}", region, f"{industry.code} {industry.name}"))
    return made


def _dealt_enterprises(
    nation: NationConfig, regions: Sequence[Region], secondaries: Sequence[_Secondary]
) -> Iterator[_Secondary]:
    """The secondary node of every enterprise, the largest enterprise first."""
    there = [[each for each in secondaries if each.region is region] for region in regions]
    turns = [0] * len(regions)
    weights = _weights(len(regions), nation.leading_percent)
    for place in dealt(weights, nation.enterprise_nodes + nation.hosted_enterprises):
        yield there[place][turns[place] % len(there[place])]
        turns[place] += 1


def _national_nodes(nation: NationConfig, refuse: Refuse, nearest: Nearest) -> Iterator[NodeConfig]:
    seen: dict[str, str] = {}
    primary = ""
    cities = [("sites", number, city) for number, city in enumerate(nation.sites)]
    cities += [("recovery_sites", number, city) for number, city in enumerate(nation.recovery_sites)]
    for table, number, city in cities:
        key = f"nation.{table}[{number}]"
        region = region_of_city(city)
        if region is None:
            raise refuse("not a city known here", key, city, nearest(city, list(CITIES)))
        if region.capital in seen:
            raise refuse(f"this city has a site already, at {seen[region.capital]}", key, city, "Name another city")
        seen[region.capital] = key
        name = f"national-{_slug(region.capital)}"
        kind = "国家顶级节点" if table == "sites" else "灾备节点"
        yield NodeConfig(
            name=name,
            tier="national",
            prefixes=[] if primary else list(nation.secondary_nodes),
            mirror_of=primary or None,
            description=f"{region.capital} {kind}",  # short: seven of them stand in one referral
            place=region.capital,
            process="upper",
        )
        primary = primary or name


def _secondary_node(each: _Secondary, number: int, nation: NationConfig) -> NodeConfig:
    return NodeConfig(
        name=f"secondary-{each.prefix}",
        tier="secondary",
        prefixes=[each.prefix, *each.hosted],
        description=each.description,
        place=each.region.capital,
        process=_process("secondary", number, nation.processes.secondary),
    )


def _enterprise_node(prefix: str, above: _Secondary, number: int, nation: NationConfig) -> NodeConfig:
    return NodeConfig(
        name=f"enterprise-{prefix}",
        tier="enterprise",
        prefixes=[prefix],
        description=f"Invented enterprise {prefix} in {above.region.name} {above.region.name_zh}",
        place=above.region.capital,
        process=_process("enterprise", number, nation.processes.enterprise),
    )


def _recursive_nodes(nation: NationConfig, regions: Sequence[Region], weights: Sequence[int]) -> Iterator[NodeConfig]:
    for number, place in enumerate(dealt(weights, nation.recursive_nodes, each_first=True)):
        region = regions[place]
        yield NodeConfig(
            name=f"recursive-{number + 1}",
            tier="recursive",
            description=f"{region.name} {region.name_zh}, recursive node",
            place=region.capital,
            process=_process("recursive", number, nation.processes.recursive),
        )


def _process(tier: str, number: int, count: int) -> str:
    return tier if count == 1 else f"{tier}-{1 + number % count}"


def _slug(city: str) -> str:
    return "".join(letter for letter in city.lower() if letter.isalnum())


# -- printing -----------------------------------------------------------------------------------------------------


def to_toml(config: NetworkConfig) -> str:
    """The file that says exactly this; what has its default is left out."""
    scalars, tables = [], []
    for key, value in _said(config):
        if isinstance(value, BaseModel):
            tables.append(f"\n[{key}]\n" + _lines(value, (key,)))
        elif key != "nodes":
            scalars.append(f"{key} = {_literal(value)}\n")
    tables += ["\n[[nodes]]\n" + _lines(node, ("nodes",)) for node in config.nodes]
    return "".join([*scalars, *tables])


def _said(model: BaseModel) -> Iterator[tuple[str, object]]:
    """The keys of a model that do not have their default value."""
    for key, about in type(model).model_fields.items():
        value = getattr(model, key)
        if about.is_required() or value != about.default:
            yield key, value


def _lines(model: BaseModel, path: tuple[str, ...]) -> str:
    lines, below = [], []
    for key, value in _said(model):
        if isinstance(value, dict):
            rows = (f"{_literal(name)} = {_literal(each)}\n" for name, each in value.items())
            below.append(f"\n[{'.'.join((*path, key))}]\n" + "".join(rows))
        else:
            lines.append(f"{key} = {_literal(value)}\n")
    return "".join([*lines, *below])


def _literal(value: object) -> str:
    """A value in TOML. Its basic strings are JSON's, but for the octet 7F, which it wants escaped."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_absolute_paths(config: NetworkConfig, folder: Path) -> NetworkConfig:
    """The same file, to be read from anywhere: what it names is named from the root on."""

    def absolute(written: str) -> str:
        return str((named_in(folder, written) or folder / written).resolve())

    nodes = [
        node.model_copy(
            update={
                "catalogues": list(map(absolute, node.catalogues)),
                "public_key": node.public_key if _is_hex(node.public_key) else absolute(node.public_key),
            }
        )
        for node in config.nodes
    ]
    doors = config.doors.model_copy(
        update={
            "zones": list(map(absolute, config.doors.zones)),
            "client_certificates": config.doors.client_certificates and absolute(config.doors.client_certificates),
        }
    )
    return config.model_copy(update={"nodes": nodes, "doors": doors})


def _is_hex(written: str) -> bool:
    try:
        bytes.fromhex(written)
    except ValueError:
        return False
    return True
