"""`station devices`: which capture devices are connected, and how they do."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.config import load_settings
from station.store.depot import Depot


def add_to(family: Family) -> None:
    options = family.add("devices", _run, "which capture devices are connected, and how they do")
    options.add_argument("--json", action="store_true")


def _run(options: argparse.Namespace) -> int:
    from station.capture.drivers import station_drivers
    from station.capture.lab import Lab
    from station.ui.devices_command import run_devices

    depot, lab = Depot(options.data, heal=False), Lab()
    try:
        drivers = station_drivers(lab, options.data, load_settings(options.data).devices.environment)
        well = run_devices(depot, drivers, datetime.now(UTC), print, as_json=options.json)
    finally:
        lab.close()
        depot.close()
    return EXIT_OK if well else EXIT_FAILED
