"""Refusals and changes of keys by stick: weighed like what the wire brings, each for exactly one packet, and once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from station.courier.exporting import choice, export
from station.courier.importing import Imported, import_bundle
from station.courier.looking import look
from station.courier.receipts import export_receipts
from station.domain.delivery import Stage
from station.domain.errors import TrustError
from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import RecordKey
from station.seal.courier import Kind, bundle_name
from station.seal.homebound import Homebound, homebound, prove_homebound, write_homebound
from station.seal.jws import SigningKey
from station.seal.stored_zip import StoredZipWriter
from station.store import letters
from station.store.courier_book import Why
from station.store.standings import all_standings, noteworthy
from tests.carrying import Outpost, Signer, outposts
from tests.support import TODAY

WHY = (Reason("nik.unknown", "nik", "NIK"),)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Outpost]]:
    with outposts(tmp_path, "ani", "budi") as found:
        yield found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def bundle(stick: Path, number: int, going: Homebound) -> Path:
    """A bundle as central writes it."""
    path = stick / bundle_name("99.01.01", f"0193a7c1-2222-7bbb-8ccc-{number:012}", Kind.RECEIPTS)
    with path.open("wb") as file:
        write_homebound(file, going)
    with path.open("rb") as file:
        prove_homebound(file, going)
    return path


def refused(
    outpost: Outpost, stick: Path, key: RecordKey, wrong: dict[str, object] | None = None, by: Signer | None = None
) -> Imported:
    token = (by or outpost.central).refusal(outpost.row(key), **(wrong or {}))
    return import_bundle(outpost.depot, bundle(stick, 1, Homebound(refusals=((key, token),))))


def carried(giver: Outpost, taker: Outpost, stick: Path) -> None:
    done = export(giver.depot, stick)
    assert done is not None
    import_bundle(taker.depot, done.path)


def tokens(outpost: Outpost, keys: Sequence[RecordKey]) -> tuple[tuple[RecordKey, str], ...]:
    return tuple((key, outpost.central.receipt(outpost.row(key))) for key in keys)


# ------------------------------------------------------------------------------------------------------- refusals


def test_a_refusal_by_stick_stops_the_packet_with_its_reasons_and_only_once(two: list[Outpost], stick: Path) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    assert refused(ani, stick, key).refusals_home == 1
    assert (ani.row(key).stage, ani.row(key).reasons) == (Stage.REJECTED, WHY)
    before = ani.depot.outbox.newest_change()
    again = refused(ani, stick, key)
    assert (again.refusals_home, again.refusals_known) == (0, 1)
    assert ani.depot.outbox.newest_change() == before


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "0" * 64}, {"origin": "station-lain"}, {"revision": 2}, {"central_id": "central-lain"}],
    ids=["another file", "another station", "another revision", "another central"],
)
def test_a_refusal_of_anything_else_stops_nothing(two: list[Outpost], stick: Path, wrong: dict[str, object]) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    found = refused(ani, stick, key, wrong)
    assert found.refusals_home == 0 and found.refusals_refused + found.refusals_unknown == 1
    assert ani.row(key).stage is Stage.QUEUED


def test_a_refusal_that_central_did_not_sign_stops_nothing(two: list[Outpost], stick: Path) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    stranger = Signer(key=SigningKey.generate("c1"))
    assert refused(ani, stick, key, by=stranger).refusals_refused == 1
    assert ani.row(key).stage is Stage.QUEUED


def test_neither_word_passes_for_the_other(two: list[Outpost], stick: Path) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    row = ani.row(key)
    crossed = Homebound(((key, ani.central.refusal(row)),), ())
    found = import_bundle(ani.depot, bundle(stick, 1, crossed))
    assert (found.receipts_refused, found.receipts_home) == (1, 0)
    crossed = Homebound((), ((key, ani.central.receipt(row)),))
    found = import_bundle(ani.depot, bundle(stick, 2, crossed))
    assert (found.refusals_refused, found.refusals_home) == (1, 0)
    assert ani.row(key).stage is Stage.QUEUED


def test_a_receipt_is_never_taken_back_by_a_refusal_and_one_that_comes_later_is_kept(
    two: list[Outpost], stick: Path
) -> None:
    ani, _ = two
    first, second = ani.seal(2)
    receipts = Homebound(tokens(ani, [first, second]))
    refused(ani, stick, second)
    assert import_bundle(ani.depot, bundle(stick, 2, receipts)).receipts_home == 2
    assert refused(ani, stick, first).refusals_known == 1
    assert (ani.row(first).stage, ani.row(first).reasons) == (Stage.RECEIPTED, ())
    assert ani.row(second).receipt is not None
    assert import_bundle(ani.depot, bundle(stick, 3, receipts)).receipts_known == 2


def test_a_receipted_packet_that_is_asked_about_again_is_not_refused_by_an_old_stick(
    two: list[Outpost], stick: Path
) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    import_bundle(ani.depot, bundle(stick, 2, Homebound(tokens(ani, [key]))))
    assert letters.send_again(ani.depot.outbox.database, [key], at=TODAY) == (key,)
    assert refused(ani, stick, key).refusals_known == 1
    assert ani.row(key).stage is Stage.QUEUED


def test_a_packet_that_was_given_up_stays_given_up(two: list[Outpost], stick: Path) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    ani.depot.outbox.park(key, Note(Trouble.KEY_CONFLICT), at=TODAY)
    assert letters.void(ani.depot.outbox.database, key, at=TODAY, trouble="x")
    assert refused(ani, stick, key).refusals_known == 1
    assert ani.row(key).stage is Stage.VOID


def test_who_carries_hands_a_refusal_on_like_a_receipt(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    brought, never_here = ani.seal(2)
    done = export(ani.depot, stick, keys=[brought])
    assert done is not None
    import_bundle(budi.depot, done.path)
    words = tuple((key, ani.central.refusal(ani.row(key))) for key in (brought, never_here))
    path = bundle(stick, 1, Homebound(refusals=words))
    assert look(budi.depot, path).refusals == 2
    assert import_bundle(budi.depot, path).refusals_passed == 2
    assert import_bundle(budi.depot, path).refusals_known == 2
    assert choice(budi.depot).receipts == 2
    given = export_receipts(budi.depot, stick)
    assert (given.receipts, given.refusals) == (0, 2)
    assert choice(budi.depot).receipts == 0, "they went"
    assert import_bundle(ani.depot, given.path).refusals_home == 2
    assert {ani.row(key).stage for key in (brought, never_here)} == {Stage.REJECTED}


def test_who_carries_forgets_a_refusal_when_a_receipt_comes(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    brought, never_here = keys = ani.seal(2)
    done = export(ani.depot, stick, keys=[brought])
    assert done is not None
    import_bundle(budi.depot, done.path)
    words = tuple((key, ani.central.refusal(ani.row(key))) for key in keys)
    import_bundle(budi.depot, bundle(stick, 1, Homebound(refusals=words)))
    assert import_bundle(budi.depot, bundle(stick, 2, Homebound(tokens(ani, keys)))).receipts_passed == 2
    assert import_bundle(budi.depot, bundle(stick, 1, Homebound(refusals=words))).refusals_passed == 0
    given = export_receipts(budi.depot, stick)
    assert (given.receipts, given.refusals) == (2, 0)
    import_bundle(ani.depot, given.path)
    assert {ani.row(key).stage for key in (brought, never_here)} == {Stage.RECEIPTED}


def test_a_bundle_says_of_each_packet_one_thing_only(two: list[Outpost]) -> None:
    key, other = two[0].seal(2)
    going = homebound([(key, "receipt")], [(key, "refusal"), (other, "refusal")], [])
    assert (going.receipts, going.refusals) == (((key, "receipt"),), ((other, "refusal"),))


def test_what_central_refuses_of_others_is_nothing_to_repair_here(two: list[Outpost], stick: Path) -> None:
    ani, budi = two
    keys = ani.seal(4)
    carried(ani, budi, stick)
    outbox = budi.depot.outbox
    seen = outbox.newest_change()
    outbox.reject(keys[0], WHY, at=TODAY)
    outbox.reject(keys[1], (Reason("origin.blocked", ""),), at=TODAY)
    outbox.reject(keys[2], (Reason("origin.unknown", ""),), at=TODAY)
    outbox.park(keys[3], Note(Trouble.KEY_CONFLICT), at=TODAY)
    counts = outbox.counts(day_start=TODAY)
    assert (counts.rejected, counts.parked, counts.carried) == (0, 0, 0)
    assert outbox.page([Stage.REJECTED, Stage.PARKED], offset=0, limit=9) == ()
    assert outbox.changed_since(seen)[1] == ()
    assert list(all_standings(outbox.database, TODAY)) == list(noteworthy(outbox.database, TODAY)) == []
    found = ((Why.BLOCKED, 1), (Why.STRANGER, 1), (Why.REFUSED, 1), (Why.STOPPED, 1))
    assert choice(budi.depot).not_taken == found, "the technician sees them"
    assert choice(ani.depot).not_taken == ()


# ------------------------------------------------------------------------------------------------ changes of keys


def test_keys_come_before_what_they_signed_and_are_followed_once(two: list[Outpost], stick: Path) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    signer = ani.central
    changes = (signer.roll(hours=1), signer.roll(hours=2))
    path = bundle(stick, 1, Homebound(tokens(ani, [key]), keys=changes))
    found = import_bundle(ani.depot, path)
    assert (found.keys_changed, found.receipts_home) == (True, 1)
    enrolment, _ = ani.depot.enrolled()
    assert [item.kid for item in enrolment.signing_keys] == [signer.key.kid]
    again = import_bundle(ani.depot, path)
    assert (again.keys_changed, again.receipts_known) == (False, 1)
    assert ani.depot.enrolled()[0] == enrolment
    ani.restart()
    assert ani.depot.enrolled()[0] == enrolment, "it survives a restart"


def test_a_chain_with_a_gap_or_of_a_stranger_is_not_followed(two: list[Outpost], stick: Path) -> None:
    (ani, _), (key,) = two, two[0].seal(1)
    before, _ = ani.depot.enrolled()
    stranger = Signer(key=SigningKey.generate("c1"))
    forged = stranger.roll(hours=1)
    ani.central.roll(hours=1)
    second = ani.central.roll(hours=2)
    for number, changes in enumerate(((forged,), (second,), ("a.b.c",), (forged, second)), 1):
        going = Homebound(tokens(ani, [key]), keys=changes)
        found = import_bundle(ani.depot, bundle(stick, number, going))
        assert (found.keys_changed, found.receipts_refused) == (False, 1)
    assert ani.depot.enrolled()[0] == before and ani.row(key).stage is Stage.QUEUED


def test_who_carries_hands_the_changes_of_keys_on(two: list[Outpost], stick: Path) -> None:
    (ani, budi), (key,) = two, two[0].seal(1)
    changes = (ani.central.roll(hours=1), ani.central.roll(hours=2))
    path = bundle(stick, 1, Homebound(tokens(ani, [key]), keys=changes))
    assert import_bundle(budi.depot, path).receipts_passed == 1
    found = import_bundle(ani.depot, export_receipts(budi.depot, stick).path)
    assert (found.keys_changed, found.receipts_home) == (True, 1)


def test_a_bundle_with_something_strange_in_it_is_refused(two: list[Outpost], stick: Path) -> None:
    for number, name in enumerate(("keys/1.jws", "keys/001.jws", "refusals/x.jws", "keys/../../x.jws")):
        path = stick / f"{number}.zip"
        with path.open("wb") as file:
            archive = StoredZipWriter(file)
            archive.add(name, b"x")
            archive.close()
        with pytest.raises(TrustError):
            import_bundle(two[0].depot, path)
