"""Scenario 6, a woman without fingers: ten exceptions with photo and a supervisor's word, two irises, a line.

She goes home with a receipt. On the way every key that is switched off and every refusal says why.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QComboBox

from station.central.keys import load_keys
from station.central.server import CentralServer
from station.desk import signin
from station.domain.attachment import Role as Shown
from station.domain.biometrics import FINGERS, IRISES, ExceptionCode, Modality, Part, Stroke
from station.domain.delivery import OutboxItem
from station.domain.record import RecordKey
from station.domain.role import Role
from station.domain.steps import Step
from station.seal.body import Body, open_body
from station.seal.packet import read_packet
from station.training.mode import OFFICER, OFFICER_PASSWORD
from station.training.people import PEOPLE, Person
from station.ui.print_dialog import PrintDialog
from station.ui.screens.steps.exception_dialog import ExceptionDialog
from station.ui.widgets.signature_pad import SignaturePad
from tests.end2end.window import ENGLISH, Operator, said, window_of

BODY = next(person for person in PEOPLE if person.absent == FINGERS)
"""The one of the cast whose hands the simulator draws so."""
SULASTRI = Person(
    {**BODY.answers, "nik": "9901055103700003", "name": "SULASTRI TANPA JARI CONTOH", "sex": "2"},
    BODY.seed,
    absent=FINGERS,
)
DOT = (Stroke(((300.0, 100.0, 0, 0.5), (304.0, 101.0, 12, 0.5))),)
LINE = (Stroke(tuple((60.0 + 24 * step, 100.0, 12 * step, 0.5) for step in range(17))),)
"""What somebody draws who holds the pen between the wrists: one line from left to right."""


def test_a_woman_without_fingers_is_recorded_with_ten_exceptions_and_goes_home_with_a_receipt(tmp_path: Path) -> None:
    with window_of(tmp_path, settings=ENGLISH) as operator:
        operator.sign_in()
        record_id = operator.begin(SULASTRI)
        operator._fill_in(SULASTRI, shown=False)
        nothing_is_refused_without_a_word(operator)
        operator.go_on(Step.PHOTO)
        operator._capture(Step.PHOTO)
        nothing_is_refused_without_a_word(operator)
        operator.go_on(Step.FINGERS)
        _ten_exceptions_with_photo_and_a_supervisors_word(operator)
        _two_irises(operator)
        _a_line_is_a_signature(operator)
        _she_is_sealed_and_gets_her_paper(operator)
        _central_has_it_and_gives_a_receipt(operator, RecordKey(record_id, 1))


def nothing_is_refused_without_a_word(operator: Operator) -> None:
    """Every key that a person sees and cannot press says why, on itself or to a screen reader."""
    frame = operator.app.window.frame
    assert frame is not None
    keys = [key for key in frame.current.findChildren(QAbstractButton) if key.isVisible() and not key.isEnabled()]
    silent = [key.objectName() or key.text() for key in keys if not (key.toolTip() or key.accessibleDescription())]
    assert not silent, silent


def _ten_exceptions_with_photo_and_a_supervisors_word(operator: Operator) -> None:
    player = operator.player
    nothing_is_refused_without_a_word(operator)
    player.click("step.fingers.except")
    dialog = player.find("exception", ExceptionDialog)
    refused(operator, "exception.parts.note", "Choose at least one")
    for hand in ("right", "left"):
        player.click(f"exception.hand.{hand}")
    cause = player.find("exception.cause", QComboBox)
    assert_refused_beside(operator, dialog._cause_field.below.text, "Choose the cause")
    cause.setCurrentIndex(cause.findData(ExceptionCode.ABSENT.value))
    assert_refused_beside(operator, dialog._reason_field.below.text, said("exception.no_reason"))
    player.type("sejak lahir", into="exception.reason")
    refused(operator, "exception.photo.state", "photo")
    player.wait_until(lambda: dialog.photo.view.preview.live, "the camera looks")
    player.click("exception.camera.take")
    operator.await_text("exception.photo.state", "A photo is here")
    assert_refused_beside(operator, dialog.officer.password_field.below.text, "their own password")
    player.type("bukan-ini", into="exception.password")
    player.click("exception.confirm")
    player.wait_until(lambda: dialog.officer.password_field.below.text() not in ("", HINT), "a wrong password is said")
    officer = player.find("exception.officer", QComboBox)
    assert OFFICER in officer.currentText() and "Supervisor" in officer.currentText()
    player.type(OFFICER_PASSWORD, into="exception.password")
    player.click("exception.confirm")
    player.wait_until(lambda: operator.draft.done(Step.FINGERS), "the exceptions are kept")
    granted = operator.draft.exceptions
    approver = next(who for who in signin.operators(operator.depot) if who.name == OFFICER)
    assert [item.part for item in granted] == list(FINGERS)
    assert {(item.code, item.reason, item.approved_by) for item in granted} == {
        (ExceptionCode.ABSENT, "sejak lahir", approver.operator_id)
    }
    assert approver.role == Role.SUPERVISOR
    assert approver.operator_id != operator.office.operator.operator_id, "a second pair of eyes"
    assert [item.role for item in operator.draft.attachments] == [Shown.EVIDENCE], "one photo shows all ten"
    nothing_is_refused_without_a_word(operator)


HINT = ""


def refused(operator: Operator, name: str, word: str) -> None:
    """Confirm too early: what is missing is said where it is missing."""
    operator.player.click("exception.confirm")
    operator.await_text(name, word)


def assert_refused_beside(operator: Operator, says: object, word: str) -> None:
    operator.player.click("exception.confirm")
    assert callable(says)
    operator.player.wait_until(lambda: word.casefold() in str(says()).casefold(), f"it says {word}")


def _two_irises(operator: Operator) -> None:
    operator.go_on(Step.IRISES)
    operator._capture(Step.IRISES)
    assert {part for part in operator.draft.captures if part.modality is Modality.IRIS} == set(IRISES)
    nothing_is_refused_without_a_word(operator)


def _a_line_is_a_signature(operator: Operator) -> None:
    player = operator.player
    operator.go_on(Step.SIGNATURE)
    nothing_is_refused_without_a_word(operator)
    pad = player.find("step.signature.pad", SignaturePad)
    player.sign(pad, DOT)
    player.click("step.signature.capture")
    player.wait_until(lambda: "too short" in said_beside(operator), "a dot is refused in words")
    assert "a simple line is enough" in said_beside(operator)
    player.click("step.signature.capture") if Part.SIGNATURE in operator.draft.captures else pad.clear()
    player.sign(pad, LINE)
    player.click("step.signature.capture")
    player.wait_until(lambda: operator.draft.done(Step.SIGNATURE), "the line is kept")
    nothing_is_refused_without_a_word(operator)


def said_beside(operator: Operator) -> str:
    problem = operator._screen().page.problem()
    return f"{problem.title} {problem.todo}" if problem else ""


def _she_is_sealed_and_gets_her_paper(operator: Operator) -> None:
    player = operator.player
    operator.go_on(Step.DOCUMENTS)
    nothing_is_refused_without_a_word(operator)
    operator.go_on(Step.REVIEW)
    assert not operator._screen().bench.review.verify.wanted, "no finger is asked for that is not there"
    player.wait_until(lambda: operator._screen().bench.review.complete, "nothing stands against it")
    nothing_is_refused_without_a_word(operator)
    player.click("capture.next")
    player.click("sealed.print")
    paper = operator._screen().findChild(PrintDialog)
    assert paper is not None
    html = paper._paper.html
    assert "2 irises" in html and "signature" in html and "fingerprint" not in html
    assert "Could not be recorded" in html and "sejak lahir" not in html, "which, and never why"
    paper.reject()
    player.click("sealed.next")
    player.find("applicant.nik")


def _central_has_it_and_gives_a_receipt(operator: Operator, key: RecordKey) -> None:
    def item() -> OutboxItem:
        (found,) = operator.packets()
        return found

    operator.player.wait_until(lambda: bool(item().receipt_no), "the receipt of central")
    operator.open("records")
    operator.player.wait_until(lambda: operator.depot.outbox.get(key) is not None, "it is in the list")
    server = operator._training.server
    assert server is not None
    body = opened(server, operator._training.root / "central", key)
    assert [item.part for item in body.exceptions] == list(FINGERS)
    assert all(item.approved_by and item.evidence for item in body.exceptions)
    assert {item.part for item in body.captures} == {Part.FACE, *IRISES, Part.SIGNATURE}
    (signature,) = [item for item in body.captures if item.part is Part.SIGNATURE]
    assert len(signature.strokes) == 1, "one line"
    assert [item.facts.role for item in body.attachments] == [Shown.EVIDENCE]


def opened(server: CentralServer, folder: Path, key: RecordKey) -> Body:
    """What arrived, as central opens it."""
    packet = read_packet(server.central.packet_path(key).read_bytes())
    keys = load_keys(folder, "central-latihan")
    return open_body(packet.body, keys.identities[-1])
