"""`python -m tests.soak`: hurt real stations in every way there is, and let a stranger judge what is left.

Writes build/soak.json and prints a table. Ends with 1 when anything was lost, doubled or changed, when a sabotage went
unnoticed, or when nothing could be run; with 130 when somebody ended it. SOAK_MINUTES=5 gives a short honest run;
without it every harness goes on until its promised cuts.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from tests.mounts import keep_mounts_private
from tests.soak.harnesses import HARNESSES
from tests.soak.runner import soak

BUILD = Path(__file__).resolve().parents[2] / "build"


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it finds no disk of it still mounted
    options = _options()
    keep_mounts_private()  # tests beside it would hold its disks, and a disk that is held does not forget
    chosen = [harness for harness in HARNESSES if not options.only or harness.name in options.only]
    try:
        return soak(chosen, BUILD, options.minutes * 60 if options.minutes else None, options.at_once)
    except KeyboardInterrupt:
        print(f"\nEnded before it was done. What was done stands in {BUILD / 'soak.json'}.")
        return 130


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.splitlines()[0])
    names = [harness.name for harness in HARNESSES]
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=names, help=", ".join(names))
    parser.add_argument(
        "--minutes",
        type=float,
        default=float(os.environ.get("SOAK_MINUTES") or 0),
        help="for all together; 0: until each has its promised cuts",
    )
    parser.add_argument(
        "--at-once",
        type=_at_least_one,
        default=max(1, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 1,
        metavar="N",
        help="so many harnesses side by side; unless said, one for each core",
    )
    return parser.parse_args()


def _at_least_one(typed: str) -> int:
    if (number := int(typed)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
