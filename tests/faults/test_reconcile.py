"""Whatever either side loses, a comparison finds it, and both end equal: nothing missing, nothing doubled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from station import failpoint, i18n
from station.central.packets import mark
from station.cli import main
from station.domain.delivery import Stage
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.failpoint import PowerCut
from station.seal.packet import read_packet, sha256_of
from station.store import letters, retention_book, tombstones
from station.store.outbox import set_resend
from station.store.tables import packet
from station.store.tombstones import Tombstone
from station.sync.differences import Differences
from tests.reconciling import Pair, pair


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _made_unreadable(path: Path) -> None:
    """As under a bad sector: it is there, and reading it fails."""
    path.unlink()
    path.mkdir()


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Pair]:
    with pair(tmp_path) as made:
        yield made


def test_after_a_drain_both_sides_are_equal(both: Pair) -> None:
    both.delivered(3)
    found = both.compare()
    assert (found.equal, found.days, found.packets) == (True, 1, 3)


def test_packets_central_has_lost_are_sent_again_exactly_once(both: Pair) -> None:
    keys = both.delivered(4)
    old = both.sender.row(keys[1])
    both.central.lose(keys[1], keys[2])
    found = both.compare()
    assert (found.missing, found.equal, found.safe) == (2, False, False)
    assert both.sender.stage(keys[1]) is Stage.QUEUED
    both.drain()
    assert both.central.keys() == sorted(map(str, keys))
    assert both.compare().equal
    new = both.sender.row(keys[1])
    assert new.receipt_no not in ("", old.receipt_no)
    assert new.receipt != old.receipt
    kept = [members for _, members in both.sender.depot.changes.of_record(keys[1].record_id)]
    assert [item["receipt"] for item in kept if item["kind"] == "receipt.lost"] == [old.receipt]
    assert Trouble.CENTRAL_FORGOT in {line.note.trouble for line in both.sender.depot.technical_log.lines(50)}


def test_rows_central_has_lost_whose_files_are_still_there_end_the_same(both: Pair) -> None:
    keys = both.delivered(2)
    both.central.lose(keys[0], files=False)
    assert both.compare().missing == 1
    both.drain()
    assert both.compare().equal
    assert both.central.keys() == sorted(map(str, keys))


def test_an_older_outbox_that_was_put_back_gets_its_receipts_again(both: Pair) -> None:
    keys = both.delivered(3)
    receipts = [both.sender.row(key).receipt for key in keys]
    both.reopen(*keys)
    assert both.compare().regained == 3
    both.drain()
    assert [both.sender.row(key).receipt for key in keys] == receipts
    assert both.compare().equal
    assert both.central.keys() == sorted(map(str, keys))


def test_a_packet_that_was_parked_although_central_has_it_gets_its_receipt(both: Pair) -> None:
    (key,) = both.delivered(1)
    both.reopen(key)
    both.sender.depot.outbox.park(key, Note(Trouble.TOO_LARGE), at=both.clock.now())
    assert both.compare().regained == 1
    both.drain()
    assert both.sender.stage(key) is Stage.RECEIPTED


def test_what_is_given_up_while_sides_are_compared_stays_given_up(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = both.delivered(1)
    both.reopen(key)
    depot, looked = both.sender.depot, Differences._rows
    depot.outbox.park(key, Note(Trouble.TOO_LARGE), at=both.clock.now())
    with depot.outbox.database.write() as connection:
        connection.execute(packet.update().values(out_at=None))  # only what nobody else knows of is given up

    def look_and_decide(self: Differences, *given: Any) -> Any:
        found = looked(self, *given)
        letters.void(depot.outbox.database, key, at=both.clock.now(), trouble="damaged")
        return found

    monkeypatch.setattr(Differences, "_rows", look_and_decide)
    both.compare()
    assert both.sender.stage(key) is Stage.VOID


def test_packet_files_whose_rows_were_lost_are_adopted(both: Pair) -> None:
    keys = both.delivered(3)
    both.forget(*keys)
    assert both.compare().regained == 3
    both.drain()
    assert both.sender.delivered(*keys)
    assert both.compare().equal


def test_what_is_at_central_and_not_on_this_disk_is_remembered_and_no_error(both: Pair) -> None:
    keys = both.delivered(3)
    both.forget(keys[0], keys[2], files=True)
    found = both.compare()
    assert (found.unknown, found.equal, found.safe) == (2, False, True)
    assert set(found.unknown_keys) == {str(keys[0]), str(keys[2])}
    assert both.sender.depot.memory.reconciled == found
    both.drain()
    assert both.compare().unknown == 2
    assert both.central.keys() == sorted(map(str, keys))


def test_another_packet_under_the_same_key_is_parked_and_told(both: Pair) -> None:
    key, _ = both.delivered(2)
    with both.central.central.database.write() as rows:
        rows.exec_driver_sql(f"UPDATE packets SET sha256 = '{'ab' * 32}' WHERE record_id = '{key.record_id}'")
    found = both.compare()
    assert (found.conflicts, found.safe) == (1, False)
    assert (both.sender.stage(key), both.sender.trouble(key)) == (Stage.PARKED, Trouble.KEY_CONFLICT)
    lines = len(both.sender.depot.technical_log.lines(100))
    assert both.compare().conflicts == 1  # told once, counted as long as it lasts
    assert len(both.sender.depot.technical_log.lines(100)) == lines


def test_a_packet_that_central_wants_again_counts_for_nobody(both: Pair) -> None:
    key, other = both.delivered(2)
    both.central.central.ask_again(key)
    assert both.compare().missing == 1  # its event may have been lost with an outbox
    both.drain()
    assert both.compare().equal
    assert both.central.keys() == sorted(map(str, [key, other]))


def test_the_day_is_that_of_sealing_in_utc(both: Pair) -> None:
    both.clock.wall = both.clock.wall.replace(hour=23, minute=59, second=59)
    first, second = both.sender.packet(1), both.sender.packet(2)  # a second before midnight, and midnight
    both.sender.deliver(first, second)
    days = both.sender.depot.ledger.sums("station-uji")
    assert [item.day for item in days] == [
        both.sender.row(first).sealed_at.date(),
        both.sender.row(first).sealed_at.date() + timedelta(days=1),
    ]
    assert both.compare().equal


def test_central_learns_the_days_of_what_it_accepted_before_it_kept_them(both: Pair, said: list[str]) -> None:
    keys = both.delivered(3)
    with both.central.central.database.write() as rows:
        rows.exec_driver_sql("UPDATE packets SET sealed_day = ''")
    both.central.central.shelf.path(keys[0]).unlink()
    both.central.server.stop()
    both.central.server.start()
    assert both.compare().equal
    assert len(said) == 1
    assert "no readable file" in said[0]
    said.clear()


def test_a_day_with_more_packets_than_one_question_holds_is_compared_in_parts(
    both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.sync.reconcile.RECONCILE_KEYS", 2)
    monkeypatch.setattr("station.central.reckoning.RECONCILE_KEYS", 2)
    keys = both.delivered(9)
    both.central.lose(keys[1], keys[8])
    both.forget(keys[0], keys[4], keys[5], keys[6], files=True)
    both.reopen(keys[2])
    found = both.compare()
    assert (found.missing, found.regained, found.unknown) == (2, 1, 4)
    both.drain()
    again = both.compare()
    assert (again.missing, again.regained, again.unknown) == (0, 0, 4)


def test_a_running_engine_finds_a_loss_within_a_day_and_mends_it_alone(both: Pair) -> None:
    keys = both.delivered(2)
    both.sender.until(lambda: both.sender.depot.memory.reconciled is not None, nap_s=60)
    both.central.lose(*keys)
    both.sender.until(lambda: both.central.keys() == sorted(map(str, keys)), hours=25, nap_s=1800)
    both.sender.until(lambda: (last := both.sender.depot.memory.reconciled) is not None and last.equal, nap_s=60)
    assert both.sender.delivered(*keys)


def test_a_person_compares_on_the_command_line(both: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    keys = both.delivered(2)
    folder = str(both.sender.root)
    both.sender.close()
    assert main(["reconcile", "--data", folder]) == 0
    both.central.lose(keys[0])
    assert main(["reconcile", "--data", folder, "--json"]) == 1
    equal, _, told = capsys.readouterr().out.partition("{")
    assert equal.count("\n") == 1
    found = json.loads("{" + told)
    assert (found["trouble"], found["equal"], found["missing"], found["packets"]) == ("", False, 1, 2)
    with FileLock(both.sender.root / "sync.lock"):
        assert main(["reconcile", "--data", folder]) == 1
    both.central.server.stop()
    assert main(["reconcile", "--data", folder, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["trouble"] == "refused"
    both.central.server.start()
    both.sender.restart()
    i18n.use("en")


LOSSES = ("nothing", "central row", "central row and file", "row here", "row and file here", "receipt here")


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.tuples(st.sampled_from(LOSSES), st.sampled_from(LOSSES)), min_size=3, max_size=3))
def test_whatever_is_lost_on_both_sides_they_end_equal_and_nothing_is_doubled(
    both: Pair, said: list[str], losses: list[tuple[str, str]]
) -> None:
    keys = both.delivered(len(losses))
    gone = {key for key, both_sides in zip(keys, losses, strict=True) if lose(both, key, both_sides)}
    both.sender.restart()  # an outbox is never lost under a running program
    for _ in range(2):
        both.compare()
        both.drain()
    found, there = both.compare(), both.central.keys()
    assert (found.missing, found.regained, found.conflicts) == (0, 0, 0)
    assert {str(key) for key in gone} & set(there) <= set(found.unknown_keys)
    assert len(there) == len(set(there))
    for key in set(keys) - gone:
        assert str(key) in there
        assert both.sender.stage(key) is Stage.RECEIPTED
    said.clear()  # that packets without rows were added


def lose(both: Pair, key: RecordKey, losses: tuple[str, str]) -> bool:
    """Both losses, in this order; True when the packet is not on the station's disk any more."""
    for loss in dict.fromkeys(losses):
        match loss:
            case "central row":
                both.central.lose(key, files=False)
            case "central row and file" if both.central.central.shelf.path(key).exists():
                both.central.lose(key)
            case "row here":
                both.forget(key)
            case "row and file here" if both.sender.depot.packets.path(key).exists():
                both.forget(key, files=True)
            case "receipt here":
                both.reopen(key)
    return not both.sender.depot.packets.path(key).exists()


def test_what_was_destroyed_by_the_rule_is_equal_on_both_sides_and_never_missing(both: Pair) -> None:
    keys = both.delivered(2)
    _destroyed(both, keys[0])
    assert both.compare().equal
    both.sender.restart()
    assert both.compare().equal
    assert both.sender.stage(keys[0]) is Stage.RECEIPTED


def test_central_that_lost_what_was_destroyed_here_is_told_of_and_the_receipt_stays(both: Pair) -> None:
    keys = both.delivered(2)
    _destroyed(both, keys[0])
    before = both.sender.row(keys[0])
    both.central.lose(*keys)
    found = both.compare()
    assert (found.missing, found.conflicts, found.safe) == (1, 1, False)
    after = both.sender.row(keys[0])
    assert (after.stage, after.receipt) == (Stage.RECEIPTED, before.receipt)
    assert Trouble.PURGED_LOST in {line.note.trouble for line in both.sender.depot.technical_log.lines(50)}
    assert both.sender.stage(keys[1]) is Stage.QUEUED


def test_central_that_wants_again_what_was_destroyed_here_takes_its_own_back(both: Pair) -> None:
    gone, here = both.delivered(2)
    _destroyed(both, gone)
    for key in (gone, here):
        both.central.central.ask_again(key)
    found = both.compare()
    assert (found.missing, found.conflicts) == (1, 0)  # what is here goes again
    both.drain()
    assert both.compare().equal
    assert _at_central(both, gone)
    assert both.central.keys() == sorted(map(str, [gone, here]))
    assert not list(both.central.central.data_dir.rglob("*.aside"))


@pytest.mark.parametrize("stop", ["before the move", "central.put_back"])
def test_central_that_stops_while_it_takes_a_packet_back_does_so_the_next_time(both: Pair, stop: str) -> None:
    (key,) = both.delivered(1)
    _destroyed(both, key)
    central = both.central.central
    if stop == "before the move":  # it had written down that it wants it, and came no further
        with central.database.write() as rows:
            mark(rows, key, wanted_again=True)
    else:
        central.ask_again(key)
        with failpoint.armed(_power_cut_at(stop)), pytest.raises(PowerCut):
            central.intake.take_back(both.sender.row(key).origin, [key])
        assert central.shelf.path(key).exists()
    both.central.server.kill()
    both.central.server.start()
    assert both.compare().conflicts == 0
    assert both.compare().equal
    assert _at_central(both, key)


@pytest.mark.parametrize("lost_by", ["the rule", "the disk"])
@pytest.mark.parametrize("damage", [_cut_short, _made_unreadable], ids=["cut short", "unreadable"])
def test_a_damaged_copy_is_not_taken_back_and_the_technician_is_told(
    both: Pair, said: list[str], damage: Callable[[Path], object], lost_by: str
) -> None:
    key, other = both.delivered(2)
    _destroyed(both, key) if lost_by == "the rule" else both.sender.depot.packets.path(key).unlink()
    both.central.central.ask_again(key)
    (aside,) = both.central.central.data_dir.rglob("*.aside")
    damage(aside)
    both.central.lose(other)
    found = both.compare()
    assert (found.missing, found.conflicts, found.safe) == (1, 1, False), (
        "nor does it keep the others from being compared"
    )
    assert aside.exists()
    assert both.sender.row(key).receipt is not None
    trouble = Trouble.PURGED_LOST if lost_by == "the rule" else Trouble.FILE_MISSING
    assert trouble in {line.note.trouble for line in both.sender.depot.technical_log.lines(50)}
    assert len(said) == 1
    assert "no whole copy" in said[0]
    said.clear()


def test_nobody_but_its_own_station_says_that_a_packet_is_gone(both: Pair) -> None:
    (key,) = both.delivered(1)
    both.central.central.ask_again(key)
    both.central.central.intake.take_back("99.01.01-77", [key])
    assert not both.central.central.shelf.path(key).exists()
    (packet,) = both.central.central.packets()
    assert packet.wanted_again


def test_what_only_the_disk_has_lost_comes_back_at_central_too_whoever_asks_first(both: Pair) -> None:
    compared, told = both.delivered(2)
    for key in (compared, told):
        both.sender.depot.packets.path(key).unlink()
        both.central.central.ask_again(key)
    with both.sender.depot.outbox.database.write() as rows:  # its event came before the comparison
        assert set_resend(rows, told, at=both.clock.now()) is None
    both.drain()
    assert (both.sender.stage(told), both.sender.trouble(told)) == (Stage.PARKED, Trouble.FILE_MISSING)
    assert both.compare().conflicts == 0
    assert both.compare().equal
    assert _at_central(both, compared) and _at_central(both, told)


def test_nobody_takes_a_packet_back_while_central_puts_it_aside(both: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = both.delivered(1)
    central, held = both.central.central, []
    set_aside = central.shelf.set_aside

    def watched(key: RecordKey) -> None:
        held.append(central.intake._one_at_a_time.locked())
        set_aside(key)

    monkeypatch.setattr(central.shelf, "set_aside", watched)
    central.ask_again(key)
    assert held == [True]


def _at_central(both: Pair, key: RecordKey) -> bool:
    """Whole, in its place, and wanted no more."""
    packet = next(item for item in both.central.central.packets() if item.key == key)
    path = both.central.central.shelf.path(key)
    return path.exists() and sha256_of(path.read_bytes()) == packet.sha256 and not packet.wanted_again


def _power_cut_at(place: str) -> Callable[[str], None]:
    def hook(name: str) -> None:
        if name == place:
            raise PowerCut(name)

    return hook


def _destroyed(both: Pair, key: RecordKey) -> None:
    """As retention leaves it."""
    depot, item = both.sender.depot, both.sender.row(key)
    assert item.receipt is not None
    manifest = read_packet(depot.packets.read(key)).manifest_jws
    at = both.clock.now()
    stone = Tombstone(manifest=manifest, receipt=item.receipt, sha256=item.sha256, size=item.size, purged_at=at)
    tombstones.put(depot.packets, key, stone)
    depot.packets.destroy(key)
    with depot.outbox.database.write() as rows:
        retention_book.mark_purged(rows, key, at)
