"""Whoever brings it: a receipt that is not central's word about exactly this packet settles nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from station.courier.importing import import_bundle
from station.domain.delivery import LinkState, OutboxItem, Stage
from station.domain.outcome import Accepted
from station.domain.record import RecordKey
from station.seal.courier import Kind, bundle_name
from station.seal.homebound import Homebound, write_homebound
from station.seal.jws import SigningKey
from tests.carrying import OFFICE, Outpost, Signer, outposts
from tests.relaying import Authority, Fellow, fellows
from tests.support import TODAY

STRANGER = SigningKey.generate("c1")


def issued(central: Signer | Authority, item: OutboxItem, wrong: str, other: OutboxItem) -> str:
    """A receipt for `item` with one thing wrong; `other` is another packet of the same station."""
    match wrong:
        case "other-key":
            true, central.key = central.key, STRANGER
            token = central.receipt(item)
            central.key = true
            return token
        case "signature":
            head, payload, _ = central.receipt(item).split(".")
            return ".".join((head, payload, central.receipt(other).split(".")[2]))
        case "other-packet":
            return central.receipt(other)
        case "no-receipt":
            return central.key.sign({"record_id": item.key.record_id, "revision": item.key.revision})
    return central.receipt(item, **WRONG[wrong])


WRONG: dict[str, dict[str, object]] = {
    "other-hash": {"sha256": "0" * 64},
    "other-size": {"size": 1},
    "other-record": {"record_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12},
    "other-revision": {"revision": 2},
    "other-central": {"central_id": "central-9999"},
    "other-key": {},
    "signature": {},
    "other-packet": {},
    "no-receipt": {},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_by_stick_it_is_refused_and_the_good_ones_beside_it_are_taken(tmp_path: Path, wrong: str) -> None:
    with outposts(tmp_path, "ani") as (ani,):
        bad, good = (ani.row(key) for key in ani.seal(2))
        tokens = ((bad.key, issued(ani.central, bad, wrong, good)), (good.key, ani.central.receipt(good)))
        found = import_bundle(ani.depot, stick_with(tmp_path, ani, tokens))
        assert (found.receipts_home, found.receipts_refused) == (1, 1)
        assert (ani.row(bad.key).stage, ani.row(bad.key).receipt) == (Stage.QUEUED, None)
        assert ani.row(good.key).stage is Stage.RECEIPTED
        again = import_bundle(ani.depot, stick_with(tmp_path, ani, ((bad.key, ani.central.receipt(bad)),)))
        assert again.receipts_home == 1, "the true one is still waited for"


def stick_with(folder: Path, outpost: Outpost, tokens: tuple[tuple[RecordKey, str], ...]) -> Path:
    path = folder / bundle_name(OFFICE, outpost.station_id, Kind.RECEIPTS)
    with path.open("wb") as file:
        write_homebound(file, Homebound(receipts=tokens))
    return path


def test_by_a_neighbour_none_of_them_settles_anything_and_the_true_ones_still_do(
    tmp_path: Path, said: list[str]
) -> None:
    with fellows(tmp_path) as make:
        authority = Authority()
        near = make("stasiun-a", authority, link_state=LinkState.OFFLINE)
        far = make("stasiun-b", authority)
        near.around.sightings = [far.serve()]
        keys = {wrong: near.packet(number) for number, wrong in enumerate(WRONG, start=1)}
        good = near.packet(99)
        near.go_round()
        for wrong, key in keys.items():
            say(far, key, issued(authority, far.row(key), wrong, far.row(good)))
        say(far, good, authority.receipt(far.row(good)))
        near.go_round()
        assert {wrong: near.row(key).stage for wrong, key in keys.items()} == dict.fromkeys(WRONG, Stage.QUEUED)
        assert near.row(good).stage is Stage.RECEIPTED
        assert len([line for line in said if "is not good" in line]) >= len(WRONG)


def say(far: Fellow, key: RecordKey, token: str) -> None:
    """As if the neighbour had settled it so."""
    far.depot.outbox.settle(key, Accepted(token, "R-1", TODAY))
