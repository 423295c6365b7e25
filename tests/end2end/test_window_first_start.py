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
from tests.end2end.window import await_text, plain_window, read, said, sign_in
from tests.support import files_below

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
    player.click("first.enrol")
    await_text(player, "first.error", *sentences)


def test_a_new_folder_becomes_a_station_in_the_window_and_delivers_without_a_restart(tmp_path: Path) -> None:
    server = CentralServer(tmp_path / "central", options=CentralOptions(training=True))
    server.start()
    try:
        with plain_window(tmp_path / "data") as (app, player):
            player.find("first.central_url")
            assert not player.sees("signin.password")
            assert app.engine is None
            code = server.central.new_code()
            fill(
                player, central_url=server.url, code=code, station_name="Kec. Uji", office="99.01.01",
                operator_name="Siti  R.", password="pendek", again="pendek",
            )  # fmt: skip

            player.click("first.enrol")
            player.wait_until(lambda: said("password.too_short") in says(player, "password"), "the password is short")
            fill(player, password=WORD, again=WORD + "!")
            player.click("first.enrol")
            player.wait_until(lambda: "dua kali" in says(player, "again"), "the passwords differ")
            fill(player, again=WORD, office="Batang")
            player.click("first.enrol")
            player.wait_until(lambda: said("enrolment.office") in says(player, "office"), "the office is wrong")

            fill(player, office="99.01.01", central_url="http://192.0.2.1:8440")
            refused(player, said("central.insecure_address"), "https://")
            fill(player, central_url="http://127.0.0.1:9")
            refused(player, said("enrolment.unreachable"))
            fill(player, central_url=server.url, code="SALAH-SALAH")
            refused(player, said("enrolment.refused"))
            assert app.depot.enrolment is None
            assert player.find("first.operator_name", QLineEdit).text() == "Siti  R."
            assert player.find("first.password", QLineEdit).text() == WORD
            assert not app.depot.folder.keyring.exists()

            fill(player, code=code)
            player.click("first.enrol")
            key = read(player, "first.recovery_key")
            assert len(key.replace("-", "").replace(" ", "")) >= 20
            assert not player.sees("first.continue"), "the key may be left before it was written down"
            player.click("first.noted")
            player.click("first.continue")
            player.find("signin.password")
            assert not player.sees("first.recovery_key")
            assert all(key.encode() not in path.read_bytes() for path in files_below(tmp_path / "data"))

            sign_in(player, WORD)
            assert app.engine is not None
            player.wait_until(
                lambda: (link := app.depot.memory.link) is not None and link.state is LinkState.GOOD,
                "the engine has found central by itself",
            )
            await_text(player, "strip.link", "Tersambung")
            assert "Kec. Uji" in player.find("strip.station").accessibleName() + read(player, "strip.station")
            assert len(server.central.enrolled()) == 1

        with plain_window(tmp_path / "data") as (app, player):
            player.find("signin.password")
            assert app.engine is not None
            assert not player.sees("first.recovery_key")
    finally:
        server.stop()
