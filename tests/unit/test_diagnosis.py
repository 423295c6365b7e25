"""A diagnosis bundle holds what a technician needs, and nothing of any person: every byte of it is searched."""

from __future__ import annotations

import base64
import getpass
import io
import json
import logging
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from station.config import CentralSettings
from station.desk import diagnosis
from station.desk.doctor import Examining
from station.domain.biometrics import DeviceInfo, Modality, Part
from station.domain.delivery import Stage
from station.domain.device import Use
from station.domain.errors import DeviceError, StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.log import CODE_FAMILIES, get_logger, start_logging
from station.seal.body import recipient_of
from station.store.depot import Depot
from station.store.enrolment import save_enrolment
from station.store.tables import packet
from station.ui.sentences import SENTENCES
from station.wire import Problem
from tests.fakes.central import FakeCentral
from tests.fakes.central_faults import answer, problem
from tests.sending import PunctualCentral
from tests.support import OPERATOR, PASSWORD, HandClock, Workplace, a_capture, good_answers

HOME = "/home/siti.rahmawati/stasiun"
PEOPLE = (1, 2, 3)
PROXY_PASSWORD = "rahasia-proksi-88"
SAID = "WAYAN SUKERTI 9901016104880003 lahir 21-04-1988"
"""What a server, a device or a person may write wherever there is room for free text."""


# ---------------------------------------------------------------------------------------------------- what is searched


def members(bundle: bytes) -> dict[str, bytes]:
    """Everything in a bundle, decompressed, and its own bytes and names."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        found = {info.filename: archive.read(info) for info in archive.infolist()}
        return {**found, "(names)": "\n".join(found).encode(), "(the file itself)": bundle}


def shapes(secret: bytes) -> Iterator[bytes]:
    """The ways in which a secret may stand in a file: plain, hex, base64 at each offset, UTF-16, percent, backwards."""
    yield secret
    yield secret.hex().encode()
    yield secret[::-1]
    for offset in range(3):
        whole = base64.b64encode(bytes(offset) + secret)
        inner = whole[-(-offset * 8 // 6) : len(secret + bytes(offset)) // 3 * 4]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return
    yield text.encode("utf-16-le")
    yield quote(text).encode()
    yield json.dumps(text)[1:-1].encode()


def leaks(bundle: bytes, secrets: Mapping[str, bytes]) -> list[str]:
    """Which secrets are in the bundle, and where. Letters count alike, large or small."""
    found: list[str] = []
    places = {name: data.lower() for name, data in members(bundle).items()}
    for what, secret in secrets.items():
        for shape in {shape.lower() for shape in shapes(secret) if len(shape) >= 4}:
            found += [f"{what} in {name}" for name, data in places.items() if shape in data]
    return found


def secrets_of(place: Workplace) -> dict[str, bytes]:
    """Everything about people and keys that this station has seen."""
    found: dict[str, bytes] = {}
    for serial in PEOPLE:
        for key, value in good_answers(serial).items():
            if key in PERSONAL and len(value) >= 4:
                found[f"{key} of {serial}"] = value.encode()
                for word in value.split():
                    if len(word) >= 4 and not word.isdigit():
                        found[f"{key} of {serial}: {word}"] = word.encode()
        day = good_answers(serial)["birth_date"]
        found[f"birth of {serial}"] = f"{day[8:]}-{day[5:7]}-{day[:4]}".encode()
        found[f"birth of {serial}, bare"] = day.replace("-", "").encode()
    for word in SAID.split():
        if len(word) >= 5:
            found[f"said: {word}"] = word.encode()
    image = a_capture(Part.FINGER_02, size=400).image
    found["picture"] = image[100:148]
    found |= _keys_of(place)
    return found | {
        "operator": OPERATOR.encode(),
        "password": PASSWORD.encode(),
        "proxy user": b"siti.proksi",
        "proxy password": PROXY_PASSWORD.encode(),
        "home": HOME.encode(),
        "home's user": b"siti.rahmawati",
        "folder": str(place.root.parent).encode(),
        "station's name": b"Stasiun Uji 02",
    }


PERSONAL = {key for key in good_answers() if not good_answers()[key].isalpha() or "name" in key or "place" in key}
"""Answers that tell one person from another; *ISLAM* and *WNI* do not."""


def _keys_of(place: Workplace) -> dict[str, bytes]:
    """Every longer word of the files that hold keys, receipts and tokens."""
    found: dict[str, bytes] = {}
    lines = place.depot.enrolled()[1].pem().decode().splitlines()
    found |= {f"station key {number}": line.encode() for number, line in enumerate(lines) if "-" not in line}
    ring = json.loads(place.depot.folder.keyring.read_text())
    found |= {f"keyring {number}": word.encode() for number, word in enumerate(_texts(ring)) if len(word) >= 20}
    for item in place.depot.outbox.page(tuple(Stage), offset=0, limit=100):
        if item.receipt:
            found[f"receipt of {item.key}"] = item.receipt[:60].encode()
            found[f"signature of {item.key}"] = item.receipt.rsplit(".", 1)[1].encode()
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)


# --------------------------------------------------------------------------------------- a station that has seen a lot


@dataclass
class Lived:
    place: Workplace
    central: FakeCentral
    keys: tuple[RecordKey, ...]

    def bundle(self) -> bytes:
        return diagnosis.bundle(self.place.depot, self.place.clock.now())


@contextmanager
def logging_to(folder: Path) -> Iterator[None]:
    """The log of this station, and afterwards the one that was there before."""
    logger = logging.getLogger("station")
    before, level = list(logger.handlers), logger.level
    for handler in before:
        logger.removeHandler(handler)
    start_logging(folder)
    try:
        yield
    finally:
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        for handler in before:
            logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = True


@pytest.fixture(scope="module")
def lived(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Three people recorded, sent, refused and parked, and free text wherever there is room."""
    root = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("lived") / "siti.rahmawati" / "station"))
    clock = HandClock()
    with PunctualCentral(clock) as central, logging_to(root / "logs"):
        place = Workplace(root, central.url, clock)
        _serve(place, central)
        keys = tuple(place.seal(serial).record.key for serial in PEOPLE)
        reasons = [{"code": "nik.length", "field": "nik", "detail": SAID}]
        central.queue("patch", problem(Problem.PACKET_REFUSED, 422, reasons=reasons))
        central.queue("hello", problem(Problem.MAINTENANCE, 503, message=SAID), answer(200, SAID.encode()))
        central.queue("manifests", problem(Problem.BUSY, 429, retry_after="2", message=SAID))
        place.drain()
        _trouble(place, keys)
        _bad_log_calls()
        _doctor(place, central)
        (root / "station.toml").write_text(
            f'[central]\nca_file = "{HOME}/ca.pem"\nproxy = "http://siti.proksi:{PROXY_PASSWORD}@proxy.kantor.go.id:3128"\n'
        )
        yield Lived(place, central, keys)
        place.close()


def _serve(place: Workplace, central: FakeCentral) -> None:
    """Move the station to `central`, as if it had been enrolled there."""
    found, key = place.depot.enrolled()
    moved = found.model_copy(
        update={
            "central_url": central.url,
            "central_id": central.central_id,
            "signing_keys": (central.key.public,),
            "sealing_recipients": (recipient_of(central.identity),),
        }
    )
    save_enrolment(place.depot.folder, moved)
    place.depot.load_enrolment()
    central.know(found.station_id, key.public)


def _trouble(place: Workplace, keys: tuple[RecordKey, ...]) -> None:
    """Free text in every column that has room for it."""
    depot, now = place.depot, place.clock.now()
    note = Note(Trouble.MALFORMED, SAID[:36], 400, SAID)
    depot.technical_log.add(at=now, lane="manifests", key=keys[0], note=note)
    depot.technical_log.add(at=now, lane=SAID[:16], key=None, note=note)
    depot.lane_book.put(LaneState(LaneName.UPLOADS, Condition.RESTING, now, note, 3, now + timedelta(minutes=1)))
    with depot.outbox.database.write() as connection:
        text = json.dumps([["nik.length", "nik", SAID], [SAID, SAID, SAID]])
        connection.execute(
            packet.update()
            .where(packet.c.record_id == keys[2].record_id)
            .values(
                reasons=text, detail=SAID, central_code=SAID, void_reason=SAID, came_by=SAID, kind=SAID, origin=SAID
            )
        )
    device = DeviceInfo(Modality.FINGER, "9901016104880003", "WAYAN SUKERTI", "Telepon Wayan", "os-camera")
    depot.devices.used(Use(device, 900, "device.unplugged"), at=now)
    depot.throughput.add(now, 12_345, 1, 2.0)


def _bad_log_calls() -> None:
    """What careless code logs: names as values, errors that say names, numbers that are people."""
    log = get_logger("station.test.diagnosis")
    log.warning("a value: %s, a number: %d, a path: %s", SAID, 9901016104880003, f"{HOME}/x")
    log.error("again: %s and %s", {"name": SAID}, StoreError("store.io", reason=SAID))
    log.info("phone %s and born %s", 8_123_456_789, "1988-04-21")
    try:
        raise KeyError(SAID)
    except KeyError as inner:
        try:
            raise DeviceError("device.broken", what=SAID) from inner
        except DeviceError:
            log.critical("a bug", exc_info=True)


def _doctor(place: Workplace, central: FakeCentral) -> None:
    central.queue("changes", problem(Problem.STATION_BLOCKED, 403, reason=SAID, min_client=SAID))
    Examining(place.depot, CentralSettings(), place.clock).run()


# ---------------------------------------------------------------------------------------------------------- the proof


def test_no_byte_of_a_bundle_is_about_a_person(lived: Lived) -> None:
    secrets = secrets_of(lived.place)
    assert len(secrets) > 60
    assert leaks(lived.bundle(), secrets) == []


def test_the_user_and_the_home_of_this_very_computer_are_not_in_it(lived: Lived) -> None:
    names = {"user": getpass.getuser(), "home": str(Path.home())}
    assert leaks(lived.bundle(), {what: name.encode() for what, name in names.items() if len(name) > 4}) == []


@pytest.mark.parametrize("way", range(9))
def test_the_search_finds_what_is_planted(lived: Lived, way: int) -> None:
    """A search that cannot find proves nothing: each secret is planted in each shape, and must be found."""
    secrets = secrets_of(lived.place)
    receipt = next(what for what in secrets if what.startswith("receipt of"))
    for what in ("nik of 1", "name of 2", "picture", receipt, "station key 1"):
        planted = list(shapes(secrets[what]))
        if way >= len(planted):
            continue
        buffer = io.BytesIO(lived.bundle())
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("more.json", b'{"x": "' + planted[way] + b'"}')
        assert any(leak.startswith(what) for leak in leaks(buffer.getvalue(), secrets)), what


def test_the_search_sees_what_the_log_says(lived: Lived, said: list[str]) -> None:
    """Were a name part of the words of a log call, it would come through: the search finds it there."""
    get_logger("station.test.diagnosis").warning(f"careless {' '.join(SAID.split()[:2])}")
    assert any("technical.log" in leak for leak in leaks(lived.bundle(), secrets_of(lived.place)))
    _forget_last_line(lived)


def _forget_last_line(lived: Lived) -> None:
    path = lived.place.depot.folder.logs / "technical.log"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def test_every_log_call_of_this_program_has_its_words_in_the_source() -> None:
    """The promise on which the log in a bundle rests: the first argument is a text, never put together."""
    station = Path(diagnosis.__file__).parents[1]
    call = re.compile(r"\b_?log\.(?:debug|info|warning|error|critical|exception)\(\s*(.)")
    calls = [(path, first) for path in station.rglob("*.py") for first in call.findall(path.read_text("utf-8"))]
    assert len(calls) > 40
    assert [f"{path.name}: {first}" for path, first in calls if first != '"'] == []


def test_every_code_of_this_program_may_stand_in_the_log() -> None:
    unknown = {code.split(".")[0] for code in SENTENCES} - CODE_FAMILIES
    assert unknown == set(), "add them to CODE_FAMILIES in station/log.py"


# ---------------------------------------------------------------------------------------------- and yet it is of use


def page(bundle: bytes, name: str) -> object:
    return json.loads(members(bundle)[name])


def test_it_tells_a_technician_what_happened(lived: Lived) -> None:
    bundle = lived.bundle()
    assert page(bundle, "versions.json")["station"]  # type: ignore[index]
    rows = page(bundle, "packets.json")
    assert {row["packet"] for row in rows} == {str(key) for key in lived.keys}  # type: ignore[attr-defined]
    odd = next(row for row in rows if row["packet"] == str(lived.keys[2]))  # type: ignore[attr-defined]
    assert odd["reasons"] == [["nik.length", "nik"], ["…", "?"]]
    lanes = {lane["name"]: lane for lane in page(bundle, "lanes.json")}  # type: ignore[attr-defined]
    assert (lanes["uploads"]["trouble"], lanes["uploads"]["detail"]) == ("malformed", "…")
    assert page(bundle, "throughput.json")["day"]  # type: ignore[index]
    findings = page(bundle, "doctor.json")["findings"]  # type: ignore[index]
    assert [one["remedy"] for one in findings if one["state"] == "failed"] == ["blocked"]
    found = page(bundle, "settings.json")
    assert found["proxy"] == "http://proxy.kantor.go.id:3128"  # type: ignore[index]
    assert found["own_authorities"] is True  # type: ignore[index]
    log = members(bundle)["technical.log"].decode()
    assert "a bug | DeviceError device.broken at test_diagnosis:" in log
    assert "<- KeyError" in log
    assert "again: %s and %s | … store.io" in log
    assert "a value: %s, a number: %d, a path: %s | … … …" in log


def test_every_page_can_be_read(lived: Lived) -> None:
    for name, data in members(lived.bundle()).items():
        if name.endswith(".json"):
            found = json.loads(data)
            assert not (isinstance(found, dict) and "unreadable" in found), name


def test_it_is_written_whole_under_a_name_that_says_nothing_of_anybody(lived: Lived, tmp_path: Path) -> None:
    now = lived.place.clock.now()
    first, second = (diagnosis.write(lived.place.depot, tmp_path, now) for _ in range(2))
    assert first != second
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.name, second.name])
    assert first.name.startswith("diagnosis-")
    assert zipfile.ZipFile(first).testzip() is None


def test_a_folder_that_takes_no_file_is_named(lived: Lived, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as found:
        diagnosis.write(lived.place.depot, tmp_path / "gone", lived.place.clock.now())
    assert found.value.code == "store.io"


def test_a_station_that_nobody_has_enrolled_has_a_diagnosis_too(tmp_path: Path) -> None:
    depot = Depot(tmp_path / "new")
    bundle = diagnosis.bundle(depot, HandClock().now())
    depot.close()
    assert page(bundle, "station.json") == {"enrolled": False}


def test_however_much_there_is_it_stays_below_its_limit(tmp_path: Path) -> None:
    depot, now = Depot(tmp_path / "full"), HandClock().now()
    line = "2026-11-21T03:00:00+00:00 | WARNING | station.sync.engine | engine:12 | packet %s | "
    depot.folder.logs.mkdir()
    noise = (f"{line}{number:x}{hash(str(number)):x}" for number in range(40_000))
    (depot.folder.logs / "technical.log").write_text("\n".join(noise))
    (depot.folder.logs / "technical.log.1").write_text("X" * 2_000_000)
    with depot.outbox.database.write() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 2500)"
            " INSERT INTO log (at, lane, record_id, revision, trouble, request_id, http_status, detail)"
            " SELECT '2026-11-21 03:00:00.000000', 'uploads', lower(hex(randomblob(16))), 1, 'timeout',"
            " lower(hex(randomblob(16))), 500, 'ReadTimeout' FROM n"
        )
    found = diagnosis.bundle(depot, now)
    depot.close()
    assert len(json.loads(members(found)["notes.json"])) == 2000
    assert len(found) < diagnosis.LIMIT_BYTES
    assert sum(map(len, members(found).values())) < diagnosis.LIMIT_BYTES
