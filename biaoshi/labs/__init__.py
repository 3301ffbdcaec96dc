"""Exercises on a running network: a text each in docs/labs, and a check that looks at the network alone.

LABS is the list, in the order in which they are worked through. How to add one: a text in both languages,
labNN_<name>.py with a LAB, and a line here; tests/labs/test_labs.py then works through it.
"""

from __future__ import annotations

from biaoshi.labs.lab01_who_answers import LAB as WHO_ANSWERS
from biaoshi.labs.lab02_two_servers import LAB as TWO_SERVERS
from biaoshi.labs.lab03_register import LAB as REGISTER
from biaoshi.labs.lab04_unhomed_prefix import LAB as UNHOMED_PREFIX
from biaoshi.labs.lab05_stale_route import LAB as STALE_ROUTE
from biaoshi.labs.lab06_dead_secondary import LAB as DEAD_SECONDARY
from biaoshi.labs.lab07_wrong_ttl import LAB as WRONG_TTL
from biaoshi.labs.lab08_poisoned_reply import LAB as POISONED_REPLY
from biaoshi.labs.lab09_expired_certificate import LAB as EXPIRED_CERTIFICATE
from biaoshi.labs.lab10_busy_hour import LAB as BUSY_HOUR

LABS = (
    WHO_ANSWERS,
    TWO_SERVERS,
    REGISTER,
    UNHOMED_PREFIX,
    STALE_ROUTE,
    DEAD_SECONDARY,
    WRONG_TTL,
    POISONED_REPLY,
    EXPIRED_CERTIFICATE,
    BUSY_HOUR,
)
