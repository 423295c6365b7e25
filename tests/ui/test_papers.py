"""The checklist at the window: nothing to press for most people, never a refusal, and a list to take home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk import papers, recording
from station.domain.biometrics import BiometricException, ExceptionCode, Part
from station.domain.checklist import Seen
from station.domain.draft import CaptureCard, Draft
from station.domain.paper import Paper
from station.domain.rows import RecordRow
from station.domain.service import Service
from station.domain.steps import Step
from station.domain.target import Target
from station.store import audit
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.print_dialog import PrintDialog
from station.ui.print_room import PrintRoom
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.papers_dialog import PapersDialog
from station.ui.screens.steps.receipt import next_steps, receipt
from station.ui.sheet import Sheet
from station.ui.tasks import Tasks
from tests.fakes.printer import FakePrinter
from tests.support import TODAY, Workplace, good_answers
from tests.target_lists import put_on_list

W = TypeVar("W", bound=QWidget)
LONG = 30_000
CONTROL = Qt.KeyboardModifier.ControlModifier


class Counter:
    """The capture screen at a complete draft, without a capture device, and the hands of an operator."""

    def __init__(self, qtbot: QtBot, place: Workplace) -> None:
        self.qtbot, self.place = qtbot, place
        self.printer = FakePrinter()
        self.context = Context(
            place.depot, Tasks(), Bridge(), place.clock, training=True, printer=PrintRoom(self.printer)
        )
        self.context.office = place.office
        with theme.undressed():  # as the window makes it
            self.screen = CaptureScreen(self.context)
        qtbot.addWidget(self.screen)
        self.screen.resize(1158, 712)
        self.screen.show()
        self.screen.activateWindow()
        qtbot.waitUntil(self.screen.isActiveWindow, timeout=LONG)
        self.record_id = place.draft()
        self.screen.resume(self.record_id)
        self.idle()

    def close(self) -> None:
        self.screen.stop()
        self.context.tasks.stop()
        self.context.printer.stop()

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: self.context.tasks.idle, timeout=LONG)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, modifier)
        self.idle()

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def write(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    @property
    def draft(self) -> Draft:
        assert self.screen.session.draft is not None
        return self.screen.session.draft

    @property
    def line(self) -> str:
        return self.screen.bench.side.papers.text

    def open_list(self) -> PapersDialog:
        self.press(Qt.Key.Key_B, CONTROL)
        found = self.screen.findChild(PapersDialog)
        assert found is not None
        self.qtbot.waitUntil(lambda: isinstance(self.focus.window(), PapersDialog), timeout=LONG)
        return found

    def find(self, kind: type[W], name: str) -> W:
        found = self.screen.findChild(kind, name)
        assert isinstance(found, kind), f"there is no {name}"
        return found

    def leave_list(self) -> None:
        """Esc; a window manager then gives the keyboard back to the window, which the offscreen platform does not."""
        self.press(Qt.Key.Key_Escape)
        self.screen.activateWindow()
        self.qtbot.waitUntil(self.screen.isActiveWindow, timeout=LONG)

    def paper(self) -> PrintDialog:
        """The paper that has been opened, with the printer found."""
        self.qtbot.waitUntil(lambda: any(item.isVisible() for item in self._papers()), timeout=LONG)
        found = next(item for item in self._papers() if item.isVisible())
        self.qtbot.waitUntil(found.print_button.hasFocus, timeout=LONG)
        return found

    def _papers(self) -> list[PrintDialog]:
        return self.screen.findChildren(PrintDialog)

    def printed_text(self) -> str:
        """Print the open paper with Enter and read what came out."""
        self.paper()
        before = len(self.printer.printed)
        self.press(Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: len(self.printer.printed) > before, timeout=LONG)
        self.qtbot.waitUntil(lambda: "Handed" in self.paper_said(), timeout=LONG)
        self.idle()
        return Sheet(self.printer.printed[-1][1]).text

    def paper_said(self) -> str:
        return next(item._said.title for item in self._papers() if item.isVisible())

    def audited(self, action: str) -> list[dict[str, object]]:
        with self.place.office.applicants.read() as connection:
            lines = audit.lines_of(connection, self.record_id)
        return [dict(line.detail) for line in lines if line.action == action]


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture
def counter(qtbot: QtBot, place: Workplace) -> Iterator[Counter]:
    made = Counter(qtbot, place)
    yield made
    made.close()


# ------------------------------------------------------------------------------------------------------- by exception


def test_who_brings_everything_costs_no_key_press_and_the_line_says_what_that_means(counter: Counter) -> None:
    assert counter.line == "First recording: counts as complete"
    assert counter.draft.ready
    assert dict(counter.draft.papers) == {}


def test_one_key_says_that_every_paper_was_really_seen(counter: Counter) -> None:
    counter.open_list()
    counter.find(QPushButton, "papers.all").setFocus()
    counter.press(Qt.Key.Key_Return)
    assert dict(counter.draft.papers) == {"f102": "shown", "kk": "shown"}
    assert counter.line == "First recording: complete"


def test_a_paper_is_marked_with_space_and_every_step_goes_on(counter: Counter) -> None:
    counter.open_list()
    assert counter.focus.objectName() == "papers.f102"
    counter.press(Qt.Key.Key_Down)
    assert counter.focus.objectName() == "papers.kk"
    counter.press(Qt.Key.Key_Space)
    assert dict(counter.draft.papers) == {"kk": "missing"}
    assert counter.find(QLabel, "papers.kk.state").text() == "missing"
    counter.leave_list()
    assert counter.line == "First recording: 1 paper missing"
    for step in Step:
        counter.screen.go(step)
        counter.idle()
        assert counter.screen.step is step
    counter.open_list()
    counter.press(Qt.Key.Key_Down)
    counter.press(Qt.Key.Key_Space)
    assert dict(counter.draft.papers) == {"kk": "shown"}
    assert counter.draft.ready


def test_the_service_is_chosen_with_the_keyboard_and_brings_its_papers(counter: Counter) -> None:
    dialog = counter.open_list()
    counter.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert isinstance(counter.focus, QComboBox)
    counter.press(Qt.Key.Key_Down)
    assert counter.draft.service is Service.LOST
    assert [row.document.key for row in dialog.rows] == ["f102", "kk", "police"]
    assert counter.line == "Lost card: counts as complete"
    counter.press(Qt.Key.Key_Tab)
    assert counter.focus.objectName() == "papers.f102"


# -------------------------------------------------------------------------------------------------- reason and sealing


def test_the_review_names_the_missing_paper_and_leads_to_its_reason(counter: Counter) -> None:
    papers.choose_service(counter.place.office, counter.record_id, Service.LOST)
    papers.show_paper(counter.place.office, counter.record_id, "police", Seen.MISSING)
    counter.screen.resume(counter.record_id)
    counter.idle()
    counter.screen.go(Step.REVIEW)
    counter.idle()
    counter.press(Qt.Key.Key_Return)  # wants to seal: what is open gets the keyboard instead
    assert "Loss report from the police" in counter.focus.accessibleName()
    counter.press(Qt.Key.Key_Return)
    counter.qtbot.waitUntil(lambda: counter.focus.objectName() == "papers.police.reason", timeout=LONG)
    counter.write("menyusul besok")
    counter.press(Qt.Key.Key_Return)
    assert [(item.field, item.reason) for item in counter.draft.confirmed] == [("papers.police", "menyusul besok")]
    counter.press(Qt.Key.Key_Escape)
    assert counter.screen.step is Step.REVIEW
    assert counter.draft.ready
    with counter.qtbot.waitSignal(counter.screen.sealed, timeout=LONG) as sealed:
        counter.screen.next()
    assert sealed.args[0].packet.kind == "hilang"


def test_a_missing_paper_is_the_problem_beside_every_step_and_its_button_opens_the_list(counter: Counter) -> None:
    counter.screen.session.show_paper("kk", Seen.MISSING)
    counter.idle()
    assert counter.screen.bench.side.problem.title == "Family card (KK), copy: This document is missing."
    counter.find(QPushButton, "capture.problem.action").click()
    counter.qtbot.waitUntil(lambda: counter.focus.objectName() == "papers.kk.reason", timeout=LONG)


def test_a_paper_that_is_not_needed_asks_for_the_reason_first(counter: Counter) -> None:
    counter.open_list()
    counter.press(Qt.Key.Key_Space)
    button = counter.find(QPushButton, "papers.f102.not_needed")
    button.setFocus()
    counter.press(Qt.Key.Key_Return)
    assert counter.focus.objectName() == "papers.f102.reason"
    assert dict(counter.draft.papers) == {"f102": "missing"}
    counter.write("sudah ada di arsip")
    button.setFocus()
    counter.press(Qt.Key.Key_Return)
    assert dict(counter.draft.papers) == {"f102": "not_needed:sudah ada di arsip"}
    assert counter.draft.ready
    assert counter.focus.objectName() == "papers.f102"


def test_a_half_written_reason_survives_what_is_said_about_another_paper(counter: Counter) -> None:
    dialog = counter.open_list()
    counter.press(Qt.Key.Key_Space)
    dialog.rows[0].reason.setFocus()
    counter.write("menyu")
    counter.screen.session.show_paper("kk", Seen.MISSING)
    counter.idle()
    assert dialog.rows[0].reason.text() == "menyu"


# ------------------------------------------------------------------------------------------------------------- papers


def test_the_slip_says_what_is_missing_and_where_to_get_it_and_names_no_nik(counter: Counter) -> None:
    recording.answer(counter.place.office, counter.record_id, "name", "SITI D'ARC <B>")
    counter.open_list()
    button = counter.find(QPushButton, "papers.print")
    assert not button.isEnabled(), "nothing is missing"
    counter.press(Qt.Key.Key_Down)
    counter.press(Qt.Key.Key_Space)
    assert button.isEnabled()
    button.setFocus()
    counter.press(Qt.Key.Key_Return)
    text = counter.printed_text()
    assert "Dear SITI D'ARC <B>" in text
    assert "Family card (KK), copy" in text
    assert "a lost one is replaced by Dinas Dukcapil" in text
    assert "F-1.02" not in text, "only what is missing"
    assert counter.draft.record.registration_no in text
    assert "Stasiun Uji 02" in text
    assert counter.draft.answers["nik"] not in re.sub(r"\D", "", text)
    assert counter.printer.printed[0][1].title == "Missing papers"
    assert counter.audited("print") == [{"paper": "missing_papers", "way": "printer"}]


def come_for_another_card(counter: Counter, nik: str) -> str:
    """Type the NIK of somebody recorded, go with Tab to the papers and down to a changed card; what was printed."""
    counter.screen.session.put_aside()
    counter.idle()
    counter.screen.bench.applicant.finder.take_keyboard()
    counter.write(nik)
    counter.idle()
    counter.press(Qt.Key.Key_Return)
    counter.press(Qt.Key.Key_Tab)
    assert counter.focus.objectName() == "applicant.replacement"
    counter.press(Qt.Key.Key_Space)
    counter.qtbot.waitUntil(lambda: counter.focus.objectName() == "replacement.service", timeout=LONG)
    papers = counter.find(QLabel, "replacement.papers")
    assert "police" in papers.text(), "a lost card comes first"
    counter.press(Qt.Key.Key_Down)
    counter.press(Qt.Key.Key_Down)
    assert "police" not in papers.text()
    counter.press(Qt.Key.Key_Return)
    return counter.printed_text()


def test_who_is_on_the_list_as_recorded_takes_the_papers_for_another_card_home(counter: Counter) -> None:
    answers = good_answers(5)
    nik = answers.pop("nik")
    put_on_list(counter.place, Target(nik, answers, recorded=True))
    text = come_for_another_card(counter, nik)
    assert f"Dear {answers['name']}" in text
    assert "Change of data" in text
    for paper in ("F-1.02", "F-1.06", "The old KTP-el", "Evidence of the change"):
        assert paper in text
    assert "F-1.01" not in text, "there is a NIK"
    assert "you need not be recorded again" in text
    assert "Bring them with this sheet" in text
    assert nik not in re.sub(r"\D", "", text)
    assert counter.printer.printed[0][1].title == "Papers for a replacement card"
    assert [item.record.record_id for item in recording.open_drafts(counter.place.office)] == [counter.record_id]


def test_who_was_recorded_here_takes_them_home_too_and_the_audit_says_so(counter: Counter) -> None:
    row = counter.place.seal(5)
    counter.record_id, drafts = row.record.record_id, recording.open_drafts(counter.place.office)
    text = come_for_another_card(counter, row.record.nik)
    assert f"Dear {row.record.name}" in text
    assert counter.audited("print") == [{"paper": "replacement_papers", "way": "printer"}]
    assert len(recording.open_drafts(counter.place.office)) == len(drafts)


def test_the_proof_says_what_was_recorded_its_number_and_that_it_is_no_identity_card(counter: Counter) -> None:
    counter.screen.go(Step.REVIEW)
    counter.idle()
    counter.qtbot.waitUntil(lambda: counter.screen.bench.review.complete, timeout=LONG)
    with counter.qtbot.waitSignal(counter.screen.sealed, timeout=LONG):
        counter.screen.next()
    counter.idle()
    assert counter.focus.objectName() == "sealed.next", "Enter goes on: a proof is never required"
    number = counter.place.depot.outbox.of_records([counter.record_id])
    assert number
    counter.press(Qt.Key.Key_P, CONTROL)
    text = counter.printed_text()
    for words in (
        "photo, 10 fingerprints, 2 irises, signature",
        "no identity card",
        "free of charge",
        "First recording",
    ):
        assert words in text
    assert good_answers()["name"] in text
    assert good_answers()["nik"] not in re.sub(r"\D", "", text)
    assert counter.audited("print") == [{"paper": "receipt", "way": "printer"}]


def test_the_proof_tells_what_could_not_be_recorded_and_what_is_still_missing(counter: Counter) -> None:
    blind = (BiometricException(Part.IRIS_LEFT, ExceptionCode.BLIND, "buta", "op"),)
    captures: dict[Part, CaptureCard] = {
        part: card for part, card in counter.draft.captures.items() if part is not Part.IRIS_LEFT
    }
    draft = replace(counter.draft, exceptions=blind, captures=captures, papers={"kk": "missing"})
    row = RecordRow(draft.record, Step.REVIEW, None)
    text = Sheet(Paper("x", receipt(counter.place.office.station, row, draft, TODAY))).text
    assert "photo, 10 fingerprints, 1 iris, signature" in text
    assert "Papers still missing" in text
    assert "Family card (KK), copy" in text


def test_only_the_seventeenth_birthday_is_promised_as_a_date(counter: Counter) -> None:
    young = {**good_answers(), "birth_date": "2010-02-03", "marital_status": "1"}
    today = TODAY.date()
    said = " ".join(next_steps(replace(counter.draft, answers=young), today))
    assert "03-02-2027" in said
    grown = " ".join(next_steps(counter.draft, today))
    assert not re.search(r"\d{2}-\d{2}-\d{4}", grown)
    assert "cannot be promised" in grown


def test_a_printer_that_is_away_leaves_sealing_and_the_next_person_alone(counter: Counter) -> None:
    counter.printer.known = ()
    counter.screen.go(Step.REVIEW)
    counter.idle()
    counter.qtbot.waitUntil(lambda: counter.screen.bench.review.complete, timeout=LONG)
    with counter.qtbot.waitSignal(counter.screen.sealed, timeout=LONG):
        counter.screen.next()
    counter.idle()
    counter.press(Qt.Key.Key_P, CONTROL)
    counter.qtbot.waitUntil(lambda: "no printer" in counter.paper_said(), timeout=LONG)
    counter.press(Qt.Key.Key_Escape)
    counter.qtbot.waitUntil(lambda: not any(item.isVisible() for item in counter._papers()), timeout=LONG)
    counter.screen.bench.sealed.next_button.click()
    assert counter.screen.session.draft is None


def test_everything_in_the_list_has_a_name_for_those_who_do_not_see_it(counter: Counter) -> None:
    dialog = counter.open_list()
    counter.press(Qt.Key.Key_Space)
    stops = [item for item in dialog.findChildren(QWidget) if item.focusPolicy() & Qt.FocusPolicy.TabFocus]
    named = [item for item in stops if item.isVisible() and item.objectName().startswith("papers.")]
    assert len(named) >= 7
    for item in named:
        assert item.accessibleName() or getattr(item, "text", str)(), item.objectName()
