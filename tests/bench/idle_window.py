"""The real window, signed in, left alone for so many seconds. Prints the share of a core that it took."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, process_time

from PySide6.QtCore import QCoreApplication

from station.app.app import App
from station.app.run import make_qt
from station.domain.power import Saving
from station.ui.screens.capture import CaptureScreen
from tests.bench.busy_window import rest, sign_in

_SETTLE_S = 4.0


def share(alone: Callable[[float], None], seconds: float) -> float:
    """Percent of one core during `seconds` of nothing."""
    worked, began = process_time(), monotonic()
    alone(seconds)
    return 100 * (process_time() - worked) / (monotonic() - began)


def main() -> None:
    seconds, qt = float(sys.argv[2]), make_qt()
    app = App(qt, Path(sys.argv[1]))
    try:
        app.depot.power.saving = Saving.ALWAYS
        app.show()
        sign_in(app)
        app.window.open_screen(CaptureScreen.key)
        rest(_SETTLE_S)
        told = {"saving_percent": share(rest, seconds)}
        app.depot.power.saving = Saving.NEVER
        rest(_SETTLE_S)
        told["percent"] = share(rest, seconds)
    finally:
        app.close()
        QCoreApplication.processEvents()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
