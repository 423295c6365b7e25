"""Sticks that are full, pulled out, worn out or edited: nothing is lost, and nothing looks whole that is not."""

from __future__ import annotations

import errno
import os
import shutil
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from station.courier.exporting import export
from station.courier.importing import import_bundle
from station.courier.looking import look
from station.domain.errors import StationError, StoreError, TrustError
from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.seal import stick as stick_module
from station.seal.card import StationCard, sign_card
from station.seal.courier import BundleIndex, BundleItem, bundles_in, read_index, sign_index
from station.seal.jws import SigningKey
from station.seal.packet import read_packet, sha256_of
from station.seal.stick import open_to_read
from station.seal.stored_zip import StoredZipWriter
from tests.carrying import CENTRAL_ID, OFFICE, Outpost, Signer, outposts
from tests.mounts import remount, small_disk
from tests.support import TODAY


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Outpost]]:
    with outposts(tmp_path, "ani", "budi") as found:
        yield found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def a_bundle(outpost: Outpost, stick: Path, number: int = 3) -> tuple[Path, list[RecordKey]]:
    keys = outpost.seal(number, size=3000)
    done = export(outpost.depot, stick)
    assert done is not None
    return done.path, keys


# ------------------------------------------------------------------------------------------------- while writing


class FailingFile:
    """A file on a stick that fails with `problem` when byte number `at` would be written."""

    def __init__(self, file: BinaryIO, at: int, problem: int) -> None:
        self._file, self._left, self._problem = file, at, problem

    def write(self, data: bytes) -> int:
        if len(data) > self._left:
            self._file.write(data[: self._left])
            raise OSError(self._problem, os.strerror(self._problem))
        self._left -= len(data)
        return self._file.write(data)

    def __enter__(self) -> FailingFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def fileno(self) -> int:
        return self._file.fileno()


@pytest.mark.parametrize("at", [0, 1, 500, 5000, 9000, 10_600])
@pytest.mark.parametrize(
    ("problem", "code"),
    [(errno.ENOSPC, "stick.full"), (errno.EIO, "stick.gone"), (errno.ENODEV, "stick.gone"), (errno.EINVAL, "stick.io")],
)
def test_a_write_that_fails_anywhere_leaves_no_file_and_every_packet_queued(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch, at: int, problem: int, code: str
) -> None:
    ani, _ = two
    keys = ani.seal(3, size=3000)
    create = stick_module.create
    monkeypatch.setattr(stick_module, "create", lambda path: cast(BinaryIO, FailingFile(create(path), at, problem)))
    with pytest.raises(StoreError) as found:
        export(ani.depot, stick)
    assert found.value.code == code
    assert list(stick.iterdir()) == []
    assert all(ani.row(key).exported_at is None for key in keys)


def test_a_stick_that_is_full_only_when_synced_leaves_no_file(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: BinaryIO) -> None:
        raise OSError(errno.ENOSPC, "full")

    two[0].seal(1)
    monkeypatch.setattr(stick_module, "sync", full)
    with pytest.raises(StoreError, match=r"stick\.full"):
        export(two[0].depot, stick)
    assert list(stick.iterdir()) == []


def test_a_stick_that_gives_back_something_else_is_found_out(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worn_out(path: Path) -> BinaryIO:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        return path.open("rb")

    keys = two[0].seal(2, size=3000)
    monkeypatch.setattr(stick_module, "open_to_read", worn_out)
    with pytest.raises(StoreError, match=r"stick\.unproven"):
        export(two[0].depot, stick)
    assert list(stick.iterdir()) == []
    assert all(two[0].row(key).exported_at is None for key in keys)


def test_a_stick_without_room_is_told_before_anything_is_written(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two[0].seal(1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**6, 10**6 - 999, 999))
    with pytest.raises(StoreError) as found:
        export(two[0].depot, stick)
    assert found.value.code == "stick.no_room" and found.value.data["free_mb"] == 0
    assert list(stick.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_stick_that_was_pulled_out(two: list[Outpost], tmp_path: Path) -> None:
    two[0].seal(1)
    with pytest.raises(StoreError, match=r"stick\.gone"):
        export(two[0].depot, tmp_path / "nowhere")


def test_of_several_files_those_that_were_finished_stay_and_count(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ani, budi = two
    keys = ani.seal(2, size=3000)
    create, made = stick_module.create, []

    def second_fails(path: Path) -> BinaryIO:
        made.append(path)
        if len(made) == 1:
            return create(path)
        return cast(BinaryIO, FailingFile(create(path), 100, errno.EIO))

    monkeypatch.setattr(stick_module, "create", second_fails)
    with pytest.raises(StoreError, match=r"stick\.gone"):
        export(ani.depot, stick, most_bytes=4000)
    (left,) = stick.iterdir()
    assert import_bundle(budi.depot, left).taken == 1
    assert [ani.row(key).exported_at is not None for key in keys] == [True, False]


def test_what_a_pulled_stick_kept_half_written_goes_at_the_next_export(two: list[Outpost], stick: Path) -> None:
    old, young = stick / "ktpel-99.01.01-aa.zip.part", stick / "ktpel-99.01.01-bb.zip.part"
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))
    (stick / "skripsi.docx").write_bytes(b"somebody's own")
    a_bundle(two[0], stick)
    names = {path.name for path in stick.iterdir()}
    assert young.name in names and old.name not in names, "the younger one may be another export at work"
    assert "skripsi.docx" in names


def test_two_exports_at_once_on_one_stick_are_two_files(two: list[Outpost], stick: Path) -> None:
    for outpost in two:
        outpost.seal(5)
    workers = [threading.Thread(target=export, args=(outpost.depot, stick)) for outpost in two]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(list(stick.iterdir())) == 2
    for outpost in two:
        assert sum(import_bundle(outpost.depot, path).taken for path in stick.iterdir()) == 5


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 128 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder, 128 * 1024):
        yield folder


def test_a_real_full_file_system_keeps_no_half_file(
    two: list[Outpost], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two[0].seal(4, size=60_000)
    with pytest.raises(StoreError, match=r"stick\.no_room"):
        export(two[0].depot, small)
    monkeypatch.setattr(stick_module, "check_room", lambda *_: None)  # somebody else fills it meanwhile
    with pytest.raises(StoreError, match=r"stick\.full"):
        export(two[0].depot, small)
    assert list(small.iterdir()) == []


def test_a_real_read_only_file_system_is_named(two: list[Outpost], small: Path) -> None:
    two[0].seal(1)
    remount(small, "ro,size=2m")
    with pytest.raises(StoreError, match=r"stick\.read_only"):
        export(two[0].depot, small)


# ------------------------------------------------------------------------------------------------- while reading


class BadSectors:
    """A file of which bytes `first` to `last` cannot be read."""

    def __init__(self, file: BinaryIO, first: int, last: int) -> None:
        self._file, self._first, self._last = file, first, last

    def read(self, size: int) -> bytes:
        start = self._file.tell()
        data = self._file.read(size)
        if start < self._last and start + len(data) > self._first:
            raise OSError(errno.EIO, "bad sector")
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> BadSectors:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def places(path: Path) -> list[tuple[int, int]]:
    """Where each packet of a bundle begins (its header) and ends."""
    with zipfile.ZipFile(path) as archive:
        found = [info for info in archive.infolist() if info.filename.startswith("packets/")]
        return [(info.header_offset, info.header_offset + 30 + len(info.filename) + info.file_size) for info in found]


@pytest.mark.parametrize("within", [0, 10, 200, 2000])
def test_of_a_stick_with_a_bad_sector_every_other_packet_is_saved(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch, within: int
) -> None:
    ani, budi = two
    path, keys = a_bundle(ani, stick)
    first = places(path)[1][0] + within
    opened = stick_module.open_to_read
    monkeypatch.setattr(
        stick_module, "open_to_read", lambda path: cast(BinaryIO, BadSectors(opened(path), first, first + 20))
    )
    monkeypatch.setattr("station.seal.stored_zip._SKIP", 512)
    found = import_bundle(budi.depot, path)
    assert (found.taken, found.damaged, found.refused) == (2, 1, 0)
    assert budi.depot.outbox.keys() == {keys[0], keys[2]}


@pytest.mark.parametrize("zeros", [30, 3000])
def test_of_a_stick_with_a_sector_of_zeros_every_other_packet_is_saved(
    two: list[Outpost], stick: Path, zeros: int
) -> None:
    ani, budi = two
    path, keys = a_bundle(ani, stick)
    start = places(path)[0][0]
    data = bytearray(path.read_bytes())
    data[start : start + zeros] = bytes(zeros)
    path.write_bytes(data)
    assert (found := import_bundle(budi.depot, path)).taken == 2 and found.damaged == 1
    assert budi.depot.outbox.keys() == set(keys[1:])


def test_a_bundle_cut_anywhere_gives_exactly_the_packets_before_the_cut(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    path, keys = a_bundle(ani, stick)
    whole, ends = path.read_bytes(), [end for _, end in places(path)]
    starts = [start for start, _ in places(path)]
    for cut in sorted({*ends, *(end - 1 for end in ends), starts[1] + 10, starts[2] + 45, len(whole) - 1, len(whole)}):
        path.write_bytes(whole[:cut])
        before = {key for key, end in zip(keys, ends, strict=True) if end <= cut}
        found = import_bundle(budi.depot, path)
        assert (found.taken + found.known, found.damaged) == (len(before), len(keys) - len(before)), cut
        assert budi.depot.outbox.keys() >= before


def test_a_bundle_cut_in_its_index_says_so_and_takes_nothing(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    path, _ = a_bundle(ani, stick)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(TrustError, match=r"courier\.(not_a_bundle|index_damaged)"):
        import_bundle(budi.depot, path)


def test_a_stick_that_is_pulled_out_while_reading_says_so(
    two: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ani, budi = two
    path, _ = a_bundle(ani, stick)
    opened, second = stick_module.open_to_read, places(path)[1][0]
    monkeypatch.setattr(
        stick_module, "open_to_read", lambda path: cast(BinaryIO, BadSectors(opened(path), second, 2**40))
    )

    def pull(done: int, _all: int) -> None:
        path.unlink(missing_ok=True)

    with pytest.raises(StoreError, match=r"stick\.gone"):
        import_bundle(budi.depot, path, progress=pull)
    assert budi.depot.outbox.keys() == frozenset()


def test_a_full_disk_here_takes_nothing_and_says_how_much_is_missing(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    path, _ = a_bundle(ani, stick)
    with pytest.raises(StoreError, match=r"courier\.no_room_here"):
        import_bundle(budi.depot, path, keep_free=2**60)
    assert budi.depot.outbox.keys() == frozenset()


def test_an_import_that_was_stopped_is_finished_by_the_next(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    path, _ = a_bundle(ani, stick)
    calls = iter(range(100))
    stopped = import_bundle(budi.depot, path, cancelled=lambda: next(calls) > 4)
    assert stopped.stopped and 0 < stopped.taken < 3
    again = import_bundle(budi.depot, path)
    assert stopped.taken + again.taken == 3


# ------------------------------------------------------------------------------------------------- edited bundles


def rewritten(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The bundle after somebody worked on its members."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with path.open("wb") as file:
        writer = StoredZipWriter(file)
        for name, data in change(members).items():
            writer.add(name, data)
        writer.close()
    return path


def first_packet(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.startswith("packets/"))


def other_byte(members: dict[str, bytes]) -> dict[str, bytes]:
    name = first_packet(members)
    return members | {name: members[name][:-30] + b"x" + members[name][-29:]}


def one_less(members: dict[str, bytes]) -> dict[str, bytes]:
    gone = first_packet(members)
    return {name: data for name, data in members.items() if name != gone}


def one_more(members: dict[str, bytes]) -> dict[str, bytes]:
    return members | {f"packets/{new_record_id(TODAY)}.1.packet": members[first_packet(members)]}


def other_index(members: dict[str, bytes]) -> dict[str, bytes]:
    head, payload, signature = members["bundle.jws"].decode().split(".")
    return members | {"bundle.jws": f"{head}.{payload}.{signature[::-1]}".encode()}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (other_byte, "courier.edited_packet"),
        (one_less, "courier.missing_packet"),
        (one_more, "courier.extra_packet"),
        (other_index, "courier.edited"),
        (lambda members: members | {"catatan.txt": b"halo"}, "courier.strange_file"),
        (lambda members: members | {"packets/../../keys": b"x"}, "courier.strange_file"),
        (lambda members: members | {"/etc/passwd": b"x"}, "courier.strange_file"),
        (lambda members: members | {"packets\\a.packet": b"x"}, "courier.strange_file"),
        (lambda members: {"x": b"x"} | members, "courier.not_a_bundle"),
    ],
)
def test_a_bundle_that_somebody_edited_is_refused_whole(
    two: list[Outpost], stick: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]], code: str
) -> None:
    ani, budi = two
    path, _ = a_bundle(ani, stick)
    with pytest.raises(StationError) as found:
        import_bundle(budi.depot, rewritten(path, change))
    assert found.value.code == code
    assert budi.depot.outbox.keys() == frozenset()
    assert list(budi.depot.folder.carried.iterdir()) == []


def deflated(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def encrypted(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[6:8] = struct.pack("<H", 1)
    path.write_bytes(data)


def twice(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with path.open("wb") as file:
        writer = StoredZipWriter(file)
        for name, data in [*members, members[-1]]:
            writer.add(name, data)
        writer.close()


def huge(path: Path) -> None:
    data = bytearray(path.read_bytes())
    start = places(path)[0][0]
    data[start + 18 : start + 26] = struct.pack("<2I", 0xFFFF_FFFF, 0xFFFF_FFFF)
    path.write_bytes(data)


@pytest.mark.parametrize("deed", [deflated, encrypted, twice, huge])
def test_a_zip_that_no_station_writes_is_refused(two: list[Outpost], stick: Path, deed: Callable[[Path], None]) -> None:
    ani, budi = two
    path, _ = a_bundle(ani, stick)
    deed(path)
    with pytest.raises(TrustError, match=r"courier\.(strange_file|not_a_bundle)"):
        import_bundle(budi.depot, path)
    assert budi.depot.outbox.keys() == frozenset()


@pytest.mark.parametrize("data", [b"", b"PK", b"halo", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\xff\xd8\xff" * 999])
def test_a_file_that_is_no_bundle_is_no_bundle(two: list[Outpost], stick: Path, data: bytes) -> None:
    path = stick / "ktpel-99.01.01-aa.zip"
    path.write_bytes(data)
    with pytest.raises(TrustError, match=r"courier\.not_a_bundle"):
        look(two[0].depot, path)


def forged(outpost: Outpost, stick: Path, packets: list[tuple[bytes, str]], *cards: str) -> Path:
    """A bundle of `packets` (data and claimed origin) that `outpost` signs, whatever is in it."""
    items = []
    for data, origin in packets:
        inside = read_packet(data).manifest
        item = BundleItem(
            record_id=inside.record_id, revision=inside.revision, origin=origin, sha256=sha256_of(data), size=len(data)
        )
        items.append(item)
    index = BundleIndex(
        bundle_id=new_record_id(TODAY),
        station_id=outpost.station_id,
        office=OFFICE,
        central_id=CENTRAL_ID,
        created=TODAY,
        cards=(outpost.enrolment.card, *cards),
        items=tuple(items),
    )
    path = stick / "ktpel-99.01.01-0.zip"
    with path.open("wb") as file:
        writer = StoredZipWriter(file)
        writer.add("bundle.jws", sign_index(outpost.key, index).encode())
        for item, (data, _) in zip(items, packets, strict=True):
            writer.add(f"packets/{item.key}.packet", data)
        writer.close()
    return path


def test_a_packet_that_its_station_did_not_sign_is_refused_and_the_others_are_taken(
    two: list[Outpost], tmp_path: Path, stick: Path
) -> None:
    ani, budi = two
    citra = Outpost(tmp_path / "citra", ani.central, "citra")
    good, bad = citra.make_packet(), citra.make_packet(station_id=ani.station_id)
    path = forged(citra, stick, [(good, citra.station_id), (bad, ani.station_id)], ani.enrolment.card)
    found = import_bundle(budi.depot, path)
    assert (found.taken, found.refused) == (1, 1)
    citra.depot.close()


def test_a_card_that_central_did_not_sign_opens_nothing(
    two: list[Outpost], tmp_path: Path, stick: Path, said: list[str]
) -> None:
    _, budi = two
    stranger = Signer(key=SigningKey.generate("c1"))
    eve = Outpost(tmp_path / "eve", stranger, "eve")
    path = forged(eve, stick, [(eve.make_packet(), eve.station_id)])
    eve.depot.close()
    with pytest.raises(TrustError, match=r"courier\.no_card"):
        import_bundle(budi.depot, path)


def test_a_station_cannot_take_the_place_of_our_own_next_revision(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    (ours,) = budi.seal(1)
    for key in (ours, RecordKey(ours.record_id, 2)):
        data = ani.make_packet(key)
        found = import_bundle(budi.depot, forged(ani, stick, [(data, ani.station_id)]))
        assert (found.taken, found.refused, found.reasons) == (0, 1, {"packet.other_record": 1})
    assert budi.depot.outbox.keys() == {ours} and not budi.row(ours).carried


def test_a_station_cannot_pretend_to_be_us(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    claimed = StationCard(
        station_id=budi.station_id,
        name="Palsu",
        office=OFFICE,
        public_key=ani.key.public.model_copy(update={"kid": ""}),
        central_id=CENTRAL_ID,
        issued_at=TODAY,
    )
    data = ani.make_packet(station_id=budi.station_id)
    path = forged(ani, stick, [(data, budi.station_id)], sign_card(ani.central.key, claimed))
    found = import_bundle(budi.depot, path)
    assert (found.taken, found.own, found.refused) == (0, 0, 1)


def test_the_index_names_no_person(two: list[Outpost], stick: Path) -> None:
    path, keys = a_bundle(two[0], stick)
    with zipfile.ZipFile(path) as archive:
        index = read_index(archive.read("bundle.jws").decode())
    assert {item.key for item in index.items} == set(keys)
    assert set(index.items[0].model_dump()) == {"record_id", "revision", "origin", "sha256", "size"}


def test_one_odd_thing_on_a_stick_hides_no_bundle(tmp_path: Path) -> None:
    whole = [tmp_path / f"ktpel-99.01.01-{number:08x}.zip" for number in range(60)]
    for path in whole:
        path.write_bytes(b"PK")
    (tmp_path / "ktpel-99.01.01-nowhere0.zip").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "ktpel-99.01.01-pipe0000.zip")
    assert sorted(bundles_in(tmp_path)) == whole, "all of them, however many"
    with pytest.raises(OSError, match="not a file"):
        open_to_read(tmp_path / "ktpel-99.01.01-pipe0000.zip")
