"""The child of `lab.py`: reads a question, does the task, writes the answer, until its pipe is closed.

It keeps nothing between two questions but what a task loads for itself, such as a model.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from station.capture.lab import Message, receive, send
from station.capture.tasks import TASKS, Task
from station.domain.errors import DeviceError

MAX_MEMORY_BYTES = 3 * 1024 * 1024 * 1024  # address space, not what is used: numeric libraries reserve a lot


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
        send(answers, _answer(question))


def _answer(question: Message) -> Message:
    try:
        return _task(str(question.values["task"]))(question)
    except DeviceError as problem:
        return Message({"error": problem.code, "data": {key: str(value) for key, value in problem.data.items()}})
    except MemoryError:
        return Message({"error": "lab.too_large"})


def _task(name: str) -> Task:
    module, function = TASKS[name].split(":")
    found: Task = getattr(import_module(module), function)
    return found


def _bound() -> None:
    """No more memory than any honest file needs, and no core file: it would hold somebody's fingers."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
