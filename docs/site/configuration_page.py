"""Every configuration key, from the models that check the files: where it stands, what it takes, what it means."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

import loadgen.pacing
import loadgen.popularity
import loadgen.profile
from biaoshi.scenarios import ScenarioConfig
from biaoshi.simulation import TimesConfig
from nodes.faults import FaultConfig
from nodes.schema import json_schema


class Key(NamedTuple):
    """A key of a file: its path, `nodes[].name`; what it takes; its default, None if it must be there; its meaning."""

    path: str
    takes: str
    default: str | None
    meaning: str


TEXTS = {
    "en": {
        "title": "# Configuration",
        "intro": "Made from the models that check these files, while this site was built. "
        "`biaoshi config schema` prints the first as JSON Schema; `biaoshi config check FILE` says what a file means, "
        "or file, key, value and remedy.",
        "heads": ("key", "takes", "default", "meaning"),
        "needed": "needed",
        "network": "## Network file",
        "scenario": "## Scenario file\n\nA file for `biaoshi scenario run`.",
        "fault": "## Fault\n\nIn a scenario's `fault`, and with `biaoshi fault add`.",
        "times": "## Service times\n\nA file for `biaoshi simulate --times`.",
        "load": "## Load profile\n\nA file for `biaoshi load --load`.",
        "environment": "## Environment",
        "variables": (
            ("BIAOSHI_RUN_DIR", "Where state, data and logs live, if `--run-dir` does not say; else `.biaoshi`."),
            ("BIAOSHI_RIM", "`python` chooses the rim written in Python where the compiled one is there."),
        ),
    },
    "zh-CN": {
        "title": "# 配置",
        "intro": "本页在构建站点时由校验这些文件的模型生成，键的说明为英文原文。"
        "`biaoshi config schema` 以 JSON Schema 输出网络文件的全部键；"
        "`biaoshi config check 文件` 说明文件的含义，或指出文件、键、值与补救办法。",
        "heads": ("键", "取值", "默认", "含义"),
        "needed": "必填",
        "network": "## 网络文件",
        "scenario": "## 情景文件\n\n供 `biaoshi scenario run` 使用。",
        "fault": "## 故障\n\n用于情景文件的 `fault`，以及 `biaoshi fault add`。",
        "times": "## 服务时间\n\n供 `biaoshi simulate --times` 使用。",
        "load": "## 加压方案\n\n供 `biaoshi load --load` 使用。",
        "environment": "## 环境变量",
        "variables": (
            ("BIAOSHI_RUN_DIR", "网络的状态、数据与日志所在目录；`--run-dir` 优先，二者皆无时为 `.biaoshi`。"),
            ("BIAOSHI_RIM", "设为 `python` 时，即使有编译的收发层也使用 Python 版本。"),
        ),
    },
}  # fmt: skip


def page(language: str) -> str:
    """The page in a language; meanings are as the models say them."""
    texts: dict[str, Any] = TEXTS[language]
    schemas = {
        "network": json_schema(),
        "scenario": ScenarioConfig.model_json_schema(),
        "fault": FaultConfig.model_json_schema(),
        "times": TimesConfig.model_json_schema(),
    }
    parts = [texts["title"], texts["intro"]]
    for name, schema in schemas.items():
        parts += [texts[name], _table(list(keys(schema)), texts)]
    parts.append(texts["load"])
    for module in (loadgen.profile, loadgen.pacing, loadgen.popularity):
        parts.append(f"```text\n{inspect.getdoc(module)}\n```")
    parts.append(texts["environment"])
    rows = "\n".join(f"| `{name}` | {words} |" for name, words in texts["variables"])
    parts.append(f"| | |\n|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


def keys(schema: dict[str, Any]) -> Iterator[Key]:
    """Every key that a schema knows, tables before what stands in them."""
    yield from _keys(schema, schema.get("$defs", {}), "")


def _keys(table: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[Key]:
    needed = table.get("required", ())
    for name, said in table.get("properties", {}).items():
        place = f"{path}{name}"
        below, many = _table_below(said, definitions)
        default = None if name in needed else ("" if below else _default(said))
        yield Key(place, "tables" if many else "table" if below else _takes(said), default, said.get("description", ""))
        if below:
            yield from _keys(below, definitions, f"{place}[]." if many else f"{place}.")


def _table_below(said: dict[str, Any], definitions: dict[str, Any]) -> tuple[dict[str, Any] | None, bool]:
    """The table that a key holds, and whether it holds many."""
    for choice in (said, *said.get("anyOf", ()), *said.get("allOf", ())):
        if "$ref" in choice:
            return definitions[choice["$ref"].rpartition("/")[2]], False
    items = said.get("items", {})
    return (definitions[items["$ref"].rpartition("/")[2]], True) if "$ref" in items else (None, False)


def _takes(said: dict[str, Any]) -> str:
    if "anyOf" in said:
        return " or ".join(_takes(choice) for choice in said["anyOf"] if choice.get("type") != "null")
    if "enum" in said:
        return ", ".join(str(value) for value in said["enum"])
    if "const" in said:
        return str(said["const"])
    if said.get("type") == "array":
        return f"list of {_takes(said.get('items', {}))}"
    low, high = (said.get(key, said.get(f"exclusive{key.capitalize()}")) for key in ("minimum", "maximum"))
    words = {"integer": "integer", "number": "number", "boolean": "true or false", "string": "text", "object": "table"}
    bounds = "" if low is None and high is None else f" {_number(low)} … {_number(high)}"
    return words.get(said.get("type", ""), "anything") + bounds


def _number(value: float | None) -> str:
    """A bound; the large ones as the powers that they are."""
    if value is None:
        return ""
    for base in (2, 10):
        power = round(math.log(value, base)) if value >= 1 << 20 else 0
        if power and base**power in (value, value + 1):
            return f"{base}^{power}" + ("" if base**power == value else " − 1")
    return f"{value:,}"


def _default(said: dict[str, Any]) -> str:
    default = said.get("default")
    return "" if default in (None, "", [], {}) else json.dumps(default, ensure_ascii=False)


def _table(found: list[Key], texts: dict[str, Any]) -> str:
    rows = []
    for key in found:
        default = (
            texts["needed"] if key.default is None else f"<code>{escape(key.default)}</code>" if key.default else ""
        )
        cells = (f"<code>{escape(key.path)}</code>", escape(key.takes), default, escape(key.meaning))
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = "".join(f"<th>{word}</th>" for word in texts["heads"])
    return f'<div class="keys"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
