"""The sign-in page is there before the program is: what is typed and asked for meanwhile is never lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QPushButton

from station import i18n
from station.app import ground
from station.app.app import App
from station.app.ground import Ground
from station.app.opening import Opening
from station.app.porch import Porch, porch_of
from station.app.run import make_qt
from station.config import load_settings
from station.desk.signin import FREE_TRIES
from station.domain.errors import SetupError, StoreError
from station.store import doorplate
from station.store.doorplate import Doorplate
from station.store.folder import Folder
from station.store.keyring import load_keyring
from station.training.player import Player
from station.ui import main_window
from station.ui.house import room_of
from station.ui.screens.first_start.wizard import FirstStart
from station.ui.screens.sign_in import SignIn
from station.ui.unpacking import Unpacking
from tests.end2end.window import end, leave_no_trace, plain_window
from tests.support import PASSWORD

OFFICER = "Siti R. · Penyelia"


@pytest.fixture
def seen_before(folder_copy: Path) -> Path:
    """A station whose sign-in screen was shown once."""
    with plain_window(folder_copy) as (_app, player):
        player.find("signin.password")
        player.wait_until(lambda: (folder_copy / doorplate.NAME).exists(), "the doorplate is up")
    return folder_copy


@dataclass
class Arrival:
    """Somebody in front of a program that is just starting."""

    data: Path
    porch: Porch
    player: Player

    def meanwhile(self, act: Callable[[], object]) -> None:
        """While the program is loaded and the data are opened."""
        QTimer.singleShot(0, act)

    @contextmanager
    def arrive(self) -> Iterator[App]:
        opened = Opening(self.data, self.porch.house).ground()
        assert opened is not None
        app = App(make_qt(), self.data, ground=opened, porch=self.porch)
        try:
            app.show()
            yield app
        finally:
            end(app)
            leave_no_trace()


@contextmanager
def arrival(data: Path) -> Iterator[Arrival]:
    porch = porch_of(make_qt(), data, load_settings(data))
    assert porch is not None
    try:
        yield Arrival(data, porch, Player(porch.house, data.parent / "pictures"))
    finally:
        porch.house.close()
        leave_no_trace()


def plate_of(data: Path, **other: object) -> None:
    """As it was shown, but for `other`."""
    known = doorplate.read(data)
    assert known is not None
    doorplate.put_up(data, Doorplate.model_validate({**known.model_dump(), **other}))


def test_the_page_is_there_before_the_program_and_before_the_data_are_opened(seen_before: Path) -> None:
    program = """
import json, sys
from PySide6.QtWidgets import QComboBox
from station.app import run
from station.cli import main

def not_yet(data, house):
    who = house.findChild(QComboBox, "signin.operator")
    officers = [who.itemText(place) for place in range(who.count())]
    print(json.dumps({"officers": officers, "loaded": sorted(sys.modules)}))
    sys.exit(0)

run.Opening = not_yet
main(["--data", sys.argv[1]])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(seen_before)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["officers"] == [OFFICER]
    heavy = {"sqlalchemy", "sqlcipher3", "cryptography", "joserfc", "httpx", "station.wire", "station.store.depot"}
    assert heavy & set(told["loaded"]) == set()
    assert not [name for name in told["loaded"] if name.startswith(("station.desk", "station.seal", "station.sync"))]


def test_a_password_entered_on_the_porch_signs_in(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        assert player.window.focusWidget() is player.find("signin.password")
        player.type(PASSWORD)
        player.enter()
        assert player.find("signin.password", QLineEdit).isReadOnly(), "it was taken, and is not taken twice"
        button = player.window.findChild(QPushButton, "signin.enter")
        assert button is not None
        assert button.text() == "Membuka stasiun…"
        with somebody.arrive() as app:
            player.wait_until(lambda: app.window.frame is not None, "somebody is signed in")
            assert app.context.desk.operator.name == "Siti R."
            assert app.house.isVisible()
            assert app.window.isVisible()


def test_what_is_typed_while_the_program_comes_is_gone_on_with(seen_before: Path) -> None:
    known = load_keyring(seen_before / "keyring.json").holders[0]
    plate_of(seen_before, officers=[("op-other", "Budi · Operator"), (known.operator_id, OFFICER)])
    with arrival(seen_before) as somebody:
        player = somebody.player
        who = player.find("signin.operator", QComboBox)
        who.setCurrentIndex(1)
        field = player.find("signin.password", QLineEdit)
        player.type(PASSWORD[:4])
        somebody.meanwhile(lambda: QTest.keyClicks(field, PASSWORD[4:]))
        with somebody.arrive() as app:
            player.wait_until(app.window.isVisible, "the program is there")
            player.wait_until(lambda: who.count() == 1, "the list is the real one")
            assert who.currentText() == OFFICER
            assert app.window.findChild(QLineEdit, "signin.password") is field
            assert (field.text(), player.window.focusWidget()) == (PASSWORD, field)
            player.enter()
            player.wait_until(lambda: app.window.frame is not None, "somebody is signed in")


def test_somebody_who_is_choosing_keeps_the_keyboard(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        who = player.find("signin.operator", QComboBox)
        who.setFocus()
        with somebody.arrive() as app:
            player.wait_until(app.window.isVisible, "the program is there")
            player.wait_until(lambda: app.context.tasks.idle, "the list was read")
            assert player.window.focusWidget() is who


def test_nobody_s_try_is_spent_on_a_password_that_was_meant_for_somebody_who_is_gone(seen_before: Path) -> None:
    plate_of(seen_before, officers=[("op-gone", "Budi · Operator")])
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type("sandi Budi")
        player.enter()
        with somebody.arrive() as app:
            player.wait_until(lambda: not player.find("signin.password", QLineEdit).isReadOnly(), "it may be typed in")
            assert app.window.frame is None
            assert player.find("signin.password", QLineEdit).text() == ""
            assert player.find("signin.operator", QComboBox).currentText() == OFFICER
            assert not any(holder.failures for holder in load_keyring(seen_before / "keyring.json").holders)


def test_a_password_is_tried_for_whoever_was_chosen_when_it_was_entered(seen_before: Path) -> None:
    known = doorplate.read(seen_before)
    assert known is not None
    plate_of(seen_before, officers=[*known.officers, ("op-other", "Budi · Operator")])
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type(PASSWORD)
        player.enter()
        player.find("signin.operator", QComboBox).setCurrentIndex(1)
        with somebody.arrive() as app:
            player.wait_until(lambda: app.window.frame is not None, "Siti is signed in")
            assert app.context.desk.operator.name == "Siti R."


def test_letters_that_were_meant_for_somebody_who_is_gone_are_not_left_for_the_next(seen_before: Path) -> None:
    plate_of(seen_before, officers=[("op-gone", "Budi · Operator")])
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type("sandi Budi")
        with somebody.arrive() as app:
            player.wait_until(lambda: "tidak lagi masuk di sini" in _error(app), "it says why nothing stands there")
            assert player.find("signin.password", QLineEdit).text() == ""


def test_a_list_that_is_open_is_not_closed_under_somebody_s_hands(seen_before: Path) -> None:
    known = doorplate.read(seen_before)
    assert known is not None
    plate_of(seen_before, officers=[("op-other", "Budi · Operator"), *known.officers])
    with arrival(seen_before) as somebody:
        player = somebody.player
        who = player.find("signin.operator", QComboBox)
        who.setFocus()
        somebody.meanwhile(who.showPopup)
        with somebody.arrive() as app:
            player.wait_until(lambda: app.context.tasks.idle, "the program is there")
            assert who.view().isVisible()
            assert not app.window.isVisible()
            QTest.keyClick(who.view(), Qt.Key.Key_Down)
            QTest.keyClick(who.view(), Qt.Key.Key_Return)
            player.wait_until(app.window.isVisible, "it came in")
            player.wait_until(lambda: who.count() == 1, "the list is the real one")
            assert who.currentText() == OFFICER
            assert _error(app) == ""


def test_a_wrong_password_of_the_porch_is_one_try(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type("salah")
        player.enter()
        player.enter()
        with somebody.arrive():
            said = player.window.findChild(QLabel, "signin.error")
            assert said is not None
            player.wait_until(lambda: f"Sisa {FREE_TRIES - 1} kali" in said.text(), "it was refused, once")


def test_another_language_asked_for_on_the_porch_comes_with_the_program(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.click("signin.language.en")
        with somebody.arrive() as app:
            player.wait_until(lambda: i18n.language() == "en", "the language is the one that was asked for")
            player.wait_until(lambda: _says(app, "Sign in · Enter"), "the page is in it")
            player.wait_until(lambda: '"en"' in (seen_before / doorplate.NAME).read_text(), "so is the next start's")
    with arrival(seen_before) as somebody:
        assert somebody.player.find("signin.enter", QPushButton).text() == "Sign in · Enter"


def test_language_and_password_asked_for_on_the_porch_both_come(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type(PASSWORD)
        player.enter()
        player.click("signin.language.en")
        with somebody.arrive() as app:
            player.wait_until(lambda: app.window.frame is not None, "somebody is signed in")
            assert i18n.language() == "en"


def test_letters_stay_when_another_language_was_asked_for(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type("sandi")
        player.click("signin.language.en")
        with somebody.arrive() as app:
            player.wait_until(lambda: _says(app, "Sign in · Enter"), "the page is in it")
            player.wait_until(lambda: app.context.tasks.idle, "the list was read")
            assert player.find("signin.password", QLineEdit).text() == "sandi"


def test_help_asked_for_after_enter_takes_the_password_back(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.type("salah")
        player.enter()
        player.click("signin.forgotten")
        assert player.find("signin.password", QLineEdit).text() == ""
        with somebody.arrive() as app:
            player.wait_until(lambda: _dialogs(app) == ["ForgottenDialog"], "the dialog is open")
            for dialog in app.window.window().findChildren(QDialog):
                dialog.reject()
            assert not player.find("signin.password", QLineEdit).isReadOnly()
            assert player.find("signin.enter", QPushButton).isEnabled()
            assert not any(holder.failures for holder in load_keyring(seen_before / "keyring.json").holders)


def test_help_with_a_password_asked_for_on_the_porch_opens_when_the_program_is_there(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        player = somebody.player
        player.click("signin.forgotten")
        with somebody.arrive() as app:
            player.wait_until(lambda: _dialogs(app) == ["ForgottenDialog"], "the dialog is open")
            for dialog in app.window.window().findChildren(QDialog):
                dialog.reject()


def test_a_page_in_another_language_than_was_chosen_gives_way(seen_before: Path) -> None:
    plate_of(seen_before, language="en")
    with arrival(seen_before) as somebody:
        player = somebody.player
        assert player.find("signin.enter", QPushButton).text() == "Sign in · Enter"
        with somebody.arrive() as app:
            player.wait_until(lambda: _says(app, "Masuk · Enter"), "the page is in the language that was chosen")
            assert len(player.window.findChildren(QPushButton, "signin.enter")) == 1


def test_a_second_window_on_the_same_station_says_so(seen_before: Path) -> None:
    lock = Folder(seen_before).lock("desk")
    with arrival(seen_before) as somebody, pytest.raises(SetupError, match=r"folder\.in_use"):
        Opening(seen_before, somebody.porch.house).ground()
    lock.release()


def test_a_page_that_is_closed_before_anything_was_opened_opens_nothing(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        somebody.meanwhile(somebody.porch.house.close)
        assert Opening(seen_before, somebody.porch.house).ground() is None
    Folder(seen_before).lock("desk").release()


def test_a_page_that_is_closed_when_the_folder_is_open_leaves_the_station_free(
    seen_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with arrival(seen_before) as somebody:
        opened: list[Ground] = []  # what is held here is not closed by being forgotten
        open_ground = ground.open_ground

        def opening(data: Path) -> Ground:
            opened.append(open_ground(data))
            return opened[0]

        monkeypatch.setattr(ground, "open_ground", opening)

        def closed_now(_unpacking: Unpacking) -> None:
            assert opened[0].lock.is_locked
            somebody.porch.house.close()

        monkeypatch.setattr(Unpacking, "start", closed_now)
        assert Opening(seen_before, somebody.porch.house).ground() is None
        assert not opened[0].lock.is_locked
    Folder(seen_before).lock("desk").release()


def test_a_page_that_is_drawn_late_is_opened_once(seen_before: Path) -> None:
    with arrival(seen_before) as somebody:
        opening = Opening(seen_before, somebody.porch.house)
        opening._begin()
        QApplication.sendEvent(somebody.porch.house, QPaintEvent(somebody.porch.house.rect()))
        opened = opening.ground()
        assert opened is not None
        opened.close()


def test_a_folder_that_lost_its_enrolment_comes_to_the_first_start_and_on_from_there(seen_before: Path) -> None:
    for name in ("enrolment.json", "enrolment.json.bak"):
        (seen_before / name).unlink()
    with arrival(seen_before) as somebody, somebody.arrive() as app:
        somebody.player.wait_until(lambda: app.window.findChild(FirstStart) is not None, "the first start is shown")
        app.window.show_sign_in()
        somebody.player.wait_until(lambda: app.window.findChild(SignIn) is not None, "and then the sign-in")


def test_what_stops_the_program_after_all_is_said_in_the_window(
    seen_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_depot: object) -> None:
        raise StoreError("store.unreadable")

    monkeypatch.setattr(main_window, "station_card", broken)
    with arrival(seen_before) as somebody, somebody.arrive() as app:
        somebody.player.wait_until(lambda: app.window.toast.text != "", "it says so")
        assert app.window.isVisible()


def test_the_command_opens_the_page_then_the_program_and_ends_when_it_is_closed(seen_before: Path) -> None:
    program = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from station.app import run
from station.cli import main

typed = []

def look():
    for top in QApplication.topLevelWidgets():
        entry = top.findChild(QLineEdit, "signin.password")
        if entry is not None and not typed:
            typed.append(sorted(name for name in sys.modules if name.startswith("sqlalchemy")))
            entry.setText(sys.argv[2])
            entry.returnPressed.emit()
        if top.findChild(QWidget, "rail.records") is not None:
            top.close()

timer = QTimer()
timer.timeout.connect(look)
qt = run.make_qt()
timer.start(20)
QTimer.singleShot(90_000, lambda: qt.exit(3))
code = main(["--data", sys.argv[1]])
print(code, typed)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(seen_before), PASSWORD],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["0 [[]]"], done.stderr
    Folder(seen_before).lock("desk").release()


def test_closing_the_window_ends_the_program_that_came_into_it(seen_before: Path) -> None:
    with arrival(seen_before) as somebody, somebody.arrive() as app:
        somebody.player.wait_until(app.window.isVisible, "the program is there")
        somebody.porch.house.close()
        assert not app.window.isVisible()


def test_the_lock_covers_what_lies_over_the_window_and_dialogs_of_the_house(seen_before: Path) -> None:
    with plain_window(seen_before) as (app, player):
        player.find("signin.password")
        player.type(PASSWORD, into="signin.password")
        player.enter()
        player.wait_until(lambda: app.window.frame is not None, "somebody is signed in")
        dialog = QDialog(app.window.window())
        entry = QLineEdit(dialog)
        dialog.open()
        assert room_of(entry) is dialog
        assert room_of(player.find("rail.records")) is app.window
        app.window.lock_screen()
        assert app.window.lock.size() == app.window.size() == app.house.size()
        assert not dialog.isVisible()
        player.type(PASSWORD, into="lock.password")
        player.press(Qt.Key.Key_Return)
        player.wait_until(dialog.isVisible, "what was covered is there again")
        dialog.reject()


def _error(app: App) -> str:
    found = app.window.findChild(QLabel, "signin.error")
    return found.text() if found is not None else ""


def _says(app: App, text: str) -> bool:
    found = app.window.findChild(QPushButton, "signin.enter")
    return found is not None and found.isVisible() and found.text() == text


def _dialogs(app: App) -> list[str]:
    return [type(dialog).__name__ for dialog in app.window.window().findChildren(QDialog) if dialog.isVisible()]
