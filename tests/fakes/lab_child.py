"""A child of the lab that can also do what no honest decoder does: `python -P -m tests.fakes.lab_child`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Event

from station.capture import lab_child
from station.capture.lab_message import Message
from station.capture.tasks import TASKS
from station.domain.errors import DeviceError

TREE = Path(__file__).parents[2]
# The tests are no installed package, so the child is told where they are instead of looking where it stands.
COMMAND = (
    sys.executable,
    "-P",
    "-c",
    f"import sys; sys.path.insert(0, {str(TREE)!r}); from tests.fakes.lab_child import main; sys.exit(main())",
)
_raw: list[int] = []  # the pipe for answers
_HERE = "tests.fakes.lab_child"


def echo(question: Message) -> Message:
    return Message({"pid": os.getpid(), "said": question.values.get("say")}, question.blobs)


def crash(_question: Message) -> Message:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("still alive")


def hang(question: Message) -> Message:
    Path(str(question.values["mark"])).write_text(str(os.getpid()), encoding="utf-8")
    Event().wait()
    raise AssertionError("nobody sets it")


def bug(_question: Message) -> Message:
    raise ZeroDivisionError


def chatter(_question: Message) -> Message:
    print("a banner of some native library", flush=True)
    os.write(1, b"and one that Python does not see\n")
    return Message({"said": "all the same"})


def refuse(_question: Message) -> Message:
    raise DeviceError("device.bad_image", reason="dpi", width=12, ratio=0.5, other=(1, 2))


def damage(_question: Message) -> Message:
    raise DeviceError("device.bad_image", damage=True)


def swallow(_question: Message) -> Message:
    return Message({"size": len(bytearray(lab_child.MAX_MEMORY_BYTES))})


def overflow(_question: Message) -> Message:
    return Message({}, (bytes(64 * 1024 * 1024 + 1),))


def answer_badly(question: Message) -> Message:
    """Write raw bytes where the answer is expected."""
    os.write(_raw[0], question.blobs[0])
    os._exit(0)


def leave_behind(question: Message) -> Message:
    """Start somebody who holds the pipe for answers open, and then end badly."""
    heir = os.fork()
    if heir == 0:
        if question.values["own_group"]:
            os.setsid()
        signal.alarm(60)  # whatever becomes of the test
        Event().wait()
    Path(str(question.values["mark"])).write_text(str(heir), encoding="utf-8")
    if question.values["then"] == "crash":
        os._exit(1)
    Event().wait()
    raise AssertionError("nobody sets it")


def seconds_left(_question: Message) -> Message:
    return Message({"left": round(signal.getitimer(signal.ITIMER_REAL)[0])})


def main() -> int:
    _raw.append(os.dup(1))
    tasks = (
        echo,
        crash,
        hang,
        bug,
        chatter,
        refuse,
        swallow,
        overflow,
        answer_badly,
        seconds_left,
        damage,
        leave_behind,
    )
    for task in tasks:
        TASKS[task.__name__] = f"{_HERE}:{task.__name__}"
    return lab_child.main()
