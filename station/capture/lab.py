"""Child processes in which native code reads what came from outside: scanner bytes, files, live frames.

A decoder that crashes or hangs costs one answer, never the program. It must not know what the tasks do: they are named
in `station/capture/tasks`, each with the typed function that asks for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Semaphore, Timer
from typing import Any

from station.capture.lab_message import Message, TooLarge, receive, send
from station.domain.errors import DeviceError

__all__ = ["CHILD", "DEFAULT_LIMIT_S", "Lab", "Message"]

DEFAULT_LIMIT_S = 20.0
# -P: a file that lies in the current folder is never taken for a module.
CHILD: tuple[str, ...] = (sys.executable, "-P", "-m", "station.capture.lab_child")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Lab:
    """Up to `workers` children, each started when it is first needed. `ask` may be called from any thread."""

    def __init__(self, workers: int | None = None, *, command: Sequence[str] = CHILD) -> None:
        self._workers = workers or min(2, os.cpu_count() or 1)
        self._command = tuple(command)
        self._free = Semaphore(self._workers)
        self._lock = Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False

    def ask(
        self, task: str, values: Mapping[str, Any] | None = None, *blobs: bytes, limit_s: float = DEFAULT_LIMIT_S
    ) -> Message:
        """Let a child do `task` within `limit_s` seconds.

        DeviceError: the task's own; `lab.crashed` when the child died of it; `lab.too_slow` when it was stopped;
        `lab.too_large` when question or answer were, or the child needed too much memory; `lab.closed` after close.
        """
        question = Message({**(values or {}), "task": task, "limit_s": limit_s}, blobs)
        with self._free:
            child = self._take(task)
            try:
                answer = child.do(question, limit_s)
            except DeviceError as problem:
                self._put_away(child, alive=problem.code == "lab.too_large")
                raise DeviceError("lab.closed") if self._closed else problem from problem.__cause__
            except BaseException:  # whatever it is, nobody knows what the child would answer next
                self._put_away(child, alive=False)
                raise
            refused = _told(answer, task) if "error" in answer.values else None
            self._put_away(child, alive=refused is None or not _damaged(refused))
        if refused is not None:
            raise refused
        return answer

    def warm_up(self) -> None:
        """Start all children and let each load what prints need, so that the first capture does not wait for it."""
        with ThreadPoolExecutor(self._workers) as pool:
            for done in [pool.submit(self.ask, "warm_up", limit_s=60.0) for _ in range(self._workers)]:
                done.result()

    def close(self) -> None:
        """End the children, also one that is working: whoever waits for it gets `lab.closed`."""
        with self._lock:
            self._closed = True
            children, self._idle = [*self._idle, *self._busy], []
        for child in children:
            child.end()

    def _take(self, task: str) -> _Child:
        with self._lock:
            if self._closed:
                raise DeviceError("lab.closed")
            while self._idle:
                child = self._idle.pop()
                if child.is_there():
                    break
                child.end()  # somebody ended it while it had nothing to do
            else:
                child = self._started(task)
            self._busy.add(child)
            return child

    def _started(self, task: str) -> _Child:
        try:
            return _Child(self._command)
        except OSError as refused:  # no memory or no processes left
            raise DeviceError("lab.crashed", task=task) from refused

    def _put_away(self, child: _Child, *, alive: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            if alive and not self._closed and child.is_there():
                self._idle.append(child)
                return
        child.end()


class _Child:
    """One process with a pipe in and a pipe out."""

    def __init__(self, command: Sequence[str]) -> None:
        # The command is fixed; only what is written to it comes from outside.
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # native code prints there, and might print what nobody may read
            env={**os.environ, **_ONE_THREAD},
        )
        self._stopped = False

    def is_there(self) -> bool:
        return not self._stopped and self._process.poll() is None

    def do(self, question: Message, limit_s: float) -> Message:
        assert self._process.stdin is not None and self._process.stdout is not None
        task = question.values["task"]
        late = Timer(limit_s, self._stop)
        late.daemon = True
        late.start()
        try:
            send(self._process.stdin, question)
            return receive(self._process.stdout)
        except TooLarge as refused:
            raise DeviceError("lab.too_large", task=task) from refused
        except (OSError, ValueError) as broken:
            raise DeviceError("lab.too_slow" if self._stopped else "lab.crashed", task=task) from broken
        finally:
            late.cancel()

    def _stop(self) -> None:
        self._stopped = True  # before the pipe breaks: who reads it asks why
        self._process.kill()

    def end(self) -> None:
        """Kill it and wait until it is gone. May be called twice, from two threads."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was still to be written has nobody to read it


def _damaged(refused: DeviceError) -> bool:
    """The next answer of this child could not be relied on."""
    return refused.code == "lab.crashed" or bool(refused.data.get("damage"))


def _told(answer: Message, task: str) -> DeviceError:
    """What the child says went wrong."""
    code, data = answer.values["error"], answer.values.get("data")
    if not isinstance(code, str) or not isinstance(data, dict | None) or "code" in (data or {}):
        return DeviceError("lab.crashed", task=task)
    return DeviceError(code, **(data or {}))
