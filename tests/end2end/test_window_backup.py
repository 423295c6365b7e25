"""The second copy at the window: chosen, told in amber when it is away; damage put right under the operator's eyes."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from station.desk import recording, sealing
from station.desk.office import Office
from station.domain.biometrics import Part
from station.domain.record import State
from station.store import records
from station.store.medium import FOLDER
from station.store.packets import PacketFolder
from station.ui.recovered_dialog import RecoveredDialog
from station.ui.screens.guard.backup_card import BackupCard
from tests.end2end.window import await_text, plain_window, sign_in
from tests.support import APPROVED, PASSWORD, a_capture, captured, filled, good_answers

pytestmark = pytest.mark.usefixtures("qapp")


def draft_of(office: Office, serial: int) -> str:
    """A complete draft, put there without the window."""
    record_id = recording.start(office).record.record_id
    filled(office, record_id, good_answers(serial))
    captured(office, record_id, f"orang {serial}")
    recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    return record_id


def damage(path: Path) -> None:
    """Every page but the first holds other bytes. In place: where SQLite finds an empty database it removes the log."""
    with path.open("r+b") as file:
        for start in range(4096, path.stat().st_size, 4096):
            file.seek(start + 100)
            kept = file.read(64)
            file.seek(start + 100)
            file.write(bytes(byte ^ 255 for byte in kept))


def test_what_is_sealed_is_copied_at_once_and_damage_is_put_right_while_somebody_works(
    folder_copy: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    stick = tmp_path / "stick"
    stick.mkdir()
    (folder_copy / "station.toml").write_text('language = "en"\n')
    with plain_window(folder_copy) as (app, player):
        sign_in(player, PASSWORD)
        player.click("rail.guard")
        card = player.find("guard.backup", QWidget)
        assert isinstance(card, BackupCard)
        card.choose(stick)
        await_text(player, "strip.backup", "same disk")
        office = app.context.desk
        kept = draft_of(office, 1)
        sealing.seal(office, draft_of(office, 2))
        there = PacketFolder(stick / FOLDER / "packets")
        player.wait_until(lambda: len(list(there.all_keys())) == 1, "the packet is on the medium")
        card.now_button.click()
        player.wait_until(lambda: any((stick / FOLDER / "snapshots").glob("*Z/facts.json")), "a snapshot is there")

        stick.rename(tmp_path / "pulled")
        sealing.seal(office, draft_of(office, 3))
        await_text(player, "strip.backup", "away", "with one copy")

        with office.applicants.write() as connection:
            connection.exec_driver_sql("SELECT 1")
        office.applicants.let_go()
        damage(folder_copy / "applicants.db")
        player.click("rail.records")
        player.wait_until(lambda: app.window.findChild(RecoveredDialog) is not None, "it says what was put right")
        assert "damaged and have been put right" in await_text(player, "recovered.title", "damaged")
        assert "Tell the technician" in await_text(player, "recovered.said", "every record that was saved")
        player.click("recovered.close")
        office = app.context.desk
        with office.applicants.read() as connection:
            assert len(records.with_states(connection, [State.SEALED])) == 2
            assert records.get(connection, kept) is not None
        sealing.seal(office, draft_of(office, 4))
        assert len(app.depot.outbox.keys()) == 3
        assert list(folder_copy.glob("applicants.db.broken-*"))
