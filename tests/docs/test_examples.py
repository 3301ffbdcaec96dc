"""The example under docs/examples: every figure of the page follows from its raw file by the documented ten lines."""

from __future__ import annotations

import html
import lzma
import re
import textwrap
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

import loadgen.results

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
PAGE_OCTETS_MAX = 1_500_000


def text_of(page: str, language: str) -> str:
    """What a reader of one language sees of a page."""
    other = "zh-CN" if language == "en" else "en"
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(rf'<span lang="{other}">[^<]*</span>', "", body)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Everything the ten lines know of the raw file, and nothing that this program's own report says."""
    path = tmp_path_factory.mktemp("example") / "national-day.load"
    path.write_bytes(lzma.decompress((EXAMPLES / "national-day.load.xz").read_bytes()))
    assert loadgen.results.__doc__
    block = [line for line in loadgen.results.__doc__.splitlines() if line.startswith("    ")]
    lines = block[next(number for number, line in enumerate(block) if "unpacker =" in line) :]
    found: dict[str, Any] = {"msgpack": msgpack, "np": np, "path": path}
    exec(textwrap.dedent("\n".join(lines)), found)
    return found


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_figure_of_the_page_follows_from_the_raw_file(derived: dict[str, Any], language: str) -> None:
    text = text_of((EXAMPLES / "national-day.html").read_text(encoding="utf-8"), language)
    header, record, last, limit = (derived[name] for name in ("header", "record", "last", "limit"))
    age, in_time, nearest = derived["age"], derived["in_time"], derived["nearest"]
    resolved, scale = int((in_time & last).sum()), header["time_scale"]
    achieved = min(1, len(record) / (derived["offered"] * header["duration_s"] + (~last).sum()))
    second = np.minimum(record["due"][last] // 1_000_000_000, int(header["duration_s"]) - 1)
    kept = [
        nearest(np.minimum(age, limit)[last][second == each], 0.99)[0] < 20e6
        and (in_time & (record["verdict"] == 1))[last][second == each].mean() > 0.999
        for each in np.unique(second)
    ]
    codes = record["code"][in_time]
    service_ms = nearest(np.where(in_time, record["received"] - record["sent"], limit) / 1e6, 0.5, 0.9, 0.95, 0.99)
    words = [
        f"{derived['per_day']:,}",
        f"{resolved / header['duration_s']:,.1f}",
        f"{derived['latency_ms'][3]:.3f} ms",
        f"{1 - derived['good'] / last.sum():.4%}",
        *(f"{value:,.3f}" if value < 10 else f"{value:,.2f}" for value in (*derived["latency_ms"], *service_ms)),
        f"{round(derived['offered'] * header['duration_s'] * scale):,}",
        f"{round(resolved * scale):,}",
        f"{sum(kept)} / {len(kept)}",
        f"{sum(kept) * scale / 60:,.0f} / {len(kept) * scale / 60:,.0f}",
        f"{derived['sent']:,}",
        f"{derived['answered']:,}",
        f"{last.sum():,}",
        f"HANDLE_NOT_FOUND {(codes == 100).sum():,}",
        f"{achieved:.2%}",
        f"{derived['lateness_us'][1]:,.0f} µs",
        *(f"{count['received']:,} {count['answered']:,}" for count in header["tiers"].values()),
        f"{header['cache_hit']:.2%}",
        *header["targets"][:4],
    ]
    missing = [each for each in words if each not in text]
    assert not missing, f"{missing} are not on the page"
    assert derived["wrong"] == derived["late"] == 0
    assert header["ttl_scale"] == scale


def test_the_tiers_of_the_example_agree_with_its_records(derived: dict[str, Any]) -> None:
    asked = np.bincount(derived["record"]["tier"], minlength=6)
    tiers = derived["header"]["tiers"]
    assert tiers["recursive"]["received"] == asked[5]
    assert asked[3] + asked[4] < tiers["enterprise"]["received"] + tiers["secondary"]["received"]


@pytest.mark.parametrize("page", sorted(EXAMPLES.glob("*.html")), ids=lambda page: page.name)
def test_the_pages_are_small_and_load_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < PAGE_OCTETS_MAX
    assert "default-src 'none'" in html.unescape(text)
    assert not re.search(r"\b(src|href)=", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL))


def test_what_the_readme_says_of_the_day_is_on_its_pages() -> None:
    rows = re.findall(r"^\| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", (EXAMPLES / "README.md").read_text(), re.MULTILINE)
    pages = [
        text_of((EXAMPLES / f"{name}.html").read_text(), "en")
        for name in ("national-day", "national-day-of-100-million")
    ]
    figures = [cells for cells in rows if re.search(r"解析量|应答|分钟", cells[0])]
    assert len(figures) == 3
    for _, *cells in figures:
        for cell, page in zip(cells, pages, strict=True):
            for part in cell.split(", ") if "/" not in cell else [cell]:
                assert part in page, part
