"""Puts tests/ on the path, so that every test may import playbook.py, and says how hard hypothesis tries.

HYPOTHESIS_PROFILE=thorough tries twenty times as many examples as the default run has time for.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("default run", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=800, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default run"))
