"""Network files that cannot be: refused before anything starts, with file, key path, value and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodes.config import FILE_OCTETS_MAX, load_network
from resolver.errors import OperatorError

ROOT = '[[nodes]]\nname = "root-1"\ntier = "root"\n'
NATIONAL = '[[nodes]]\nname = "national-88"\ntier = "national"\nprefixes = ["88"]\n'
SECONDARY = '[[nodes]]\nname = "secondary-88.118"\ntier = "secondary"\nprefixes = ["88.118"]\n'
ABOVE = ROOT + NATIONAL + SECONDARY  # nodes[0] to nodes[2]
RECURSIVE = '[[nodes]]\nname = "recursive-1"\ntier = "recursive"\n'


def node(name: str, tier: str, *lines: str) -> str:
    return "\n".join(["[[nodes]]", f'name = "{name}"', f'tier = "{tier}"', *lines, ""])


def nation(**changes: str) -> str:
    """A small [nation] with a root; `changes` by key, an empty one leaves the key out."""
    keys = {
        "sites": '["Beijing", "Wuhan"]',
        "secondary_nodes": '{ "88" = 3 }',
        "enterprise_nodes": "2",
        "hosted_enterprises": "5",
        "recursive_nodes": "2",
    }
    lines = [f"{key} = {value}" for key, value in (keys | changes).items() if value]
    return "\n".join(["[nation]", *lines, ROOT])


def population(size: str, *lines: str) -> str:
    return "\n".join(["[population]", f"size = {size}", 'key = "k"', *lines, ""])


def enterprise(*lines: str, name: str = "e") -> str:
    return node(name, "enterprise", *lines)


HOMED = 'prefixes = ["88.118.8"]'

CASES = {
    # what no key or type fits
    "an unknown key names the nearest": (
        'adressing = "ports"\n' + ABOVE,
        ("adressing", "unknown key", "ports", "Did you mean addressing?"),
    ),
    "an unknown key of a node": (
        ABOVE + enterprise('prefixs = ["88.118.8"]'),
        ("nodes[3].prefixs", "unknown key", ["88.118.8"], "Did you mean prefixes?"),
    ),
    "an unknown key of a table": (
        "[cache]\nnegative_ttl = 30\n" + ABOVE,
        ("cache.negative_ttl", "unknown key", 30, "Did you mean negative_ttl_s?"),
    ),
    "an unknown key like none lists them": (
        "[limits]\nzzz = 1\n" + ABOVE,
        ("limits.zzz", "unknown key", 1, "Known are in_flight"),
    ),
    "text where a number belongs": (
        'second_octet = "86"\n' + ABOVE,
        ("second_octet", "valid integer", "86", "1 to 254"),
    ),
    "a number where text belongs": (
        ABOVE + enterprise("prefixes = [88.118]"),
        ("nodes[3].prefixes[0]", "valid string", 88.118, "dotted labels"),
    ),
    "a list where one word belongs": (
        ROOT.replace('"root"', '["root"]'),
        ("nodes[0].tier", "", ["root"], "root, national, secondary, enterprise or recursive"),
    ),
    "a table where a list belongs": ('[nodes]\nname = "a"', ("nodes", "valid list", {"name": "a"}, "[[nodes]]")),
    "a node that is no table": ("nodes = [1]", ("nodes[0]", "valid dictionary", 1, "")),
    "an unknown tier": (
        ABOVE + node("x", "fusion"),
        ("nodes[3].tier", "should be 'root'", "fusion", "root, national"),
    ),
    "a missing name": ('[[nodes]]\ntier = "root"', ("nodes[0].name", "required but missing", None, "Unique name")),
    "no nodes": ("second_octet = 86", ("nodes", "required but missing", None, "[[nodes]]")),
    "an empty list of nodes": ("nodes = []", ("nodes", "at least 1 item", [], "at least one")),
    "a name with a blank": (
        node("root 1", "root"),
        ("nodes[0].name", "not of the right form", "root 1", "letters, digits"),
    ),
    "a prefix with a slash": (
        ABOVE + enterprise('prefixes = ["88.118.8/X"]'),
        ("nodes[3].prefixes[0]", "not of the right form", "88.118.8/X", "dotted labels"),
    ),
    "a prefix that ends in a dot": (
        ABOVE + enterprise('prefixes = ["88.118."]'),
        ("nodes[3].prefixes[0]", "not of the right form", "88.118.", "dotted labels"),
    ),
    # counts that cannot be
    "no servers": (
        ABOVE + enterprise(HOMED, "servers = 0"),
        ("nodes[3].servers", "greater than or equal to 1", 0, "1 to 250"),
    ),
    "too many servers": (
        ABOVE + enterprise(HOMED, "servers = 251"),
        ("nodes[3].servers", "less than or equal to 250", 251, "1 to 250"),
    ),
    "more nodes of a tier than its addresses": (
        ABOVE + "".join(enterprise(f'prefixes = ["88.118.{n}"]', "servers = 250", name=f"e{n}") for n in range(26)),
        ("nodes[28].servers", "a tier has no more addresses", 6251, 'addressing = "ports"'),
    ),
    "a negative time": (
        "[cache]\nnegative_ttl_s = -1\n" + ABOVE,
        ("cache.negative_ttl_s", "greater than or equal to 0", -1, "Seconds"),
    ),
    "ports that run out": (
        'addressing = "ports"\nfirst_port = 60000\n'
        + ABOVE
        + "".join(
            enterprise(f'prefixes = ["88.118.{number}"]', "servers = 250", name=f"e{number}") for number in range(23)
        ),
        ("first_port", "ports run out", 60000, "Begin lower"),
    ),
    # clashes
    "one name twice": (
        ABOVE + enterprise(HOMED, name="root-1"),
        ("nodes[3].name", "two nodes are called root-1, here and at nodes[0]", "root-1", "a name of its own"),
    ),
    "the name of a server of a site": (
        ABOVE + enterprise(HOMED, "servers = 2") + enterprise('prefixes = ["88.118.9"]', name="e-2"),
        ("nodes[4].name", "two nodes are called e-2, here and at nodes[3]", "e-2", "a name of its own"),
    ),
    "one address twice": (
        ABOVE
        + enterprise(HOMED, 'addresses = ["127.0.0.5:7000"]')
        + enterprise('prefixes = ["88.118.9"]', 'addresses = ["127.0.0.5:7000"]', name="f"),
        ("nodes[4].addresses[0]", "address taken by nodes[3].addresses[0]", "127.0.0.5:7000", "of its own"),
    ),
    "a written address that was assigned": (
        ABOVE + enterprise(HOMED, 'addresses = ["127.86.1.1"]'),
        ("nodes[3].addresses[0]", "address taken by nodes[0].name", "127.86.1.1:2641", "of its own"),
    ),
    "the SDK's port of a recursive node": (
        ABOVE + RECURSIVE + enterprise(HOMED, 'addresses = ["127.86.5.1:3641"]'),
        ("nodes[4].addresses[0]", "address taken by nodes[3].name", "127.86.5.1:3641", "of its own"),
    ),
    "one prefix twice, letters folded": (
        ABOVE + enterprise('prefixes = ["88.118.ab"]') + enterprise('prefixes = ["88.118.AB"]', name="f"),
        ("nodes[4].prefixes[0]", "taken at nodes[3].prefixes[0]", "88.118.AB", "mirror_of"),
    ),
    "a prefix homed and unhomed": (
        ABOVE + enterprise(HOMED, 'unhomed_prefixes = ["88.118.8"]'),
        ("nodes[3].unhomed_prefixes[0]", "taken at nodes[3].prefixes[0]", "88.118.8", "one home"),
    ),
    # addresses
    "an address that is none": (
        ABOVE + enterprise(HOMED, 'addresses = ["localhost:2641"]'),
        ("nodes[3].addresses[0]", "not an address", "localhost:2641", "[::1]:2641"),
    ),
    "a port that is none": (
        ABOVE + enterprise(HOMED, 'addresses = ["127.0.0.1:70000"]'),
        ("nodes[3].addresses[0]", "not an address", "127.0.0.1:70000", "127.0.0.1:2641"),
    ),
    "an address that is everywhere": (
        ABOVE + enterprise(HOMED, 'addresses = ["0.0.0.0:2641"]'),
        ("nodes[3].addresses[0]", "not an address", "0.0.0.0:2641", "127.0.0.1:2641"),
    ),
    "fewer addresses than servers": (
        ABOVE + enterprise(HOMED, "servers = 2", 'addresses = ["127.0.0.5"]'),
        ("nodes[3].addresses", "1 addresses for 2 servers", ["127.0.0.5"], "one address for each server"),
    ),
    # delegation to nowhere
    "an enterprise whose secondary is missing": (
        ABOVE + enterprise('prefixes = ["88.119.8"]'),
        ("nodes[3].prefixes[0]", "below national-88 (tier national)", "88.119.8", "secondary node that holds 88.119"),
    ),
    "a prefix under nobody": (
        ABOVE + enterprise('prefixes = ["99.1.2"]'),
        ("nodes[3].prefixes[0]", "delegated by nobody", "99.1.2", "Add the node that holds 99.1"),
    ),
    "a secondary whose national is missing": (
        ROOT + SECONDARY,
        ("nodes[1].prefixes[0]", "delegated by nobody", "88.118", "Add the node that holds 88"),
    ),
    "a national without a root": (
        NATIONAL,
        ("nodes[0].prefixes[0]", "delegated by nobody", "88", "Add a node of tier root"),
    ),
    "a hosted prefix that is not below its secondary": (
        ROOT + NATIONAL + SECONDARY.replace('["88.118"]', '["88.118", "99.5.9"]'),
        ("nodes[2].prefixes[1]", "delegated by nobody", "99.5.9", "holds 99.5"),
    ),
    "a prefix below another enterprise": (
        ABOVE + enterprise(HOMED) + enterprise('prefixes = ["88.118.8.1"]', name="f"),
        ("nodes[4].prefixes[0]", "below e (tier enterprise)", "88.118.8.1", "secondary node"),
    ),
    "an unhomed prefix under nobody": (
        ABOVE + enterprise('unhomed_prefixes = ["99.1.2"]'),
        ("nodes[3].unhomed_prefixes[0]", "delegated by nobody", "99.1.2", "99.1"),
    ),
    "a secondary prefix without a dot": (
        ROOT + node("s", "secondary", 'prefixes = ["99"]'),
        ("nodes[1].prefixes[0]", "below root-1 (tier root)", "99", "national node"),
    ),
    "a national prefix of two labels": (
        ROOT + node("n", "national", 'prefixes = ["88.1"]'),
        ("nodes[1].prefixes[0]", "one label", "88.1", "secondary"),
    ),
    "a prefix of the system": (
        ROOT + node("n", "national", 'prefixes = ["0.NA"]'),
        ("nodes[1].prefixes[0]", "belong to the system", "0.NA", "such as 88"),
    ),
    "a recursive node without a root": (
        RECURSIVE,
        ("nodes[0].tier", "without a root", "recursive", "Add a node of tier root"),
    ),
    # what a tier may say
    "a root with a prefix": (
        ROOT + 'prefixes = ["0.NA"]\n',
        ("nodes[0].prefixes", "holds the root data", ["0.NA"], "Leave it out"),
    ),
    "a root with an unhomed prefix": (
        ROOT + 'unhomed_prefixes = ["77"]\n',
        ("nodes[0].unhomed_prefixes", "holds the root data", ["77"], "Leave it out"),
    ),
    "a recursive node with a prefix": (
        ABOVE + RECURSIVE + HOMED,
        ("nodes[3]", "holds nothing, it asks", "recursive-1", "Leave prefixes"),
    ),
    "a national without a prefix": (
        ROOT + node("n", "national"),
        ("nodes[1].prefixes", "without a prefix", [], "Name its prefix"),
    ),
    "an enterprise without a prefix": (
        ABOVE + enterprise(),
        ("nodes[3].prefixes", "without a prefix", [], "Name its prefix"),
    ),
    "item records at the national node": (
        ROOT + NATIONAL + 'catalogues = ["a.csv"]\n',
        ("nodes[1].catalogues", "prefix records only", ["a.csv"], "enterprise nodes"),
    ),
    # mirrors
    "a mirror of nobody": (
        ABOVE + enterprise('mirror_of = "secondary"'),
        ("nodes[3].mirror_of", "a mirror of no other node", "secondary", "Did you mean secondary-88.118?"),
    ),
    "a mirror of another tier": (
        ABOVE + enterprise('mirror_of = "secondary-88.118"'),
        ("nodes[3].mirror_of", "of the same tier", "secondary-88.118", "Name the primary"),
    ),
    "a mirror with prefixes": (
        ABOVE + node("n2", "national", 'mirror_of = "national-88"', 'prefixes = ["88"]'),
        ("nodes[3].prefixes", "a mirror holds what its primary holds", ["88"], "Leave prefixes out"),
    ),
    "a mirrored root": (
        ABOVE + node("root-2", "root", 'mirror_of = "root-1"'),
        ("nodes[3].mirror_of", "equals", "root-1", "Leave mirror_of out"),
    ),
    "more mirrors than a prefix handle lists": (
        ABOVE + "".join(node(f"n{number}", "national", 'mirror_of = "national-88"') for number in range(40)),
        ("nodes[1].prefixes[0]", "more than 40 sites", "88", "another primary"),
    ),
    # a nation
    "a nation without secondary nodes": (
        nation(secondary_nodes='{ "88" = 0 }'),
        ("nation.secondary_nodes.88", "greater than or equal to 1", 0, "1 to 6250"),
    ),
    "a nation without a family": (
        nation(secondary_nodes="{}"),
        ("nation.secondary_nodes", "at least 1 item", {}, "national prefix"),
    ),
    "a nation without enterprises": (
        nation(enterprise_nodes="0"),
        ("nation.enterprise_nodes", "greater than or equal to 1", 0, "1 to 6250"),
    ),
    "a nation without recursive nodes": (
        nation(recursive_nodes=""),
        ("nation.recursive_nodes", "required but missing", None, "1 to 6250"),
    ),
    "a nation without a site": (
        nation(sites="[]"),
        ("nation.sites", "at least 1 item", [], "the first is the primary"),
    ),
    "more secondary nodes than a tier has addresses": (
        nation(secondary_nodes='{ "88" = 6_251 }'),
        ("nation.secondary_nodes.88", "less than or equal to 6250", 6251, "1 to 6250"),
    ),
    "more secondary nodes in all than a tier has addresses": (
        nation(secondary_nodes='{ "88" = 6_250, "86" = 1 }'),
        ("nation: secondary-86.101.tier", "a tier has no more addresses", 6251, 'addressing = "ports"'),
    ),
    "more hosted enterprises than can be": (
        nation(hosted_enterprises="100_001"),
        ("nation.hosted_enterprises", "less than or equal to 100000", 100_001, "0 to 100000"),
    ),
    "an unknown key of a nation": (
        nation(recursive_node="3"),
        ("nation.recursive_node", "unknown key", 3, "Did you mean recursive_nodes?"),
    ),
    "an unknown key of its processes": (
        nation(processes="{ recursive_nodes = 3 }"),
        ("nation.processes.recursive_nodes", "unknown key", 3, "Did you mean recursive?"),
    ),
    "a site in a city that is none": (
        nation(sites='["Beijing", "Shanghia"]'),
        ("nation.sites[1]", "not a city known here", "Shanghia", "Did you mean Shanghai?"),
    ),
    "a recovery site where a site is": (
        nation(recovery_sites='["武汉"]'),
        ("nation.recovery_sites[0]", "a site already, at nation.sites[1]", "武汉", "another city"),
    ),
    "a leading province that is none": (
        nation(leading_region='"Jangsu"'),
        ("nation.leading_region", "not a province", "Jangsu", "Did you mean Jiangsu?"),
    ),
    "a province with everything": (
        nation(leading_percent="100"),
        ("nation.leading_percent", "less than or equal to 99", 100, "1 to 99"),
    ),
    "a node of a nation that is written down too": (
        nation() + node("national-wuhan", "root"),
        ("nation: national-wuhan.name", "two nodes are called national-wuhan", "national-wuhan", "a name of its own"),
    ),
    "a prefix of a nation that is written down too": (
        nation() + node("x", "secondary", 'prefixes = ["88.102"]'),
        ("nation: secondary-88.102.prefixes[0]", "taken at nodes[1].prefixes[0]", "88.102", "one home"),
    ),
    # places and roots
    "a node in a city that is none": (
        ROOT + 'place = "Beijin"\n',
        ("nodes[0].place", "not a city known here", "Beijin", "Did you mean Beijing?"),
    ),
    "one family at two roots": (
        ROOT + 'families = ["86", "88"]\n' + node("root-2", "root", 'families = ["20", "88"]'),
        ("nodes[1].families[1]", "claimed at nodes[0].families already", "88", "one root service"),
    ),
    "one family twice at a root": (
        ROOT + 'families = ["88", "88"]\n',
        ("nodes[0].families[1]", "claimed at nodes[0].families already", "88", "one root service"),
    ),
    "families of what is no root": (
        ROOT + NATIONAL + 'families = ["88"]\n',
        ("nodes[1].families", "only a root", ["88"], "Leave it out"),
    ),
    "a family that no root answers for": (
        ROOT + 'families = ["20"]\n' + NATIONAL,
        ("nodes[1].prefixes[0]", "no root answers for this family", "88", "add a root without families"),
    ),
    # a population
    "a population smaller than the enterprises": (
        population("6") + nation(),
        ("population.size", "there are 7 of them", 6, "Make the population larger"),
    ),
    "a population without an enterprise": (
        population("6") + ABOVE,
        ("population.size", "there are 0 of them", 6, "Add an enterprise"),
    ),
    "a population of nobody": (
        population("0") + nation(),
        ("population.size", "greater than or equal to 1", 0, "at least one for each"),
    ),
    "a population too large for numbers": (
        population("1_000_000_000_000_001") + nation(),
        ("population.size", "less than or equal to", 10**15 + 1, "up to 10^15"),
    ),
    "shares that do not add up": (
        population("6", "[population.shares]", '"88.118.8" = 5') + ABOVE + enterprise(HOMED),
        ("population.shares", "do not add up", 6, "Shares add up to the size"),
    ),
    "a share that nobody homes": (
        population("6", "[population.shares]", '"88.118.9" = 6') + ABOVE + enterprise(HOMED),
        ("population.shares.88.118.9", "homed by no enterprise or secondary node", 6, "Leave this share out"),
    ),
    "a share of a national node": (
        population("6", "[population.shares]", '"88" = 6') + ABOVE,
        ("population.shares.88", "homed by no enterprise or secondary node", 6, "Leave this share out"),
    ),
    "an empty share": (
        population("6", "[population.shares]", '"88.118.8" = 0') + ABOVE + enterprise(HOMED),
        ("population.shares.88.118.8", "greater than or equal to 1", 0, "How many of them each prefix holds"),
    ),
    "a latency without a rate": (
        "[latency]\nbase_us = 1\n" + ROOT,
        ("latency.us_per_km", "required but missing", None, "0 to 1000"),
    ),
    # files
    "a catalogue that is missing": (
        ABOVE + enterprise(HOMED, 'catalogues = ["a.csv"]'),
        ("nodes[3].catalogues[0]", "no such file", "a.csv", "relative to the network file"),
    ),
    "a catalogue with an impossible name": (
        ABOVE + enterprise(HOMED, f'catalogues = ["{"a" * 300}"]'),
        ("nodes[3].catalogues[0]", "no such file", "a" * 300, "relative"),
    ),
    "a key that is none": (
        ROOT + 'public_key = "0bad"\n',
        ("nodes[0].public_key", "not an HS_PUBKEY record", "0bad", "hex digits or"),
    ),
    "a key file that is missing": (
        ROOT + 'public_key = "root.key"\n',
        ("nodes[0].public_key", "neither hex digits nor a file", "root.key", "hex digits or"),
    ),
    "a key file with an impossible name": (
        ROOT + 'public_key = "root\\u0000key"\n',
        ("nodes[0].public_key", "neither hex digits nor a file", "root\0key", "hex digits or"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_file_key_value_and_remedy(name: str, tmp_path: Path) -> None:
    text, (key, problem, value, remedy) = CASES[name]
    file = tmp_path / "net.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OperatorError) as refused:
        load_network(file)
    error = refused.value
    assert (error.file, error.key) == (str(file), key)
    assert problem in error.problem
    assert error.value == value
    assert remedy in error.remedy
    assert str(file) in str(error)
    assert key in str(error)


@pytest.mark.parametrize(
    ("octets", "key", "problem"),
    [
        (b"second_octet = 86\nstore lmdb\n", "line 2, column 7", "not TOML: Expected '='"),
        (b'a = 1\nb = "open\n', "line 2, column 10", "not TOML: Illegal character"),
        (b'[[nodes]]\nname = "a"\nname = "b"\n', "line 3, column 11", "not TOML: Cannot overwrite a value"),
        (b"# caf\xe9\n", "line 1, column 6", "not UTF-8: octet 0xe9"),
        (b"x = 1\n# \xff\n", "line 2, column 3", "not UTF-8: octet 0xff"),
    ],
)
def test_text_that_is_not_toml_is_refused_with_line_and_column(
    octets: bytes, key: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "net.toml").write_bytes(octets)
    with pytest.raises(OperatorError) as refused:
        load_network(tmp_path / "net.toml")
    assert refused.value.key == key
    assert problem in refused.value.problem


@pytest.mark.parametrize(
    "octets",
    [b"a = " + b"[" * 5000, b"a = " + b"9" * 5000, b"#" * (FILE_OCTETS_MAX + 1)],
    ids=["deep", "long", "large"],
)
def test_a_file_made_to_exhaust_us_is_refused(octets: bytes, tmp_path: Path) -> None:
    (tmp_path / "net.toml").write_bytes(octets)
    with pytest.raises(OperatorError):
        load_network(tmp_path / "net.toml")


@pytest.mark.parametrize(
    ("csv", "where", "key", "problem"),
    [
        ("handle,URL\n88.118.8/A,u\n88.118.9/A,u\n", 3, "handle", "does not live at e"),
        ("handle,URL\n88.118.8/a,u\n\n88.118.8/A,u\n", 4, "handle", "twice"),
        ("handle,URL\n88.118.8/A,u,v\n", 2, "column 3", "3 cells under 2 columns"),
        ("", 1, "", "no header"),
    ],
)
def test_a_bad_catalogue_is_refused_with_its_line(csv: str, where: int, key: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv)
    (tmp_path / "net.toml").write_text(ABOVE + enterprise(HOMED, 'catalogues = ["a.csv"]'))
    with pytest.raises(OperatorError) as refused:
        load_network(tmp_path / "net.toml")
    assert refused.value.file == f"{tmp_path / 'a.csv'}:{where}"
    assert refused.value.key == key
    assert problem in refused.value.problem


@pytest.mark.parametrize("name", ["nowhere.toml", "configs/nowhere.toml", "configs/../nowhere.toml", "", "a" * 300])
def test_a_file_that_is_missing_is_named_with_an_example(name: str) -> None:
    with pytest.raises(OperatorError, match=r"no such file.*configs/teaching\.toml"):
        load_network(Path(name))


def test_a_directory_is_no_network_file(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no such file"):
        load_network(tmp_path)
