"""What many tests need: an enrolled station with real files, a real central on loopback, and records to send."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from station.capture.lab import Lab
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.config import Settings
from station.desk import drafting, enrolment, officers, recording, sealing, signin, vouchers
from station.desk.office import Office, Operator
from station.domain.attachment import Attached, Attachment, Role
from station.domain.biometrics import BiometricException, Capture, DeviceInfo, ExceptionCode, Modality, Part, Stroke
from station.domain.delivery import OutboxItem, Stage
from station.domain.draft import Draft
from station.domain.form import FIELDS, clean, field_of, shown_answers
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.domain.role import Role as StaffRole
from station.domain.rows import RecordRow
from station.domain.verification import MATCH_THRESHOLD, Verification
from station.seal.body import Body
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of
from station.seal.vault import Argon2Cost
from station.store import captures, records
from station.store.depot import Depot
from station.store.vouchers import Cause
from station.sync.engine import Engine
from station.sync.network import Network
from station.wire import PacketManifest
from tests.fakes.scripted_device import minutiae

OPERATOR = "Siti R."
PASSWORD = "kata-sandi-uji"
CHIEF, CHIEF_PASSWORD = "Ani K.", "sandi-penyelia-1"
SECOND_PASSWORD = "sandi-rekan-1"
CHEAP = Argon2Cost(time=1, memory_kib=8, lanes=1)
"""The real algorithm at its lowest cost: tests check the wrapping, not the waiting."""
TODAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
APPROVED = "Data saya benar."


@dataclass
class HandClock:
    """A clock that moves only when it is told to."""

    wall: datetime = TODAY
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


def a_capture(part: Part, *, size: int = 400, taken_at: datetime = TODAY, whose: str = "") -> Capture:
    """A capture of `size` bytes: what the picture shows does not matter to store and delivery.

    A finger of somebody (`whose`) has minutiae, the same for the same name; of nobody it cannot be compared.
    """
    image = (part.value.encode() * size)[:size]
    strokes = (Stroke(((0.0, 0.0, 0, 0.5), (10.0, 5.0, 12, 0.75))),) if part is Part.SIGNATURE else ()
    device = DeviceInfo(part.modality, f"UJI-{part.modality.value}", "Contoh", "Uji", "test")
    template = minutiae(f"{whose} {part.value}") if whose and part.modality is Modality.FINGER else b""
    return Capture(part, image, 400, 500, 60, device, 1, taken_at, strokes, template=template)


def captured(office: Office, record_id: str, whose: str = "orang 1", *, size: int = 400) -> Draft:
    """As if devices had been here: all but the signature is kept, and the index fingers were verified.

    It goes straight into the database: comparing prints takes a process of its own, and is not what these tests tell.
    """
    verified = tuple(
        Verification(part, 2 * MATCH_THRESHOLD, 1, office.now(), "UJI-finger")
        for part in (Part.FINGER_02, Part.FINGER_07)
    )
    with office.applicants.write() as connection:
        for part in Part:
            if part is not Part.SIGNATURE:
                captures.put(connection, record_id, a_capture(part, size=size, whose=whose))
        stored = records.get(connection, record_id)
        assert stored is not None
        records.save(connection, records.touched(replace(stored, verification=verified), office.now()))
    return recording.resume(office, record_id)


def good_answers(serial: int = 1) -> dict[str, str]:
    """Answers without any finding; `serial` makes another person."""
    answers = shown_answers({item.key: item.good for item in FIELDS})
    answers["nik"] = f"990101610488{serial:04d}"
    answers["phone"] = f"0800{serial:07d}"
    if serial > 1:
        # Another name, as long: two people of one name and birth date are a warning.
        syllables = ("NASADUTIMALINETULAWI"[2 * int(digit) :][:2] for digit in str(serial))
        answers["name"] = answers["name"][:-2] + "".join(syllables)
    return answers


def filled(office: Office, record_id: str, answers: Mapping[str, str]) -> Draft:
    """The draft with all of `answers`: the NIK as the counter gives it, the others at once instead of one by one.

    How an answer is kept and what it changes is told by the tests of recording and of the window.
    """
    if "nik" in answers:
        recording.answer(office, record_id, "nik", answers["nik"])
    others = {key: clean(field_of(key), value) for key, value in answers.items() if key != "nik"}
    return drafting.changed(office, record_id, lambda stored: replace(stored, answers={**stored.answers, **others}))


@dataclass
class Workplace:
    """One enrolled station on real files; `reopen` is a restart."""

    root: Path
    url: str
    clock: Clock
    network: Network = field(default_factory=Network)
    settings: Settings = field(default_factory=Settings)
    lab: Lab | None = None
    """A lab that outlives this station; without one the office has its own."""

    def __post_init__(self) -> None:
        self.depot = Depot(self.root)
        self._engine: Engine | None = None
        self._office: Office | None = None

    def enrol(self, code: str) -> str:
        return enrolment.enrol(
            self.depot, self.url, code, "Stasiun Uji 02", "99.01.01", OPERATOR, PASSWORD,
            clock=self.clock, training=True, cost=CHEAP, network=self.network,
        )  # fmt: skip

    @property
    def office(self) -> Office:
        if self._office is None:
            operator = next(who for who in signin.operators(self.depot) if who.name == OPERATOR)
            self._office = signin.sign_in(self.depot, operator.operator_id, PASSWORD, self.clock, self.lab)
        return self._office

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = Engine(self.depot, self.settings, clock=self.clock, network=self.network)
        return self._engine

    def second_officer(self, name: str = "Budi P.") -> Operator:
        """Somebody who may stand for a decision of the operator's: another supervisor has let them in."""
        known = {who.name: who for who in signin.operators(self.depot)}
        chief = known.get(CHIEF) or officers.add(self.office, PASSWORD, CHIEF, StaffRole.SUPERVISOR, CHIEF_PASSWORD)
        return known.get(name) or officers.add(
            self.office, CHIEF_PASSWORD, name, StaffRole.OPERATOR, SECOND_PASSWORD, by=chief.operator_id
        )

    def vouched(self, record_id: str, parts: Collection[Part], code: Cause) -> vouchers.Voucher:
        """The second officer's word."""
        second = self.second_officer().operator_id
        return vouchers.vouch(self.office, second, SECOND_PASSWORD, record_id, parts, code)

    def draft(self, serial: int = 1, **changed: str) -> str:
        """A complete draft, ready to be sealed."""
        office = self.office
        record_id = recording.start(office).record.record_id
        filled(office, record_id, {**good_answers(serial), **changed})
        captured(office, record_id, f"orang {serial}")
        recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
        return record_id

    def seal(self, serial: int = 1, **changed: str) -> RecordRow:
        return sealing.seal(self.office, self.draft(serial, **changed))

    def drain(self, steps: int = 400) -> None:
        """Step until nothing is due; with a hand-moved clock, time passes in between."""
        for _ in range(steps):
            wait = self.engine.step()
            counts = self.depot.outbox.counts(day_start=TODAY)
            if wait > 0 and counts.waiting == 0:
                return
            if wait > 0 and isinstance(self.clock, HandClock):
                self.clock.pass_time(wait)
        raise AssertionError("the outbox did not drain")

    def stage(self, key: RecordKey) -> Stage | None:
        item = self.depot.outbox.get(key)
        return item.stage if item else None

    def close_engine(self) -> None:
        if self._engine is not None:
            self._engine.stop()
            self._engine = None

    def close(self) -> None:
        self.close_engine()
        if self._office is not None:
            self._office.rosters.close()
            self._office.applicants.close()
            if self._office.own_lab:
                self._office.lab.close()
            self._office = None
        self.depot.close()

    def reopen(self) -> Workplace:
        """A restart of the program on the same folder."""
        self.close()
        self.network = Network()
        self.__post_init__()
        return self


def seal(office: Office, record_id: str) -> RecordRow:
    """Seal as at the counter: the applicant signs first, unless their signature still holds.

    What was drawn for tests shows nothing: once it was sealed, no minutiae can be read from it, and there is a reason.
    """
    if Part.SIGNATURE in recording.resume(office, record_id).missing:
        recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    for item in recording.resume(office, record_id).open_captures:
        recording.confirm(office, record_id, item.field, item.code, "gambar uji")
    return sealing.seal(office, record_id)


@contextmanager
def running_central(root: Path, clock: Clock | None = None) -> Iterator[CentralServer]:
    """A real central on loopback that knows province 99."""
    server = CentralServer(root, options=CentralOptions(training=True), clock=clock)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def workplace(root: Path, server: CentralServer, clock: Clock | None = None) -> Iterator[Workplace]:
    """An enrolled station for `server`."""
    place = Workplace(root, server.url, clock or HandClock())
    place.enrol(server.central.new_code())
    try:
        yield place
    finally:
        place.close()


# ---------------------------------------------------------------------------- packets, for tests of their format


def a_body(*, name: str = "SITI AMINAH CONTOH") -> Body:
    """A small body with everything in it."""
    return Body(
        record={"form_version": 1, "answers": {**good_answers(), "name": name}},
        captures=tuple(a_capture(part) for part in Part if part is not Part.IRIS_LEFT),
        exceptions=(
            BiometricException(
                Part.IRIS_LEFT, ExceptionCode.BLIND, "buta sejak lahir", "op-2", None, "op-1", TODAY.isoformat(), 2
            ),
        ),
        approval={"text": APPROVED, "by": "signature"},
        attachments=(
            an_attachment(1, Role.DOCUMENT, "kk", b"%PDF-1.7 contoh"),
            an_attachment(2, Role.EVIDENCE, "exception", b"\xff\xd8\xff contoh"),
        ),
        verification=(Verification(Part.FINGER_02, 83, 1, TODAY, "UJI-finger"),),
    )


def an_attachment(number: int, role: Role, kind: str, data: bytes) -> Attached:
    """An attachment with its bytes, which show nothing."""
    media = "application/pdf" if role is Role.DOCUMENT else "image/jpeg"
    return Attached(Attachment(number, role, kind, "", 1, media, len(data), sha256_of(data), TODAY), data)


def a_manifest(body: bytes, key: SigningKey, **changed: Any) -> PacketManifest:
    """The manifest of `body` (an age file or any bytes), of a station called like its key."""
    members = {
        "record_id": "01a1fc0b-e380-71fd-afd0-1bb720aff3dd",
        "revision": 1,
        "station_id": key.kid,
        "office": "99.01.01",
        "operator_id": "op-1",
        "kind": "rekam_baru",
        "sealed_at": TODAY,
        "sequence": 1,
        "body_sha256": sha256_of(body),
        "body_size": len(body),
    }
    return PacketManifest.model_validate({**members, **changed})


def a_zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of these members, in this order, the same name twice if asked for."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # zipfile warns of the second member of a name
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def files_below(root: Path) -> list[Path]:
    """Every file below `root`."""
    return sorted(path for path in root.rglob("*") if path.is_file())


def an_item(number: int = 1, *, revision: int = 1, size: int = 1000, **changed: Any) -> OutboxItem:
    """The outbox row of a packet nobody has been told of; `number` makes another record, sealed a minute later each."""
    item = OutboxItem(
        key=RecordKey(f"01a1fc0b-e380-71fd-afd0-{number:012x}", revision),
        origin="station-1",
        sha256=f"{number:064x}",
        size=size,
        kind="rekam_baru",
        priority=0,
        sealed_at=TODAY + timedelta(minutes=number),
        stage=Stage.QUEUED,
        upload=None,
        offset=0,
        attempts=0,
        next_attempt_at=None,
        offered_at=None,
        last_note=None,
        last_tried_at=None,
        receipt=None,
        receipt_no="",
        received_at=None,
        reasons=(),
        central_code="",
        central_at=None,
    )
    return replace(item, **changed)
