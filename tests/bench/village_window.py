"""The real village field in a window, typed into letter by letter. Prints how long each list took to be painted.

Twice with the same words: once with the country's table on the desk thread, once with a desk that has its answer ready.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.app.run import make_qt
from station.config import resources_dir
from station.domain.regions import Village, can_be_searched
from station.store.villages import VillageTable
from station.ui import theme
from station.ui.form.choice_list import ChoiceList
from station.ui.form.village_entry import VillageEntry
from station.ui.tasks import Tasks
from tests.bench.busy_window import wait_for
from tests.bench.memory import resident_mb

OFFICE = "33.25.07"
LIMIT = 20
_LONGEST_MS = 5000
# What most of the country begins with, what matches most parents, and what nothing begins with.
HARD = (
    *"des kab suk sum ban tan kam kot sun pul jawa kec aaa gah xyz zzz 33.25 3325072015".split(),
    "desa suka", "kabupaten jawa", "kab kab kab", "a n i", "s u k", "lebo gringsing batang", "kota baru jawa",
    "desa lebo kec gringsing kab batang", "maju jaya", "pulau pulau",
)  # fmt: skip


class Desk:
    """A desk thread as the window has it. With `fixed` it looks nothing up."""

    def __init__(self, table: VillageTable) -> None:
        self.table = table
        self.fixed: tuple[Village, ...] | None = None
        self.tasks = Tasks()

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None:
        self.tasks.run(lambda: self.fixed or self.table.find(typed, LIMIT, OFFICE), done)

    def village(self, code: str, done: Callable[[Village | None], None]) -> None:
        self.tasks.run(lambda: self.table.get(code), done)


class Painted(QObject):
    """Waits until the list has been painted with the answer to what was typed last."""

    def __init__(self, shown: ChoiceList, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        shown.viewport().installEventFilter(self)
        self._loop = QEventLoop()
        self._given_up = QTimer(singleShot=True, interval=_LONGEST_MS)
        self._given_up.timeout.connect(lambda: self._loop.exit(1))
        self._waiting = False

    def wait(self) -> None:
        self._waiting = True
        self._given_up.start()
        if self._loop.exec() != 0:
            raise SystemExit(f"no list within {_LONGEST_MS} ms")
        self._given_up.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # What is painted while the desk is still asked is the list before.
        if self._waiting and event.type() is QEvent.Type.Paint and self._desk.tasks.idle:
            self._waiting = False
            QTimer.singleShot(0, self._loop.quit)
        return False


def words(table: VillageTable) -> list[str]:
    """What operators type: beginnings of names, names, a name and its district; and the hard ones."""
    chance, typed = random.Random(1), list(HARD)
    for village in chance.sample(table.all(), 70):
        first = village.name.split()[0]
        ways = (first[:6], village.name[:12], f"{first[:5]} {village.district[:5]}")
        typed.append(chance.choice(ways).lower())
    return typed


def measure(entry: VillageEntry, painted: Painted, typed: list[str]) -> list[float]:
    """Milliseconds from each key press with three letters and more to its list on the screen."""
    taken = []
    for text in typed:
        entry.clear()
        entry.close_list()
        for place, letter in enumerate(text, 1):
            if not can_be_searched(text[:place]) or letter == " ":
                QTest.keyClicks(entry, letter)
                continue
            started = perf_counter()
            QTest.keyClicks(entry, letter)
            painted.wait()
            taken.append((perf_counter() - started) * 1000)
    return taken


def main() -> None:
    qt = make_qt()
    theme.apply(qt)
    table = VillageTable(training=False)
    started = perf_counter()
    text = gzip.decompress((resources_dir() / "regions" / "regions.tsv.gz").read_bytes())
    unzip_ms, text_mb = (perf_counter() - started) * 1000, len(text) / 1e6
    del text
    before, started = resident_mb(), perf_counter()
    first = table.find("leb", LIMIT, OFFICE)
    first_ms, memory_mb = (perf_counter() - started) * 1000, resident_mb() - before
    desk = Desk(table)
    window = QWidget()
    entry = VillageEntry(desk)
    entry.setObjectName("form.village")
    column = QVBoxLayout(window)
    column.addWidget(entry)
    column.addStretch(1)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    entry.setFocus(Qt.FocusReason.OtherFocusReason)
    wait_for(entry.hasFocus, "the keyboard in the field")
    shown = entry.findChild(ChoiceList)
    assert shown is not None
    painted = Painted(shown, desk)
    typed = words(table)
    measure(entry, painted, typed[:3])
    looked_up = measure(entry, painted, typed)
    desk.fixed = first
    ready = measure(entry, painted, typed)
    desk.tasks.stop()
    figures = {"first_ms": first_ms, "unzip_ms": unzip_ms, "memory_mb": memory_mb, "text_mb": text_mb}
    print(json.dumps({**figures, "looked_up_ms": looked_up, "ready_ms": ready}))


if __name__ == "__main__":
    main()
