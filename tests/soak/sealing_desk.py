"""A desk in a process of its own that makes drafts and seals them when it is asked to.

What it answers is what an operator would have read: sealed, or a code; whatever else happens is told by its name. It
talks by a socket, whose calls no broken disk hits. Knows nothing of what is broken.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import resource
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from station import failpoint
from station.desk import records, sealing
from station.domain.errors import StationError, StoreError
from station.domain.record import State
from station.store.packets import PacketFolder
from tests.soak.shown import draft_of
from tests.support import HandClock, Workplace

ANSWER_S = 60.0
"""Longer than any wait of the program: who has not answered by then hangs."""
HUNG = "hung"
_MESSAGE_BYTES = 64 * 1024


class Desk:
    """The process, as seen by whoever asks. `kill` may come at any time."""

    def __init__(self, root: Path, url: str, sabotage: str = "", *, checkpointing: bool = False) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.settimeout(ANSWER_S)
        self._process = context.Process(target=_sit, args=(theirs, root, url, sabotage, checkpointing), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        """What came of it; `unexpected` names what no operator should ever meet, a hang among it."""
        try:
            self._ours.send(json.dumps({"do": do, **values}).encode())
            answer = self._ours.recv(_MESSAGE_BYTES)
        except TimeoutError:
            return {"unexpected": HUNG}
        except OSError as problem:
            return {"unexpected": type(problem).__name__}
        return dict(json.loads(answer)) if answer else {"unexpected": "the program ended"}

    def close(self) -> None:
        """As a window is closed."""
        self.ask("close")
        self.kill()

    def kill(self) -> None:
        """The plug is pulled."""
        self._process.kill()
        self._process.join()
        self._ours.close()


# ------------------------------------------------------------------------------------------------- in the process


def _sit(pipe: socket.socket, root: Path, url: str, sabotage: str, checkpointing: bool) -> None:
    logging.getLogger().addHandler(logging.NullHandler())  # a word on the console would be one more write
    if sabotage:
        SABOTAGES[sabotage]()
    if checkpointing:
        event.listen(Engine, "connect", _checkpoint_at_every_commit)
    place = Workplace(root, url, HandClock())
    while True:
        asked = json.loads(pipe.recv(_MESSAGE_BYTES))
        pipe.send(json.dumps(_answer(place, asked)).encode())
        if asked["do"] == "close":
            os._exit(0)


def _answer(place: Workplace, asked: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _DEEDS[asked["do"]](place, asked)
    except StationError as problem:
        return {"code": problem.code}
    except Exception as problem:  # noqa: BLE001  # whatever it is: it is told by its name
        where = extract_tb(problem.__traceback__)[-1]
        return {"unexpected": f"{type(problem).__name__} in {Path(where.filename).name}:{where.lineno}"}


def _draft(place: Workplace, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"record_id": draft_of(place, asked["serial"])}


def _seal(place: Workplace, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Sealed, with the hash the operator's list shows; `room` ends files early, from the place `at` on."""
    with failpoint.armed(_short_of_room(asked.get("at", ""), asked.get("room", 0))):
        try:
            row = sealing.seal(place.office, asked["record_id"])
        finally:
            _limit_files(resource.RLIM_INFINITY)
    return {"sealed": row.packet.sha256 if row.packet else ""}


def _state(place: Workplace, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Whether it is a draft still, and whether it is queued: what healing has made of it."""
    row = records.timeline(place.office, asked["record_id"]).row
    item = place.depot.outbox.get(row.record.key)
    return {"draft": row.record.state is State.DRAFT, "queued": item.sha256 if item else ""}


def _close(place: Workplace, asked: Mapping[str, Any]) -> dict[str, Any]:
    place.close()
    return {}


_DEEDS: Mapping[str, Callable[[Workplace, Mapping[str, Any]], dict[str, Any]]] = {
    "draft": _draft,
    "seal": _seal,
    "state": _state,
    "close": _close,
}


def _short_of_room(at: str, room: int) -> Callable[[str], None]:
    """From `at` on, what is written beyond `room` bytes of a file is written in part, and then not at all."""

    def hook(name: str) -> None:
        if at and name == at:
            _limit_files(room)

    return hook


def _limit_files(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def _checkpoint_at_every_commit(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA wal_autocheckpoint = 1")


# ------------------------------------------------------------------------------------------------------- sabotages


def _take_an_error_for_success() -> None:
    write = PacketFolder.write

    def careless(self: PacketFolder, *given: Any) -> None:
        with suppress(StoreError):
            write(self, *given)

    PacketFolder.write = careless  # type: ignore[method-assign, assignment]


def _ignore_failed_fsync() -> None:
    fsync = os.fsync

    def careless(descriptor: int) -> None:
        with suppress(OSError):
            fsync(descriptor)

    os.fsync = careless  # type: ignore[assignment]


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "error taken for success": _take_an_error_for_success,
    "failed fsync ignored": _ignore_failed_fsync,
}
