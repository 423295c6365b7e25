"""The program is killed in the middle of a deed of the desk: it was done wholly or not at all, and is done again.

Real processes and real SIGKILL, at every write of a transaction, before and after its commit, and while a child of the
lab reads for it. Two stations do the same; only one of them is ever killed, and both have the same draft afterwards.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.capture.lab import Lab
from station.desk import recording
from station.domain.biometrics import FINGERS
from station.domain.draft import Draft
from station.store import attachments, audit, captures
from station.store.database import Database
from tests.end2end.doomed_desk import COMMIT, COMMITTED, DEEDS, DONE, LAB, NOWHERE, die, finger, write, writes
from tests.support import HandClock, Workplace, filled, good_answers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at the processes of Linux")

READS = ("verify", "grant")
"""Deeds for which a child of the lab reads something."""
Found = tuple[Draft, object, object, list[str]]


class Two:
    """One station in peace and one that is killed, with the same draft."""

    def __init__(self, peaceful: Path, lab: Lab) -> None:
        self.peaceful = Workplace(peaceful, NOWHERE, HandClock(), lab=lab)
        office = self.peaceful.office
        self.record_id = recording.start(office).record.record_id
        filled(office, self.record_id, good_answers())
        with office.applicants.write() as connection:  # what is compared with what is not told here
            for part in FINGERS:
                captures.put(connection, self.record_id, finger(part))
        self.peaceful.second_officer()
        self.peaceful.close()
        self.hit = Path(shutil.copytree(peaceful, peaceful.parent / "hit"))
        self.peaceful.reopen()

    def after(self, place: Workplace) -> Found:
        """All there is of the draft, and what the audit says was done to it."""
        with place.office.applicants.read() as connection:
            lines = audit.lines_of(connection, self.record_id)
            beside = ("_open", "vouch")  # looks are written now and then, a colleague's word before the deed
            said = [line.action for line in lines if not line.action.endswith(beside)]
            assert audit.first_broken(connection) is None
            shown = attachments.all_of(connection, self.record_id)
            kept = captures.all_of(connection, self.record_id)
        return recording.resume(place.office, self.record_id), kept, shown, said

    def after_restart(self) -> Found:
        place = Workplace(self.hit, NOWHERE, HandClock())
        try:
            whole(place.office.applicants)
            whole(Database(self.hit / "outbox.db"))
            return self.after(place)
        finally:
            place.close()


@pytest.fixture(scope="module")
def two(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory, lab: Lab) -> Iterator[Two]:
    folder = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("killed") / "peaceful"))
    made = Two(folder, lab)
    yield made
    made.peaceful.close()


def whole(database: Database) -> None:
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_in_which_the_program_was_killed_can_be_done_again_until_it_is_kept(two: Two, deed: str) -> None:
    before = two.after_restart()
    do = DEEDS[deed](two.peaceful, two.record_id)
    with writes() as written:
        do()
    done = two.after(two.peaceful)
    assert done != before
    assert len(written) > 1  # it could be done by half
    early = [*([LAB] if deed in READS else []), *(write(number + 1) for number in range(len(written))), COMMIT]
    for where in early:
        death = die(two.hit, two.record_id, deed, where)
        assert not death.acknowledged
        assert where != LAB or death.children
        assert two.after_restart() == before, where
    # Kept, but nobody was told: it is there, and once.
    assert not die(two.hit, two.record_id, deed, COMMITTED).acknowledged
    assert two.after_restart() == done


def test_what_was_acknowledged_is_there_although_the_program_dies_at_once(two: Two) -> None:
    before = two.after_restart()
    DEEDS["document"](two.peaceful, two.record_id)()
    assert die(two.hit, two.record_id, "document", DONE).acknowledged
    assert two.after_restart() == two.after(two.peaceful) != before
