"""The dialogs of the way out by stick: what is offered, what is shown before and after, and stopping them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from station import i18n
from station.courier.exporting import export
from station.domain.outcome import Reason
from station.domain.record import RecordKey
from station.seal import stick as stick_module
from station.store.tables import audit
from station.ui import courier_dialogs
from station.ui.courier_dialogs.export_dialog import ExportDialog
from station.ui.courier_dialogs.import_dialog import ImportDialog
from station.ui.courier_dialogs.sticks import Stick
from tests.carrying import Outpost, Signer
from tests.support import TODAY, Workplace
from tests.ui.conftest import Hands


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "FLASHDISK"
    folder.mkdir()
    i18n.use("en")
    return folder


@pytest.fixture
def sealed(place: Workplace) -> list[RecordKey]:
    return [place.seal(serial).record.key for serial in (1, 2)]


def open_export(hands: Hands, *sticks: Path, keys: list[RecordKey] | None = None) -> ExportDialog:
    found = tuple(Stick(path, path.name, 8_000_000_000) for path in sticks)
    dialog = ExportDialog(hands.context, hands.window, keys, look_for_sticks=lambda: found)
    dialog.open()
    hands.until(lambda: dialog.everything.isChecked() or dialog.chosen.isChecked())
    hands.until(lambda: bool(sticks) == (dialog.place.place is not None))
    return dialog


def open_import(hands: Hands, stick: Path) -> ImportDialog:
    dialog = ImportDialog(hands.context, hands.window, look_for_sticks=lambda: (Stick(stick, stick.name, 1),))
    dialog.open()
    return dialog


def audited(place: Workplace, action: str) -> list[dict[str, object]]:
    with place.office.applicants.read() as connection:
        rows = connection.execute(audit.select().where(audit.c.action == action)).all()
    return [json.loads(row.detail) for row in rows]


def test_everything_goes_onto_the_stick_and_the_dialog_says_how_to_take_it_out(
    sealed: list[RecordKey], signed_in: Hands, stick: Path, place: Workplace
) -> None:
    dialog = open_export(signed_in, stick)
    assert "2 packets" in dialog.everything.text()
    assert dialog.place.list.currentText().startswith("FLASHDISK · ")
    dialog.go.click()
    signed_in.until(dialog.hint.isVisible)
    (path,) = stick.iterdir()
    assert "2 packets" in dialog.said.accessibleName() and path.name in dialog.said.accessibleName()
    assert "pull it out" in dialog.hint.text()
    assert audited(place, "courier.export")[0]["packets"] == 2
    dialog.reject()


def test_a_damaged_file_that_stays_here_is_no_all_clear(
    sealed: list[RecordKey], signed_in: Hands, stick: Path, place: Workplace
) -> None:
    place.depot.packets.path(sealed[0]).write_bytes(b"x")
    dialog = open_export(signed_in, stick)
    dialog.go.click()
    signed_in.until(dialog.hint.isVisible)
    assert dialog.said.property("tone") == "warn"
    assert "1 packet stays here" in dialog.said.accessibleName()
    signed_in.until(lambda: dialog.hint.y() > dialog.said.y())
    dialog.reject()


def test_only_the_chosen_packets_go_when_some_were_chosen(
    sealed: list[RecordKey], signed_in: Hands, stick: Path, place: Workplace
) -> None:
    dialog = open_export(signed_in, stick, keys=sealed[:1])
    assert dialog.chosen.isVisible() and dialog.chosen.isChecked() and "1 packet" in dialog.chosen.text()
    dialog.start()
    signed_in.until(dialog.hint.isVisible)
    assert [place.depot.outbox.get(key).exported_at is not None for key in sealed] == [True, False]  # type: ignore[union-attr]
    dialog.reject()


def test_without_a_stick_nothing_can_be_started_and_a_folder_can_be_chosen(
    sealed: list[RecordKey], signed_in: Hands, stick: Path
) -> None:
    dialog = open_export(signed_in)
    assert not dialog.go.isEnabled() and "No stick" in dialog.place.list.currentText()
    dialog.place.choose(stick)
    assert dialog.go.isEnabled() and dialog.place.place == stick
    dialog.place.show_sticks(())
    assert dialog.place.place == stick, "looking again does not forget what a person chose"
    dialog.reject()


def test_a_problem_of_the_stick_is_said_and_it_can_be_tried_again(
    sealed: list[RecordKey], signed_in: Hands, tmp_path: Path, stick: Path
) -> None:
    dialog = open_export(signed_in, tmp_path / "pulled")
    dialog.start()
    signed_in.until(dialog.said.isVisible)
    assert "pulled out" in dialog.said.accessibleName()
    assert dialog.go.isVisible()
    dialog.place.choose(stick)
    dialog.start()
    signed_in.until(dialog.hint.isVisible)
    dialog.reject()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A stick that begins to write only when it is let."""
    go, create = threading.Event(), stick_module.create

    def wait(path: Path) -> object:
        assert go.wait(10)
        return create(path)

    monkeypatch.setattr(stick_module, "create", wait)
    yield go
    go.set()


def test_it_can_be_stopped_and_nothing_is_on_the_stick_then(
    sealed: list[RecordKey], signed_in: Hands, stick: Path, slow: threading.Event
) -> None:
    dialog = open_export(signed_in, stick)
    dialog.start()
    assert dialog.stop_button.isVisible() and not dialog.go.isVisible()
    dialog.stop_button.click()
    slow.set()
    signed_in.until(dialog.go.isVisible)
    assert list(stick.iterdir()) == [] and "Stopped" in dialog.said.accessibleName()
    dialog.reject()


def test_closing_it_at_work_closes_it_when_the_stick_is_clean_again(
    sealed: list[RecordKey], signed_in: Hands, stick: Path, slow: threading.Event
) -> None:
    dialog = open_export(signed_in, stick)
    dialog.start()
    ended: list[int] = []
    dialog.finished.connect(ended.append)
    dialog.close()
    assert dialog.isVisible()
    slow.set()
    signed_in.until(lambda: bool(ended))
    assert list(stick.iterdir()) == []


@pytest.fixture
def neighbour(place: Workplace, tmp_path: Path) -> Iterator[Outpost]:
    """Another station of the central that ours believes."""
    enrolment, _ = place.depot.enrolled()
    signer = Signer(central_id=enrolment.central_id)
    object.__setattr__(enrolment, "signing_keys", (signer.key.public,))
    made = Outpost(tmp_path / "tetangga", signer, "tetangga")
    yield made
    made.depot.close()


def test_what_is_in_a_file_is_shown_before_it_is_taken_and_what_came_of_it_after(
    signed_in: Hands, stick: Path, place: Workplace, neighbour: Outpost
) -> None:
    keys = neighbour.seal(3)
    export(neighbour.depot, stick, clock=neighbour.clock)
    dialog = open_import(signed_in, stick)
    signed_in.until(dialog.go.isEnabled)
    shown = [dialog._rows.itemAt(row, dialog._rows.ItemRole.FieldRole).widget().text() for row in range(4)]  # type: ignore[union-attr]
    assert shown[0] == "Tetangga" and shown[2].startswith("3 packets")
    assert place.depot.outbox.get(keys[0]) is None
    woken: list[bool] = []
    place.office.on_sealed.append(lambda: woken.append(True))
    dialog.go.click()
    signed_in.until(dialog.said.isVisible)
    assert "3 packets taken" in dialog.said.accessibleName()
    assert place.depot.outbox.get(keys[0]) is not None
    assert audited(place, "courier.import")[0]["taken"] == 3
    assert woken, "they are sent at once when there is a link"
    assert not dialog.go.isEnabled()
    dialog.reject()


def test_a_file_that_was_edited_is_named_and_cannot_be_taken(
    signed_in: Hands, stick: Path, place: Workplace, neighbour: Outpost
) -> None:
    neighbour.seal(1)
    done = export(neighbour.depot, stick)
    assert done is not None
    data = bytearray(done.path.read_bytes())
    dialog = open_import(signed_in, stick)
    signed_in.until(dialog.go.isEnabled)
    data[-400] ^= 1
    done.path.write_bytes(b"halo" + bytes(data))
    other = done.path.rename(stick.parent / "ktpel-99.01.01-1.zip")
    dialog.choose(other)
    assert dialog.files.currentData() == other, "a file from anywhere is shown as what is chosen"
    signed_in.until(dialog.said.isVisible)
    assert "does not come from a station" in dialog.said.accessibleName()
    assert not dialog.go.isEnabled()
    dialog.reject()


def test_a_stick_without_files_says_so_and_looks_again(signed_in: Hands, stick: Path, neighbour: Outpost) -> None:
    dialog = open_import(signed_in, stick)
    signed_in.until(lambda: "No file" in dialog._nothing.text())
    neighbour.seal(1)
    export(neighbour.depot, stick)
    dialog.look_again()
    signed_in.until(dialog.files.isVisible)
    assert dialog.files.count() == 1
    dialog.reject()


def test_both_dialogs_are_opened_by_whoever_has_a_button(signed_in: Hands) -> None:
    for dialog in (
        courier_dialogs.open_export(signed_in.context, signed_in.window),
        courier_dialogs.open_import(signed_in.context, signed_in.window),
    ):
        assert isinstance(dialog, QDialog) and dialog.isVisible()
        signed_in.settle()
        dialog.reject()


def test_what_central_did_not_take_of_other_stations_is_told_with_the_reason(
    signed_in: Hands, stick: Path, place: Workplace, tmp_path: Path
) -> None:
    enrolment, _ = place.depot.enrolled()
    other = Outpost(tmp_path / "other", Signer(central_id=enrolment.central_id), "other")
    first, second = other.seal(2)
    for key, code in ((first, "origin.blocked"), (second, "nik.unknown")):
        row = replace(other.row(key), carried=True)
        place.depot.outbox.add(row)
        place.depot.outbox.reject(key, (Reason(code, ""),), at=TODAY)
    other.depot.close()
    dialog = open_export(signed_in, stick)
    said = dialog.not_taken.text()
    assert dialog.not_taken.isVisible()
    assert "1 packet: central takes nothing of their station now." in said
    assert "1 packet: something in them must be repaired at their station." in said
    assert "nothing to do here" in said
    dialog.reject()
