"""The station's own engine until everything has its receipt: `python -m tests.link.send STATION CA` prints seconds."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from threading import Event

from station.config import CentralSettings, Settings
from station.domain.ports import SystemClock
from station.store.depot import Depot
from station.sync.engine import Engine

LOOK_S = 0.1


def main(station: Path, ca: Path) -> None:
    depot = Depot(station)
    engine = Engine(depot, Settings(central=CentralSettings(ca_file=ca)), clock=SystemClock())
    items = depot.outbox.of_records([key.record_id for key in sorted(depot.outbox.keys(), key=str)])
    began = time.monotonic()
    engine.start()
    midnight = SystemClock().now().replace(hour=0, minute=0)
    while depot.outbox.counts(day_start=midnight).waiting:
        Event().wait(LOOK_S)
    seconds = time.monotonic() - began
    engine.stop()
    receipted = depot.outbox.counts(day_start=midnight).receipted
    size = sum(item.size for item in items.values())
    depot.close()
    print(json.dumps({"delivered": size if receipted == len(items) else 0, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
