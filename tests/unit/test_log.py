"""The log: sixteen digits in a row never reach it, wherever they come from."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station import log
from station.log import Redact, get_logger, start_logging

NIK = "9901016104880001"


@dataclass
class Started:
    """A started log: its file and what its console would have shown."""

    file: Path
    console: io.StringIO

    def text(self) -> str:
        return self.file.read_text() if self.file.exists() else ""


@pytest.fixture
def started(tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """A started log; what was there before is put back."""
    # pytest hangs handlers of its own on the program's logger and leaves closed ones there: they need not complain.
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logger = logging.getLogger("station")
    before = (list(logger.handlers), logger.level)
    for handler in before[0]:
        logger.removeHandler(handler)
    console = io.StringIO()
    with redirect_stderr(console):
        start_logging(tmp_path / "logs")
    yield Started(tmp_path / "logs" / "station.log", console)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    for handler in before[0]:
        logger.addHandler(handler)
    logger.setLevel(before[1])
    logger.propagate = True


def test_a_number_in_a_message_its_arguments_or_an_exception_is_blanked(started: Started) -> None:
    log = get_logger("station.test.log")
    log.info("NIK %s of %s", NIK, {"kk": NIK})
    log.warning(f"NIK {NIK}")
    try:
        try:
            raise KeyError(NIK)
        except KeyError as inner:
            raise ValueError(f"no such person: {NIK}9") from inner
    except ValueError:
        log.critical("a bug", exc_info=True)
        log.exception("again %s", NIK)
    text = started.text() + started.console.getvalue()
    assert NIK not in text
    assert text.count("[16]") >= 4


def test_of_an_error_its_name_and_its_lines_are_told_and_nothing_that_it_said(started: Started) -> None:
    log = get_logger("station.test.log")
    try:
        try:
            raise KeyError("SITI CONTOH")
        except KeyError as inner:
            raise ValueError("no such person: SITI CONTOH") from inner
    except ValueError:
        log.critical("a bug", exc_info=True)
    log.error("no error at all", exc_info=True)
    for text in (started.text(), started.console.getvalue()):
        assert "SITI" not in text
        assert "ValueError" in text and "KeyError" in text and "test_log:" in text


def test_a_line_from_another_logger_below_ours_is_blanked_too(started: Started) -> None:
    logging.getLogger("station.elsewhere").error("NIK %s", NIK)
    assert "NIK [16]" in started.text()


def test_a_line_with_a_stack_is_blanked_too(started: Started) -> None:
    get_logger("station.test.log").error("here %s", NIK, stack_info=True)
    assert NIK not in started.text()


def test_a_log_call_with_a_mistake_does_not_stop_the_program_and_leaks_nothing(started: Started) -> None:
    get_logger("station.test.log").error("%d of %d", NIK)
    get_logger("station.test.log").error("the next line")
    shown = started.text() + started.console.getvalue()
    assert NIK not in shown
    assert "the next line" in shown


@given(st.text("0123456789 x-", max_size=60))
def test_no_run_of_sixteen_digits_survives_and_nothing_shorter_is_lost(text: str) -> None:
    record = logging.LogRecord("station", logging.INFO, "", 0, "%s", (text,), None)
    assert Redact().filter(record)
    said = record.getMessage()
    runs = [len(run) for run in "".join(c if c.isdigit() else " " for c in said).split()]
    assert all(length < 16 for length in runs)
    if all(len(run) < 16 for run in "".join(c if c.isdigit() else " " for c in text).split()):
        assert said == text


def test_only_warnings_reach_the_console(started: Started) -> None:
    log = get_logger("station.test.log")
    log.info("quiet")
    log.warning("loud")
    shown = started.console.getvalue()
    assert "loud" in shown
    assert "quiet" not in shown
    assert "quiet" in started.text()


def test_starting_twice_does_not_write_lines_twice(started: Started) -> None:
    start_logging(started.file.parent)
    get_logger("station.test.log").info("once")
    assert started.text().count("once") == 1


def test_without_a_folder_only_the_console_is_used(started: Started) -> None:
    with redirect_stderr(started.console):
        start_logging(None)
    get_logger("station.test.log").warning("to the console")
    assert "to the console" in started.console.getvalue()
    assert not started.file.exists()


def test_a_logger_asked_for_twice_is_filtered_once() -> None:
    get_logger("station.test.twice")
    assert len(get_logger("station.test.twice").filters) == 1


def test_no_line_stays_longer_than_ninety_days(tmp_path: Path) -> None:
    def said(text: str, at: datetime) -> None:
        record = logging.LogRecord("station", logging.INFO, "x.py", 1, text, (), None)
        record.created = at.timestamp()
        handler.emit(record)
        handler.flush()

    path, now = tmp_path / "station.log", datetime.now(UTC)
    path.write_text(f"{now - timedelta(days=31):%Y-%m-%d} 08:00:00 alt\n")
    for number, age in ((1, 59), (2, 61)):
        older = path.with_name(f"station.log.{number}")
        older.write_text("alt\n")
        os.utime(older, ((now - timedelta(days=age)).timestamp(),) * 2)
    handler = log.Ageing(path, 1_000_000, 3)
    try:
        assert [older.name for older in sorted(tmp_path.iterdir())] == ["station.log", "station.log.1"]
        said("neu", now)
        assert (tmp_path / "station.log.1").read_text().endswith("alt\n")
        assert path.read_text() == "neu\n"
        said("noch eins", now)
        assert path.read_text() == "neu\nnoch eins\n"
    finally:
        handler.close()
