"""Lightning at 14.00: the computer goes out while the irises of applicant 87 are captured, and starts again.

The 87th is recorded at the real window, in a process that is killed; then the disks lose what nobody had synced.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from station.capture.lab import Lab
from station.desk import backup, recording, restoring, sealing, signin
from station.desk.copying import Copying
from station.desk.office import Office
from station.domain.biometrics import FINGERS, IRISES, Capture, Part
from station.domain.record import RecordKey, State
from station.domain.steps import Step
from station.seal.packet import sha256_of
from station.store import audit, captures, records
from station.store.depot import Depot
from station.store.folder import Folder
from station.store.medium import FOLDER
from station.store.packets import PacketFolder
from station.store.snapshot import snapshots_in
from station.training.mode import PASSWORD, TrainingMode
from station.training.people import PEOPLE
from station.training.simulator.process import Simulator
from tests import xfs_disk
from tests.end2end.copied_window import CopyingOperator, copied_window
from tests.end2end.window import Doomed, leave_no_trace
from tests.support import APPROVED, CHEAP, a_capture, captured, filled, good_answers
from tests.thinned import SOAKING
from tests.xfs_disk import XfsDisk

pytestmark = pytest.mark.usefixtures("qapp")
SITI = PEOPLE[1]
BEFORE = 86 if SOAKING else 8
"""So many were sealed since the morning."""
HALF_OF_THE_IRISES = "capture.put.iris-right"
Kept = dict[Part, Capture]


class Site:
    """A station and its second medium, each on a disk of its own; `spared` says why their power cannot be cut here."""

    def __init__(self, station: Path, medium: Path, disks: list[XfsDisk], spared: str = "") -> None:
        self.folder, self.medium, self.spared, self._disks = station, medium, spared, disks

    @property
    def root(self) -> Path:
        return self.folder / "data" / "station"

    @property
    def copies(self) -> Path:
        return self.medium / FOLDER

    def lose_power(self) -> None:
        """Without such disks the kernel writes everything that the dead process had written, synced or not."""
        for disk in self._disks:
            disk.lose_power()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    if why := xfs_disk.missing():
        for name in ("station", "medium"):
            (tmp_path / name).mkdir()
        yield Site(tmp_path / "station", tmp_path / "medium", [], why)
        return
    disks = [xfs_disk.xfs_disk(tmp_path, name, xfs_disk.ROOMY) for name in ("station", "medium")]
    with disks[0] as station, disks[1] as medium:
        yield Site(station.medium, medium.medium, [station, medium])


def test_lightning_during_the_irises_of_applicant_87_costs_neither_medium_anything_and_the_irises_come_next(
    site: Site, tmp_path: Path, lab: Lab, simulator: Simulator
) -> None:
    packets = _a_morning_is_sealed(site, lab)
    told = _the_computer_goes_out_during_the_irises(site)
    site.lose_power()
    _the_store_is_whole(site, lab, packets, told)
    _the_medium_has_every_packet(site, packets)
    struck = datetime.now(UTC)
    with copied_window(site.folder, simulator) as operator:
        operator.sign_in()
        _the_applicant_goes_on_at_the_irises(operator, told)
        operator.player.wait_until(lambda: _newest_copy(site) > struck, "the medium has the draft too")
        _the_medium_has_the_draft(site, tmp_path / "restored", lab, packets, told)
        _the_recording_is_finished(operator)
        operator.player.wait_until(lambda: len(_on(site.copies)) == BEFORE + 1, "and its packet")
    assert len(_on(site.root)) == BEFORE + 1
    assert _on(site.root) == _on(site.copies)
    if site.spared:
        pytest.skip(f"all of it holds when the program is killed; the power could not be cut: {site.spared}")


def _a_morning_is_sealed(site: Site, lab: Lab) -> dict[RecordKey, str]:
    """The packets of those before, on both media, as the window's thread of the second copy does it."""
    TrainingMode(site.folder / "data", cost=CHEAP).close()
    leave_no_trace()
    with _desk(site.root, lab) as office:
        backup.choose(office, site.medium)
        copying = Copying(office.depot, key_holder=office.applicants.again())
        assert copying.snap(office.now(), at_once=True) is not None
        for serial in range(2, BEFORE + 2):  # the first one is she who comes now
            record_id = recording.start(office).record.record_id
            filled(office, record_id, good_answers(serial))
            captured(office, record_id, f"orang {serial}", size=9000)
            recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
            sealing.seal(office, record_id)
            copying.copy(office.now())
        assert copying.key_holder is not None
        copying.key_holder.close()
        return {item.key: item.sha256 for item in office.depot.outbox.of_records(_ids(office)).values()}


def _the_computer_goes_out_during_the_irises(site: Site) -> dict[str, Any]:
    """One iris is in the transaction, the other is not. What the window had told until then."""
    with Doomed(site.folder, SITI, failpoint=HALF_OF_THE_IRISES, program="tests.end2end.copied_window") as window:
        while window.speaks:
            window.hear()
        assert window.end() == -9, window.told
    last = window.told[-1]
    assert last["step"] == Step.IRISES.value
    assert last["captures"] == sorted(part.value for part in (Part.FACE, *FINGERS))
    return last


def _the_store_is_whole(site: Site, lab: Lab, packets: dict[RecordKey, str], told: dict[str, Any]) -> None:
    with _desk(site.root, lab) as office:
        _is_whole(office, told)
        assert {item.key: item.sha256 for item in office.depot.outbox.of_records(_ids(office)).values()} == packets
    assert _on(site.root) == packets


def _the_medium_has_every_packet(site: Site, packets: dict[RecordKey, str]) -> None:
    assert _on(site.copies) == packets


def _the_applicant_goes_on_at_the_irises(operator: CopyingOperator, told: dict[str, Any]) -> None:
    operator.resume(told["record"])
    assert operator.step is Step.IRISES
    assert set(operator.draft.missing) == {*IRISES, Part.SIGNATURE}
    assert operator.read("capture.title")
    operator.player.find("step.irises.capture")


def _the_medium_has_the_draft(
    site: Site, folder: Path, lab: Lab, packets: dict[RecordKey, str], told: dict[str, Any]
) -> None:
    """Another computer takes the medium: it has the same people, and the one who sits here as far as they were."""
    restoring.restore(Folder(folder), site.medium)
    with _desk(folder, lab) as office:
        _is_whole(office, told)
        assert len(_ids(office)) == BEFORE
    assert _on(folder) == packets


def _the_recording_is_finished(operator: CopyingOperator) -> None:
    operator._capture(Step.IRISES)
    operator.go_on(Step.SIGNATURE)
    operator._sign(SITI)
    for step in (Step.DOCUMENTS, Step.REVIEW):
        operator.go_on(step)
    operator.seal()


# ------------------------------------------------------------------------------------------------------------- looking


def _is_whole(office: Office, told: dict[str, Any]) -> None:
    """Nothing is broken; those before are sealed, and one draft has what its window had told."""
    with office.applicants.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert audit.first_broken(connection) is None
        assert len(records.with_states(connection, [State.SEALED])) == BEFORE
        (draft,) = records.with_states(connection, [State.DRAFT])
        kept = {item.part: item for item in captures.all_of(connection, draft.record.record_id)}
    assert (draft.record.record_id, draft.step) == (told["record"], Step.IRISES)
    assert sorted(part.value for part in kept) == told["captures"]
    assert all(item.image for item in kept.values())
    assert {key: draft.answers.get(key) for key in told["answers"]} == told["answers"]


def _on(root: Path) -> dict[RecordKey, str]:
    """Every packet below `root`, by what its bytes are."""
    folder = PacketFolder(root / "packets")
    return {key: sha256_of(folder.read(key)) for key in folder.all_keys()}


def _newest_copy(site: Site) -> datetime:
    return max(item.facts.made_at for item in snapshots_in(site.copies / "snapshots"))


def _ids(office: Office) -> list[str]:
    with office.applicants.read() as connection:
        return [stored.record.record_id for stored in records.with_states(connection, [State.SEALED])]


@contextmanager
def _desk(root: Path, lab: Lab) -> Iterator[Office]:
    depot = Depot(root)
    office = signin.sign_in(depot, signin.operators(depot)[0].operator_id, PASSWORD, lab=lab)
    try:
        yield office
    finally:
        office.rosters.close()
        office.applicants.close()
        depot.close()
