"""Step 7 on the real window, desk, disk and lab: pages from files, scanner and camera, each stored as it comes."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.desk import documents, recording
from station.domain.draft import Draft
from station.domain.ports import SystemClock
from station.domain.steps import Step
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.document_sources import Way, ask_files
from station.ui.screens.steps.documents import DocumentsPage
from station.ui.tasks import Tasks
from tests.fakes import drawn_page, scanimage
from tests.support import Workplace, files_below, filled, good_answers

CARD = drawn_page.family_card((1240, 877))
SHARP = drawn_page.as_png(CARD)
LONG = 30_000


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    made = Lab(1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files as they lie on an operator's stick."""
    folder = tmp_path_factory.mktemp("RAHASIA-BUDI")
    (folder / "kk.png").write_bytes(SHARP)
    (folder / "two.pdf").write_bytes(drawn_page.as_pdf(CARD, CARD.rotate(90, expand=True)))
    (folder / "soft.jpg").write_bytes(drawn_page.as_jpeg(drawn_page.blurred(CARD, 4)))
    (folder / "none.jpg").write_bytes(b"no picture at all")
    with (folder / "large.pdf").open("wb") as large:
        large.truncate(200 * 1024 * 1024)
    return folder


class Counter:
    """An operator at the step of the documents, with a draft that is open."""

    qtbot: QtBot

    def __init__(self, place: Workplace) -> None:
        self.place, self.people = place, 0
        self.context = Context(place.depot, Tasks(), Bridge(), SystemClock(), training=True)
        self.context.office = place.office
        with theme.undressed():  # as the window makes it
            self.screen = CaptureScreen(self.context)
        self.screen.resize(1158, 712)
        self.screen.show()
        self.screen.opened()

    def open(self) -> str:
        """Another person, all of whose answers are right, at this step."""
        self.people += 1
        record_id = recording.start(self.place.office).record.record_id
        filled(self.place.office, record_id, good_answers(self.people))
        recording.go_to(self.place.office, record_id, Step.DOCUMENTS)
        self.screen.resume(record_id)
        self.screen.activateWindow()  # a dialog of the test before may have been the last active window
        self.until(lambda: self.at(Step.DOCUMENTS) and self.record_id == record_id and self.screen.isActiveWindow())
        return record_id

    def at(self, step: Step) -> bool:
        return self.screen.step is step

    def close(self) -> None:
        self.screen.stop()
        self.context.tasks.stop()
        self.context.librarian.close()
        self.screen.close()
        self.screen.deleteLater()

    @property
    def page(self) -> DocumentsPage:
        page = self.screen.bench.pages[Step.DOCUMENTS]
        assert isinstance(page, DocumentsPage)
        return page

    @property
    def record_id(self) -> str:
        draft = self.screen.session.draft
        return draft.record.record_id if draft else ""

    @property
    def draft(self) -> Draft:
        """As it is on the disk."""
        return recording.resume(self.place.office, self.record_id)

    @property
    def scanned(self) -> list[tuple[str, int]]:
        return [(item.kind, item.pages) for item in self.draft.documents]

    @property
    def says(self) -> str:
        """The one problem beside the page."""
        return self.screen.bench.side.problem.title

    @property
    def rows(self) -> list[str]:
        shown = self.page.face.list
        return [shown.item(row).text() for row in range(shown.count())]

    def choose(self, way: Way, *files: Path) -> None:
        self.page.face.way.choose(way)
        self.page.choose_files = lambda _parent, chosen: chosen(list(files))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifier)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(lambda: true() and self.context.tasks.idle, timeout=LONG)

    def settle(self) -> None:
        """Nothing is on its way in or to the disk."""
        self.until(lambda: not self.page.intake.busy)
        self.until(lambda: True)

    def take(self, *files: Path) -> None:
        self.choose(Way.FILE, *files)
        self.press(Qt.Key.Key_Space)
        self.settle()

    def text(self, name: str) -> str:
        found = self.screen.findChild(QLabel, f"step.documents.{name}")
        assert isinstance(found, QLabel)
        return found.text() if found.isVisible() else ""


@pytest.fixture(scope="module")
def one_counter(
    qapp: QApplication, enrolled_folder: Path, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counter]:
    """One window for all tests, as for all people of a day: each of them starts with somebody new."""
    theme.apply(qapp)
    i18n.use("en")
    folder = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("documents") / "station"))
    place = Workplace(folder, "http://127.0.0.1:9", SystemClock(), lab=lab)
    made = Counter(place)
    yield made
    made.close()
    place.close()


@pytest.fixture
def counter(one_counter: Counter, qtbot: QtBot) -> Counter:
    one_counter.qtbot = qtbot
    one_counter.page.choose_files = ask_files
    one_counter.open()
    return one_counter


# ------------------------------------------------------------------------------------------------------------- files


def test_the_checklist_is_listed_and_nothing_has_to_be_scanned(counter: Counter) -> None:
    assert counter.rows == [
        "Form F-1.02 (application)\nseen, not scanned",
        "Family card (KK), copy\nseen, not scanned",
        "Add another document",
    ]
    counter.press(Qt.Key.Key_Return)
    assert counter.at(Step.REVIEW)


def test_with_the_keyboard_alone_a_document_is_chosen_scanned_read_and_named(counter: Counter, papers: Path) -> None:
    counter.press(Qt.Key.Key_Down)
    counter.take(papers / "kk.png", papers / "two.pdf")
    assert counter.scanned == [("kk", 3)]
    assert "3 pages scanned" in counter.rows[1]
    assert counter.text("place") == "3 / 3"
    assert counter.page.face.pane.view.page.height() > counter.page.face.pane.view.page.width()
    counter.press(Qt.Key.Key_PageUp)
    assert counter.text("place") == "2 / 3"
    whole = counter.page.face.pane.view.scale
    counter.press(Qt.Key.Key_Plus)
    assert counter.page.face.pane.view.scale > whole
    counter.press(Qt.Key.Key_0)
    assert counter.page.face.pane.view.scale == whole
    title = counter.screen.findChild(QLineEdit, "step.documents.title")
    assert title is not None
    title.setFocus()
    QTest.keyClicks(title, " 9901/0101 ")
    counter.press(Qt.Key.Key_Return)
    counter.settle()
    assert counter.draft.documents[0].title_no == "9901/0101"


def test_every_page_is_said_to_be_stored_only_when_it_is_on_the_disk(counter: Counter, papers: Path) -> None:
    stored: list[int] = []

    def note(_at: object) -> None:
        stored.append(sum(pages for _kind, pages in counter.scanned))

    counter.screen.session.saved.connect(note)
    counter.take(papers / "two.pdf", papers / "kk.png")
    counter.screen.session.saved.disconnect(note)
    assert len(stored) == 3
    assert all(pages >= said for said, pages in enumerate(stored, start=1))


def test_two_documents_of_one_kind_and_a_third_with_a_name_of_its_own(counter: Counter, papers: Path) -> None:
    counter.press(Qt.Key.Key_End)
    counter.take(papers / "kk.png")
    assert counter.scanned == [("other", 1)]
    kinds = counter.screen.findChild(QComboBox, "step.documents.kind")
    assert kinds is not None
    kinds.setCurrentIndex(kinds.findData("evidence"))
    kinds.activated.emit(kinds.currentIndex())
    counter.settle()
    assert counter.scanned == [("evidence", 1)]
    counter.page.face.list.setFocus()
    counter.press(Qt.Key.Key_End)
    counter.take(papers / "kk.png")
    assert counter.scanned == [("evidence", 1), ("other", 1)]
    counter.screen.findChild(QLineEdit, "step.documents.title").setText("Surat nikah")  # type: ignore[union-attr]
    counter.page.left()
    counter.settle()
    assert any(row.startswith("Surat nikah\n") for row in counter.rows)


def test_a_page_is_turned_taken_out_and_put_back(counter: Counter, papers: Path) -> None:
    counter.take(papers / "two.pdf")
    first, second = documents.pages(counter.place.office, counter.record_id, 1)
    counter.press(Qt.Key.Key_PageUp)
    counter.press(Qt.Key.Key_R)
    counter.settle()
    shown = counter.page.face.pane.view.page
    assert shown.height() > shown.width()
    counter.press(Qt.Key.Key_Delete)
    counter.settle()
    assert counter.scanned == [("f102", 1)]
    assert counter.text("gone") == "Page 1 was taken out."
    counter.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    counter.settle()
    assert documents.pages(counter.place.office, counter.record_id, 1) == (first.turned(), second)
    assert counter.text("gone") == ""


def test_the_last_page_takes_its_document_along_and_both_come_back(counter: Counter, papers: Path) -> None:
    counter.take(papers / "kk.png")
    counter.press(Qt.Key.Key_Delete)
    counter.settle()
    assert counter.scanned == []
    assert "not scanned" in counter.rows[0]
    counter.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    counter.settle()
    assert counter.scanned == [("f102", 1)]


def test_files_may_be_dropped_on_the_page(counter: Counter, papers: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(papers / "kk.png")), QUrl("https://example.invalid/x.png")])
    buttons, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    counter.page.face.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, plain))
    counter.settle()
    assert counter.scanned == [("f102", 1)]


def test_the_file_dialog_is_qts_own_and_gives_what_was_chosen(counter: Counter, papers: Path) -> None:
    counter.page.face.way.choose(Way.FILE)
    counter.press(Qt.Key.Key_Space)
    dialog = counter.page.findChild(QFileDialog, "documents.files")
    assert isinstance(dialog, QFileDialog)
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.filesSelected.emit([str(papers / "kk.png")])
    dialog.reject()
    counter.settle()
    assert counter.scanned == [("f102", 1)]


# ------------------------------------------------------------------------------------------------------- bad input


def test_a_bad_file_is_named_and_what_came_before_it_is_kept(counter: Counter, papers: Path) -> None:
    counter.take(papers / "kk.png", papers / "none.jpg", papers / "two.pdf")
    assert counter.says == "This is no picture and no PDF that can be read."
    assert counter.scanned == [("f102", 1)]
    counter.take(papers / "large.pdf")
    assert counter.says == "This file is too large for a document (over 40 MB)."
    counter.take(papers / "gone.pdf")
    assert counter.says == "The file cannot be read."
    assert counter.scanned == [("f102", 1)]
    counter.take(papers / "kk.png")
    assert counter.says == ""
    assert counter.scanned == [("f102", 2)]


def test_a_page_that_is_hard_to_read_is_kept_and_can_be_taken_again(counter: Counter, papers: Path) -> None:
    counter.take(papers / "soft.jpg")
    assert counter.says == "The page is not sharp."
    assert counter.scanned == [("f102", 1)]
    counter.choose(Way.FILE, papers / "kk.png")
    problem = counter.page.problem()
    assert problem is not None and problem.act is not None
    problem.act()
    counter.until(lambda: counter.says == "" and counter.scanned == [("f102", 1)] and not counter.page.intake.busy)
    counter.settle()
    assert [item.number for item in counter.draft.documents] == [2], "the soft page is gone with its document"


def test_more_pages_than_a_document_may_have_are_refused_and_ten_are_kept(counter: Counter, papers: Path) -> None:
    counter.take(papers / "kk.png")
    page = documents.pages(counter.place.office, counter.record_id, 1)[0]
    for _ in range(8):
        documents.add_page(counter.place.office, counter.record_id, 1, page)
    counter.take(papers / "two.pdf")
    assert counter.says == "A document has 10 pages at most."
    assert counter.scanned == [("f102", 10)]


def test_names_of_files_are_neither_stored_nor_logged(
    counter: Counter, papers: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        counter.take(papers / "kk.png", papers / "none.jpg", papers / "gone.pdf")
        counter.take(papers / "gone.pdf")
    assert "RAHASIA" not in caplog.text
    for file in files_below(counter.place.depot.folder.root):
        assert b"RAHASIA" not in file.read_bytes(), file.name


# ------------------------------------------------------------------------------------------------- scanner, camera


def test_a_scanner_fills_the_document_that_is_chosen(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sane = scanimage.install(tmp_path / "bin", SHARP, monkeypatch)
    sane.plan(sources="Flatbed|ADF", sheets=2)
    counter.choose(Way.SCANNER)
    counter.press(Qt.Key.Key_Space)
    counter.settle()
    assert counter.scanned == [("f102", 2)]
    counter.context.uses.settle()
    counter.settle()
    (known,) = counter.place.depot.devices.health(now=counter.place.clock.now())
    assert (known.info.model, known.uses, known.failures) == ("Epson Contoh V39", 2, 0)
    sane.plan(scanners=[])
    counter.press(Qt.Key.Key_Space)
    counter.settle()
    assert counter.says == "No scanner was found."
    assert counter.scanned == [("f102", 2)]


def test_what_is_coming_in_can_be_stopped_and_enter_waits_for_it(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanimage.install(tmp_path / "bin", SHARP, monkeypatch).plan(hang=True)
    counter.choose(Way.SCANNER)
    counter.press(Qt.Key.Key_Space)
    assert counter.page.face.take.text() == "Stop · Esc"
    counter.press(Qt.Key.Key_Return)
    assert counter.at(Step.DOCUMENTS)
    assert counter.says == "Pages are still coming in."
    counter.press(Qt.Key.Key_Escape)
    assert not counter.page.intake.busy
    assert counter.says == ""
    counter.press(Qt.Key.Key_Return)
    assert counter.at(Step.REVIEW)


def a_page_and_one_that_waits(counter: Counter) -> Event:
    """The first page is in; the second one comes once the event is set."""
    held = Event()

    def source() -> Iterator[bytes]:
        yield SHARP
        held.wait(20)
        yield SHARP

    counter.page._begin(lambda: source())
    counter.until(lambda: counter.scanned == [("f102", 1)])
    return held


def test_pages_still_coming_in_are_not_cut_short_by_a_click_on_another_step(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanimage.install(tmp_path / "bin", SHARP, monkeypatch).plan(hang=True)
    counter.choose(Way.SCANNER)
    counter.press(Qt.Key.Key_Space)
    ways: list[Callable[[], None]] = [
        lambda: counter.screen.go(Step.PHOTO),
        lambda: counter.screen.go(Step.DOCUMENTS),  # the tab of the step itself
        counter.screen.back,
        counter.screen._put_aside,
    ]
    for leave in ways:
        leave()
        assert counter.at(Step.DOCUMENTS)
        assert counter.page.intake.busy
        assert counter.says == "Pages are still coming in."
    counter.press(Qt.Key.Key_Escape)
    assert counter.says == ""


def test_pages_that_another_screen_has_cut_short_are_asked_for(counter: Counter, papers: Path) -> None:
    held = a_page_and_one_that_waits(counter)
    counter.screen.store()  # what another screen does that opens
    held.set()
    counter.settle()
    counter.screen.opened()
    assert counter.says == "Not all pages were taken in."
    assert counter.scanned == [("f102", 1)]
    first = counter.record_id
    counter.open()
    assert counter.says == ""
    counter.screen.resume(first)
    counter.until(lambda: counter.record_id == first)
    assert counter.says == "Not all pages were taken in."
    counter.take(papers / "kk.png")
    assert counter.says == ""


def test_without_a_camera_it_is_said_and_the_other_ways_stay(counter: Counter, papers: Path) -> None:
    counter.choose(Way.CAMERA)
    counter.press(Qt.Key.Key_Space)
    trouble = counter.screen.findChild(QLabel, "step.documents.camera.trouble")
    assert isinstance(trouble, QLabel)
    counter.until(lambda: trouble.isVisible() and bool(trouble.text()))
    counter.press(Qt.Key.Key_Escape)
    assert not trouble.isVisible()
    counter.take(papers / "kk.png")
    assert counter.scanned == [("f102", 1)]


def test_what_the_camera_takes_becomes_a_page(counter: Counter) -> None:
    counter.choose(Way.CAMERA)
    counter.press(Qt.Key.Key_Space)
    counter.page.face.camera.taken.emit(drawn_page.as_jpeg(drawn_page.on_a_table(CARD, (1600, 1200))))
    counter.settle()
    assert counter.scanned == [("f102", 1)]
    assert not counter.page.face.shows_camera


# ------------------------------------------------------------------------------------------------------ other people


def test_pages_on_their_way_never_reach_the_next_person(counter: Counter) -> None:
    first, held = counter.record_id, a_page_and_one_that_waits(counter)
    counter.open()
    held.set()
    counter.settle()
    assert counter.scanned == []
    assert counter.page.face.pane.view.page.isNull()
    assert len(recording.resume(counter.place.office, first).documents) == 1


def test_a_draft_that_is_opened_again_shows_its_pages(counter: Counter, papers: Path) -> None:
    first = counter.record_id
    counter.take(papers / "kk.png")
    counter.open()
    counter.screen.resume(first)
    counter.until(lambda: counter.record_id == first)
    counter.settle()
    assert not counter.page.face.pane.view.page.isNull()
    assert counter.text("state").startswith("1 page stored")


def test_everything_that_can_be_pressed_has_a_name(counter: Counter, papers: Path) -> None:
    counter.take(papers / "kk.png")
    for widget in counter.page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.objectName():
            text = widget.property("text")
            assert widget.accessibleName() or text, widget.objectName()
