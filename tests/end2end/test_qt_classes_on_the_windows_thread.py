"""Nobody but the window's thread makes classes of Qt, or loads what does, while the window starts (decision 0047)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from station.store import doorplate
from station.store.doorplate import Doorplate

STARTED = """
import builtins, json, sys, threading
from pathlib import Path

MAIN = threading.main_thread()
QT = ("PySide6", "shiboken6", "shibokensupport", "qtawesome", "pyqtgraph")
elsewhere, looked_by = [], set()

class Spy:
    def find_spec(self, name, path=None, target=None):
        thread = threading.current_thread()
        looked_by.add(thread.name)
        if thread is not MAIN and name.split(".")[0] in QT:
            elsewhere.append(f"{name} was loaded by {thread.name}")

make = builtins.__build_class__

def watched(body, name, *bases, **how):
    made = make(body, name, *bases, **how)
    thread = threading.current_thread()
    if thread is not MAIN and any(each.__module__.split(".")[0] in QT for each in made.__mro__):
        elsewhere.append(f"{made.__module__}.{name} was made by {thread.name}")
    return made

sys.meta_path.insert(0, Spy())
builtins.__build_class__ = watched

from PySide6.QtCore import QTimer
from station.app.opening import Opening
from station.app.porch import porch_of
from station.app.run import make_qt
from station.config import load_settings
data = Path(sys.argv[1])
qt = make_qt()
porch = porch_of(qt, data, load_settings(data))
ground = Opening(data, porch.house).ground() if porch is not None else None
from station.app.app import App
app = App(qt, data, ground=ground, porch=porch)
app.show()
if porch is None:
    app.window.show_sign_in()  # also where it would be the first start: everything is unpacked

def look():
    if app.context.rack.looked and app.window.unpacked:
        qt.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
QTimer.singleShot(50_000, lambda: qt.exit(1))
late = qt.exec()
app.close()
print(json.dumps({"late": late, "elsewhere": elsewhere, "looked_by": sorted(looked_by)}))
"""


def watched(data: Path) -> dict[str, Any]:
    """What a real window on `data` did until devices were looked for and all was unpacked."""
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(data)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["late"] == 0, "devices were looked for and all was unpacked"
    return told


def test_a_real_window_that_unpacks_while_devices_are_looked_for_makes_every_qt_class_itself(tmp_path: Path) -> None:
    told = watched(tmp_path / "station")
    assert "look-sbi" in told["looked_by"], "the other threads are seen by what watches"
    assert told["elsewhere"] == []


def test_a_program_that_is_loaded_behind_the_sign_in_page_makes_every_qt_class_on_the_window_s_thread(
    folder_copy: Path,
) -> None:
    plate = {"language": "id", "place": "Stasiun Uji 02", "officers": [("op-1", "Siti R. · Penyelia")]}
    doorplate.put_up(folder_copy, Doorplate.model_validate(plate))
    told = watched(folder_copy)
    assert "opening" in told["looked_by"], "the program was loaded on a thread of its own"
    assert told["elsewhere"] == []
