"""Who may say what to the console."""

import pytest

from biaoshi.console.guard import HEADERS, Guard


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8641",
        "127.0.0.1",
        "localhost:1",
        "LOCALHOST.",
        "[::1]:8641",
        "[::1]",
        "192.0.2.7:80",
        "teaching.example:9",
    ],
)
def test_addresses_localhost_and_names_that_were_given_are_its_own(host: str) -> None:
    assert Guard(("teaching.example",)).knows(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8641", "127.0.0.1.evil.example", "localhost:x", "[", "::1:x"]
)
def test_a_name_that_was_bent_to_our_address_is_not(host: str) -> None:
    assert not Guard(("teaching.example",)).knows(host)


def test_only_the_token_is_admitted_and_every_start_has_another() -> None:
    guard = Guard()
    assert guard.admits(guard.token)
    assert not any(guard.admits(other) for other in ("", guard.token[:-1], guard.token + "x", "标识", Guard().token))
    assert len(guard.token) >= 32


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';") and "unsafe" not in policy and "http" not in policy
