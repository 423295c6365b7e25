"""The slow computer of the bench is slow, and leaves nothing behind; where it cannot be made it says why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.slow_machine import Machine, missing, slow_machine

PROGRAM = """
import json, os, sys, threading, time
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
def sync():
    os.write(file, b"x"); began = time.perf_counter(); os.fsync(file); return time.perf_counter() - began
syncs = [sync() for _ in range(4)]
began, worked = time.perf_counter(), time.process_time()
while time.process_time() - worked < 0.15: pass
print(json.dumps({"sync_s": min(syncs), "share": 0.15 / (time.perf_counter() - began)}))
"""


def run(machine: Machine, folder: Path) -> dict[str, float]:
    words = machine.command([sys.executable, "-c", PROGRAM, str(folder / "file")])
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    return dict(json.loads(done.stdout))


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_a_core_is_shared_syncs_are_late_and_nothing_is_left(tmp_path: Path) -> None:
    with slow_machine() as machine:
        group = machine.group
        assert group is not None
        forgotten = group.with_name("ktp-bench-slow-0")  # nobody has that number
        forgotten.mkdir()
        found = run(machine, tmp_path)
        left = subprocess.Popen(machine.command(["sleep", "600"]))
    assert found["sync_s"] >= 0.025, "no sync comes back before the delay"
    assert found["share"] < 0.6, "a busy neighbour can only make it less"
    assert left.wait(10) != 0, "what still ran there was ended"
    assert not group.exists()
    with slow_machine():
        assert not forgotten.exists(), "what a bench that was killed has left goes when the next one comes"


def test_without_strace_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert "strace" in str(missing())
