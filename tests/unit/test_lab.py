"""Children of the lab: whatever one does, it costs one answer, and the next question is answered."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Barrier, Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.capture.lab import Lab, Message
from station.capture.lab_message import MAX_BLOB_BYTES, MAX_BLOBS, MAX_HEAD_BYTES, TooLarge, receive, send
from station.domain.errors import DeviceError
from tests.fakes.lab_child import COMMAND, TREE


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    lab = Lab(1, command=COMMAND)
    yield lab
    lab.close()


@pytest.fixture
def lab() -> Iterator[Lab]:
    made = Lab(2, command=COMMAND)
    yield made
    made.close()


def pid_of(lab: Lab) -> int:
    return lab.ask("echo").number("pid")


def code_of(lab: Lab, task: str, *blobs: bytes, limit_s: float = 20.0, **values: object) -> str:
    with pytest.raises(DeviceError) as caught:
        lab.ask(task, values, *blobs, limit_s=limit_s)
    return caught.value.code


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def is_gone_soon(pid: int) -> bool:
    """Whoever inherits it may take a moment to bury it."""
    for _ in range(200):
        if is_gone(pid):
            return True
        Event().wait(0.01)
        if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
    return False


def end(mark: Path) -> None:
    """End the process whose number is written there."""
    with suppress(FileNotFoundError, ProcessLookupError, ValueError):
        os.kill(int(mark.read_text(encoding="utf-8")), signal.SIGKILL)


def test_values_and_bytes_come_back_and_the_child_stays(shared: Lab) -> None:
    first = shared.ask("echo", {"say": ["é", 1, None]}, b"", b"\x00\xff" * 1000)
    assert first.values["said"] == ["é", 1, None]
    assert first.blobs == (b"", b"\x00\xff" * 1000)
    assert pid_of(shared) == first.number("pid")


def test_what_the_task_refuses_arrives_with_its_data(shared: Lab) -> None:
    with pytest.raises(DeviceError) as caught:
        shared.ask("refuse")
    assert caught.value.code == "device.bad_image"
    assert caught.value.data == {"reason": "dpi", "width": 12, "ratio": 0.5, "other": "(1, 2)"}


@pytest.mark.parametrize("task", ["crash", "bug", "no such task"])
def test_a_crash_costs_one_answer_and_the_next_question_is_answered(shared: Lab, task: str) -> None:
    before = pid_of(shared)
    assert code_of(shared, task) == "lab.crashed"
    assert is_gone(before)
    assert pid_of(shared) != before


def test_a_child_that_may_be_damaged_is_asked_nothing_more(shared: Lab) -> None:
    before = pid_of(shared)
    assert code_of(shared, "refuse") == "device.bad_image"
    assert pid_of(shared) == before
    assert code_of(shared, "damage") == "device.bad_image"
    assert pid_of(shared) != before


def test_a_child_that_hangs_is_stopped_and_gone(shared: Lab, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    assert code_of(shared, "hang", limit_s=0.7, mark=str(mark)) == "lab.too_slow"
    assert is_gone(int(mark.read_text(encoding="utf-8")))
    assert pid_of(shared)


def test_what_a_child_prints_does_no_harm(shared: Lab) -> None:
    assert shared.ask("chatter").text("said") == "all the same"
    assert pid_of(shared)


def head(values: object, sizes: object) -> bytes:
    data = json.dumps({"values": values, "sizes": sizes}).encode()
    return struct.pack(">I", len(data)) + data


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\x00\x00\x00\x05hello",
        b"\xff\xff\xff\xff",
        struct.pack(">I", 4) + b"null",
        struct.pack(">I", 2) + b"[]",
        head({}, [-1]),
        head({}, [MAX_BLOB_BYTES + 1]),
        head({}, [1e400]),
        head({}, [5]) + b"abc",
        head(7, []),
        head({}, ["many"]),
        head({}, [True]),
        head({}, 5),
        head([["a", 1]], []),
        struct.pack(">I", 10) + b'{"self":1}',
    ],
)
def test_an_answer_that_is_none_counts_as_a_crash(shared: Lab, garbage: bytes) -> None:
    assert code_of(shared, "answer_badly", garbage) == "lab.crashed"


@pytest.mark.parametrize(
    "values",
    [
        {"error": 5},
        {"error": "<b>no code</b>"},
        {"error": "x" * 999},
        {"error": "x.y", "data": 7},
        {"error": "x.y", "data": {"a": {"b": 1}}},
        {"error": "x.y", "data": {"a": "long" * 99}},
    ],
)
def test_an_error_that_is_none_counts_as_a_crash(shared: Lab, values: object) -> None:
    assert code_of(shared, "answer_badly", head(values, [])) == "lab.crashed"


def test_whatever_an_error_says_beside_its_code_is_only_data(lab: Lab) -> None:
    data = {"self": 1, "code": "z", "field": "z", "": 1}
    with pytest.raises(DeviceError) as caught:
        lab.ask("answer_badly", {}, head({"error": "x.y", "data": data}, []))
    assert (caught.value.code, caught.value.data) == ("x.y", data)


@pytest.mark.parametrize("own_group", [False, True], ids=["of its group", "that left its group"])
@pytest.mark.parametrize("then", ["crash", "hang"])
def test_what_a_child_has_started_holds_nobody_up(tmp_path: Path, then: str, own_group: bool) -> None:
    """It holds the pipe for answers open, so that the end of the pipe never comes."""
    lab, mark = Lab(1, command=COMMAND), tmp_path / "pid"
    try:
        said = code_of(lab, "leave_behind", limit_s=1.5, mark=str(mark), then=then, own_group=own_group)
        assert said == {"crash": "lab.crashed", "hang": "lab.too_slow"}[then]
        assert pid_of(lab)
        lab.close()
        heir = int(mark.read_text(encoding="utf-8"))
        assert not is_gone(heir) if own_group else is_gone_soon(heir)
    finally:
        lab.close()
        end(mark)


def test_the_end_of_the_program_does_not_wait_for_what_a_child_has_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    script = (
        "from station.capture.lab import Lab; from tests.fakes.lab_child import COMMAND\n"
        "lab = Lab(1, command=COMMAND)\n"
        f"try: lab.ask('leave_behind', {{'mark': {str(mark)!r}, 'then': 'hang', 'own_group': True}}, limit_s=1.5)\n"
        "except Exception as problem: print(problem.code)\n"
        "lab.close()\n"
    )
    program = subprocess.Popen([sys.executable, "-c", script], cwd=TREE, stdout=subprocess.PIPE, text=True)
    try:
        told, _ = program.communicate(timeout=30)
        assert (told, program.returncode) == ("lab.too_slow\n", 0)
    finally:
        program.kill()
        end(mark)


def test_a_child_may_not_take_all_memory(shared: Lab) -> None:
    before = pid_of(shared)
    assert code_of(shared, "swallow") == "lab.too_large"
    assert pid_of(shared) == before


def test_too_large_an_answer_or_question_is_refused_and_the_child_stays(shared: Lab) -> None:
    before = pid_of(shared)
    assert code_of(shared, "overflow") == "lab.too_large"
    assert code_of(shared, "echo", bytes(MAX_BLOB_BYTES + 1)) == "lab.too_large"
    assert code_of(shared, "echo", *[b""] * (MAX_BLOBS + 1)) == "lab.too_large"
    assert code_of(shared, "echo", say="x" * MAX_HEAD_BYTES) == "lab.too_large"
    assert pid_of(shared) == before


def test_a_child_that_died_with_nothing_to_do_costs_no_answer(shared: Lab) -> None:
    before = pid_of(shared)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert pid_of(shared) != before


def test_a_child_that_hangs_ends_by_itself_when_nobody_is_left_to_stop_it(shared: Lab) -> None:
    assert 60 <= shared.ask("seconds_left", limit_s=60).number("left") <= 70


def hanging(lab: Lab, pool: ThreadPoolExecutor, mark: Path) -> Future[Message]:
    working = pool.submit(lab.ask, "hang", {"mark": str(mark)}, limit_s=60)
    while not (mark.exists() and mark.read_text(encoding="utf-8")):
        Event().wait(0.005)
    return working


def test_closing_ends_a_child_that_works_and_whoever_waits_is_told(lab: Lab, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        works = [hanging(lab, pool, tmp_path / name) for name in "ab"]
        waits = pool.submit(lab.ask, "echo")  # both children are busy
        lab.close()
        told = {type(future.exception()).__name__ + str(future.exception()) for future in (*works, waits)}
    assert told == {"DeviceErrorlab.closed"}
    assert all(is_gone(int((tmp_path / name).read_text(encoding="utf-8"))) for name in "ab")
    assert code_of(lab, "echo") == "lab.closed"
    lab.close()


def test_who_comes_while_both_work_waits_for_the_first_that_is_free(lab: Lab, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        slow = hanging(lab, pool, tmp_path / "slow")
        answers = list(pool.map(lambda _number: lab.ask("echo").number("pid"), range(20)))
        assert len(set(answers)) == 1
        lab.close()
        assert isinstance(slow.exception(), DeviceError)


def test_many_threads_that_ask_at_once_start_no_more_children_than_allowed(lab: Lab) -> None:
    together = Barrier(6)

    def ask(number: int) -> tuple[int, bool]:
        together.wait()
        answers = [lab.ask("echo", {"say": [number, turn]}, bytes([number])) for turn in range(10)]
        mine = all(
            answer.values["said"] == [number, turn] and answer.blobs == (bytes([number]),)
            for turn, answer in enumerate(answers)
        )
        return answers[-1].number("pid"), mine

    with ThreadPoolExecutor(6) as pool:
        seen = list(pool.map(ask, range(6)))
    assert all(mine for _pid, mine in seen)
    assert len({pid for pid, _mine in seen}) <= 2


def test_no_child_is_left_behind() -> None:
    lab = Lab(1, command=COMMAND)
    pids = []
    for _ in range(2):
        pids.append(pid_of(lab))
        code_of(lab, "crash")
    pids.append(pid_of(lab))
    lab.close()
    assert len(set(pids)) == 3
    assert all(is_gone(pid) for pid in pids)  # a zombie would still be there


def test_a_lab_whose_children_cannot_start_says_so() -> None:
    assert code_of(Lab(1, command=("/no/such/program",)), "echo") == "lab.crashed"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_value_error(data: bytes) -> None:
    try:
        message = receive(BytesIO(struct.pack(">I", len(data)) + data))
    except ValueError:
        return
    assert isinstance(message.values, dict)


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()), st.lists(st.binary(max_size=50), max_size=5))
def test_every_message_comes_back(values: dict[str, object], blobs: list[bytes]) -> None:
    pipe = BytesIO()
    send(pipe, Message(values, tuple(blobs)))
    pipe.seek(0)
    assert receive(pipe) == Message(values, tuple(blobs))


def test_nothing_is_written_of_a_message_that_is_too_large() -> None:
    pipe = BytesIO()
    with pytest.raises(TooLarge):
        send(pipe, Message({}, (b"",) * (MAX_BLOBS + 1)))
    assert pipe.getvalue() == b""


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"n": "1", "t": 1, "y": 1, "r": "1", "s": 0, "l": "ab"},
        {"n": True, "t": None, "y": None, "r": True, "s": -4, "l": [1]},
        {"n": 1.5, "t": "x" * 999, "y": "yes", "r": float("nan"), "s": 10**9, "l": ["x"] * 99},
        {"n": 10**30, "t": [], "y": [], "r": 10**400, "s": "1", "l": ["x" * 999]},
    ],
)
def test_an_answer_without_what_was_agreed_counts_as_a_crash(values: dict[str, object]) -> None:
    message = Message(values, (b"large",))
    reads: tuple[Callable[[], object], ...] = (
        lambda: message.number("n"),
        lambda: message.text("t"),
        lambda: message.yes("y"),
        lambda: message.ratio("r"),
        lambda: message.side("s"),
        lambda: message.texts("l"),
        lambda: message.blob(0, most=4),
        lambda: message.blob(1),
    )
    for read in reads:
        with pytest.raises(DeviceError, match=r"lab\.crashed"):
            read()


@pytest.mark.parametrize("table", [None, [], [[1]], [[1, 2], [3]], [[1, "2"], [3, 4]], [[1, True], [3, 4]], "ab"])
def test_a_table_of_another_shape_counts_as_a_crash(table: object) -> None:
    with pytest.raises(DeviceError, match=r"lab\.crashed"):
        Message({"t": table}).table("t", 2, 2)
    assert Message({"t": [[1, 2], [3, 4]]}).table("t", 2, 2) == [[1, 2], [3, 4]]
