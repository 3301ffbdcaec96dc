"""Puts tests/ on the path, so that every test may import playbook.py, and says how hard hypothesis tries.

HYPOTHESIS_PROFILE=thorough tries twenty times as many examples as the default run has time for.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# What is in these directories measures: beside other tests it might find that the generator fell behind. Not these.
CLOCKED = [Path(__file__).parent / name for name in ("benchmarks", "loadgen")]
TIMELESS = {
    "test_bench_caches", "test_bench_calibration", "test_bench_codons", "test_http_links", "test_kubernetes_job",
    "test_loadgen_compare", "test_loadgen_comparison",
    "test_loadgen_page", "test_loadgen_pacing", "test_loadgen_popularity", "test_loadgen_profile",
    "test_loadgen_report", "test_loadgen_results", "test_loadgen_schedule", "test_loadgen_series", "test_loadgen_slo",
    "test_loadgen_truth",
}  # fmt: skip

settings.register_profile("default run", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=800, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default run"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem not in TIMELESS and any(folder in item.path.parents for folder in CLOCKED):
            item.add_marker(pytest.mark.clock)
