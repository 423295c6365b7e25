"""The real window, signed in, Sinkronisasi open, while packets drain. Prints its gaps and the memory it holds."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from station.app.app import App
from station.app.run import make_qt
from station.desk.delivery import Delivery
from station.ui.screens.sign_in import SignIn
from station.ui.screens.sync.screen import SyncScreen
from tests.bench.gaps import Gaps
from tests.bench.memory import resident_mb
from tests.support import PASSWORD

_LONGEST_S = 90.0
_SETTLE_S = 1.0


def wait_for(seen: Callable[[], bool], what: str) -> None:
    """Let the window work until `seen`; the program ends with an error when it never is."""
    loop, deadline = QEventLoop(), monotonic() + _LONGEST_S
    look = QTimer()
    look.setTimerType(Qt.TimerType.CoarseTimer)
    look.timeout.connect(lambda: loop.quit() if seen() or monotonic() > deadline else None)
    look.start(50)
    loop.exec()
    if not seen():
        raise SystemExit(f"the window never reached: {what}")


def rest(seconds: float) -> None:
    """Let the window work for so long."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def sign_in(app: App) -> None:
    """As a person would: password typed, Enter; then F6."""
    wait_for(lambda: _screen(app) is not None and _screen(app).who.count() > 0, "sign-in")
    screen = _screen(app)
    screen.password.entry.setText(PASSWORD)
    screen.password.button.click()
    wait_for(lambda: app.context.office is not None and app.window.frame is not None, "signed in")
    app.window.open_screen(SyncScreen.key)


def _screen(app: App) -> Any:
    return app.window.findChild(SignIn)


def measure(app: App, packets: int, parts: int) -> list[dict[str, Any]]:
    """Drain `packets` in so many parts, with a pause after each."""
    news: list[Delivery] = []
    app.context.bridge.delivery_changed.connect(news.append)
    rest(_SETTLE_S)
    return [_part(app, news, packets * number // parts) for number in range(1, parts + 1)]


def _part(app: App, news: list[Delivery], goal: int) -> dict[str, Any]:
    """Gaps until there are `goal` receipts, and in as many seconds with sending paused."""
    gaps, started = Gaps(), monotonic()
    app.context.bridge.pause.emit(False)
    wait_for(lambda: bool(news) and news[-1].counts.receipted >= goal, f"{goal} receipts")
    seconds = monotonic() - started
    draining = gaps.stop()
    app.context.bridge.pause.emit(True)
    rest(_SETTLE_S)
    gaps = Gaps()
    rest(seconds)
    return {"seconds": seconds, "draining": draining, "idle": gaps.stop(), "resident_mb": resident_mb()}


def main() -> None:
    qt = make_qt()
    app = App(qt, Path(sys.argv[1]))
    try:
        app.show()
        sign_in(app)
        rest(_SETTLE_S)
        before = resident_mb()
        parts = measure(app, int(sys.argv[2]), int(sys.argv[3]))
        told = {"parts": parts, "resident_before_mb": before, "resident_after_mb": resident_mb()}
    finally:
        app.close()
        QCoreApplication.processEvents()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
