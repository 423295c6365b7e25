"""Programs of the bench that run in a process of their own, and what they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

from tests.bench.failed import BenchFailed

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_S = 120.0


def command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def environment() -> dict[str, str]:
    """No display, no settings of the person who measures."""
    cleared = {name: value for name, value in os.environ.items() if not name.startswith("STATION_")}
    return {**cleared, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}


def answer_of(module: str, *arguments: object, longest_s: float = _LONGEST_S) -> dict[str, Any]:
    """Run `module` to its end; its last line is JSON. BenchFailed with its complaint otherwise."""
    try:
        done = subprocess.run(
            command(module, *arguments),
            cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=longest_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise BenchFailed(f"{module} did not end within {longest_s:.0f} s") from late
    if done.returncode != 0:
        raise BenchFailed(f"{module} ended with {done.returncode}:\n{done.stderr.strip()[-2000:]}")
    try:
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))
    except (IndexError, ValueError) as strange:
        raise BenchFailed(f"{module} printed no figure:\n{done.stdout[-500:]}{done.stderr[-1500:]}") from strange


@contextmanager
def serving(arguments: Sequence[str], lines: int) -> Iterator[list[str]]:
    """A server process that has printed `lines` lines when it is ready. It is stopped at the end."""
    process = subprocess.Popen(arguments, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
    watch = Timer(_LONGEST_S / 4, process.kill)  # a server that never says it is ready must not hold the bench
    watch.start()
    try:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(lines)]
        watch.cancel()
        if not all(said):
            raise BenchFailed(f"{' '.join(arguments[1:4])} did not start: {said}")
        yield said
    finally:
        watch.cancel()
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    process.kill()
    process.wait(5)
    if process.stdout is not None:
        process.stdout.close()
