"""Weighing what central signed among its news: the newest policy and keys for this station, and a note of each.

Nothing is kept here. What is weighed is applied together with the cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from station.domain.errors import RuleError, StationError, TrustError
from station.domain.outcome import Note, Trouble
from station.domain.policy import Policy
from station.seal.policy import check_policy
from station.seal.wipe import check_wipe
from station.store.depot import Depot
from station.store.enrolment import Enrolment
from station.sync import own_card
from station.sync.key_changes import changed
from station.wire import UNREADABLE, Event, SignedWipe

POLICY, KEYS, WIPE = "policy", "keys", "wipe"


@dataclass
class Weighed:
    """What holds after the news, and what to tell the technician. `token` is '' for the policy that is here already."""

    enrolment: Enrolment
    policy: Policy
    kept: str
    token: str = ""
    notes: list[Note] = field(default_factory=list)
    wipes: list[SignedWipe] = field(default_factory=list)


def weigh(depot: Depot, events: Sequence[Event], now: datetime) -> Weighed:
    """Go through what is signed in `events`, in their order: keys that come first judge the policy after them."""
    enrolment, key = depot.enrolled()
    weighed = Weighed(enrolment, depot.policy, depot.memory.policy)
    for item in events:
        if _is(item, KEYS):
            _weigh_keys(weighed, item.members().get("jws"))
        elif _is(item, POLICY):
            _weigh_policy(weighed, item.members().get("jws"))
        elif _is(item, WIPE):
            weigh_wipe(weighed, item.members().get("jws"), now)
        elif _is(item, own_card.KIND):
            weighed.enrolment = own_card.with_card(weighed.enrolment, item.members().get("jws"), key)
    return weighed


def _is(item: Event, kind: str) -> bool:
    return item.kind == kind or (item.kind, item.note) == (UNREADABLE, kind)


def _weigh_keys(weighed: Weighed, token: object) -> None:
    """Keys that nobody known has signed are refused; those that were followed before are not told again."""
    try:
        after = changed(weighed.enrolment, token)
    except TrustError as problem:
        weighed.notes.append(Note(Trouble.KEYS_REFUSED, detail=problem.code))
        return
    if after != weighed.enrolment:
        names = " ".join(key.kid or key.x[:8] for key in after.signing_keys)
        weighed.notes.append(Note(Trouble.KEYS_APPLIED, detail=names))
        weighed.enrolment = after


def weigh_wipe(weighed: Weighed, token: object, now: datetime) -> None:
    """An order of whoever central signs with today, for this station; anything else is told, and does nothing."""
    enrolment = weighed.enrolment
    try:
        order = check_wipe(
            token,
            enrolment.signing_keys,
            station_id=enrolment.station_id,
            central_id=enrolment.central_id,
            now=now,
        )
    except TrustError as problem:
        weighed.notes.append(Note(Trouble.WIPE_REFUSED, detail=problem.code))
        return
    weighed.wipes.append(order)


def _weigh_policy(weighed: Weighed, token: object) -> None:
    """A policy that is not newer than what holds is refused."""
    if token and token == (weighed.token or weighed.kept):
        return  # told again, as central does after it was restored
    try:
        found = _newer(weighed, token)
    except (TrustError, RuleError) as problem:
        weighed.notes.append(_refused(problem))
        return
    weighed.policy, weighed.token = found, str(token)
    weighed.notes.append(_applied(found))


def _newer(weighed: Weighed, token: object) -> Policy:
    """The policy in `token`. TrustError `policy.older` when it was signed no later than the one that holds.

    Only keys that central signs with today are believed: it tells its policy anew after a change of keys.
    """
    enrolment, held = weighed.enrolment, weighed.policy
    keys, station_id = enrolment.signing_keys, enrolment.station_id
    found = check_policy(token, keys, station_id=station_id, central_id=enrolment.central_id)
    assert found.issued_at is not None, "every signed policy has a time"
    if held.issued_at is not None and found.issued_at <= held.issued_at:
        raise TrustError("policy.older")
    return found


def _refused(problem: StationError) -> Note:
    return Note(Trouble.POLICY_REFUSED, detail=f"{problem.code} {problem.data.get('figure', '')}".strip())


def _applied(policy: Policy) -> Note:
    assert policy.issued_at is not None
    at = policy.issued_at.astimezone()
    figures = " ".join(f"{name}={value}" for name, value in policy.figures.items())
    return Note(Trouble.POLICY_APPLIED, detail=f"{at:%d-%m-%Y %H.%M} · {figures}")
