"""What tests mount is nobody else's, and goes with them however they end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from tests import xfs_disk
from tests.mounts import small_disk

CHILD = """
import os, subprocess, sys
from pathlib import Path
from tests.mounts import keep_mounts_private
if keep_mounts_private():
    subprocess.run(["mount", "-t", "tmpfs", "none", sys.argv[1]], check=True)
print(os.path.ismount(sys.argv[1]), flush=True)
sys.stdin.read()
"""


def test_a_disk_that_a_killed_test_leaves_mounted_is_in_nobodys_way(tmp_path: Path) -> None:
    alone = ["unshare", "--mount", "true"]
    if shutil.which("unshare") is None or subprocess.run(alone, capture_output=True).returncode:
        pytest.skip("nobody can have mounts of their own here")
    folder = tmp_path / "disk"
    folder.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n", "it was mounted"
        assert not os.path.ismount(folder)
        child.kill()
    folder.rmdir()


def test_a_disk_that_somebody_else_holds_is_not_taken_for_one_whose_power_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever begins with mounts of their own has ours too: mounted again, the disk would be the same one, dead."""
    if why := xfs_disk.missing():
        pytest.skip(why)
    monkeypatch.setattr(xfs_disk, "BUSY_AT_MOST_S", 0.2)
    other = ["unshare", "--mount", "cat"]
    with xfs_disk.xfs_disk(tmp_path) as disk, subprocess.Popen(other, stdin=PIPE, stdout=PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(b"here\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"here\n"
        disk.cut_power()
        with pytest.raises(OSError, match="held"):
            disk.pull_out()
        holder.kill()


def test_a_disk_is_as_small_as_it_says_and_gone_afterwards(tmp_path: Path) -> None:
    with small_disk(tmp_path, 65536), pytest.raises(OSError, match="No space left"):
        (tmp_path / "large").write_bytes(bytes(100_000))
    assert not os.path.ismount(tmp_path)
