"""Which policy holds here: central's newest signed word, else that of enrolment, else the standard.

What is kept is checked again whenever it is read: the file it lies in could be edited by anybody at this computer.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from station.domain.errors import RuleError, TrustError
from station.domain.policy import STANDARD, Policy, policy_from
from station.log import get_logger
from station.seal.policy import check_policy
from station.store.enrolment import Enrolment

log = get_logger(__name__)

_MOMENT: TypeAdapter[datetime | None] = TypeAdapter(AwareDatetime | None)


def policy_in_force(enrolment: Enrolment | None, token: str) -> Policy:
    """The policy of `token`, the signed word that was kept; '' when none came yet."""
    if enrolment is None:
        return STANDARD
    if token:
        try:
            keys, station_id = enrolment.receipt_keys, enrolment.station_id
            return check_policy(token, keys, station_id=station_id, central_id=enrolment.central_id)
        except (TrustError, RuleError) as problem:
            log.error("the policy that was kept is not what central signed: %s", problem.code)
    return policy_of_enrolment(enrolment)


def policy_of_enrolment(enrolment: Enrolment) -> Policy:
    """What central said when this station became known to it; the standard where that makes no sense."""
    members = enrolment.policy.model_dump()
    try:
        return policy_from(members, _MOMENT.validate_python(members.get("issued_at")))
    except (RuleError, ValidationError):
        log.warning("the policy of the enrolment cannot be used; the standard one holds")
        return STANDARD
