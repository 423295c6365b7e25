"""A neighbour is a stranger until central's card, its own key and the same office say otherwise; then it is bounded."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Message

from station.domain.delivery import LinkState, Stage
from station.domain.errors import TrustError
from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.domain.relay import NeighbourTrouble
from station.relay import caller as calling
from station.relay.asked import body_of
from station.relay.bounds import NEIGHBOURS, NEIGHBOURS_EACH
from station.relay.caller import Caller, Myself, Unwilling
from station.relay.certificate import make_certificate, proven_context, public_key_in, serving_context
from station.relay.circle import Sighting, announced, circle_of, is_local, sighted
from station.relay.local_network import Finds
from station.relay.messages import OFFERS, PACKETS, RECEIPTS_HERE, SHA256_HEADER, OfferAnswers, Offers, Says
from station.relay.refusal import RefusedNeighbour
from station.relay.service import CERTIFICATE
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of
from station.store.enrolment import save_enrolment
from station.sync.network import Network
from station.wire import ManifestItem
from tests.relaying import LOOPBACK, Authority, Fellow, Make, fellows
from tests.support import TODAY


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with fellows(tmp_path) as maker:
        yield maker


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def relay(make: Make, authority: Authority) -> Fellow:
    return make("stasiun-b", authority)


def caller_of(fellow: Fellow, where: Sighting, **changed: object) -> Caller:
    me = Myself(fellow.enrolment, fellow.key, fellow.depot.cards.own())
    return Caller(where, replace(me, **changed), Network(), fellow.clock, loopback=True)  # type: ignore[arg-type]


def trouble_of(caller: Caller) -> NeighbourTrouble:
    """What comes of meeting it and asking for receipts."""
    with pytest.raises(Unwilling) as refused:
        try:
            caller.meet()
            caller.tell(OFFERS, Offers(items=()), OfferAnswers)
        finally:
            caller.close()
    return refused.value.trouble


def proven(fellow: Fellow, where: Sighting) -> Caller:
    caller = caller_of(fellow, where)
    caller.meet()
    return caller


# ------------------------------------------------------------------------------------------------- who is believed


def test_a_station_of_the_same_office_is_met(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    caller = proven(near, relay.serve())
    assert caller.card is not None
    assert (caller.card.station_id, caller.card.name) == ("stasiun-b", "Stasiun stasiun-b")
    caller.close()


def test_another_office_is_a_stranger_to_both(make: Make, authority: Authority, relay: Fellow) -> None:
    where, other = relay.serve(), make("stasiun-a", authority, office="99.01.02")
    assert trouble_of(caller_of(other, where)) is NeighbourTrouble.STRANGER
    lying = replace_enrolment(other, office="99.01.01")
    assert trouble_of(caller_of(other, where, enrolment=lying)) is NeighbourTrouble.REFUSED


def test_another_central_is_a_stranger_to_both(make: Make, relay: Fellow) -> None:
    where, other = relay.serve(), make("stasiun-a", Authority())  # of the same name, with keys of its own
    assert trouble_of(caller_of(other, where)) is NeighbourTrouble.STRANGER
    keys = (*other.enrolment.signing_keys, *relay.enrolment.signing_keys)
    assert trouble_of(caller_of(other, where, enrolment=replace_enrolment(other, signing_keys=keys))) is (
        NeighbourTrouble.REFUSED
    )


def test_training_and_real_never_mix(make: Make, authority: Authority, relay: Fellow) -> None:
    where, other = relay.serve(), make("stasiun-a", authority, training=True)
    assert trouble_of(caller_of(other, where)) is NeighbourTrouble.STRANGER


def test_without_a_card_nobody_is_served(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    assert trouble_of(caller_of(near, relay.serve(), card="")) is NeighbourTrouble.REFUSED


def test_a_stolen_card_is_worth_nothing_without_its_key(make: Make, authority: Authority, relay: Fellow) -> None:
    near, where = make("stasiun-a", authority), relay.serve()
    thief = SigningKey.generate("stasiun-a")
    assert trouble_of(caller_of(near, where, key=thief)) is NeighbourTrouble.REFUSED


def test_a_card_that_its_station_signed_itself_is_none(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    forged = Authority(key=near.key).card(near.key)
    assert trouble_of(caller_of(near, relay.serve(), card=forged)) is NeighbourTrouble.REFUSED


def test_nobody_carries_for_themselves(relay: Fellow) -> None:
    assert trouble_of(caller_of(relay, relay.serve())) is NeighbourTrouble.STRANGER


def test_a_relay_with_the_card_of_another_station_is_a_stranger(make: Make, authority: Authority) -> None:
    """It shows a good card, and TLS with a key that the card does not name."""
    near, thief = make("stasiun-a", authority), make("stasiun-c", authority)
    stolen = authority.card(SigningKey.generate("stasiun-b"))
    save_enrolment(thief.depot.folder, thief.enrolment.model_copy(update={"card": stolen}))
    thief.depot.load_enrolment()
    where = replace(thief.serve(), station_id="stasiun-b")
    assert trouble_of(caller_of(near, where)) is NeighbourTrouble.STRANGER


def test_a_relay_that_is_not_who_was_announced_is_a_stranger(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    where = replace(relay.serve(), station_id="stasiun-x")
    assert trouble_of(caller_of(near, where)) is NeighbourTrouble.STRANGER


def test_an_address_on_the_internet_is_never_called(make: Make, authority: Authority) -> None:
    near = make("stasiun-a", authority)
    assert trouble_of(caller_of(near, Sighting("8.8.8.8", 443))) is NeighbourTrouble.STRANGER


def test_after_the_meeting_nobody_else_can_take_its_place(make: Make, authority: Authority, relay: Fellow) -> None:
    near, other = make("stasiun-a", authority), make("stasiun-c", authority)
    caller = proven(near, relay.serve())
    port = relay.runner.port
    relay.runner.stop()
    other.runner._settings = other.runner._settings.model_copy(update={"port": port})
    other.serve()
    with pytest.raises(Unwilling) as refused:
        caller.ask(f"{RECEIPTS_HERE}?after=", OfferAnswers)
    assert refused.value.trouble is NeighbourTrouble.UNREACHABLE
    caller.close()


def test_clocks_that_differ_by_years_are_no_obstacle(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    near.clock.pass_time(-9 * 365 * 86400)  # type: ignore[attr-defined]
    caller = proven(near, relay.serve())
    assert caller.tell(OFFERS, Offers(items=()), OfferAnswers) == OfferAnswers(items=())
    caller.close()


def test_old_tls_is_refused(make: Make, authority: Authority, relay: Fellow) -> None:
    where = relay.serve()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://{LOOPBACK}:{where.port}/relay/v1/card", verify=context)


def test_a_certificate_says_the_key_of_its_station_and_is_good_at_any_date() -> None:
    key = SigningKey.generate("stasiun-a")
    der = ssl.PEM_cert_to_DER_cert(make_certificate(key).decode())
    assert public_key_in(der) == key.public.x
    assert proven_context(der).verify_mode is ssl.CERT_REQUIRED
    with pytest.raises(TrustError):
        public_key_in(b"no certificate")


# --------------------------------------------------------------------------------------------- what is announced


def test_only_stations_of_our_circle_are_seen(relay: Fellow) -> None:
    other = relay.enrolment.model_copy(update={"station_id": "stasiun-a"})
    said = {name.encode(): value.encode() for name, value in announced(other).items()}
    assert sighted(said, "10.0.0.7", 48325, relay.enrolment) == Sighting("10.0.0.7", 48325, "stasiun-a")
    for changed in (
        {b"c": b"0" * 32},
        {b"v": b"2"},
        {b"id": b"../../etc"},
        {b"id": relay.enrolment.station_id.encode()},
        {b"id": None},
        {b"c": b"\xff" * 500},
    ):
        assert sighted(said | changed, "10.0.0.7", 48325, relay.enrolment) is None  # type: ignore[operator]


def test_what_is_announced_names_nobody(relay: Fellow) -> None:
    text = str(announced(relay.enrolment))
    assert relay.enrolment.office not in text
    assert relay.enrolment.central_id not in text
    assert relay.enrolment.station_name not in text
    assert circle_of(relay.enrolment) in text


@pytest.mark.parametrize("host", ["10.1.2.3", "172.16.0.1", "172.31.9.9", "192.168.43.1", "169.254.7.7"])
def test_neighbours_are_on_private_and_link_local_networks(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host",
    [
        "100.64.1.1",
        "198.18.0.1",
        LOOPBACK,
        "127.9.9.9",
        "172.32.0.1",
        "8.8.8.8",
        "0.0.0.0",
        "224.0.0.251",
        "::1",
        "",
        "x",
    ],
)
def test_nowhere_else_is_local(host: str) -> None:
    assert not is_local(host)
    assert is_local(host, loopback=True) is host.startswith("127.")


def test_this_computer_is_nobodys_neighbour_unless_that_is_said(
    make: Make, authority: Authority, relay: Fellow
) -> None:
    near, where = make("stasiun-a", authority), relay.serve()
    me = Myself(near.enrolment, near.key, near.depot.cards.own())
    assert trouble_of(Caller(where, me, Network(), near.clock)) is NeighbourTrouble.STRANGER


class Heard:
    """What mDNS hands on of one announcement."""

    def __init__(self, fellow: Fellow, station_id: str, host: str) -> None:
        said = announced(fellow.enrolment.model_copy(update={"station_id": station_id}))
        self.properties = {name.encode(): value.encode() for name, value in said.items()}
        self.port = 48325
        self._host = host

    def get_service_info(self, *_: object, timeout: int) -> Heard:
        return self

    def parsed_addresses(self, _version: object) -> list[str]:
        return [self._host]


def hear(finds: Finds, fellow: Fellow, station_id: str, host: str) -> None:
    finds.add_service(Heard(fellow, station_id, host), "", f"{station_id}.")  # type: ignore[arg-type]


def test_one_computer_cannot_announce_the_others_away(relay: Fellow) -> None:
    finds = Finds(relay.enrolment)
    hear(finds, relay, "stasiun-a", "10.0.0.2")
    for number in range(50):
        hear(finds, relay, f"palsu-{number}", "10.0.0.66")
    assert Sighting("10.0.0.2", 48325, "stasiun-a") in finds.all()
    assert len(finds.all()) == 1 + NEIGHBOURS_EACH


def test_who_was_proven_is_kept_whatever_else_is_announced(relay: Fellow) -> None:
    finds = Finds(relay.enrolment)
    good = [Sighting(f"10.0.0.{number}", 48325, f"stasiun-{number}") for number in range(2, 5)]
    for one in good:
        hear(finds, relay, one.station_id, one.host)
    finds.keep(good)
    for number in range(50):
        hear(finds, relay, f"palsu-{number}", f"10.0.1.{number}")
        hear(finds, relay, f"dekat-{number}", "10.0.0.2")
    assert set(good) <= set(finds.all())
    assert len(finds.all()) == NEIGHBOURS


def test_with_nothing_but_proven_ones_a_newcomer_finds_no_room(relay: Fellow) -> None:
    finds = Finds(relay.enrolment)
    good = [Sighting(f"10.0.0.{number}", 48325, f"stasiun-{number}") for number in range(NEIGHBOURS)]
    for one in good:
        hear(finds, relay, one.station_id, one.host)
    finds.keep(good)
    hear(finds, relay, "palsu", "10.0.1.1")
    assert set(finds.all()) == set(good)


def test_who_was_met_is_told_to_be_proven(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority, link_state=LinkState.OFFLINE)
    near.packet()
    where = relay.serve()
    near.around.sightings = [replace(where, station_id="stasiun-x"), where]
    near.runner.step()
    assert near.around.proven == (where,)


# ------------------------------------------------------------------------------------------------ what is bounded


def offer_of(fellow: Fellow, key: RecordKey, **changed: object) -> Offers:
    row = fellow.row(key)
    item = ManifestItem(
        record_id=key.record_id,
        revision=1,
        origin=row.origin,
        sha256=row.sha256,
        size=row.size,
        sealed_at=row.sealed_at,
    )
    return Offers(items=(item.model_copy(update=changed),))


def said_to(caller: Caller, offers: Offers) -> tuple[Says, str]:
    found = caller.tell(OFFERS, offers, OfferAnswers)
    assert found is not None
    return found.items[0].says, found.items[0].problem


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"origin": "stasiun-c"}, "not-allowed"),
        ({"size": 17 * 2**20}, "too-large"),
    ],
)
def test_offers_that_may_not_be_are_refused(
    make: Make, authority: Authority, relay: Fellow, changed: dict[str, object], problem: str
) -> None:
    near = make("stasiun-a", authority)
    caller = proven(near, relay.serve())
    assert said_to(caller, offer_of(near, near.packet(), **changed)) == (Says.REFUSE, problem)
    caller.close()


def test_a_record_of_the_relay_itself_cannot_be_taken_over(make: Make, authority: Authority, relay: Fellow) -> None:
    near, theirs = make("stasiun-a", authority), relay.packet()
    mine = near.packet(2)
    caller = proven(near, relay.serve())
    assert said_to(caller, offer_of(near, mine, record_id=theirs.record_id)) == (Says.REFUSE, "key-conflict")
    caller.close()


def test_an_edited_packet_is_refused_and_nothing_of_it_stays(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    key = near.packet()
    caller = proven(near, relay.serve())
    data = near.depot.packets.read(key)
    middle = len(data) // 2
    edited = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    other = RecordKey(new_record_id(TODAY), 1)
    for name, sent, sha256 in (
        (key, edited, sha256_of(edited)),
        (key, edited, sha256_of(data)),
        (key, b"", sha256_of(b"")),
        (key, data, "0" * 64),
        (other, data, sha256_of(data)),
    ):
        with pytest.raises(Unwilling):
            caller.put(f"{PACKETS}/{name}", sent, {SHA256_HEADER: sha256})
    assert relay.depot.outbox.get(key) is None
    assert list(relay.depot.carried.folder.all_keys()) == []
    caller.close()


def test_a_packet_of_a_third_station_is_refused_though_it_is_good(
    make: Make, authority: Authority, relay: Fellow
) -> None:
    near, third = make("stasiun-a", authority), make("stasiun-c", authority)
    key = third.packet()
    caller = proven(near, relay.serve())
    data = third.depot.packets.read(key)
    with pytest.raises(Unwilling):
        caller.put(f"{PACKETS}/{key}", data, {SHA256_HEADER: sha256_of(data)})
    assert relay.depot.outbox.get(key) is None
    caller.close()


def test_more_than_a_packet_is_not_read() -> None:
    async def nobody_reads() -> Message:
        raise AssertionError("it was read")

    for declared in (b"11", b"", b"-1", b"9" * 40):
        request = Request({"type": "http", "headers": [(b"content-length", declared)]}, nobody_reads)
        with pytest.raises(RefusedNeighbour):
            asyncio.run(body_of(request, 10))


def test_chunks_are_counted_whatever_length_was_declared() -> None:
    """Whoever sends both headers is read chunk by chunk."""
    asked = 0

    async def goes_on() -> Message:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 1000, "more_body": asked < 100}

    headers = [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")]
    with pytest.raises(RefusedNeighbour):
        asyncio.run(body_of(Request({"type": "http", "headers": headers}, goes_on), 10))
    assert asked == 1


@pytest.mark.parametrize(
    ("head", "drip"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
    ids=["goes on announcing an answer", "drips the length of a chunk"],
)
def test_who_only_keeps_us_waiting_is_hung_up_on(
    make: Make, authority: Authority, relay: Fellow, monkeypatch: pytest.MonkeyPatch, head: bytes, drip: bytes
) -> None:
    """No time-out of a single read ends that. Nobody needs a key for it: it is asked for its card first of all."""
    near = make("stasiun-a", authority)
    monkeypatch.setattr(calling, "EXCHANGE_S", 0.5)
    over = Event()

    def keep_waiting(server: socket.socket, context: ssl.SSLContext) -> None:
        caught, _ = server.accept()
        with suppress(OSError), context.wrap_socket(caught, server_side=True) as wire:
            wire.recv(4096)
            wire.sendall(head)
            while not over.wait(0.02):
                wire.sendall(drip)

    context = serving_context(relay.root / CERTIFICATE, relay.key)
    with socket.create_server((LOOPBACK, 0)) as server:
        thread = Thread(target=keep_waiting, args=(server, context))
        thread.start()
        where = Sighting(LOOPBACK, server.getsockname()[1], relay.name)
        try:
            assert trouble_of(caller_of(near, where)) is NeighbourTrouble.UNREACHABLE
        finally:
            over.set()
            thread.join()


def test_without_room_nothing_is_wanted_and_nothing_is_taken(make: Make, authority: Authority, relay: Fellow) -> None:
    near = make("stasiun-a", authority)
    key = near.packet()
    caller = proven(near, relay.serve())
    relay.usage = relay.usage._replace(free=0)
    assert said_to(caller, offer_of(near, key)) == (Says.REFUSE, "no-space")
    data = near.depot.packets.read(key)
    with pytest.raises(Unwilling) as refused:
        caller.put(f"{PACKETS}/{key}", data, {SHA256_HEADER: sha256_of(data)})
    assert refused.value.trouble is NeighbourTrouble.FULL
    assert relay.depot.outbox.get(key) is None
    caller.close()


def test_each_neighbour_has_its_share_and_no_more(
    make: Make, authority: Authority, relay: Fellow, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = make("stasiun-a", authority, link_state=LinkState.OFFLINE)
    first = near.packet()
    near.clock.pass_time(60)  # type: ignore[attr-defined]
    second = near.packet(2)
    monkeypatch.setattr("station.relay.room.CARRIED_BYTES_EACH", near.row(first).size + 100)
    near.around.sightings = [relay.serve()]

    near.go_round()

    assert relay.carries(first)
    assert relay.depot.outbox.get(second) is None
    assert near.depot.relay.shown.neighbours[0].trouble is NeighbourTrouble.FULL


def test_who_asks_too_often_is_told_to_wait(
    make: Make, authority: Authority, relay: Fellow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.relay.rate.BURST", 2)
    near = make("stasiun-a", authority)
    caller = proven(near, relay.serve())
    caller.tell(OFFERS, Offers(items=()), OfferAnswers)
    with pytest.raises(Unwilling) as refused:
        caller.tell(OFFERS, Offers(items=()), OfferAnswers)
    assert refused.value.trouble is NeighbourTrouble.BUSY
    caller.close()


def test_a_neighbour_that_talks_without_end_is_left(
    make: Make, authority: Authority, relay: Fellow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "ANSWER_BYTES", 100)
    near = make("stasiun-a", authority)
    assert trouble_of(caller_of(near, relay.serve())) is NeighbourTrouble.UNREADABLE


def test_receipts_of_others_cannot_be_marked_as_returned(make: Make, authority: Authority, relay: Fellow) -> None:
    third = make("stasiun-c", authority, link_state=LinkState.OFFLINE)
    third.around.sightings = [relay.serve()]
    key = third.packet()
    third.go_round()
    relay.central_confirms(key)
    near = make("stasiun-a", authority)
    counter_card = near.depot.cards.check(near.depot.cards.own())

    from station.relay.counter import Counter
    from station.relay.room import Room

    Counter(relay.depot, relay.clock, Room(relay.depot)).returned(counter_card, [key])

    assert relay.row(key).returned_at is None
    assert relay.row(key).stage is Stage.RECEIPTED


def replace_enrolment(fellow: Fellow, **changed: object):  # type: ignore[no-untyped-def]
    return fellow.enrolment.model_copy(update=changed)
