"""`station --data <folder>`, ended as soon as the sign-in screen is painted. Prints when that was."""

from __future__ import annotations

import json
import sys
from time import monotonic_ns
from typing import TYPE_CHECKING

from station import cli
from station.ui.loading import loading

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from station.app.app import App


def main() -> int:
    # Of the checkers only: an installed station has none, and httpx would load it.
    sys.modules["rich"] = None  # type: ignore[assignment]
    # Imported as the command line itself would, and only then watched.
    with loading():
        from station.app.app import App

    show = App.show

    def show_and_watch(app: App) -> None:
        _watch(app)
        show(app)

    setattr(App, "show", show_and_watch)  # noqa: B010  # mypy would not let a method be assigned
    return cli.main(["--data", sys.argv[1]])


def _watch(app: App) -> None:
    """Wait for the sign-in screen to come, then for its list of officers to be painted with somebody in it."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QStackedWidget

    from station.ui.screens.sign_in import SignIn

    found = app.window.centralWidget()
    assert isinstance(found, QStackedWidget)
    pages: QStackedWidget = found

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            screen = pages.currentWidget()
            if event.type() == QEvent.Type.Paint and isinstance(screen, SignIn) and screen.who.count() > 0:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, self._painted)
            return False

        def _painted(self) -> None:
            print(json.dumps({"painted_ns": monotonic_ns()}), flush=True)
            QApplication.quit()

        def follow(self) -> None:
            screen: QWidget | None = pages.currentWidget()
            if isinstance(screen, SignIn):
                screen.who.installEventFilter(self)

    watch = Watch(app.window)
    pages.currentChanged.connect(lambda _index: watch.follow())


if __name__ == "__main__":
    sys.exit(main())
