"""Making this station known to central, with a one-time code. The trust of everything later begins here."""

from __future__ import annotations

from pydantic import ValidationError

from station import __version__
from station.config import CentralSettings
from station.domain.errors import SetupError, TrustError
from station.domain.outcome import Halted, Later, Parked
from station.domain.ports import Clock
from station.seal.hello import first_hello
from station.seal.jws import SigningKey
from station.store.enrolment import Enrolment
from station.sync.classify import FAILURES, judge, judge_failure
from station.sync.client import CentralClient
from station.sync.network import Network
from station.wire import EnrolRequest, EnrolResponse, Problem


def enrol_station(
    url: str,
    *,
    code: str,
    name: str,
    office: str,
    key: SigningKey,
    bundle_recipient: str | None = None,
    settings: CentralSettings,
    clock: Clock,
    training: bool = False,
    network: Network | None = None,
) -> Enrolment:
    """Ask central to know `key`, and to seal bundles for `bundle_recipient`.

    SetupError `enrolment.refused` (wrong or used code) or `enrolment.unreachable`.
    """
    client = CentralClient(url, settings=settings, clock=clock, network=network)
    request = EnrolRequest(
        code=code.strip(),
        public_key=key.public,
        name=name,
        office=office,
        app_version=__version__,
        bundle_recipient=bundle_recipient,
    )
    try:
        answer = client.post_json("/v1/stations", request.model_dump(mode="json", exclude_none=True), signed=False)
    except FAILURES as failure:
        raise SetupError("enrolment.unreachable", trouble=judge_failure(failure).note.trouble.value) from failure
    finally:
        client.close()
    problem = answer.problem
    if answer.echoed and problem is not None and problem.problem is Problem.ENROLMENT_REFUSED:
        raise SetupError("enrolment.refused")
    outcome = judge(answer, clock.now())
    if outcome is not None:
        trouble = outcome.note.trouble.value if isinstance(outcome, Later | Halted | Parked) else "malformed"
        raise SetupError("enrolment.unreachable", trouble=trouble)
    try:
        response = EnrolResponse.model_validate_json(answer.body)
        hello = first_hello(response.hello)
    except (ValidationError, TrustError) as problem_found:
        raise SetupError("enrolment.unreadable_answer") from problem_found
    if hello.central_id != response.central_id:
        raise SetupError("enrolment.unreadable_answer")
    return Enrolment(
        station_id=response.station_id,
        station_name=name,
        office=office,
        central_url=client.base_url,
        central_id=response.central_id,
        central_name=hello.name,
        signing_keys=hello.signing_keys,
        sealing_recipients=hello.sealing_recipients,
        policy=response.policy,
        training=training,
        card=response.card or "",
    )
