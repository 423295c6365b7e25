"""Saying hello: the question that tells whether central is really there, and what it can do today."""

from __future__ import annotations

from station.domain.clocks import Check
from station.domain.errors import StoreError, TrustError
from station.domain.outcome import Later, Note, Outcome, Trouble
from station.log import get_logger
from station.seal.hello import check_hello
from station.store.depot import Depot
from station.store.enrolment import Enrolment, save_enrolment
from station.sync.claims import claim_place
from station.sync.classify import FAILURES, judge, judge_failure
from station.sync.key_changes import caught_up
from station.sync.lanes import Shared
from station.wire import Hello

log = get_logger(__name__)


def say_hello(shared: Shared) -> Hello | Outcome:
    """A verified hello, or why there is none."""
    enrolment, _ = shared.depot.enrolled()
    asked_at = shared.clock.now()
    try:
        answer = shared.client.get("/v1/hello", signed=False)
    except FAILURES as failure:
        return judge_failure(failure)
    outcome = judge(answer, shared.clock.now())
    if outcome is not None:
        return outcome
    try:
        token = answer.body.decode("ascii")
        believed = caught_up(enrolment, token)
        hello = check_hello(token, believed.signing_keys)
    except (TrustError, UnicodeDecodeError):
        return Later(Note(Trouble.PORTAL, answer.request_id, answer.status))
    if hello.central_id != enrolment.central_id:
        return Later(Note(Trouble.PORTAL, answer.request_id, answer.status))
    try:
        _learn(shared.depot, believed, hello)
        shared.depot.clocks.check = Check(hello.time - asked_at, asked_at)
    except StoreError as problem:  # central is there all the same: a full disk must not keep records from leaving it
        log.error("what the hello said was not written down: %s", problem.code)
    claimed = claim_place(shared)
    if claimed is not None:
        return claimed
    shared.limits, shared.pacing = hello.limits, hello.pacing
    shared.client.encodings = hello.encodings
    return hello


def _learn(depot: Depot, believed: Enrolment, hello: Hello) -> None:
    """Keep central's keys, name and pacing."""
    enrolment, _ = depot.enrolled()
    newer = believed.rolled_over(hello)
    if newer != enrolment:
        save_enrolment(depot.folder, newer)
        depot.load_enrolment()
    if hello.pacing != depot.memory.pacing:
        depot.memory.pacing = hello.pacing
