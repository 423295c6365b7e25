"""What the program and its helpers hold in memory comes into no file and under no other program's eyes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.lab_child import TREE

TELL = "import ctypes, resource as r; print(r.getrlimit(r.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
PROGRAM = "from station.cli import main\nmain(['status'])"
CHILD = "from station.capture import lab_child\nlab_child._bound()"


@pytest.mark.skipif(sys.platform != "linux", reason="asked of Linux")
@pytest.mark.parametrize("start", [PROGRAM, CHILD], ids=["the program", "a child of the lab"])
def test_no_core_file_is_written_and_nobody_may_attach(start: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"{start}\n{TELL}"],
        cwd=TREE,
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines()[-1] == "(0, 0) 0"
