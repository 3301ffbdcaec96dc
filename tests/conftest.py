"""Puts tests/ on the path, so that every test may import playbook.py, and says how hard hypothesis tries.

HYPOTHESIS_PROFILE=thorough tries twenty times as many examples as the default run has time for.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# What is in these directories measures: beside other tests it might find that the generator fell behind.
CLOCKED = [Path(__file__).parent / name for name in ("benchmarks", "loadgen")]

settings.register_profile("default run", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=800, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default run"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(folder in item.path.parents for folder in CLOCKED):
            item.add_marker(pytest.mark.clock)
