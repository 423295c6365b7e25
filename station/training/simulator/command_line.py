"""The words of `station simulator`, apart from what they start: asking for help must not load what draws people."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from station.capture.sbi.names import REGISTRATION, SpecVersion


def add_options(parser: ArgumentParser) -> None:
    """What `station simulator` understands."""
    parser.add_argument("--trust", type=Path, metavar="DIR", help="write the certificate of its authority there")
    parser.add_argument("--port", type=int, metavar="N", help="this port, and no other; else the first free one")
    parser.add_argument("--nik", default="", help="who sits there: somebody of the training cast")
    parser.add_argument("--seed", type=int, metavar="N", help="who sits there: somebody invented from a number")
    parser.add_argument("--purpose", default=REGISTRATION, choices=(REGISTRATION, "Auth"))
    parser.add_argument("--spec", choices=[*SpecVersion], help="speak only this version of SBI")
    parser.add_argument("--number", type=int, default=1, metavar="N", help="in the serial numbers of the devices")
    parser.add_argument("--frame-ms", type=int, default=50, metavar="MS", help="from one live frame to the next")
    parser.add_argument("--capture-ms", type=int, default=1200, metavar="MS", help="how long a capture takes")
