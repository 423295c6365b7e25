"""The promise: whatever is sealed arrives exactly once, with any mixture of faults, cuts, restarts and clock jumps."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from station import failpoint
from station.central.courier_command import opened
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.courier.exporting import export
from station.courier.importing import import_bundle
from station.desk import healing, records
from station.domain.delivery import OutboxItem, Stage
from station.domain.record import RecordKey, State
from station.domain.rows import Filter
from station.failpoint import PowerCut
from station.seal.courier import bundles_in
from station.seal.packet import sha256_of
from station.seal.receipts import check_receipt
from station.wire import Limits
from tests.faults.cut_relay import CutRelay
from tests.support import HandClock, Workplace, seal

SEALING = (
    "seal.planned", "packet.folder_made", "packet.written", "packet.synced", "packet.renamed", "packet.durable",
    "seal.before_commit", "seal.recorded", "seal.queued",
)  # fmt: skip
DELIVERING = ("settle.before_commit", "settle.committed", "changes.before_commit", "changes.committed")
CENTRAL = ("central.verified", "central.moved", "central.written_down")
CHUNK = 4096


def cut_at(place: str) -> Callable[[str], None]:
    def hook(name: str) -> None:
        if name == place:
            raise PowerCut(name)

    return hook


class NothingLostNothingDoubled(RuleBasedStateMachine):
    """Real station, real central, a relay between them, and one clock."""

    @initialize()
    def open(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="station-machine-"))
        self.clock = HandClock()
        self.central_clock = HandClock()
        options = CentralOptions(training=True, limits=Limits(chunk_bytes=CHUNK))
        self.server = CentralServer(self.root / "central", options=options, clock=self.central_clock)
        self.server.start()
        self.relay = CutRelay(self.server.port).__enter__()
        self.place = Workplace(self.root / "station", f"http://127.0.0.1:{self.relay.port}", self.clock)
        self.place.enrol(self.server.central.new_code())
        for stick in ("out", "back"):
            (self.root / stick).mkdir()
        self.serial = 0
        self.acknowledged: dict[RecordKey, str] = {}
        self.hashes: dict[RecordKey, str] = {}
        self.seen: dict[RecordKey, OutboxItem] = {}
        self.resent: set[RecordKey] = set()
        self.central_up = True

    # ---------------------------------------------------------------------------------------------- the operator

    @rule()
    def record_and_seal(self) -> None:
        self.serial += 1
        row = self.place.seal(self.serial)
        assert row.packet is not None
        self.acknowledged[row.packet.key] = row.packet.sha256

    @rule(place=st.sampled_from(SEALING))
    def the_power_goes_out_while_sealing(self, place: str) -> None:
        self.serial += 1
        record_id = self.place.draft(self.serial)
        with failpoint.armed(cut_at(place)):
            try:
                seal(self.place.office, record_id)
            except PowerCut:
                pass
            else:  # a folder that was there already is not made again
                assert place == "packet.folder_made"
        self.restart_station()

    @rule()
    def finish_a_draft(self) -> None:
        page = records.search(self.place.office, "", Filter.DRAFT, 0, 1)
        for row in page.rows:
            sealed = seal(self.place.office, row.record.record_id)
            assert sealed.packet is not None
            self.acknowledged[sealed.packet.key] = sealed.packet.sha256

    @rule()
    def look_at_the_desk(self) -> None:
        healing.catch_up(self.place.office)

    @rule()
    def send_now(self) -> None:
        self.place.engine.send_now()

    # ---------------------------------------------------------------------------------------------------- delivery

    @rule(steps=st.integers(1, 12), patient=st.booleans())
    def the_engine_works(self, steps: int, patient: bool) -> None:
        for _ in range(steps):
            wait_s = self.place.engine.step()
            if wait_s > 0:
                self._pass_time(wait_s if patient else min(wait_s, 5))

    @rule(place=st.sampled_from(DELIVERING))
    def the_power_goes_out_while_settling(self, place: str) -> None:
        with failpoint.armed(cut_at(place)):
            try:
                for _ in range(12):
                    self.place.engine.step()
            except PowerCut:
                self.restart_station()

    @rule(place=st.sampled_from(CENTRAL))
    @precondition(lambda self: self.central_up)
    def the_power_goes_out_at_central(self, place: str) -> None:
        """Its request dies there; what it had begun is healed at its next start."""
        with failpoint.armed(cut_at_central(place)):
            for _ in range(8):
                self.place.engine.step()
        self.kill_central()
        self.start_central()

    # --------------------------------------------------------------------------------------------------- the stick

    @rule()
    @precondition(lambda self: any(row.stage is not Stage.RECEIPTED for row in self._rows()))
    def packets_go_out_by_stick(self) -> None:
        export(self.place.depot, self.root / "out", clock=self.clock)

    @rule(at_once=st.booleans())
    def central_takes_what_is_on_the_stick_and_its_receipts_come_home(self, at_once: bool) -> None:
        with opened(self.root / "central", training=True, clock=self.central_clock) as courier:
            for path in bundles_in(self.root / "out"):
                receipts = courier.take(path).receipts.get(self._station_id, [])
                if receipts:
                    courier.write_words(self.root / "back", self._station_id, courier.going(receipts, []))
        for path in bundles_in(self.root / "back") if at_once else ():
            assert import_bundle(self.place.depot, path, clock=self.clock).receipts_refused == 0

    # ---------------------------------------------------------------------------------------------------- the line

    @rule()
    def pull_the_cable(self) -> None:
        self.place.network.cut()

    @rule()
    def mend_the_cable(self) -> None:
        self.place.network.mend()

    @rule()
    def lose_the_next_answer(self) -> None:
        self.relay.lose_answer()

    @rule(count=st.integers(0, 6000), upward=st.booleans(), reset=st.booleans())
    def cut_the_line_after(self, count: int, upward: bool, reset: bool) -> None:
        self.relay.reset = reset
        (self.relay.cut_request_at if upward else self.relay.cut_answer_at)(count)

    # ------------------------------------------------------------------------------------------------ the computers

    @rule()
    def restart_station(self) -> None:
        self.place.reopen()

    @rule()
    def lose_the_outbox(self) -> None:
        self.place.close()
        self.place.depot.folder.outbox_db.unlink()
        self.seen.clear()
        self.place.reopen()

    @rule()
    def keep_a_copy_of_the_outbox(self) -> None:
        self.place.close()
        shutil.copy(self.place.depot.folder.outbox_db, self.root / "old.db")
        self.place.reopen()

    @rule()
    @precondition(lambda self: (self.root / "old.db").exists())
    def put_the_old_copy_back(self) -> None:
        self.place.close()
        shutil.copy(self.root / "old.db", self.place.depot.folder.outbox_db)
        self.seen.clear()
        self.place.reopen()

    @rule(days=st.sampled_from([-2, -1, 1, 2, 40]))
    def the_clock_jumps(self, days: int) -> None:
        self.clock.wall += timedelta(days=days)

    @rule()
    @precondition(lambda self: self.central_up)
    def kill_central(self) -> None:
        self.server.kill()
        self.central_up = False

    @rule()
    @precondition(lambda self: not self.central_up)
    def start_central(self) -> None:
        self.server.start()
        self.central_up = True

    # ------------------------------------------------------------------------------------------ central's operator

    @rule(what=st.sampled_from(["busy", "maintenance", "blocked", "held", "well"]))
    @precondition(lambda self: self.central_up)
    def central_will_not_or_will_again(self, what: str) -> None:
        central = self.server.central
        self._well()
        if what == "busy":
            central.switches.set(busy_retry_after_s=30)
        elif what == "maintenance":
            central.switches.start_maintenance("Pemeliharaan", self.central_clock.now() + timedelta(minutes=10))
        elif what == "blocked":
            central.block(self._station_id, reason="audit")
        elif what == "held":
            central.hold_verification()

    @rule()
    @precondition(lambda self: self.central_up and self.server.central.packet_count() > 0)
    def central_wants_one_again(self) -> None:
        key = self.server.central.packets()[0].key
        self.server.central.ask_again(key)
        self.resent.add(key)

    # ------------------------------------------------------------------------------------------------- the promise

    @invariant()
    def every_acknowledged_record_has_its_packet_and_no_packet_ever_changes(self) -> None:
        packets = self.place.depot.packets
        found = {key: sha256_of(packets.read(key)) for key in packets.all_keys()}
        assert self.acknowledged.items() <= found.items()
        assert self.hashes.items() <= found.items()
        self.hashes = found

    def _central_has_only_what_was_sealed_and_each_once(self) -> None:
        found = self.server.central.packets()
        keys = [packet.key for packet in found]
        assert len(keys) == len(set(keys))
        assert {packet.key: packet.sha256 for packet in found}.items() <= self.hashes.items()

    @invariant()
    def central_has_only_what_was_sealed_and_each_once(self) -> None:
        if self.central_up:
            self._central_has_only_what_was_sealed_and_each_once()

    @invariant()
    def nothing_is_settled_without_a_receipt_that_verifies_and_nothing_goes_back(self) -> None:
        enrolment, _ = self.place.depot.enrolled()
        for row in self._rows():
            if row.stage is Stage.RECEIPTED:
                check_receipt(
                    row.receipt or "", enrolment.signing_keys, record=row.key, sha256=self.hashes[row.key],
                    size=row.size, central_id=enrolment.central_id,
                )  # fmt: skip
            before = self.seen.get(row.key)
            if before is not None:
                assert before.offered_at is None or row.offered_at == before.offered_at
                if before.stage is Stage.RECEIPTED and row.key not in self.resent:
                    assert row.stage is Stage.RECEIPTED
            assert row.stage not in (Stage.PARKED, Stage.REJECTED), row
            self.seen[row.key] = row

    def teardown(self) -> None:
        if not hasattr(self, "place"):
            return
        try:
            self._everything_arrives()
        finally:
            self.place.close()
            self.relay.__exit__()
            self.server.stop()
            shutil.rmtree(self.root)

    def _everything_arrives(self) -> None:
        """With the line mended and central well, everything drains and the desk agrees."""
        self.relay.behave()
        self.place.network.mend()
        if not self.central_up:
            self.start_central()
        self._well()
        for _ in range(60):
            self.place.engine.send_now()
            while (wait_s := self.place.engine.step()) == 0:
                pass
            self._pass_time(wait_s)
            central_wants = any(packet.wanted_again for packet in self.server.central.packets())
            if not central_wants and all(row.stage is Stage.RECEIPTED for row in self._rows()):
                break
        office = self.place.office
        healing.heal(office)
        sealed = {key: sha256_of(self.place.depot.packets.read(key)) for key in self.place.depot.packets.all_keys()}
        assert {packet.key: packet.sha256 for packet in self.server.central.packets()} == sealed
        assert self.acknowledged.items() <= sealed.items()
        assert {row.key for row in self._rows() if row.stage is Stage.RECEIPTED} == set(sealed)
        rows = records.search(office, "", Filter.ALL, 0, 500).rows
        assert {row.record.key for row in rows if row.record.state is State.ACCEPTED} == set(sealed)
        assert {row.record.state for row in rows} <= {State.ACCEPTED, State.DRAFT}
        self.every_acknowledged_record_has_its_packet_and_no_packet_ever_changes()
        self.nothing_is_settled_without_a_receipt_that_verifies_and_nothing_goes_back()

    # ---------------------------------------------------------------------------------------------------- plumbing

    @property
    def _station_id(self) -> str:
        return self.place.depot.enrolled()[0].station_id

    def _rows(self) -> tuple[OutboxItem, ...]:
        return self.place.depot.outbox.page(list(Stage), offset=0, limit=500)

    def _pass_time(self, seconds: float) -> None:
        self.clock.pass_time(seconds)
        self.central_clock.pass_time(seconds)

    def _well(self) -> None:
        central = self.server.central
        central.switches.set(busy_retry_after_s=None)
        central.switches.end_maintenance()
        central.unblock(self._station_id)
        central.resume_verification()


def cut_at_central(place: str) -> Callable[[str], None]:
    """Central runs in this process: its power cut is an exception that ends its request."""

    def hook(name: str) -> None:
        if name == place:
            raise RuntimeError(name)

    return hook


SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
TestNothingLostNothingDoubled = NothingLostNothingDoubled.TestCase
TestNothingLostNothingDoubled.settings = settings(
    max_examples=400 if SOAK else 8,
    stateful_step_count=80 if SOAK else 30,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    phases=list(Phase) if SOAK else [Phase.generate],  # shrinking real stations takes minutes: soak for that
    suppress_health_check=list(HealthCheck),
)
