"""The child of `lab.py`: reads a question, does the task, writes the answer, until its pipe is closed.

It keeps nothing between two questions but what a task loads for itself, such as a model.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

from station.capture.lab_message import MAX_TEXT, Message, TooLarge, receive, send
from station.capture.tasks import TASKS, Task
from station.domain.errors import DeviceError
from station.own_memory import keep_private

MAX_MEMORY_BYTES = 3 * 1024 * 1024 * 1024  # address space, not what is used: numeric libraries reserve a lot
_BEHIND_THE_WINDOW = 5
_GRACE_S = 10


def main() -> int:
    """Serve until there are no more questions."""
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Native code may print: not between our messages.
    os.dup2(2, 1)
    _bound()
    while True:
        try:
            question = receive(questions)
        except ValueError:
            return 0  # the program has closed the pipe
        _set_alarm(question)
        answer = _answer(question)
        _set_alarm(None)
        try:
            send(answers, answer)
        except TooLarge:
            send(answers, Message({"error": "lab.too_large"}))


def _answer(question: Message) -> Message:
    try:
        return _task(question.text("task"))(question)
    except DeviceError as problem:
        return Message({"error": problem.code, "data": {key: _plain(value) for key, value in problem.data.items()}})
    except MemoryError:
        return Message({"error": "lab.too_large"})


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else str(value)[:MAX_TEXT]


def _task(name: str) -> Task:
    module, function = TASKS[name].split(":")
    found: Task = getattr(import_module(module), function)
    return found


def _bound() -> None:
    """Bow to the window; no more memory than an honest file needs; what it holds is somebody's fingers."""
    keep_private()
    if sys.platform == "win32":
        return
    import resource

    os.nice(_BEHIND_THE_WINDOW)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _set_alarm(question: Message | None) -> None:
    """End a hung decoder also when the program is gone that would have stopped it."""
    if sys.platform == "win32":
        return
    limit_s = question.values.get("limit_s") if question is not None else None
    signal.alarm(_GRACE_S + int(limit_s) if isinstance(limit_s, int | float) else 0)


if __name__ == "__main__":
    sys.exit(main())
