"""The first contact of a station that a file enrolled: it claims its place, once, before anything else is said.

Central's hello was verified just before, by a key the file brought. Must not know how the claim was made.
"""

from __future__ import annotations

from pydantic import ValidationError

from station import __version__
from station.domain.errors import StoreError
from station.domain.outcome import Halted, Note, Outcome, Trouble
from station.log import get_logger
from station.store.enrolment import save_enrolment
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.client import Answer
from station.sync.lanes import Shared
from station.sync.own_card import with_card
from station.wire import ClaimRequest, EnrolResponse, Problem

PATH = "/v1/stations/claims"
_REFUSED = {"used": Trouble.CLAIM_USED, "expired": Trouble.CLAIM_EXPIRED}

log = get_logger(__name__)


def claim_place(shared: Shared) -> Outcome | None:
    """Claim it when there is one to claim; None when central knows this station. A lost answer is asked for again.

    Halted with the reason when central will not have the claim: it is kept and made again, for central may have been
    restored from an older copy.
    """
    enrolment, _key = shared.depot.enrolled()
    if not enrolment.claim:
        return None
    request = ClaimRequest(claim=enrolment.claim, app_version=__version__)
    try:
        answer = shared.client.post_json(PATH, request.model_dump(mode="json"), signed=False)
    except FAILURES as failure:
        return judge_failure(failure)
    if refused := _refusal(answer):
        return refused
    outcome = judge(answer, shared.clock.now())
    return outcome if outcome is not None else _welcomed(shared, answer)


def _refusal(answer: Answer) -> Halted | None:
    problem = answer.problem if answer.echoed else None
    if problem is None or problem.problem is not Problem.ENROLMENT_REFUSED:
        return None
    trouble = _REFUSED.get(problem.reason, Trouble.CLAIM_REFUSED)
    return Halted(Note(trouble, answer.request_id, answer.status))


def _welcomed(shared: Shared, answer: Answer) -> Outcome | None:
    """Believed only with a card for this very station and key, signed by the central that the hello proved."""
    enrolment, key = shared.depot.enrolled()
    try:
        said = EnrolResponse.model_validate_json(answer.body)
    except ValidationError:
        return unreadable(answer)
    carded = with_card(enrolment, said.card, key)
    if said.station_id != enrolment.station_id or not carded.card:
        return unreadable(answer)
    policy = said.policy if said.policy.station_number == enrolment.policy.station_number else enrolment.policy
    try:
        save_enrolment(shared.depot.folder, carded.model_copy(update={"claim": "", "policy": policy}))
    except StoreError as problem:  # it is claimed all the same, and claimed again at the next hello
        log.error("that central knows this station now was not written down: %s", problem.code)
        return None
    shared.depot.load_enrolment()
    shared.depot.memory.examined = None  # what the doctor found before central knew this station
    return None
