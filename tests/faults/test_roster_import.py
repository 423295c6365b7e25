"""A target list is taken in whole or not at all: bad files, a full disk, and the power going out at every place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from station import failpoint
from station.desk import rosters
from station.domain.errors import StationError, StoreError
from station.failpoint import PowerCut
from station.seal.body import new_identity, recipient_of
from station.seal.jws import SigningKey
from station.store import audit
from tests.bundles import AREA, ListMaker, central_of, somebody
from tests.mounts import small_disk
from tests.support import PASSWORD, TODAY, Workplace, files_below

OLD = [somebody(number, "SITI LAMA") for number in range(1, 4)]
NEW = [somebody(number, "SITI BARU") for number in range(1, 301)]
PLACES = ("roster.loading", "roster.built", "roster.switching", "roster.switched")


@pytest.fixture
def maker(place: Workplace, tmp_path: Path) -> ListMaker:
    """Central, after its first list has been taken in."""
    (tmp_path / "stick").mkdir()
    maker = central_of(place, tmp_path / "stick")
    rosters.import_file(place.office, maker.file(OLD, version=2))
    return maker


def names_here(place: Workplace) -> set[str]:
    found = rosters.find(place.office, "siti", limit=1000)
    assert len(found) == rosters.count(place.office) == sum(card.people for card in rosters.cards(place.office))
    return {target.name for target in found}


def refused(place: Workplace, path: Path) -> str:
    """The code; afterwards everything is as before."""
    before = {file.name: file.read_bytes() for file in files_below(place.root / "rosters")}
    with pytest.raises(StationError) as problem:
        rosters.import_file(place.office, path)
    assert {file.name: file.read_bytes() for file in files_below(place.root / "rosters")} == before
    assert names_here(place) == {"SITI LAMA"}
    assert [card.version for card in rosters.cards(place.office)] == [2]
    return problem.value.code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": 1}, "roster.older"),
        ({"version": 2}, "roster.same"),
        ({"version": 4, "base": 3}, "roster.base_missing"),
        ({"station_id": "station-lain"}, "roster.other_station"),
        ({"central_id": "pusat-lain"}, "roster.other_central"),
        ({"expires_at": TODAY - timedelta(seconds=1)}, "roster.expired"),
        ({"key": SigningKey.generate("central-uji-1")}, "roster.signature"),
        ({"people": 299}, "roster.unreadable"),
        ({"size": 17}, "roster.edited"),
        ({"sha256": "0" * 64}, "roster.edited"),
    ],
)
def test_a_list_that_may_not_be_used_changes_nothing(
    place: Workplace, maker: ListMaker, changed: dict[str, Any], code: str
) -> None:
    assert refused(place, maker.file(NEW, **{"version": 3, **changed})) == code


def test_a_list_sealed_for_somebody_else_changes_nothing(place: Workplace, maker: ListMaker) -> None:
    maker.recipient = recipient_of(new_identity())
    assert refused(place, maker.file(NEW, version=3)) == "roster.locked"


def test_a_file_that_was_cut_or_edited_anywhere_changes_nothing(place: Workplace, maker: ListMaker) -> None:
    path = maker.file(NEW[:3], version=3)
    good = path.read_bytes()
    for at in range(0, len(good), 97):
        path.write_bytes(good[:at])
        assert refused(place, path) == "roster.not_a_list"
    edited = set()
    for at in range(0, len(good), 41):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x41]) + good[at + 1 :])
        try:
            edited.add(refused(place, path))
        except pytest.fail.Exception:  # a byte of the ZIP that nobody reads, such as a date: the list itself is whole
            assert names_here(place) == {"SITI BARU"}
            rosters.drop(place.office, AREA)
            rosters.import_file(place.office, maker.file(OLD, version=2))
    # An edited word may also name another source or another station: every key and id is new in each run.
    assert {"roster.edited", "roster.not_a_list"} <= edited <= {"roster.edited", "roster.not_a_list", "roster.source"}


def test_a_body_cut_on_its_way_from_central_changes_nothing(place: Workplace, maker: ListMaker) -> None:
    head, body = maker.parts(NEW, version=3)
    body.write_bytes(body.read_bytes()[:-100])
    with pytest.raises(StationError) as problem:
        rosters.import_parts(place.office, head, body)
    assert problem.value.code == "roster.cut"
    assert names_here(place) == {"SITI LAMA"}


def cut_while_importing(place: Workplace, path: Path, where: str) -> None:
    def cut(reached: str) -> None:
        if reached == where:
            raise PowerCut(where)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        rosters.import_file(place.office, path)


def test_the_places_where_the_power_goes_out_are_all_there_are(place: Workplace, maker: ListMaker) -> None:
    reached: dict[str, None] = {}
    with failpoint.armed(lambda name: reached.setdefault(name)):
        rosters.import_file(place.office, maker.file(NEW, version=3))
    assert tuple(reached) == PLACES


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("base", [None, 2])
def test_after_a_power_cut_the_old_list_or_the_new_one_is_there_and_nothing_else(
    place: Workplace, maker: ListMaker, where: str, base: int | None
) -> None:
    path = maker.file(NEW, version=3, base=base)
    cut_while_importing(place, path, where)
    place.reopen()
    after = where == "roster.switched"
    assert names_here(place) == ({"SITI BARU"} if after else {"SITI LAMA"})
    assert [card.version for card in rosters.cards(place.office)] == [3 if after else 2]
    assert len(files_below(place.root / "rosters")) == 1
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None
    if not after:
        central = ListMaker(maker.folder, maker.station_id, maker.recipient, maker.central_id, maker.key)
        believed = central_of(place, maker.folder)
        believed.key = central.key
        enrolment = place.depot.enrolment
        assert enrolment is not None
        keys = (*enrolment.signing_keys, central.key.public)
        place.depot.enrolment = enrolment.model_copy(update={"signing_keys": keys})
        rosters.import_file(place.office, path)
        assert names_here(place) == {"SITI BARU"}


def test_a_power_cut_while_wiping_leaves_no_list(place: Workplace, maker: ListMaker) -> None:
    def cut(reached: str) -> None:
        if reached == "roster.dropped":
            raise PowerCut(reached)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        rosters.drop(place.office, AREA)
    assert len(files_below(place.root / "rosters")) == 1, "the key is gone, the file not yet"
    place.reopen()
    assert rosters.cards(place.office) == ()
    assert files_below(place.root / "rosters") == []


_KILLED = """
import sys
from pathlib import Path
from station.desk import rosters, signin
from station.seal.jws import SigningKey
from station.store.depot import Depot
from station.wire import PublicKey
from tests.support import HandClock, PASSWORD

depot = Depot(Path(sys.argv[1]))
depot.enrolment = depot.enrolment.model_copy(update={"signing_keys": (PublicKey(kid=sys.argv[3], x=sys.argv[4]),)})
office = signin.sign_in(depot, signin.operators(depot)[0].operator_id, PASSWORD, HandClock())
rosters.import_file(office, Path(sys.argv[2]))
"""


@pytest.mark.parametrize("where", ["roster.built", "roster.switched"])
def test_a_killed_process_leaves_the_old_list_or_the_new_one(place: Workplace, maker: ListMaker, where: str) -> None:
    assert PASSWORD
    path = maker.file(NEW, version=3)
    place.close()
    public = maker.key.public
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(place.root), str(path), public.kid, public.x],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "STATION_FAILPOINT": where},
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()[-2000:]
    assert len(files_below(place.root / "rosters")) > 1
    place.reopen()
    assert names_here(place) == ({"SITI BARU"} if where == "roster.switched" else {"SITI LAMA"})
    assert len([file for file in files_below(place.root / "rosters") if file.suffix == ".db"]) == 1


# ------------------------------------------------------------------------------------------------------- the disk


@pytest.fixture
def small(place: Workplace, maker: ListMaker) -> Iterator[Workplace]:
    """The station, its lists on a disk of 2 MiB."""
    folder, kept = place.root / "rosters", place.root / "kept"
    place.close()
    folder.rename(kept)
    folder.mkdir()
    with small_disk(folder, 2 * 1024 * 1024):
        for file in kept.iterdir():
            shutil.copy(file, folder)
        enrolment = place.depot.enrolment
        place.reopen()
        place.depot.enrolment = enrolment
        yield place
        place.close()


def test_a_full_disk_refuses_the_new_list_and_keeps_the_old_one(small: Workplace, maker: ListMaker) -> None:
    people = [somebody(number, f"SITI {number}", address="JL. CONTOH " * 15 + str(number)) for number in range(1, 9999)]
    assert refused(small, maker.file(people, version=3)) == "roster.disk_full"
    rosters.import_file(small.office, maker.file(NEW, version=3))
    assert names_here(small) == {"SITI BARU"}


def test_a_list_whose_file_is_lost_or_damaged_can_be_imported_again(
    place: Workplace, maker: ListMaker, said: list[str], open_place: Callable[[Path], Workplace]
) -> None:
    enrolment = place.depot.enrolment
    for harm in ("lost", "damaged"):
        (file,) = files_below(place.root / "rosters")
        place.close()
        if harm == "lost":
            file.unlink()
        else:
            file.write_bytes(b"x" * file.stat().st_size)
        place.reopen()
        place.depot.enrolment = enrolment
        assert rosters.cards(place.office) == ()
        assert files_below(place.root / "rosters") == []
        rosters.import_file(place.office, maker.file(OLD, version=2))
        assert names_here(place) == {"SITI LAMA"}
    assert len(said) == 2


def test_a_damaged_page_is_an_error_of_the_disk_and_no_wrong_person(place: Workplace, maker: ListMaker) -> None:
    rosters.import_file(place.office, maker.file(NEW, version=3))
    (file,) = files_below(place.root / "rosters")
    with file.open("r+b") as stream:
        for page in range(16, file.stat().st_size // 4096):
            stream.seek(page * 4096 + 1000)
            stream.write(b"damage")
    place.reopen()
    with pytest.raises(StoreError) as problem:
        for person in NEW:
            assert rosters.person(place.office, person.nik) == person
    assert problem.value.code == "store.corrupt"


def test_a_list_that_cannot_be_opened_for_a_while_keeps_its_key_and_comes_back(
    place: Workplace, maker: ListMaker, said: list[str]
) -> None:
    (file,) = files_below(place.root / "rosters")
    aside = place.root / "aside"
    place.close()
    file.rename(aside)
    file.mkdir()  # something is there, and the operating system does not let it be opened
    place.reopen()
    assert rosters.cards(place.office) == ()
    place.close()
    file.rmdir()
    aside.rename(file)
    place.reopen()
    assert names_here(place) == {"SITI LAMA"}
    assert len(said) == 1
