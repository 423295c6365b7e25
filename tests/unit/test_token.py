"""Bearer tokens: good for minutes, for one central, and only from the station they name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from station.domain.errors import TrustError
from station.seal.jws import SigningKey, verify
from station.seal.token import LIFETIME_S, MAX_SKEW_S, check_token, make_token
from tests.support import TODAY

KEY = SigningKey.generate("station-1")
ISSUED = int(TODAY.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": "station-1",
    "aud": "central-3325",
    "iat": ISSUED,
    "exp": ISSUED + LIFETIME_S,
    "jti": "0",
}


def check(token: str, after_s: float = 0.0) -> str:
    return check_token(token, [KEY.public], central_id="central-3325", now=TODAY + timedelta(seconds=after_s))


def refused(token: str, after_s: float = 0.0) -> TrustError:
    with pytest.raises(TrustError) as problem:
        check(token, after_s)
    return problem.value


def test_a_fresh_token_names_its_station() -> None:
    assert check(make_token(KEY, central_id="central-3325", now=TODAY)) == "station-1"


def test_no_two_tokens_are_the_same() -> None:
    first, second = (make_token(KEY, central_id="c", now=TODAY) for _ in range(2))
    assert verify(first, [KEY.public]).payload["jti"] != verify(second, [KEY.public]).payload["jti"]


@pytest.mark.parametrize("after_s", [-MAX_SKEW_S, 0, LIFETIME_S, LIFETIME_S + MAX_SKEW_S])
def test_a_token_is_good_until_the_edge_of_its_time(after_s: float) -> None:
    assert check(KEY.sign(CLAIMS), after_s) == "station-1"


@pytest.mark.parametrize(
    ("after_s", "off_s"),
    [(-MAX_SKEW_S - 1, MAX_SKEW_S + 1), (LIFETIME_S + MAX_SKEW_S + 1, -241), (86400, -86400), (-86400, 86400)],
)
def test_a_clock_that_is_off_is_named_with_the_difference(after_s: float, off_s: int) -> None:
    problem = refused(KEY.sign(CLAIMS), after_s)
    assert (problem.code, problem.data) == ("token.clock", {"off_s": off_s})


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"aud": "central-9999"}, "token.audience"),
        ({"aud": ["central-3325"]}, "token.audience"),
        ({"iss": "station-2"}, "token.audience"),
        ({"iss": None}, "token.audience"),
        ({"iat": "now"}, "token.signature"),
        ({"exp": None}, "token.signature"),
        ({"exp": ISSUED}, "token.signature"),
        ({"exp": ISSUED + 301}, "token.signature"),
        ({"iat": ISSUED + 0.5}, "token.signature"),
        ({"iat": 10**400, "exp": 10**400 + 60}, "token.clock"),
        ({"iat": -(10**400), "exp": 60 - 10**400}, "token.clock"),
    ],
)
def test_a_signed_token_with_wrong_claims_is_refused(changed: dict[str, Any], code: str) -> None:
    assert refused(KEY.sign({**CLAIMS, **changed})).code == code


@pytest.mark.parametrize("claim", ["iss", "aud", "iat", "exp"])
def test_a_token_without_a_claim_is_refused(claim: str) -> None:
    token = KEY.sign({key: value for key, value in CLAIMS.items() if key != claim})
    assert refused(token).code in ("token.audience", "token.signature")


@pytest.mark.parametrize("token", ["", "a.b.c", SigningKey.generate("station-1").sign(CLAIMS)])
def test_a_token_nobody_we_know_signed_is_refused(token: str) -> None:
    assert refused(token).code == "token.signature"
