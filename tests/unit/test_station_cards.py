"""Station cards: central's word about a station, given at enrolment, told in the news, and believed by the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station.central.cards import StationCards
from station.central.server import CentralServer
from station.central.tables import stations
from station.domain.errors import StoreError, TrustError
from station.seal.card import check_card
from station.seal.jws import SigningKey
from station.sync.own_card import with_card
from station.sync.weighing import weigh
from station.wire import Event
from tests.carrying import CENTRAL_ID, Outpost, Signer, outposts
from tests.support import TODAY, Workplace, running_central, workplace


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Outpost]]:
    with outposts(tmp_path, "ani", "budi") as found:
        yield found


def test_a_card_says_what_central_signed(two: list[Outpost]) -> None:
    ani, budi = two
    card = budi.depot.cards.check(ani.enrolment.card)
    assert (card.station_id, card.name, card.public_key.x) == (ani.station_id, "Ani", ani.key.public.x)
    assert card.public_key.kid == ani.station_id


def test_a_card_of_a_stranger_is_not_believed(two: list[Outpost]) -> None:
    stranger = Signer(key=SigningKey.generate("c1"))
    with pytest.raises(TrustError, match=r"card\.signature"):
        two[0].depot.cards.check(stranger.card("station-x", SigningKey.generate("station-x")))


def test_a_card_of_another_central_with_the_same_key_is_not_believed(two: list[Outpost]) -> None:
    central = two[0].central
    token = Signer("central-lain", central.key).card("station-x", SigningKey.generate("station-x"))
    with pytest.raises(TrustError, match=r"card\.other_central"):
        two[0].depot.cards.check(token)


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 5000, "é.é.é"])
def test_what_is_no_card_is_no_card(two: list[Outpost], token: str) -> None:
    with pytest.raises(TrustError, match=r"card\."):
        check_card(token, [two[0].central.key.public], CENTRAL_ID)


def test_a_receipt_is_no_card(two: list[Outpost]) -> None:
    (ani, budi) = two
    (key,) = ani.seal(1)
    with pytest.raises(TrustError, match=r"card\.unreadable"):
        budi.depot.cards.check(ani.central.receipt(ani.row(key)))


def test_the_newest_card_of_a_station_is_kept(two: list[Outpost]) -> None:
    ani, budi = two
    new = SigningKey.generate(ani.station_id)
    older = ani.central.card(ani.station_id, ani.key, "Lama", TODAY - timedelta(days=1))
    newer = ani.central.card(ani.station_id, new, "Baru", TODAY + timedelta(days=1))
    for token in (ani.enrolment.card, newer, older):
        budi.depot.cards.learn(token)
    found = budi.depot.cards.find(ani.station_id)
    assert found is not None and (found.name, found.public_key.x) == ("Baru", new.public.x)


def test_no_more_cards_are_kept_than_a_central_has_stations(
    two: list[Outpost], monkeypatch: pytest.MonkeyPatch
) -> None:
    ani, budi = two
    monkeypatch.setattr("station.store.cards.MOST_CARDS", 1)
    budi.depot.cards.learn(ani.enrolment.card)
    with pytest.raises(StoreError, match=r"courier\.too_many_stations"):
        budi.depot.cards.learn(ani.central.card("station-x", SigningKey.generate("station-x")))


def test_our_own_card_in_the_news_is_kept_and_nothing_else(two: list[Outpost], said: list[str]) -> None:
    ani, budi = two
    bare = ani.enrolment.model_copy(update={"card": ""})
    own, others = ani.enrolment.card, budi.enrolment.card
    strangers = Signer(key=SigningKey.generate("c1")).card(ani.station_id, ani.key)
    not_our_key = ani.central.card(ani.station_id, SigningKey.generate(ani.station_id))
    for wrong in (others, strangers, not_our_key, None, 7, "x"):
        assert with_card(bare, wrong, ani.key).card == ""
    kept = with_card(bare, own, ani.key)
    assert kept.card == own
    older = ani.central.card(ani.station_id, ani.key, issued_at=TODAY - timedelta(days=9))
    assert with_card(kept, older, ani.key).card == own


def test_the_news_are_weighed_for_our_card(two: list[Outpost]) -> None:
    ani, _ = two
    newer = ani.central.card(ani.station_id, ani.key, issued_at=TODAY + timedelta(days=1))
    event = Event.model_validate({"kind": "card", "jws": newer})
    assert weigh(ani.depot, [event], TODAY).enrolment.card == newer


def test_a_real_central_gives_a_card_at_enrolment_and_tells_those_who_have_none(
    tmp_path: Path,
) -> None:
    with running_central(tmp_path / "central") as server, workplace(tmp_path / "station", server) as place:
        _given_and_told(place, server)


def _given_and_told(place: Workplace, server: CentralServer) -> None:
    enrolment, key = place.depot.enrolled()
    card = check_card(enrolment.card, enrolment.signing_keys, enrolment.central_id)
    assert (card.station_id, card.public_key.x) == (enrolment.station_id, key.public.x)
    central = server.central
    cards = StationCards(central.database, central.keys, enrolment.central_id, central.clock)
    assert cards.tell_missing() == 0
    with central.database.write() as rows:  # enrolled by a central that knew no cards
        rows.execute(stations.update().values(card_kid=""))
    assert cards.tell_missing() == len(central.enrolled())
    (event,) = [item for item in central.feed.page(enrolment.station_id, "0", 100).events if item["kind"] == "card"]
    assert check_card(event["jws"], enrolment.signing_keys, enrolment.central_id).station_id == enrolment.station_id
    assert cards.tell_missing() == 0
