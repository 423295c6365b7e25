"""Enrolment by a file from a stick: the station is one at once, and central hears of it at the first contact.

Wrong codes are counted over restarts. Must not know how the code reached whoever types it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from station.desk.colleague import Colleague, check_password_length
from station.desk.enrolment import check_folder, establish
from station.domain.errors import AccessError, RuleError
from station.domain.ports import Clock, SystemClock
from station.seal.body import new_identity, recipient_of
from station.seal.claim import Claim, sign_claim
from station.seal.enrolment_file import MAX_BYTES, EnrolmentPapers, open_papers, read_file
from station.seal.jws import SigningKey
from station.seal.stick import open_to_read, said_of_stick
from station.seal.vault import Argon2Cost
from station.store.depot import Depot
from station.store.enrolment import Enrolment
from station.sync.address import check_address

FREE_TRIES = 5
WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
SUFFIX = ".pendaftaran"


@dataclass(frozen=True)
class Opened:
    """What a file says about the station it makes."""

    station_name: str
    office: str
    number: int
    central_name: str
    central_url: str


def files_in(folder: Path) -> tuple[Path, ...]:
    """The enrolment files of a stick, newest first; () when it cannot be read."""
    try:
        found = [path for path in folder.iterdir() if path.suffix == SUFFIX and path.is_file()][:50]
        return tuple(sorted(found, key=lambda path: path.stat().st_mtime, reverse=True))
    except OSError:
        return ()


def take(path: Path) -> bytes:
    """The file, up to what such a file can be. StoreError `stick.*`; the rest is judged when it is opened."""
    with said_of_stick(), open_to_read(path) as file:
        return file.read(MAX_BYTES + 1)


def look(depot: Depot, data: bytes, code: str, clock: Clock | None = None) -> Opened:
    """What the file says, when `code` opens it; the code is not spent.

    AccessError `enrolment_file.code` (tries_left), `signin.wait` (seconds); TrustError `enrolment_file.*`; SetupError
    `central.address`, `central.insecure_address`, `enrolment.already`, `enrolment.keyring_exists`.
    """
    check_folder(depot)
    papers, _claiming = _open(depot, data, code, (clock or SystemClock()).now())
    return Opened(
        papers.station_name, papers.office, papers.policy.station_number, papers.central_name, papers.central_url
    )


def enrol_by_file(
    depot: Depot,
    data: bytes,
    code: str,
    people: Sequence[Colleague],
    *,
    clock: Clock | None = None,
    cost: Argon2Cost | None = None,
    unconfirmed: bool = False,
) -> str:
    """Make this folder the station of the file, and return the recovery key. Errors of `look`, and RuleErrors for what
    was typed wrong about `people`. Nothing is kept on failure.
    """
    check_people(people)
    check_folder(depot)
    now = (clock or SystemClock()).now()
    papers, claiming = _open(depot, data, code, now)
    key, identity = SigningKey.generate(papers.station_id), new_identity()
    claim = Claim(
        station_id=papers.station_id,
        central_id=papers.central_id,
        public_key=key.public,
        bundle_recipient=recipient_of(identity),
    )
    enrolment = Enrolment(
        station_id=papers.station_id,
        station_name=papers.station_name,
        office=papers.office,
        central_url=check_address(papers.central_url),
        central_id=papers.central_id,
        central_name=papers.central_name,
        signing_keys=papers.signing_keys,
        sealing_recipients=papers.sealing_recipients,
        policy=papers.policy,
        training=papers.training,
        authorities=papers.authorities,
        claim=sign_claim(claiming, claim),
        claim_until=papers.claim_until,
    )
    return establish(depot, enrolment, key, identity, people, now, cost=cost, unconfirmed=unconfirmed)


def check_people(people: Sequence[Colleague]) -> None:
    """RuleError for a name that is missing or there twice, or a password that is too short."""
    seen: set[str] = set()
    for who in people:
        name = " ".join(who.name.split())
        if not name:
            raise RuleError("field.required", field="name")
        if name.casefold() in seen:
            raise RuleError("officer.name_taken", field="name")
        seen.add(name.casefold())
        check_password_length(who.password)


def _open(depot: Depot, data: bytes, code: str, now: datetime) -> tuple[EnrolmentPapers, SigningKey]:
    """What the file says. A wrong code is counted, and after five of them there is a wait that outlasts a restart."""
    file = read_file(data)
    count, until = depot.memory.code_tries
    if until is not None and now < until:
        until = min(until, now + LONGEST_WAIT)  # a clock that was set back makes it no longer
        raise AccessError("signin.wait", seconds=int((until - now).total_seconds()) + 1)
    try:
        papers, claiming = open_papers(file, code, now)
    except AccessError as problem:
        raise _counted(depot, count + 1, now) from problem
    if count:
        depot.memory.code_tries = (0, None)
    check_address(papers.central_url)
    return papers, claiming


def _counted(depot: Depot, count: int, now: datetime) -> AccessError:
    over = count - FREE_TRIES
    wait = min(WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None
    depot.memory.code_tries = (count, now + wait if wait else None)
    if wait:
        return AccessError("signin.wait", seconds=int(wait.total_seconds()))
    return AccessError("enrolment_file.code", tries_left=FREE_TRIES - count)
