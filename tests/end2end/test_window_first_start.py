"""The first start: a new folder becomes a station in the window, and every mistake is answered in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.domain.delivery import LinkState
from station.training.player import Player
from station.ui.screens.first_start.wizard import FirstStart
from tests.end2end.window import await_text, plain_window, read, said, sign_in
from tests.support import CHEAP, files_below

pytestmark = pytest.mark.usefixtures("qapp")

WORD = "tiga kata panjang"


def fill(player: Player, **typed: str) -> None:
    """Type into fields of the first start; what was there goes."""
    for key, text in typed.items():
        player.find(f"first.{key}", QLineEdit).setFocus(Qt.FocusReason.TabFocusReason)
        player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        player.press(Qt.Key.Key_Delete)
        player.type(text)


def says(player: Player, key: str) -> str:
    """What stands below a field."""
    return player.find(f"first.{key}").accessibleDescription()


def refused(player: Player, *sentences: str) -> None:
    player.click("first.next")
    await_text(player, "first.people.error", *sentences)


def back_to_the_address(player: Player, **typed: str) -> None:
    player.click("first.back")
    fill(player, **typed)
    player.click("first.next")
    player.find("first.admin_name")


def test_a_new_folder_becomes_a_station_in_the_window_and_delivers_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("station.seal.vault", "station.desk.enrolment"):  # how slow passwords are is not asked here
        monkeypatch.setattr(f"{place}.Argon2Cost", lambda: CHEAP)
    server = CentralServer(tmp_path / "central", options=CentralOptions(training=True))
    server.start()
    try:
        with plain_window(tmp_path / "data") as (app, player):
            player.click("first.next")
            player.find("first.way.online")
            assert not player.sees("signin.password")
            assert app.delivering.engine is None
            player.click("first.next")
            code = server.central.new_code()
            fill(player, central_url=server.url, code=code, station_name="Kec. Uji", office="Batang")
            player.click("first.next")
            player.wait_until(lambda: said("enrolment.office") in says(player, "office"), "the office is wrong")
            fill(player, office="99.01.01", central_url="http://192.0.2.1:8440")
            player.click("first.next")
            insecure = said("central.insecure_address")
            player.wait_until(lambda: insecure in says(player, "central_url"), "before anybody types a password")
            fill(player, central_url="http://127.0.0.1:9")
            player.click("first.next")
            fill(
                player, admin_name="Kepala Contoh", admin_password="kata kepala 1", admin_again="kata kepala 1",
                operator_name="Siti  R.", password=WORD, again=WORD,
            )  # fmt: skip

            refused(player, said("enrolment.unreachable"))
            back_to_the_address(player, central_url=server.url, code="SALAH-SALAH")
            refused(player, said("enrolment.refused"))
            assert app.depot.enrolment is None
            assert player.find("first.operator_name", QLineEdit).text() == "Siti  R."
            assert player.find("first.password", QLineEdit).text() == WORD
            assert not app.depot.folder.keyring.exists()

            back_to_the_address(player, code=code)
            player.click("first.next")
            player.find("first.word.14")
            wizard = player.window.findChild(FirstStart, "first")
            assert wizard is not None
            words = wizard.answers.words
            assert all(" ".join(words).encode() not in path.read_bytes() for path in files_below(tmp_path / "data"))

        with plain_window(tmp_path / "data") as (app, player):
            player.find("signin.password")
            player.wait_until(lambda: app.delivering.engine is not None, "it delivers before anybody has signed in")
            assert not player.sees("first.word.14")
            sign_in(player, WORD)
            player.find("unconfirmed")
            assert not player.sees("unconfirmed.make"), "only the admin makes new words"
            player.wait_until(
                lambda: (link := app.depot.memory.link) is not None and link.state is LinkState.GOOD,
                "the engine has found central by itself",
            )
            await_text(player, "strip.link", "Tersambung")
            assert "Kec. Uji" in player.find("strip.station").accessibleName() + read(player, "strip.station")
            assert len(server.central.enrolled()) == 1
    finally:
        server.stop()
