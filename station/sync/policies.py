"""Weighing the policies among central's news: the newest that central signed for this station, and a note of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from station.domain.errors import RuleError, TrustError
from station.domain.outcome import Note, Trouble
from station.domain.policy import Policy
from station.seal.policy import check_policy
from station.store.depot import Depot
from station.wire import UNREADABLE, Event

KIND = "policy"


@dataclass(frozen=True)
class Weighed:
    """What to keep, '' for what is here already, and what to tell the technician."""

    token: str = ""
    notes: tuple[Note, ...] = ()


def weigh_policies(depot: Depot, events: Sequence[Event]) -> Weighed:
    """Go through the policies in `events` in their order; one that is not newer than what holds is refused."""
    weighed, held = Weighed(), depot.policy
    for item in events:
        if item.kind != KIND and (item.kind, item.note) != (UNREADABLE, KIND):
            continue
        token = item.members().get("jws")
        if token and token == (weighed.token or depot.memory.policy):
            continue  # told again, as central does after it was restored
        try:
            found = _newer(depot, token, held)
        except (TrustError, RuleError) as problem:
            figure = problem.data.get("figure", "")
            weighed = Weighed(weighed.token, (*weighed.notes, _refused(f"{problem.code} {figure}".strip())))
        else:
            held, weighed = found, Weighed(str(token), (*weighed.notes, _applied(found)))
    return weighed


def _newer(depot: Depot, token: object, held: Policy) -> Policy:
    """The policy in `token`. TrustError `policy.older` when it was signed no later than the one that holds.

    Only keys that central signs with today are believed: it tells its policy anew after a change of keys.
    """
    enrolment, _ = depot.enrolled()
    keys, station_id = enrolment.signing_keys, enrolment.station_id
    found = check_policy(token, keys, station_id=station_id, central_id=enrolment.central_id)
    assert found.issued_at is not None, "every signed policy has a time"
    if held.issued_at is not None and found.issued_at <= held.issued_at:
        raise TrustError("policy.older")
    return found


def _refused(detail: str) -> Note:
    return Note(Trouble.POLICY_REFUSED, detail=detail)


def _applied(policy: Policy) -> Note:
    assert policy.issued_at is not None
    at = policy.issued_at.astimezone()
    figures = " ".join(f"{name}={value}" for name, value in policy.figures.items())
    return Note(Trouble.POLICY_APPLIED, detail=f"{at:%d-%m-%Y %H.%M} · {figures}")
