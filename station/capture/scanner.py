"""Desk scanners through the command line of SANE: what there is, and one page after another. No file is written.

It must not know what a page shows or what becomes of it: bytes go from the scanner's program into memory.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from time import monotonic

from station.capture.drain import Drain
from station.capture.process_group import ProcessGroup
from station.capture.tasks.pages import MAX_FILE_BYTES
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.documents import MAX_PAGES
from station.domain.errors import DeviceError
from station.domain.plain_text import plain

PROGRAM = "scanimage"
LOOK_LIMIT_S = 25.0
SCAN_LIMIT_S = 90.0
DPI = 200
MAX_TEXT_BYTES = 1024 * 1024
MAX_COMPLAINT = 64 * 1024
MAX_SCANNERS = 16
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
_LOOK_S, _LAST_WORDS_S, _STOPPING_S = 0.05, 0.5, 3.0


@dataclass(frozen=True)
class ScannerFound:
    """`address` is SANE's name for it; `name` is for people."""

    address: str
    name: str

    @property
    def info(self) -> DeviceInfo:
        """SANE tells no serial number: two scanners of one model share their history."""
        return DeviceInfo(Modality.DOCUMENT, "", "", self.name, "sane")


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
        self._running: ProcessGroup | None = None
        self._stopped = False

    def look(self) -> tuple[ScannerFound, ...]:
        """The scanners that are plugged in. DeviceError `scanner.not_here`, `scanner.not_on_windows`, `scanner.*`."""
        self._stopped = False
        told = self._run(["-f", _LIST_FORMAT], self._look_limit_s, MAX_TEXT_BYTES).decode("utf-8", "replace")
        lines = (line.partition("\t") for line in told.splitlines() if "\t" in line)
        found = (ScannerFound(address, plain(name)) for address, _tab, name in lines)
        return tuple(islice(found, MAX_SCANNERS))

    def test(self, address: str) -> None:
        """Whether it answers what it can do. DeviceError `scanner.*` with what is in the way; nothing moves."""
        self._stopped = False
        self._ways(address)

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
                self._running.ask_to_end()

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
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        try:
            group = ProcessGroup([program, *arguments], **pipes, added={"LC_ALL": "C"})
        except OSError as refused:  # no memory or no processes left
            raise DeviceError("scanner.failed") from refused
        with self._lock:
            self._running = group
            if self._stopped:
                group.ask_to_end()
        try:
            return self._answer(group, monotonic() + limit_s, most)
        finally:
            group.end()
            with self._lock:
                self._running = None

    def _answer(self, group: ProcessGroup, until: float, most: int) -> bytes:
        assert group.process.stdout is not None and group.process.stderr is not None
        page = Drain(group.process.stdout, most, stop_when_full=True)
        complaint = Drain(group.process.stderr, MAX_COMPLAINT, stop_when_full=False)
        ended = self._wait(group, page, until)
        code = group.end()  # with all that it has started, which may hold its pipes open
        for heard in (page, complaint):
            heard.done.wait(_LAST_WORDS_S)
        if page.overflowed:
            raise DeviceError("document.too_large", limit_mb=most // 1024**2)
        if self._stopped:
            raise DeviceError("scanner.stopped")
        if not ended:
            raise DeviceError("scanner.too_slow")
        if code == 0:
            return page.kept
        # What it says may name a host or a path, so only the state is taken out of it.
        words = complaint.kept.decode("utf-8", "replace").casefold()
        raise DeviceError(next((known for said, known in _SAID if said in words), "scanner.failed"))

    def _wait(self, group: ProcessGroup, page: Drain, until: float) -> bool:
        """True when the program has ended by itself; it is given little time once it was stopped, none for too much."""
        while monotonic() < until and not page.overflowed:
            if group.wait(_LOOK_S):
                return True
            if self._stopped:
                until = min(until, monotonic() + _STOPPING_S)
        return False
