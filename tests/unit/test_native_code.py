"""Native decoders are loaded in children of the lab only: what never runs in the window's process cannot end it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STATION = Path(__file__).parents[2] / "station"
DECODERS = ("nbis", "wsq", "cv2", "scipy", "PIL", "pypdfium2")


def loaded_by(modules: list[str]) -> str:
    """Which of DECODERS a fresh process has loaded after importing `modules`."""
    program = f"import sys, importlib; [importlib.import_module(name) for name in {modules!r}]; "
    program += f"print(*[name for name in {DECODERS!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def modules_under(*rooms: str) -> list[str]:
    paths = [path for room in rooms for path in (STATION / room).rglob("*.py")]
    names = [".".join(path.relative_to(STATION.parent).with_suffix("").parts) for path in paths]
    return sorted(name.removesuffix(".__init__") for name in names if not name.endswith("__main__"))


def test_nothing_of_the_window_and_the_desk_loads_a_decoder() -> None:
    modules = [
        "station.app.run",
        "station.cli",
        "station.training.mode",
        *modules_under("ui", "desk", "capture/sbi", "capture/camera"),
    ]
    assert len(modules) > 100
    assert loaded_by(modules) == ""


def test_asking_the_lab_loads_no_decoder() -> None:
    from station.capture.tasks import TASKS

    assert loaded_by(sorted({entry.split(":")[0] for entry in TASKS.values()})) == ""


def test_a_decoder_that_is_loaded_is_noticed() -> None:
    assert "nbis" in loaded_by(["station.capture.quality"]).split()
