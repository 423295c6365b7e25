"""The audit trail and a lost laptop on the screen of the guard; and words for every action that is ever written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

import station
from station import i18n
from station.desk import recording, trail
from station.domain.reconciliation import Counts
from station.domain.record import Move
from station.store.keyring import ResetBatch, ResetSlot, load_keyring, save_keyring
from station.ui import audit_words, labels
from station.ui.lost_station import LostStation
from station.ui.models.audit import AuditModel
from station.ui.screens.guard.audit_card import AuditCard
from station.ui.screens.guard.audit_dialog import AuditDialog
from station.ui.screens.guard.inventory_dialog import InventoryDialog, as_html
from station.ui.screens.guard.lost_card import LostCard
from station.ui.widgets.banner import Banner
from station.wire import SignedWipe
from tests.support import OPERATOR, Workplace, good_answers
from tests.ui.conftest import Hands

ROOT = Path(station.__file__).parent
_WRITERS = {"note", "_note", "_noted", "_audited", "note_deed", "note_read", "_append"}
_DETAILED = _WRITERS | {"append", "append_beyond", "note_paper"}
_NO_DETAIL = {"at", "operator_id", "action", "record_id", "at_least"}
_BUILT = {"asked_by", "parts", "kind", "times", "first", "last", *Counts.__dataclass_fields__}
"""Those that are put together before the call: of vouchers, reads, missing lines, and the report of a trip."""


def written_actions() -> set[str]:
    """Every action that stands in the code of desk and store."""
    found: set[str] = {move.value for move in Move}
    for path in [*(ROOT / "desk").glob("*.py"), *(ROOT / "store").glob("*.py")]:
        source = path.read_text("utf-8")
        if "audit" not in source and "trail" not in source and "drafting" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                found |= _actions_of(node)
    return found


def _actions_of(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    found = set()
    for keyword in call.keywords:
        if keyword.arg == "action":
            found |= _texts(keyword.value)
        elif keyword.arg == "audited":
            found |= (
                set(list(_texts(keyword.value))[:1])
                if not isinstance(keyword.value, ast.Tuple)
                else _texts(keyword.value.elts[0])
            )
    if name in _WRITERS:
        texts = [item.value for item in call.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        found |= set(texts[:1])
    return found


def _texts(node: ast.AST) -> set[str]:
    return {item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)}


def test_every_action_that_is_written_has_words() -> None:
    actions = written_actions()
    assert {"seal", "view", "unlock", "draft_open", "sign_in", "courier.export"} <= actions
    assert actions - set(audit_words.ACTIONS) == set()


def written_details() -> set[str]:
    """Every key of a detail that stands in the code of desk and store."""
    found = set(_BUILT)
    for path in [*(ROOT / "desk").glob("*.py"), *(ROOT / "store").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found |= _details_of(node)
    return found - _NO_DETAIL


def _details_of(call: ast.Call) -> set[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    found = {item.arg for item in call.keywords if item.arg} if name in _DETAILED else set()
    for keyword in call.keywords:
        if keyword.arg == "audited" and isinstance(keyword.value, ast.Tuple):
            told = keyword.value.elts[1]
            assert isinstance(told, ast.Dict), "a detail that this test cannot read"
            found |= {str(key.value) for key in told.keys if isinstance(key, ast.Constant)}
    return found


def test_every_detail_that_is_written_has_words() -> None:
    details = written_details()
    assert {"added", "role", "area", "listed", "receipt_no", "sha256", "seen", "by_s"} <= details
    assert details - set(audit_words.DETAILS) - audit_words.UNSAID == set()


def test_details_are_said_in_words(look: None) -> None:
    detail = {"added": "op-1", "role": "admin", "area": "99.01", "version": 1, "listed": True, "sha256": "ab" * 32}
    said = audit_words.detail_text(detail, lambda text: {"op-1": "Siti R."}.get(text, text))
    assert "Siti R." in said and "99.01" in said
    assert labels.role("admin") in said
    for english in ("added", "area", "listed", "sha256", "abab"):
        assert english not in said, said


def test_central_is_no_officer_with_an_id(look: None) -> None:
    assert AuditModel().officer("central") != "central"


def as_the_thief(place: Workplace, sql: str) -> None:
    with place.office.applicants.write() as connection:
        for name in ("no_update", "no_delete", "in_order"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_{name}")
        connection.exec_driver_sql(sql)


def open_guard(hands: Hands) -> AuditCard:
    """The cards of this file on a screen of their own: the others have their own tests."""
    i18n.use("en")
    for kind in (AuditCard, LostCard):
        card = kind(hands.context)
        card.setParent(hands.window)
        card.show()
        card.opened()
    hands.settle()
    return hands.find(AuditCard, "guard.audit")


def open_trail(hands: Hands) -> AuditDialog:
    card = open_guard(hands)
    card.look.click()
    dialog = hands.find(AuditDialog, "audit")
    hands.until(lambda: bool(dialog.model.rows))
    return dialog


def whats(dialog: AuditDialog) -> list[str]:
    model = dialog.model
    return [str(model.data(model.index(row, 3))) for row in range(model.rowCount())]


def test_a_whole_trail_is_said_to_be_whole_when_somebody_checks(signed_in: Hands) -> None:
    card = open_guard(signed_in)
    assert card.wrong.isHidden()
    card.check.click()
    assert card.check.text() == "Stop"
    signed_in.until(lambda: card.check.text() == "Check now")
    assert "is whole" in card.said.text() and card.bar.isHidden()


def test_damage_is_a_red_sentence_with_its_place(signed_in: Hands, place: Workplace) -> None:
    recording.start(place.office, good_answers(1)["nik"])
    as_the_thief(place, "UPDATE audit SET operator_id = 'op-x' WHERE number = 1")
    card = open_guard(signed_in)
    card.check.click()
    signed_in.until(lambda: not card.wrong.isHidden())
    assert card.wrong.property("tone") == "bad"
    assert "Line 1 " in card.wrong.accessibleName()


def test_the_trail_is_shown_newest_first_and_narrowed(signed_in: Hands, place: Workplace) -> None:
    record_id = recording.start(place.office, good_answers(1)["nik"]).record.record_id
    dialog = open_trail(signed_in)
    assert "Began a recording" in whats(dialog) and "Signed in" in whats(dialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData(audit_words.Kind.ACCESS.value))
    dialog.kind.activated.emit(dialog.kind.currentIndex())
    signed_in.settle()
    assert set(whats(dialog)) == {"Signed in"}
    dialog.kind.setCurrentIndex(0)
    dialog.record.setText(record_id[:20])
    dialog.record.textEdited.emit(dialog.record.text())
    signed_in.until(lambda: "Began a recording" in whats(dialog) and "Signed in" not in whats(dialog))
    dialog.record.clear()
    dialog.day.setText("01-01-2020")
    dialog.day.textEdited.emit("")
    signed_in.until(lambda: whats(dialog) == [])
    assert not dialog.said.isHidden()


def test_it_is_read_page_by_page_and_copied_as_text(signed_in: Hands, place: Workplace) -> None:
    for number in range(450):
        place.office.reads.counted["view", f"r-{number}", ""] = 1
    trail.flush_reads(place.office)
    dialog = open_trail(signed_in)
    assert dialog.model.rowCount() == 200
    dialog.model.fetchMore()
    signed_in.until(lambda: dialog.model.rowCount() == 400)
    dialog.table.choose(0)
    dialog.table.copy()
    assert "Read the audit trail" in QGuiApplication.clipboard().text()


def test_a_csv_of_it_names_nobody(signed_in: Hands, place: Workplace, tmp_path: Path) -> None:
    recording.start(place.office, good_answers(1)["nik"])
    dialog = open_trail(signed_in)
    dialog.save(tmp_path / "jejak.csv")
    signed_in.settle()
    text = (tmp_path / "jejak.csv").read_text("utf-8")
    assert "start" in text
    for personal in (OPERATOR, good_answers(1)["nik"], good_answers(1)["name"]):
        assert personal not in text
    assert trail.lines(place.office, trail.Wanted(actions=frozenset({"audit_export"})), 0, 5)[1] == 1
    dialog.save(tmp_path / "tidak" / "ada.csv")
    signed_in.settle()
    assert "could not be written" in dialog.said.accessibleName()


def test_the_list_of_whose_data_is_here_is_made_beside_the_window_and_printed(
    signed_in: Hands, place: Workplace, tmp_path: Path
) -> None:
    recording.start(place.office, good_answers(1)["nik"])
    open_guard(signed_in)
    signed_in.find(QPushButton, "guard.lost.list").click()
    dialog = signed_in.find(InventoryDialog, "inventory")
    signed_in.until(lambda: dialog.found is not None)
    assert dialog.found is not None and dialog.found.people == 1
    assert good_answers(1)["nik"] in as_html(dialog.found)
    assert good_answers(1)["nik"] not in dialog.summary.text(), "names are on paper, not on the screen"
    dialog.save(tmp_path / "data.csv")
    signed_in.settle()
    assert good_answers(1)["nik"] in (tmp_path / "data.csv").read_text("utf-8-sig")
    assert (tmp_path / "data.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("said")
def test_an_order_to_wipe_closes_the_open_office_first_and_is_told_on_the_sign_in_screen(
    signed_in: Hands, place: Workplace
) -> None:
    path = place.depot.folder.keyring
    keyring = load_keyring(path)
    slot = ResetSlot(number=1, wrapped=keyring.holders[0].wrapped)
    batch = ResetBatch(name="uji", made_at=place.clock.now(), slots=(slot,), delivered=True)
    save_keyring(path, keyring.with_batch(batch))
    seen: list[bool] = []

    def close() -> None:
        seen.append(load_keyring(path).holders == ())
        signed_in.window.sign_out()

    window = signed_in.window
    lost = LostStation(signed_in.context, close, window.show_sign_in, window)
    enrolment, now = place.depot.enrolled()[0], place.clock.now()
    order = SignedWipe(
        central_id=enrolment.central_id,
        station_id=enrolment.station_id,
        order_id="perintah-0001",
        issued_at=now,
        expires_at=now,
        reason="hilang di jalan",
    )
    place.depot.wipes.take(order, now)
    i18n.use("en")
    lost.look()
    signed_in.until(lambda: place.depot.wipes.pending is None)
    assert seen == [False] and signed_in.context.office is None
    assert load_keyring(path).holders == ()
    banner = signed_in.find(Banner, "signin.wiped")
    signed_in.until(lambda: not banner.isHidden())
    assert "hilang di jalan" in banner.accessibleName()
