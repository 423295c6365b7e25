"""Child processes in which native code reads what came from outside: scanner bytes, files, live frames.

A decoder that crashes or hangs costs one answer, never the program. It must not know what the tasks do: they are named
in `station/capture/tasks`, each with the typed function that asks for it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Lock, Semaphore, Thread
from time import monotonic
from typing import Any

from station.capture.lab_message import MAX_TEXT, Message, TooLarge, receive, send
from station.capture.process_group import ProcessGroup
from station.domain.errors import DeviceError

__all__ = ["CHILD", "DEFAULT_LIMIT_S", "Lab", "Message"]

DEFAULT_LIMIT_S = 20.0
# -P: a file that lies in the current folder is never taken for a module.
CHILD: tuple[str, ...] = (sys.executable, "-P", "-m", "station.capture.lab_child")
_LOOK_S, _LAST_WORDS_S = 0.1, 1.0
"""How often it is looked whether a child has died whose pipe somebody else holds open; how long it is listened then."""
_LEAVING_S = 0.5
_CODE = re.compile(r"[a-z][a-z_]*(\.[a-z0-9_]+)+\Z")
_Answer = Message | OSError | ValueError
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPJ_NUM_THREADS": "2"}
"""Each child is one thread; only a slap as JPEG 2000 is unpacked by two, because nothing can be done before it is."""


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
    """One process with a pipe in and a pipe out, and a thread that talks to it.

    What a child has started may outlive it and hold its pipes open: whoever asks waits for an answer, for the end of
    the process or for the end of the time, and never for the end of a pipe.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._group = ProcessGroup(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # native code prints there, and might print what nobody may read
            added=_ONE_THREAD,
        )
        self._ended = False
        self._questions: SimpleQueue[Message | None] = SimpleQueue()
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._talker = Thread(target=self._talk, name="lab-child", daemon=True)
        self._talker.start()

    def is_there(self) -> bool:
        return not self._ended and not self._group.has_ended

    def do(self, question: Message, limit_s: float) -> Message:
        task = question.values["task"]
        self._questions.put(question)
        answer = self._heard(monotonic() + limit_s)
        if isinstance(answer, Message):
            return answer
        if isinstance(answer, TooLarge):
            raise DeviceError("lab.too_large", task=task) from answer
        raise DeviceError("lab.too_slow" if answer is None else "lab.crashed", task=task) from answer

    def end(self) -> None:
        """Kill it with all it has started. May be called twice, from two threads."""
        self._ended = True
        self._group.end()
        self._questions.put(None)
        self._answers.put(OSError("ended"))  # whoever waits for it
        self._talker.join(_LEAVING_S)

    def _heard(self, until: float) -> _Answer | None:
        """None when the time is over."""
        left = False
        while (rest := until - monotonic()) > 0:
            try:
                return self._answers.get(timeout=min(rest, _LAST_WORDS_S if left else _LOOK_S))
            except Empty:
                if left:
                    return OSError("it ended without an answer")
                left = self._group.has_ended
        return None

    def _talk(self) -> None:
        process = self._group.process
        assert process.stdin is not None and process.stdout is not None
        with closing(process.stdin), closing(process.stdout):
            while (question := self._questions.get()) is not None:
                try:
                    send(process.stdin, question)
                    self._answers.put(receive(process.stdout))
                except (OSError, ValueError) as broken:
                    self._answers.put(broken)
                    if not isinstance(broken, TooLarge):
                        return


def _damaged(refused: DeviceError) -> bool:
    """The next answer of this child could not be relied on."""
    return refused.code == "lab.crashed" or bool(refused.data.get("damage"))


def _told(answer: Message, task: str) -> DeviceError:
    """What the child says went wrong."""
    code, data = answer.values["error"], answer.values.get("data")
    said = isinstance(code, str) and len(code) <= MAX_TEXT and _CODE.match(code) is not None
    if not said or not isinstance(data, dict | None) or not all(map(_is_plain, (data or {}).values())):
        return DeviceError("lab.crashed", task=task)
    return DeviceError(code, **(data or {}))


def _is_plain(value: object) -> bool:
    """What fills a sentence, and not what fills a page."""
    return isinstance(value, int | float) or (isinstance(value, str) and len(value) <= MAX_TEXT)
