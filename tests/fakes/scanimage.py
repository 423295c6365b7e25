"""A program called scanimage that stands in for SANE: a real process with the real one's words and exit codes.

`install` puts it on PATH. What it does is written beside it in a file; every start reads it anew.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

_PROGRAM = """#!{python}
import json, os, pathlib, shutil, signal, sys, time
here = pathlib.Path(__file__).parent
plan = json.loads((here / "plan.json").read_text())
arguments = sys.argv[1:]
with (here / "asked").open("a") as asked:
    asked.write(json.dumps(arguments) + chr(10))
def fail(words, code):
    if os.environ.get("LC_ALL") != "C":
        words = "ada masalah"  # as the computer speaks
    sys.stderr.write("scanimage: " + words + chr(10))
    sys.exit(code)
if plan["stubborn"]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with (here / "asked").open("a") as asked:
        asked.write("[]" + chr(10))
if plan["leaves"]:
    heir = os.fork()
    if heir == 0:
        time.sleep(60)
        os._exit(0)
    with (here / "heirs").open("a") as heirs:
        heirs.write(str(heir) + chr(10))
if plan["grumbles"]:
    sys.stderr.write("careful" * 100_000)
if plan["hang"]:
    time.sleep(60)
if "-f" in arguments:
    for address, name in plan["scanners"]:
        print(address + chr(9) + name)
elif "-A" in arguments:
    if plan["gone"]:
        fail("open of device epson2:libusb:001:004 failed: Invalid argument", 1)
    print("All options specific to device:")
    print("    --mode " + plan["modes"] + " [Lineart]")
    if plan["sources"]:
        print("    --source " + plan["sources"] + " [Flatbed]")
else:
    if plan["trouble"]:
        fail("sane_start: " + plan["trouble"][0], plan["trouble"][1])
    if plan["endless"]:
        while True:
            sys.stdout.buffer.write(bytes(1 << 20))
    if any("--source=ADF" in item for item in arguments):
        if plan["sheets"] <= 0:
            fail("sane_start: Document feeder out of documents", 7)
        plan["sheets"] -= 1
        (here / "plan.json").write_text(json.dumps(plan))
    shutil.copyfileobj((here / "page.png").open("rb"), sys.stdout.buffer)
"""


class FakeSane:
    """`plan` what the program does from its next start on."""

    def __init__(self, folder: Path, page: bytes) -> None:
        self._folder = folder
        (folder / "page.png").write_bytes(page)
        program = folder / "scanimage"
        program.write_text(_PROGRAM.replace("{python}", sys.executable))
        program.chmod(0o755)
        self.plan()

    def plan(self, **changed: object) -> None:
        usual: dict[str, object] = {
            "scanners": [["epson2:libusb:001:004", "Epson  Contoh V39"]],
            "modes": "Lineart|Gray|Color",
            "sources": "",
            "sheets": 0,
            "trouble": None,
            "gone": False,
            "hang": False,
            "endless": False,
            "stubborn": False,
            "leaves": False,
            "grumbles": False,
        }
        assert not set(changed) - set(usual)
        (self._folder / "plan.json").write_text(json.dumps({**usual, **changed}))

    def heirs(self) -> list[int]:
        """The processes that the program has left behind."""
        return [int(line) for line in (self._folder / "heirs").read_text().splitlines()]

    def asked(self) -> list[list[str]]:
        """The arguments of every start so far."""
        file = self._folder / "asked"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def install(folder: Path, page: bytes, monkeypatch: pytest.MonkeyPatch) -> FakeSane:
    """Put it first on PATH."""
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return FakeSane(folder, page)
