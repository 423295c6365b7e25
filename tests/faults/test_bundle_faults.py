"""Whatever happens on the way, a target list arrives as central signed it or not at all, and no record waits for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station.domain.delivery import LinkState
from station.domain.outcome import Trouble
from station.domain.target import Target
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of
from station.store.inbox import Arrived, Inbox
from station.sync import bundles
from station.sync import upload as upload_module
from station.wire import BundleNotice, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import STATION, Sender, sending
from tests.support import TODAY

AREA = "99.01.01"


def foreign(place: str, **headers: str) -> Fault:
    """Bytes that are not of the list."""
    return faults.answer(206, b"x" * 100, Content_Range=place, **headers)


ONCE = {
    "500": faults.answer(500),
    "502 of a proxy": Fault(status=502, echo=False),
    "busy": faults.problem(Problem.BUSY, 503, retry_after="30"),
    "maintenance": faults.problem(Problem.MAINTENANCE, 503, message="x"),
    "portal": faults.portal(),
    "html with echo": faults.html_with_echo(),
    "redirect": faults.redirect(),
    "no echo": faults.no_echo(),
    "lost answer": faults.lost_answer(),
    "lost request": faults.lost_request(),
    "cut at once": faults.cut_answer(0),
    "clock": faults.problem(Problem.CLOCK_SKEW, 401),
    "blocked": faults.problem(Problem.STATION_BLOCKED, 403, until=TODAY.isoformat(), reason="x"),
    "unknown station": faults.problem(Problem.UNKNOWN_STATION, 401),
    "malformed": faults.problem(Problem.MALFORMED, 400),
    "not found by an older central": faults.answer(404),
    "encoded": foreign("bytes 1024-1123/9999", Content_Encoding="gzip"),
    "another part": foreign("bytes 7-106/9999"),
    "a part that is not from central": replace(foreign("bytes 1024-1123/9999"), echo=False),
    "an answer without bytes": faults.answer(206),
    "all of it though a part was asked": Fault(process=True, status=200),
}


@pytest.fixture
def sender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    monkeypatch.setattr(upload_module, "FIRST_CHUNK", 1024)  # a list of a few people comes in several slices, too
    monkeypatch.setattr(upload_module, "LARGEST_CHUNK", 1024)
    monkeypatch.setattr(upload_module, "SMALLEST_CHUNK", 512)
    monkeypatch.setattr(bundles, "RESERVE_BYTES", 0)
    with sending(tmp_path) as sender:
        yield sender


def people(count: int = 60, first: int = 1) -> list[Target]:
    return [
        Target(f"990101610488{number:04d}", {"name": f"CONTOH {sha256_of(bytes([number % 251]))}", "village": AREA})
        for number in range(first, first + count)
    ]


def here(sender: Sender) -> tuple[Arrived, ...]:
    return Inbox(sender.depot.folder).arrived()


def arrive(sender: Sender, hours: float = 48) -> Arrived:
    sender.until(lambda: bool(here(sender)), hours=hours, nap_s=60)
    (found,) = here(sender)
    return found


def one_slice(sender: Sender) -> None:
    """Step until the first slice of a list was fetched, and not a step further."""
    for _ in range(50):
        sender.clock.pass_time(sender.engine.step())
        if asked(sender):
            return
    raise AssertionError("no slice was asked for")


def assert_true(sender: Sender, found: Arrived) -> None:
    """What has arrived is, byte for byte, what central sealed for this station."""
    jws, body = sender.central.lists.sealed(STATION, sender.key.public, AREA, None, sender.central.now())
    assert (found.head, found.body.read_bytes()) == (jws, body)
    assert sender.depot.memory.wanted_bundles == ()


def asked(sender: Sender) -> list[tuple[int, int]]:
    """Ranges that were asked for: first byte, bytes."""
    found = []
    for item in sender.central.asked_for("bundle"):
        first, _, last = item.headers["range"].removeprefix("bytes=").partition("-")
        found.append((int(first), int(last) - int(first) + 1))
    return found


def test_a_list_that_central_tells_of_arrives_in_slices_and_waits(sender: Sender) -> None:
    version = sender.central.make_list(AREA, people())
    found = arrive(sender)
    assert (found.name, found.version) == (f"roster:{AREA}", version)
    assert_true(sender, found)
    assert len(asked(sender)) > 1
    requests = sender.requests()
    sender.live(60)
    assert sender.requests() - requests <= 5, "nothing is asked for twice"


@pytest.mark.parametrize("name", list(ONCE))
@pytest.mark.parametrize("route", ["signature", "bundle"])
def test_whatever_happens_once_the_list_arrives_whole(sender: Sender, name: str, route: str) -> None:
    sender.central.make_list(AREA, people())
    sender.central.queue(route, *([None] if route == "bundle" else []), ONCE[name])
    assert_true(sender, arrive(sender))
    spoilt = {line.note.detail for line in sender.depot.technical_log.lines(50)} & {"roster.edited", "roster.cut"}
    assert not spoilt, "foreign bytes were kept"


@pytest.mark.parametrize("at", [1, 17, 400, 511, 512, 1000, 1023])
def test_what_came_of_a_slice_that_was_cut_is_not_fetched_again(sender: Sender, at: int) -> None:
    sender.central.make_list(AREA, people())
    sender.central.queue("bundle", None, faults.cut_answer(at), faults.cut_answer(at))
    assert_true(sender, arrive(sender))
    starts = [first for first, _ in asked(sender)]
    assert starts[:4] == [0, 1024, 1024 + min(at, 1024), 1024 + at + min(at, asked(sender)[2][1])]


def test_a_restart_between_any_two_steps_goes_on_at_the_next_byte(sender: Sender) -> None:
    sender.central.make_list(AREA, people(120))
    for _restart in range(40):
        for _step in range(3):  # it begins with a hello, and with news: the third is of the list
            sender.clock.pass_time(sender.engine.step())
        sender.restart()
        if here(sender):
            break
    assert_true(sender, arrive(sender))
    assert len(asked(sender)) > 3, "it was not one slice"
    starts = [first for first, _ in asked(sender)]
    assert starts == sorted(set(starts)), "no byte twice"
    assert len(sender.central.asked_for("signature")) == 1


def test_a_part_that_a_power_cut_spoilt_is_thrown_away_and_fetched_again(sender: Sender) -> None:
    sender.central.make_list(AREA, people())
    one_slice(sender)
    (notice,) = sender.depot.memory.wanted_bundles
    part = Inbox(sender.depot.folder).part(notice)
    part.write_bytes(bytes(part.stat().st_size))
    sender.restart()
    assert_true(sender, arrive(sender))


@pytest.mark.parametrize("junk", [b"", b"{}", b"a.b.c", b"\xff\xfe"])
def test_a_head_that_a_power_cut_spoilt_is_asked_for_again(sender: Sender, junk: bytes) -> None:
    sender.central.make_list(AREA, people())
    one_slice(sender)
    next((sender.root / "inbox" / "bundles").glob("*.jws")).write_bytes(junk)
    sender.restart()
    assert_true(sender, arrive(sender))


def test_a_list_that_somebody_else_signed_is_never_kept(sender: Sender) -> None:
    thief = SigningKey.generate(sender.central.key.kid)
    true_key, sender.central.lists._key = sender.central.lists._key, thief
    sender.central.make_list(AREA, people())
    sender.live(600, nap_s=20)
    assert here(sender) == ()
    assert asked(sender) == []
    assert broken(sender)
    sender.central.lists._key = true_key
    sender.central.lists._sealed.clear()
    assert_true(sender, arrive(sender))


def test_a_body_that_is_not_what_central_signed_never_arrives(sender: Sender) -> None:
    sender.central.make_list(AREA, people())
    jws, body = sender.central.lists.sealed(STATION, sender.key.public, AREA, None, sender.central.now())
    key = (STATION, AREA, 1, None)
    sender.central.lists._sealed[key] = (jws, body[:-1] + bytes([body[-1] ^ 1]))
    # The fake's tag is that of the body it sends; the station asks with the tag that was signed.
    sender.central.script(
        lambda item: Fault(process=True) if item.route != "bundle" else _ignore_tag(sender, item.headers)
    )
    sender.live(600, nap_s=20)
    assert here(sender) == ()
    assert broken(sender)
    sender.central.lists._sealed[key] = (jws, body)
    sender.central.script(None)
    assert_true(sender, arrive(sender))


def _ignore_tag(sender: Sender, headers: dict[str, str]) -> Fault:
    headers.pop("if-range", None)
    _, body = sender.central.lists._sealed[(STATION, AREA, 1, None)]
    first, _, last = headers["range"].removeprefix("bytes=").partition("-")
    part = body[int(first) : int(last) + 1]
    end = int(first) + len(part) - 1
    return Fault(status=206, body=part, headers={"Content-Range": f"bytes {first}-{end}/{len(body)}"})


def broken(sender: Sender) -> bool:
    return any(line.note.trouble is Trouble.BUNDLE_BROKEN for line in sender.depot.technical_log.lines(50))


@pytest.mark.parametrize(
    ("kind", "status"), [(Problem.BUNDLE_GONE, 404), (Problem.BUNDLE_GONE, 410), (Problem.NOT_ALLOWED, 403)]
)
@pytest.mark.parametrize("route", ["signature", "bundle"])
def test_what_central_does_not_give_is_not_asked_for_for_ever(
    sender: Sender, kind: Problem, status: int, route: str
) -> None:
    sender.central.make_list(AREA, people())
    sender.central.queue(route, faults.problem(kind, status))
    sender.live(300, nap_s=20)
    assert sender.depot.memory.wanted_bundles == ()
    assert len(sender.central.asked_for(route)) == 1
    assert here(sender) == ()


def test_a_newer_version_takes_the_place_of_one_that_is_half_here(sender: Sender) -> None:
    sender.central.make_list(AREA, people())
    one_slice(sender)
    sender.central.make_list(AREA, people(30, first=500))
    assert_true(sender, arrive(sender))
    assert {path.suffix for path in (sender.root / "inbox" / "bundles").iterdir()} == {".age", ".jws"}
    assert len(list((sender.root / "inbox" / "bundles").iterdir())) == 2


def test_who_has_a_version_asks_for_what_has_changed(sender: Sender) -> None:
    sender.central.make_list(AREA, people())
    sender.depot.memory.held_rosters = {AREA: 1}
    sender.live(60)
    assert here(sender) == (), "that version is here already"
    sender.central.make_list(AREA, people(61))
    found = arrive(sender)
    jws, body = sender.central.lists.sealed(STATION, sender.key.public, AREA, 1, sender.central.now())
    assert (found.head, found.body.read_bytes()) == (jws, body)
    sender.depot.memory.want_bundle(BundleNotice(name=f"roster:{AREA}", version=2, whole=True))
    Inbox(sender.depot.folder).remove(found)
    assert_true(sender, arrive(sender))


def test_a_list_that_never_comes_whole_keeps_no_record_waiting_and_no_link_in_doubt(sender: Sender) -> None:
    sender.central.make_list(AREA, people())
    sender.central.script(lambda item: faults.lost_answer() if item.route == "bundle" else None)
    for number in range(1, 6):
        key = sender.packet(number)
        sender.deliver(key)
        assert sender.link is LinkState.GOOD
    assert here(sender) == ()


def test_records_go_before_every_slice(sender: Sender) -> None:
    sender.central.make_list(AREA, people(120))
    one_slice(sender)
    keys = [sender.packet(1), sender.packet(2)]
    while not sender.delivered(*keys):
        sender.clock.pass_time(sender.engine.step())
    assert len(asked(sender)) == 1
    assert_true(sender, arrive(sender))


@pytest.mark.parametrize(
    "members",
    [
        {"name": "../../etc", "version": 1},
        {"name": "roster:99.01.01", "version": 0},
        {"name": "roster:99.01.01"},
        {"name": 5, "version": "x", "size": -1},
        {"name": "codes", "version": 3, "size": 10, "sha256": "0" * 64},
    ],
)
def test_a_bundle_that_is_no_list_is_kept_as_an_event_and_nothing_else(
    sender: Sender, members: dict[str, object]
) -> None:
    sender.central.tell(STATION, "bundle", **members)
    sender.live(60)
    assert sender.central.asked_for("signature") == []
    assert sender.depot.memory.wanted_bundles == ()
    assert not (sender.root / "inbox").exists()


def test_a_disk_without_room_for_a_list_still_delivers_records(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "RESERVE_BYTES", 1 << 60)
    sender.central.make_list(AREA, people())
    key = sender.packet(1)
    sender.deliver(key)
    sender.live(60)
    assert here(sender) == ()
    assert Trouble.DISK_FULL in {line.note.trouble for line in sender.depot.technical_log.lines(50)}
    monkeypatch.setattr(bundles, "RESERVE_BYTES", 0)
    sender.engine.send_now()
    assert_true(sender, arrive(sender))


def test_nothing_in_the_inbox_can_be_read_without_a_password(sender: Sender) -> None:
    sender.central.make_list(AREA, people())
    arrive(sender)
    for path in (sender.root / "inbox").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        if path.is_file():
            content = path.read_bytes()
            assert b"CONTOH" not in content
            assert b"9901016104" not in content
    event = json.dumps([item for item in sender.central.events[STATION] if item["kind"] == "bundle"])
    assert "9901016104" not in event
