"""Whatever happens to a station: nothing goes without central's word, a final status and its days; the unsent stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from station.desk import retention
from station.domain.clocks import Check
from station.domain.delivery import just_sealed
from station.domain.ids import new_record_id
from station.domain.outcome import Reason
from station.domain.policy import Policy
from station.domain.record import Record, RecordKey, State
from station.domain.retention import FINAL
from station.domain.steps import Step
from station.seal.jws import SigningKey
from station.seal.packet import make_packet, read_packet, sha256_of
from station.store import records, seals, tombstones
from station.store.outbox import set_refused, set_resend
from station.store.records import Stored
from station.store.tables import packet, record, seal
from tests.retaining import STRANGER, believe, receipt, say
from tests.support import TODAY, HandClock, Workplace, a_manifest

CODES = ["PRINT_READY_RECORD", "CARD_ISSUED", "DUPLICATE_RECORD", "ENROLL_FAILURE_AT_CENTRAL", "FOO_BAR"]
WHICH = st.integers(0, 2)
DAYS = st.sampled_from([0.5, 1, 2, 15, 30, 31, 89, 90])
DEED = st.one_of(
    st.tuples(st.sampled_from(sorted({"receipt", "forged", "other", "damage", "lie", "stone"})), WHICH),
    st.tuples(st.sampled_from(["refuse", "resend", "work"]), WHICH),
    st.tuples(st.just("say"), WHICH, st.sampled_from(CODES)),
    st.tuples(st.just("pass"), DAYS),
    st.tuples(st.just("jump"), st.sampled_from([-400, 3, 400])),
    st.tuples(st.just("policy"), st.sampled_from([0, 1, 30, 90])),
    st.tuples(st.sampled_from(["hear", "announce", "run", "now", "heal", "snapshot", "restore"])),
)
USUAL = [("receipt", 0), ("say", 0, CODES[0]), ("pass", 30), ("hear",), ("announce",), ("pass", 1), ("hear",), ("run",)]


@dataclass
class Truth:
    """What really happened to one packet."""

    key: RecordKey
    data: bytes
    proved: bool = False
    code: str = ""
    said_at: datetime = TODAY
    left: tuple[bool, bool] = (True, True)  # file and identity, when last looked at


@dataclass
class World:
    """One station, the true time, and what central really said."""

    place: Workplace
    true: datetime = TODAY
    days: int = 30
    packets: list[Truth] = field(default_factory=list)
    snapshot: list[dict[str, object]] = field(default_factory=list)

    @property
    def clock(self) -> HandClock:
        assert isinstance(self.place.clock, HandClock)
        return self.place.clock

    def check(self) -> None:
        """After every deed."""
        with self.place.office.applicants.read() as connection:
            for truth in self.packets:
                left = (_here(self, truth), seals.identity_of(connection, truth.key) is not None)
                less = any(now < before for now, before in zip(left, truth.left, strict=True))
                truth.left = left
                if not less:
                    continue
                assert truth.proved, "something went that central never confirmed"
                assert truth.code in FINAL, "something went that central had not finished with"
                assert truth.said_at + timedelta(days=self.days) <= self.true, "something went before its days"


@pytest.fixture(scope="module")
def station(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """Opened once: each example begins with other packets."""
    root = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("retention") / "station"))
    place = Workplace(root, "http://127.0.0.1:9", HandClock())
    believe(place)
    assert place.office.operator.name
    yield place
    place.close()


def fresh(place: Workplace) -> World:
    """Three sealed packets that nobody was told of, and nothing else."""
    world = World(place)
    world.clock.wall = TODAY
    with place.depot.outbox.database.write() as rows:
        rows.execute(packet.delete())
    for path in place.depot.packets.root.glob("??/*"):
        path.unlink()
    with place.office.applicants.write() as connection:
        connection.execute(seal.delete())
        connection.execute(record.delete())
    _, key = place.depot.enrolled()
    for number in range(3):
        world.packets.append(_sealed(world, key, number))
    world.place.depot.clocks.check = Check(timedelta(), TODAY)
    _set_days(world, 30)
    return world


def _sealed(world: World, station: SigningKey, number: int) -> Truth:
    place = world.place
    name = RecordKey(new_record_id(TODAY + timedelta(seconds=number)), 1)
    manifest = a_manifest(b"isi %d" % number, station, record_id=name.record_id, sealed_at=TODAY)
    data = make_packet(manifest, b"isi %d" % number, station)
    place.depot.packets.write(name, data)
    entry = Record(name.record_id, 1, State.ACCEPTED, f"uji-{number}", "", "", "", TODAY, TODAY, TODAY)
    with place.office.applicants.write() as connection:
        records.add(connection, Stored(entry, 1, {}, (), (), (), Step.REVIEW, "op-1"))
        seals.plan(connection, name, "AGE-SECRET-KEY-CONTOH", b"CONTOH")
        seals.finish(connection, name, sequence=number + 1, sha256=sha256_of(data))
    kept = {"origin": station.kid, "sha256": sha256_of(data), "size": len(data), "kind": "rekam_baru"}
    place.depot.outbox.add(just_sealed(name, sealed_at=TODAY, **kept))  # type: ignore[arg-type]
    return Truth(name, data)


def _set_days(world: World, days: int) -> None:
    world.days = days
    world.place.office.policy_now = lambda: Policy(retention_days=days)  # type: ignore[method-assign]


def do(world: World, deed: tuple[object, ...]) -> None:
    """One thing happens."""
    place, what = world.place, deed[0]
    truth = world.packets[int(str(deed[1])) if what in _OF_ONE else 0]
    outbox, office = place.depot.outbox, place.office
    match what:
        case "receipt":  # central signs for the bytes that were sealed, whatever became of the file since
            truth.proved = True
            outbox.settle(truth.key, receipt(place, truth.key, at=world.true))
        case "forged":
            outbox.settle(truth.key, receipt(place, truth.key, by=STRANGER, at=world.true))
        case "other":
            outbox.settle(truth.key, receipt(place, _next(world, truth).key, at=world.true))
        case "damage":
            place.depot.packets.path(truth.key).write_bytes(truth.data[:-1] + b"x") if _here(world, truth) else None
        case "refuse" | "resend" | "lie":
            _row(world, truth, str(what))
        case "stone" if _here(world, truth):
            _stone(world, truth)
        case "work":
            with office.applicants.write() as connection:
                open_again = update(record).where(record.c.record_id == truth.key.record_id)
                connection.execute(open_again.values(state="draft"))
        case "say":
            truth.code, truth.said_at = str(deed[2]), world.true
            say(place, truth.key, truth.code, world.true)
        case "pass":
            world.true += timedelta(days=float(str(deed[1])))
            world.clock.wall += timedelta(days=float(str(deed[1])))
        case "jump":
            world.clock.wall += timedelta(days=int(str(deed[1])))
        case "policy":
            _set_days(world, int(str(deed[1])))
        case "hear":
            place.depot.clocks.check = Check(world.true - world.clock.wall, world.clock.wall)
        case "announce":
            retention.announce(office)
        case "run":
            retention.run(office)
        case "now":
            retention._run(office, retention.outlook(office).due, "op-1", 10)
        case "heal":
            place.depot.heal()
            retention.heal(office)
        case _:
            _copy(world, str(what))


_OF_ONE = {"receipt", "forged", "other", "damage", "refuse", "resend", "lie", "stone", "work", "say"}


def _next(world: World, truth: Truth) -> Truth:
    return world.packets[(world.packets.index(truth) + 1) % len(world.packets)]


def _here(world: World, truth: Truth) -> bool:
    return world.place.depot.packets.path(truth.key).exists()


def _row(world: World, truth: Truth, what: str) -> None:
    """Central refuses or wants it again; or somebody writes into the row that it is gone and confirmed."""
    with world.place.depot.outbox.database.write() as rows:
        if what == "refuse":
            set_refused(rows, truth.key, [Reason("X", "name")])
        elif what == "resend":
            set_resend(rows, truth.key, at=world.clock.wall)
        else:
            lie = {"purged_at": world.clock.wall, "stage": "receipted", "received_at": TODAY, "receipt": "a.b.c"}
            rows.execute(update(packet).where(packet.c.record_id == truth.key.record_id).values(**lie))


def _stone(world: World, truth: Truth) -> None:
    """Somebody lays a tombstone beside a packet, with whatever receipt the row has."""
    item = world.place.depot.outbox.get(truth.key)
    if item is not None:
        stone = tombstones.Tombstone(
            manifest=read_packet(truth.data).manifest_jws,
            receipt=item.receipt or "a.b.c",
            sha256=item.sha256,
            size=item.size,
            purged_at=TODAY,
        )
        tombstones.put(world.place.depot.packets, truth.key, stone)


def _copy(world: World, what: str) -> None:
    """The outbox is copied, or an old copy takes its place."""
    with world.place.depot.outbox.database.write() as rows:
        if what == "snapshot":
            world.snapshot = [dict(row._mapping) for row in rows.execute(packet.select())]
        elif world.snapshot:
            rows.execute(packet.delete())
            for row in world.snapshot:
                rows.execute(packet.insert().values(**row))


FATE = st.tuples(
    st.sampled_from(["receipt", "forged", "other", "none"]),
    st.sampled_from([CODES[0], CODES[0], CODES[2], CODES[4]]),
    st.sampled_from(["stone", "damage", "lie", "refuse", "resend", "work", "none"]),
)


def history(fates: list[tuple[str, str, str]]) -> list[tuple[object, ...]]:
    """What becomes of each packet, until the days of those that central has finished with are over."""
    deeds: list[tuple[object, ...]] = []
    for number, (proof, code, mishap) in enumerate(fates):
        deeds += [] if proof == "none" else [(proof, number)]
        deeds += [("say", number, code)]
        deeds += [] if mishap == "none" else [(mishap, number)]
    return [*deeds, *USUAL[2:]]


@pytest.mark.usefixtures("said")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fates=st.lists(FATE, min_size=3, max_size=3), before=st.lists(DEED, max_size=3), after=st.lists(DEED, max_size=5)
)
def test_nothing_goes_without_proof_a_final_status_and_its_days_whatever_happens(
    station: Workplace,
    fates: list[tuple[str, str, str]],
    before: list[tuple[object, ...]],
    after: list[tuple[object, ...]],
) -> None:
    world = fresh(station)
    for deed in (*before, *history(fates), *after, ("announce",), ("run",), ("heal",)):
        do(world, deed)
        world.check()


def test_the_usual_history_ends_with_one_packet_gone_and_two_here(station: Workplace) -> None:
    world = fresh(station)
    for deed in USUAL:
        do(world, deed)
    world.check()
    assert [_here(world, truth) for truth in world.packets] == [False, True, True]
