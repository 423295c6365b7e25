"""Desk scanners through the command line of SANE: what there is, and one page after another. No file is written.

It must not know what a page shows or what becomes of it: bytes go from the scanner's program into memory.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock, Timer

from station.capture.tasks.pages import MAX_FILE_BYTES
from station.domain.documents import MAX_PAGES
from station.domain.errors import DeviceError

PROGRAM = "scanimage"
LOOK_LIMIT_S = 25.0
SCAN_LIMIT_S = 90.0
DPI = 200
MAX_TEXT_BYTES = 1024 * 1024
_LIST_FORMAT = "%d\t%v %m%n"
_OPTION = re.compile(r"^\s*--(source|mode)\s+(\S.*?)\s*\[", re.MULTILINE)
_FEEDER_WORDS = ("adf", "feeder")
_GREY_WORDS = ("gray", "grey")
_SAID: tuple[tuple[str, str], ...] = (
    ("out of documents", "scanner.no_paper"),
    ("jammed", "scanner.jammed"),
    ("cover is open", "scanner.cover_open"),
    ("device busy", "scanner.busy"),
    ("access to resource has been denied", "scanner.denied"),
    ("open of device", "scanner.unplugged"),
    ("no scanners were identified", "scanner.none"),
    ("device i/o", "scanner.unplugged"),
)
"""What SANE writes of each of its states, in English whatever the computer speaks."""
_EMPTY = "scanner.no_paper"


@dataclass(frozen=True)
class ScannerFound:
    """`address` is SANE's name for it; `name` is for people."""

    address: str
    name: str


@dataclass(frozen=True)
class _Ways:
    """How a scanner names its feeder, its glass and its grey; empty where it has none, or knows only one way."""

    feeder: str = ""
    glass: str = ""
    grey: str = ""


class Scanners:
    """May be called from any thread; `stop` ends what is going on, from another one."""

    def __init__(self, look_limit_s: float = LOOK_LIMIT_S, scan_limit_s: float = SCAN_LIMIT_S) -> None:
        self._look_limit_s, self._scan_limit_s = look_limit_s, scan_limit_s
        self._lock = Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def look(self) -> tuple[ScannerFound, ...]:
        """The scanners that are plugged in. DeviceError `scanner.not_here`, `scanner.not_on_windows`, `scanner.*`."""
        self._stopped = False
        told = self._run(["-f", _LIST_FORMAT], self._look_limit_s, MAX_TEXT_BYTES).decode("utf-8", "replace")
        lines = (line.partition("\t") for line in told.splitlines() if "\t" in line)
        return tuple(ScannerFound(address, " ".join(name.split())) for address, _tab, name in lines)

    def scan(self, address: str) -> Iterator[bytes]:
        """The page on the glass, or every page of a feeder, as PNG. DeviceError with what is in the way.

        A feeder with nothing in it leaves the glass; where there is no glass the feeder is what is empty.
        """
        self._stopped = False
        ways = self._ways(address)
        given = 0
        while ways.feeder and given < MAX_PAGES:
            try:
                yield self._page(address, ways.feeder, ways.grey)
            except DeviceError as problem:
                if problem.code != _EMPTY or (given == 0 and not ways.glass):
                    raise
                break
            given += 1
        if given == 0:
            yield self._page(address, ways.glass, ways.grey)

    def stop(self) -> None:
        """End what is going on, also between two pages: it ends with DeviceError `scanner.stopped`."""
        with self._lock:
            self._stopped = True
            if self._running is not None:
                self._running.terminate()

    def _ways(self, address: str) -> _Ways:
        told = self._run(["-d", address, "-A"], self._look_limit_s, MAX_TEXT_BYTES).decode("utf-8", "replace")
        options = {name: [value.strip() for value in values.split("|")] for name, values in _OPTION.findall(told)}
        sources, modes = options.get("source", []), options.get("mode", [])
        feeders = [name for name in sources if any(word in name.casefold() for word in _FEEDER_WORDS)]
        one_sided = [name for name in feeders if "duplex" not in name.casefold()]
        glass = [name for name in sources if name not in feeders]
        greys = [name for name in modes if any(word in name.casefold() for word in _GREY_WORDS)]
        return _Ways(*((names or [""])[0] for names in (one_sided or feeders, glass, greys)))

    def _page(self, address: str, source: str, grey: str) -> bytes:
        wanted = ["-d", address, "--format=png", f"--resolution={DPI}"]
        chosen = [f"--{name}={value}" for name, value in (("source", source), ("mode", grey)) if value]
        data = self._run([*wanted, *chosen], self._scan_limit_s, MAX_FILE_BYTES)
        if not data:
            raise DeviceError("scanner.failed")
        return data

    def _run(self, arguments: list[str], limit_s: float, most: int) -> bytes:
        """What the program writes, at most `most` bytes of it, within the time."""
        program = shutil.which(PROGRAM)
        if program is None:
            if sys.platform == "win32":
                raise DeviceError("scanner.not_on_windows")
            raise DeviceError("scanner.not_here")
        process = subprocess.Popen(  # noqa: S603  # our own arguments; the address is one that the program has told us
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
        )
        with self._lock:
            self._running = process
            if self._stopped:
                process.terminate()
        late = Timer(limit_s, process.kill)
        late.daemon = True
        late.start()
        try:
            return self._answer(process, late, most)
        finally:
            late.cancel()
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
            with self._lock:
                self._running = None

    def _answer(self, process: subprocess.Popen[bytes], late: Timer, most: int) -> bytes:
        assert process.stdout is not None and process.stderr is not None
        data = process.stdout.read(most + 1)
        if len(data) > most:
            raise DeviceError("document.too_large", limit_mb=most // 1024**2)
        said = process.stderr.read(64 * 1024).decode("utf-8", "replace").casefold()
        code = process.wait()
        if self._stopped:
            raise DeviceError("scanner.stopped")
        if code == 0:
            return data
        if not late.is_alive():
            raise DeviceError("scanner.too_slow")
        # What it says may name a host or a path, so only the state is taken out of it.
        raise DeviceError(next((known for words, known in _SAID if words in said), "scanner.failed"))
