"""Child processes in which native code reads what came from outside: scanner bytes, files, live frames.

A decoder that crashes or hangs costs one answer, never the program. It must not know what the tasks do: they are named
in `station/capture/tasks`, each with the typed function that asks for it.

Only JSON and raw bytes travel, never pickles: a child that was taken over can give wrong answers and nothing else.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, Semaphore, Timer
from typing import IO, Any

from station.domain.errors import DeviceError

MAX_BLOB_BYTES = 64 * 1024 * 1024
MAX_HEAD_BYTES = 1024 * 1024
MAX_BLOBS = 64
DEFAULT_LIMIT_S = 20.0
_LENGTH = struct.Struct(">I")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Message:
    """What goes to a child or comes back: plain JSON values, and byte strings beside them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()


class Lab:
    """Up to `workers` children, each started when it is first needed. `ask` may be called from any thread."""

    def __init__(self, workers: int | None = None) -> None:
        count = workers or min(2, os.cpu_count() or 1)
        self._free = Semaphore(count)
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._closed = False

    def ask(
        self, task: str, values: Mapping[str, Any] | None = None, *blobs: bytes, limit_s: float = DEFAULT_LIMIT_S
    ) -> Message:
        """Let a child do `task` within `limit_s` seconds.

        DeviceError: the task's own; `lab.crashed` when the child died of it; `lab.too_slow` when it was stopped;
        `lab.closed` after close.
        """
        with self._free:
            child = self._take()
            try:
                answer = child.do(Message({"task": task, **(values or {})}, blobs), limit_s)
            except DeviceError:
                child.kill()
                raise
            self._give_back(child)
        if "error" in answer.values:
            raise DeviceError(str(answer.values["error"]), **dict(answer.values.get("data", {})))
        return answer

    def warm_up(self) -> None:
        """Start one child now, so that the first capture does not wait for it."""
        self.ask("warm_up", limit_s=60.0)

    def close(self) -> None:
        """End the children; one that is working is ended when it has answered."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def _take(self) -> _Child:
        with self._lock:
            if self._closed:
                raise DeviceError("lab.closed")
            return self._idle.pop() if self._idle else _Child()

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(child)
                return
        child.kill()


class _Child:
    """One process with a pipe in and a pipe out."""

    def __init__(self) -> None:
        # The command is fixed; only what is written to it comes from outside.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "station.capture.lab_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # native code prints there, and might print what nobody may read
            env={**os.environ, **_ONE_THREAD},
        )

    def do(self, question: Message, limit_s: float) -> Message:
        assert self._process.stdin is not None and self._process.stdout is not None
        late = Timer(limit_s, self._process.kill)
        late.daemon = True
        late.start()
        try:
            send(self._process.stdin, question)
            return receive(self._process.stdout)
        except (OSError, ValueError) as broken:
            code = "lab.crashed" if late.is_alive() else "lab.too_slow"
            raise DeviceError(code, task=question.values["task"]) from broken
        finally:
            late.cancel()

    def kill(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was still to be written has nobody to read it
        self._process.wait()


def send(pipe: IO[bytes], message: Message) -> None:
    """Write a message. ValueError when it is larger than a reader would take."""
    if len(message.blobs) > MAX_BLOBS or sum(map(len, message.blobs)) > MAX_BLOB_BYTES:
        raise ValueError("message too large")
    head = json.dumps({"values": dict(message.values), "sizes": [len(blob) for blob in message.blobs]}).encode()
    if len(head) > MAX_HEAD_BYTES:
        raise ValueError("message too large")
    pipe.write(_LENGTH.pack(len(head)) + head)
    for blob in message.blobs:
        pipe.write(blob)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message:
    """Read a message. ValueError when it is cut, too large or no message at all."""
    length = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]
    if length > MAX_HEAD_BYTES:
        raise ValueError("head too large")
    try:
        head = json.loads(_exactly(pipe, length))
        values, sizes = dict(head["values"]), [int(size) for size in head["sizes"]]
    except (KeyError, TypeError, RecursionError) as broken:
        raise ValueError("not a message") from broken
    if len(sizes) > MAX_BLOBS or any(size < 0 for size in sizes) or sum(sizes) > MAX_BLOB_BYTES:
        raise ValueError("message too large")
    return Message(values, tuple(_exactly(pipe, size) for size in sizes))


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise ValueError("cut off")
    return data
