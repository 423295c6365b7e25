"""The first start page by page: what it refuses, what it keeps, and that the recovery words are proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.central.server import CentralServer
from station.desk import first_words, signin
from station.desk.colleague import Colleague
from station.desk.enrolment import enrol
from station.desk.office import station_card
from station.desk.restoring import BackupFound
from station.domain.errors import RuleError, SetupError
from station.domain.role import Role
from station.seal.recovery_words import read, spell
from station.seal.vault import recovery_key_of
from station.store.depot import Depot
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.print_room import PrintRoom
from station.ui.recovery.qr import QUIET, qr_image
from station.ui.recovery.unconfirmed_bar import UnconfirmedBar
from station.ui.recovery.words_check import WordsCheck
from station.ui.recovery.words_paper import EnvelopePage, print_words, words_html
from station.ui.recovery.words_sheet import WordsSheet, qr_text
from station.ui.screens.first_start.answers import Way
from station.ui.screens.first_start.file_page import FilePage
from station.ui.screens.first_start.people_page import PeoplePage
from station.ui.screens.first_start.restore_page import RestorePage
from station.ui.screens.first_start.wizard import ROUTES, FirstStart
from station.ui.tasks import Tasks
from tests.fakes.printer import FakePrinter
from tests.support import CHEAP, OPERATOR, PASSWORD, TODAY, HandClock, running_central

WORDS = spell(recovery_key_of(bytes(range(16))))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and codes that cost nothing to try: how slow they are is not asked here."""
    for place in ("station.seal.vault", "station.desk.enrolment"):
        monkeypatch.setattr(f"{place}.Argon2Cost", lambda: CHEAP)
    monkeypatch.setattr("station.seal.enrolment_file.CODE_COST", CHEAP)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    with running_central(tmp_path / "central") as server:
        yield server


@pytest.fixture
def empty(tmp_path: Path, qapp: QApplication) -> Iterator[Context]:
    """A folder in which nothing is yet."""
    theme.apply(qapp)
    i18n.use("en")
    context = Context(Depot(tmp_path / "data"), Tasks(), Bridge(), HandClock(), training=False)
    yield context
    context.tasks.stop()
    context.lanes.close()
    if context.office is not None:
        signin.sign_out(context.office)
    context.depot.close()


@pytest.fixture
def first(empty: Context, qtbot: QtBot) -> FirstStart:
    screen = FirstStart(empty)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.opened()
    return screen


def settled(first: FirstStart, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: first._context.tasks.idle and not first.page.busy)


def fill(first: FirstStart, page: str, **typed: str) -> None:
    first.pages[page].fill(typed)


def below(first: FirstStart, key: str) -> str:
    return first.page.fields[key].below.text()


def on_people(first: FirstStart) -> PeoplePage:
    first.show_page("people")
    fill(
        first, "people", admin_name="Kepala Contoh", admin_password="kata kepala 1", admin_again="kata kepala 1",
        operator_name=OPERATOR, password=PASSWORD, again=PASSWORD,
    )  # fmt: skip
    page = first.page
    assert isinstance(page, PeoplePage)
    return page


def on_words(first: FirstStart, qtbot: QtBot, server: CentralServer) -> tuple[str, ...]:
    """A station was founded; its words."""
    given = first.answers
    given.central_url, given.code = server.url, server.central.new_code()
    given.station_name, given.office = "Kec. Contoh", "99.01.01"
    on_people(first).go_on()
    settled(first, qtbot)
    assert first._now == "words", first.page.banner.title
    return first.answers.words


# ---------------------------------------------------------------------------------------------------------- the pages


def test_each_way_has_its_own_number_of_steps_and_says_where_it_is(first: FirstStart) -> None:
    step = first.findChild(QLabel, "first.step")
    assert isinstance(step, QLabel)
    assert step.text() == "Step 1 of 8"
    assert not first.back.isVisible()
    first.go_on()
    first.findChild(QRadioButton, "first.way.restore").click()  # type: ignore[union-attr]
    assert step.text() == "Step 2 of 4"
    assert first.back.isVisible()
    assert {len(route) for route in ROUTES.values()} == {4, 8}


def test_an_empty_field_is_named_and_focused(first: FirstStart) -> None:
    first.show_page("online")
    fill(first, "online", central_url="https://pusat.example", code="AB", station_name="Kec. Contoh")
    first.page.go_on()
    assert below(first, "office") == "This field is still empty."
    assert first.focusWidget() is first.page.fields["office"].control
    fill(first, "online", office="Batang")
    first.page.go_on()
    assert "office code" in below(first, "office")
    assert first._now == "online"


@pytest.mark.parametrize("address", ["rekam.dukcapil.example", "http://rekam.dukcapil.example", "https://", "ftp://a"])
def test_an_address_that_is_none_is_said_before_anybody_types_a_password(first: FirstStart, address: str) -> None:
    first.show_page("online")
    fill(first, "online", central_url=address, code="AB", station_name="Kec. Contoh", office="99.01.01")
    first.page.go_on()
    assert "https://" in below(first, "central_url")
    assert first.focusWidget() is first.page.fields["central_url"].control
    assert first._now == "online"


@pytest.fixture
def large(first: FirstStart, qapp: QApplication, qtbot: QtBot) -> Iterator[FirstStart]:
    """The same at large text, in a low window: the last lines of a page lie below the fold."""
    theme.apply(qapp, theme.LIGHT, 1.5)
    screen = FirstStart(first._context)
    qtbot.addWidget(screen)
    screen.resize(1024, 600)
    screen.show()
    screen.opened()
    yield screen
    theme.apply(qapp)


def in_sight(first: FirstStart, widget: QWidget) -> bool:
    area = first._frames[first._now].viewport()
    top = widget.mapTo(area, QPoint(0, 0)).y()
    return top >= 0 and top + widget.height() <= area.height()


def test_what_central_refuses_is_brought_into_sight(large: FirstStart, qtbot: QtBot) -> None:
    page = on_people(large)
    page._refused(SetupError("enrolment.refused"))
    assert page.banner.isVisible()
    qtbot.waitUntil(lambda: in_sight(large, page.banner))


def test_the_field_that_is_wrong_is_brought_into_sight_and_keeps_the_focus(large: FirstStart, qtbot: QtBot) -> None:
    page = on_people(large)
    page._refused(RuleError("password.too_short", field="password", limit=8))
    assert large.focusWidget() is page.fields["password"].control
    qtbot.waitUntil(lambda: in_sight(large, page.fields["password"]))


@pytest.mark.parametrize(
    ("typed", "where", "said"),
    [
        ({"again": "lain"}, "again", "differ"),
        ({"admin_again": "lain"}, "admin_again", "differ"),
        ({"password": "pendek", "again": "pendek"}, "password", "8"),
        ({"admin_password": "pendek", "admin_again": "pendek"}, "admin_password", "8"),
        ({"password": "kata kepala 1", "again": "kata kepala 1"}, "password", "their own"),
        ({"operator_name": " kepala  CONTOH "}, "operator_name", "two people"),
    ],
)
def test_what_is_typed_wrong_about_people_is_said_where_it_was_typed(
    first: FirstStart, qtbot: QtBot, typed: dict[str, str], where: str, said: str
) -> None:
    page = on_people(first)
    page.fill(typed)
    page.go_on()
    settled(first, qtbot)
    assert said in below(first, where)
    assert first._now == "people"


def test_what_central_says_stands_below_and_everything_typed_stays(
    first: FirstStart, qtbot: QtBot, server: CentralServer
) -> None:
    given = first.answers
    given.central_url, given.code, given.station_name, given.office = server.url, "SALAH", "Kec. Contoh", "99.01.01"
    page = on_people(first)
    page.go_on()
    settled(first, qtbot)
    assert page.banner.title == "Central does not accept this code."
    assert page.value("password") == PASSWORD
    page.refuse(RuleError("enrolment.office", field="office"))
    assert page.banner.title == "This is no office code."
    page.refuse(SetupError("enrolment.unreachable"))
    assert "reached" in page.banner.title


def test_the_officer_may_be_an_operator_and_is_a_supervisor_unless_somebody_says_so(
    first: FirstStart, qtbot: QtBot, server: CentralServer
) -> None:
    assert on_people(first).role.currentData() == Role.SUPERVISOR
    on_people(first).role.setCurrentIndex(1)
    on_words(first, qtbot, server)
    roles = {who.name: who.role for who in signin.operators(first._context.depot)}
    assert roles == {OPERATOR: Role.OPERATOR, "Kepala Contoh": Role.ADMIN}


def test_a_file_that_is_not_there_or_not_right_is_told_on_its_page(
    first: FirstStart, qtbot: QtBot, server: CentralServer, tmp_path: Path
) -> None:
    first.answers.way = Way.FILE
    first.show_page("file")
    page = first.page
    assert isinstance(page, FilePage)
    settled(first, qtbot)
    page.go_on()
    assert page.banner.title == "No file was chosen."
    made = server.central.invitations.invite("99.01.01", "Kec. Contoh", url=server.url, days=14)
    path = tmp_path / "contoh.pendaftaran"
    path.write_bytes(made.data)
    page.choose(path)
    page.fill({"file_code": "0000-0000-0000"})
    page.go_on()
    settled(first, qtbot)
    assert "4 tries left." in below(first, "file_code")
    path.write_bytes(b"{}")
    page.go_on()
    settled(first, qtbot)
    assert page.banner.title == "This file registers no station."
    path.write_bytes(made.data)
    page.fill({"file_code": made.code})
    page.go_on()
    settled(first, qtbot)
    assert first._now == "people"
    assert first.answers.place == "Kec. Contoh · 99.01.01-01"


def test_a_backup_is_looked_at_first_and_then_restored(
    first: FirstStart, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = BackupFound("s1", "Kec. Contoh", "99.01.01", True, TODAY, 12, 3, 12, 5_000_000, True)
    done: list[Path] = []
    monkeypatch.setattr("station.desk.restoring.look", lambda _source: facts)

    def restore(_folder: object, source: Path, *, progress: Callable[[int, int], None], stopped: object) -> BackupFound:
        progress(1, 2)
        done.append(source)
        return facts

    monkeypatch.setattr("station.desk.restoring.restore", restore)
    first.answers.way = Way.RESTORE
    first.show_page("restore")
    page = first.page
    assert isinstance(page, RestorePage)
    settled(first, qtbot)
    page.go_on()
    assert page.banner.title == "No medium was chosen."
    page.place.again.setFocus()
    page.place.choose(tmp_path)
    assert page.banner.isHidden(), "what was said of the place before is over"
    assert first.focusWidget() is page.place.list, "Enter goes on instead of asking for a folder again"
    page.go_on()
    qtbot.waitUntil(lambda: not page.busy)
    assert "12 records · 3 drafts" in page.facts.text()
    assert page.next_text == "Restore now"
    page.go_on()
    qtbot.waitUntil(lambda: first._now == "ready")
    assert done == [tmp_path]


# ---------------------------------------------------------------------------------------------------- recovery words


def test_the_words_are_shown_once_and_two_of_them_are_asked_for(
    first: FirstStart, qtbot: QtBot, server: CentralServer
) -> None:
    words = on_words(first, qtbot, server)
    assert read(" ".join(words))
    assert first_words.are_unconfirmed(first._context.depot)
    shown = [first.findChild(QLabel, f"first.word.{number}") for number in range(1, 15)]
    assert [item.text() for item in shown if item] == list(words)
    assert not first.back.isVisible(), "the station exists already"
    first.page.go_on()
    assert not any(item.text() for item in shown if item), "nothing is left to read off"
    check = first.pages["check"].check  # type: ignore[attr-defined]
    for entry, number in zip(check.entries, check.asked, strict=True):
        entry.setText(words[number - 1][:4].upper())
    first.page.go_on()
    settled(first, qtbot)
    assert first._now == "devices"
    assert first.answers.words == ()
    assert not first_words.are_unconfirmed(first._context.depot)


def test_three_mistakes_show_the_words_again_and_then_ask_for_others(
    first: FirstStart, qtbot: QtBot, server: CentralServer
) -> None:
    words = on_words(first, qtbot, server)
    first.page.go_on()
    check = first.pages["check"].check  # type: ignore[attr-defined]
    asked = check.asked
    for left in (2, 1):
        first.page.go_on()
        assert f"{left} " in check.fields[0].below.text()
    first.page.go_on()
    assert first._now == "words"
    assert first.page.banner.title == "Two of the words were not right."
    assert first_words.are_unconfirmed(first._context.depot)
    first.page.go_on()
    assert not set(check.asked) & set(asked)
    assert first.answers.words == words


def test_back_from_the_question_shows_the_words_and_asks_for_others(
    first: FirstStart, qtbot: QtBot, server: CentralServer
) -> None:
    words = on_words(first, qtbot, server)
    first.page.go_on()
    QTest.keyClick(first.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert first._now == "words"
    shown = first.findChild(QLabel, "first.word.3")
    assert isinstance(shown, QLabel)
    assert shown.text() == words[2]


def test_the_words_are_nowhere_on_the_disk(first: FirstStart, qtbot: QtBot, server: CentralServer) -> None:
    words = on_words(first, qtbot, server)
    root = first._context.depot.folder.root
    kept = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert " ".join(words).encode() not in kept
    assert read(" ".join(words)).encode() not in kept


def test_the_devices_are_tested_or_left_for_later(first: FirstStart, qtbot: QtBot) -> None:
    first.show_page("devices")
    skip = first.findChild(QPushButton, "first.devices.skip")
    assert isinstance(skip, QPushButton)
    first.page.go_on()
    qtbot.waitUntil(lambda: bool(first.page.banner.title) and not first.page.busy)
    assert first.page.next_text == "Next"
    assert first.focusWidget() is first.next
    skip.click()
    assert first._now == "ready"


def test_practising_is_offered_at_the_end(first: FirstStart) -> None:
    begun: list[str] = []

    def practise() -> bool:
        begun.append("training")
        return True

    first._context.practise = practise
    first.show_page("ready")
    button = first.findChild(QPushButton, "first.practise")
    assert isinstance(button, QPushButton)
    button.click()
    assert begun == ["training"]
    assert "Training opens" in first.page.banner.title
    first._context.practise = lambda: False
    button.click()
    assert "could not" in first.page.banner.title


# ---------------------------------------------------------------------------------------------------- QR and paper


def test_the_qr_code_is_crisp_and_has_its_quiet_zone() -> None:
    image = qr_image(qr_text(WORDS), 200)
    assert image.width() == image.height() <= 200
    shades = {image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())}
    assert shades == {0, 0xFFFFFF}
    smallest = qr_image(qr_text(WORDS), 1)
    scale = image.width() // smallest.width()
    assert image.width() == smallest.width() * scale
    border = QUIET * scale
    assert all(image.pixel(x, y) & 0xFFFFFF == 0xFFFFFF for x in range(border) for y in range(image.height()))


def test_the_envelope_page_has_words_numbers_qr_and_station_and_no_password_and_no_file(
    empty: Context, qtbot: QtBot, server: CentralServer
) -> None:
    enrol(empty.depot, server.url, server.central.new_code(), "Kec. Contoh", "99.01.01", OPERATOR, PASSWORD, cost=CHEAP)
    card = station_card(empty.depot)
    html = words_html(WORDS, card, TODAY)
    assert all(word in html for word in WORDS)
    assert "Kec. Contoh · Station 99.01.01-01" in html
    assert "data:image/png;base64," in html
    assert PASSWORD not in html
    parent = QPushButton()
    qtbot.addWidget(parent)
    printer = FakePrinter()
    room = PrintRoom(printer)
    dialog = print_words(parent, WORDS, card, TODAY, room)
    assert isinstance(dialog, EnvelopePage)
    qtbot.waitUntil(dialog.print_button.isEnabled)
    assert not dialog.pdf_button.isVisible()
    dialog.ask_file()
    assert not dialog.findChildren(QLineEdit)
    dialog.close()
    room.stop()


# ------------------------------------------------------------------------------------------- not confirmed: the bar


@pytest.fixture
def at_work(empty: Context, server: CentralServer) -> Context:
    """The admin of a station whose words nobody has shown."""
    admin = Colleague("Kepala Contoh", Role.ADMIN, "kata kepala 1")
    enrol(
        empty.depot, server.url, server.central.new_code(), "Kec. Contoh", "99.01.01", OPERATOR, PASSWORD,
        cost=CHEAP, colleagues=(admin,), role=Role.SUPERVISOR, unconfirmed=True,
    )  # fmt: skip
    return empty


def sign_in(context: Context, role: Role, password: str) -> None:
    who = next(item for item in signin.operators(context.depot) if item.role == role)
    context.office = signin.sign_in(context.depot, who.operator_id, password, context.clock)


def test_until_the_words_are_shown_a_bar_says_so_and_only_the_admin_can_make_new_ones(
    at_work: Context, qtbot: QtBot
) -> None:
    for role, password in ((Role.SUPERVISOR, PASSWORD), (Role.ADMIN, "kata kepala 1")):
        sign_in(at_work, role, password)
        bar = UnconfirmedBar(at_work)
        qtbot.addWidget(bar)
        bar.look()
        qtbot.waitUntil(bar.isVisible)
        assert bar.make.isVisible() is (role is Role.ADMIN)
        if role is Role.SUPERVISOR:
            assert at_work.office is not None
            signin.sign_out(at_work.office)


def test_the_bar_goes_when_the_admin_has_made_new_words_and_shown_them(at_work: Context, qtbot: QtBot) -> None:
    sign_in(at_work, Role.ADMIN, "kata kepala 1")
    window = QWidget()
    qtbot.addWidget(window)
    bar = UnconfirmedBar(at_work, window)
    window.show()
    bar.look()
    qtbot.waitUntil(bar.isVisible)
    dialog = bar.open_dialog()
    own, go = dialog.findChild(QLineEdit, "new_words.own"), dialog.findChild(QPushButton, "new_words.go")
    assert own is not None
    assert go is not None
    own.setText("kata kepala 1")
    go.click()
    sheet, check = dialog.findChild(WordsSheet), dialog.findChild(WordsCheck)
    assert sheet is not None
    assert check is not None
    shown = [dialog.findChild(QLabel, f"new_words.word.{number}") for number in range(1, 15)]
    qtbot.waitUntil(lambda: all(item is not None and item.text() for item in shown))
    words = [item.text() for item in shown if item is not None]
    go.click()
    for entry, number in zip(check.entries, check.asked, strict=True):
        entry.setText(words[number - 1])
    go.click()
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert not first_words.are_unconfirmed(at_work.depot)


def test_a_station_that_starts_again_before_the_words_were_shown_goes_on_with_sign_in(
    first: FirstStart, qtbot: QtBot, server: CentralServer, tmp_path: Path
) -> None:
    on_words(first, qtbot, server)
    again = Depot(tmp_path / "data")
    try:
        assert again.enrolment is not None
        assert first_words.are_unconfirmed(again)
        assert len(signin.operators(again)) == 2
    finally:
        again.close()
