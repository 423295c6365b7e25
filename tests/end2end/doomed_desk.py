"""Deeds of the desk in a process of their own, which dies in the middle of one.

The process is forked from one that has loaded the program already, so that many deaths cost little.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from threading import Thread
from typing import Any

from PIL import Image
from sqlalchemy import event
from sqlalchemy.engine import Engine

from station.capture.lab import DEFAULT_LIMIT_S, Lab
from station.capture.lab_message import Message
from station.desk import documents, exceptions, recording, verification
from station.domain.biometrics import IRISES, Capture, ExceptionCode, Part
from station.domain.documents import Page
from tests.fakes.scripted_device import minutiae
from tests.processes import Watched, children_of
from tests.support import APPROVED, HandClock, Workplace, a_capture

NOWHERE = "http://127.0.0.1:9"
LOST = (Part.FINGER_05, Part.FINGER_10)
INDEXES = (Part.FINGER_02, Part.FINGER_07)
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

LAB = "the lab has been asked"
COMMIT = "before the commit"
COMMITTED = "after the commit"
DONE = "after it was acknowledged"


def write(number: int) -> str:
    """The place before the write with this number, counted from one."""
    return f"before write {number}"


def finger(part: Part) -> Capture:
    """A finger of a drawn person, with minutiae of its own."""
    return replace(a_capture(part), template=minutiae(part.value))


def evidence() -> bytes:
    """A picture that shows nobody."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def page(number: int) -> Page:
    return Page(bytes([number]) * 3000, 100, 140)


# ------------------------------------------------------------------------------------------------------------- deeds

Deed = Callable[[], object]
Prepare = Callable[[Workplace, str], Deed]
"""Does what has to be done before, and gives the deed itself."""


def _keep(place: Workplace, record_id: str) -> Deed:
    return lambda: recording.keep(place.office, record_id, [a_capture(part) for part in IRISES])


def _verify(place: Workplace, record_id: str) -> Deed:
    return lambda: verification.verify(place.office, record_id, [finger(part) for part in INDEXES])


def _grant(place: Workplace, record_id: str) -> Deed:
    word = place.vouched(record_id, LOST, ExceptionCode.ABSENT)
    return lambda: exceptions.grant(
        place.office, record_id, LOST, ExceptionCode.ABSENT, "tidak ada", word, None, evidence()
    )


def _document(place: Workplace, record_id: str) -> Deed:
    return lambda: documents.add(place.office, record_id, "kk", [page(1)], "99-1")


def _page(place: Workplace, record_id: str) -> Deed:
    number = recording.resume(place.office, record_id).documents[0].number
    return lambda: documents.add_page(place.office, record_id, number, page(2))


def _approve(place: Workplace, record_id: str) -> Deed:
    return lambda: recording.approve(place.office, record_id, APPROVED, a_capture(Part.SIGNATURE))


DEEDS: Mapping[str, Prepare] = {
    "keep": _keep,
    "verify": _verify,
    "grant": _grant,
    "document": _document,
    "page": _page,
    "approve": _approve,
}

# ------------------------------------------------------------------------------------------------- what is killed


@dataclass
class Death:
    """How it ended. `acknowledged`: the deed had come back."""

    acknowledged: bool
    children: int
    """Processes it had started and that were there when it died; all of them have ended since."""


def die(root: Path, record_id: str, deed: str, where: str) -> Death:
    """Let a process do `deed` at the station in `root` and kill it at `where`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(theirs, root, record_id, deed, where), daemon=True)
    process.start()
    theirs.close()
    heard: list[str] = []
    watched = Watched(())
    try:
        while True:
            heard.append(ours.recv())
            if heard[-1] == _HERE:
                assert process.pid is not None
                left = children_of(process.pid)
                watched = Watched(left)
                process.kill()
                for pid in left:
                    os.kill(pid, signal.SIGCONT)
    except EOFError:
        process.join()
    finally:
        ours.close()
    assert process.exitcode == -signal.SIGKILL, f"{deed} {where}: it ended with {process.exitcode}"
    children = len(watched)
    assert watched.all_end(), "somebody was left behind"
    return Death(_DONE in heard, children)


_HERE, _DONE = "here", "done"


def _live(pipe: Pipe, root: Path, record_id: str, deed: str, where: str) -> None:
    """Run in the process that dies."""
    lab = _StoppedLab(1, lambda: _die(pipe)) if where == LAB else None
    place = Workplace(root, NOWHERE, HandClock(), lab=lab)
    do = DEEDS[deed](place, record_id)
    _arm(place, where, lambda: _die(pipe))
    do()
    pipe.send(_DONE)
    _die(pipe)


def _die(pipe: Pipe) -> None:
    """Say so, and do nothing more."""
    pipe.send(_HERE)
    while True:
        signal.pause()


def _arm(place: Workplace, where: str, end: Callable[[], None]) -> None:
    if where == COMMIT:
        event.listen(Engine, "commit", lambda _connection: end())
    elif where == COMMITTED:
        place.office.applicants.on_commit.insert(0, end)
    elif where == DONE:
        return
    else:
        numbers = count(1)

        def reached() -> None:
            if where == write(next(numbers)):
                end()

        event.listen(Engine, "before_cursor_execute", _each_write(reached))


def _each_write(hear: Callable[[], object]) -> Callable[..., None]:
    def statement(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        if text.lstrip().upper().startswith(_WRITES):
            hear()

    return statement


@contextmanager
def writes() -> Iterator[list[None]]:
    """As many as were written to a database of this process while inside."""
    found: list[None] = []
    listener = _each_write(lambda: found.append(None))
    event.listen(Engine, "before_cursor_execute", listener)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", listener)


class _StoppedLab(Lab):
    """Its children stand still from the first question on: the program is killed while one of them reads."""

    def __init__(self, workers: int, asked: Callable[[], None]) -> None:
        super().__init__(workers)
        self._asked = asked

    def ask(
        self, task: str, values: Mapping[str, Any] | None = None, *blobs: bytes, limit_s: float = DEFAULT_LIMIT_S
    ) -> Message:
        if task == "warm_up":
            return super().ask(task, values, *blobs, limit_s=limit_s)
        self.warm_up()
        for child in children_of(os.getpid()):
            os.kill(child, signal.SIGSTOP)
        Thread(target=super().ask, args=(task, values, *blobs), daemon=True).start()
        self._asked()
        raise AssertionError("still alive")
