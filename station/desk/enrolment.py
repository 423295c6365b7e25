"""First start: make the station known to central, make its keys, let the first operator in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from station.config import CentralSettings
from station.desk import reset_codes, staff
from station.desk.colleague import Colleague, check_password_length, new_holder
from station.domain.appointment import somebody_leads
from station.domain.errors import RuleError, SetupError
from station.domain.ports import Clock, SystemClock
from station.domain.role import Role
from station.failpoint import reach
from station.seal.body import new_identity, recipient_of
from station.seal.jws import SigningKey
from station.seal.key_chain import name_of
from station.seal.vault import Argon2Cost, new_database_key, new_recovery_key, wrap
from station.store.database import Database
from station.store.depot import Depot
from station.store.enrolment import Enrolment, save_enrolment
from station.store.keyring import KeyHolder, Keyring, load_keyring, save_keyring
from station.store.migrate import migrate
from station.store.secrets import BUNDLE_IDENTITY, keep_secret
from station.store.station_key import save_station_key
from station.store.unconfirmed import confirm, note_unconfirmed
from station.sync.address import check_address
from station.sync.enrol import enrol_station
from station.sync.network import Network

_OFFICE = re.compile(r"\d{2}\.\d{2}(\.\d{2})?")


def enrol(
    depot: Depot,
    central_url: str,
    code: str,
    station_name: str,
    office_code: str,
    operator_name: str,
    password: str,
    *,
    settings: CentralSettings | None = None,
    clock: Clock | None = None,
    training: bool = False,
    cost: Argon2Cost | None = None,
    network: Network | None = None,
    colleagues: Sequence[Colleague] = (),
    role: str = "",
    unconfirmed: bool = False,
) -> str:
    """Enrol and return the recovery key, to be shown once and written down. `colleagues` may sign in as well.

    Without a `role` the first operator is the supervisor, who lets the others in, unless one of the colleagues may.
    `unconfirmed`: somebody will be asked for the recovery words, and until then the station says that nobody was.
    RuleError for what was typed wrong, SetupError for what central or the folder says. Nothing is kept on failure.
    """
    check_first_start(station_name, office_code, operator_name, password)
    check_folder(depot)
    draft_key = SigningKey.generate(f"new-{uuid.uuid4().hex[:8]}")
    bundle_identity = new_identity()
    enrolment = enrol_station(
        central_url,
        code=code,
        name=station_name.strip(),
        office=office_code.strip(),
        key=draft_key,
        bundle_recipient=recipient_of(bundle_identity),
        settings=settings or CentralSettings(),
        clock=clock or SystemClock(),
        training=training,
        network=network,
    )
    led = somebody_leads([item.role for item in colleagues])
    first = Colleague(operator_name, role or (Role.OPERATOR if led else Role.SUPERVISOR), password)
    people, now = (first, *colleagues), (clock or SystemClock()).now()
    return establish(depot, enrolment, draft_key, bundle_identity, people, now, cost=cost, unconfirmed=unconfirmed)


def check_folder(depot: Depot) -> None:
    """SetupError `enrolment.already`, `enrolment.keyring_exists`: before a code is spent and an old key replaced."""
    if depot.enrolment is not None:
        raise SetupError("enrolment.already")
    if load_keyring(depot.folder.keyring).holders and depot.folder.applicants_db.exists():
        raise SetupError("enrolment.keyring_exists")


def establish(
    depot: Depot,
    enrolment: Enrolment,
    key: SigningKey,
    bundle_identity: str,
    people: Sequence[Colleague],
    now: datetime,
    *,
    cost: Argon2Cost | None = None,
    unconfirmed: bool = False,
) -> str:
    """Make this folder the station of `enrolment`, with `people` in it; returns the recovery key.

    The enrolment is written last: until then the power may be cut at any moment, and the first start begins again.
    """
    save_station_key(depot.folder, key)
    database_key, recovery = new_database_key(), new_recovery_key()
    holders = _make_keyring(depot, people, database_key, recovery, cost)
    reach("enrolment.keyring")
    _make_database(depot, database_key, bundle_identity, holders, now)
    reach("enrolment.database")
    (note_unconfirmed if unconfirmed else confirm)(depot.folder)
    save_enrolment(depot.folder, enrolment)  # without it the station is not enrolled, and this can be repeated
    reach("enrolment.saved")
    depot.folder.settle_first_start()
    depot.load_enrolment()
    reset_codes.keep_enough(depot, database_key, now, cost or Argon2Cost())
    return recovery


def check_first_start(station_name: str, office_code: str, operator_name: str, password: str) -> None:
    """RuleError for the first thing typed wrong."""
    check_place(station_name, office_code)
    if not operator_name.strip():
        raise RuleError("field.required", field="operator_name")
    check_password_length(password)


def check_central(address: str) -> None:
    """SetupError `central.address`, `central.insecure_address`: before anybody types a password."""
    check_address(address)


def check_place(station_name: str, office_code: str) -> None:
    """RuleError for a station without a name, or an office code that is none."""
    if not station_name.strip():
        raise RuleError("field.required", field="station_name")
    if not _OFFICE.fullmatch(office_code.strip()):
        raise RuleError("enrolment.office", field="office")


def _make_database(depot: Depot, key: bytes, bundle_identity: str, holders: Sequence[KeyHolder], now: datetime) -> None:
    """The applicants' database with its officers and with what opens central's bundles, not yet in its place."""
    path = depot.folder.first_applicants_db
    for suffix in ("", "-wal", "-shm"):  # of a first start that the power cut ended
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    applicants = Database(path, key)
    try:
        migrate(applicants, "applicants")
        with applicants.write() as connection:
            keep_secret(connection, BUNDLE_IDENTITY, bundle_identity)
            staff.found(connection, holders, now)
    finally:
        applicants.close()


def _make_keyring(
    depot: Depot, people: Sequence[Colleague], key: bytes, recovery: str, cost: Argon2Cost | None
) -> Sequence[KeyHolder]:
    """The database key under the password of each of `people` and under the recovery key."""
    holders = [new_holder(who, key, cost) for who in people]
    spare = KeyHolder(
        operator_id=staff.RECOVERY,
        name="",
        role=staff.RECOVERY,
        wrapped=wrap(key, recovery, label=staff.RECOVERY, cost=cost),
        key=name_of(key),
    )
    save_keyring(depot.folder.keyring, Keyring(holders=(*holders, spare)))
    return holders
