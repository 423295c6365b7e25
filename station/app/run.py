"""The window as a program: on a station's own folder, or in training mode."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMessageBox

from station import i18n
from station.app.opening import Opening
from station.app.porch import porch_of
from station.config import load_settings
from station.domain.errors import StationError
from station.i18n import _
from station.ui.loading import loading

GIVE_WAY_S = 0.001
"""How long a thread that runs Python may let the window wait: drawing one step asks for its turn some thirty times."""


def make_qt() -> QApplication:
    """The Qt application; without a display it draws offscreen instead of aborting."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    qt = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    sys.setswitchinterval(GIVE_WAY_S)
    qt.setApplicationName("Stasiun KTP-el")
    qt.setDesktopFileName("stasiun-ktpel")
    return qt


def run_window(data_dir: Path) -> int:
    """The window on a station's own folder, until it is closed."""
    qt = make_qt()
    porch = porch_of(qt, data_dir, load_settings(data_dir))
    ground = None
    try:
        ground = Opening(data_dir, porch.house).ground() if porch is not None else None
        if porch is not None and ground is None:
            return 0  # closed before it was open
        with loading():
            from station.app.app import App
        app = App(qt, data_dir, ground=ground, porch=porch)
    except StationError as problem:
        if porch is not None:
            porch.house.hide()
        if ground is not None:
            ground.close()  # the box may stand there for long
        _say_in_a_box(data_dir, problem)
        raise
    try:
        app.show()
        return qt.exec()
    finally:
        app.close()


def _say_in_a_box(data_dir: Path, problem: StationError) -> None:
    """Who starts from an icon sees no console: the same sentence in a window (offscreen nobody could close it)."""
    if QApplication.platformName() not in ("offscreen", "minimal"):
        from station.ui import words

        i18n.use(load_settings(data_dir).language)
        said = words.of_error(problem)
        QMessageBox.critical(None, _("KTP-el Recording"), f"{said.title}\n\n{said.todo}")


def run_training(data_dir: Path | None) -> int:
    """The window in training mode, until it is closed."""
    with loading():
        from station.app.app import App
        from station.training.mode import TrainingMode

    qt = make_qt()
    training = TrainingMode(data_dir)
    try:
        app = App(qt, training.data_dir, training=training)
        try:
            app.show()
            return qt.exec()
        finally:
            app.close()
    finally:
        with suppress(OSError):
            training.close()
