"""JSON web signatures: the examples of the RFCs verify, every kind of key signs, and nothing else verifies."""

from __future__ import annotations

import json

import pytest
import recorded
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from resolver.errors import CallerError, PeerError
from resolver.rules import jws, keys

KEYS = {kind: keys.generate(kind) for kind in ("rsa", "ec", "ed25519", "sm2")}
KEYS["dsa"] = keys.private_key(bytes.fromhex(recorded.document()["keys"]["clientDsaPrivateCnriHex"]))
# RFC 7515 A.2.1 and A.3.1, RFC 8037 A.4: a key, and what it signed.
RS256 = (
    {
        "kty": "RSA",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Q"
        "lL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBY"
        "UsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNm"
        "oudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
        "e": "AQAB",
    },
    b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    b".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1"
    b"dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDw"
    b"usC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77R"
    b"w",
)
ES256 = (
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    },
    b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    b".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
)
EDDSA = (
    {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    b".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
)


@pytest.mark.parametrize(("key", "text"), [RS256, ES256, EDDSA], ids=["RS256", "ES256", "EdDSA"])
def test_the_examples_of_the_rfcs_verify_until_one_digit_changes(key: dict[str, str], text: bytes) -> None:
    public = jws.key_from_json(key)
    assert jws.verifies(jws.read(text), public)
    assert jws.key_to_json(public) == key
    for place in (30, len(text) - 10):
        changed = text[:place] + (b"A" if text[place : place + 1] != b"A" else b"B") + text[place + 1 :]
        assert not jws.verifies(jws.read(changed), public)


@pytest.mark.parametrize("kind", KEYS)
def test_every_kind_of_key_signs_and_travels_as_json_and_no_other_key_verifies(kind: str) -> None:
    key = KEYS[kind]
    signature = jws.read(jws.sign({"sub": "88.1/标识"}, key))
    assert json.loads(signature.payload) == {"sub": "88.1/标识"}
    assert jws.verifies(signature, jws.key_from_json(json.loads(json.dumps(jws.key_to_json(key)))))
    for other in KEYS:
        own = keys.generate(kind) if other == kind and kind != "dsa" else KEYS[other]
        if own is not key:
            assert not jws.verifies(signature, own.public_key())


def test_the_algorithm_in_the_header_cannot_choose_another_than_the_keys() -> None:
    public = KEYS["rsa"].public_key()
    _, payload, signature = jws.sign({}, KEYS["rsa"]).split(b".")
    for algorithm in ("none", "HS256", "DS160", "RS1", "RS160", "ES256", "", "rs256"):
        header = jws.base64url(json.dumps({"alg": algorithm}).encode())
        for claimed in (signature, b""):
            assert not jws.verifies(jws.read(b".".join((header, payload, claimed))), public)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a.b",
        b"a.b.c.d",
        b"....",
        b"e30.e30.e30",  # a header without alg
        b"W10.e30.e30",  # a header that is a list
        b"!!!.e30.e30",
        b"eyJhbGciOiJSUzI1NiJ9.e30.=A",
        b"eyJhbGciOiJSUzI1NiJ9.e30.A",
        jws.base64url(b'{"alg":"RS256","crit":["exp"]}') + b".e30.e30",
        jws.base64url(b"[" * 60_000) + b".e30.e30",
        b"e30." + b"A" * 65_536 + b".e30",
    ],
)
def test_what_is_no_signature_is_refused(text: bytes) -> None:
    with pytest.raises(PeerError):
        jws.read(text)


@given(st.binary(max_size=200))
def test_reading_never_fails_otherwise(text: bytes) -> None:
    try:
        jws.read(text)
    except PeerError as refused:
        assert refused.code == 406


@pytest.mark.parametrize(
    "form",
    [
        None,
        "RSA",
        {},
        {"kty": "RSA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},  # 17 bits
        {"kty": "RSA", "n": 5, "e": "AQAB"},
        {"kty": "RSA", "n": "A" * 5_000, "e": "AQAB"},
        {"kty": "RSA", "n": "é", "e": "AQAB"},
        {"kty": ["RSA"], "n": "AQAB", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB"},  # not on the curve
        {"kty": "EC", "crv": "P-512", "x": "AQAB", "y": "AQAB"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQAB"},
        {"kty": "SM2", "d": "AQAB"},
        {"kty": "oct", "k": "AQAB"},
    ],
)
def test_what_is_no_key_is_refused(form: object) -> None:
    with pytest.raises(PeerError) as refused:
        jws.key_from_json(form)
    assert refused.value.code == 406


def test_curves_without_a_name_in_json_web_signatures_cannot_sign() -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    with pytest.raises(CallerError, match="secp256k1"):
        jws.sign({}, key)
    assert not jws.verifies(jws.read(ES256[1]), key.public_key())
