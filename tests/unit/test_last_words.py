"""An error that nobody foresaw is told without anybody: not what it said, not what was in a variable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.lab_child import TREE

START = """
import sys, threading
from pathlib import Path
from station import cli
from station.commands import demo
from station.log import start_logging

def broken(options):
    start_logging(Path(sys.argv[1]))
    nik, name = "9901016104880001", "SITI AMINAH CONTOH"
    def fail(*_):
        person = {"nik": nik, "name": name}
        raise KeyError(person["nik"], person["name"])
    class Left:
        __del__ = fail
    {how}

demo._run = broken
cli.main(["--data", sys.argv[2], "demo"])
"""
LEAVING = "fail()"
INSIDE = """
    from PySide6.QtCore import QCoreApplication, QTimer
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Left()
    qt = QCoreApplication([])
    QTimer.singleShot(0, fail)
    QTimer.singleShot(10, qt.quit)
    return qt.exec()
""".strip()


@pytest.mark.parametrize(
    ("how", "times"), [(LEAVING, 1), (INSIDE, 3)], ids=["it leaves the program", "thread, destructor and slot"]
)
def test_nothing_of_a_person_is_in_what_is_told_of_a_crash(how: str, times: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START.replace("{how}", how), str(tmp_path / "logs"), str(tmp_path / "data")],
        cwd=TREE,
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) is (how == LEAVING)
    logs = [(tmp_path / "logs" / name).read_text() for name in ("station.log", "technical.log")]
    for told in (*logs, done.stderr):
        assert told.count("an error that nobody foresaw") == times, told
        assert "KeyError" in told, "what happened, and where, is told"
    for told in (*logs, done.stderr, done.stdout):
        assert not [word for word in ("9901016104880001", "SITI", "CONTOH") if word in told]
