"""Papers: the pages that are shown are the pages that come out, and no printer is ever needed to go on."""

from __future__ import annotations

import re
import resource
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk.office import StationCard
from station.domain.errors import DeviceError
from station.domain.paper import Paper, PaperSize
from station.domain.ports import NoPrinter, Printer
from station.ui import theme
from station.ui.print_dialog import PrintDialog, file_name
from station.ui.print_room import PrintRoom, write_pdf
from station.ui.printing import escape, letterhead, print_paper, table
from station.ui.qt_printer import QtPrinter, layout_on
from station.ui.sheet import Sheet
from tests.fakes.printer import FakePrinter

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HTML = "<h1>Daftar</h1><p>Isi.</p>"
LONG = table(["No", "Nama"], [(str(number), "ORANG CONTOH") for number in range(120)])


class Reader:
    """Somebody in front of the open paper, with a keyboard."""

    def __init__(self, qtbot: QtBot, printer: Printer, html: str = HTML, size: PaperSize = PaperSize.A4) -> None:
        self.qtbot, self.room = qtbot, PrintRoom(printer)
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.parent.show()
        self.dialog = print_paper(self.parent, "Daftar contoh", html, self.room, size=size)
        qtbot.waitExposed(self.dialog)
        qtbot.waitUntil(lambda: self.dialog.pdf_button.hasFocus() or self.dialog.print_button.hasFocus())

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifier)

    def until_said(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.dialog._said.accessibleName(), timeout=10_000)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture
def readers(qtbot: QtBot) -> Iterator[list[Reader]]:
    made: list[Reader] = []
    yield made
    for reader in made:
        reader.room.stop()


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


# -------------------------------------------------------------------------------------------------------------- sheet


@pytest.mark.parametrize("size", PaperSize)
def test_a_pdf_has_the_pages_and_the_size_of_the_sheet(size: PaperSize) -> None:
    sheet = Sheet(Paper("Daftar", LONG, size))
    pdf = sheet.pdf()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert _pages(pdf) == sheet.pages > 1
    width = {PaperSize.A4: 595, PaperSize.A5: 420}[size]
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ", pdf)
    assert box is not None
    assert float(box[1]) == pytest.approx(width, abs=1)


def _drawn(sheet: Sheet, page: int) -> QImage:
    image = QImage(sheet.size.toSize(), QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    sheet.paint(painter, page)
    painter.end()
    return image


def test_every_page_shows_its_own_part() -> None:
    sheet = Sheet(Paper("Daftar", LONG))
    pages = [_drawn(sheet, page).copy(0, 0, 700, 1000) for page in range(sheet.pages)]  # without the page number
    assert all(one != other for place, one in enumerate(pages) for other in pages[:place])


def test_a_pdf_is_drawn_as_large_as_the_page_on_the_screen() -> None:
    pdf = Sheet(Paper("Daftar", HTML)).pdf()
    drawn = b"".join(_inflated(match[1]) for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL))
    # A point is 4/3 CSS pixels: dots to points, then CSS pixels to dots.
    scales = [float(number) for number in re.findall(rb"([\d.]+) 0 0 -?[\d.]+ \d+ \d+ cm", drawn)]
    assert scales[0] * scales[1] == pytest.approx(0.75)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


def test_what_is_painted_on_the_screen_stays_inside_the_margins_of_the_page() -> None:
    sheet = Sheet(Paper("Daftar", LONG))
    for page in range(sheet.pages):
        image = _drawn(sheet, page)
        dark = [
            x for x in range(image.width()) for y in range(0, image.height(), 3) if image.pixelColor(x, y).red() < 99
        ]
        assert dark, f"page {page} is empty"
        assert min(dark) >= 59
        assert max(dark) <= image.width() - 59


def test_a_long_table_repeats_its_heads_and_loses_no_row() -> None:
    text = Sheet(Paper("Daftar", LONG)).text
    assert all(f"\n{number}\n" in text for number in range(120))
    document = Sheet(Paper("Daftar", LONG))._document
    tables = [child for child in document.rootFrame().childFrames() if hasattr(child, "rows")]
    assert tables[0].format().toTableFormat().headerRowCount() == 1


def test_names_are_read_as_they_are_whatever_signs_they_hold() -> None:
    name = 'D\'ARC <b>SITI</b> & "ANI"'
    sheet = Sheet(Paper("x", f"<p>{escape(name)}</p>" + table(["Nama"], [(name,)])))
    assert sheet.text.count(name) == 2


def test_a_paper_of_training_mode_says_that_it_is_worth_nothing() -> None:
    card = StationCard("s", "Stasiun <Uji>", "99.01.01", "Pusat", True, 2)
    text = Sheet(Paper("x", letterhead(card, "Daftar", AT))).text
    assert "TRAINING MODE: this paper is not valid." in text
    assert "Stasiun <Uji>" in text
    real = StationCard("s", "Stasiun", "33.01.01", "Pusat", False, 2)
    assert "TRAINING" not in Sheet(Paper("x", letterhead(real, "Daftar", AT))).text


# ------------------------------------------------------------------------------------------------------------- dialog


def test_enter_prints_on_the_usual_printer_and_enter_again_closes(readers: list[Reader], qtbot: QtBot) -> None:
    printer = FakePrinter()
    readers.append(reader := Reader(qtbot, printer))
    reader.press(Qt.Key.Key_Return)
    reader.until_said("Handed to the printer Loket 1.")
    assert printer.printed == [("Loket 1", Paper("Daftar contoh", HTML))]
    with qtbot.waitSignal(reader.dialog.finished):
        reader.press(Qt.Key.Key_Return)


def test_another_printer_is_chosen_with_the_arrow_keys(readers: list[Reader], qtbot: QtBot) -> None:
    printer = FakePrinter()
    readers.append(reader := Reader(qtbot, printer))
    reader.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert isinstance(QApplication.focusWidget(), QComboBox)
    reader.press(Qt.Key.Key_Down)
    reader.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    reader.until_said("Ruang arsip")
    assert printer.printed[0][0] == "Ruang arsip"


@pytest.mark.parametrize("fault", ["printer.not_ready", "printer.refused", "printer.missing"])
def test_a_printer_that_fails_is_said_and_the_paper_can_be_printed_again(
    readers: list[Reader], qtbot: QtBot, fault: str
) -> None:
    printer = FakePrinter(fault=fault)
    readers.append(reader := Reader(qtbot, printer))
    reader.press(Qt.Key.Key_Return)
    reader.until_said("PDF")
    assert printer.printed == []
    printer.fault = ""
    assert reader.dialog.print_button.hasFocus()
    reader.press(Qt.Key.Key_Return)
    reader.until_said("Handed to the printer")
    assert len(printer.printed) == 1


def test_without_a_printer_it_says_so_and_offers_the_pdf(readers: list[Reader], qtbot: QtBot) -> None:
    readers.append(reader := Reader(qtbot, NoPrinter()))
    reader.until_said("There is no printer on this computer.")
    assert reader.dialog.pdf_button.hasFocus()
    assert not reader.dialog.print_button.isEnabled()
    assert not any(item.isVisible() for item in reader.dialog.findChildren(QComboBox))


def test_a_pdf_goes_where_the_person_says_under_a_name_that_says_nothing_of_them(
    readers: list[Reader], qtbot: QtBot, tmp_path: Path
) -> None:
    readers.append(reader := Reader(qtbot, NoPrinter()))
    reader.press(Qt.Key.Key_Return)
    chooser = reader.dialog.findChild(QFileDialog, "print.file")
    assert chooser is not None
    assert [Path(file).name for file in chooser.selectedFiles()] == ["daftar-contoh.pdf"]
    chooser.setDirectory(str(tmp_path))
    chooser.selectFile("daftar-contoh.pdf")
    chooser.accept()
    reader.until_said("Saved.")
    assert _pages((tmp_path / "daftar-contoh.pdf").read_bytes()) == 1


def test_a_place_that_cannot_be_written_is_said_and_leaves_nothing_behind(
    readers: list[Reader], qtbot: QtBot, tmp_path: Path
) -> None:
    readers.append(reader := Reader(qtbot, FakePrinter()))
    reader.dialog.save_pdf(tmp_path / "gone" / "x.pdf")
    reader.until_said("The PDF could not be saved there.")
    assert list(tmp_path.iterdir()) == []
    assert reader.dialog.pdf_button.isEnabled()


def test_a_disk_that_fills_up_half_way_leaves_no_half_pdf(tmp_path: Path) -> None:
    file = tmp_path / "daftar.pdf"
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, allowed[1]))
    try:
        with pytest.raises(DeviceError) as caught:
            write_pdf(Paper("x", HTML), file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert caught.value.code == "printer.not_saved"
    assert not file.exists()


def test_a_spooler_that_hangs_holds_up_nothing_and_may_be_left(readers: list[Reader], qtbot: QtBot) -> None:
    printer = FakePrinter()
    printer.slow.clear()
    readers.append(reader := Reader(qtbot, printer))
    reader.press(Qt.Key.Key_Return)
    assert "Printing" in reader.dialog._said.title  # said at once, and the window goes on
    reader.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)  # a second press prints no second paper
    with qtbot.waitSignal(reader.dialog.destroyed):
        reader.press(Qt.Key.Key_Escape)
    printer.slow.set()
    qtbot.waitUntil(lambda: len(printer.printed) == 1)


def test_pages_are_scrolled_from_anywhere(readers: list[Reader], qtbot: QtBot) -> None:
    readers.append(reader := Reader(qtbot, FakePrinter(), LONG))
    bar = reader.dialog._area.verticalScrollBar()
    for key, place in ((Qt.Key.Key_PageDown, bar.pageStep()), (Qt.Key.Key_PageUp, 0), (Qt.Key.Key_End, bar.maximum())):
        reader.press(key)
        assert bar.value() == place
    assert reader.dialog.print_button.hasFocus()


def test_every_control_of_the_paper_has_a_name_for_those_who_do_not_see_it(readers: list[Reader], qtbot: QtBot) -> None:
    readers.append(reader := Reader(qtbot, FakePrinter()))
    dialog: PrintDialog = reader.dialog
    seen = [item for item in dialog.findChildren(QWidget) if item.focusPolicy() & Qt.FocusPolicy.TabFocus]
    named = [item for item in seen if item.objectName().startswith("print.")]
    assert len(named) >= 5
    assert all(item.accessibleName() for item in named)


def test_a_file_name_is_made_of_plain_words() -> None:
    assert file_name("Daftar kekurangan: berkas/KTP-el") == "daftar-kekurangan-berkas-ktp-el.pdf"


@pytest.mark.parametrize(
    ("size", "loaded", "asked"),
    [
        (PaperSize.A5, QPageSize.PageSizeId.A4, QPageSize.PageSizeId.A4),
        (PaperSize.A4, QPageSize.PageSizeId.Folio, QPageSize.PageSizeId.Folio),
        (PaperSize.A4, QPageSize.PageSizeId.A4, QPageSize.PageSizeId.A4),
        (PaperSize.A4, QPageSize.PageSizeId.A6, QPageSize.PageSizeId.A4),
    ],
)
def test_a_small_paper_is_printed_on_the_sheet_that_is_loaded(
    size: PaperSize, loaded: QPageSize.PageSizeId, asked: QPageSize.PageSizeId
) -> None:
    layout = layout_on(Sheet(Paper("x", HTML, size)).layout, QPageSize(loaded))
    assert layout.pageSize().id() is asked


def test_a_printer_that_tells_no_size_gets_the_size_of_the_paper() -> None:
    assert layout_on(Sheet(Paper("x", HTML)).layout, QPageSize()).pageSize().id() is QPageSize.PageSizeId.A4


def test_the_printers_of_this_computer_can_be_asked_for_without_a_spooler(qapp: QApplication) -> None:
    printer = QtPrinter()
    assert isinstance(printer.names(), tuple)
    with pytest.raises(DeviceError) as caught:
        printer.print(Paper("x", HTML), "a printer nobody has")
    assert caught.value.code == "printer.missing"
