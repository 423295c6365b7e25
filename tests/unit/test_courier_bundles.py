"""Packets by stick from station to station, and receipts on their way home."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from station.courier.exporting import choice, export
from station.courier.importing import import_bundle
from station.courier.looking import look
from station.courier.receipts import export_receipts
from station.domain.delivery import Stage
from station.domain.errors import StoreError, TrustError
from station.domain.ids import new_record_id
from station.domain.outcome import Accepted, Note, Trouble
from station.domain.record import RecordKey
from station.seal.courier import (
    MAX_INDEX,
    MOST_PACKETS,
    BundleIndex,
    BundleItem,
    Kind,
    bundle_name,
    bundles_in,
    check_index,
    is_bundle_name,
    sign_index,
)
from station.seal.jws import SigningKey
from station.store.tables import packet
from tests.carrying import Outpost, Signer, outposts
from tests.support import TODAY


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[Outpost]]:
    with outposts(tmp_path, "ani", "budi", "citra") as found:
        yield found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def exported(outpost: Outpost, stick: Path, **how: object) -> Path:
    done = export(outpost.depot, stick, clock=outpost.clock, **how)  # type: ignore[arg-type]
    assert done is not None
    return done.path


def receipted(outpost: Outpost, keys: list[RecordKey]) -> None:
    for key in keys:
        token = outpost.central.receipt(outpost.row(key))
        outpost.depot.outbox.settle(key, Accepted(token, "n", TODAY))


def test_what_was_sealed_without_a_network_comes_to_another_station(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    keys = ani.seal(3)
    done = export(ani.depot, stick, clock=ani.clock)
    assert done is not None and (done.packets, len(done.paths)) == (3, 1)
    found = import_bundle(budi.depot, done.path, clock=budi.clock)
    assert (found.taken, found.known, found.refused, found.damaged) == (3, 0, 0, 0)
    for key in keys:
        row = budi.row(key)
        assert (row.carried, row.origin, row.stage) == (True, ani.station_id, Stage.QUEUED)
        assert row.came_by == f"courier:{done.bundle_id}"
        assert budi.depot.read_packet(row) == ani.depot.packets.read(key)
        assert ani.row(key).stage is Stage.QUEUED, "it stays queued here: arriving twice is harmless"
        assert ani.row(key).exported_at is not None


def test_the_file_is_a_zip_that_any_program_opens_and_its_name_tells_nothing_personal(
    three: list[Outpost], stick: Path
) -> None:
    (key,) = three[0].seal()
    path = exported(three[0], stick)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["bundle.jws", f"packets/{key}.packet"]
        assert archive.testzip() is None
        assert archive.read(f"packets/{key}.packet") == three[0].depot.packets.read(key)
    assert path.name.startswith("ktpel-99.01.01-") and key.record_id not in path.name
    assert [item.name for item in stick.iterdir()] == [path.name]


@pytest.mark.parametrize("office", ["33.25.07", "../..", 'CON:*?"<>|', "kantor besar / utara", "", "x" * 300, "é."])
def test_a_bundle_has_a_name_that_every_file_system_takes(office: str) -> None:
    for kind in Kind:
        name = bundle_name(office, "0193a7c1-2222-7bbb-8ccc-1234567890ab", kind)
        assert re.fullmatch(r"ktpel-(receipts-)?[0-9A-Za-z][0-9A-Za-z.]{0,19}-1234567890ab\.zip", name)
        assert is_bundle_name(name) and is_bundle_name(name.replace(".zip", " (1).ZIP"))


def test_what_is_in_it_is_seen_before_anything_is_taken(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    ani.seal(2)
    found = look(budi.depot, exported(ani, stick))
    assert (found.kind, found.packets, found.station_name, found.office) == (Kind.PACKETS, 2, "Ani", "99.01.01")
    assert found.created is not None and not found.own
    assert budi.depot.outbox.keys() == frozenset()


def test_the_same_stick_twice_changes_nothing(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    ani.seal(2)
    path = exported(ani, stick)
    import_bundle(budi.depot, path)
    again = import_bundle(budi.depot, path)
    assert (again.taken, again.known) == (0, 2)


def test_our_own_bundle_brought_back_says_so(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    keys = ani.seal(2)
    path = exported(ani, stick)
    assert look(ani.depot, path).own
    found = import_bundle(ani.depot, path)
    assert (found.own, found.taken) == (2, 0)
    assert not any(ani.row(key).carried for key in keys)


def test_our_own_packet_whose_file_was_lost_is_put_back_from_a_stick(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    lost, changed, whole = ani.seal(3)
    path = exported(ani, stick)
    sealed = {key: ani.depot.packets.read(key) for key in (lost, changed, whole)}
    ani.depot.packets.path(lost).unlink()
    ani.depot.packets.path(changed).write_bytes(b"broken")
    assert (found := import_bundle(ani.depot, path)).own == 3 and found.restored == 2
    assert {key: ani.depot.packets.read(key) for key in sealed} == sealed


def test_our_own_packet_that_was_taken_back_meanwhile_stays_away(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    (key,) = ani.seal(1)
    path = exported(ani, stick)
    assert not ani.depot.outbox.forget_unoffered(key), "a copy is out: it is not recalled any more"
    with ani.depot.outbox.database.write() as connection:  # a backup from before the export was put back
        connection.execute(update(packet).values(offered_at=None))
    assert ani.depot.outbox.forget_unoffered(key)
    ani.depot.packets.set_aside(key)
    assert import_bundle(ani.depot, path).restored == 0
    assert ani.depot.outbox.get(key) is None and not ani.depot.packets.path(key).exists()


def test_a_bundle_goes_over_two_stations(three: list[Outpost], stick: Path) -> None:
    ani, budi, citra = three
    keys = ani.seal(2)
    import_bundle(budi.depot, exported(ani, stick))
    own = budi.seal(1)
    found = import_bundle(citra.depot, exported(budi, stick))
    assert found.taken == 3
    assert {citra.row(key).origin for key in keys} == {ani.station_id}
    assert citra.row(own[0]).origin == budi.station_id


def test_receipts_go_home_by_the_way_the_packets_came(three: list[Outpost], stick: Path) -> None:
    ani, budi, citra = three
    keys = ani.seal(2)
    import_bundle(budi.depot, exported(ani, stick))
    import_bundle(citra.depot, exported(budi, stick))
    receipted(citra, keys)
    for giver, taker, home in ((citra, budi, 0), (budi, ani, 2)):
        path = export_receipts(giver.depot, stick, clock=giver.clock).path
        found = import_bundle(taker.depot, path)
        assert (found.receipts_home, found.receipts_passed) == (home, 2 - home)
    assert all(ani.row(key).stage is Stage.RECEIPTED and ani.row(key).receipt for key in keys)


def test_receipts_that_were_handed_over_are_not_handed_over_again_unless_asked(
    three: list[Outpost], stick: Path
) -> None:
    ani, budi, _ = three
    keys = ani.seal(1)
    import_bundle(budi.depot, exported(ani, stick))
    receipted(budi, keys)
    assert export_receipts(budi.depot, stick).receipts == 1
    with pytest.raises(StoreError, match=r"courier\.no_receipts"):
        export_receipts(budi.depot, stick)
    assert export_receipts(budi.depot, stick, again=True).receipts == 1


def test_a_receipt_of_a_packet_that_never_was_here_is_passed_on(three: list[Outpost], stick: Path) -> None:
    ani, budi, citra = three
    (key,) = ani.seal(1)
    import_bundle(citra.depot, exported(ani, stick))
    receipted(citra, [key])
    found = import_bundle(budi.depot, export_receipts(citra.depot, stick).path)
    assert found.receipts_passed == 1 and budi.depot.outbox.get(key) is None
    found = import_bundle(ani.depot, export_receipts(budi.depot, stick).path)
    assert found.receipts_home == 1 and ani.row(key).stage is Stage.RECEIPTED


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 1}, {"central_id": "central-lain"}])
def test_a_receipt_about_something_else_settles_nothing(
    three: list[Outpost], stick: Path, wrong: dict[str, object]
) -> None:
    ani, budi, _ = three
    (key,) = ani.seal(1)
    token = ani.central.receipt(ani.row(key), **wrong)
    budi.depot.courier.pass_on(key, ani.station_id, token, at=TODAY)
    found = import_bundle(ani.depot, export_receipts(budi.depot, stick).path)
    assert (found.receipts_home, found.receipts_refused) == (0, 1)
    assert ani.row(key).stage is Stage.QUEUED


def test_a_receipt_signed_by_somebody_else_settles_nothing_and_is_not_passed_on(
    three: list[Outpost], stick: Path
) -> None:
    ani, budi, citra = three
    (key,) = ani.seal(1)
    stranger = Signer(key=SigningKey.generate("c1"))
    budi.depot.courier.pass_on(key, ani.station_id, stranger.receipt(ani.row(key)), at=TODAY)
    path = export_receipts(budi.depot, stick).path
    for taker in (ani, citra):
        found = import_bundle(taker.depot, path)
        assert (found.receipts_refused, found.receipts_home, found.receipts_passed) == (1, 0, 0)
    assert ani.row(key).stage is Stage.QUEUED


def test_only_what_never_was_on_a_stick_goes_when_that_is_asked(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    ani.seal(2)
    exported(ani, stick)
    (new,) = ani.seal(1)
    assert (choice(ani.depot).packets, choice(ani.depot).new) == (3, 1)
    done = export(ani.depot, stick, only_new=True)
    assert done is not None and done.packets == 1
    with pytest.raises(StoreError, match=r"courier\.nothing_new"):
        export(ani.depot, stick, only_new=True)
    chosen = export(ani.depot, stick, keys=[new])
    assert chosen is not None and chosen.packets == 1


def test_what_central_has_does_not_go(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    keys = ani.seal(2)
    receipted(ani, keys[:1])
    done = export(ani.depot, stick)
    assert done is not None and done.packets == 1


def test_many_packets_go_in_several_files(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    ani.seal(5, size=1000)
    done = export(ani.depot, stick, most_bytes=4000)
    assert done is not None and len(done.paths) > 1 and done.packets == 5
    assert sum(import_bundle(budi.depot, path).taken for path in bundles_in(stick)) == 5
    assert {look(budi.depot, path).parts for path in done.paths} == {len(done.paths)}


def test_a_cancelled_export_leaves_nothing(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    keys = ani.seal(4)
    calls = iter(range(100))
    done = export(ani.depot, stick, cancelled=lambda: next(calls) > 8, most_bytes=2000)
    assert done is None and list(stick.iterdir()) == []
    assert all(ani.row(key).exported_at is None for key in keys)
    assert ani.row(keys[0]).out_at is not None, "what was written on a stick once may be read from it"


def test_a_packet_may_be_out_before_its_first_byte_is_on_the_stick(
    three: list[Outpost], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ani, *_) = three
    keys = ani.seal(2)
    seen: list[bool] = []

    def pulled_out(*_: object) -> None:
        seen.extend(ani.row(key).out_at is not None and ani.row(key).offered_at is not None for key in keys)
        raise StoreError("stick.gone")

    monkeypatch.setattr("station.seal.stick.put", pulled_out)
    with pytest.raises(StoreError):
        export(ani.depot, stick)
    assert seen == [True, True]
    assert not ani.depot.outbox.forget_unoffered(keys[0])


def test_progress_counts_writing_and_reading_back(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    ani.seal(3)
    seen: list[tuple[int, int]] = []
    export(ani.depot, stick, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen) and seen[-1][0] == seen[-1][1]


def test_a_damaged_packet_of_our_own_stays_at_home_and_is_named(three: list[Outpost], stick: Path) -> None:
    (ani, *_) = three
    bad, _ = ani.seal(2)
    ani.depot.packets.path(bad).write_bytes(b"broken")
    done = export(ani.depot, stick)
    assert done is not None and (done.packets, done.left_out) == (1, (bad,))


def test_a_station_without_a_card_can_still_carry_to_central_but_to_no_other_station(
    tmp_path: Path, stick: Path
) -> None:
    central = Signer()
    with outposts(tmp_path, "ani", central=central) as (ani,):
        dita = Outpost(tmp_path / "dita", central, "dita", card=False)
        dita.seal(1)
        path = exported(dita, stick)
        dita.depot.close()
        with pytest.raises(TrustError, match=r"courier\.no_card"):
            import_bundle(ani.depot, path)


def test_a_bundle_of_another_central_is_refused(three: list[Outpost], tmp_path: Path, stick: Path) -> None:
    with outposts(tmp_path / "else", "eko", central=Signer(central_id="central-lain")) as (eko,):
        eko.seal(1)
        with pytest.raises(TrustError, match=r"courier\.other_central"):
            import_bundle(three[0].depot, exported(eko, stick))


def test_carried_packets_are_counted_apart_and_nowhere_else(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    keys = ani.seal(2)
    import_bundle(budi.depot, exported(ani, stick))
    outbox = budi.depot.outbox
    counts = outbox.counts(day_start=TODAY)
    assert (counts.waiting, counts.waiting_bytes, counts.carried) == (0, 0, 2)
    assert outbox.oldest_waiting() is None
    assert len(outbox.due(Stage.QUEUED, now=budi.clock.now(), limit=9)) == 2, "they are sent like our own"
    receipted(budi, keys)
    assert outbox.last_receipt_at() is None
    assert outbox.counts(day_start=TODAY).receipted_today == 0
    assert outbox.page([Stage.RECEIPTED], offset=0, limit=9) == ()
    assert outbox.changed_since(0)[1] == ()


def test_a_carried_packet_whose_file_was_lost_comes_back_with_the_same_stick(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    (key,) = ani.seal(1)
    path = exported(ani, stick)
    import_bundle(budi.depot, path)
    budi.depot.carried.folder.path(key).unlink()
    budi.depot.outbox.park(key, Note(Trouble.FILE_MISSING), at=TODAY)
    import_bundle(budi.depot, path)
    assert budi.row(key).stage is Stage.QUEUED and budi.depot.read_packet(budi.row(key))


def test_the_longest_index_can_be_signed_and_read(three: list[Outpost]) -> None:
    (ani, *_) = three
    item = {"revision": 9999, "origin": "s" * 40, "sha256": "0" * 64, "size": 16_000_000}
    items = [BundleItem.model_validate({"record_id": new_record_id(TODAY), **item}) for _ in range(MOST_PACKETS)]
    index = BundleIndex(
        bundle_id=new_record_id(TODAY),
        station_id=ani.station_id,
        office="99.01.01",
        central_id=ani.central.central_id,
        created=TODAY,
        cards=(ani.enrolment.card,) * 200,
        items=tuple(items),
    )
    token = sign_index(ani.key, index)
    assert len(token) < MAX_INDEX and check_index(token, ani.key.public) == index


def test_our_own_packets_go_before_carried_ones(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    ani.seal(1)
    import_bundle(budi.depot, exported(ani, stick))
    (own,) = budi.seal(1)
    assert budi.depot.outbox.due(Stage.QUEUED, now=budi.clock.now(), limit=1)[0].key == own


def test_a_lost_outbox_finds_the_carried_packets_again(three: list[Outpost], stick: Path, said: list[str]) -> None:
    ani, budi, _ = three
    keys = ani.seal(2)
    import_bundle(budi.depot, exported(ani, stick))
    own = budi.seal(1)
    budi.depot.close()
    for path in budi.root.glob("outbox.db*"):
        path.unlink()
    budi.restart()
    assert budi.depot.outbox.keys() == {*keys, *own}
    assert all(budi.row(key).carried and budi.row(key).origin == ani.station_id for key in keys)
    assert not budi.row(own[0]).carried


def test_the_file_of_a_carried_packet_goes_when_central_has_it(three: list[Outpost], stick: Path) -> None:
    ani, budi, _ = three
    keys = ani.seal(2)
    import_bundle(budi.depot, exported(ani, stick))
    receipted(budi, keys[:1])
    budi.restart()
    assert [key for key in keys if budi.depot.carried.folder.path(key).exists()] == keys[1:]
    assert budi.row(keys[0]).receipt, "its receipt still has to go home"
