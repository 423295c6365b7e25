"""What is fuzzed: each target takes bytes, and may refuse them only in words of this program.

Where something is signed, the bytes are what is signed: a signature that does not fit would end every attempt at once,
and whoever holds a key may still be mad. A new reader of anything from outside is one entry in TARGETS.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyrage
from pydantic import BaseModel, ValidationError
from pyrage import x25519

from station.capture import pictures
from station.capture.iso19794.reading import read as read_iso
from station.capture.sbi import messages, plain_json
from station.central.csv_intake import CsvIntake
from station.config import SettingsError, load_settings
from station.domain.codes import read_codes
from station.domain.errors import StationError
from station.domain.record import RecordKey
from station.relay import messages as relay
from station.seal.audit_head import check_head
from station.seal.body import new_identity, open_body, recipient_of
from station.seal.bundle_file import open_file
from station.seal.card import StationCard, check_card
from station.seal.claim import Claim, check_claim, read_claim
from station.seal.courier import BundleIndex, CourierFile, check_index
from station.seal.enrolment_file import EnrolmentFile, read_file
from station.seal.hello import check_hello
from station.seal.jws import SigningKey
from station.seal.key_change import check_key_change
from station.seal.packet import read_packet, verify_packet
from station.seal.person_line import read_line, target_of
from station.seal.policy import check_policy
from station.seal.receipts import check_receipt
from station.seal.recovery_words import read as read_words
from station.seal.refusals import SignedRefusal, check_refusal
from station.seal.reset_code import Challenge, open_seed, read_challenge, secret_in
from station.seal.wipe import check_wipe
from station.store.backup_book import BackupBook, load_book
from station.store.keyring import Keyring, load_keyring
from station.store.medium import FOLDER, MARK, Mark, medium_at
from station.store.region_file import read_regions
from station.store.snapshot_facts import FACTS, SnapshotFacts, read_facts
from station.store.tombstones import Tombstone
from station.store.wipe_book import WipeBook
from station.wire import (
    ChangesResponse,
    EnrolResponse,
    Hello,
    ManifestResponse,
    Receipt,
    ReconcileResponse,
    SignedAuditHead,
    SignedKeys,
    SignedWipe,
)
from tests.fuzz import seeds
from tests.support import TODAY

KEY = SigningKey.generate("c1")
IDENTITY = new_identity()
_RECIPIENT = x25519.Recipient.from_str(recipient_of(IDENTITY))
_RECORD = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 1)
_CHALLENGE = Challenge(990101, 1, 2, 3, 4)
_MOST_MEMBERS = 20


@dataclass(frozen=True)
class Target:
    """`refused` are the errors by which the reader may say no; any other one, a crash or a hang is a finding."""

    name: str
    read: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    refused: tuple[type[Exception], ...] = field(default=(StationError,))


def _payload(data: bytes) -> dict[str, object]:
    """What somebody with a key may have signed."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {"": found}


def _signed(data: bytes) -> str:
    return KEY.sign(_payload(data))


def _courier(data: bytes) -> None:
    file = CourierFile(io.BytesIO(data))
    for number, _member in enumerate(file.packets() if file.token else file.words()):
        if number > _MOST_MEMBERS:
            break


def _in_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """`read` wants a file."""

    def reading(data: bytes) -> object:
        with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            return read(path)

    return reading


def _list_file(path: Path) -> None:
    with open_file(path) as parts:
        parts.body.read(4096)


def _mark(path: Path) -> None:
    path.parent.joinpath(FOLDER).mkdir()
    medium_at(path.rename(path.parent / FOLDER / MARK).parent.parent)


def _wipe_book(path: Path) -> None:
    book = WipeBook(path.parent)
    assert [book.pending, book.untold, book.last]


def _claim(data: bytes) -> None:
    token = _signed(data)
    read_claim(token)
    check_claim(token, KEY.public, "c")


def _seed(data: bytes) -> None:
    open_seed(base64.b64encode(pyrage.encrypt(data, [_RECIPIENT])).decode(), [IDENTITY])


def _list_line(data: bytes) -> None:
    if read_line(data).answers is not None:
        target_of(data)


def _register(path: Path) -> None:
    intake = CsvIntake(path, area="99", today=date(2026, 11, 21), training=True, report=lambda _problem: None)
    for _person in intake.people():
        pass


def _device(data: bytes) -> None:
    try:
        found = plain_json.loads(data)
    except ValueError:  # which is how it says no
        return
    messages.read(messages.CaptureAnswer, found)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _message(model: type[BaseModel]) -> Target:
    name = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in model.__name__).strip("-")
    return Target(f"relay.{name}", model.model_validate_json, _of(model), (ValidationError,))


def _of(*models: type[BaseModel]) -> Callable[[], Sequence[bytes]]:
    return lambda: [seeds.example(model) for model in models]


TARGETS: tuple[Target, ...] = (
    Target("packet", lambda data: verify_packet(data, [KEY.public]), seeds.packets),
    Target("packet.unproven", read_packet, seeds.packets),
    Target("packet.body", lambda data: open_body(pyrage.encrypt(data, [_RECIPIENT]), IDENTITY), seeds.bodies),
    Target(
        "receipt",
        lambda data: check_receipt(_signed(data), [KEY.public], record=_RECORD, sha256="", size=0, central_id="c"),
        _of(Receipt),
    ),
    Target(
        "refusal",
        lambda data: check_refusal(_signed(data), [KEY.public], record=_RECORD, central_id="c"),
        _of(SignedRefusal),
    ),
    Target("hello", lambda data: check_hello(_signed(data), [KEY.public]), _of(Hello)),
    Target(
        "policy", lambda data: check_policy(_signed(data), [KEY.public], station_id="s", central_id="c"), seeds.policies
    ),
    Target("card", lambda data: check_card(_signed(data), [KEY.public], "c"), _of(StationCard)),
    Target(
        "keys",
        lambda data: check_key_change(_signed(data), [KEY.public], station_id="s", central_id="c"),
        _of(SignedKeys),
    ),
    Target(
        "wipe",
        lambda data: check_wipe(_signed(data), [KEY.public], station_id="s", central_id="c", now=TODAY),
        _of(SignedWipe),
    ),
    Target("courier", _courier, seeds.bundles),
    Target("courier.index", lambda data: check_index(_signed(data), KEY.public), _of(BundleIndex)),
    Target("list.file", _in_file("list.ktpel", _list_file), seeds.list_files),
    Target("enrolment.file", read_file, _of(EnrolmentFile)),
    Target("keyring", _in_file("keyring.json", load_keyring), _of(Keyring)),
    Target("words", lambda data: read_words(_text(data)), seeds.words),
    Target("challenge", lambda data: read_challenge(_text(data)), seeds.words),
    Target("answer.changes", ChangesResponse.model_validate_json, _of(ChangesResponse), (ValidationError,)),
    Target("answer.manifests", ManifestResponse.model_validate_json, _of(ManifestResponse), (ValidationError,)),
    Target("answer.reconcile", ReconcileResponse.model_validate_json, _of(ReconcileResponse), (ValidationError,)),
    Target("answer.enrol", EnrolResponse.model_validate_json, _of(EnrolResponse), (ValidationError,)),
    _message(relay.Introduction),
    _message(relay.Offers),
    _message(relay.OfferAnswers),
    _message(relay.ReceiptsHere),
    _message(relay.Returned),
    Target("audit.head", lambda data: check_head(_signed(data), KEY.public, "s"), _of(SignedAuditHead)),
    Target("claim", _claim, _of(Claim)),
    Target("reset.seed", _seed, seeds.reset_seeds),
    Target("reset.code", lambda data: secret_in(_text(data), _CHALLENGE), seeds.words),
    Target("wipe.book", _in_file("wipe.json", _wipe_book), seeds.wipe_books),
    Target("tombstone", Tombstone.model_validate_json, _of(Tombstone), (ValidationError,)),
    Target("backup.mark", _in_file("mark", _mark), _of(Mark)),
    Target("backup.facts", _in_file(FACTS, lambda path: read_facts(path.parent)), _of(SnapshotFacts)),
    Target("backup.book", _in_file("backup.json", load_book), _of(BackupBook)),
    Target(
        "settings", _in_file("station.toml", lambda path: load_settings(path.parent)), seeds.settings, (SettingsError,)
    ),
    Target("regions", _in_file("regions", lambda path: read_regions(path, provinces=frozenset({"99"}))), seeds.regions),
    Target("codes", lambda data: read_codes(_text(data)), seeds.codes),
    Target("list.line", _list_line, seeds.list_lines),
    Target("register.csv", _in_file("register.csv", _register), seeds.registers),
    Target("sbi.json", _device, seeds.devices),
    Target("iso19794", read_iso, seeds.records),
    Target("picture.finger", pictures.finger, seeds.pictures),
    Target("picture.iris", pictures.iris, seeds.pictures),
    Target("picture.face", pictures.face, seeds.pictures),
)
