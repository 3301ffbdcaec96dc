"""Exercises on a running network: a text each in docs/labs, and a check that looks at the network alone.

LABS is the list, in the order in which they are worked through. How to add one: a text in both languages,
labNN_<name>.py with a LAB, and a line here; tests/labs/test_labs.py then works through it.
"""

from __future__ import annotations

from biaoshi.labs.lab01_who_answers import LAB as WHO_ANSWERS
from biaoshi.labs.lab04_unhomed_prefix import LAB as UNHOMED_PREFIX

LABS = (WHO_ANSWERS, UNHOMED_PREFIX)
