"""`python -m tests.fuzz`: every reader of what comes from outside, fed with damaged and invented bytes for a while.

Coverage-guided (atheris). Prints a line for each target, keeps what it found in build/fuzz, and fails on any finding.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "fuzz"
_STARTING_S = 120
_TELLING = re.compile(r"[\w.]+(Error|Exception)\b|==\d+== *ERROR|SUMMARY")


@dataclass(frozen=True)
class Finding:
    """What became of a target; `trouble` is empty when it held."""

    name: str
    attempts: int
    trouble: str


def main() -> int:
    options = _options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = []
        for result in pool.map(lambda name: _try(name, options.seconds), options.only):
            found.append(result)
            print(f"{result.name:20} {result.attempts:>10,} attempts  {result.trouble or 'held'}", flush=True)
    bad = [item for item in found if item.trouble]
    print(f"{len(found)} readers, {len(bad)} with findings" + (f", see {FOLDER.relative_to(ROOT)}" if bad else ""))
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=int, default=int(os.environ.get("FUZZ_SECONDS", "60")), help="for each reader"
    )
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    return parser.parse_args()


def _try(name: str, seconds: int) -> Finding:
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(seconds), str(FOLDER)]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds + _STARTING_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(name, 0, "did not end")
    (FOLDER / f"{name}.log").write_text(done.stdout + done.stderr)
    attempts = re.search(r"stat::number_of_executed_units: *(\d+)", done.stderr)
    return Finding(name, int(attempts[1]) if attempts else 0, "" if done.returncode == 0 else _trouble(done.stderr))


def _trouble(said: str) -> str:
    """The line that tells most."""
    lines = [line.strip() for line in said.splitlines()]
    telling = [
        line for line in lines if re.match(r"(Exception|[\w.]+(Error|Exception)\b|==\d+== *ERROR|SUMMARY)", line)
    ]
    return (telling[-1] if telling else (lines or ["it ended"])[-1])[:160]


if __name__ == "__main__":
    sys.exit(main())
