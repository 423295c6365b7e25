"""The policy that holds at this station: the newest that central signed, else what central said at enrolment.

Every file but the applicants' database can be edited by anybody who may touch the disk. The newest signed policy is
therefore remembered there too: an older one that is put back holds no longer than until the desk looks. Must not know
whom a policy is for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from station.domain.errors import RuleError, StoreError, TrustError
from station.domain.policy import STANDARD, Policy, policy_from
from station.log import get_logger
from station.seal.policy import check_policy
from station.store.database import Database
from station.store.enrolment import Enrolment
from station.store.memory import Memory
from station.store.secrets import keep_secret, secret_of

NEWEST = "newest_policy"
"""Its name in the applicants' database."""

log = get_logger(__name__)

_MOMENT: TypeAdapter[datetime | None] = TypeAdapter(AwareDatetime | None)


@dataclass(frozen=True)
class _Signed:
    """A policy that central has signed, and the word itself."""

    policy: Policy
    token: str

    @property
    def issued_at(self) -> datetime:
        assert self.policy.issued_at is not None, "every signed policy has a time"
        return self.policy.issued_at


def policy_in_force(enrolment: Enrolment | None, token: str) -> Policy:
    """The policy of `token`, the signed word that was kept; '' when none came yet.

    What was said at enrolment is signed by nobody: where a signed word should be and none can be believed, the standard
    holds.
    """
    if enrolment is None:
        return STANDARD
    if token:
        found = _checked(enrolment, token)
        return found.policy if found else STANDARD
    return policy_of_enrolment(enrolment)


def policy_of_enrolment(enrolment: Enrolment) -> Policy:
    """What central said when this station became known to it; the standard where that makes no sense."""
    members = enrolment.policy.model_dump()
    try:
        return policy_from(members, _MOMENT.validate_python(members.get("issued_at")))
    except (RuleError, ValidationError):
        log.warning("the policy of the enrolment cannot be used; the standard one holds")
        return STANDARD


def newest_policy(applicants: Database, enrolment: Enrolment | None, memory: Memory) -> Policy:
    """The policy in force as the desk sees it: the newest of what is kept in the outbox and behind the password.

    The older one of the two is put right.
    """
    token = memory.policy
    told = _checked(enrolment, token) if enrolment is not None and token else None
    known = [item for item in (_seen(applicants), told) if item is not None]
    if not known:
        return policy_in_force(enrolment, token)
    best = max(known, key=lambda item: item.issued_at)
    try:
        if best is told:
            _remember(applicants, best)
        elif best.token != token:
            log.error("the policy in the outbox is not the newest that was seen here; that one is put back")
            memory.put_policy_back(token, best.token)
    except StoreError as problem:  # a full disk keeps nobody from working; the next time it is tried again
        log.error("the newest policy could not be kept: %s", problem.code)
    return best.policy


def _checked(enrolment: Enrolment, token: str) -> _Signed | None:
    try:
        keys, station_id = enrolment.receipt_keys, enrolment.station_id
        return _Signed(check_policy(token, keys, station_id=station_id, central_id=enrolment.central_id), token)
    except (TrustError, RuleError) as problem:
        log.error("the policy that was kept is not what central signed: %s", problem.code)
        return None


def _seen(applicants: Database) -> _Signed | None:
    """The newest that was ever seen at the desk. It was checked then, and nobody has edited it since."""
    with applicants.read() as connection:
        kept = secret_of(connection, NEWEST)
    if kept is None:
        return None
    members = json.loads(kept)
    at = datetime.fromisoformat(members["issued_at"])
    try:
        return _Signed(policy_from(members["figures"], at), members["token"])
    except RuleError:  # of another program, with other bounds
        return _Signed(Policy(issued_at=at), members["token"])


def _remember(applicants: Database, found: _Signed) -> None:
    members = {"issued_at": found.issued_at.isoformat(), "figures": found.policy.figures, "token": found.token}
    with applicants.write() as connection:
        keep_secret(connection, NEWEST, json.dumps(members))
