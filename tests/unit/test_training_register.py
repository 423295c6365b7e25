"""Training mode has a target list, by the same way as a real station."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from station.config import Settings, SyncSettings
from station.desk import bundle_inbox, rosters, signin
from station.store.depot import Depot
from station.sync.engine import Engine
from station.training.mode import PASSWORD, TrainingMode
from station.training.people import EVERYONE
from station.training.register import AREA, RECORDED

PATIENCE_S = 60.0


def test_the_cast_of_the_kabupaten_is_on_the_list_and_two_strangers_are_recorded_already(tmp_path: Path) -> None:
    training = TrainingMode(tmp_path)
    depot = Depot(training.data_dir)
    changed = Event()
    settings = Settings(sync=SyncSettings(changes_every_s=0.2))
    engine = Engine(depot, settings, network=training.network, changed=changed.set)
    engine.start()
    try:
        while not bundle_inbox.arrived(depot):
            assert changed.wait(PATIENCE_S), "delivery does nothing"
            changed.clear()
        office = signin.sign_in(depot, signin.operators(depot)[0].operator_id, PASSWORD)
        (taken,) = bundle_inbox.take_in(office)
        assert taken.problem is None
        here = [person for person in EVERYONE if person.answers["village"].startswith(f"{AREA}.")]
        assert rosters.count(office) == len(here) + 2
        for person in here:
            found = rosters.person(office, person.nik)
            assert found is not None
            assert (found.recorded, found.name) == (False, person.answers["name"])
        for person in RECORDED:
            found = rosters.person(office, person.nik)
            assert found is not None
            assert (found.recorded, found.central_code) == (True, "CARD_ISSUED")
        assert not any(person in EVERYONE for person in RECORDED)
        signin.sign_out(office)
    finally:
        engine.stop()
        depot.close()
        training.close()
