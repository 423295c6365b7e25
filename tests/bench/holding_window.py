"""The real window, signed in, Sinkronisasi open, left alone for a moment. Prints the memory that its process holds.

With a name as well, it is looked for in the target list first, as officers do all day.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from station.app.app import App
from station.app.run import make_qt
from station.desk import rosters
from tests.bench.busy_window import rest, sign_in, wait_for
from tests.bench.memory import resident_mb

_SETTLE_S = 1.5


def look_for(app: App, names: list[str]) -> int:
    """Each name, one after the other, on the desk thread; how many people were found."""
    office = app.context.office
    found: list[int] = []
    assert office is not None
    for number, name in enumerate(names, 1):
        app.context.tasks.run(lambda name=name: len(office.rosters.find(name)), found.append)  # type: ignore[misc]
        wait_for(lambda number=number: len(found) == number, "people found")  # type: ignore[misc]
    return sum(found)


def main() -> None:
    qt = make_qt()
    app = App(qt, Path(sys.argv[1]))
    try:
        app.show()
        sign_in(app)
        rest(_SETTLE_S)
        office = app.context.office
        assert office is not None
        told = {"people": rosters.count(office), "found": look_for(app, sys.argv[2:]), "resident_mb": resident_mb()}
    finally:
        app.close()
        QCoreApplication.processEvents()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
