"""`station --data <folder>`, ended as soon as somebody could sign in. Prints when the sign-in page was painted with its
officers, and when there was a program behind it that takes a password.
"""

from __future__ import annotations

import json
import sys
from time import monotonic_ns

from station import cli
from station.ui.loading import loading

PAINTED_WITHIN_MS = 200
"""On a station that was never started before, both come at the same moment."""


def main() -> int:
    # Of the checkers only: an installed station has none, and httpx would load it.
    sys.modules["rich"] = None  # type: ignore[assignment]
    # Imported as the command line itself would, and only then watched.
    with loading():
        from station.app import run
    found: dict[str, int] = {}
    make_qt = run.make_qt

    def watched() -> object:
        qt = make_qt()
        _watch(found)
        return qt

    setattr(run, "make_qt", watched)  # noqa: B010  # mypy would not let a function be assigned
    code = cli.main(["--data", sys.argv[1]])
    if code == 0 and len(found) == 2:
        print(json.dumps(found), flush=True)
    return code


def _watch(found: dict[str, int]) -> None:
    """Wait for a list of officers to be painted with somebody in it, then for the program to know who may sign in."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    from station.ui.screens.sign_in_page import SignInPage

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            page = watched.parent()
            while page is not None and not isinstance(page, SignInPage):
                page = page.parent()
            if event.type() == QEvent.Type.Paint and page is not None and page.who is watched and page.who.count() > 0:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, self._painted)
            return False

        def _painted(self) -> None:
            found.setdefault("painted_ns", monotonic_ns())

    watch = Watch(QApplication.instance())
    shown = SignInPage.show_officers

    def show_officers(page: SignInPage, *what: object) -> None:
        shown(page, *what)  # type: ignore[arg-type]
        page.who.installEventFilter(watch)

    setattr(SignInPage, "show_officers", show_officers)  # noqa: B010

    from station.ui import unpacking

    start = unpacking.Unpacking.start

    def started(item: unpacking.Unpacking) -> None:
        start(item)
        if len(item._left) == len(unpacking.PARTS):  # the page is drawn with all facts: whoever signs in is let in
            found["ready_ns"] = monotonic_ns()
            QTimer.singleShot(PAINTED_WITHIN_MS, QApplication.quit)

    setattr(unpacking.Unpacking, "start", started)  # noqa: B010


if __name__ == "__main__":
    sys.exit(main())
