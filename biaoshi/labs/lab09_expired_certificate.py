"""An expired certificate: the signature is good, the one who signed is known, and still nobody may believe it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from biaoshi.client import administrator, text
from biaoshi.labs.lab import CASES, METERS, SECONDARY_118, Finding, Lab, Words, case_of, found, trust_of, values_at
from biaoshi.labs.order import change_prefix_record
from biaoshi.labs.signing import certificate_that, sign_record
from biaoshi.running import Network
from resolver.errors import PeerError
from resolver.model.value import Value
from resolver.rules import jws, trust

NUMBER = 9
PARENT = "88.118"
CERTIFICATE_INDEX = 400
DAY_S = 86_400
LEFT_DAYS_MIN = 30
TTL_S = 1  # so that no cache stands in the way of the lesson


def start(network: Network) -> None:
    """Sign a record, and let the certificate of whoever signed it be one that ran out a month ago."""
    handle = case_of(NUMBER)
    values = [
        text(1, "URL", "https://jxdy.example/seal/9"),
        text(2, "SEAL", "2026-118-9"),
        administrator(f"0.NA/{CASES}"),
    ]
    with network.client(CASES, network.address(METERS), direct=True) as client:
        client.create(handle, values)
    sign_record(network, CASES, METERS, handle)
    began_s = int(time.time()) - 395 * DAY_S
    expired = certificate_that(network, CASES, PARENT, began_s=began_s, life_s=365 * DAY_S)
    change_prefix_record(network, CASES, [Value(CERTIFICATE_INDEX, trust.CERTIFICATE, expired, ttl=TTL_S)])


def check(network: Network) -> Sequence[Finding]:
    """Is the certificate good today, and for a while, and does the record's chain hold?"""
    subject = f"0.NA/{CASES}"
    certificate = trust_of(network, f"{CERTIFICATE_INDEX}:{subject}")
    left = _days_left(network, subject)
    record = trust_of(network, case_of(NUMBER))
    return [
        found(
            certificate == "TRUSTED",
            Words(f"the certificate of 300:{subject} is good", f"300:{subject} 的证书有效"),
            Words(
                f"the certificate of 300:{subject}, at index {CERTIFICATE_INDEX} of {subject}, comes to {certificate}."
                " Who may issue another?",
                f"300:{subject} 的证书（{subject} 的索引 {CERTIFICATE_INDEX}）验证结果为 {certificate}。"
                "谁有资格另发一张？",
            ),
        ),
        found(
            left is not None and left >= LEFT_DAYS_MIN,
            Words(f"for another {left} days", f"还有 {left} 天有效期"),
            Words(
                f"it should be good for {LEFT_DAYS_MIN} more days, and it is for {'none' if left is None else left}",
                f"它至少还应有效 {LEFT_DAYS_MIN} 天，现在是 {'无' if left is None else left} 天",
            ),
        ),
        found(
            record == "TRUSTED",
            Words(f"{case_of(NUMBER)} is trusted, up to the root", f"{case_of(NUMBER)} 可信，直至根"),
            Words(
                f"{case_of(NUMBER)} comes to {record}: a chain is as good as its weakest link",
                f"{case_of(NUMBER)} 验证结果为 {record}：一条链的强度取决于最弱的一环",
            ),
        ),
    ]


def _days_left(network: Network, handle: str) -> int | None:
    """For how many days the newest readable certificate of a handle is still good."""
    ends = []
    for value in values_at(network, SECONDARY_118, handle, ("HS_CERT",)) or ():
        try:
            claims = trust.claims_of(jws.read(value.data))
        except PeerError:
            continue
        if claims.expires_s is not None:
            ends.append((claims.issued_s or 0, claims.expires_s))
    return max(0, int(max(ends)[1] - time.time())) // DAY_S if ends else None


LAB = Lab(
    number=NUMBER,
    name="09-expired-certificate",
    title=Words("An expired certificate", "过期的证书"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"A customs officer verifies {case_of(NUMBER)}, and his program says: not to be believed. Nobody has changed"
        " anything.",
        f"海关人员验证 {case_of(NUMBER)}，程序说：不可信。可是谁也没有改过任何东西。",
    ),
)
