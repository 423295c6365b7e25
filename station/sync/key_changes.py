"""Following central when it changes its keys: told by the change feed, or by the hello of who was away meanwhile.

Only a key that is believed today may say whom to believe tomorrow. Must not know where the enrolment is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from station.domain.errors import TrustError
from station.seal.hello import told_keys
from station.seal.key_change import check_key_change
from station.store.enrolment import Enrolment
from station.wire import SignedKeys


def changed(enrolment: Enrolment, token: object) -> Enrolment:
    """`enrolment` with the keys of `token`; the same when it was followed before. TrustError `keys.…`, `keys.older`."""
    try:
        change = _checked(enrolment, token, retired=False)
    except TrustError as problem:
        if problem.code == "keys.signature" and _followed_before(enrolment, token):
            return enrolment
        raise
    if enrolment.keys_issued_at is not None and change.issued_at <= enrolment.keys_issued_at:
        if _all_known(enrolment, change):
            return enrolment
        raise TrustError("keys.older")
    return enrolment.with_keys(change, str(token))


def caught_up(enrolment: Enrolment, hello: str) -> Enrolment:
    """`enrolment` after every change that an unverified `hello` tells of and that a believed key has signed.

    Nothing of it counts before the hello itself is verified by the keys that come of it.
    """
    return followed(enrolment, told_keys(hello))


def followed(enrolment: Enrolment, tokens: Iterable[str]) -> Enrolment:
    """`enrolment` after every change of `tokens`, oldest first, that a believed key has signed; others say nothing."""
    for token in tokens:
        try:
            enrolment = changed(enrolment, token)
        except TrustError:
            continue  # from before this station was enrolled, or of a stranger: what it signed does not verify either
    return enrolment


def _checked(enrolment: Enrolment, token: object, *, retired: bool) -> SignedKeys:
    keys = enrolment.retired_keys if retired else enrolment.signing_keys
    return check_key_change(token, keys, station_id=enrolment.station_id, central_id=enrolment.central_id)


def _followed_before(enrolment: Enrolment, token: object) -> bool:
    """Told again after a power cut or from the beginning: a key that has been retired brought keys that are known."""
    try:
        return _all_known(enrolment, _checked(enrolment, token, retired=True))
    except TrustError:
        return False


def _all_known(enrolment: Enrolment, change: SignedKeys) -> bool:
    known = {key.x for key in enrolment.receipt_keys}
    return all(key.x in known for key in change.signing_keys)
