"""Central orders a lost station to be wiped: over real HTTP, on real files, once, and never anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station import cli, failpoint
from station.central.server import CentralServer
from station.courier.importing import import_bundle
from station.desk import backup, signin
from station.desk.copying import Copying
from station.domain.delivery import Stage
from station.domain.errors import AccessError
from station.domain.outcome import Trouble
from station.seal.jws import SigningKey
from station.seal.wipe import sign_wipe
from station.store import doorplate
from station.store.keyring import ResetBatch, ResetSlot, keep_only_reset, load_keyring, save_keyring
from station.store.spare import spare_of
from station.sync.weighing import Weighed, weigh_wipe
from station.sync.wipe_orders import keep_orders
from station.wire import SignedWipe
from tests.support import PASSWORD, HandClock, Workplace


@pytest.fixture
def place(sender: Workplace) -> Iterator[Workplace]:
    """Two records at central, one sealed since, a target list; central has a code that opens the station."""
    sender.drain()
    sender.seal(3)
    keyring = load_keyring(sender.depot.folder.keyring)
    slot = ResetSlot(number=1, wrapped=keyring.holders[0].wrapped)
    batch = ResetBatch(name="uji", made_at=sender.clock.now(), slots=(slot,), delivered=True)
    save_keyring(sender.depot.folder.keyring, keyring.with_batch(batch))
    (sender.depot.folder.rosters / "99.01.01-v1.db").write_bytes(b"terkunci")
    yield sender


def central_says(tmp_path: Path, *arguments: str) -> int:
    return cli.main(["central", *arguments[:1], "--data", str(tmp_path), *arguments[1:]])


def listen(place: Workplace) -> None:
    """Until the engine has had time for everything."""
    assert isinstance(place.clock, HandClock)
    for _ in range(4):
        place.clock.pass_time(400)
        for _ in range(40):
            if place.engine.step() > 0:
                break


def station_of(place: Workplace) -> str:
    return place.depot.enrolled()[0].station_id


def packets(place: Workplace) -> int:
    return len(list(place.depot.packets.all_keys()))


def troubles(place: Workplace) -> list[Trouble]:
    return [line.note.trouble for line in place.depot.technical_log.lines(50)]


def an_order(place: Workplace, **changed: object) -> SignedWipe:
    enrolment, now = place.depot.enrolled()[0], place.clock.now()
    order = SignedWipe(
        central_id=enrolment.central_id,
        station_id=enrolment.station_id,
        order_id="perintah-0001",
        issued_at=now,
        expires_at=now + timedelta(days=90),
        reason="hilang di jalan",
    )
    return order.model_copy(update=changed)


def told(place: Workplace, token: object) -> list[Trouble]:
    """What the technician is told when the news bring this."""
    weighed = Weighed(place.depot.enrolled()[0], place.depot.policy, "")
    weigh_wipe(weighed, token, place.clock.now())
    notes = [*weighed.notes, *keep_orders(place.depot, weighed.wipes, place.clock.now())]
    return [note.trouble for note in notes]


@pytest.mark.usefixtures("said")
def test_a_blocked_station_is_wiped_of_what_central_has_and_keeps_what_it_has_not(
    place: Workplace, central_here: CentralServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = station_of(place)
    signin.put_up(place.depot, "id", "Stasiun Uji 02", (("op-1", "Siti R. · Operator"),))
    assert central_says(tmp_path, "block", station, "--reason", "hilang") == 0
    assert central_says(tmp_path, "wipe", station, "--reason", "hilang di jalan") == 0
    assert packets(place) == 3
    listen(place)
    order = place.depot.wipes.last
    assert order is not None and order.done is not None and order.told_at is not None
    assert (order.done.packets_removed, order.done.packets_kept, order.done.lists_removed) == (2, 1, 1)
    assert order.done.locked
    assert packets(place) == 1
    assert list(place.depot.folder.rosters.iterdir()) == []
    assert load_keyring(place.depot.folder.keyring).holders == ()
    assert doorplate.read(place.depot.folder.root) is None, "who worked here stands nowhere"
    [found] = central_here.central.wipes.of(station)
    assert found.report == order.done
    capsys.readouterr()
    assert central_says(tmp_path, "wipe", station, "--show", "--json") == 0
    [shown] = json.loads(capsys.readouterr().out)
    assert shown["report"]["packets_kept"] == 1 and not shown["stands"]
    assert central_says(tmp_path, "unblock", station) == 0
    place.drain()
    keys = place.depot.outbox.keys()
    assert {place.stage(key) for key in keys} == {Stage.RECEIPTED}, "the unsent one still comes"


@pytest.mark.usefixtures("said")
def test_after_it_no_password_of_an_officer_opens_the_station(place: Workplace, tmp_path: Path) -> None:
    [officer] = signin.operators(place.depot)[:1]
    assert central_says(tmp_path, "wipe", station_of(place), "--reason", "hilang") == 0
    listen(place)
    place.reopen()
    with pytest.raises(AccessError, match=r"signin\.unknown_operator"):
        signin.sign_in(place.depot, officer.operator_id, PASSWORD, place.clock)


@pytest.mark.usefixtures("said")
def test_neither_the_medium_nor_a_spare_brings_the_officers_back_after_it(place: Workplace, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    backup.use(place.depot, stick, place.clock.now())
    copying = Copying(place.depot, key_holder=place.office.applicants.again())
    copying.snap(place.clock.now(), at_once=True)
    copying.copy(place.clock.now())
    assert copying.key_holder is not None
    copying.key_holder.close()
    spare = spare_of(place.depot.folder.keyring)
    assert central_says(tmp_path, "wipe", station_of(place), "--reason", "hilang") == 0
    listen(place)
    assert list(stick.rglob("keyring.json")), "an older list of officers is at hand"
    place.reopen()
    assert place.depot.mended == () and not load_keyring(place.depot.folder.keyring).holders
    place.depot.folder.keyring.unlink()
    spare.unlink()
    place.reopen()
    assert place.depot.mended == () and not load_keyring(place.depot.folder.keyring).holders


@pytest.mark.usefixtures("said")
def test_a_list_of_codes_only_is_whole_and_taken_from_no_copy(place: Workplace) -> None:
    path = place.depot.folder.keyring
    spare = path.read_bytes()
    assert keep_only_reset(path)
    spare_of(path).write_bytes(spare)
    place.reopen()
    assert place.depot.mended == () and not load_keyring(path).holders


@pytest.mark.usefixtures("said")
def test_a_spare_that_could_not_be_written_goes_with_the_officers(place: Workplace, tmp_path: Path) -> None:
    path = place.depot.folder.keyring
    officers = path.read_bytes()

    def stale(name: str) -> None:
        if name == "wipe.keyring":
            spare_of(path).write_bytes(officers)

    assert central_says(tmp_path, "wipe", station_of(place), "--reason", "hilang") == 0
    with failpoint.armed(stale):
        listen(place)
    assert not spare_of(path).exists()


def test_a_keyring_that_cannot_be_read_keeps_no_record_from_going(
    place: Workplace, tmp_path: Path, said: list[str]
) -> None:
    assert central_says(tmp_path, "wipe", station_of(place), "--reason", "hilang di jalan") == 0
    for path in (place.depot.folder.keyring, spare_of(place.depot.folder.keyring)):
        path.write_bytes(b"x")
    listen(place)
    assert place.depot.wipes.pending is not None
    keys = place.depot.outbox.keys()
    assert {place.stage(key) for key in keys} == {Stage.RECEIPTED}
    assert any("keyring." in line for line in said)


@pytest.mark.usefixtures("said")
def test_while_a_window_has_the_desk_the_engine_leaves_it_to_the_window(place: Workplace, tmp_path: Path) -> None:
    assert central_says(tmp_path, "wipe", station_of(place), "--reason", "hilang") == 0
    lock = place.depot.folder.lock("desk")
    listen(place)
    assert place.depot.wipes.pending is not None and packets(place) == 3
    lock.release()
    listen(place)
    assert place.depot.wipes.pending is None and place.depot.wipes.untold is None


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("where", ["wipe.keyring", "wipe.lists", "wipe.packets"])
def test_a_power_cut_in_the_middle_does_not_end_it(where: str, place: Workplace, central_here: CentralServer) -> None:
    assert told(place, sign_wipe(central_here.central.keys.signing, an_order(place))) == [Trouble.WIPE_ORDERED]

    def cut(name: str) -> None:
        if name == where:
            raise failpoint.PowerCut(name)

    with failpoint.armed(cut), pytest.raises(failpoint.PowerCut):
        place.engine.step()
    place.reopen()
    assert place.depot.wipes.pending is not None
    listen(place)
    assert place.depot.wipes.pending is None
    assert packets(place) == 1 and load_keyring(place.depot.folder.keyring).holders == ()


def test_a_forged_foreign_expired_or_broken_order_does_nothing(place: Workplace, central_here: CentralServer) -> None:
    true, thief = central_here.central.keys.signing, SigningKey.generate("c1")
    for token in (
        sign_wipe(thief, an_order(place)),
        sign_wipe(true, an_order(place, station_id="stasiun-lain")),
        sign_wipe(true, an_order(place, central_id="pusat-lain")),
        sign_wipe(true, an_order(place, expires_at=place.clock.now())),
        true.sign({"central_id": "x"}, typ="wipe+jwt"),
        "x" * 9000,
        None,
        {"jws": 1},
    ):
        assert told(place, token) == [Trouble.WIPE_REFUSED]
    assert place.depot.wipes.pending is None


@pytest.mark.usefixtures("said")
def test_the_same_order_again_does_nothing_even_after_a_lost_outbox(
    place: Workplace, central_here: CentralServer
) -> None:
    token = sign_wipe(central_here.central.keys.signing, an_order(place))
    assert told(place, token) == [Trouble.WIPE_ORDERED]
    assert told(place, token) == []
    listen(place)
    assert place.depot.wipes.pending is None
    place.close()
    place.depot.folder.outbox_db.unlink()
    place.reopen()
    assert told(place, token) == []
    assert place.depot.wipes.pending is None


def test_an_order_that_was_withdrawn_is_told_to_nobody_any_more(
    place: Workplace, central_here: CentralServer, tmp_path: Path
) -> None:
    station = station_of(place)
    assert central_says(tmp_path, "wipe", station, "--reason", "hilang") == 0
    assert central_says(tmp_path, "wipe", station, "--withdraw") == 0
    assert central_here.central.wipes.standing_token(station) is None
    listen(place)
    assert place.depot.wipes.pending is None and place.depot.wipes.last is None and packets(place) == 3


def test_without_a_reason_or_for_an_unknown_station_nothing_is_ordered(
    place: Workplace, central_here: CentralServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert central_says(tmp_path, "wipe", station_of(place)) == 1
    assert central_says(tmp_path, "wipe", "siapa", "--reason", "hilang") == 1
    assert capsys.readouterr().err
    assert central_here.central.wipes.of() == []


@pytest.mark.usefixtures("said")
def test_it_comes_by_stick_as_well(place: Workplace, tmp_path: Path) -> None:
    station, stick = station_of(place), tmp_path / "flashdisk"
    stick.mkdir()
    assert central_says(tmp_path, "wipe", station, "--reason", "hilang") == 0
    assert central_says(tmp_path, "courier", "receipts", str(stick), "--station", station) == 0
    place.network.cut()
    [bundle] = stick.glob("*.zip")
    import_bundle(place.depot, bundle, clock=place.clock)
    assert place.depot.wipes.pending is not None
    place.engine.step()
    assert place.depot.wipes.pending is None and packets(place) == 1
    assert place.depot.wipes.untold is not None
    place.network.mend()
    listen(place)
    assert place.depot.wipes.untold is None


@pytest.mark.usefixtures("said")
def test_a_station_without_a_reset_code_keeps_its_officers_and_says_so(place: Workplace, tmp_path: Path) -> None:
    path = place.depot.folder.keyring
    save_keyring(path, load_keyring(path).model_copy(update={"resets": ()}))
    assert central_says(tmp_path, "wipe", station_of(place), "--reason", "hilang") == 0
    listen(place)
    order = place.depot.wipes.last
    assert order is not None and order.done is not None and not order.done.locked
    assert load_keyring(path).holders != ()


@pytest.mark.usefixtures("said")
def test_a_packet_whose_receipt_does_not_prove_anything_stays(place: Workplace, central_here: CentralServer) -> None:
    with place.depot.outbox.database.write() as rows:
        rows.exec_driver_sql("UPDATE packet SET receipt = receipt || 'x' WHERE receipt IS NOT NULL")
    assert told(place, sign_wipe(central_here.central.keys.signing, an_order(place))) == [Trouble.WIPE_ORDERED]
    place.network.cut()
    listen(place)
    order = place.depot.wipes.last
    assert order is not None and order.done is not None
    assert (order.done.packets_removed, order.done.packets_kept, packets(place)) == (0, 3, 3)
